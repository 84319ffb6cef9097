"""Disagreements between a phone and the desk, and the cards that tell of them."""

from typing import Any

import httpx

from support.account import Office


async def cards(office: Office, **query: Any) -> list[dict[str, Any]]:
    """The account's conflict cards, the newest first."""
    answer = await office.desk.get("/v1/conflicts", params=query)
    assert answer.status_code == 200, answer.text
    listed: list[dict[str, Any]] = answer.json()["conflicts"]
    return listed


async def resolve(office: Office, card: dict[str, Any], take: str) -> httpx.Response:
    return await office.desk.post(f"/v1/conflicts/{card['id']}/resolve", json={"take": take})


async def overrode(office: Office, desks: Any = 1, workers: Any = 2) -> dict[str, Any]:
    """The card of a fresh job whose meter the desk set to one value and Ivan, unknowing, to another."""
    job = await office.create_job()
    await office.ivan.sync()
    held = dict(office.ivan.jobs[job["id"]])
    answer = await office.desk.patch(f"/v1/jobs/{job['id']}", json={"report": {"meter": desks}})
    assert answer.status_code == 200, answer.text
    await office.ivan.sync(office.ivan.operation(held, "set_report", fields={"meter": workers}))
    (card, *_) = await cards(office, job=job["id"])
    return card
