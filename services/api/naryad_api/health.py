"""Is the service alive, is it ready, and how busy (DESIGN 4.7)."""

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from naryad.db.pool import Unavailable
from naryad.db.schema import SchemaMismatch
from naryad.domain.refusals import Refusal, Slug
from naryad_api.deps import stores

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
async def healthz() -> Response:
    """The loop lives."""
    return Response("ok\n", media_type="text/plain")


@router.get("/readyz")
async def readyz(request: Request) -> Response:
    """The database answers, with this version's schema."""
    try:
        await stores(request).database.check_ready()
    except (*Unavailable, SchemaMismatch) as error:
        raise Refusal(Slug.UNAVAILABLE, str(error) or type(error).__name__) from error
    return Response("ready\n", media_type="text/plain")


@router.get("/metrics")
async def metrics() -> Response:
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
