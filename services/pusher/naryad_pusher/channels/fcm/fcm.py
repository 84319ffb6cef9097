"""The channel: one message, one request, one outcome."""

import asyncio
import ssl
from datetime import UTC, datetime
from typing import Any

import httpx
from firebase_admin.credentials import Certificate

from naryad.domain.push_address import Address, FcmAddress
from naryad.domain.push_channel import ChannelName
from naryad_pusher.channels.channel import Outcome, Rejected, Retry, Sent
from naryad_pusher.channels.fcm.access import AccessTokens
from naryad_pusher.channels.fcm.answers import outcome
from naryad_pusher.channels.fcm.client import Client
from naryad_pusher.channels.fcm.payload import encode
from naryad_pusher.compose import Message

ANSWER_S = 9.0
"""From the call to the answer, the access token included; less than the attempt's patience."""


class Fcm:
    name = ChannelName.FCM

    def __init__(self, client: Client, tokens: AccessTokens) -> None:
        self._client = client
        self._tokens = tokens
        self._project_proven = False

    async def send(self, message: Message, address: Address) -> Outcome:
        """See answers.py for what becomes of what."""
        if not isinstance(address, FcmAddress):
            return Rejected("this phone has no FCM token")
        try:
            body = encode(message, address.token, datetime.now(UTC))
        except ValueError as error:
            return Rejected(f"FCM takes no such message: {error}")
        try:
            async with asyncio.timeout(ANSWER_S):
                access = await self._tokens.current()
                if not isinstance(access, str):
                    return access
                response = await self._client.post(access, body)
        except TimeoutError:
            return Retry(f"FCM: no answer within {ANSWER_S:g} s")
        except httpx.HTTPError as error:
            return Retry(f"FCM: {type(error).__name__} {error}".rstrip())
        if response.status_code == 401:
            self._tokens.forget(access)
        ended = outcome(response, address.token, datetime.now(UTC), project_proven=self._project_proven)
        self._project_proven |= isinstance(ended, Sent)
        return ended

    async def close(self) -> None:
        await self._tokens.close()
        await self._client.close()


def connect(account: dict[str, Any], base_url: str | None, trusted: ssl.SSLContext) -> Fcm:
    """A channel of this service account; connects when the first message is sent."""
    certificate = Certificate(account)
    client = Client(certificate, base_url, trusted)
    return Fcm(client, AccessTokens(certificate, account["token_uri"], client.http))
