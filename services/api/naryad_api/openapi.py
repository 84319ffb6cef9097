"""The OpenAPI document: what FastAPI writes, with problems as problem+json and the ways to be known."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from naryad.access import COOKIES, App

PROBLEM = "application/problem+json"
WITHOUT_SESSION = {("/v1/sessions", "post"), ("/v1/uploads", "options")}
SCHEMES: dict[str, Any] = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "A session's token."},
    "console": {"type": "apiKey", "in": "cookie", "name": COOKIES[App.CONSOLE]},
    "field": {"type": "apiKey", "in": "cookie", "name": COOKIES[App.FIELD]},
}
EXAMPLE: dict[str, Any] = {
    "type": "urn:naryad:problem:invalid-request",
    "title": "The request is not valid",
    "status": 422,
    "detail": "Some members are missing or wrong: see errors.",
    "errors": [{"pointer": "/scheduled_at", "detail": "an offset is expected: 2026-11-24T10:00:00+03:00"}],
}


def describe(app: FastAPI) -> None:
    """Have the application answer this document at `/openapi.json`."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign] # FastAPI's documented way


def _document(app: FastAPI) -> dict[str, Any]:
    described = get_openapi(
        title=app.title, version=app.version, summary=app.summary, routes=app.routes, openapi_version="3.1.0"
    )
    components = described.setdefault("components", {})
    components["securitySchemes"] = SCHEMES
    components["schemas"]["Problem"]["examples"] = [EXAMPLE]
    content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            if (path, method) not in WITHOUT_SESSION:
                operation["security"] = [{name: []} for name in SCHEMES]
            for status, answer in operation["responses"].items():
                if status.startswith(("4", "5")):
                    answer["content"] = content
    return described
