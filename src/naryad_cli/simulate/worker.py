"""What a simulated worker does: the demo's plausible day, and between it whatever comes to mind."""

import random
from datetime import UTC, datetime
from typing import cast
from uuid import UUID, uuid4

from naryad.device.held import HeldJob
from naryad.device.operations import AddComment, AddPhoto, RemovePhoto, SetReport, SetState, Work
from naryad.device.phone import Phone
from naryad.domain.ids import JobId
from naryad.domain.job import group
from naryad.domain.json import JsonObject
from naryad.domain.states import JobState
from naryad.uuid7 import uuid7
from naryad_cli.demo.words import comment
from naryad_cli.demo.worker import DemoWorker

WANDERS = 0.4
"""How often the worker does something else than the job at hand."""

RECENT = 12
"""Jobs that a worker still thinks of."""


class SimulatedWorker:
    def __init__(self, phone: Phone, chance: random.Random) -> None:
        self._phone = phone
        self._chance = chance
        self._day = DemoWorker(phone, chance)

    def act(self) -> bool:
        """Do one thing; False when there is nothing that could be done."""
        if self._phone.session is None:
            return False
        if self._chance.random() >= WANDERS and self._day.act(datetime.now(UTC)) is not None:
            return True
        recent = sorted(self._phone.state.jobs)[-RECENT:]
        if not recent:
            return False
        job = self._phone.state.jobs[self._chance.choice(recent)]
        self._phone.do(self._whim(job), JobId(job.id))
        return True

    def _whim(self, job: HeldJob) -> Work:
        """Each says something of its own, so that the history can tell whose it is."""
        chance = self._chance
        photos = list(group(job.fields, "photos"))
        match chance.choices(["comment", "note", "reading", "photo", "state"], [4, 3, 2, 2, 1])[0]:
            case "comment":
                return AddComment(uuid7(), f"{comment(chance, _description(job))} {_token()}")
            case "note":
                return SetReport({"note": chance.choice([f"Примечание {_token()}", None])})
            case "reading":
                return SetReport({"reading": chance.randint(0, 10**9), "sealed": chance.random() < 0.5})
            case "photo" if photos and chance.random() < 0.5:
                return RemovePhoto(UUID(chance.choice(photos)))
            case "photo":
                return AddPhoto(uuid7(), _photo(chance))
            case _:  # as likely as not the table of states says no
                return SetState(chance.choice(list(JobState)))


def _photo(chance: random.Random) -> JsonObject:
    """The record alone: no byte of it is ever sent."""
    return {
        "field": "before",
        "sha256": f"{chance.getrandbits(256):064x}",
        "size": chance.randint(100_000, 3_000_000),
        "media_type": "image/jpeg",
    }


def _description(job: HeldJob) -> str:
    return cast(str, job.fields.get("description") or "")


def _token() -> str:
    return uuid4().hex[:12]
