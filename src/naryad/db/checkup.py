"""What `naryad doctor` asks the database: each finding with what it means and what to do."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass

import asyncpg

from naryad.db.pool import SERVICE_ROLE, Unavailable
from naryad.db.schema import SchemaMismatch, check_schema

OLDEST_POSTGRESQL = 150_000
COUNTED = ("account", "account_user", "device", "job", "change", "feed", "push_intent", "file", "content")


@dataclass(frozen=True, slots=True)
class Finding:
    """One check. `text` says what was found and, if that is wrong, what to do."""

    check: str
    right: bool
    text: str


async def examine(service_dsn: str, owner_dsn: str, listen_dsn: str) -> AsyncIterator[Finding]:
    """The findings in order; what needs a reachable database ends where it is not."""
    for role, dsn in (("services", service_dsn), ("migrations", owner_dsn), ("LISTEN", listen_dsn)):
        finding = await _reachable(role, dsn)
        yield finding
        if not finding.right:
            return
    service = await asyncpg.connect(service_dsn, timeout=10)
    owner = await asyncpg.connect(owner_dsn, timeout=10)
    try:
        yield await _version(service)
        schema = await _schema(service)
        yield schema
        if not schema.right:
            return
        for check in (_forced, _views, _across_role):
            yield await check(owner)
        for check in (_service_role, _sees_nothing):
            yield await check(service)
        yield await _listens(listen_dsn)
        yield await _heads(owner)
        yield await _counts(owner)
    finally:
        for connection in (service, owner):
            await connection.close(timeout=5)


async def _reachable(role: str, dsn: str) -> Finding:
    check = f"database for {role}"
    try:
        connection = await asyncpg.connect(dsn, timeout=10)
    except (*Unavailable, asyncpg.PostgresError, ValueError) as error:
        return Finding(
            check, False, f"not reachable ({str(error) or type(error).__name__}): is it up, is the URL right?"
        )
    user = await connection.fetchval("select current_user")
    await connection.close(timeout=5)
    return Finding(check, True, f"reachable as {user}")


async def _version(connection: asyncpg.Connection) -> Finding:
    number = int(await connection.fetchval("show server_version_num"))
    shown = await connection.fetchval("show server_version")
    if number < OLDEST_POSTGRESQL:
        return Finding("PostgreSQL", False, f"{shown} is too old: 15 or newer is needed")
    return Finding("PostgreSQL", True, str(shown))


async def _schema(connection: asyncpg.Connection) -> Finding:
    try:
        await check_schema(connection)
    except SchemaMismatch as error:
        return Finding("schema", False, str(error))
    return Finding("schema", True, "is this version's")


async def _forced(connection: asyncpg.Connection) -> Finding:
    """Every table of an account's rows hides them from all but that account, from its owner too."""
    loose = await connection.fetch(
        """
        select c.relname from pg_class c
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
          and (c.relname = 'account' or exists (select from pg_attribute a where a.attrelid = c.oid
               and a.attname = 'account_id' and not a.attisdropped))
          and not (c.relrowsecurity and c.relforcerowsecurity
                   and exists (select from pg_policy p where p.polrelid = c.oid))
        order by c.relname
        """
    )
    if loose:
        names = ", ".join(row["relname"] for row in loose)
        return Finding(
            "row level security", False, f"not forced on {names}: accounts could see each other there"
        )
    return Finding("row level security", True, "forced on every table with accounts' rows")


async def _views(connection: asyncpg.Connection) -> Finding:
    leaky = await connection.fetch(
        """
        select c.relname from pg_class c
        where c.relnamespace = 'public'::regnamespace and c.relkind = 'v'
          and not coalesce('security_invoker=true' = any (c.reloptions), false)
        """
    )
    if leaky:
        names = ", ".join(row["relname"] for row in leaky)
        return Finding("views", False, f"{names} run with their owner's rights: set security_invoker")
    return Finding("views", True, "none runs with its owner's rights")


async def _across_role(connection: asyncpg.Connection) -> Finding:
    row = await connection.fetchrow(
        """
        select rolcanlogin, rolsuper or rolbypassrls as unbound from pg_roles where rolname = 'naryad_across'
        """
    )
    if row is None:
        return Finding("naryad_across", False, "the role is missing: run `naryad migrate`")
    if row["rolcanlogin"] or row["unbound"]:
        return Finding("naryad_across", False, "it may log in or pass row level security: alter the role")
    return Finding("naryad_across", True, "no login, bound by row level security")


async def _service_role(connection: asyncpg.Connection) -> Finding:
    """The login itself, or the role it steps down to as the services do."""
    row = await connection.fetchrow(
        """
        select rolname, rolsuper or rolbypassrls as unbound,
               exists (select from pg_class where relowner = r.oid and relkind in ('r', 'p')) as owns
        from pg_roles r where rolname = current_user
        """
    )
    assert row is not None
    if not (row["unbound"] or row["owns"]):
        return Finding(
            "services' role", True, f"{row['rolname']} owns nothing and is bound by row level security"
        )
    try:
        await connection.execute(f"set role {SERVICE_ROLE}")
    except asyncpg.PostgresError:
        return Finding(
            "services' role",
            False,
            f"{row['rolname']} passes row level security: grant it {SERVICE_ROLE}, to step down to",
        )
    return Finding("services' role", True, f"{row['rolname']} steps down to {SERVICE_ROLE}")


async def _sees_nothing(connection: asyncpg.Connection) -> Finding:
    for table in COUNTED:
        if await connection.fetchval(f"select exists (select from {table})"):
            return Finding("isolation", False, f"rows of {table} are seen without naming an account")
    return Finding("isolation", True, "no row is seen without naming an account")


async def _listens(dsn: str) -> Finding:
    """A transaction pooler takes LISTEN and delivers nothing."""
    heard = asyncio.Event()
    connection = await asyncpg.connect(dsn, timeout=10)
    try:
        await connection.add_listener("naryad_doctor", lambda *_: heard.set())
        await connection.execute("notify naryad_doctor")
        await asyncio.wait_for(heard.wait(), 5)
    except TimeoutError:
        return Finding(
            "LISTEN", False, "no notification arrives: is there a pooler? Set NARYAD_LISTEN_DATABASE_URL"
        )
    finally:
        await connection.close(timeout=5)
    return Finding("LISTEN", True, "notifications arrive")


async def _heads(connection: asyncpg.Connection) -> Finding:
    """No account's version is behind its own history, as a careless restore leaves it."""
    async with connection.transaction(readonly=True):
        await connection.execute("set local role naryad_across")
        behind = await connection.fetchval(
            """
            select count(*) from account a left join account_head h on h.account_id = a.id
            where coalesce(h.version, -1)
                  < (select coalesce(max(c.version), 0) from change c where c.account_id = a.id)
            """
        )
    if behind:
        return Finding("histories", False, f"{behind} accounts have a version behind their own history")
    return Finding("histories", True, "every account's version is that of its history")


async def _counts(connection: asyncpg.Connection) -> Finding:
    """Counted across accounts: under forced row level security an owner sees none, a bad backup neither."""
    async with connection.transaction(readonly=True):
        await connection.execute("set local role naryad_across")
        counts = {table: await connection.fetchval(f"select count(*) from {table}") for table in COUNTED}
    return Finding("rows", True, json.dumps(counts))
