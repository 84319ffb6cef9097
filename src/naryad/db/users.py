"""Users of an account, and sign-in by login."""

from collections.abc import Collection
from dataclasses import dataclass

import asyncpg

from naryad.db.pool import Connection, Row
from naryad.domain.ids import AccountId, UserId
from naryad.domain.people import Role, User

COLUMNS = "id, login, name, role, time_zone, locale, active"


class LoginTaken(Exception):
    """Another user of the installation has this login."""


@dataclass(frozen=True, slots=True)
class Credentials:
    account_id: AccountId
    user_id: UserId
    password_hash: str
    active: bool


async def credentials(connection: Connection, login: str) -> Credentials | None:
    """Find a user of any account by login: the one question that is asked before an account is known."""
    row = await connection.fetchrow("select * from user_by_login($1)", login)
    if row is None:
        return None
    return Credentials(
        AccountId(row["account_id"]), UserId(row["user_id"]), row["password_hash"], row["active"]
    )


async def get(connection: Connection, account_id: AccountId, user_id: UserId) -> User | None:
    row = await connection.fetchrow(
        f"select {COLUMNS} from account_user where account_id = $1 and id = $2", account_id, user_id
    )
    return _user(row) if row else None


async def page(connection: Connection, account_id: AccountId, after: UserId | None, limit: int) -> list[User]:
    """Users in the order of their making."""
    rows = await connection.fetch(
        f"""select {COLUMNS} from account_user
            where account_id = $1 and ($2::uuid is null or id > $2) order by id limit $3""",
        account_id,
        after,
        limit,
    )
    return [_user(row) for row in rows]


async def workers(
    connection: Connection, account_id: AccountId, ids: Collection[UserId]
) -> dict[UserId, User]:
    """Of these ids, those that are workers of the account."""
    rows = await connection.fetch(
        f"""select {COLUMNS} from account_user
            where account_id = $1 and id = any ($2::uuid[]) and role = 'worker'""",
        account_id,
        list(ids),
    )
    return {UserId(row["id"]): _user(row) for row in rows}


async def create(connection: Connection, account_id: AccountId, user: User, password_hash: str) -> bool:
    """False when the account has a user of this id. Raises LoginTaken."""
    try:
        made = await connection.fetchval(
            f"""insert into account_user (account_id, {COLUMNS}, password_hash)
                values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
                on conflict (account_id, id) do nothing returning true""",
            account_id,
            user.id,
            user.login,
            user.name,
            user.role,
            user.time_zone,
            user.locale,
            user.active,
            password_hash,
        )
    except asyncpg.UniqueViolationError as error:
        raise LoginTaken(user.login) from error
    return made is True


async def update(
    connection: Connection, account_id: AccountId, user: User, password_hash: str | None
) -> None:
    """Write a user anew; the password only when there is a new one. Raises LoginTaken."""
    try:
        await connection.execute(
            """update account_user set login = $3, name = $4, role = $5, time_zone = $6, locale = $7,
                      active = $8, password_hash = coalesce($9, password_hash)
               where account_id = $1 and id = $2""",
            account_id,
            user.id,
            user.login,
            user.name,
            user.role,
            user.time_zone,
            user.locale,
            user.active,
            password_hash,
        )
    except asyncpg.UniqueViolationError as error:
        raise LoginTaken(user.login) from error


def _user(row: Row) -> User:
    return User(
        id=UserId(row["id"]),
        login=row["login"],
        name=row["name"],
        role=Role(row["role"]),
        time_zone=row["time_zone"],
        locale=row["locale"],
        active=row["active"],
    )
