"""The same reader over a WebSocket, by the public client library."""

import json
from dataclasses import dataclass

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage

from support.follower import Ending, Follower

AWAY = (1001, 1013)  # going away; try again later


@dataclass(eq=False)
class MessageFollower(Follower):
    _stream: ClientConnection | None = None
    _cut: bool = False

    def cut(self) -> None:
        self._cut = True
        if self._stream is not None:
            self._stream.transport.abort()

    async def _once(self) -> Ending:
        url = f"{self.url.replace('http', 'ws', 1)}/v1/ws"
        headers = {"authorization": f"Bearer {self.token}"}
        self._cut = False
        try:
            async with connect(url, additional_headers=headers, proxy=None, close_timeout=1) as stream:
                self._stream = stream
                return await self._read(stream)
        except ConnectionClosed:
            return Ending.CUT if self._cut else Ending.TORN
        except (OSError, InvalidHandshake, InvalidMessage, EOFError):
            return Ending.REFUSED
        finally:
            self.open, self._stream = False, None

    async def _read(self, stream: ClientConnection) -> Ending:
        at = self.told.position
        await stream.send(json.dumps({"after": str(at) if at else None}))
        async for message in stream:
            if self.open and self.chance.random() < self.impatience:
                self.cut()
            if self._cut:
                return Ending.CUT
            self.open = True
            event = json.loads(message)
            self.told.take(event["event"], event["id"], event["data"])
        return Ending.SENT_AWAY if stream.close_code in AWAY else Ending.FINISHED
