"""The messages that could not be sent, across accounts: listed, and made due again."""

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from naryad.db.pool import Database
from naryad.domain.ids import AccountId, DeliveryId, JobId
from naryad.domain.push_channel import ChannelName
from naryad.domain.push_rules import Reason

PAGE = 500


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message to one phone that was given up, and why."""

    account_id: AccountId
    account_name: str
    id: DeliveryId
    job_id: JobId
    job_number: int | None  # None: the job was deleted
    worker_name: str
    device_name: str
    channel: ChannelName
    reason: Reason
    detail: str | None
    attempts: int
    created_at: datetime
    died_at: datetime


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which dead letters; None admits all."""

    account_id: AccountId | None = None
    channel: ChannelName | None = None
    ids: Collection[DeliveryId] | None = None


async def dead_letters(database: Database, wanted: Wanted) -> AsyncIterator[Sequence[DeadLetter]]:
    """Page by page, the oldest first. No connection is held between pages."""
    last: DeadLetter | None = None
    while True:
        async with database.across() as connection:
            rows = await connection.fetch(
                "select * from dead_deliveries($1, $2, $3, $4, $5, $6)",
                wanted.account_id,
                wanted.channel,
                None if wanted.ids is None else list(wanted.ids),
                last.created_at if last else None,
                last.id if last else None,
                PAGE,
            )
        page = [
            DeadLetter(
                **{**row, "channel": ChannelName(row["channel"]), "reason": Reason(row["reason"])},
            )
            for row in rows
        ]
        if page:
            yield page
        if len(page) < PAGE:
            return
        last = page[-1]


async def replay(database: Database, letters: Sequence[DeadLetter]) -> set[DeliveryId]:
    """Make them due again; those that are. The others' phones are registered nowhere."""
    async with database.across() as connection:
        rows = await connection.fetch(
            "select id from replay_deliveries($1, $2)",
            [one.account_id for one in letters],
            [one.id for one in letters],
        )
    return {DeliveryId(row["id"]) for row in rows}
