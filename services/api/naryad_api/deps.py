"""Who calls, and what the routes work with."""

from typing import Annotated
from urllib.parse import parse_qs

from fastapi import Depends, Request

from naryad.access import find_token, hash_token, is_own_origin
from naryad.actions.ledger import Stores
from naryad.blobs.previews.workers import Workers
from naryad.blobs.store import Blobs
from naryad.db.pool import Database
from naryad.db.sessions import SessionRow, find_session
from naryad.domain.change import Actor, ActorKind
from naryad.domain.files import Limits
from naryad.domain.people import DESK, Role
from naryad.domain.refusals import Refusal, Slug
from naryad.settings import Settings
from naryad_api.contact import Contacts
from naryad_api.tus.desk import UploadDesk

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def stores(request: Request) -> Stores:
    held: Stores = request.app.state.stores
    return held


def database(request: Request) -> Database:
    return stores(request).database


def contacts(request: Request) -> Contacts:
    held: Contacts = request.app.state.contacts
    return held


def settings(request: Request) -> Settings:
    held: Settings = request.app.state.settings
    return held


def blobs(request: Request) -> Blobs:
    held: Blobs = request.app.state.blobs
    return held


def upload_desk(request: Request) -> UploadDesk:
    held: UploadDesk = request.app.state.upload_desk
    return held


def previews(request: Request) -> Workers:
    held: Workers = request.app.state.previews
    return held


def limits(request: Request) -> Limits:
    """What the installation allows; an account may allow less."""
    return Limits(settings(request).file_max_bytes, settings(request).quota_bytes)


async def signed_in(request: Request) -> SessionRow:
    """Whoever holds a valid token. Raises Refusal: unauthenticated, bad-origin."""
    headers = request.headers
    token, by_cookie = find_token(headers.get("authorization"), headers.get("cookie"), app_named(request))
    if by_cookie and request.method not in SAFE:
        check_origin(request, required=True)
    session = None
    if token is not None:
        async with database(request).across() as connection:
            session = await find_session(connection, hash_token(token))
    if session is None:
        raise Refusal(Slug.UNAUTHENTICATED, "The session is unknown or has ended: sign in again.")
    return session


async def desk(session: Annotated[SessionRow, Depends(signed_in)]) -> SessionRow:
    """A dispatcher or admin."""
    if session.role not in DESK:
        raise Refusal(Slug.FORBIDDEN, "This is for dispatchers and admins.")
    return session


async def admin(session: Annotated[SessionRow, Depends(signed_in)]) -> SessionRow:
    if session.role is not Role.ADMIN:
        raise Refusal(Slug.FORBIDDEN, "This is for admins.")
    return session


async def phone(session: Annotated[SessionRow, Depends(signed_in)]) -> SessionRow:
    """A worker on a device."""
    if session.device_id is None:
        raise Refusal(Slug.NOT_A_DEVICE, "Sign in as a worker, naming a device.")
    return session


def app_named(request: Request) -> str | None:
    """Which of our web apps is asking. Only the field app syncs."""
    if request.url.path == "/v1/sync":
        return "field"
    named = parse_qs(request.url.query).get("app", [None])[0]
    return request.headers.get("naryad-app") or named


def check_origin(request: Request, *, required: bool) -> None:
    """Refuse a request that another site's page sent with our cookie (CSRF)."""
    origin = request.headers.get("origin")
    if origin is None and not required:
        return
    public_url = settings(request).public_url
    if origin is None or not is_own_origin(origin, request.headers.get("host"), public_url):
        raise Refusal(Slug.BAD_ORIGIN, "Requests with a cookie that change something need our own Origin.")


def actor(session: SessionRow) -> Actor:
    """The hand that changes are attributed to."""
    return Actor(ActorKind.USER, session.user_id, session.user_name, session.device_id)


StoresDep = Annotated[Stores, Depends(stores)]
DatabaseDep = Annotated[Database, Depends(database)]
ContactsDep = Annotated[Contacts, Depends(contacts)]
SettingsDep = Annotated[Settings, Depends(settings)]
BlobsDep = Annotated[Blobs, Depends(blobs)]
UploadDeskDep = Annotated[UploadDesk, Depends(upload_desk)]
PreviewsDep = Annotated[Workers, Depends(previews)]
LimitsDep = Annotated[Limits, Depends(limits)]
SignedIn = Annotated[SessionRow, Depends(signed_in)]
Desk = Annotated[SessionRow, Depends(desk)]
Admin = Annotated[SessionRow, Depends(admin)]
Phone = Annotated[SessionRow, Depends(phone)]
