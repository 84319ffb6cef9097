"""The sync cursor: how far a phone has been told, as opaque text; and positions of live streams.

A cursor holds the epoch, the worker, the version and, while pages follow, the version where
paging began (`base`): a job that became visible after `base` is sent whole; and how far removals
had been forgotten then (`floor`), which a phone that held nothing need not know. It is kept short,
because it travels in the request that comes every two minutes from every phone.
"""

import base64
import binascii
from dataclasses import dataclass

from naryad.domain.ids import UserId

EPOCH_BYTES = 4
WORKER_BYTES = 4


class BadCursor(ValueError):
    """Not a cursor of ours."""


@dataclass(frozen=True, slots=True)
class Cursor:
    epoch: str  # 8 hex digits
    worker: bytes  # the last bytes of the worker's id
    version: int
    base: int | None = None
    floor: int = 0

    @property
    def since(self) -> int:
        """What the phone held when this sync began."""
        return self.version if self.base is None else self.base

    def encode(self) -> str:
        numbers = _number(self.version)
        if self.base is not None:
            numbers += _number(self.base) + (_number(self.floor) if self.floor else b"")
        raw = bytes.fromhex(self.epoch) + self.worker + numbers
        return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")

    @staticmethod
    def decode(text: str) -> "Cursor":
        """Raises BadCursor."""
        try:
            plain = text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4)
            raw = binascii.a2b_base64(plain, strict_mode=True)  # b64decode takes three times as long
        except ValueError as error:
            raise BadCursor(text) from error
        head = EPOCH_BYTES + WORKER_BYTES
        numbers = _numbers(raw[head:])
        if len(raw) <= head or len(numbers) not in (1, 2, 3):
            raise BadCursor(text)
        return Cursor(
            epoch=raw[:EPOCH_BYTES].hex(),
            worker=raw[EPOCH_BYTES:head],
            version=numbers[0],
            base=numbers[1] if len(numbers) > 1 else None,
            floor=numbers[2] if len(numbers) > 2 else 0,
        )


def worker_mark(worker: UserId) -> bytes:
    """What of a worker's id a cursor holds: enough to know another's cursor."""
    return worker.bytes[-WORKER_BYTES:]


@dataclass(frozen=True, slots=True)
class Position:
    """A place in an account's history, `<epoch>.<version>`: the id of a live event."""

    epoch: str
    version: int

    def __str__(self) -> str:
        return f"{self.epoch}.{self.version}"

    @staticmethod
    def parse(text: str) -> "Position":
        """Raises BadCursor."""
        epoch, dot, version = text.partition(".")
        if (
            not dot
            or not epoch.isalnum()
            or not version.isascii()
            or not version.isdigit()
            or len(version) > 18
        ):
            raise BadCursor(text)
        return Position(epoch, int(version))


def _number(value: int) -> bytes:
    """LEB128: seven bits a byte, the lowest first."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _numbers(raw: bytes) -> list[int]:
    numbers: list[int] = []
    value = shift = 0
    for byte in raw:
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            if value >> 63:
                raise BadCursor("number too great")
            numbers.append(value)
            value = shift = 0
    if shift:
        raise BadCursor("unfinished number")
    return numbers
