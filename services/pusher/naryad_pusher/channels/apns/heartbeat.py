"""Notices that a connection is dead although TCP does not say so."""

import asyncio
from collections.abc import Callable

BEAT_S = 3.0  # in silence: one beat until the PING, one for its answer; well within a sending's 10 s
IDLE_BEATS = 20  # with nothing under way; it keeps the way through a NAT open, too


class Heartbeat:
    """Any byte is a sign of life. In silence `ask` asks for one, and if none comes, `dead` is called."""

    def __init__(
        self,
        every_s: float,
        *,
        is_waiting: Callable[[], bool],
        ask: Callable[[], None],
        dead: Callable[[], None],
    ) -> None:
        self._every_s = every_s
        self._is_waiting = is_waiting
        self._ask = ask
        self._dead = dead
        self._silent_beats = 0
        self._asked = False
        self._timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(self._every_s, self._beat)

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def heard(self) -> None:
        self._silent_beats = 0
        self._asked = False

    def _beat(self) -> None:
        if self._asked:
            self._dead()
            return
        self._silent_beats += 1  # 1: a part of a beat was silent, 2: a whole one
        if self._silent_beats >= (2 if self._is_waiting() else IDLE_BEATS):
            self._asked = True
            self._ask()
        self.start()
