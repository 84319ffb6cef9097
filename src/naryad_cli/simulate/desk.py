"""The dispatcher's side of the API, as a program uses it: patient, and exact about what it was promised."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import httpx

from naryad_cli.failures import CommandError, Exit

TIMEOUT = httpx.Timeout(20.0)
PATIENCE_S = 60.0
"""How long a question is asked again while the server is away."""
PAUSE_S = 0.3


@dataclass(frozen=True, slots=True)
class Promise:
    """One write of a dispatcher, and what it was answered."""

    job_id: str
    answer: int | None
    """The status; None when none came: then it may have happened or not."""
    version: int | None = None
    """Of the job, as the answer gave it."""
    field: str | None = None
    value: str | None = None
    """A value that nothing else ever writes to this field."""
    kind: str | None = None
    """Of the change that a 2xx promises, where that is certain."""

    @property
    def kept(self) -> bool:
        """The server said that it happened."""
        return self.answer is not None and 200 <= self.answer < 300

    @property
    def refused(self) -> bool:
        """The server said that it did not happen."""
        return self.answer is not None and 400 <= self.answer < 500


@dataclass(slots=True)
class Desk:
    """Signed in as an admin. Open it by `sign_in`."""

    http: httpx.AsyncClient
    faults: Counter[str]
    promises: list[Promise] = field(default_factory=list)

    async def write(
        self,
        method: str,
        path: str,
        job_id: str,
        body: dict[str, Any] | None = None,
        *,
        field: str | None = None,
        value: str | None = None,
        kind: str | None = None,
    ) -> dict[str, Any] | None:
        """Write to a job once, remember the promise; the answer, or None when it was refused or lost."""
        answer: httpx.Response | None = None
        try:
            answer = await self.http.request(method, path, json=body)
        except httpx.TransportError:
            self.faults["desk requests without an answer"] += 1
        status = answer.status_code if answer is not None else None
        if status is not None and status >= 500:
            self.faults[f"desk answers {status}"] += 1
            status = None  # a 5xx promises nothing either way
        said: dict[str, Any] = answer.json() if answer is not None and answer.content else {}
        told = said.get("version")
        self.promises.append(Promise(job_id, status, told, field, value, kind))
        return said if status is not None and status < 300 else None

    async def ask(self, path: str, **parameters: Any) -> dict[str, Any] | None:
        """Read, again and again while the server is away; None for 404. Raises CommandError."""
        answer = await self._insist("GET", path, params=parameters)
        if answer.status_code == 404:
            return None
        return _body(answer)

    async def establish(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Create something that must be there, under an id of ours. Raises CommandError."""
        answer = await self._insist("POST", path, json=body)
        return _body(answer)

    async def change(self, path: str, body: dict[str, Any]) -> None:
        """Raises CommandError."""
        _body(await self._insist("PATCH", path, json=body))

    async def _insist(self, method: str, path: str, **what: Any) -> httpx.Response:
        try:
            async with asyncio.timeout(PATIENCE_S):
                while True:
                    with suppress(httpx.TransportError):
                        answer = await self.http.request(method, path, **what)
                        if answer.status_code not in (429, 500, 503):
                            return answer
                    await asyncio.sleep(PAUSE_S)
        except TimeoutError as late:
            text = f"{self.http.base_url} has not answered {method} {path} for {PATIENCE_S:.0f} s."
            raise CommandError(text, Exit.UNREACHABLE) from late


def _body(answer: httpx.Response) -> dict[str, Any]:
    if answer.is_error:
        problem = answer.json()
        raise CommandError(
            f"{answer.request.method} {answer.request.url.path} was answered {answer.status_code}: "
            f"{problem.get('detail') or problem.get('title')} {problem.get('errors') or ''}".strip()
        )
    body: dict[str, Any] = answer.json()
    return body


@asynccontextmanager
async def sign_in(url: str, login: str, password: str, faults: Counter[str]) -> AsyncIterator[Desk]:
    """Raises CommandError, in words, when the server or the login is not there."""
    async with httpx.AsyncClient(base_url=url, timeout=TIMEOUT) as http:
        try:
            answer = await http.post(
                "/v1/sessions", json={"login": login, "password": password, "transport": "bearer"}
            )
        except httpx.TransportError as error:
            raise CommandError(
                f"No Naryad answers at {url} ({error!r}). Start one with `naryad up`, or give its --url.",
                Exit.UNREACHABLE,
            ) from error
        body = _body(answer)
        if body["user"]["role"] != "admin":
            raise CommandError(f"{login!r} is no admin: simulated workers cannot be made by this login.")
        http.headers["authorization"] = f"Bearer {body['token']}"
        yield Desk(http, faults)
        await http.delete("/v1/sessions/current")
