"""What a lock screen shows of a customer, and that it never shows a telephone number."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from naryad.domain.push_text import PushText
from naryad_pusher.compose import compose
from naryad_pusher.discretion import without_numbers
from pusher.deliveries import delivery


def body(shown: PushText, fields: dict[str, Any] | None = None) -> str:
    made = delivery(fields, push_text=shown)
    assert made.job is not None
    alert = compose(made, made.job).alert
    assert alert is not None
    return alert.body


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        (PushText.MINIMAL, "Сегодня, 10:00–11:30"),
        (PushText.ADDRESS, "Сегодня, 10:00–11:30 · Ленина, 5"),
        (PushText.FULL, "Сегодня, 10:00–11:30 · Петрова · Ленина, 5"),
    ],
)
def test_as_much_as_the_account_allows(shown: PushText, text: str) -> None:
    assert body(shown) == text


def test_what_is_missing_is_not_shown() -> None:
    nothing = {"client": None, "address": {"entrance": "2"}}
    assert body(PushText.FULL, nothing) == "Сегодня, 10:00–11:30"
    only_a_number = {"client": {"name": "+7 495 000-00-31"}, "address": None}
    assert body(PushText.FULL, only_a_number) == "Сегодня, 10:00–11:30"


def test_a_number_written_into_a_name_or_an_address_is_not_shown() -> None:
    fields = {
        "client": {"name": "Никитин Сергей, тел. 8 (495) 000-00-31 доб. 12"},
        "address": {"formatted": "Вавилова, 9\nзвонить +7 999 123 45 67"},
    }
    assert body(PushText.FULL, fields) == "Сегодня, 10:00–11:30 · Никитин Сергей · Вавилова, 9 звонить"


@pytest.mark.parametrize(
    "number",
    [
        "+7 495 000-00-31",
        "8(495)0000031",
        "84950000031",
        "8 495 000 00 31",
        "8-495-000-00-31",
        "8–495–000–00–31",
        "+1 (555) 010-0199",
        "555-0199",
        "2-12-85",
        "45-67-89",
        "123-45-67",
        "+49 30 901820",
        "+7\u00a0495\u00a0000\u00a000\u00a031",
        "8\u200b4\u200b9\u200b5\u200b0\u200b0\u200b0\u200b0\u200b0\u200b3\u200b1",
        "٠١٢٣٤٥٦٧٨٩",
        "８４９５００００００３１",
        "тел. 2285",
        "Tel: 118",
    ],
)
def test_what_looks_like_a_number_is_taken_out(number: str) -> None:
    for text in (number, f"Иванов {number}", f"Иванов, {number}, второй этаж", f"({number})"):
        assert not re.search(r"\d", without_numbers(text)), without_numbers(text)
        assert without_numbers(text).startswith("Иванов") is text.startswith("Иванов")


@pytest.mark.parametrize(
    "address",
    [
        "Москва, ул. Вавилова, 9, 117312",
        "117312, Москва, 60-летия Октября пр., 10/1",
        "д. 12, корп. 3, кв. 145",
        "Ленина, 5-7",
        "ул. 1905 года, 25",
        "км 134, М-11",
        "Телецентр, 12",
    ],
)
def test_addresses_keep_their_numbers(address: str) -> None:
    assert without_numbers(address) == address


@given(
    st.lists(st.sampled_from("0123456789"), min_size=7, max_size=15),
    st.sampled_from([" ", "-", "–", ".", "/", " (", ") ", "\u00a0", "\u200b", ""]),
    st.text(alphabet="абв ,.", max_size=8),
)
def test_seven_digits_never_stay_together(digits: list[str], between: str, around: str) -> None:
    shown = without_numbers(around + between.join(digits) + around)
    assert not re.search(r"\d", shown)
