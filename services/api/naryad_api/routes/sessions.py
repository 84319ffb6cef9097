"""Signing in and out (DESIGN 4.1)."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from starlette.responses import JSONResponse

from naryad.access import COOKIES, App
from naryad.actions import sessions as actions
from naryad.actions.people import check_zone
from naryad.db import accounts, devices, push_registrations, sessions, users
from naryad.db.devices import Device
from naryad.domain.ids import DeviceId, SessionId
from naryad.domain.instant import to_text
from naryad.domain.json import Json
from naryad.wire import account_json, push_state_json, user_json
from naryad_api.deps import Admin, DatabaseDep, SettingsDep, SignedIn, StoresDep, check_origin
from naryad_api.errors import problems
from naryad_api.shapes.people import DeviceShape, MeAnswer, SessionsAnswer, SignedInAnswer, SignIn

router = APIRouter(prefix="/v1", tags=["sessions"])


@router.post(
    "/sessions", status_code=201, response_model=SignedInAnswer, responses=problems(400, 401, 403, 409, 413)
)
async def sign_in(request: Request, body: SignIn, stores: StoresDep, settings: SettingsDep) -> Response:
    """Sign in. `bearer` returns a token, `cookie` sets one. A worker names the device."""
    check_origin(request, required=False)
    device = _device(body.device)
    done = await actions.sign_in(stores, body.login, body.password, body.transport, device)
    answer: dict[str, Json] = {
        "session": {"id": str(done.session_id), "expires_at": to_text(done.expires_at)},
        "user": user_json(done.user),
        "account": account_json(done.account),
    }
    if done.device:
        answer["device"] = {"id": str(done.device.id), "last_seq": done.last_seq}
    if body.transport == "bearer":
        return JSONResponse({**answer, "token": done.token}, 201)
    response = JSONResponse(answer, 201)
    response.set_cookie(
        COOKIES[App.FIELD if done.device else App.CONSOLE],
        done.token,
        max_age=int(actions.LIFETIME.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https" or (settings.public_url or "").startswith("https:"),
    )
    return response


@router.get("/me", response_model=MeAnswer, responses=problems(401))
async def me(session: SignedIn, database: DatabaseDep) -> Response:
    """Who the token belongs to; of a phone also the last number of its operations, and whether pushes reach
    it: `push` is null when it is registered nowhere.
    """
    async with database.snapshot(session.account_id) as connection:
        account = await accounts.get(connection, session.account_id)
        user = await users.get(connection, session.account_id, session.user_id)
        assert user is not None
        answer: dict[str, Any] = {"user": user_json(user), "account": account_json(account)}
        if session.device_id:
            seq = await devices.last_seq(connection, session.account_id, session.device_id)
            push = await push_registrations.state_of(connection, session.account_id, session.device_id)
            answer["device"] = {
                "id": str(session.device_id),
                "last_seq": seq,
                "push": push and push_state_json(push),
            }
    return JSONResponse(answer)


@router.delete("/sessions/current", status_code=204, responses=problems(401, 403))
async def sign_out(session: SignedIn, stores: StoresDep) -> Response:
    """End this session. What a device has not sent stays acceptable after a new sign-in."""
    await actions.end_session(stores, session.account_id, session.session_id)
    response = Response(status_code=204)
    if session.transport == "cookie":
        response.delete_cookie(COOKIES[App.FIELD if session.device_id else App.CONSOLE])
    return response


@router.get("/sessions", response_model=SessionsAnswer, responses=problems(401, 403))
async def list_sessions(
    session: Admin,
    database: DatabaseDep,
    after: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
) -> Response:
    """All sessions of the account that still hold."""
    async with database.snapshot(session.account_id) as connection:
        entries = await sessions.page(
            connection, session.account_id, SessionId(after) if after else None, limit
        )
    return JSONResponse(
        {
            "sessions": [
                {
                    "id": str(one.id),
                    "user_id": str(one.user_id),
                    "device_id": str(one.device_id) if one.device_id else None,
                    "transport": one.transport,
                    "created_at": to_text(one.created_at),
                    "expires_at": to_text(one.expires_at),
                    "current": one.id == session.session_id,
                }
                for one in entries
            ],
            "next": str(entries[-1].id) if len(entries) == limit else None,
        }
    )


@router.delete("/sessions/{session_id}", status_code=204, responses=problems(401, 403, 404))
async def revoke(session_id: UUID, session: Admin, stores: StoresDep) -> Response:
    """End someone's session: a lost phone."""
    await actions.end_session(stores, session.account_id, SessionId(session_id))
    return Response(status_code=204)


def _device(shape: DeviceShape | None) -> Device | None:
    if shape is None:
        return None
    check_zone(shape.time_zone)
    return Device(
        DeviceId(shape.id), shape.name, shape.platform, shape.app_version, shape.locale, shape.time_zone
    )
