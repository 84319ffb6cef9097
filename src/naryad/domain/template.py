"""Templates: the custom and report fields of a kind of job, and how it may end."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Literal, assert_never
from uuid import UUID

from naryad.domain.ids import TemplateId
from naryad.domain.json import Json, JsonObject


class FieldType(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    YES_NO = "yes_no"
    CHOICE = "choice"
    DATE = "date"
    TIME = "time"
    DATETIME = "datetime"
    PHOTO = "photo"
    SIGNATURE = "signature"


@dataclass(frozen=True, slots=True)
class TemplateField:
    key: str
    name: str
    type: FieldType
    scope: Literal["report", "custom"]
    required: bool = False
    options: tuple[str, ...] = ()

    def as_json(self) -> JsonObject:
        shown: dict[str, Json] = {
            "key": self.key,
            "name": self.name,
            "type": self.type,
            "scope": self.scope,
            "required": self.required,
        }
        return shown | {"options": list(self.options)} if self.options else shown

    def complaint(self, value: Json) -> str | None:
        """What is wrong with a value for this field, in words; None when it fits."""
        match self.type:
            case FieldType.TEXT:
                return None if isinstance(value, str) else "a text is expected"
            case FieldType.NUMBER:
                number = isinstance(value, int | float) and not isinstance(value, bool)
                return None if number else "a number is expected"
            case FieldType.YES_NO:
                return None if isinstance(value, bool) else "true or false is expected"
            case FieldType.CHOICE:
                return None if value in self.options else f"one of {', '.join(self.options)} is expected"
            case FieldType.DATE:
                return _parsed(value, date.fromisoformat, "a date is expected: 2026-11-24")
            case FieldType.TIME:
                return _parsed(value, time.fromisoformat, "a time is expected: 10:30")
            case FieldType.DATETIME:
                return _parsed(
                    value, datetime.fromisoformat, "an instant is expected: 2026-11-24T10:30:00+03:00"
                )
            case FieldType.PHOTO | FieldType.SIGNATURE:
                return "photos and signatures travel as photos, not as a value"
            case _:
                assert_never(self.type)


def _parsed(value: Json, parse: object, complaint: str) -> str | None:
    assert callable(parse)
    if not isinstance(value, str):
        return complaint
    try:
        parse(value)
    except ValueError:
        return complaint
    return None


@dataclass(frozen=True, slots=True)
class Resolution:
    """How a job may end. An unsuccessful one does not ask for required fields."""

    id: UUID
    name: str
    successful: bool

    def as_json(self) -> JsonObject:
        return {"id": str(self.id), "name": self.name, "successful": self.successful}


@dataclass(frozen=True, slots=True)
class Template:
    id: TemplateId
    name: str
    version: int
    fields: tuple[TemplateField, ...] = ()
    resolutions: tuple[Resolution, ...] = ()

    def resolution(self, id: UUID) -> Resolution | None:
        return next((one for one in self.resolutions if one.id == id), None)

    def field(self, scope: Literal["report", "custom"], key: str) -> TemplateField | None:
        return next((one for one in self.fields if one.scope == scope and one.key == key), None)

    def missing(self, fields: JsonObject) -> list[TemplateField]:
        """The required report fields that these job fields leave empty."""
        return [
            one for one in self.fields if one.scope == "report" and one.required and not _filled(one, fields)
        ]


def _filled(field: TemplateField, fields: JsonObject) -> bool:
    if field.type in (FieldType.PHOTO, FieldType.SIGNATURE):
        return any(
            name.startswith("photos.") and isinstance(photo, dict) and photo.get("field") == field.key
            for name, photo in fields.items()
        )
    return fields.get(f"report.{field.key}") not in (None, "")
