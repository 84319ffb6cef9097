"""Signing in and out."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from naryad.access import hash_token
from naryad.actions.ledger import Stores
from naryad.db import accounts, devices, sessions, users
from naryad.db.devices import Device
from naryad.domain.ids import AccountId, SessionId
from naryad.domain.people import Account, Role, User
from naryad.domain.refusals import FieldError, Refusal, Slug, not_found
from naryad.passwords import verify_password
from naryad.uuid7 import uuid7

LIFETIME = timedelta(days=90)
TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session. `token` is told once and kept nowhere; `last_seq` is the device's, if there is one."""

    session_id: SessionId
    token: str
    expires_at: datetime
    user: User
    account: Account
    device: Device | None
    last_seq: int | None


async def sign_in(
    stores: Stores, login: str, password: str, transport: str, device: Device | None
) -> SignedIn:
    """Begin a session. A worker's names a device, whose numbering of operations goes on.

    Raises Refusal: wrong-credentials, device-taken, invalid-request.
    """
    async with stores.database.across() as connection:
        found = await users.credentials(connection, login)
    right = await verify_password(password, found.password_hash if found else None)
    if found is None or not right or not found.active:
        raise Refusal(Slug.WRONG_CREDENTIALS, "Check the login and the password.")
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session_id = SessionId(uuid7())
    expires_at = datetime.now(UTC) + LIFETIME
    async with stores.database.account(found.account_id) as connection:
        account = await accounts.get(connection, found.account_id)
        user = await users.get(connection, found.account_id, found.user_id)
        assert user is not None
        named = device if user.role is Role.WORKER else None
        last_seq = None
        if user.role is Role.WORKER:
            if named is None:
                raise Refusal(
                    Slug.INVALID_REQUEST,
                    "A worker signs in from a device: name it.",
                    errors=(FieldError("/device", "required"),),
                )
            last_seq = await devices.register(connection, account.id, user.id, named)
            if last_seq is None:
                raise Refusal(
                    Slug.DEVICE_TAKEN, "This device id belongs to another worker: make one for each worker."
                )
        await sessions.create(
            connection,
            account.id,
            session_id,
            user.id,
            named.id if named else None,
            hash_token(token),
            transport,
            expires_at,
        )
    return SignedIn(session_id, token, expires_at, user, account, named, last_seq)


async def end_session(stores: Stores, account_id: AccountId, session_id: SessionId) -> None:
    """Revoke a session: its token is refused from now on. Raises Refusal: not-found."""
    async with stores.database.account(account_id) as connection:
        if not await sessions.delete(connection, account_id, session_id):
            raise not_found()
