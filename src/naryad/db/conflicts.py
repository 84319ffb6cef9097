"""Conflict cards: written with their operation, read by the desk, closed once."""

from collections.abc import Sequence
from dataclasses import dataclass

from naryad.db.pool import Connection, Row
from naryad.domain.conflict import AboutJob, Conflict, ConflictKind, Resolved, Take
from naryad.domain.ids import AccountId, ConflictId, DeviceId, JobId, OperationId, TemplateId, UserId

MOST_BYTES = 1_000_000  # of a page; one card is always in it
MOST_COUNTED = 1_000

COLUMNS = """c.id, c.kind, c.job_id, c.job_number, c.worker_id, c.device_id, c.operation_id, c.operation,
             c.fields, c.problem, c.version, c.happened_at, c.recorded_at, c.resolved_at, c.resolved_by,
             c.take, j.template_id"""
JOB = "left join job j on j.account_id = c.account_id and j.id = c.job_id"


@dataclass(frozen=True, slots=True)
class ConflictFilter:
    """Which cards to list; None means any. `after` is the last card of the page before."""

    open: bool | None = None
    job: JobId | None = None
    worker: UserId | None = None
    after: ConflictId | None = None


async def add(connection: Connection, account_id: AccountId, cards: Sequence[Conflict]) -> None:
    """Keep new cards, in their order. An operation has one at most."""
    await connection.executemany(
        """insert into conflict (account_id, id, kind, job_id, job_number, worker_id, device_id, operation_id,
                                 operation, fields, problem, version, happened_at, recorded_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
           on conflict (account_id, device_id, operation_id) do nothing""",
        [
            (account_id, one.id, one.kind, one.job.id if one.job else None,
             one.job.number if one.job else None, one.worker_id, one.device_id, one.operation_id,
             one.operation, one.fields, one.problem, one.version, one.happened_at, one.recorded_at)
            for one in cards
        ],
    )  # fmt: skip


async def page(
    connection: Connection, account_id: AccountId, filter: ConflictFilter, limit: int
) -> tuple[list[Conflict], bool]:
    """Cards, the newest first, and whether there are more. Large ones make the page shorter."""
    statement, values = page_statement(account_id, filter, limit)
    rows = await connection.fetch(statement, *values)
    return [_card(row) for row in rows], bool(rows) and rows[0]["all_found"] > len(rows)


def page_statement(account_id: AccountId, filter: ConflictFilter, limit: int) -> tuple[str, list[object]]:
    """The statement of `page` with its values. Looks at one card more than the page, to know of it."""
    where = ["c.account_id = $1"]
    values: list[object] = [account_id]

    def condition(sql: str, value: object) -> None:
        values.append(value)
        where.append(sql.format(f"${len(values)}"))

    if filter.open is not None:
        where.append(f"c.resolved_at is {'' if filter.open else 'not '}null")
    if filter.job is not None:
        condition("c.job_id = {}", filter.job)
    if filter.worker is not None:
        condition("c.worker_id = {}", filter.worker)
    if filter.after is not None:
        condition("c.n < (select n from conflict where account_id = $1 and id = {})", filter.after)
    values.append(limit + 1)
    statement = f"""
        with found as (
          select c.id, c.n, c.bytes from conflict c
          where {" and ".join(where)} order by c.n desc limit ${len(values)}
        ), measured as (
          select id, sum(bytes) over (order by n desc) as bytes, row_number() over (order by n desc) as place,
                 count(*) over () as all_found
          from found
        )
        select {COLUMNS}, m.all_found
        from measured m join conflict c on c.account_id = $1 and c.id = m.id {JOB}
        where m.place = 1 or (m.bytes <= {MOST_BYTES} and m.place < ${len(values)})
        order by m.place"""
    return statement, values


async def open_count(connection: Connection, account_id: AccountId) -> int:
    """How many cards of the account are open; counted up to a thousand."""
    counted = await connection.fetchval(
        """select count(*)
           from (select from conflict where account_id = $1 and resolved_at is null limit $2) c""",
        account_id,
        MOST_COUNTED,
    )
    assert isinstance(counted, int)
    return counted


async def get(connection: Connection, account_id: AccountId, id: ConflictId) -> Conflict | None:
    row = await connection.fetchrow(
        f"select {COLUMNS} from conflict c {JOB} where c.account_id = $1 and c.id = $2", account_id, id
    )
    return _card(row) if row else None


async def resolve(connection: Connection, account_id: AccountId, id: ConflictId, resolved: Resolved) -> None:
    await connection.execute(
        """update conflict set resolved_at = $3, resolved_by = $4, take = $5
           where account_id = $1 and id = $2 and resolved_at is null""",
        account_id,
        id,
        resolved.at,
        resolved.by,
        resolved.take,
    )


def _card(row: Row) -> Conflict:
    job = None
    if row["job_id"]:
        template_id = TemplateId(row["template_id"]) if row["template_id"] else None
        job = AboutJob(JobId(row["job_id"]), row["job_number"], template_id)
    resolved = None
    if row["resolved_at"]:
        resolved = Resolved(row["resolved_at"], row["resolved_by"], Take(row["take"]))
    return Conflict(
        id=ConflictId(row["id"]),
        kind=ConflictKind(row["kind"]),
        job=job,
        worker_id=UserId(row["worker_id"]),
        device_id=DeviceId(row["device_id"]),
        operation_id=OperationId(row["operation_id"]),
        operation=row["operation"],
        fields=row["fields"],
        problem=row["problem"],
        version=row["version"],
        happened_at=row["happened_at"],
        recorded_at=row["recorded_at"],
        resolved=resolved,
    )
