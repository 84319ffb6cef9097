"""Texts made to fit into a push, cut between what a reader sees as characters."""

import json
from collections.abc import Iterator
from unicodedata import category

ELLIPSIS = "…"
JOINER = "\u200d"


def json_size(text: str) -> int:
    """The bytes of a text in JSON written in ASCII: the longest way in which a provider is sent it."""
    return len(json.dumps(text)) - 2


def shorten(text: str, most: int) -> str:
    """The text in at most `most` bytes of JSON, with an ellipsis where it was cut."""
    if json_size(text) <= most:
        return text
    room = most - json_size(ELLIPSIS)
    kept: list[str] = []
    for grapheme in graphemes(text):
        room -= json_size(grapheme)
        if room < 0:
            break
        kept.append(grapheme)
    return "".join(kept).rstrip(" ·,") + ELLIPSIS


def graphemes(text: str) -> Iterator[str]:
    """A character with all that hangs on it: accents, joined emoji, pairs of letters that make a flag.

    UAX 29 but for Hangul letters written one by one, which stay with the first.
    """
    held = ""
    for char in text:
        if held and _belongs(held, char):
            held += char
        else:
            if held:
                yield held
            held = char
    if held:
        yield held


def _belongs(held: str, char: str) -> bool:
    if char == JOINER or held[-1] == JOINER or category(char) in ("Mn", "Me", "Mc"):
        return True
    if _is_flag_letter(char):
        return len(held) == 1 and _is_flag_letter(held)
    code = ord(char)
    return 0x1F3FB <= code <= 0x1F3FF or 0xE0020 <= code <= 0xE007F or 0x1160 <= code <= 0x11FF


def _is_flag_letter(char: str) -> bool:
    return 0x1F1E6 <= ord(char) <= 0x1F1FF
