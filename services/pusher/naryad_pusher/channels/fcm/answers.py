"""What FCM's answers mean for us."""

import json
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Any, assert_never

import httpx

from naryad_pusher.channels.channel import Gone, Misconfigured, Outcome, Rejected, Retry, Sent
from naryad_pusher.channels.retry_after import seconds_to_wait

PAUSE_S = 60.0


class Meaning(Enum):
    GONE = auto()
    BAD_TOKEN_OR_MESSAGE = auto()
    OTHER_PROJECT = auto()
    MISCONFIGURED = auto()
    RETRY = auto()
    REJECTED = auto()


# By HTTP status and errorCode, as https://firebase.google.com/docs/reference/fcm/rest/v1/ErrorCode has them.
MEANINGS: dict[tuple[int, str], Meaning] = {
    (404, "UNREGISTERED"): Meaning.GONE,                       # the app was removed, or has another token now
    (400, "INVALID_ARGUMENT"): Meaning.BAD_TOKEN_OR_MESSAGE,   # the violations tell which of the two
    (403, "SENDER_ID_MISMATCH"): Meaning.OTHER_PROJECT,        # the token is of another Firebase project
    (401, "THIRD_PARTY_AUTH_ERROR"): Meaning.MISCONFIGURED,    # the project lacks Apple's or Web Push's key
    (429, "QUOTA_EXCEEDED"): Meaning.RETRY,                    # ours, or this one phone's
    (503, "UNAVAILABLE"): Meaning.RETRY,
    (500, "INTERNAL"): Meaning.RETRY,
}  # fmt: skip

# Without one of these codes: from Google's front, from a proxy between us, or from a wrong address.
BY_STATUS: dict[int, Meaning] = {
    401: Meaning.MISCONFIGURED,  # the access token is refused
    403: Meaning.MISCONFIGURED,  # the service account may not send, or the API is off in the project
    404: Meaning.RETRY,          # says nothing of the token: a wrong project or NARYAD_FCM_URL
    407: Meaning.MISCONFIGURED,  # a proxy wants to know us
    408: Meaning.RETRY,
    429: Meaning.RETRY,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    code: str
    told: str
    token_violated: bool


def outcome(response: httpx.Response, token: str, now: datetime, *, project_proven: bool) -> Outcome:
    """`project_proven`: with these credentials FCM has taken a message before, so that a token of another
    project is that phone's fault. It must not make the channel pause for all others.
    """
    if response.status_code == 200:
        return _taken(response)
    answer = _read(response, token)
    detail = f"FCM {answer.status} {answer.code} {answer.told}".rstrip()
    match _meaning(answer):
        case Meaning.GONE:
            return Gone(detail)
        case Meaning.BAD_TOKEN_OR_MESSAGE:
            return Gone(detail) if answer.token_violated else Rejected(detail)
        case Meaning.OTHER_PROJECT:
            return Retry(detail, PAUSE_S) if project_proven else Misconfigured(detail)
        case Meaning.MISCONFIGURED:
            return Misconfigured(detail)
        case Meaning.RETRY:
            wished_s = seconds_to_wait(response.headers.get("retry-after"), now)
            # FCM asks for a minute after a 429 that names no time.
            return Retry(detail, wished_s or (PAUSE_S if answer.status == 429 else 0))
        case Meaning.REJECTED:
            return Rejected(detail)
        case never:
            assert_never(never)


def _meaning(answer: Answer) -> Meaning:
    known = MEANINGS.get((answer.status, answer.code)) or BY_STATUS.get(answer.status)
    if known is not None:
        return known
    # Another 4xx will not be taken the next time either; a redirect, which is not followed, may end.
    return Meaning.REJECTED if 400 <= answer.status < 500 else Meaning.RETRY


def _taken(response: httpx.Response) -> Outcome:
    """Only FCM's own answer proves that it has the message: a proxy says 200 too."""
    name = _json(response).get("name")
    return Sent() if isinstance(name, str) and name else Retry("FCM 200 without the name of the message")


def _read(response: httpx.Response, token: str) -> Answer:
    """Of any body: an error may come from something that is not FCM."""
    error = _dict(_json(response).get("error"))
    details = error.get("details")
    listed = [_dict(one) for one in details] if isinstance(details, list) else []
    codes = [one["errorCode"] for one in listed if isinstance(one.get("errorCode"), str)]
    status, told = error.get("status"), error.get("message")
    return Answer(
        status=response.status_code,
        code=codes[0] if codes else status[:60] if isinstance(status, str) else "",
        told=told.replace(token, "…")[:200] if isinstance(told, str) else "",
        token_violated=any(_names_token(one) for one in listed),
    )


def _names_token(detail: dict[str, Any]) -> bool:
    violations = detail.get("fieldViolations")
    if not isinstance(violations, list):
        return False
    return any(_dict(one).get("field") in ("message.token", "token") for one in violations)


def _json(response: httpx.Response) -> dict[str, Any]:
    try:
        return _dict(json.loads(response.content))
    except (ValueError, RecursionError):
        return {}


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
