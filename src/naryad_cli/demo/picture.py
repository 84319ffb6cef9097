"""What a simulated camera sees: a meter's dial with its reading, as a PNG of a few kilobytes."""

import random
import struct
import zlib

WIDTH, HEIGHT = 480, 360
DIGIT_W, DIGIT_H, STROKE, GAP = 48, 88, 10, 14

SEGMENTS = ("abcdef", "bc", "abged", "abgcd", "fgbc", "afgcd", "afgedc", "abc", "abcdefg", "abcdfg")
"""Which of the seven segments a digit lights: a on top, then clockwise, g in the middle."""

Colour = tuple[int, int, int]


def meter_picture(reading: int, chance: random.Random) -> bytes:
    """A dial that shows the last five digits of the reading, in the light of some cellar."""
    light = chance.randint(90, 190)
    rows = [_wall(y, light, chance) for y in range(HEIGHT)]
    _box(rows, (60, 80), (WIDTH - 60, HEIGHT - 80), (238, 236, 228))
    left = (WIDTH - 5 * DIGIT_W - 4 * GAP) // 2
    for place, digit in enumerate(f"{reading % 100_000:05d}"):
        ink = (178, 34, 34) if place == 4 else (24, 24, 28)
        _digit(rows, left + place * (DIGIT_W + GAP), (HEIGHT - DIGIT_H) // 2, SEGMENTS[int(digit)], ink)
    return _png(rows)


def _wall(y: int, light: int, chance: random.Random) -> bytearray:
    shade = max(0, min(255, light - y // 6 + chance.randint(-3, 3)))
    return bytearray((shade, shade, min(255, shade + 8)) * WIDTH)


def _digit(rows: list[bytearray], x: int, y: int, lit: str, ink: Colour) -> None:
    right, middle, bottom = x + DIGIT_W - STROKE, y + (DIGIT_H - STROKE) // 2, y + DIGIT_H - STROKE
    corners = {
        "a": ((x, y), (x + DIGIT_W, y + STROKE)),
        "b": ((right, y), (x + DIGIT_W, middle + STROKE)),
        "c": ((right, middle), (x + DIGIT_W, y + DIGIT_H)),
        "d": ((x, bottom), (x + DIGIT_W, y + DIGIT_H)),
        "e": ((x, middle), (x + STROKE, y + DIGIT_H)),
        "f": ((x, y), (x + STROKE, middle + STROKE)),
        "g": ((x, middle), (x + DIGIT_W, middle + STROKE)),
    }
    for segment in lit:
        _box(rows, *corners[segment], ink)


def _box(rows: list[bytearray], first: tuple[int, int], last: tuple[int, int], colour: Colour) -> None:
    (left, top), (right, bottom) = first, last
    for row in rows[top:bottom]:
        row[left * 3 : right * 3] = bytes(colour) * (right - left)


def _png(rows: list[bytearray]) -> bytes:
    """https://www.w3.org/TR/png-3/: 8 bits a channel, RGB, no filter."""
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + bytes(row) for row in rows), 6)
    chunks = (_chunk(b"IHDR", header), _chunk(b"IDAT", pixels), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
