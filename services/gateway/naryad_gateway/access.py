"""Who may open a stream, and from where it goes on."""

from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.types import Scope

from naryad.access import find_token, hash_token, is_own_origin
from naryad.db.pool import Database
from naryad.db.sessions import SessionRow, find_session
from naryad.domain.cursor import BadCursor, Position
from naryad.domain.refusals import Refusal, Slug


async def admit(database: Database, scope: Scope, public_url: str | None) -> SessionRow:
    """Raises Refusal: bad-origin, unauthenticated."""
    headers = Headers(scope=scope)
    origin = headers.get("origin")
    if origin is not None and not is_own_origin(origin, headers.get("host"), public_url):
        raise Refusal(Slug.BAD_ORIGIN, "A stream is opened from our own pages only.")
    app = headers.get("naryad-app") or _parameter(scope, "app")
    token, _ = find_token(headers.get("authorization"), headers.get("cookie"), app)
    session = None
    if token is not None:
        async with database.across() as connection:
            session = await find_session(connection, hash_token(token))
    if session is None:
        raise Refusal(Slug.UNAUTHENTICATED, "The session is unknown or has ended: sign in again.")
    return session


def resume_from(scope: Scope) -> Position | None:
    """The position to go on from: `Last-Event-ID` before `?after=`; None: from now. Raises Refusal."""
    return parse_position(Headers(scope=scope).get("last-event-id") or _parameter(scope, "after"))


def parse_position(text: str | None) -> Position | None:
    """Raises Refusal: invalid-cursor."""
    if not text:
        return None
    try:
        return Position.parse(text)
    except BadCursor:
        raise Refusal(
            Slug.INVALID_CURSOR, "A position reads <epoch>.<version>, as in an event's id."
        ) from None


def _parameter(scope: Scope, name: str) -> str | None:
    given = parse_qs(scope["query_string"].decode("latin-1")).get(name)
    return given[0] if given else None
