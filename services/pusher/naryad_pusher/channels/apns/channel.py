"""The channel to iPhones."""

import ssl
from collections.abc import Mapping
from datetime import UTC, datetime

from aioapns.exceptions import ConnectionClosed

from naryad.db.deliveries import ChannelName
from naryad.domain.push_address import Address, ApnsAddress, ApnsEnvironment
from naryad.settings import Settings
from naryad_pusher.channels.apns.connection import NotTaken
from naryad_pusher.channels.apns.credentials import Credentials
from naryad_pusher.channels.apns.exchange import Answer
from naryad_pusher.channels.apns.heartbeat import BEAT_S
from naryad_pusher.channels.apns.payload import request_body, request_headers
from naryad_pusher.channels.apns.pool import NoHttp2, Pool, Server
from naryad_pusher.channels.apns.provider_token import ProviderToken
from naryad_pusher.channels.apns.reasons import outcome_of
from naryad_pusher.channels.apns.trust import trusted
from naryad_pusher.channels.channel import Misconfigured, Outcome, Retry
from naryad_pusher.compose import Message

APPLE = {
    ApnsEnvironment.PRODUCTION: Server("api.push.apple.com"),
    ApnsEnvironment.SANDBOX: Server("api.sandbox.push.apple.com"),
}
CONNECTIONS_TRIED = 3  # when the provider ends each before it takes the message


def connect(settings: Settings, credentials: Credentials) -> "Apns":
    """Connections are opened with the first message. Raises SettingWrong."""
    one = Server.from_url(settings.apns_url) if settings.apns_url else None
    return Apns(credentials, trusted(settings), dict.fromkeys(ApnsEnvironment, one) if one else APPLE)


class Apns:
    """`servers`: where each of Apple's two environments is. `beat_s`: how soon silence is noticed."""

    name = ChannelName.APNS

    def __init__(
        self,
        credentials: Credentials,
        tls: ssl.SSLContext,
        servers: Mapping[ApnsEnvironment, Server],
        beat_s: float = BEAT_S,
    ) -> None:
        self._topic = credentials.topic
        self._token = ProviderToken(credentials)
        self._tls = tls
        self._servers = servers
        self._beat_s = beat_s
        self._pools: dict[ApnsEnvironment, Pool] = {}

    async def send(self, message: Message, address: Address) -> Outcome:
        assert isinstance(address, ApnsAddress), address
        pool = self._pool(address.environment)
        try:
            answer = await self._answer(pool, message, address.token)
        except ssl.SSLCertVerificationError as error:
            return Misconfigured(
                f"{pool.server.authority} shows a certificate that is not trusted here "
                f"({error.verify_message}): set NARYAD_PUSH_CA_FILE if that is meant to be"
            )
        except ConnectionClosed as error:
            return Retry(str(error))
        except NoHttp2 as error:
            return Retry(str(error))
        except OSError as error:  # TimeoutError among it
            return Retry(f"{pool.server.authority} cannot be reached: {str(error) or type(error).__name__}")
        return outcome_of(answer, address.registered_at, datetime.now(UTC))

    async def close(self) -> None:
        for pool in self._pools.values():
            await pool.end()

    def _pool(self, environment: ApnsEnvironment) -> Pool:
        if environment not in self._pools:
            self._pools[environment] = Pool(self._servers[environment], self._topic, self._tls, self._beat_s)
        return self._pools[environment]

    async def _answer(self, pool: Pool, message: Message, token: str) -> Answer:
        """Apple's answer; once more if it was that our own token has expired."""
        authorization = self._token.header()
        answer = await self._exchange(pool, message, token, authorization)
        if answer.reason == "ExpiredProviderToken" and self._token.renew(refused=authorization):
            answer = await self._exchange(pool, message, token, self._token.header())
        return answer

    async def _exchange(self, pool: Pool, message: Message, token: str, authorization: str) -> Answer:
        """Over the next connection when one ends before it takes the message: that can make no double."""
        headers = request_headers(
            message, token, host=pool.server.authority, topic=self._topic, authorization=authorization
        )
        body = request_body(message)
        for _ in range(CONNECTIONS_TRIED - 1):
            try:
                return await (await pool.acquire()).exchange(headers, body)
            except NotTaken:
                continue
        return await (await pool.acquire()).exchange(headers, body)
