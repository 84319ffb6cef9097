"""What PostgreSQL really did for the statements of naryad.db, those inside functions included.

auto_explain tells of every statement as it was executed: no statement is written a second time for the test.
"""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import asyncpg

from naryad.db.pool import SCOPE, SERVICE_ROLE, prepare
from naryad.domain.ids import AccountId

Node = dict[str, Any]

TELL = """
load 'auto_explain';
set auto_explain.log_min_duration = 0;
set auto_explain.log_analyze = on;
set auto_explain.log_buffers = on;
set auto_explain.log_nested_statements = on;
set auto_explain.log_format = json;
set auto_explain.log_level = notice;
set client_min_messages = notice;
"""

DISCARDED = (
    "Rows Removed by Filter",
    "Rows Removed by Join Filter",
    "Rows Removed by Index Recheck",
    "Heap Blocks Lossy",
)
DRIVER = "pg_catalog."  # what asyncpg asks about types
SOME_BLOCKS = 30
"""A way down an index, and the room of a few dead rows."""
BLOCKS_OF_A_ROW = 4
RANGED = {"Index Scan", "Index Only Scan", "Bitmap Index Scan"}


@dataclass
class Plans:
    """Of one piece of work at a time."""

    connection: asyncpg.Connection
    told: list[dict[str, Any]] = field(default_factory=list)

    async def watch(self, work: Callable[[asyncpg.Connection], Awaitable[None]]) -> None:
        self.told.clear()
        await work(self.connection)
        await self.connection.execute("select")  # ends the last statement, whose plan is told only then

    def scans(self) -> list[str]:
        """What was read, and how: `Index Scan on feed by feed_cursor`."""
        return [
            f"{node['Node Type']} on {node.get('Relation Name', '')} by {node.get('Index Name', 'nothing')}"
            for plan in self.told
            for node in nodes(plan["Plan"])
            if "Scan" in node["Node Type"] and ("Relation Name" in node or "Index Name" in node)
        ]

    def faults(self) -> list[str]:
        """Where more was read than was needed: whole tables, whole indexes, rows thrown away."""
        return [fault for plan in self.told for node in nodes(plan["Plan"]) for fault in _faults(node)]


def nodes(plan: Node) -> Iterator[Node]:
    yield plan
    for child in plan.get("Plans", []):
        yield from nodes(child)


def _faults(node: Node) -> Iterator[str]:
    where = " on ".join(filter(None, (node["Node Type"], node.get("Relation Name"))))
    if node["Node Type"] == "Seq Scan":
        yield f"{where}: reads the whole table"
    if node["Node Type"] in RANGED and "Index Cond" not in node:
        yield f"{where}: reads the whole index {node.get('Index Name')}"
    rows = node["Actual Rows"] * node["Actual Loops"]
    blocks = node["Shared Hit Blocks"] + node["Shared Read Blocks"]
    if node["Node Type"] in RANGED and blocks > SOME_BLOCKS + BLOCKS_OF_A_ROW * rows:
        yield f"{where}: {blocks} blocks read for {rows} rows"
    if node["Node Type"] == "Limit" and node["Plans"][0]["Node Type"] == "Sort":
        read = node["Plans"][0]["Plans"][0]["Actual Rows"]
        if read > node["Actual Rows"]:
            yield f"{where}: {read} rows sorted to take {node['Actual Rows']}"
    for name in DISCARDED:
        if node.get(name):
            yield f"{where}: {name} {node[name]}, by {node.get('Filter', node.get('Recheck Cond'))}"


@asynccontextmanager
async def watched(superuser_dsn: str, account_id: AccountId) -> AsyncIterator[Plans]:
    """A transaction in the services' role, scoped to an account, whose plans are told; undone at the end."""
    connection = await asyncpg.connect(superuser_dsn)
    try:
        await prepare(connection)
        await connection.execute(TELL)
        await connection.execute(f"set role {SERVICE_ROLE}")
        plans = Plans(connection)

        def hear(_: object, message: Any) -> None:
            _, separator, plan = message.message.partition("plan:\n")
            if separator and DRIVER not in plan:
                plans.told.append(json.loads(plan))

        connection.add_log_listener(hear)
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute(SCOPE, str(account_id))
        yield plans
        await transaction.rollback()
        connection.remove_log_listener(hear)
    finally:
        await connection.close()
