"""What cannot work is refused at the start, in words."""

import pytest

from naryad.db.pool import open_database
from naryad.settings import Settings, SettingWrong
from naryad_pusher.channels.channel import Sent
from naryad_pusher.channels.webpush import open_webpush
from push_web.opened import opened
from support.push_messages import message
from support.push_service import FakePushService


async def refusal(settings: Settings) -> str:
    async with open_database(settings.database_dsn, name="test") as database:
        with pytest.raises(SettingWrong) as refused:
            await open_webpush(settings, database)
    return str(refused.value)


async def test_without_a_subject_the_channel_is_off(settings: Settings) -> None:
    off = settings.model_copy(update={"webpush_subject": None})
    async with open_database(settings.database_dsn, name="test") as database:
        assert await open_webpush(off, database) is None


async def test_a_subject_that_nobody_could_write_to(settings: Settings) -> None:
    words = await refusal(settings.model_copy(update={"webpush_subject": "mailto:ops@nowhere"}))
    assert words.startswith("NARYAD_WEBPUSH_SUBJECT: mailto:ops@nowhere is no address")


async def test_certificates_that_are_none(settings: Settings) -> None:
    words = await refusal(settings.model_copy(update={"push_ca_file": "/nonexistent.pem"}))
    assert words.startswith("NARYAD_PUSH_CA_FILE: /nonexistent.pem holds no certificates")


async def test_a_page_to_write_to(settings: Settings, service: FakePushService) -> None:
    page = "https://naryad.example/contact?us"
    async with opened(settings.model_copy(update={"webpush_subject": page})) as webpush:
        assert await webpush.send(message(), service.subscribe()) == Sent()
    assert service.pushes[0].claims["sub"] == page
