"""Chromium's own EventSource, on a page that is signed in by a cookie."""

import json
from pathlib import Path

from playwright.async_api import Playwright

from support.account import PASSWORD
from support.browser import DESK, browser
from support.cuts import FOREIGN, come_through_cuts
from support.house import House
from support.proxy import wire_to
from support.told import Told

SIGN_IN = """async ([login, password]) => (await fetch("/v1/sessions", {
  method: "POST",
  headers: {"content-type": "application/json"},
  body: JSON.stringify({login, password, transport: "cookie"}),
})).status"""
LISTEN = """(after) => {
  const source = new EventSource(`/v1/events?app=console&after=${after}`);
  for (const name of ["change", "hb", "resync", "device"]) {
    source.addEventListener(name, (event) => window.heard(name, event.lastEventId, event.data));
  }
}"""


async def test_event_source_comes_back_by_itself_and_misses_nothing(
    house: House, chromium: Playwright, tmp_path: Path
) -> None:
    """Nothing of ours runs in the page but what hands the events over: the browser resumes."""
    told = Told()

    def heard(name: str, id: str, data: str) -> None:
        told.take(name, id, json.loads(data))

    async with wire_to(house.url) as wire, browser(chromium, tmp_path / "desk", **DESK) as console:
        await console.page.expose_function("heard", heard)
        await console.page.goto(f"{wire.url}/healthz")
        assert await console.page.evaluate(SIGN_IN, ["office-admin", PASSWORD]) == 201
        await console.page.evaluate(LISTEN, FOREIGN)
        await come_through_cuts(house.office, wire, told)
