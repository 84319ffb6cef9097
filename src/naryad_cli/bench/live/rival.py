"""What the gateway is compared with: sse-starlette as its documentation shows it, on the same uvicorn.

`python -m naryad_cli.bench.live.rival`. No sessions, no history, no database: events come ready made by
`POST /publish?channel=…`, a queue per reader passes them on. `GET /v1/events?channel=…` reads.
"""

import argparse
import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator

import uvicorn
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from naryad.serving import server_config

PING_S = 20
WAITING = 256

Queue = asyncio.Queue[ServerSentEvent]
_readers: defaultdict[str, set[Queue]] = defaultdict(set)


async def read(request: Request) -> EventSourceResponse:
    channel = request.query_params["channel"]
    queue: Queue = asyncio.Queue(WAITING)

    async def events() -> AsyncIterator[ServerSentEvent]:
        _readers[channel].add(queue)
        try:
            yield ServerSentEvent("{}", event="hb", id="0.0", sep="\n")
            while True:
                yield await queue.get()
        finally:
            _readers[channel].discard(queue)

    return EventSourceResponse(events(), ping=PING_S, sep="\n")


async def publish(request: Request) -> Response:
    event = ServerSentEvent(**(await request.json()), sep="\n")
    readers = _readers[request.query_params["channel"]]
    for queue in list(readers):
        await queue.put(event)
    return JSONResponse({"readers": len(readers)})


def create_app() -> Starlette:
    return Starlette(
        routes=[Route("/v1/events", read), Route("/publish", publish, methods=["POST"])],
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    options = parser.parse_args()
    config = server_config(create_app(), 0, host="127.0.0.1", port=options.port, lifespan="off")
    uvicorn.Server(config).run()
