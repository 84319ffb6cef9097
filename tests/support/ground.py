"""The ground on which companies are founded and proved: one API on one database, with small pages.

It runs in a thread of its own, because a state machine's rules are plain functions.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import asyncpg
from anyio.from_thread import BlockingPortal

from support.company import Company, found_company
from support.server import Api


@dataclass
class Ground:
    portal: BlockingPortal
    api: Api
    truth: asyncpg.Pool
    folder: Path
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    @contextmanager
    def company(self, phones: tuple[str, ...] = ("ivan", "ivan", "olga")) -> Iterator[Company]:
        """A new account beside those that came before it, with phones of these workers."""
        name = f"Фирма{next(self._numbers)}"
        founding = found_company(self.api, self.truth, name, self.folder / name, phones)
        with self.portal.wrap_async_context_manager(founding) as company:
            yield company
