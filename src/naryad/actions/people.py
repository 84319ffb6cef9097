"""Accounts, users and templates."""

from collections.abc import Mapping
from dataclasses import replace

from naryad.actions.ledger import Stores, open_ledger
from naryad.actions.restore import new_epoch
from naryad.db import accounts, files, templates, users
from naryad.db.files import Room
from naryad.db.pool import Connection
from naryad.domain.change import Actor, ChangeKind, difference
from naryad.domain.ids import AccountId, TemplateId, UserId
from naryad.domain.json import Json
from naryad.domain.people import Account, Role, User
from naryad.domain.policy import DEFAULT_POLICY
from naryad.domain.refusals import FieldError, Refusal, Slug, invalid, not_found
from naryad.domain.template import Resolution, Template, TemplateField
from naryad.domain.workday import is_zone
from naryad.passwords import hash_password
from naryad.uuid7 import uuid7


async def create_account(
    stores: Stores, name: str, time_zone: str, locale: str, admin_login: str, admin_password: str
) -> tuple[AccountId, UserId]:
    """A new company with its first admin. Raises Refusal: already-exists, invalid-request."""
    check_zone(time_zone)
    account_id, user_id = AccountId(uuid7()), UserId(uuid7())
    password_hash = await hash_password(admin_password)
    admin = User(user_id, admin_login, admin_login, Role.ADMIN, None, None, active=True)
    async with stores.database.account(account_id) as connection:
        await accounts.create(connection, account_id, name, time_zone, locale, new_epoch(), DEFAULT_POLICY)
        await _create_user(connection, account_id, admin, password_hash)
    return account_id, user_id


async def create_user(stores: Stores, account_id: AccountId, user: User, password: str) -> None:
    """Raises Refusal: already-exists (login or id), invalid-request."""
    check_zone(user.time_zone)
    password_hash = await hash_password(password)
    async with stores.database.account(account_id) as connection:
        await _create_user(connection, account_id, user, password_hash)


async def edit_user(
    stores: Stores,
    account_id: AccountId,
    by: UserId,
    user_id: UserId,
    changed: Mapping[str, object],
    password: str | None,
) -> User:
    """Change members of a user; a user switched off is signed out everywhere.

    Raises Refusal: not-found, already-exists (login), invalid-request.
    """
    password_hash = await hash_password(password) if password is not None else None
    async with stores.database.account(account_id) as connection:
        held = await users.get(connection, account_id, user_id)
        if held is None:
            raise not_found()
        user = replace(held, **changed)  # type: ignore[arg-type] # the shape has checked the members
        check_zone(user.time_zone)
        if (held.role is Role.WORKER) != (user.role is Role.WORKER):
            raise invalid("/role", "a worker stays a worker: make another user for the desk")
        if user_id == by and (not user.active or user.role is not held.role):
            raise invalid("/active", "nobody switches themselves off or takes their own role")
        try:
            await users.update(connection, account_id, user, password_hash)
        except users.LoginTaken:
            raise login_taken() from None
    return user


async def edit_account(
    stores: Stores,
    account_id: AccountId,
    by: Actor,
    changed: Mapping[str, object],
    policy: Mapping[str, Json],
    room: Mapping[str, int | None],
) -> tuple[Account, Room]:
    """Change an account's name, zone, language, sync policy, what its pushes show, or the room for its files
    (`max_bytes`, `quota_bytes`; null for the installation's); phones fetch a policy at their next sync.

    Raises Refusal: invalid-request.
    """
    async with open_ledger(stores, account_id) as ledger:
        account = replace(ledger.account, **changed)  # type: ignore[arg-type] # checked by the shape
        check_zone(account.time_zone)
        wanted = {**account.policy, **policy}
        if wanted != account.policy:
            steps = {f"policy.{name}": step for name, step in difference(account.policy, wanted).items()}
            wanted["version"] = ledger.record_shared(ChangeKind.POLICY, by, steps)
            account = replace(account, policy=wanted)
        await accounts.update(ledger.connection, account)
        held = await files.room(ledger.connection, account_id)
        kept = replace(
            held,
            file_max_bytes=room.get("max_bytes", held.file_max_bytes),
            quota_bytes=room.get("quota_bytes", held.quota_bytes),
        )
        await files.set_room(ledger.connection, account_id, kept.file_max_bytes, kept.quota_bytes)
    return account, kept


async def save_template(
    stores: Stores,
    account_id: AccountId,
    by: Actor,
    template_id: TemplateId,
    name: str,
    fields: tuple[TemplateField, ...],
    resolutions: tuple[Resolution, ...],
    *,
    new: bool,
) -> Template:
    """Create or replace a template; phones fetch it at their next sync.

    Raises Refusal: already-exists, not-found, invalid-request.
    """
    _check_fields(fields)
    async with open_ledger(stores, account_id) as ledger:
        held = await templates.get(ledger.connection, account_id, template_id)
        if new and held:
            raise Refusal(
                Slug.ALREADY_EXISTS, "A template with this id exists.", errors=(FieldError("/id", "taken"),)
            )
        if not new and held is None:
            raise not_found()
        template = Template(template_id, name, 0, fields, resolutions)
        if held and template_json(held) == template_json(template):
            return held
        step: dict[str, Json] = {"old": template_json(held) if held else None, "new": template_json(template)}
        version = ledger.record_shared(ChangeKind.TEMPLATE, by, {f"templates.{template_id}": step})  # type: ignore[dict-item]
        template = Template(template_id, name, version, fields, resolutions)
        await templates.write(ledger.connection, account_id, template)
    return template


def template_json(template: Template) -> dict[str, Json]:
    """A template as the history keeps it: all but its version."""
    return {
        "id": str(template.id),
        "name": template.name,
        "fields": [one.as_json() for one in template.fields],
        "resolutions": [one.as_json() for one in template.resolutions],
    }


def login_taken() -> Refusal:
    """By a user of this account or of another: logins are unique in the installation."""
    return Refusal(
        Slug.ALREADY_EXISTS, "Another user has this login.", errors=(FieldError("/login", "taken"),)
    )


def check_zone(time_zone: str | None) -> None:
    """An IANA name, checked when it is saved: a wrong one would make every "today" wrong later."""
    if time_zone is not None and not is_zone(time_zone):
        raise invalid("/time_zone", "an IANA time zone is expected: Europe/Moscow")


def _check_fields(fields: tuple[TemplateField, ...]) -> None:
    seen: set[tuple[str, str]] = set()
    for place, field in enumerate(fields):
        if (field.scope, field.key) in seen:
            raise invalid(f"/fields/{place}/key", "another field of this scope has the same key")
        seen.add((field.scope, field.key))
        if field.type == "choice" and not field.options:
            raise invalid(f"/fields/{place}/options", "a choice needs options")


async def _create_user(connection: Connection, account_id: AccountId, user: User, password_hash: str) -> None:
    try:
        made = await users.create(connection, account_id, user, password_hash)
    except users.LoginTaken:
        raise login_taken() from None
    if not made:
        raise Refusal(
            Slug.ALREADY_EXISTS, "A user with this id exists.", errors=(FieldError("/id", "taken"),)
        )
