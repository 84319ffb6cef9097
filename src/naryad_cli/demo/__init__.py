"""A demo account with a plausible day, made through the same actions as everybody's work."""

from collections.abc import Mapping
from datetime import UTC, datetime

from naryad.actions.ledger import Stores
from naryad.db.doorbell import open_doorbell
from naryad.db.pool import open_database
from naryad.domain.ids import DeviceId
from naryad.settings import Settings
from naryad_cli.demo.people import ADMIN, PASSWORD, WORKERS
from naryad_cli.demo.seed import device_of, seed


async def prepare(settings: Settings) -> Mapping[str, DeviceId]:
    """Make the demo account, or today's jobs in it, as far as they are missing.

    Returns the phones to simulate, by their workers' logins; the first worker is the newcomer's own.
    """
    async with (
        open_database(settings.database_dsn, name="naryad-demo", max_size=2) as database,
        open_doorbell(settings.listen_dsn) as doorbell,
    ):
        crew = await seed(Stores(database, doorbell), datetime.now(UTC))
    _, *simulated = WORKERS
    return {login: device_of(crew, login) for login in simulated}


def links(url: str) -> str:
    """What a newcomer opens first, and as whom."""
    ivan, *others = WORKERS
    return (
        f"\n  console    {url}/      {ADMIN} / {PASSWORD}\n"
        f"  field app  {url}/app/  {ivan} / {PASSWORD}\n"
        f"\n{' and '.join(others)} work on simulated phones; the password is the same. Ctrl-C ends it all.\n"
    )
