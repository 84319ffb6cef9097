"""Users and templates."""

from collections.abc import Collection
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from starlette.responses import JSONResponse

from naryad.actions import people
from naryad.db import accounts, files, templates, users
from naryad.domain.ids import TemplateId, UserId
from naryad.domain.people import User
from naryad.domain.refusals import not_found
from naryad.domain.template import Resolution, TemplateField
from naryad.uuid7 import uuid7
from naryad.wire import account_json, room_json, template_json, user_json
from naryad_api.deps import Admin, DatabaseDep, Desk, LimitsDep, StoresDep, actor
from naryad_api.errors import problems
from naryad_api.shapes.base import Shape
from naryad_api.shapes.people import (
    AccountPatch,
    AccountWithRoomAnswer,
    TemplateAnswer,
    TemplateCreate,
    TemplatesAnswer,
    UserAnswer,
    UserCreate,
    UserPatch,
    UsersAnswer,
)

router = APIRouter(prefix="/v1", tags=["people"])

Limit = Annotated[int, Query(ge=1, le=500)]


@router.get("/users", response_model=UsersAnswer, responses=problems(401, 403))
async def list_users(
    session: Desk, database: DatabaseDep, after: UUID | None = None, limit: Limit = 200
) -> Response:
    """The users of the account, in the order of their making."""
    async with database.snapshot(session.account_id) as connection:
        found = await users.page(connection, session.account_id, UserId(after) if after else None, limit)
    next_ = str(found[-1].id) if len(found) == limit else None
    return JSONResponse({"users": [user_json(one) for one in found], "next": next_})


@router.post(
    "/users", status_code=201, response_model=UserAnswer, responses=problems(400, 401, 403, 409, 413)
)
async def create_user(body: UserCreate, session: Admin, stores: StoresDep) -> Response:
    user = User(
        UserId(body.id or uuid7()), body.login, body.name, body.role, body.time_zone, body.locale, active=True
    )
    await people.create_user(stores, session.account_id, user, body.password)
    return JSONResponse(user_json(user), 201)


@router.patch("/users/{user_id}", response_model=UserAnswer, responses=problems(400, 401, 403, 404, 409, 413))
async def edit_user(user_id: UUID, body: UserPatch, session: Admin, stores: StoresDep) -> Response:
    """Change a user; `active: false` signs the user out everywhere."""
    changed = given(body, nullable={"time_zone", "locale"}) - {"password"}
    user = await people.edit_user(
        stores,
        session.account_id,
        session.user_id,
        UserId(user_id),
        {name: getattr(body, name) for name in changed},
        body.password,
    )
    return JSONResponse(user_json(user))


@router.get("/account", response_model=AccountWithRoomAnswer, responses=problems(401, 403))
async def read_account(session: Desk, database: DatabaseDep, limits: LimitsDep) -> Response:
    """The company, with the sync policy of its phones, and the room for its files."""
    async with database.snapshot(session.account_id) as connection:
        account = await accounts.get(connection, session.account_id)
        room = await files.room(connection, session.account_id)
    return JSONResponse({**account_json(account), "files": room_json(room, limits)})


@router.patch("/account", response_model=AccountWithRoomAnswer, responses=problems(400, 401, 403, 413))
async def edit_account(body: AccountPatch, session: Admin, stores: StoresDep, limits: LimitsDep) -> Response:
    """Change the company; phones fetch a changed policy at their next sync."""
    changed = {name: getattr(body, name) for name in given(body) - {"policy", "files"}}
    policy = {name: getattr(body.policy, name) for name in given(body.policy)} if body.policy else {}
    wanted = {name: getattr(body.files, name) for name in body.files.model_fields_set} if body.files else {}
    account, room = await people.edit_account(
        stores, session.account_id, actor(session), changed, policy, wanted
    )
    return JSONResponse({**account_json(account), "files": room_json(room, limits)})


@router.get("/templates", response_model=TemplatesAnswer, responses=problems(401, 403))
async def list_templates(
    session: Desk, database: DatabaseDep, after: UUID | None = None, limit: Limit = 200
) -> Response:
    """The templates of the account, in the order of their making."""
    async with database.snapshot(session.account_id) as connection:
        found = await templates.page(
            connection, session.account_id, TemplateId(after) if after else None, limit
        )
    next_ = str(found[-1].id) if len(found) == limit else None
    return JSONResponse({"templates": [template_json(one) for one in found], "next": next_})


@router.post(
    "/templates", status_code=201, response_model=TemplateAnswer, responses=problems(400, 401, 403, 409, 413)
)
async def create_template(body: TemplateCreate, session: Admin, stores: StoresDep) -> Response:
    return await _save(body, TemplateId(body.id or uuid7()), session, stores, new=True)


@router.get("/templates/{template_id}", response_model=TemplateAnswer, responses=problems(401, 403, 404))
async def read_template(template_id: UUID, session: Desk, database: DatabaseDep) -> Response:
    async with database.snapshot(session.account_id) as connection:
        template = await templates.get(connection, session.account_id, TemplateId(template_id))
    if template is None:
        raise not_found()
    return JSONResponse(template_json(template))


@router.put(
    "/templates/{template_id}",
    response_model=TemplateAnswer,
    responses=problems(400, 401, 403, 404, 413),
)
async def replace_template(
    template_id: UUID, body: TemplateCreate, session: Admin, stores: StoresDep
) -> Response:
    """Replace a template; phones fetch it at their next sync."""
    return await _save(body, TemplateId(template_id), session, stores, new=False)


def given(body: Shape, nullable: Collection[str] = ()) -> set[str]:
    """The members a request names; null counts only where it means something."""
    return {name for name in body.model_fields_set if name in nullable or getattr(body, name) is not None}


async def _save(
    body: TemplateCreate, template_id: TemplateId, session: Admin, stores: StoresDep, *, new: bool
) -> Response:
    fields = tuple(
        TemplateField(one.key, one.name, one.type, one.scope, one.required, tuple(one.options or ()))
        for one in body.fields
    )
    resolutions = tuple(Resolution(one.id or uuid7(), one.name, one.successful) for one in body.resolutions)
    template = await people.save_template(
        stores, session.account_id, actor(session), template_id, body.name, fields, resolutions, new=new
    )
    return JSONResponse(template_json(template), 201 if new else 200)
