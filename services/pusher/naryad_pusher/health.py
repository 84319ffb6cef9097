"""How one provider is: what its answers mean for those still to be sent, and for the tokens it refuses."""

from dataclasses import replace
from typing import assert_never

import structlog

from naryad.db.deliveries import Settlement
from naryad.domain.push_channel import ChannelName
from naryad_pusher.breaker import Breaker
from naryad_pusher.channels.channel import Gone, Misconfigured, Outcome, Rejected, Retry, Sent
from naryad_pusher.gone_wave import GoneWave
from naryad_pusher.metrics import HELD_BACK, RESTING, RETIRED

log = structlog.get_logger()

HELD = "the phone stays registered: too many are refused at once"


class ProviderHealth:
    """Times are seconds of one monotonic clock."""

    def __init__(self, channel: ChannelName) -> None:
        self._channel = channel
        self._breaker = Breaker()
        self._wave = GoneWave()

    def admits(self, wanted: int, in_flight: int, now: float) -> int:
        """How many of `wanted` messages may be sent now."""
        RESTING.labels(self._channel).set(self._breaker.is_resting(now))
        return self._breaker.admits(wanted, in_flight, now)

    def judge(self, settlement: Settlement, outcome: Outcome, now: float) -> Settlement:
        """Take notice of an answer; the settlement as it is to be written down."""
        match outcome:
            case Sent():
                self._breaker.succeeded()
                self._wave.note(settlement.delivery.phone.id, gone=False)
            case Rejected():
                self._breaker.succeeded()
            case Gone():
                return self._judge_gone(settlement, now)
            case Retry(detail, after_s):
                if self._breaker.failed(now, after_s):
                    log.warning("push channel rests: it fails", channel=self._channel, detail=detail)
            case Misconfigured(detail):
                if self._breaker.trip(now):
                    log.error(
                        "push channel rests: check its credentials", channel=self._channel, detail=detail
                    )
            case _:
                assert_never(outcome)
        return settlement

    def _judge_gone(self, settlement: Settlement, now: float) -> Settlement:
        was_rolling = self._wave.is_rolling
        self._wave.note(settlement.delivery.phone.id, gone=True)
        if not self._wave.is_rolling:
            self._breaker.succeeded()
            RETIRED.labels(self._channel).inc()
            return settlement
        rests = self._breaker.failed(now) if was_rolling else self._breaker.trip(now)
        if rests:
            log.error(
                "push channel rests: it refuses many tokens at once, none is retired until that ends; "
                "check its credentials, topic and environment, then `naryad push dead replay`",
                channel=self._channel,
                refused_phones=self._wave.refused,
                detail=settlement.detail,
            )
        HELD_BACK.labels(self._channel).inc()
        return replace(settlement, retires=False, detail=f"{settlement.detail}; {HELD}")
