"""Answers that are no stream: refusals as problem+json (RFC 9457 §3)."""

import base64
import os

from starlette.responses import JSONResponse

from naryad.domain.refusals import Refusal


def new_request_id() -> bytes:
    """16 characters that name a request in its answer."""
    return base64.urlsafe_b64encode(os.urandom(12))


def problem(refusal: Refusal) -> JSONResponse:
    headers = {"X-Request-Id": new_request_id().decode()}
    if refusal.status in (429, 503):
        headers["Retry-After"] = "2"
    if refusal.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if refusal.status == 405:
        headers["Allow"] = "GET"
    return JSONResponse(refusal.as_json(), refusal.status, headers, media_type="application/problem+json")
