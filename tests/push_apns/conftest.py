"""The channel against both fakes: a test that takes `fake` or `fakes` runs twice."""

from collections.abc import AsyncIterator
from functools import partial

import pytest

from naryad_pusher.channels.apns.channel import Apns
from support.apns.fake import FakeApns, Kind, StartFake, fake_apns
from support.apns.identity import Identity, make_identity
from support.apns.sending import opened, settings


@pytest.fixture(scope="session")
def identity(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    return make_identity(tmp_path_factory.mktemp("apns"))


@pytest.fixture(params=["python", "node"])
def start_fake(request: pytest.FixtureRequest, identity: Identity) -> StartFake:
    """Starts one more fake of this kind, with options of its own."""
    kind: Kind = request.param
    return partial(fake_apns, kind, identity)


@pytest.fixture
async def fake(start_fake: StartFake) -> AsyncIterator[FakeApns]:
    async with start_fake() as running:
        yield running


@pytest.fixture
async def channel(fake: FakeApns, identity: Identity) -> AsyncIterator[Apns]:
    """Set up as by an operator, sending to the fake."""
    one = opened(settings(identity, fake.port))
    yield one
    await one.close()
