"""What the answers of push services mean for us (RFC 8030 §5 to §8, RFC 8292 §4.2)."""

from dataclasses import dataclass
from datetime import datetime

from naryad_pusher.channels.channel import Gone, Outcome, Rejected, Retry, Sent
from naryad_pusher.channels.retry_after import seconds_to_wait

REFUSED_S = 60.0


@dataclass(frozen=True, slots=True)
class Answer:
    """`told` is what the body says, without the subscription."""

    host: str
    status: int
    retry_after: str | None
    told: str


def outcome(answer: Answer, now: datetime, *, older_than_key: bool) -> Outcome:
    """`older_than_key`: the browser subscribed before our key pair was made, so for another one.

    A 401 or 403 is this one service's word on our signature, or on this one subscription, which may be for
    another key. It is never Misconfigured, for that pauses the channel: one service's refusal must not stop
    the messages to all other browsers. The message waits; when all services refuse, the channel's breaker
    opens by itself.
    """
    detail = f"{answer.host} {answer.status} {answer.told}".rstrip()
    match answer.status:
        case 200 | 201 | 202:  # taken; 202 where receipts are asked for
            return Sent()
        case 404 | 410:  # the subscription expired, or the browser took it back
            return Gone(detail)
        case 401 | 403 if older_than_key:
            return Gone(f"{detail}: subscribed with an earlier key")
        case 401 | 403:
            return Retry(detail, max(seconds_to_wait(answer.retry_after, now), REFUSED_S))
        case 408 | 425 | 429:
            return Retry(detail, seconds_to_wait(answer.retry_after, now))
        case 413:  # more than this service takes: it will not become less
            return Rejected(detail)
        case status if 400 <= status < 500:
            return Rejected(detail)
        case _:  # 5xx; also a redirect, which is not followed, and whatever else is no answer to a push
            return Retry(detail, seconds_to_wait(answer.retry_after, now))
