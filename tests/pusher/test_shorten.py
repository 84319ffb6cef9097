"""Texts that fit into a push, cut where a reader would."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from naryad.domain.push_rules import Reason
from naryad.domain.push_text import PushText
from naryad_pusher.compose import BODY_MOST, TITLE_MOST, compose
from naryad_pusher.shorten import graphemes, json_size, shorten
from pusher.deliveries import delivery

FAMILY = "👩\u200d👩\u200d👧\u200d👦"
FLAGS = "🇷🇺🇰🇿"
THUMB = "👍🏽"
SCOTLAND = "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
ACCENTED = "й" + "\u0301\u0323"  # marks upon marks
HEART = "❤\ufe0f"


def test_a_short_text_stays_as_it_is() -> None:
    assert shorten("Наряд", 30) == "Наряд"
    assert shorten("", 0) == ""


def test_a_long_one_ends_in_an_ellipsis() -> None:
    assert shorten("Наряд № 42", 30) == "Наря…"
    assert shorten("Наряд, · далее", 50) == "Наряд…"


@pytest.mark.parametrize("whole", [FAMILY, THUMB, SCOTLAND, ACCENTED, HEART])
def test_what_is_one_to_the_eye_is_kept_whole_or_not_at_all(whole: str) -> None:
    assert list(graphemes("а" + whole + "б")) == ["а", whole, "б"]
    text = "а" + whole * 30
    for most in range(json_size("а…"), json_size(text)):
        kept = shorten(text, most).removesuffix("…")
        assert kept == "а" + whole * kept.count(whole)


def test_flags_are_pairs() -> None:
    assert list(graphemes(FLAGS)) == ["🇷🇺", "🇰🇿"]


@given(st.text(max_size=200), st.integers(6, 300))
def test_it_always_fits_and_begins_as_the_text_does(text: str, most: int) -> None:
    short = shorten(text, most)
    assert json_size(short) <= most
    assert short == text or text.startswith(short.removesuffix("…"))
    assert "".join(graphemes(text)) == text
    short.encode()  # no half of a surrogate pair


@given(st.text(max_size=10_000), st.text(max_size=10_000), st.sampled_from(Reason))
def test_whatever_people_write_the_message_fits_every_provider(
    name: str, address: str, reason: Reason
) -> None:
    fields = {"client": {"name": name}, "address": {"formatted": address}}
    made = delivery(fields, push_text=PushText.FULL, reason=reason)
    assert made.job is not None
    message = compose(made, made.job)
    assert message.alert is not None
    assert json_size(message.alert.title) <= TITLE_MOST
    assert json_size(message.alert.body) <= BODY_MOST
    assert len(json.dumps(message.as_json())) <= 1_800
    assert len(json.dumps({"data": message.as_json(), "told again": message.as_json()})) <= 4_096 - 400
