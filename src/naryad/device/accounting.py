"""Which files the phone must send, fetch, keep and may forget: settled after every sync, pure.

A photo's bytes are forgotten only when the server said `available` for their hash, when the worker
or the desk removed the photo, or, for a job that is no longer here, when every byte was acknowledged.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import cast
from uuid import UUID

from naryad.device.held import HeldJob
from naryad.device.held_file import HeldFile, Stage
from naryad.device.operations import AddPhoto, RemovePhoto
from naryad.device.state import DeviceState
from naryad.domain.ids import FileId
from naryad.domain.json import JsonObject


def unsent(state: DeviceState) -> tuple[int, int]:
    """(files, bytes) that still have to leave the phone (R20)."""
    waiting = [one for one in state.files.values() if one.kind == "photo" and one.stage is Stage.WAITING]
    return len(waiting), sum(one.size for one in waiting)


def to_move(state: DeviceState) -> list[HeldFile]:
    """What may travel now, photos before attachments, the oldest first.

    A photo that the worker has removed again, with the removal still on its way, stays where it is.
    """
    removed = {one.work.photo_id for one in state.outbox if isinstance(one.work, RemovePhoto)}
    waiting = [one for one in state.files.values() if one.stage is Stage.WAITING and one.id not in removed]
    return sorted(waiting, key=lambda one: (one.kind != "photo", one.id))


def with_file(state: DeviceState, file: HeldFile) -> DeviceState:
    return replace(state, files={**state.files, file.id: file})


def settled(state: DeviceState) -> DeviceState:
    """After a sync: the files as the jobs now say they should be. The caller removes the bytes of those
    that are no longer among them, once the new state is stored."""
    files: dict[FileId, HeldFile] = {}
    for file in state.files.values():
        if file.kind == "photo" and (kept := _photo(state, file)):
            files[file.id] = kept
    for wanted in _attachments(state):
        held = state.files.get(wanted.id)
        files[wanted.id] = held if held and held.sha256 == wanted.sha256 else wanted
    return state if files == state.files else replace(state, files=files)


def _photo(state: DeviceState, file: HeldFile) -> HeldFile | None:
    """The photo's file as it goes on; None when the phone need not hold it any longer."""
    if any(isinstance(one.work, AddPhoto) and one.work.id == file.id for one in state.outbox):
        return file
    if any(
        _is_about(notice.operation.work, file)
        for notice in state.notices.values()
        if notice.status == "rejected"
    ):
        return replace(file, stage=Stage.REFUSED)
    job = state.jobs.get(file.job_id)
    if job is None:  # taken away: accepted as late, but nothing more is told of it
        return None if file.stage in (Stage.SENT, Stage.REFUSED) else file
    record = cast("JsonObject | None", job.fields.get(f"photos.{file.id}"))
    if record is None:
        return None
    if record.get("sha256") == file.sha256 and record.get("state") == "available":
        return None
    if record.get("state") == "failed":
        why = record.get("reason")
        return replace(file, stage=Stage.WAITING, why=why if isinstance(why, str) else file.why)
    # Still expected although every byte was acknowledged: the lane asks the upload where it stands.
    return replace(file, stage=Stage.WAITING) if file.stage is Stage.SENT else file


def _is_about(work: object, file: HeldFile) -> bool:
    return isinstance(work, AddPhoto) and work.id == file.id


def _attachments(state: DeviceState) -> Iterator[HeldFile]:
    for job in state.jobs.values():
        for name, value in job.fields.items():
            if name.startswith("attachments."):
                yield _attachment(job, cast("Mapping[str, str | int]", value))


def _attachment(job: HeldJob, sent: Mapping[str, str | int]) -> HeldFile:
    return HeldFile(
        id=FileId(UUID(str(sent["id"]))),
        kind="attachment",
        job_id=job.id,
        sha256=str(sent["sha256"]),
        size=int(sent["size"]),
        media_type=str(sent["media_type"]),
        name=str(sent["name"]),
    )
