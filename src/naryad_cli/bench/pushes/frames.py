"""As much of HTTP/2 (RFC 9113) as a provider needs that says 200 to everything, and costs next to nothing."""

from collections.abc import Iterator
from enum import IntEnum

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
HEAD = 9


class Kind(IntEnum):
    DATA = 0
    HEADERS = 1
    SETTINGS = 4
    PING = 6
    WINDOW_UPDATE = 8


ACK = 0x1
END_STREAM = 0x1
END_HEADERS = 0x4
MAX_CONCURRENT_STREAMS = 0x3
STATUS_200 = b"\x88"
"""`:status: 200`, of HPACK's static table (RFC 7541 appendix A): no state, nothing to encode."""


def frame(kind: Kind, flags: int, stream: int, payload: bytes) -> bytes:
    return b"".join(
        (len(payload).to_bytes(3, "big"), bytes((kind, flags)), stream.to_bytes(4, "big"), payload)
    )


class Frames:
    """Cuts what arrives into frames."""

    def __init__(self) -> None:
        self._rest = b""

    def of(self, data: bytes) -> Iterator[tuple[int, int, int, bytes]]:
        """Kind, flags, stream and payload of each whole frame."""
        data = self._rest + data
        at, end = 0, len(data)
        while end - at >= HEAD:
            after = at + HEAD + int.from_bytes(data[at : at + 3], "big")
            if after > end:
                break
            stream = int.from_bytes(data[at + 5 : at + 9], "big") & 0x7FFFFFFF
            yield data[at + 3], data[at + 4], stream, data[at + HEAD : after]
            at = after
        self._rest = data[at:]
