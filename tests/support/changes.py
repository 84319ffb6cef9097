"""Many changes at once, in one transaction: what a busy day brings a gateway."""

from uuid import UUID

from naryad.actions.ledger import open_ledger
from naryad.domain.change import Actor, ActorKind, ChangeKind
from naryad.domain.ids import JobId
from support.account import Office

SYSTEM = Actor(ActorKind.SYSTEM, None, "Тест")


async def change_often(office: Office, job_id: str, times: int, *, size: int = 0) -> int:
    """So many changes of one job, each about `size` bytes larger than need be; returns the last version."""
    async with open_ledger(office.api.stores, office.account_id) as ledger:
        job = await ledger.job(JobId(UUID(job_id)))
        assert job is not None
        for n in range(times):
            client = {"name": f"{ledger.version} {n} ".ljust(size, "я")}
            job = ledger.write(job, {"client": client}, ChangeKind.EDITED, SYSTEM)
        return ledger.version
