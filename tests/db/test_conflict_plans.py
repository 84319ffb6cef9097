"""The reads of conflict cards follow an index, whatever has piled up."""

import json
from typing import Any

import asyncpg
import pytest

from naryad.db.conflicts import ConflictFilter, page_statement
from naryad.domain.ids import JobId
from naryad.uuid7 import uuid7
from support.account import Office

PILED_UP = """
insert into conflict (account_id, id, kind, job_id, job_number, worker_id, device_id, operation_id, operation,
                      fields, happened_at, recorded_at, resolved_at, take)
select $1, gen_random_uuid(), 'late', case when n % 1000 = 0 then $3::uuid else gen_random_uuid() end, n, $2,
       $2, gen_random_uuid(), '{}', '{}', now(), now(), case when n % 1000 <> 0 then now() end,
       case when n % 1000 <> 0 then 'current' end
from generate_series(1, 30000) n"""


@pytest.mark.parametrize("read", ["conflict_open", "conflict_job", "conflict_newest"])
async def test_a_page_reads_what_it_shows(office: Office, truth: asyncpg.Connection, read: str) -> None:
    job = JobId(uuid7())
    await truth.execute(PILED_UP, office.account_id, office.ivan.worker_id, job)
    await truth.execute("analyze conflict")
    filters = {
        "conflict_open": ConflictFilter(open=True),
        "conflict_job": ConflictFilter(job=job),
        "conflict_newest": ConflictFilter(),
    }
    sql, values = page_statement(office.account_id, filters[read], 20)
    async with office.api.stores.database.account(office.account_id) as connection:
        plan = json.loads(await connection.fetchval(f"explain (analyze, format json) {sql}", *values))
    scans = [node for node in nodes(plan[0]["Plan"]) if node.get("Relation Name") == "conflict"]
    assert {one["Index Name"] for one in scans} == {read, "conflict_pkey"}
    for one in scans:
        assert one["Actual Loops"] * (one["Actual Rows"] + one.get("Rows Removed by Filter", 0)) <= 21, one


def nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(below for one in plan.get("Plans", []) for below in nodes(one))]
