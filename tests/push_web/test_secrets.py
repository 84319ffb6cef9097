"""Neither subscriptions nor keys in any log, at any level."""

import logging

import pytest

from naryad.db.pool import open_database
from naryad.settings import Settings
from naryad.vapid import vapid_key
from naryad_pusher.channels.webpush.webpush import WebPush
from support.misbehaving import plain, reset
from support.push_messages import message
from support.push_service import FakePushService, encode


async def test_no_secret_is_logged(
    webpush: WebPush, service: FakePushService, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    for logger in (None, "aiohttp", "naryad_pusher.channels.webpush.webpush"):
        caplog.set_level(logging.DEBUG, logger=logger)
    address = service.subscribe()
    outcomes = [await webpush.send(message(), address)]
    for handler in (reset, plain(410, b""), plain(403, address.endpoint.encode()), plain(307, b"")):
        service.answers["s3cret-of-ivan"] = handler
        outcomes.append(await webpush.send(message(), address))
    async with open_database(settings.database_dsn, name="test") as database:
        private = encode((await vapid_key(database)).private)
    assert "refuses our signature" in caplog.text
    for secret in ("s3cret-of-ivan", address.auth, address.p256dh, "vapid t=", private):
        assert secret not in caplog.text + repr(outcomes), secret
