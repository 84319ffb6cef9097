"""What each answer of APNs means for the message, the phone's token and the channel.

The words are Apple's ("Handling notification responses from APNs").
"""

from datetime import UTC, datetime
from typing import Literal, TypeAlias, assert_never

from naryad_pusher.channels.apns.exchange import Answer
from naryad_pusher.channels.channel import Gone, Misconfigured, Outcome, Rejected, Retry, Sent
from naryad_pusher.channels.retry_after import seconds_to_wait

Verdict: TypeAlias = Literal["sent", "gone", "gone if old", "retry", "misconfigured", "rejected"]

# What is not here is judged by its status, below. The text says what to do.
REASONS: dict[str, tuple[Verdict, str]] = {
    # The token is at fault: it is retired, and the app registers a new one when it is opened.
    "BadDeviceToken": ("gone", "the token is not one of this environment"),
    "DeviceTokenNotForTopic": ("gone", "the token is another app's"),
    "Unregistered": ("gone if old", "the app was removed or notifications were turned off"),
    "ExpiredToken": ("gone if old", "the token has expired"),
    # We are at fault, whatever the message: the channel pauses, tokens and messages are kept.
    "BadCertificate": ("misconfigured", "check NARYAD_APNS_KEY_FILE"),
    "BadCertificateEnvironment": ("misconfigured", "check NARYAD_APNS_KEY_FILE"),
    "ExpiredProviderToken": ("misconfigured", "check this machine's clock"),
    "InvalidProviderToken": (
        "misconfigured",
        "check NARYAD_APNS_KEY_FILE, NARYAD_APNS_KEY_ID and NARYAD_APNS_TEAM_ID: do they belong together?",
    ),
    "MissingProviderToken": ("misconfigured", "does something in between remove headers?"),
    "BadEnvironmentKeyIdInToken": ("misconfigured", "the key is for the other environment"),
    "UnrelatedKeyIdInToken": ("misconfigured", "the key is for other apps"),
    "Forbidden": ("misconfigured", "is the key revoked at Apple?"),
    "BadTopic": ("misconfigured", "check NARYAD_APNS_TOPIC"),
    "MissingTopic": ("misconfigured", "check NARYAD_APNS_TOPIC"),
    "TopicDisallowed": ("misconfigured", "check NARYAD_APNS_TOPIC: the key may not send to it"),
    # Not now.
    "IdleTimeout": ("retry", "the connection was idle"),
    "TooManyProviderTokenUpdates": ("retry", "do several machines send with this key?"),
    "TooManyRequests": ("retry", "too many messages to one phone"),
    "InternalServerError": ("retry", "Apple's fault"),
    "ServiceUnavailable": ("retry", "Apple's servers are busy"),
    "Shutdown": ("retry", "Apple's server is going down"),
    # This message will never do.
    "PayloadTooLarge": ("rejected", "more than 4,096 bytes"),
}


def by_status(status: int) -> Verdict:
    """For a reason that Apple invents later, or none at all."""
    match status:
        case 200:
            return "sent"
        case 403:
            return "misconfigured"
        case 410:
            return "gone if old"
        case 429:
            return "retry"
        case _ if 400 <= status < 500:
            return "rejected"
        case _:  # 5xx, and what no APNs would answer
            return "retry"


def outcome_of(answer: Answer, registered_at: datetime, now: datetime) -> Outcome:
    """`registered_at`: when the phone told us its token, which may be later than what Apple says of it."""
    verdict, advice = by_status(answer.status), ""
    if verdict != "sent" and answer.reason in REASONS:
        verdict, advice = REASONS[answer.reason]
    detail = f"APNs {answer.status} {answer.reason or 'without a reason'}{advice and f': {advice}'}"
    match verdict:
        case "sent":
            return Sent()
        case "gone":
            return Gone(detail)
        case "gone if old" if answer.timestamp is None or registered_at < _instant(answer.timestamp):
            return Gone(detail)
        case "gone if old":
            return Retry(f"{detail}; but the phone registered since")
        case "retry":
            return Retry(detail, seconds_to_wait(answer.retry_after, now))
        case "misconfigured":
            return Misconfigured(detail)
        case "rejected":
            return Rejected(detail)
        case _:
            assert_never(verdict)


def _instant(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
