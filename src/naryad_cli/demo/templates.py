"""The demo's two kinds of job."""

from uuid import UUID

from naryad.actions.ledger import Stores
from naryad.actions.people import save_template
from naryad.db import templates
from naryad.domain.ids import TemplateId
from naryad.domain.template import FieldType, Resolution, Template, TemplateField
from naryad_cli.demo.people import Crew


def _id(number: int) -> UUID:
    """The same in every demo, so that a second start finds what the first one made."""
    return UUID(f"019b0000-0000-7000-8000-{number:012d}")


DONE, NO_ACCESS = _id(11), _id(12)
CONNECTED, NO_LINE = _id(21), _id(22)

TEMPLATES = {
    "meter": Template(
        TemplateId(_id(1)),
        "Замена счётчика",
        0,
        (
            TemplateField("meter_kind", "Тип счётчика", FieldType.TEXT, "custom"),
            TemplateField("entrance_code", "Код домофона", FieldType.TEXT, "custom"),
            TemplateField("old_reading", "Показание старого", FieldType.NUMBER, "report", required=True),
            TemplateField("new_reading", "Показание нового", FieldType.NUMBER, "report", required=True),
            TemplateField("sealed", "Опломбирован", FieldType.YES_NO, "report"),
            TemplateField("dial", "Фото счётчика", FieldType.PHOTO, "report"),
            TemplateField("note", "Примечание", FieldType.TEXT, "report"),
        ),
        (
            Resolution(DONE, "Выполнено", successful=True),
            Resolution(NO_ACCESS, "Нет доступа", successful=False),
        ),
    ),
    "internet": Template(
        TemplateId(_id(2)),
        "Internet connection",
        0,
        (
            TemplateField("plan", "Plan", FieldType.TEXT, "custom"),
            TemplateField("speed", "Measured speed, Mbit/s", FieldType.NUMBER, "report", required=True),
            TemplateField(
                "cable", "Cable", FieldType.CHOICE, "report", options=("copper", "fibre", "radio bridge")
            ),
            TemplateField("note", "Note", FieldType.TEXT, "report"),
        ),
        (
            Resolution(CONNECTED, "Connected", successful=True),
            Resolution(NO_LINE, "No line in the building", successful=False),
        ),
    ),
}


async def ensure_templates(stores: Stores, crew: Crew) -> None:
    """Make those that are missing; what somebody edited meanwhile stays edited."""
    for template in TEMPLATES.values():
        async with stores.database.snapshot(crew.account_id) as connection:
            held = await templates.get(connection, crew.account_id, template.id)
        if held is None:
            await save_template(
                stores,
                crew.account_id,
                crew.admin,
                template.id,
                template.name,
                template.fields,
                template.resolutions,
                new=True,
            )
