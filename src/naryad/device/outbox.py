"""The outbox: work saved before anything is sent, in the order it was done, until it is acknowledged."""

from collections.abc import Collection
from dataclasses import replace

from naryad.device.operations import Operation, Work
from naryad.device.state import DeviceState
from naryad.domain.ids import JobId, OperationId


class JobNotHeld(Exception):
    """Work was meant for a job that this phone does not have."""


def save(
    state: DeviceState, work: Work, job_id: JobId, id: OperationId, happened_at: str
) -> tuple[DeviceState, Operation]:
    """Add work to the outbox. The caller stores the new state before it tells the worker "saved".

    Raises JobNotHeld. A job that was taken away still takes work: the server decides what is late.
    """
    held = state.held(job_id)
    if held is None:
        raise JobNotHeld(str(job_id))
    last = state.outbox[-1].seq if state.outbox else state.acknowledged
    operation = Operation(last + 1, id, job_id, held.version, happened_at, work)
    return replace(state, outbox=(*state.outbox, operation)), operation


def acknowledge(state: DeviceState, last_seq: int, known: Collection[OperationId]) -> DeviceState:
    """Forget what the server answered for by id and whose number it confirmed; nothing else, ever."""
    kept = tuple(one for one in state.outbox if one.seq > last_seq or one.id not in known)
    return replace(state, outbox=kept, acknowledged=last_seq)


def renumber(state: DeviceState, last_seq: int) -> DeviceState:
    """After `operation-gap` or `operation-mismatch`: the server is at another number than this phone thinks
    (reinstalled, or the server was restored). What is held is numbered anew from there; ids stay, so what
    had arrived after all is answered as duplicate."""
    outbox = tuple(replace(one, seq=last_seq + n) for n, one in enumerate(state.outbox, start=1))
    return replace(state, outbox=outbox, acknowledged=last_seq)
