"""The oracle: what phones and dispatchers know, against what the server says. Pure.

1. Every operation ever made was acknowledged, with an outcome that never changed; if refused, with a reason.
2. Every other outcome names a version of its job at which the history shows what was meant, and every
   change that a phone is said to have made belongs to exactly one operation.
3. What a dispatcher was promised is in the history once; what was refused is not.
4. The history of each job rebuilds it.
5. Every phone holds exactly the jobs that it should, as the API shows them, and nothing unsent.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, assert_never

from naryad.device.held import HeldJob
from naryad.device.operations import (
    AddComment,
    AddPhoto,
    Operation,
    RemovePhoto,
    SetReport,
    SetState,
)
from naryad.domain.ids import DeviceId, OperationId
from naryad.domain.json import Json, JsonObject, is_empty, same
from naryad.domain.states import PLANNED, JobState
from naryad_cli.simulate.desk import Promise
from naryad_cli.simulate.journal import Journal, Made, Outcome
from naryad_cli.simulate.rebuilt import fields_at, fields_shown
from naryad_cli.simulate.truth import Thing, Truth
from naryad_cli.simulate.verdict import Fault, Finding


@dataclass(frozen=True, slots=True)
class PhoneAtEnd:
    device: DeviceId
    worker_id: str
    jobs: Sequence[HeldJob]
    templates: Mapping[str, JsonObject]
    outbox: frozenset[OperationId]


def judge(
    journal: Journal, promises: Sequence[Promise], phones: Sequence[PhoneAtEnd], truth: Truth
) -> list[Finding]:
    """Everything that is not as it should be; empty when all is well."""
    return [
        *(Finding(Fault.DOUBLED, text) for text in journal.contradictions),
        *_operations(journal, phones, truth),
        *_promises(promises, truth),
        *_histories(truth),
        *(finding for phone in phones for finding in _phone(phone, truth)),
    ]


def _operations(journal: Journal, phones: Sequence[PhoneAtEnd], truth: Truth) -> Iterator[Finding]:
    unsent = {id for phone in phones for id in phone.outbox}
    mine = {str(phone.device) for phone in phones}
    entries = {
        (job, entry["version"]): entry for job, history in truth.histories.items() for entry in history
    }
    unclaimed = {key for key, entry in entries.items() if entry.get("device_id") in mine}
    for id, made in journal.made.items():
        outcome = journal.outcomes.get(id)
        if outcome is None and id in unsent:
            yield Finding(Fault.UNSENT, f"{_named(made)} is still on the phone")
        elif outcome is None:
            yield Finding(Fault.LOST, f"{_named(made)} left the phone without an answer")
        elif outcome.status == "rejected":
            if outcome.problem is None:
                yield Finding(Fault.LOST, f"{_named(made)} was refused without a reason")
        else:
            key = (str(made.operation.job_id), outcome.version)
            yield from _effect(made, outcome, entries.get(key), truth)
            if entries.get(key, {}).get("device_id") == str(made.device):
                unclaimed.discard(key)
    for job, version in sorted(unclaimed):
        entry = entries[job, version]
        about = f"{entry['kind']} at {version} of job {job} by device {entry['device_id']}"
        yield Finding(Fault.DOUBLED, f"no operation accounts for {about}")


def _effect(made: Made, outcome: Outcome, entry: Thing | None, truth: Truth) -> Iterator[Finding]:
    """At the version that the outcome names, the job must be as the worker meant it."""
    if entry is None:
        yield Finding(
            Fault.LOST, f"{_named(made)} was {outcome.status} at {outcome.version}, which no history has"
        )
        return
    fields = fields_at(truth.histories[str(made.operation.job_id)], outcome.version)
    meant = _meant(made.operation)
    missing = [name for name in meant if name not in outcome.lost and not _is(fields.get(name), meant[name])]
    if missing:
        yield Finding(
            Fault.LOST,
            f"{_named(made)} was {outcome.status} at {outcome.version}, but not in {', '.join(missing)}",
        )


def _meant(operation: Operation) -> dict[str, Json]:
    """Field → value after the operation; of photos and comments what tells them apart."""
    match operation.work:
        case SetState(state):
            return {"state": state}
        case SetReport(fields):
            return {f"report.{key}": value for key, value in fields.items()}
        case AddComment(id, text):
            return {f"comments.{id}": {"text": text}}
        case AddPhoto(id, record):
            return {f"photos.{id}": {"sha256": record["sha256"]}}
        case RemovePhoto(id):
            return {f"photos.{id}": None}
        case _:
            assert_never(operation.work)


def _is(value: Json, meant: Json) -> bool:
    if isinstance(value, Mapping) and isinstance(meant, Mapping):
        return all(same(value.get(name), member) for name, member in meant.items())
    return (is_empty(value) and is_empty(meant)) or same(value, meant)


def _promises(promises: Sequence[Promise], truth: Truth) -> Iterator[Finding]:
    for one in promises:
        history = truth.histories.get(one.job_id, [])
        if one.kept and one.version is not None and all(e["version"] != one.version for e in history):
            yield Finding(Fault.LOST, f"version {one.version} of job {one.job_id}, promised to a dispatcher")
        if one.kept and one.kind is not None and all(e["kind"] != one.kind for e in history):
            yield Finding(Fault.LOST, f"job {one.job_id} {one.kind}, as promised to a dispatcher")
        if one.field is not None:
            times = sum(e["fields"].get(one.field, {}).get("new") == one.value for e in history)
            about = f"{one.field} = {one.value!r} of job {one.job_id}"
            if one.kept and times == 0:
                yield Finding(Fault.LOST, f"{about}, promised to a dispatcher")
            if times > (0 if one.refused else 1):
                yield Finding(Fault.DOUBLED, f"{about} happened {times} times, answered {one.answer}")


def _histories(truth: Truth) -> Iterator[Finding]:
    for job, history in truth.histories.items():
        versions = [entry["version"] for entry in history]
        if versions != sorted(set(versions)):
            yield Finding(Fault.DIVERGED, f"the history of job {job} is not in order: {versions}")
        shown = truth.jobs.get(job)
        deleted = history[-1]["kind"] == "deleted"
        if deleted is not (shown is None):
            yield Finding(
                Fault.DIVERGED, f"job {job} {'is' if shown else 'is not'} there against its history"
            )
        elif shown is not None:
            wrong = _different(fields_at(history), fields_shown(shown))
            if wrong or shown["version"] != versions[-1]:
                yield Finding(Fault.DIVERGED, f"the history of job {job} does not rebuild it: {wrong}")
    for job in truth.jobs.keys() - truth.histories.keys():
        yield Finding(Fault.DIVERGED, f"job {job} has no history")


def _phone(phone: PhoneAtEnd, truth: Truth) -> Iterator[Finding]:
    held = {str(job.id): job.as_json() for job in phone.jobs}
    due = {job for job in truth.of_worker.get(phone.worker_id, ()) if _may_see(phone, truth.jobs[job])}
    for job in sorted(held.keys() - due):
        yield Finding(Fault.DIVERGED, f"phone {phone.device} holds job {job}, which it may not see")
    for job in sorted(due - held.keys()):
        yield Finding(Fault.DIVERGED, f"phone {phone.device} lacks job {job}")
    for job in sorted(due & held.keys()):
        wrong = _different(fields_shown(held[job]), fields_shown(truth.jobs[job]))
        wrong += [name for name in ("version", "number") if held[job].get(name) != truth.jobs[job][name]]
        if wrong:
            yield Finding(Fault.DIVERGED, f"phone {phone.device} holds job {job} with another {wrong}")
    if phone.outbox:
        yield Finding(Fault.UNSENT, f"phone {phone.device} holds {len(phone.outbox)} operations unsent")
    template = truth.template
    if held and phone.templates.get(template["id"]) != template:
        yield Finding(Fault.DIVERGED, f"phone {phone.device} has another template than the server")
    shown = truth.devices.get(str(phone.device))
    if shown is None or shown["worker_id"] != phone.worker_id:
        yield Finding(Fault.DIVERGED, f"the server does not know phone {phone.device} of {phone.worker_id}")


def _may_see(phone: PhoneAtEnd, job: Thing) -> bool:
    assigned = any(one["worker_id"] == phone.worker_id for one in job.get("assignees", ()))
    return assigned and JobState(job["state"]) not in PLANNED


def _different(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    return sorted(name for name in one.keys() | other.keys() if not same(one.get(name), other.get(name)))


def _named(made: Made) -> str:
    operation = made.operation
    return f"operation {operation.id} ({type(operation.work).__name__} of job {operation.job_id})"


def counted(journal: Journal) -> tuple[Counter[str], Counter[str]]:
    """Operations by status, and rejected ones by reason."""
    outcomes = [journal.outcomes[id] for id in journal.made if id in journal.outcomes]
    return (
        Counter(one.status for one in outcomes),
        Counter(one.problem or "?" for one in outcomes if one.status == "rejected"),
    )
