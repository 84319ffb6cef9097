"""What is new for one worker since a cursor: the second half of every sync (DESIGN 4.3)."""

from collections.abc import Mapping
from dataclasses import dataclass

from naryad.db import accounts, devices, feed, jobs, templates
from naryad.db.pool import Connection, Database
from naryad.domain.cursor import BadCursor, Cursor, worker_mark
from naryad.domain.ids import AccountId, DeviceId, JobId, UserId
from naryad.domain.job import changed_since
from naryad.domain.json import Json
from naryad.domain.people import Account
from naryad.domain.refusals import Refusal, Slug
from naryad.domain.restored import known_version
from naryad.wire import job_json, partial_job_json, template_json

PAGE = 200


@dataclass(frozen=True, slots=True)
class News:
    """The downward part of a sync's answer."""

    cursor: Cursor
    more: bool
    jobs: list[dict[str, Json]]
    removed: list[str]
    templates: list[dict[str, Json]]
    policy: Mapping[str, Json] | None

    def as_json(self) -> dict[str, Json]:
        body: dict[str, Json] = {
            "jobs": self.jobs,
            "removed": self.removed,
            "templates": self.templates,
            "policy": self.policy,
        }
        given = {name: value for name, value in body.items() if value}
        return {"cursor": self.cursor.encode(), "more": self.more, **given}


@dataclass(frozen=True, slots=True)
class Have:
    """What a phone whose cursor expired still holds: the version of each of its jobs."""

    device_id: DeviceId
    versions: Mapping[JobId, int]


def parse_cursor(text: str | None) -> Cursor | None:
    """Raises Refusal: invalid-cursor."""
    if text is None:
        return None
    try:
        return Cursor.decode(text)
    except BadCursor:
        raise Refusal(Slug.INVALID_CURSOR, "It is not a cursor of this server: sync without one.") from None


async def check_cursor(
    database: Database, account_id: AccountId, worker: UserId, cursor: Cursor | None
) -> None:
    """Raises Refusal (cursor-expired): asked before any operation is applied."""
    if cursor is not None:
        async with database.snapshot(account_id) as connection:
            account = await accounts.get(connection, account_id)
            head = await accounts.head(connection, account_id)
            await _check(connection, account, head.version, worker, cursor)


async def read_news(
    database: Database,
    account_id: AccountId,
    worker: UserId,
    cursor: Cursor | None,
    have: Have | None = None,
) -> News:
    """Everything since `cursor`, a page at a time; without a cursor everything there is.

    `have` asks for differences to what a phone still holds instead, in one page.
    Raises Refusal: cursor-expired.
    """
    async with database.snapshot(account_id) as connection:
        account = await accounts.get(connection, account_id)
        head = await accounts.head(connection, account_id)
        if cursor is not None:
            await _check(connection, account, head.version, worker, cursor)
        if have is not None:
            return await _differences(connection, account, head.version, worker, have)
        return await _page(connection, account, head.version, worker, cursor)


async def _page(
    connection: Connection, account: Account, head: int, worker: UserId, cursor: Cursor | None
) -> News:
    after, since = (cursor.version, cursor.since) if cursor else (0, 0)
    rows = await feed.after(connection, account.id, worker, after, PAGE + 1)
    more = len(rows) > PAGE
    rows = rows[:PAGE]
    held = await jobs.get(connection, account.id, [row.job_id for row in rows if row.visible])
    news = [
        job_json(held[row.job_id]) | {"complete": True}
        if row.visible_since > since
        else partial_job_json(held[row.job_id], changed_since(held[row.job_id], since))
        for row in rows
        if row.visible
    ]
    gone = [str(row.job_id) for row in rows if not row.visible] if cursor else []
    mark = worker_mark(worker)
    reached = Cursor(account.epoch, mark, head)
    if more:
        if cursor and cursor.base is not None:
            floor = cursor.floor
        else:
            floor = await feed.removal_floor(connection, account.id, worker)
        reached = Cursor(account.epoch, mark, rows[-1].version, base=since, floor=floor)
    return await _news(connection, account, since, cursor is None, reached, news, gone, more=more)


async def _differences(
    connection: Connection, account: Account, head: int, worker: UserId, have: Have
) -> News:
    """Whole jobs that the phone lacks, changed fields of those it has, and what it must drop."""
    of_this_epoch = bool(account.restored) and await devices.has_synced_in(
        connection, account.id, have.device_id, account.epoch
    )
    versions = {
        job_id: known_version(version, account.restored, of_this_epoch=of_this_epoch)
        for job_id, version in have.versions.items()
    }
    visible = await feed.visible(connection, account.id, worker)
    held = await jobs.get(connection, account.id, visible.keys())
    news: list[dict[str, Json]] = []
    for job_id, job in held.items():
        version = versions.get(job_id)
        if not version or version > head or version < visible[job_id]:  # it may be another job under this id
            news.append(job_json(job) | {"complete": True})
        elif job.version > version:
            news.append(partial_job_json(job, changed_since(job, version)))
    gone = [str(job_id) for job_id in versions if job_id not in held]
    reached = Cursor(account.epoch, worker_mark(worker), head)
    return await _news(connection, account, 0, True, reached, news, gone, more=False)


async def _news(
    connection: Connection,
    account: Account,
    since: int,
    first: bool,
    reached: Cursor,
    news: list[dict[str, Json]],
    gone: list[str],
    *,
    more: bool,
) -> News:
    changed = first or account.shared_version > since
    fresh = await templates.changed_since(connection, account.id, since) if changed else []
    policy_version = account.policy["version"]
    assert isinstance(policy_version, int)
    policy = account.policy if first or policy_version > since else None
    return News(reached, more, news, gone, [template_json(one) for one in fresh], policy)


async def _check(connection: Connection, account: Account, head: int, worker: UserId, cursor: Cursor) -> None:
    floor = await feed.removal_floor(connection, account.id, worker)
    if cursor.epoch != account.epoch or cursor.worker != worker_mark(worker):
        detail = "The cursor belongs to another history or another worker."
    elif cursor.version > head or cursor.since > head:
        detail = "The cursor is ahead of this server."
    elif cursor.version and floor > max(cursor.since, cursor.floor):  # at version 0 a phone holds nothing
        detail = "The cursor is too old: removals after it are no longer kept."
    else:
        return
    raise Refusal(Slug.CURSOR_EXPIRED, f"{detail} Sync with `have` and no cursor.")
