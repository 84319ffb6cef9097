"""What the device does with an answer, case by case."""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid5

import pytest

from naryad.device.answers import Page, Refused, Unintelligible, Unreachable, page
from naryad.device.operations import SetReport, SetState, Work
from naryad.device.outbox import JobNotHeld, save
from naryad.device.receive import Then, dismiss, receive
from naryad.device.replay import view, views
from naryad.device.requests import Exchange, Poll, next_request
from naryad.device.state import DeviceState, Health
from naryad.domain.ids import DeviceId, JobId, OperationId
from naryad.domain.network import Network
from naryad.domain.states import JobState
from naryad.domain.sync_policy import Trigger

SPACE = UUID("018f0000-0000-7000-8000-000000000000")
JOB = JobId(uuid5(SPACE, "job"))
HEALTH = Health(Network.FAST, 0, 0, 0, "1.0.0")
NOW = "2026-11-24T10:00:00+03:00"
SENT = {"id": str(JOB), "version": 7, "complete": True, "state": "published", "description": "Ремонт"}


def fresh() -> DeviceState:
    """A device that holds one job and has nothing to say."""
    state = DeviceState(DeviceId(SPACE))
    answer = Page("1.7", acknowledged=0, jobs=[SENT])
    return receive(state, ask(state), answer).state


def ask(state: DeviceState, most: int = 500) -> Any:
    return next_request(state, HEALTH, Trigger.TIMER, NOW, most)


def worked(state: DeviceState, *works: Work) -> DeviceState:
    for work in works:
        n = len(state.outbox) + state.acknowledged
        state, _ = save(state, work, JOB, OperationId(uuid5(SPACE, f"operation {n}")), NOW)
    return state


def result(state: DeviceState, n: int, **members: Any) -> dict[str, Any]:
    return {"seq": state.outbox[n].seq, "id": str(state.outbox[n].id), "status": "applied", **members}


START, REPORT = SetState(JobState.STARTED), SetReport({"meter": 5})


def test_nothing_to_say_is_a_poll() -> None:
    assert ask(fresh()) == Poll("1.7")


def test_changed_health_is_a_post_without_operations() -> None:
    request = next_request(fresh(), replace(HEALTH, network=Network.SLOW), Trigger.TIMER, NOW)
    assert isinstance(request, Exchange)
    assert request.body["operations"] == []
    assert request.body["device"]["network"] == "slow"  # type: ignore[index,call-overload]


def test_unsent_counts_what_stays_behind() -> None:
    request = ask(worked(fresh(), START, REPORT, REPORT), most=2)
    assert [one["seq"] for one in request.body["operations"]] == [1, 2]
    assert request.body["device"]["unsent"]["operations"] == 1


def test_work_for_a_job_that_is_not_here_is_refused_at_once() -> None:
    with pytest.raises(JobNotHeld):
        save(fresh(), START, JobId(SPACE), OperationId(SPACE), NOW)


def test_an_operation_leaves_only_when_its_id_is_answered_and_its_number_confirmed() -> None:
    state = worked(fresh(), START, REPORT)
    request = ask(state)
    only_number = Page("1.8", acknowledged=2, results=[])
    assert receive(state, request, only_number).state.outbox == state.outbox
    only_id = Page("1.8", acknowledged=1, results=[result(state, 0), result(state, 1)])
    assert receive(state, request, only_id).state.outbox == state.outbox[1:]
    both = Page("1.8", acknowledged=2, results=[result(state, 0), result(state, 1)])
    assert receive(state, request, both).state.outbox == ()


def test_work_done_while_the_request_was_away_stays() -> None:
    state = worked(fresh(), START)
    request = ask(state)
    answer = Page("1.8", acknowledged=1, results=[result(state, 0)])
    received = receive(worked(state, REPORT), request, answer)
    assert [one.seq for one in received.state.outbox] == [2]
    assert received.then is Then.AGAIN


def test_an_unanswered_request_changes_nothing() -> None:
    state = worked(fresh(), START)
    received = receive(state, ask(state), Unreachable("cut"))
    assert (received.state, received.then) == (state, Then.BACK_OFF)


@pytest.mark.parametrize("slug", ["operation-gap", "operation-mismatch"])
def test_a_server_at_another_number_makes_the_device_renumber_and_keep_ids(slug: str) -> None:
    state = worked(fresh(), START, REPORT)
    received = receive(state, ask(state), Refused(409, slug, {"last_seq": 40}))
    assert [one.seq for one in received.state.outbox] == [41, 42]
    assert [one.id for one in received.state.outbox] == [one.id for one in state.outbox]
    assert [one.base_version for one in received.state.outbox] == [7, 7]
    assert received.then is Then.AGAIN


@pytest.mark.parametrize("refusal", [Refused(410, "cursor-expired"), Refused(400, "invalid-cursor")])
def test_an_expired_cursor_is_followed_by_have(refusal: Refused) -> None:
    state = worked(fresh(), START)
    received = receive(state, ask(state), refusal)
    assert received.then is Then.AGAIN
    assert received.state.outbox == state.outbox
    body = ask(received.state).body
    assert (body["cursor"], body["have"]) == (None, {str(JOB): 7})
    answered = receive(received.state, ask(received.state), Page("2.9", acknowledged=0))
    assert "have" not in ask(answered.state).body


def test_a_refusal_of_have_is_not_answered_by_another_have_at_once() -> None:
    state = replace(fresh(), cursor=None, expired=True)
    assert receive(state, ask(state), Refused(410, "cursor-expired")).then is Then.BACK_OFF


@pytest.mark.parametrize(
    ("members", "status"),
    [
        ({"status": "rejected", "problem": {"type": "urn:naryad:problem:job-gone"}}, "rejected"),
        ({"status": "late"}, "late"),
        ({"status": "merged", "lost": ["report.meter"]}, "lost"),
        ({"status": "merged", "lost": ["report.meter"], "overrode": ["report.note"]}, "lost"),
        ({"status": "merged", "overrode": ["report.meter"]}, "overrode"),
        ({"status": "duplicate", "original_status": "rejected", "problem": {}}, "rejected"),
        ({"status": "duplicate", "original_status": "late"}, "late"),
        ({"status": "duplicate", "original_status": "merged", "overrode": ["report.meter"]}, "overrode"),
    ],
)
def test_what_the_worker_must_hear_is_kept_with_the_work_until_read(
    members: dict[str, Any], status: str
) -> None:
    state = worked(fresh(), REPORT)
    answer = Page("1.8", acknowledged=1, server_time="T", results=[result(state, 0, **members)])
    state = receive(state, ask(state), answer).state
    (notice,) = state.notices.values()
    assert (notice.status, notice.operation.work, notice.noticed_at) == (status, REPORT, "T")
    assert notice.lost == tuple(members.get("lost", ()))
    assert notice.overrode == tuple(members.get("overrode", ()))
    assert dismiss(state, notice.operation.id).notices == {}


@pytest.mark.parametrize("status", ["applied", "merged", "duplicate"])
def test_what_went_well_makes_no_noise(status: str) -> None:
    state = worked(fresh(), REPORT)
    answer = Page("1.8", acknowledged=1, results=[result(state, 0, status=status)])
    assert receive(state, ask(state), answer).state.notices == {}


def test_downloads_apply_under_pending_work() -> None:
    state = worked(fresh(), REPORT)
    moved = {**SENT, "version": 8, "complete": False, "description": "Другое", "report": {"meter": 1}}
    state = receive(state, Poll("1.7"), Page("1.8", jobs=[moved])).state
    shown = view(state, JOB)
    assert shown is not None
    assert (shown.job.fields["description"], shown.job.fields["report.meter"]) == ("Другое", 5)
    assert shown.unsent == {"report.meter"}


def test_a_move_that_became_impossible_is_shown_as_doubtful() -> None:
    state = worked(fresh(), START)
    canceled = {"id": str(JOB), "version": 8, "complete": False, "state": "canceled"}
    state = receive(state, Poll("1.7"), Page("1.8", jobs=[canceled])).state
    shown = view(state, JOB)
    assert shown is not None
    assert (shown.job.state, shown.doubtful, shown.next_states) == ("canceled", {"state"}, set())


def test_a_job_taken_away_stays_readable_while_work_for_it_is_unsent_or_unread() -> None:
    state = worked(fresh(), REPORT)
    state = receive(state, Poll("1.7"), Page("1.8", removed=[str(JOB)])).state
    assert views(state) == {}
    shown = view(state, JOB)
    assert shown is not None
    assert (shown.gone, shown.job.fields["report.meter"]) == (True, 5)
    late = Page("1.9", acknowledged=1, results=[result(state, 0, status="late")])
    state = receive(state, ask(state), late).state
    assert JOB in state.gone
    assert dismiss(state, next(iter(state.notices))).gone == {}


def test_a_job_taken_away_is_forgotten_when_nothing_speaks_of_it() -> None:
    state = receive(fresh(), Poll("1.7"), Page("1.8", removed=[str(JOB)])).state
    assert (state.jobs, state.gone) == ({}, {})


def test_a_request_too_large_is_cut_smaller_and_what_never_fits_blocks_nothing() -> None:
    state = worked(fresh(), SetReport({"note": "long"}), REPORT)
    too_large = Refused(413, "too-large", {"title": "too large"})
    assert receive(state, ask(state), too_large).then is Then.SMALLER
    received = receive(state, ask(state, most=1), too_large)
    assert [(one.seq, one.work) for one in received.state.outbox] == [(1, REPORT)]
    assert [one.status for one in received.state.notices.values()] == ["rejected"]


def test_a_401_asks_to_sign_in_and_keeps_everything() -> None:
    state = worked(fresh(), START)
    received = receive(state, ask(state), Refused(401, "unauthenticated"))
    assert (received.then, received.state) == (Then.SIGN_IN, state)


@pytest.mark.parametrize("status", [403, 422, 429, 500, 502, 503])
def test_any_other_refusal_waits(status: int) -> None:
    state = worked(fresh(), START)
    received = receive(state, ask(state), Refused(status))
    assert (received.then, received.state) == (Then.BACK_OFF, state)


def test_a_partial_job_of_which_nothing_is_held_makes_the_device_ask_anew() -> None:
    stranger = {"id": str(SPACE), "version": 9, "complete": False, "state": "started"}
    received = receive(fresh(), Poll("1.7"), Page("1.9", jobs=[stranger]))
    assert received.then is Then.AGAIN
    assert ask(received.state).body["have"] == {str(JOB): 7}


@pytest.mark.parametrize(
    "body", [None, [], {}, {"cursor": 5}, {"cursor": "1", "jobs": [{"id": 1}]}, {"cursor": "1", "jobs": 5}]
)
def test_what_is_no_answer_of_ours_is_not_taken_for_one(body: Any) -> None:
    with pytest.raises(Unintelligible):
        page(body)
