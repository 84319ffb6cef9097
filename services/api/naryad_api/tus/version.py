"""Says the version of tus in every answer about uploads, refusals included (tus 1.0.0, Tus-Resumable)."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from naryad_api.tus.headers import VERSION

PATH = "/v1/uploads"
SPOKEN = (b"tus-resumable", VERSION.encode())
KNOWN = (b"tus-version", VERSION.encode())


class TusVersion:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(PATH):
            await self.app(scope, receive, send)
            return

        async def speaking(message: Message) -> None:
            if message["type"] == "http.response.start":
                said = [SPOKEN, KNOWN] if message["status"] == 412 else [SPOKEN]
                message["headers"] = [*message["headers"], *said]
            await send(message)

        await self.app(scope, receive, speaking)
