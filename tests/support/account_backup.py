"""One account as it was, put back: what a restore of the database does to it, others untouched."""

from dataclasses import dataclass
from uuid import UUID

import asyncpg

from naryad.db.pool import Row

COLUMNS = """
select c.table_name, array_agg(quote_ident(c.column_name) order by c.ordinal_position) as columns
from information_schema.columns c
where c.table_schema = 'public' and c.is_generated = 'NEVER'
  and (c.table_name = 'account' or exists (
       select from information_schema.columns a
       where a.table_schema = 'public' and a.table_name = c.table_name and a.column_name = 'account_id'))
group by c.table_name
"""


@dataclass(frozen=True)
class AccountBackup:
    account_id: UUID
    columns: dict[str, str]
    rows: dict[str, list[Row]]


async def back_up(truth: asyncpg.Pool, account_id: UUID) -> AccountBackup:
    """Every row of the account, of one moment."""
    async with truth.acquire() as connection, connection.transaction(isolation="repeatable_read"):
        columns = {row["table_name"]: ", ".join(row["columns"]) for row in await connection.fetch(COLUMNS)}
        rows = {
            table: await connection.fetch(f"select {names} from {table} where {_key(table)} = $1", account_id)
            for table, names in columns.items()
        }
    return AccountBackup(account_id, columns, rows)


async def restore(truth: asyncpg.Pool, backup: AccountBackup) -> None:
    """As it was then; `naryad restore-epoch` has to follow. Foreign keys are not checked meanwhile."""
    async with truth.acquire() as connection, connection.transaction():
        await connection.execute("set local session_replication_role = replica")
        for table, names in backup.columns.items():
            await connection.execute(f"delete from {table} where {_key(table)} = $1", backup.account_id)
            places = ", ".join(f"${n}" for n in range(1, names.count(",") + 2))
            await connection.executemany(
                f"insert into {table} ({names}) overriding system value values ({places})",
                [tuple(row) for row in backup.rows[table]],
            )


def _key(table: str) -> str:
    return "id" if table == "account" else "account_id"
