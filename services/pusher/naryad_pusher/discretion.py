"""What a lock screen may show of a customer. It is read by anyone who passes by: as much as the account
allows, and never a telephone number, in whatever field somebody wrote one.
"""

import re
from collections.abc import Mapping
from typing import assert_never
from unicodedata import category

from naryad.domain.job import Job
from naryad.domain.json import Json
from naryad.domain.push_text import PushText

_DASH = "-\u00ad\u2010-\u2015\u2212"
_BETWEEN = rf"[{_DASH}\s().\[\]/·•_~\u200b-\u200f\u2060\ufeff]*"
_NUMBER = re.compile(
    rf"""(?: (?:телефон|тел|моб|сот|phone|tel|mob)\b[.:\s№#]*\+?\d(?:{_BETWEEN}\d)+  # said to be one
           | \+{_BETWEEN}\d(?:{_BETWEEN}\d){{4,}}                                    # with a plus
           | \(?\d(?:{_BETWEEN}\d){{6,}}                                             # seven digits or more
           | (?<!\d)\d{{1,3}}[{_DASH}]\d\d[{_DASH}]\d\d(?!\d)                        # a local one: 2-12-85
         )
         (?:\s*(?:доб|вн|ext|x|\#)[.\s]*\d+)?""",
    re.VERBOSE | re.IGNORECASE,
)
_LOOSE = " ,;:·()-"


def of_customer(job: Job, shown: PushText) -> list[str]:
    """The parts of the text that speak of the customer, in the order in which they are shown."""
    match shown:
        case PushText.MINIMAL:
            return []
        case PushText.ADDRESS:
            parts = [_member(job, "address", "formatted")]
        case PushText.FULL:
            parts = [_member(job, "client", "name"), _member(job, "address", "formatted")]
        case _:
            assert_never(shown)
    return [tidy for part in parts if (tidy := without_numbers(part))]


def without_numbers(text: str) -> str:
    """A text in one line, without anything that looks like a telephone number."""
    bare = _NUMBER.sub(" ", text)
    plain = "".join(char if category(char) != "Cc" else " " for char in bare)
    return " ".join(plain.split()).strip(_LOOSE)


def _member(job: Job, field: str, member: str) -> str:
    value: Json = job.fields.get(field)
    inner = value.get(member) if isinstance(value, Mapping) else None
    return inner if isinstance(inner, str) else ""
