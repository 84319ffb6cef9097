"""What a phone shows."""

from datetime import UTC, datetime
from typing import Any

import pytest

from naryad.domain.push_rules import Reason
from naryad.domain.states import JobState
from naryad_pusher.compose import Alert, Message, compose
from naryad_pusher.texts import ENGLISH, RUSSIAN
from pusher.deliveries import delivery


def composed(fields: dict[str, Any] | None = None, **members: Any) -> Message:
    made = delivery(fields, **members)
    assert made.job is not None
    return compose(made, made.job)


def shown(message: Message) -> Alert:
    assert message.alert is not None
    return message.alert


@pytest.mark.parametrize(
    ("reason", "russian", "english"),
    [
        (Reason.ASSIGNED, "Новый наряд № 42", "New job 42"),
        (Reason.CHANGED, "Наряд № 42 изменён", "Job 42 has changed"),
        (Reason.STATE, "Наряд № 42: приостановлен", "Job 42: paused"),
    ],
)
def test_title_by_reason(reason: Reason, russian: str, english: str) -> None:
    paused = {"state": "suspended"}
    assert shown(composed(paused, reason=reason)).title == russian
    assert shown(composed(paused, reason=reason, phone={"locale": "en-GB"})).title == english


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("ru", RUSSIAN),
        ("RU-ru", RUSSIAN),
        ("ru_KZ", RUSSIAN),
        ("en", ENGLISH),
        ("run-BI", ENGLISH),
        ("", ENGLISH),
    ],
)
def test_language_by_the_locale_of_the_phone(locale: str, language: Any) -> None:
    assert shown(composed(phone={"locale": locale})).title == language.titles[Reason.ASSIGNED].format(
        number=42
    )


@pytest.mark.parametrize(
    ("start", "minutes", "body"),
    [
        ("2026-11-24T07:00:00Z", 90, "Сегодня, 10:00–11:30"),
        ("2026-11-24T07:00:00Z", 0, "Сегодня, 10:00"),
        ("2026-11-24T19:00:00Z", 180, "Сегодня, 22:00"),  # ends tomorrow
        ("2026-11-23T20:00:00Z", 180, "Сегодня до 02:00"),  # began yesterday
        ("2026-11-23T07:00:00Z", 2880, "Сегодня весь день"),
    ],
)
def test_the_time_by_the_workers_clock(start: str, minutes: int, body: str) -> None:
    assert shown(composed({"scheduled_at": start, "scheduled_duration": minutes})).body == body


def test_a_lock_screen_shows_nothing_of_the_customer() -> None:
    shown = str(composed().as_json())
    for secret in ("Петрова", "999", "Ленина"):
        assert secret not in shown


def test_what_every_message_carries() -> None:
    made = delivery()
    message = composed()
    assert message.as_json() == {
        "notification_id": str(made.id),
        "job_id": str(made.job_id),
        "version": 7,
        "reason": "assigned",
        "title": "Новый наряд № 42",
        "body": "Сегодня, 10:00–11:30",
        "url": f"naryad://jobs/{made.job_id}",
    }
    assert message.expires_at == datetime(2026, 11, 24, 21, tzinfo=UTC)  # midnight in Moscow
    assert composed(phone={"platform": "web"}).url == f"/app/jobs/{made.job_id}"


def test_every_state_has_its_words() -> None:
    for texts in (RUSSIAN, ENGLISH):
        assert texts.states.keys() == set(JobState)
        assert texts.titles.keys() == set(Reason)
