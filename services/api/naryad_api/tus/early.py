"""Takes a body in from the moment its request is there, while it is still being found out whose it is.

A connection may break meanwhile, and what nobody has fetched is then lost. And a HEAD that follows the
break has to know that a body came before it.
"""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from naryad_api.tus.desk import UploadDesk
from naryad_api.tus.intake import Intake
from naryad_api.tus.version import PATH

INTAKE = "naryad_api.intake"


class EarlyIntake:
    """ASGI middleware. The intake of a request is in its scope; `receive` tells only of its end."""

    def __init__(self, app: ASGIApp, desk: UploadDesk) -> None:
        self.app, self.desk = app, desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in ("PATCH", "POST"):
            await self.app(scope, receive, send)
            return
        path = scope["path"]
        if not path.startswith(PATH):
            await self.app(scope, receive, send)
            return
        intake = Intake(receive, self.desk.part_size, self.desk.room)

        async def ended() -> Message:
            await intake.over()
            return {"type": "http.disconnect"}

        async with self.desk.at(path, intake):
            await self.app({**scope, INTAKE: intake}, ended, send)
