"""Last contact and health of phones: gathered in memory, stored in batches.

An idle poll writes nothing; what a crash loses here is a few seconds of "last seen".
"""

import asyncio
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime
from time import time
from typing import TypeAlias

import anyio
import structlog

from naryad.db import devices
from naryad.db.devices import Health
from naryad.db.pool import Database, Unavailable
from naryad.domain.cursor import Cursor
from naryad.domain.ids import AccountId, DeviceId

log = structlog.get_logger()

FLUSH_EVERY_S = 5.0
LAST_FLUSH_S = 5.0
MOST = 50_000
"""Phones remembered between two flushes; more than that and the eldest news is dropped."""

Phone: TypeAlias = tuple[AccountId, DeviceId]


class Contacts:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._news: dict[Phone, Health] = {}
        self._polls: dict[Phone, tuple[float, Cursor | None]] = {}

    def seen(self, account_id: AccountId, device_id: DeviceId, since: Cursor | None) -> None:
        """The phone asked for news since this cursor, and said nothing of itself.

        Every idle poll passes here, so it only notes; `_fold` makes news of it.
        """
        self._polls[account_id, device_id] = (time(), since)
        if len(self._polls) > MOST:
            self._polls.pop(next(iter(self._polls)))

    def told(self, account_id: AccountId, health: Health) -> None:
        """The phone said how it is; what it leaves out stays as it was."""
        key = (account_id, health.device_id)
        if key in self._polls:
            self._fold(key, *self._polls.pop(key))
        self._take(key, health)

    def _fold(self, key: Phone, instant: float, since: Cursor | None) -> None:
        self._take(key, synced(Health(key[1], datetime.fromtimestamp(instant, UTC)), since))

    def _take(self, key: Phone, health: Health) -> None:
        before = self._news.pop(key, None)
        if before is None and len(self._news) >= MOST:
            self._news.pop(next(iter(self._news)))
        self._news[key] = _newer(before, health) if before else health

    async def keep_storing(self) -> None:
        """Store the news every few seconds, until cancelled; then once more."""
        try:
            while True:
                await asyncio.sleep(FLUSH_EVERY_S)
                await self.flush()
        finally:
            with anyio.move_on_after(LAST_FLUSH_S, shield=True):  # or the cancelled scope would cut it off
                await self.flush()

    async def flush(self) -> None:
        polls, self._polls = self._polls, {}
        for key, poll in polls.items():
            self._fold(key, *poll)
        news, self._news = self._news, {}
        by_account: dict[AccountId, list[Health]] = defaultdict(list)
        for (account_id, _), health in news.items():
            by_account[account_id].append(health)
        for account_id, reports in by_account.items():
            reports.sort(key=lambda one: one.device_id)  # one order, so that two replicas cannot deadlock
            try:
                async with self._database.account(account_id) as connection:
                    await devices.write_health(connection, account_id, reports)
            except Unavailable as error:
                log.warning(
                    "phone health not stored, will be told again", phones=len(reports), error=repr(error)
                )


def synced(health: Health, since: Cursor | None) -> Health:
    """With what a cursor proves: the phone holds everything up to there, or up to where its paging began."""
    return replace(health, synced_version=since.since, synced_epoch=since.epoch) if since else health


def _newer(before: Health, after: Health) -> Health:
    told = {
        name: value
        for name in (
            "network",
            "unsent_operations",
            "unsent_files",
            "unsent_bytes",
            "app_version",
            "synced_version",
            "synced_epoch",
        )
        if (value := getattr(after, name)) is not None
    }
    return replace(before, last_contact_at=after.last_contact_at, **told)
