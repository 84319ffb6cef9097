"""All words of the notifications, Russian and English."""

from dataclasses import dataclass

from naryad.domain.push_rules import Reason
from naryad.domain.states import JobState


@dataclass(frozen=True, slots=True)
class Texts:
    titles: dict[Reason, str]  # of {number} and {state}
    states: dict[JobState, str]
    today: str  # of {time}
    until: str  # of {time}: began on an earlier day
    all_day: str


RUSSIAN = Texts(
    titles={
        Reason.ASSIGNED: "Новый наряд № {number}",
        Reason.STATE: "Наряд № {number}: {state}",
        Reason.CHANGED: "Наряд № {number} изменён",
    },
    states={
        JobState.POSTED: "размещён",
        JobState.SCHEDULED: "запланирован",
        JobState.PUBLISHED: "опубликован",
        JobState.EN_ROUTE: "в пути",
        JobState.STARTED: "начат",
        JobState.SUSPENDED: "приостановлен",
        JobState.FINISHED: "завершён",
        JobState.CANCELED: "отменён",
    },
    today="Сегодня, {time}",
    until="Сегодня до {time}",
    all_day="Сегодня весь день",
)

ENGLISH = Texts(
    titles={
        Reason.ASSIGNED: "New job {number}",
        Reason.STATE: "Job {number}: {state}",
        Reason.CHANGED: "Job {number} has changed",
    },
    states={
        JobState.POSTED: "posted",
        JobState.SCHEDULED: "scheduled",
        JobState.PUBLISHED: "published",
        JobState.EN_ROUTE: "en route",
        JobState.STARTED: "started",
        JobState.SUSPENDED: "paused",
        JobState.FINISHED: "finished",
        JobState.CANCELED: "canceled",
    },
    today="Today, {time}",
    until="Today until {time}",
    all_day="All day today",
)


def texts_for(locale: str) -> Texts:
    """Russian for ru, ru-RU and their like, else English."""
    return RUSSIAN if locale.lower().replace("_", "-").split("-")[0] == "ru" else ENGLISH
