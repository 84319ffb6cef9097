"""How long ten changed jobs take on the slow link, against what the link itself needs."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

from naryad_cli.bench.counted_http import Answer, CountedHttp
from naryad_cli.bench.office import Office
from naryad_cli.bench.report import Figure
from naryad_cli.bench.slow_link import Quality
from naryad_cli.bench.wire import BROTLI, change, expect

CHANGED = 10


@dataclass(frozen=True, slots=True)
class Sync:
    seconds: float
    limit: float
    sent: int
    received: int

    @property
    def times_the_limit(self) -> float:
        return self.seconds / self.limit


def figure(measured: Sequence[Sync], why_not: str | None = None) -> Figure:
    """The median: one lost packet of a hundred costs its sync a second or more, and is the link's doing."""
    return Figure(
        "ten changed jobs on the slow link",
        statistics.median(one.times_the_limit for one in measured) if measured else None,
        "times the link's own limit",
        at_most=1.25,
        detail={"why": why_not}
        if why_not
        else {
            "seconds": [round(one.seconds, 3) for one in measured],
            "limit_s": round(statistics.median(one.limit for one in measured), 3),
            "bytes": [one.sent + one.received for one in measured],
            "compression": "br",
        },
    )


async def measure_changed_jobs(
    phone: CountedHttp, office: Office, quality: Quality, *, rounds: int
) -> list[Sync]:
    """The desk changes text and time of ten jobs, the phone asks: `rounds` times on one kept connection."""
    cursor = expect(await phone.get("/v1/sync", BROTLI), 200).json()["cursor"]
    measured: list[Sync] = []
    for number in range(rounds):
        for job in office.jobs[:CHANGED]:
            description = f"Сначала позвонить: {number + 1}-й перенос. {job['description']}"
            await change(office.desk, job, description=description, scheduled_duration=30 + number)
        begun = perf_counter()
        answer = expect(await phone.get(f"/v1/sync?cursor={cursor}", BROTLI), 200)
        taken = perf_counter() - begun
        news = answer.json()
        assert len(news["jobs"]) == CHANGED
        cursor = news["cursor"]
        measured.append(Sync(taken, limit(answer, quality), answer.sent, answer.received))
    return measured


def limit(answer: Answer, quality: Quality) -> float:
    """One round trip, and the bytes at the link's rate; headers of TCP/IP are not counted for us."""
    return 2 * quality.delay + answer.sent * 8 / quality.up + answer.received * 8 / quality.down
