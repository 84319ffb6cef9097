"""How near the idle poll comes to its floor: one API process against a bare ASGI function."""

import json
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from naryad.db.bench.fill import Size, cursor_of, token_of
from naryad.db.embedded.cluster import HOST
from naryad_cli.bench.floor import POLLS
from naryad_cli.bench.load import Load, run_load
from naryad_cli.bench.report import Figure
from naryad_cli.bench.serving import service

CONNECTIONS = 16


@dataclass(frozen=True, slots=True)
class Pair:
    """Idle polls a second, one after the other."""

    floor: float
    candidate: float

    @property
    def share(self) -> float:
        return self.candidate / self.floor


def figure(pairs: Sequence[Pair]) -> Figure:
    """The median of the pairs, because the machine's pace changes between them."""
    shares = sorted(one.share for one in pairs)
    return Figure(
        "idle polls a second, share of the floor",
        statistics.median(shares),
        "of the floor",
        at_least=0.75,
        detail={
            "aim": 0.9,
            "spread": [round(shares[0], 3), round(shares[-1], 3)],
            "floor_per_s": round(statistics.median(one.floor for one in pairs)),
            "candidate_per_s": round(statistics.median(one.candidate for one in pairs)),
            "pairs_per_s": [[round(one.floor), round(one.candidate)] for one in pairs],
            "connections": CONNECTIONS,
        },
    )


async def measure_pairs(
    database_url: str, size: Size, folder: Path, *, pairs: int, seconds: float
) -> list[Pair]:
    """Floor and candidate in turn, on a filled database; who goes first alternates as well."""
    phones = [(token_of(number), cursor_of(number, size).encode()) for number in range(1, size.workers + 1)]
    polls = folder / "polls.json"
    polls.write_text(json.dumps(phones))
    requests = [poll_request(token, cursor) for token, cursor in phones]
    async with (
        service("naryad_cli.bench.floor", database_url, **{POLLS: str(polls)}) as floor,
        service("naryad_api", database_url) as candidate,
    ):

        async def rate(port: int, seconds: float = seconds) -> float:
            return (await run_load(Load(HOST, port, requests, CONNECTIONS, seconds))).per_second

        for port in (floor, candidate):
            await rate(port, seconds=1)  # connections made, statements prepared
        measured: list[Pair] = []
        for number in range(pairs):
            if number % 2:
                second = await rate(candidate)
                measured.append(Pair(await rate(floor), second))
            else:
                first = await rate(floor)
                measured.append(Pair(first, await rate(candidate)))
        return measured


def poll_request(token: str, cursor: str) -> str:
    """An idle poll with the headers that it needs, and no others."""
    return f"GET /v1/sync?cursor={cursor} HTTP/1.1\r\nHost: naryad\r\nAuthorization: Bearer {token}\r\n\r\n"
