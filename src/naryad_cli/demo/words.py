"""What simulated workers write into reports: plausible at first sight, in the template's language."""

import random
import re
from collections.abc import Mapping
from datetime import datetime

from naryad.domain.json import Json
from naryad.domain.template import FieldType

NOTES = {
    "ru": (
        "Всё работает, клиент доволен.",
        "Заменил прокладку, течи нет.",
        "Нужен повторный визит: нет запорного крана.",
        "Доступ через консьержа, ключ у него же.",
        "Показания сверены, пломба целая.",
    ),
    "en": (
        "All works, the customer is happy.",
        "Replaced the gasket, no leak.",
        "Needs another visit: the shut-off valve is missing.",
        "Ask the concierge for the key.",
        "Readings checked, the seal is intact.",
    ),
}
COMMENTS = {
    "ru": ("Буду через 15 минут.", "Парковки нет, задержусь немного.", "Клиент не отвечает, жду у подъезда."),
    "en": ("There in 15 minutes.", "No parking, a little late.", "No answer at the door, waiting."),
}
NUMBERS: tuple[tuple[re.Pattern[str], int, int], ...] = (
    (re.compile(r"new_reading", re.I), 0, 3),
    (re.compile(r"счётчик|счетчик|показан|meter|reading", re.I), 1_200, 98_000),
    (re.compile(r"скорост|speed", re.I), 90, 520),
    (re.compile(r"темп|temp", re.I), 18, 60),
    (re.compile(""), 1, 12),
)


def language(text: str) -> str:
    return "ru" if re.search("[а-яё]", text, re.I) else "en"


def comment(chance: random.Random, about: str) -> str:
    """A remark in the language of the job."""
    return chance.choice(COMMENTS[language(about)])


def report_value(field: Mapping[str, Json], chance: random.Random, now: datetime) -> Json:
    """A value that fits a report field of a template; None for what only a camera can fill."""
    name = f"{field['key']} {field['name']}"
    match FieldType(str(field["type"])):
        case FieldType.TEXT:
            return chance.choice(NOTES[language(name)])
        case FieldType.NUMBER:
            least, most = next((least, most) for word, least, most in NUMBERS if word.search(name))
            return chance.randint(least, most)
        case FieldType.YES_NO:
            return chance.random() < 0.85
        case FieldType.CHOICE:
            options = field.get("options")
            return chance.choice(options) if isinstance(options, list) and options else None
        case FieldType.DATE:
            return now.date().isoformat()
        case FieldType.TIME:
            return now.strftime("%H:%M")
        case FieldType.DATETIME:
            return now.isoformat(timespec="seconds")
        case FieldType.PHOTO | FieldType.SIGNATURE:
            return None
