"""Neither tokens nor keys in any log, at any level."""

import logging

import pytest

from naryad_pusher.channels.channel import Misconfigured, Sent
from naryad_pusher.channels.fcm.fcm import Fcm
from push_fcm.opened import phone
from support.fcm_service import FakeFcm, always
from support.misbehaving import plain, reset
from support.push_messages import message

TOKEN = "registration-t0ken-of-ivan"


async def test_no_secret_is_logged(fcm: Fcm, service: FakeFcm, caplog: pytest.LogCaptureFixture) -> None:
    for logger in (None, "httpx", "httpcore", "naryad_pusher.channels.fcm.access"):
        caplog.set_level(logging.DEBUG, logger=logger)
    assert await fcm.send(message(), phone(TOKEN)) == Sent()
    for handler in (reset, always(404, "NOT_FOUND", "UNREGISTERED"), plain(503, b"<html>")):
        service.answers[TOKEN] = handler
        await fcm.send(message(), phone(TOKEN))
    service.valid.clear()
    assert isinstance(await fcm.send(message(), phone(TOKEN)), Misconfigured)
    service.grant = plain(400, b'{"error": "invalid_grant"}')
    assert isinstance(await fcm.send(message(), phone(TOKEN)), Misconfigured)
    assert "HTTP Request: POST" in caplog.text  # the libraries spoke, and so did we
    assert "FCM gives no access token" in caplog.text
    logged = caplog.text + repr(fcm.__dict__) + repr(fcm._tokens.__dict__)
    for secret in (TOKEN, "ya29", "BEGIN PRIVATE KEY", "assertion="):
        assert secret not in logged, secret
