"""Who works in the demo account. All have the same password."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from naryad.actions.ledger import Stores
from naryad.actions.people import create_account, create_user
from naryad.db import accounts, users
from naryad.domain.change import Actor, ActorKind
from naryad.domain.ids import AccountId, UserId
from naryad.domain.people import Role, User
from naryad.uuid7 import uuid7
from naryad_cli.failures import CommandError

ACCOUNT = "Demo"
TIME_ZONE = "Europe/Moscow"
PASSWORD = "demo"  # noqa: S105 it is printed at every start
ADMIN, ADMIN_NAME = "dispatcher", "Мария Соколова"
# login → name, time zone of their own
WORKERS: Mapping[str, tuple[str, str | None]] = {
    "ivan": ("Иван Петров", None),
    "olga": ("Ольга Смирнова", None),
    "timur": ("Timur Akhmetov", "Asia/Yekaterinburg"),
}


@dataclass(frozen=True, slots=True)
class Crew:
    """The demo account as it is in this database."""

    account_id: AccountId
    admin: Actor
    workers: Mapping[str, UserId]  # by login


async def ensure_crew(stores: Stores) -> Crew:
    """Find the demo account's people or make them. Raises CommandError when their logins are another's."""
    found = await _by_login(stores, ADMIN)
    account_id, admin_id = found or await create_account(stores, ACCOUNT, TIME_ZONE, "ru", ADMIN, PASSWORD)
    await _name_admin(stores, account_id, admin_id)
    workers = {login: await _ensure_worker(stores, account_id, login) for login in WORKERS}
    return Crew(account_id, Actor(ActorKind.USER, admin_id, ADMIN_NAME), workers)


async def _by_login(stores: Stores, login: str) -> tuple[AccountId, UserId] | None:
    async with stores.database.across() as connection:
        found = await users.credentials(connection, login)
    return (found.account_id, found.user_id) if found else None


async def _name_admin(stores: Stores, account_id: AccountId, admin_id: UserId) -> None:
    """A new account's admin is named by the login."""
    async with stores.database.account(account_id) as connection:
        account = await accounts.get(connection, account_id)
        admin = await users.get(connection, account_id, admin_id)
        if account.name != ACCOUNT or admin is None:
            raise _taken(ADMIN)
        if admin.name == ADMIN:
            await users.update(connection, account_id, replace(admin, name=ADMIN_NAME), None)


async def _ensure_worker(stores: Stores, account_id: AccountId, login: str) -> UserId:
    found = await _by_login(stores, login)
    if found is None:
        name, time_zone = WORKERS[login]
        user = User(UserId(uuid7()), login, name, Role.WORKER, time_zone, None, active=True)
        await create_user(stores, account_id, user, PASSWORD)
        return user.id
    if found[0] != account_id:
        raise _taken(login)
    return found[1]


def _taken(login: str) -> CommandError:
    return CommandError(
        f"The login {login!r} belongs to another account of this database: "
        "start the demo on a database of its own, as --data with a new folder gives it."
    )
