"""The ledger: an account's history while one action writes to it (DESIGN 3).

`open_ledger` takes the account's lock; from there to commit this is the account's only writer.
The action reads jobs through the ledger, which reads them after the lock, and records changes;
at the end everything they entail is written: jobs, history, feed, push intents, the new version.
"""

from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from naryad.db import accounts, feed, files, history, jobs, outbox, users
from naryad.db.doorbell import Doorbell
from naryad.db.pool import Connection, Database
from naryad.domain.change import Actor, Change, ChangeKind, FieldChange, difference, summary
from naryad.domain.ids import AccountId, JobId, UserId
from naryad.domain.job import Job, group_of
from naryad.domain.json import Json, JsonObject, is_empty, same
from naryad.domain.people import Account
from naryad.domain.push_rules import Recipient, reason_to_push, reason_to_wake
from naryad.domain.restored import JUMP
from naryad.domain.visibility import viewers
from naryad.domain.workday import zone_of


@dataclass(frozen=True, slots=True)
class Stores:
    """Where actions write, and whom they wake."""

    database: Database
    doorbell: Doorbell


@dataclass(slots=True)
class Ledger:
    account: Account
    connection: Connection
    version: int  # of the latest change, recorded ones included
    job_number: int
    now: datetime
    _jobs: dict[JobId, Job | None] = field(default_factory=dict)
    _dirty: dict[JobId, bool] = field(default_factory=dict)  # job → its assignees changed too
    _refiled: set[JobId] = field(default_factory=set)  # jobs whose photos or attachments changed
    _changes: list[Change] = field(default_factory=list)
    _feed: dict[tuple[UserId, JobId], feed.Entry] = field(default_factory=dict)
    _pushable: list[tuple[Change, Job]] = field(default_factory=list)
    _shared: bool = False

    async def job(self, job_id: JobId) -> Job | None:
        """The job as it is now, with what this action recorded."""
        return (await self.jobs([job_id])).get(job_id)

    async def jobs(self, ids: Collection[JobId]) -> dict[JobId, Job]:
        unread = [one for one in ids if one not in self._jobs]
        if unread:
            found = await jobs.get(self.connection, self.account.id, unread)
            self._jobs |= {one: found.get(one) for one in unread}
        return {one: job for one in ids if (job := self._jobs[one]) is not None}

    def read_jobs(self) -> list[Job]:
        """The jobs that this action has read, as it left them."""
        return [job for job in self._jobs.values() if job is not None]

    def create(self, job_id: JobId, fields: JsonObject, by: Actor) -> Job:
        self.job_number += 1
        blank = Job(job_id, self.job_number, 0, self.now, self.now, fields={})
        return self._record(None, blank, fields, ChangeKind.CREATED, by)

    def write(
        self,
        job: Job,
        write: JsonObject,
        kind: ChangeKind,
        by: Actor,
        *,
        happened_at: datetime | None = None,
        late: bool = False,
        lost: Mapping[str, Json] | None = None,
    ) -> Job:
        """Record the writing of some fields (null clears). What changes nothing leaves no trace,
        unless a value was lost: the history keeps it.
        """
        fields = {**job.fields, **write}
        fields = {name: value for name, value in fields.items() if not is_empty(value)}
        if same(fields, job.fields) and not lost:
            return job
        return self._record(job, job, fields, kind, by, happened_at, late, lost)

    def delete(self, job: Job, by: Actor) -> None:
        self.version += 1
        change = self._change(ChangeKind.DELETED, by, job.id, difference(job.fields, {}), summary(job))
        self._tell(replace(change, gone_for=viewers(job)))
        self._jobs[job.id] = None
        self._dirty[job.id] = True

    def record_shared(self, kind: ChangeKind, by: Actor, fields: Mapping[str, FieldChange]) -> int:
        """Record a change of a template or the policy, which all phones fetch; returns its version."""
        self.version += 1
        self._changes.append(self._change(kind, by, None, fields, None))
        self._shared = True
        return self.version

    def leap(self, by: Actor) -> int:
        """Go on above every number that a lost future may have given (DESIGN 3); returns the new version."""
        ended_at, self.version = self.version, self.version + JUMP
        step: FieldChange = {"old": ended_at, "new": self.version}
        self._changes.append(self._change(ChangeKind.EPOCH, by, None, {"version": step}, None))
        return self.version

    def _record(
        self,
        before: Job | None,
        job: Job,
        fields: JsonObject,
        kind: ChangeKind,
        by: Actor,
        happened_at: datetime | None = None,
        late: bool = False,
        lost: Mapping[str, Json] | None = None,
    ) -> Job:
        self.version += 1
        steps = difference(job.fields, fields)
        versions = {**job.field_versions, **dict.fromkeys(steps, self.version)}
        after = replace(
            job, version=self.version, updated_at=self.now, fields=fields, field_versions=versions
        )
        for name, value in (lost or {}).items():
            current = fields.get(name)
            steps[name] = {"old": current, "new": current, "lost": value}
        change = self._change(kind, by, job.id, steps, summary(after), happened_at, late)
        seen_by = viewers(after)
        change = replace(change, seen_by=seen_by, gone_for=viewers(before) - seen_by)
        self._tell(change, appeared=seen_by - viewers(before))
        self._pushable.append((change, after))
        self._jobs[job.id] = after
        self._dirty[job.id] = self._dirty.get(job.id, False) or "assignees" in steps
        if any(group_of(name) in files.KINDS for name in steps):
            self._refiled.add(job.id)
        return after

    def _change(
        self,
        kind: ChangeKind,
        by: Actor,
        job_id: JobId | None,
        fields: Mapping[str, FieldChange],
        shown: JsonObject | None,
        happened_at: datetime | None = None,
        late: bool = False,
    ) -> Change:
        return Change(
            version=self.version,
            kind=kind,
            job_id=job_id,
            fields=fields,
            actor=by,
            late=late,
            happened_at=happened_at or self.now,
            recorded_at=self.now,
            summary=shown,
        )

    def _tell(self, change: Change, appeared: Collection[UserId] = ()) -> None:
        """Put a change into the history and into the feed of everyone who sees the job or just lost it."""
        self._changes.append(change)
        assert change.job_id is not None
        for worker in change.seen_by | change.gone_for:
            before = self._feed.get((worker, change.job_id))
            since = change.version if worker in appeared else before.since if before else None
            self._feed[worker, change.job_id] = feed.Entry(
                worker, change.job_id, change.version, visible=worker in change.seen_by, since=since
            )

    async def _flush(self) -> None:
        connection, account_id = self.connection, self.account.id
        if not self._changes:
            return
        kept = [job for one in self._dirty if (job := self._jobs[one]) is not None]
        await jobs.delete(connection, account_id, [one for one in self._dirty if self._jobs[one] is None])
        await jobs.write(connection, account_id, kept)
        await jobs.write_assignments(connection, account_id, [job for job in kept if self._dirty[job.id]])
        await files.index(connection, account_id, [job for job in kept if job.id in self._refiled])
        await history.append(connection, account_id, self._changes)
        await feed.write(connection, account_id, self._feed.values())
        await outbox.add_intents(connection, account_id, await self._intents())
        if self._shared:
            await accounts.set_shared_version(connection, account_id, self.version)
        await accounts.set_head(connection, account_id, self.version, self.job_number)

    async def _intents(self) -> list[outbox.Intent]:
        """R11, R14 to R17: whom to push to, decided here so that a crash can neither lose nor invent one."""
        ids = {one.worker_id for _, job in self._pushable for one in job.assignees}
        zones = {
            user.id: zone_of(user.time_zone, self.account.time_zone)
            for user in (await users.workers(self.connection, self.account.id, ids)).values()
        }
        intents: list[outbox.Intent] = []
        for change, job in self._pushable:
            for assignee in job.assignees:
                worker = Recipient(assignee.worker_id, zones[assignee.worker_id])
                reason = reason_to_push(change, job, worker, self.now)
                if reason is not None:
                    intents.append(outbox.Intent.of(change, job.id, worker.id, reason))
                wakes = reason_to_wake(change, job, worker, self.now)
                if wakes is not None:
                    made_on = change.actor.device_id
                    intents.append(outbox.Intent.of(change, job.id, worker.id, wakes, made_on))
        return intents


@asynccontextmanager
async def open_ledger(stores: Stores, account_id: AccountId) -> AsyncIterator[Ledger]:
    """Lock the account, let the block record changes, write them, commit, ring the doorbell.

    The block ends well only after the commit; a Refusal, or any error, undoes everything.
    """
    async with stores.database.turn(account_id), stores.database.account(account_id) as connection:
        account = await accounts.lock(connection, account_id)
        head = await accounts.head(
            connection, account_id
        )  # a later statement: reads what the lock waited for
        ledger = Ledger(account, connection, head.version, head.job_number, head.now)
        yield ledger
        await ledger._flush()
        changed = ledger.version > head.version
    if changed:
        stores.doorbell.ring(account_id)
