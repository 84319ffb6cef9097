"""The health of each phone."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from starlette.responses import JSONResponse

from naryad.db import devices
from naryad.domain.ids import DeviceId
from naryad.wire import device_json
from naryad_api.deps import DatabaseDep, Desk
from naryad_api.errors import problems
from naryad_api.shapes.people import DevicesAnswer

router = APIRouter(prefix="/v1", tags=["devices"])


@router.get("/devices", response_model=DevicesAnswer, responses=problems(401, 403))
async def list_devices(
    session: Desk,
    database: DatabaseDep,
    after: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 200,
) -> Response:
    """Last contact, network, unsent work and app version of each phone."""
    async with database.snapshot(session.account_id) as connection:
        found = await devices.page(connection, session.account_id, DeviceId(after) if after else None, limit)
    next_ = str(found[-1].device.id) if len(found) == limit else None
    return JSONResponse({"devices": [device_json(one) for one in found], "next": next_})
