"""What all shapes share."""

from datetime import datetime
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints


def _storable(text: str) -> str:
    if "\0" in text:
        raise ValueError("a text cannot contain NUL")
    return text


def _zoned(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("an offset is expected: 2026-11-24T10:00:00+03:00")
    return instant


Text: TypeAlias = Annotated[str, StringConstraints(max_length=10_000), AfterValidator(_storable)]
Line: TypeAlias = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(_storable)
]
Key: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[A-Za-zА-Яа-яЁё0-9_-]{1,64}$")]
Instant: TypeAlias = Annotated[datetime, AfterValidator(_zoned)]
Version: TypeAlias = Annotated[int, Field(ge=0, lt=2**63)]


class Shape(BaseModel):
    """Unknown members are refused: a misspelt field must not be silently dropped."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class Answer(BaseModel):
    """What is answered; members that are null or empty may be left out."""

    model_config = ConfigDict(extra="allow")


class FieldProblem(Answer):
    pointer: str
    detail: str


class Problem(Answer):
    """RFC 9457: `type` is `urn:naryad:problem:<slug>`."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldProblem] | None = None
