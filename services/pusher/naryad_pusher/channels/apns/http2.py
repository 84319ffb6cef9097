"""HTTP/2 as this channel needs it: h2, made to survive a polite goodbye, and to cost half as much."""

from collections.abc import Iterable
from typing import Any

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import ConnectionTerminated, Event
from hpack import Encoder
from hyperframe.frame import Frame, GoAwayFrame

CONFIGURATION = H2Configuration(
    header_encoding="utf-8",
    validate_outbound_headers=False,  # payload.py makes them well-formed: lower case, ASCII, quoted
    normalize_outbound_headers=False,
)


class Http2(H2Connection):
    def __init__(self) -> None:
        super().__init__(CONFIGURATION)
        self.encoder = PlainEncoder()

    def _receive_goaway_frame(self, frame: GoAwayFrame) -> tuple[list[Frame], list[Event]]:
        """RFC 9113 §6.8. As it is, h2 counts the connection as closed and refuses the answers still due."""
        event = ConnectionTerminated()
        event.error_code = frame.error_code
        event.last_stream_id = frame.last_stream_id
        event.additional_data = frame.additional_data or None
        return [], [event]


class PlainEncoder(Encoder):
    def encode(self, headers: Iterable[Any], huffman: bool = True) -> bytes:
        """Huffman's code would save 100 bytes a message, and is a third of all our work on it."""
        return super().encode(headers, huffman=False)
