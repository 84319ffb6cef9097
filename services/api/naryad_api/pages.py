"""The two web apps: the console at `/`, the field app at `/app/`.

Each answers its shell for every route of its own.
"""

from pathlib import Path

from fastapi import APIRouter, Response
from starlette.responses import FileResponse, RedirectResponse

from naryad.domain.refusals import Refusal, Slug, not_found

WEB = Path(__file__).parent / "web"

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' blob: data:; object-src 'none'; "
    "base-uri 'none'; frame-ancestors 'none'; form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
}
KEEP = "public, max-age=31536000, immutable"  # a built asset's name holds its hash
ASK = "no-cache"

router = APIRouter(include_in_schema=False)


@router.get("/app")
async def field_without_slash() -> Response:
    return RedirectResponse("/app/")


@router.get("/app/{path:path}")
async def field(path: str) -> Response:
    return _page("field", path)


@router.get("/{path:path}")
async def console(path: str) -> Response:
    if path.startswith("v1/"):
        raise not_found()
    return _page("console", path)


def _page(app: str, path: str) -> Response:
    root = WEB / app
    if not (root / "index.html").is_file():
        raise Refusal(Slug.NOT_FOUND, "The web apps are not built: run `make build`.")
    wanted = (root / path).resolve()
    if path and wanted.is_relative_to(root) and wanted.is_file():
        caching = KEEP if "assets" in wanted.relative_to(root).parts else ASK
        return FileResponse(wanted, headers={**HEADERS, "Cache-Control": caching})
    if "." in path.rsplit("/", 1)[-1]:
        raise not_found()
    return FileResponse(root / "index.html", headers={**HEADERS, "Cache-Control": ASK})
