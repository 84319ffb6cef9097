"""Templates of an account."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from naryad.db.pool import Connection, Row
from naryad.domain.ids import AccountId, TemplateId
from naryad.domain.template import FieldType, Resolution, Template, TemplateField

COLUMNS = "id, name, version, fields, resolutions"


async def get(connection: Connection, account_id: AccountId, template_id: TemplateId) -> Template | None:
    row = await connection.fetchrow(
        f"select {COLUMNS} from template where account_id = $1 and id = $2", account_id, template_id
    )
    return _template(row) if row else None


async def page(
    connection: Connection, account_id: AccountId, after: TemplateId | None, limit: int
) -> Sequence[Template]:
    """Templates in the order of their making."""
    rows = await connection.fetch(
        f"""select {COLUMNS} from template
            where account_id = $1 and ($2::uuid is null or id > $2) order by id limit $3""",
        account_id,
        after,
        limit,
    )
    return [_template(row) for row in rows]


async def changed_since(connection: Connection, account_id: AccountId, version: int) -> Sequence[Template]:
    """Templates whose latest change is younger than `version`."""
    rows = await connection.fetch(
        f"select {COLUMNS} from template where account_id = $1 and version > $2 order by version",
        account_id,
        version,
    )
    return [_template(row) for row in rows]


async def write(connection: Connection, account_id: AccountId, template: Template) -> None:
    await connection.execute(
        f"""insert into template (account_id, {COLUMNS}) values ($1, $2, $3, $4, $5, $6)
            on conflict (account_id, id) do update set
              name = excluded.name, version = excluded.version,
              fields = excluded.fields, resolutions = excluded.resolutions""",
        account_id,
        template.id,
        template.name,
        template.version,
        [field.as_json() for field in template.fields],
        [resolution.as_json() for resolution in template.resolutions],
    )


def _template(row: Row) -> Template:
    return Template(
        id=TemplateId(row["id"]),
        name=row["name"],
        version=row["version"],
        fields=tuple(_field(one) for one in row["fields"]),
        resolutions=tuple(
            Resolution(UUID(one["id"]), one["name"], one["successful"]) for one in row["resolutions"]
        ),
    )


def _field(stored: dict[str, Any]) -> TemplateField:
    return TemplateField(
        key=stored["key"],
        name=stored["name"],
        type=FieldType(stored["type"]),
        scope=stored["scope"],
        required=stored["required"],
        options=tuple(stored.get("options", ())),
    )
