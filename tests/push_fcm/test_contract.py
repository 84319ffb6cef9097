"""What we use of firebase-admin's inside, and would miss."""

import inspect
from importlib.metadata import version

from firebase_admin import App, messaging
from firebase_admin._http_client import HttpxAsyncClient
from firebase_admin.credentials import Certificate

from support.fcm_service import PROJECT, FakeFcm


def test_the_version_is_the_one_that_was_looked_into() -> None:
    assert version("firebase-admin").startswith("7.7.")


async def test_the_service_has_the_parts_that_are_replaced(service: FakeFcm) -> None:
    made = messaging._MessagingService(App("contract", Certificate(service.account()), {}))
    assert made._fcm_url == f"https://fcm.googleapis.com/v1/projects/{PROJECT}/messages:send"
    assert isinstance(made._fcm_headers, dict)
    assert isinstance(made._async_client, HttpxAsyncClient)
    assert made._async_client._async_client is made._async_client.async_client
    assert made._async_client._timeout == made._async_client.timeout
    assert "self._async_client.request(" in inspect.getsource(HttpxAsyncClient.request)


def test_a_message_may_be_given_its_token_afterwards() -> None:
    made = messaging.Message(data={"version": "7"})
    made.token = "phone"
    encoded = messaging._MessagingService.encode_message(made)
    assert encoded == {"token": "phone", "data": {"version": "7"}}
