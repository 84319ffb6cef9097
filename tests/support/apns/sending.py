"""Messages, and a pusher in little: each is tried again until the provider has it."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from naryad.domain.ids import DeliveryId, JobId
from naryad.domain.push_address import ApnsAddress, ApnsEnvironment
from naryad.domain.push_rules import Reason
from naryad.settings import Settings
from naryad_pusher.channels.apns import open_apns
from naryad_pusher.channels.apns.channel import APPLE, Apns
from naryad_pusher.channels.apns.credentials import read_credentials
from naryad_pusher.channels.apns.pool import Server
from naryad_pusher.channels.apns.trust import trusted
from naryad_pusher.channels.channel import Outcome, Retry, Sent
from naryad_pusher.compose import Alert, Message
from support.apns.identity import KEY_ID, TEAM_ID, TOPIC, Identity

REGISTERED = datetime(2026, 1, 1, tzinfo=UTC)
TRIES = 30


ALERT = Alert("New job 42", "Today, 10:00–11:30")


def message(alert: Alert | None = ALERT) -> Message:
    job = JobId(uuid4())
    return Message(
        notification_id=DeliveryId(uuid4()),
        job_id=job,
        version=7,
        reason=Reason.ASSIGNED,
        alert=alert,
        url=f"naryad://jobs/{job}",
        expires_at=datetime.now(UTC) + timedelta(hours=9),
    )


def address(token: str, environment: ApnsEnvironment = ApnsEnvironment.PRODUCTION) -> ApnsAddress:
    return ApnsAddress(token, environment, REGISTERED)


def settings(identity: Identity, port: int, *, signing_key: Path | None = None) -> Settings:
    """As an operator would set it, for a fake on this port."""
    return Settings(
        apns_key_file=signing_key or identity.signing_key,
        apns_key_id=KEY_ID,
        apns_team_id=TEAM_ID,
        apns_topic=TOPIC,
        apns_url=f"https://localhost:{port}",
        push_ca_file=identity.certificate,
    )


def opened(settings: Settings) -> Apns:
    channel = open_apns(settings)
    assert channel is not None
    return channel


def impatient(settings: Settings, port: int) -> Apns:
    """Notices within three seconds that a provider is silent."""
    credentials = read_credentials(settings)
    assert credentials is not None
    return Apns(credentials, trusted(settings), dict.fromkeys(APPLE, Server("localhost", port)), beat_s=1.0)


@dataclass
class Delivered:
    """`outcomes`: the last of each token; `retries`: how often a sending had to be tried again, and why."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    retries: list[str] = field(default_factory=list)


async def deliver(channel: Apns, tokens: Iterable[str], *, at_once: int = 100) -> Delivered:
    """One message for each token, each until it is settled; at most 30 tries each, no pauses."""
    done = Delivered()
    waiting = iter(tokens)

    async def lane() -> None:
        for token in waiting:
            one = message()
            for _ in range(TRIES):
                outcome = await channel.send(one, address(token))
                if not isinstance(outcome, Retry):
                    break
                done.retries.append(outcome.detail)
            done.outcomes[token] = outcome

    async with asyncio.timeout(120), asyncio.TaskGroup() as group:
        for _ in range(at_once):
            group.create_task(lane())
    return done


def sent(outcomes: Iterable[Outcome]) -> int:
    return sum(isinstance(outcome, Sent) for outcome in outcomes)
