"""A device's sync: its operations up, its news down (DESIGN 4.3)."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Response
from starlette.responses import JSONResponse

from naryad.actions.sync import Sent, apply_operations
from naryad.db import devices
from naryad.db.devices import Health
from naryad.domain.ids import DeviceId, JobId, OperationId
from naryad.domain.instant import to_text
from naryad_api.contact import synced
from naryad_api.deps import ContactsDep, DatabaseDep, Phone, StoresDep, actor
from naryad_api.errors import problems
from naryad_api.news import Have, check_cursor, parse_cursor, read_news
from naryad_api.shapes.sync import DeviceReport, SyncAnswer, SyncRequest

router = APIRouter(prefix="/v1/sync", tags=["sync"])


@router.get(
    "",
    response_model=SyncAnswer,
    responses={**problems(400, 401, 403, 410), 204: {"description": "Nothing new since the cursor."}},
)
async def poll(
    session: Phone,
    database: DatabaseDep,
    contacts: ContactsDep,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """What is new since the cursor; without one everything. Nothing new: 204, from `naryad_api.idle`."""
    assert session.device_id is not None
    since = parse_cursor(cursor)
    news = await read_news(database, session.account_id, session.user_id, since)
    contacts.seen(session.account_id, session.device_id, since)
    async with database.account(session.account_id) as connection:
        last_seq = await devices.last_seq(connection, session.account_id, session.device_id)
    body = {"acknowledged": last_seq, "server_time": to_text(datetime.now(UTC))}
    return JSONResponse(news.as_json() | body)


@router.post("", response_model=SyncAnswer, responses=problems(400, 401, 403, 409, 410, 413))
async def sync(
    body: SyncRequest, session: Phone, stores: StoresDep, database: DatabaseDep, contacts: ContactsDep
) -> Response:
    """Apply operations, each exactly once, then answer what is new, their effects included.

    The answer is sent after the commit. 409 and 410 mean that nothing was done.
    """
    assert session.device_id is not None
    now = datetime.now(UTC)
    cursor = parse_cursor(body.cursor)
    await check_cursor(database, session.account_id, session.user_id, cursor)
    applied = None
    if body.operations:
        applied = await apply_operations(
            stores,
            session.account_id,
            actor(session),
            session.user_id,
            session.device_id,
            [Sent(one.seq, OperationId(one.id), one.model_extra or {}) for one in body.operations],
            now - body.device.now if body.device and body.device.now else timedelta(),
        )
    contacts.told(session.account_id, synced(_health(session.device_id, now, body.device), cursor))
    have = None
    if body.have is not None:
        have = Have(session.device_id, {JobId(job): version for job, version in body.have.items()})
    news = await read_news(database, session.account_id, session.user_id, cursor, have)
    if applied is None:
        async with database.account(session.account_id) as connection:
            acknowledged = await devices.last_seq(connection, session.account_id, session.device_id)
    else:
        acknowledged = applied.acknowledged
    answer = {
        **news.as_json(),
        "acknowledged": acknowledged,
        "server_time": to_text(now),
        "results": list(applied.results) if applied else [],
    }
    return JSONResponse(answer)


def _health(device_id: DeviceId, now: datetime, report: DeviceReport | None) -> Health:
    if report is None:
        return Health(device_id, now)
    unsent = report.unsent
    return Health(
        device_id,
        now,
        network=report.network,
        unsent_operations=unsent.operations if unsent else None,
        unsent_files=unsent.files if unsent else None,
        unsent_bytes=unsent.bytes if unsent else None,
        app_version=report.app_version,
    )
