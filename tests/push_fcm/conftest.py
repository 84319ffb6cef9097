"""The channel FCM before an FCM of our own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from naryad.settings import Settings
from naryad_pusher.channels.fcm.fcm import Fcm
from push_fcm.opened import opened
from support.fcm_service import FakeFcm, running_fcm
from support.loopback_tls import LoopbackTls, make_tls


@pytest.fixture(scope="session")
def tls(tmp_path_factory: pytest.TempPathFactory) -> LoopbackTls:
    return make_tls(tmp_path_factory.mktemp("tls"))


@pytest.fixture
async def service(tls: LoopbackTls) -> AsyncIterator[FakeFcm]:
    async with running_fcm(tls) as fake:
        yield fake


@pytest.fixture
def settings(service: FakeFcm, tls: LoopbackTls, tmp_path: Path) -> Settings:
    return Settings(
        fcm_credentials_file=service.write_account(tmp_path / "account.json"),
        fcm_url=service.url,
        push_ca_file=tls.certificate,
    )


@pytest.fixture
async def fcm(settings: Settings) -> AsyncIterator[Fcm]:
    async with opened(settings) as channel:
        yield channel
