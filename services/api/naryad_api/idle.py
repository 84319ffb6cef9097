"""The idle poll, answered in front of the router: the request that comes every two minutes from every phone.

One statement checks the token and reads the feed. Nothing new: 204, three headers, no body.
Anything else, good or bad, goes on to the route, which knows how to say it.
"""

from starlette.types import ASGIApp, Receive, Scope, Send

from naryad.access import find_token, hash_token
from naryad.db.poll import PollConnections
from naryad.db.pool import Unavailable
from naryad.domain.cursor import BadCursor, Cursor
from naryad_api.contact import Contacts

PREFIX = b"cursor="
ANSWER = {"type": "http.response.start", "status": 204, "headers": []}
END = {"type": "http.response.body", "body": b""}


class IdlePoll:
    """ASGI middleware around the whole application."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.polls: PollConnections | None = None
        self.contacts: Contacts | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (
            scope["type"] == "http"
            and scope["path"] == "/v1/sync"
            and scope["method"] == "GET"
            and await self._is_idle(scope)
        ):
            await send(ANSWER)
            await send(END)
        else:
            await self.app(scope, receive, send)

    async def _is_idle(self, scope: Scope) -> bool:
        query: bytes = scope["query_string"]
        token = _token(scope)
        if not query.startswith(PREFIX) or token is None or self.polls is None:
            return False
        try:
            cursor = Cursor.decode(query[len(PREFIX) :].decode("ascii", "replace"))
        except BadCursor:
            return False
        if cursor.base is not None:
            return False
        try:
            # Without a timer of its own, which would cost each poll: those ahead of it are bounded.
            found = await self.polls.ask(hash_token(token), cursor)
        except Unavailable:
            return False
        if found is None:
            return False
        assert self.contacts is not None
        self.contacts.seen(*found, cursor)
        return True


def _token(scope: Scope) -> str | None:
    authorization = cookie = None
    for name, value in scope["headers"]:
        if name == b"authorization":
            authorization = value.decode("latin-1")
        elif name == b"cookie":
            cookie = value.decode("latin-1")
    return find_token(authorization, cookie, "field")[0]
