"""A phone's bad network: a server's side and a phone's side, and between them a slow, late, lossy link.

Real TCP on both sides; every packet between them waits its turn here. `link.quality` may be set at
any time: a phone that rides out of the cellar.
"""

import asyncio
import os
import random
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from threading import Thread

from naryad_cli.bench.namespace import MTU, Namespace

SERVER, PHONE = "192.0.2.1", "192.0.2.2"  # RFC 5737: for documentation, so never someone's
QUEUE_PACKETS = 64
IPV4, TCP = 4, 6


@dataclass(frozen=True, slots=True)
class Quality:
    """Bits a second in each direction, the delay of each way in seconds, and the share of packets lost."""

    down: float
    up: float
    delay: float
    loss: float = 0.0


GPRS = Quality(down=50_000, up=20_000, delay=0.3, loss=0.01)
LTE = Quality(down=20_000_000, up=8_000_000, delay=0.02)
NONE = Quality(down=1, up=1, delay=0, loss=1)


@dataclass(slots=True)
class Way:
    """What one direction has carried: packets, bytes with IP and TCP headers, and TCP payload alone."""

    packets: int = 0
    bytes: int = 0
    payload: int = 0
    lost: int = 0
    free_at: float = field(default=0, repr=False)


class SlowLink:
    """`server` and `phone` are the two networks; `down` and `up` count what went to and from the phone."""

    def __init__(self, quality: Quality, seed: int) -> None:
        self.quality = quality
        self.server = Namespace(SERVER)
        try:
            self.phone = Namespace(PHONE)
        except BaseException:
            self.server.close()
            raise
        self.down, self.up = Way(), Way()
        self._chance = random.Random(seed)
        self._loop = asyncio.new_event_loop()
        self._loop.add_reader(self.server.tun, self._carry_down)
        self._loop.add_reader(self.phone.tun, self._carry_up)
        # A thread of its own: packets are on time also while the loop of the server under test is busy.
        self._thread = Thread(target=self._loop.run_forever, name="slow link", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self.phone.close()
        self.server.close()

    def _carry_down(self) -> None:
        self._carry(self.server.tun, self.phone.tun, self.down, self.quality.down)

    def _carry_up(self) -> None:
        self._carry(self.phone.tun, self.server.tun, self.up, self.quality.up)

    def _carry(self, source: int, target: int, way: Way, rate: float) -> None:
        now = self._loop.time()
        while (packet := _read(source)) is not None:
            if packet[0] >> 4 != IPV4:
                continue  # the kernel looking for IPv6 routers
            full = way.free_at - now > QUEUE_PACKETS * MTU * 8 / rate
            if full or self._chance.random() < self.quality.loss:
                way.lost += 1
                continue
            way.packets += 1
            way.bytes += len(packet)
            way.payload += _payload(packet)
            way.free_at = max(way.free_at, now) + len(packet) * 8 / rate
            self._loop.call_at(way.free_at + self.quality.delay, os.write, target, packet)


def _read(tun: int) -> bytes | None:
    try:
        return os.read(tun, 2 * MTU)
    except BlockingIOError:
        return None


def _payload(packet: bytes) -> int:
    """RFC 791 §3.1, RFC 9293 §3.1: both headers say their length in words of four bytes."""
    ip = (packet[0] & 0xF) * 4
    return len(packet) - ip - (packet[ip + 12] >> 4) * 4 if packet[9] == TCP else 0


@contextmanager
def slow_link(quality: Quality = GPRS, *, seed: int = 1) -> Iterator[SlowLink]:
    """A link while the block lasts. Raises OSError where the machine does not let us."""
    with closing(SlowLink(quality, seed)) as link:
        yield link
