"""The channel Web Push before a push service of our own."""

from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from naryad.settings import Settings
from naryad_pusher.channels.webpush.webpush import WebPush
from push_web.opened import opened
from support.loopback_tls import LoopbackTls, make_tls
from support.push_service import FakePushService, running_push_service


@pytest.fixture(scope="session")
def tls(tmp_path_factory: pytest.TempPathFactory) -> LoopbackTls:
    return make_tls(tmp_path_factory.mktemp("tls"), ["localhost", "push.example", "edge.push.example"])


@pytest.fixture
async def service(tls: LoopbackTls) -> AsyncIterator[FakePushService]:
    async with running_push_service(tls) as fake:
        yield fake


@pytest.fixture
def settings(database_url: str, tls: LoopbackTls) -> Settings:
    return Settings(
        database_url=SecretStr(database_url),
        webpush_subject="mailto:ops@naryad.example",
        webpush_hosts="127.0.0.1, localhost",
        push_ca_file=tls.certificate,
    )


@pytest.fixture
async def webpush(settings: Settings) -> AsyncIterator[WebPush]:
    async with opened(settings) as channel:
        yield channel
