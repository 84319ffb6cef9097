"""A thousand readers that do not read cost the gateway little, and the others nothing."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from time import monotonic
from urllib.parse import urlsplit

from naryad.actions.ledger import Stores
from support.firms import Firm, change_much, found_firms, opened_stores
from support.follower import Follower, following, until_all
from support.process import running
from support.slow_reader import RECEIVE_BUFFER

STALLED = 1_000
OTHERS = 20
EVENTS = 2_000
SIZE = 2_400  # letters of two bytes: 10 MB of events in all
AT_ONCE = 5
MOST_BYTES_EACH = 100_000


async def test_a_thousand_stalled_readers_while_ten_megabytes_pass(database_url: str) -> None:
    async with (
        opened_stores(database_url) as stores,
        running("naryad_gateway", database_url, NARYAD_GATEWAY_PER_USER=str(STALLED + OTHERS)) as gateway,
    ):
        (firm,) = await found_firms(stores, 1, jobs=1)
        others = [Follower(gateway.url, firm.desk) for _ in range(OTHERS)]
        async with following(others):
            await until_all(others, lambda one: one.told.position)
            alone = await delays(stores, firm, others, EVENTS // 10)
            async with stalled_readers(gateway.url, firm.desk):
                before = memory(gateway.process.pid, "VmRSS")
                beside = await delays(stores, firm, others, EVENTS)
                grown = (memory(gateway.process.pid, "VmHWM") - before) / STALLED
                head = await change_much(stores, firm, 1)
                await until_all(others, lambda one: one.told.reached(head))
    print(
        f"{grown / 1000:.1f} kB for each stalled reader; p99 of the others {beside:.0f} ms, alone {alone:.0f}"
    )
    assert all(one.told.whole(head) for one in others)
    assert grown <= MOST_BYTES_EACH


async def delays(stores: Stores, firm: Firm, readers: list[Follower], events: int) -> float:
    """So many events, handed out as the readers keep up; the 99th percentile of their delays in ms."""
    taken = []
    for _ in range(events // AT_ONCE):
        version = await change_much(stores, firm, AT_ONCE, size=SIZE)
        committed, waiting = monotonic(), set(readers)
        async with asyncio.timeout(60):
            while waiting:
                there = {one for one in waiting if one.told.reached(version)}
                taken += [monotonic() - committed] * len(there)
                waiting -= there
                await asyncio.sleep(0.001)
    return sorted(taken)[len(taken) * 99 // 100] * 1000


@asynccontextmanager
async def stalled_readers(url: str, token: str) -> AsyncIterator[None]:
    """Streams that were asked for and have begun, of which nothing more is read."""
    where = urlsplit(url)
    request = f"GET /v1/events HTTP/1.1\r\nhost: {where.netloc}\r\nauthorization: Bearer {token}\r\n\r\n"
    loop = asyncio.get_running_loop()
    turn = asyncio.Semaphore(50)

    async def begin(connection: socket.socket) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        connection.setblocking(False)
        async with turn, asyncio.timeout(60):
            await loop.sock_connect(connection, (where.hostname, where.port))
            await loop.sock_sendall(connection, request.encode())
            assert (await loop.sock_recv(connection, 100)).startswith(b"HTTP/1.1 200")

    with ExitStack() as stack:
        connections = [stack.enter_context(socket.socket()) for _ in range(STALLED)]
        await asyncio.gather(*map(begin, connections))
        yield


def memory(pid: int, measure: str) -> int:
    """Bytes, as the kernel counts them: VmRSS now, VmHWM at its greatest."""
    found = re.search(rf"{measure}:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found
    return int(found[1]) * 1024
