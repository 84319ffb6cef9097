"""The API, alone, killing itself at a named point of a sync: `python -m support.doomed_api`.

The real functions are wrapped from outside; the product knows nothing of it. Environment: DOOM names the
point, DOOM_AFTER how many syncs with operations are let by before.
"""

import os
import signal
from contextvars import ContextVar
from typing import Any

from starlette.types import ASGIApp

from naryad.alone import run_alone
from naryad.db import accounts
from naryad.db.doorbell import Doorbell
from naryad.settings import Settings
from naryad_api.app import create_app
from naryad_api.routes import sync
from support.hasty import create_hasty

POINTS = ("before the lock", "after the write", "after the commit", "answer before commit")

point, left = os.environ["DOOM"], int(os.environ["DOOM_AFTER"])
doomed: ContextVar[bool] = ContextVar("doomed", default=False)
wrote: ContextVar[bool] = ContextVar("wrote", default=False)
"""Whether this sync changed anything: work that was refused cannot get lost."""
assert point in POINTS, point


def die(where: str) -> None:
    if where == point and doomed.get():
        os.kill(os.getpid(), signal.SIGKILL)


real_apply, real_lock = sync.apply_operations, accounts.lock
real_set_head, real_ring = accounts.set_head, Doorbell.ring


async def apply_operations(*arguments: Any, **named: Any) -> Any:
    global left
    doomed.set(left <= 0)
    left -= 1
    return await real_apply(*arguments, **named)


async def lock(*arguments: Any) -> Any:
    die("before the lock")
    return await real_lock(*arguments)


async def set_head(*arguments: Any) -> None:
    await real_set_head(*arguments)
    wrote.set(True)
    die("after the write")


def ring(*arguments: Any) -> None:
    die("after the commit")
    real_ring(*arguments)


def create_doomed(settings: Settings) -> ASGIApp:
    sync.apply_operations = apply_operations
    accounts.lock, accounts.set_head = lock, set_head
    Doorbell.ring = ring  # type: ignore[method-assign]
    if point == "answer before commit":
        return create_hasty(settings, before_commit=lambda: die(point) if wrote.get() else None)
    return create_app(settings)


if __name__ == "__main__":
    run_alone("naryad_api", "The API, doomed.", 8080, create_doomed)
