"""What a browser needs to subscribe to Web Push (DESIGN 4.6)."""

from base64 import urlsafe_b64encode

from fastapi import APIRouter, Response
from starlette.responses import JSONResponse

from naryad.domain.refusals import Refusal, Slug
from naryad.vapid import vapid_key
from naryad_api.deps import DatabaseDep, SettingsDep, SignedIn
from naryad_api.errors import problems
from naryad_api.shapes.webpush import WebPushKeyAnswer

router = APIRouter(prefix="/v1/push", tags=["devices"])


@router.get("/webpush-key", response_model=WebPushKeyAnswer, responses=problems(401, 404))
async def webpush_key(session: SignedIn, settings: SettingsDep, database: DatabaseDep) -> Response:
    """The `applicationServerKey` of `PushManager.subscribe`: the same for ever. 404: Web Push is off."""
    if settings.webpush_subject is None:
        raise Refusal(
            Slug.NOT_FOUND, "Web Push is off here: the operator turns it on by NARYAD_WEBPUSH_SUBJECT."
        )
    key = await vapid_key(database)
    return JSONResponse({"key": urlsafe_b64encode(key.public).rstrip(b"=").decode()})
