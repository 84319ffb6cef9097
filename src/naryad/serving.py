"""How uvicorn serves Naryad, alone or as one process of several parts."""

from typing import Any

import uvicorn
from starlette.types import ASGIApp

KEEP_ALIVE_S = 75
"""Longer than a proxy in front keeps its idle connections (60 s as a rule): whoever closes first must be
the one that asks, or its next request meets a closed door. uvicorn alone closes after 5 s."""


def server_config(app: ASGIApp, drain_seconds: float, **more: Any) -> uvicorn.Config:
    """`more`: what only this place needs, as uvicorn.Config names it."""
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=max(1, round(drain_seconds)),
        ws_max_size=64 * 1024,
        ws_per_message_deflate=False,  # its window is 300 kB a stream, and the frames are small
        **more,
    )
