"""One company reaching for another's jobs: whatever it tries, the job does not exist for it."""

from uuid import UUID

from naryad.domain.ids import OperationId
from naryad.uuid7 import uuid7
from support.company import Company
from support.verdict import expect

NOT_THERE = frozenset({404, 503})
"""503 when the database has just died: nothing was told then."""


async def intrude(strangers: Company, company: Company, n: int) -> None:
    """Their desk and one of their phones try the n-th job of `company`."""
    if not company.board.jobs:
        return
    job = company.board.jobs[n % len(company.board.jobs)]
    path, desk = f"/v1/jobs/{job}", strangers.office.desk
    tries = [
        await desk.get(path),
        await desk.get(f"{path}/history"),
        await desk.patch(path, json={"description": "Чужое"}),
        await desk.post(f"{path}/state", json={"to": "canceled"}),
        await desk.delete(path),
    ]
    for answer in tries:
        expect(answer.status_code in NOT_THERE, f"a stranger's desk was answered {answer.status_code}")
    phone = strangers.office.olga
    comment = {"id": str(uuid7()), "text": "Чужое"}
    operation = phone.operation({"id": job, "version": 1}, "add_comment", comment=comment)
    answer = await phone.post(operation)
    if answer.status_code == 503:
        phone.seq -= 1
        return
    strangers.others.add(OperationId(UUID(operation["id"])))
    (told,) = answer.json()["results"]
    problem = told.get("problem", {}).get("type", "").rpartition(":")[2]
    expect(problem == "job-not-found", f"a stranger's phone was answered {told}")
