"""Accounts, users and templates."""

import secrets

from naryad.actions.ledger import Stores, open_ledger
from naryad.db import accounts, templates, users
from naryad.db.pool import Connection
from naryad.domain.change import Actor, ChangeKind
from naryad.domain.ids import AccountId, TemplateId, UserId
from naryad.domain.json import Json
from naryad.domain.people import Role, User
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
        await accounts.create(
            connection, account_id, name, time_zone, locale, secrets.token_hex(4), DEFAULT_POLICY
        )
        await _create_user(connection, account_id, admin, password_hash)
    return account_id, user_id


async def create_user(stores: Stores, account_id: AccountId, user: User, password: str) -> None:
    """Raises Refusal: already-exists (login or id), invalid-request."""
    check_zone(user.time_zone)
    password_hash = await hash_password(password)
    async with stores.database.account(account_id) as connection:
        await _create_user(connection, account_id, user, password_hash)


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
        raise Refusal(
            Slug.ALREADY_EXISTS, "Another user has this login.", errors=(FieldError("/login", "taken"),)
        ) from None
    if not made:
        raise Refusal(
            Slug.ALREADY_EXISTS, "A user with this id exists.", errors=(FieldError("/id", "taken"),)
        )
