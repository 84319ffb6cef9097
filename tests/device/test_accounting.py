"""Which files a phone must send, fetch and may forget: a photo only when the server has its bytes."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from naryad.device.accounting import settled, to_move, unsent, with_file
from naryad.device.held import HeldJob
from naryad.device.held_file import HeldFile, Stage
from naryad.device.operations import AddPhoto, Operation, RemovePhoto, Work
from naryad.device.photograph import Photograph
from naryad.device.receive import dismiss
from naryad.device.state import DeviceState, Notice
from naryad.domain.ids import DeviceId, FileId, JobId, OperationId
from naryad.domain.json import Json
from naryad.uuid7 import uuid7

JOB = JobId(UUID("018f0000-0000-7000-8000-000000000001"))
PHOTO = FileId(UUID("018f0000-0000-7000-8000-00000000aaaa"))
TAKEN = Photograph("before", b"\xff\xd8 light")


def job(**fields: Json) -> HeldJob:
    return HeldJob(JOB, 7, {"state": "started", **fields})


def phone(*work: Work, **fields: Json) -> DeviceState:
    """A phone with one job, a photo of it, and this work still in the outbox."""
    outbox = tuple(
        Operation(n, OperationId(uuid7()), JOB, 7, "2026-11-24T10:00:00+03:00", one)
        for n, one in enumerate(work, start=1)
    )
    state = DeviceState(DeviceId(uuid7()), jobs={JOB: job(**fields)}, outbox=outbox)
    return with_file(state, TAKEN.file(PHOTO, JOB))


def photo(state: str, **members: Any) -> dict[str, Any]:
    return {f"photos.{PHOTO}": {"id": str(PHOTO), "sha256": TAKEN.sha256, "state": state, **members}}


def stage(state: DeviceState) -> Stage | None:
    return state.files[PHOTO].stage if PHOTO in state.files else None


def sent(state: DeviceState) -> DeviceState:
    return with_file(state, replace(state.files[PHOTO], stage=Stage.SENT))


def test_a_photo_is_kept_until_the_server_says_available_for_its_hash() -> None:
    assert stage(settled(phone(TAKEN.record(PHOTO)))) is Stage.WAITING
    assert stage(settled(phone(**photo("expected")))) is Stage.WAITING
    assert stage(settled(sent(phone(TAKEN.record(PHOTO))))) is Stage.SENT
    assert stage(settled(phone(**photo("available", sha256="0" * 64)))) is Stage.WAITING
    assert stage(settled(phone(**photo("available")))) is None


def test_bytes_that_the_server_does_not_have_after_all_are_offered_again() -> None:
    assert stage(settled(sent(phone(**photo("expected"))))) is Stage.WAITING
    failed = settled(sent(phone(**photo("failed", reason="повреждено"))))
    assert (stage(failed), failed.files[PHOTO].why) == (Stage.WAITING, "повреждено")


def test_a_photo_of_a_job_that_was_taken_away_is_sent_and_then_forgotten() -> None:
    away = replace(phone(), jobs={}, gone={JOB: job()})
    assert stage(settled(away)) is Stage.WAITING
    assert stage(settled(sent(away))) is None


def test_a_refused_photo_stays_readable_while_its_notice_is_unread_and_is_not_sent() -> None:
    state = phone()
    operation = Operation(1, OperationId(uuid7()), JOB, 7, "", AddPhoto(PHOTO, {}))
    state = replace(state, notices={operation.id: Notice(operation, "rejected")})
    state = settled(state)
    assert (stage(state), to_move(state), unsent(state)) == (Stage.REFUSED, [], (0, 0))
    assert stage(settled(dismiss(state, operation.id))) is None


def test_a_photo_that_was_removed_is_not_sent_and_is_forgotten_with_the_acknowledgement() -> None:
    removing = settled(phone(TAKEN.record(PHOTO), RemovePhoto(PHOTO)))
    assert (stage(removing), to_move(removing)) == (Stage.WAITING, [])
    assert stage(settled(phone())) is None


def test_unsent_counts_what_has_to_leave_the_phone() -> None:
    assert unsent(phone(TAKEN.record(PHOTO))) == (1, len(TAKEN.content))
    assert unsent(sent(phone(TAKEN.record(PHOTO)))) == (0, 0)


def test_attachments_come_with_the_job_and_go_with_it() -> None:
    file = FileId(uuid7())
    named = {
        "id": str(file),
        "name": "план.pdf",
        "size": 9,
        "sha256": "a" * 64,
        "media_type": "application/pdf",
    }
    state = settled(phone(**photo("expected"), **{f"attachments.{file}": named}))
    assert [one.id for one in to_move(state)] == [PHOTO, file]
    held = with_file(state, replace(state.files[file], stage=Stage.HELD))
    assert settled(held) is held
    renewed = replace(held, jobs={JOB: job(**{f"attachments.{file}": {**named, "sha256": "b" * 64}})})
    assert settled(renewed).files[file].stage is Stage.WAITING
    assert file not in settled(replace(held, jobs={})).files


def test_the_same_state_is_nothing_new() -> None:
    state = settled(phone(**photo("expected")))
    assert settled(state) is state
    assert isinstance(state.files[PHOTO], HeldFile)
