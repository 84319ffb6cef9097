"""Every error as problem+json (RFC 9457) with a stable slug and a word of help."""

from collections.abc import Sequence
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from naryad.blobs.errors import StorageUnavailable
from naryad.db.pool import BadData, Unavailable
from naryad.domain.refusals import FieldError, Refusal, Slug
from naryad_api.shapes.base import Problem

log = structlog.get_logger()

RETRY_AFTER_S = 2


class ProblemResponse(JSONResponse):
    media_type = "application/problem+json"


def problem(refusal: Refusal) -> ProblemResponse:
    headers = {"Retry-After": str(RETRY_AFTER_S)} if refusal.status in (423, 429, 503, 507) else {}
    if refusal.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return ProblemResponse(refusal.as_json(), refusal.status, headers)


def add_handlers(app: FastAPI) -> None:
    @app.exception_handler(Refusal)
    async def refused(_: Request, refusal: Refusal) -> ProblemResponse:
        return problem(refusal)

    @app.exception_handler(RequestValidationError)
    async def not_valid(_: Request, error: RequestValidationError) -> ProblemResponse:
        return problem(_validation(error.errors()))

    @app.exception_handler(HTTPException)
    async def http(_: Request, error: HTTPException) -> ProblemResponse:
        slug, detail = {
            400: (Slug.BAD_JSON, "The body cannot be read as JSON in UTF-8."),
            404: (Slug.NOT_FOUND, "There is nothing at this address."),
            405: (Slug.METHOD_NOT_ALLOWED, "See /docs for what this address answers."),
        }.get(error.status_code, (Slug.INTERNAL, "Unexpected."))
        answer = problem(Refusal(slug, detail))
        answer.headers.update(error.headers or {})
        return answer

    @app.exception_handler(BadData)
    async def cannot_be_stored(_: Request, error: Exception) -> ProblemResponse:
        log.warning("value refused by the database", error=str(error))
        return problem(Refusal(Slug.INVALID_REQUEST, "A value is out of range, or no text."))

    async def unavailable(_: Request, error: Exception) -> ProblemResponse:
        log.warning("database unavailable", error=repr(error))
        return problem(
            Refusal(
                Slug.UNAVAILABLE,
                "The database does not answer in time. Whether this was done is not known: try again.",
            )
        )

    @app.exception_handler(StorageUnavailable)
    async def storage_unavailable(_: Request, error: StorageUnavailable) -> ProblemResponse:
        log.warning("storage unavailable", error=str(error))
        return problem(error.refusal())

    for kind in Unavailable:
        app.add_exception_handler(kind, unavailable)

    @app.exception_handler(Exception)
    async def broken(_: Request, error: Exception) -> ProblemResponse:
        log.error("unhandled error", exc_info=error)
        return problem(Refusal(Slug.INTERNAL, "The error is logged under this answer's X-Request-Id."))


def _validation(errors: Sequence[Any]) -> Refusal:
    if any(error["type"] == "json_invalid" for error in errors):
        return Refusal(Slug.BAD_JSON, "The body cannot be read as JSON in UTF-8.")
    named = tuple(FieldError(_pointer(error["loc"]), error["msg"]) for error in errors[:20])
    return Refusal(Slug.INVALID_REQUEST, "Some members are missing or wrong: see errors.", errors=named)


def _pointer(loc: Sequence[str | int]) -> str:
    """`("body", "assignees", 0, "worker_id")` → `/assignees/0/worker_id`; of a parameter, its place first."""
    parts = loc[1:] if loc and loc[0] == "body" else loc
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The declared errors of a route, for the OpenAPI document; any may also be 422, 500 or 503."""
    return {status: {"model": Problem} for status in (*statuses, 422, 500, 503)}
