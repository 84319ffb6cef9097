"""How far it is, on stderr: one line redrawn on a terminal, else a line now and then."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic

from naryad_cli.simulate.simulation import Simulation

REDRAW_S = 0.2
LINE_S = 5.0


@asynccontextmanager
async def shown(simulation: Simulation, *, quiet: bool = False) -> AsyncIterator[None]:
    """Show the progress while the block lasts."""
    if quiet:
        yield
        return
    started = monotonic()
    task = asyncio.create_task(_show(simulation, started))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        _write(simulation, started)
        if sys.stderr.isatty():
            print(file=sys.stderr)


async def _show(simulation: Simulation, started: float) -> None:
    while True:
        _write(simulation, started)
        await asyncio.sleep(REDRAW_S if sys.stderr.isatty() else LINE_S)


def _write(simulation: Simulation, started: float) -> None:
    line = _line(simulation, monotonic() - started)
    if sys.stderr.isatty():
        print(f"\r\x1b[K{line}", end="", file=sys.stderr, flush=True)
    else:
        print(line, file=sys.stderr, flush=True)


def _line(simulation: Simulation, seconds: float) -> str:
    journal, most = simulation.journal, simulation.plan.operations
    made = f"{len(journal.made)}/{most}" if most else f"{len(journal.made)}"
    minutes, rest = divmod(int(seconds), 60)
    off = sum(one.phone is None for one in simulation.phones)
    return (
        f"{minutes:02d}:{rest:02d}  operations {made}  acknowledged {len(journal.outcomes)}"
        f"  unsent {simulation.unsent}  jobs {len(simulation.world.jobs)}"
        f"  phones off {off}  faults {sum(journal.faults.values())}"
    )
