"""Apple's limits, and a text that is shortened for them."""

import json
import unicodedata

import pytest

from naryad_pusher.channels.apns.payload import collapse_id, request_body
from naryad_pusher.compose import Alert
from support.apns.sending import message


def shown(title: str, body: str) -> tuple[str, str]:
    encoded = request_body(message(Alert(title, body)))
    assert len(encoded) <= 4096
    alert = json.loads(encoded)["aps"]["alert"]
    return alert["title"], alert["body"]


def test_a_text_that_fits_is_not_touched() -> None:
    assert shown("Наряд № 42 изменён", "Сегодня, 10:00–11:30") == (
        "Наряд № 42 изменён",
        "Сегодня, 10:00–11:30",
    )


@pytest.mark.parametrize(
    "character", ["я", "a", '"', "\n", "\u0001", "€", "😀", "e\u0301", "👩\u200d🔧", "\\"], ids=ascii
)
def test_a_long_body_ends_with_whole_characters(character: str) -> None:
    title, body = shown("Job 42", character * 5000)
    assert title == "Job 42"
    assert body.endswith("…")
    kept = body[:-1]
    assert kept == (character * 5000)[: len(kept)].rstrip()
    assert len(kept) % len(character) == 0, "a character was broken"
    if character.isprintable():
        used = len(request_body(message(Alert("Job 42", body))))
        assert used > 3900, "more was cut than needed"


def test_accents_stay_with_their_letter() -> None:
    title, body = shown("Job 42", "и\u0306" * 3000)
    assert unicodedata.normalize("NFC", body[:-1]) == "й" * (len(body) // 2)
    assert title == "Job 42"


def test_a_long_title_is_cut_when_nothing_else_is_left() -> None:
    title, body = shown("№" * 5000, "Сегодня")
    assert (title[-1], body) == ("…", "")


def test_the_collapse_id_is_within_64_bytes() -> None:
    assert len(collapse_id(message()).encode()) <= 64
    assert len(collapse_id(message(alert=None)).encode()) <= 64
