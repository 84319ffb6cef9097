"""One attempt to deliver one message: look again, compose, send, and say what became of it."""

import asyncio
from time import monotonic
from typing import assert_never

import structlog

from naryad.db.deliveries import Delivery, Settlement
from naryad.domain.push_address import Address
from naryad.domain.workday import end_of_day
from naryad_pusher.backoff import pause_before
from naryad_pusher.breaker import LONGEST_S
from naryad_pusher.channels.channel import Channel, Gone, Misconfigured, Outcome, Rejected, Retry, Sent
from naryad_pusher.compose import Message, compose
from naryad_pusher.metrics import TO_PROVIDER
from naryad_pusher.recheck import reason_to_skip

log = structlog.get_logger()

SEND_S = 10.0  # well within the lease of 30 s


async def attempt(channel: Channel, delivery: Delivery) -> tuple[Settlement, Outcome | None]:
    """The settlement to write down, and how the sending ended if there was one."""
    began = monotonic()
    try:
        skip = reason_to_skip(delivery)
        if skip is not None:
            return Settlement(delivery, "skipped", skip), None
        assert delivery.job is not None
        message = compose(delivery, delivery.job)
        outcome = await _send(channel, message, delivery.phone.address)
    except Exception as error:  # one faulty message must not stop the others; it is tried again
        log.exception("push attempt failed", channel=channel.name, delivery=str(delivery.id))
        return _again(delivery, repr(error), 0), None
    if isinstance(outcome, Sent):
        waited = (delivery.now - delivery.told_at).total_seconds() + monotonic() - began
        TO_PROVIDER.labels(channel.name).observe(max(0, waited))
    return _settlement(delivery, message, outcome), outcome


async def _send(channel: Channel, message: Message, address: Address) -> Outcome:
    try:
        async with asyncio.timeout(SEND_S):
            return await channel.send(message, address)
    except TimeoutError:
        return Retry(f"no answer within {SEND_S:g} s")


def _settlement(delivery: Delivery, message: Message, outcome: Outcome) -> Settlement:
    match outcome:
        case Sent():
            return Settlement(delivery, "sent", payload=message.as_json())
        case Gone(detail):
            return Settlement(delivery, "dead", detail, gone=True, retires=True)
        case Rejected(detail):
            return Settlement(delivery, "dead", detail)
        case Retry(detail, after_s):
            return _again(delivery, detail, after_s)
        case Misconfigured(detail):
            return _again(delivery, detail, LONGEST_S)
        case _:
            assert_never(outcome)


def _again(delivery: Delivery, detail: str, floor_s: float) -> Settlement:
    """Try again later, unless the worker's day is over by then."""
    delay = pause_before(delivery.attempts + 1, floor_s)
    if delivery.now + delay >= end_of_day(delivery.worker.zone, delivery.now):
        return Settlement(delivery, "dead", f"the day ended after {delivery.attempts} attempts: {detail}")
    return Settlement(delivery, "pending", detail, delay=delay)
