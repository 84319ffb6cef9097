"""A transport that overhears what the server says to the phone."""

import asyncio

import httpx

from naryad.device.answers import Page, Refused, Unreachable
from naryad.device.requests import Request
from naryad.device.transport import Reply, Transport
from naryad_cli.simulate.journal import Journal


class AttentiveTransport(Transport):
    """Tells the journal what the server said, before the phone knows it."""

    def __init__(self, url: str, client: httpx.AsyncClient, journal: Journal) -> None:
        super().__init__(url, client)
        self.in_step_since: float | None = None
        """When the latest request left that brought the phone all there was; by the loop's clock."""
        self._journal = journal

    async def sync(self, request: Request, token: str) -> Reply:
        left = asyncio.get_running_loop().time()
        reply = await super().sync(request, token)
        if not isinstance(reply.answer, Unreachable):
            self._journal.answers += 1
        match reply.answer:
            case Page() as page:
                self._journal.hear(page.results)
                self.in_step_since = None if page.more else left
            case Refused() as refused:
                self._journal.faults[f"answers {refused.status} {refused.slug}".rstrip()] += 1
            case Unreachable():
                self._journal.faults["requests without an answer"] += 1
            case _:
                self.in_step_since = left
        return reply
