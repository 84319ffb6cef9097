"""What a random test draws: work at the desk, work on a phone, faults."""

from uuid import UUID, uuid5

from hypothesis import strategies as st

from naryad.device.operations import AddComment, AddPhoto, RemovePhoto, SetReport, SetState, Work
from naryad.domain.states import JobState
from support.air import Fault
from support.company import CREWS
from support.desk_work import Create, CreateAgain, Delete, DeskWork, Edit, Move, Reassign, Reschedule

SOME_RESOLUTION = (UUID(int=0), UUID(int=1))
"""Stands for the first or the second of whatever template the phone has: see `Pocket.work`."""

SPACE = UUID("018f0000-0000-7000-8000-000000000000")

numbers = st.integers(0, 5)
crews = st.integers(0, len(CREWS) - 1)
texts = st.sampled_from(["Срочно", "Потом", None])
plans = st.one_of(
    st.fixed_dictionaries({"description": texts}),
    st.fixed_dictionaries({"type": texts, "report": st.fixed_dictionaries({"note": texts})}),
    st.fixed_dictionaries({"report": st.fixed_dictionaries({"meter": st.sampled_from([None, 0, 1, 2])})}),
    st.fixed_dictionaries({"custom_fields": st.fixed_dictionaries({"floor": st.sampled_from([1, 2])})}),
)
moves = [JobState.PUBLISHED, JobState.SCHEDULED, JobState.FINISHED, JobState.CANCELED]

desk_works: st.SearchStrategy[DeskWork] = st.one_of(
    st.builds(Create, crews, st.booleans()),
    st.builds(Edit, numbers, plans, st.none() | st.integers(0, 40)),
    st.builds(Reassign, numbers, crews),
    st.builds(Reassign, numbers, crews),  # twice as often
    st.builds(Move, numbers, st.sampled_from(moves), st.sampled_from([None, 0, 1])),
    st.builds(Reschedule, numbers, st.sampled_from([None, 0, 1])),
    st.builds(Delete, numbers),
    st.builds(CreateAgain, numbers, crews),
)

works: st.SearchStrategy[Work] = st.one_of(
    st.sampled_from([SetState(JobState(one)) for one in ("en_route", "started", "suspended")]),
    st.sampled_from([SetState(JobState.FINISHED, chosen) for chosen in (None, *SOME_RESOLUTION)]),
    st.dictionaries(
        st.sampled_from(["meter", "note", "sealed"]),
        st.sampled_from([None, 1, 2, True, "да"]),  # some fit their field, others are refused
        min_size=1,
        max_size=2,
    ).map(SetReport),
    st.builds(lambda n, text: AddComment(_id("comment", n), text), numbers, st.sampled_from(["Тут", ""])),
    st.builds(lambda n: AddPhoto(_id("photo", n), _photo(n)), numbers),
    st.builds(lambda n: RemovePhoto(_id("photo", n)), numbers),
)

to_do = st.lists(st.tuples(numbers, works), min_size=1, max_size=3)
faults = st.lists(st.sampled_from(Fault), max_size=3)


def _id(kind: str, n: int) -> UUID:
    return uuid5(SPACE, f"{kind} {n}")


def _photo(n: int) -> dict[str, str | int]:
    return {"field": "before", "sha256": f"{n:064x}", "size": 9, "media_type": "image/jpeg"}
