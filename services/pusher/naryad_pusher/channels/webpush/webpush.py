"""The channel: one message, encrypted for one browser, to the push service that its subscription names."""

from collections.abc import Iterable
from datetime import UTC, datetime

import structlog
from aiohttp import ClientConnectorDNSError, ClientConnectorError, ClientError, ClientResponse, ClientSession
from py_vapid import VapidException
from pywebpush import WebPusher
from yarl import URL

from naryad.domain.push_address import Address, WebPushAddress
from naryad.domain.push_channel import ChannelName
from naryad.domain.push_hosts import is_allowed
from naryad.domain.subscription_keys import is_auth, is_p256dh
from naryad_pusher.channels.channel import Gone, Outcome, Rejected, Retry
from naryad_pusher.channels.webpush.answers import Answer, outcome
from naryad_pusher.channels.webpush.connections import ANSWER_S, InternalAddress
from naryad_pusher.channels.webpush.payload import MOST_BYTES, delivery_headers, payload
from naryad_pusher.channels.webpush.signer import Signer
from naryad_pusher.compose import Message

log = structlog.get_logger()

TOLD_BYTES = 500


class WebPush:
    """pywebpush encrypts and signs. Its own sending follows redirects, reads answers of any size and puts
    the endpoint, which is a secret, into its errors: the sending is ours.
    """

    name = ChannelName.WEBPUSH

    def __init__(self, signer: Signer, hosts: Iterable[str], http: ClientSession) -> None:
        self._signer = signer
        self._hosts = tuple(hosts)
        self._http = http

    async def send(self, message: Message, address: Address) -> Outcome:
        """See answers.py for what becomes of what."""
        if not isinstance(address, WebPushAddress):
            return Rejected("this device has no subscription to Web Push")
        if message.alert is None:
            return Rejected("Web Push has no silent messages: a browser must show something for each")
        if not is_allowed(address.endpoint, self._hosts):
            return Rejected("the subscription leads to no push service of NARYAD_WEBPUSH_HOSTS")
        if not (is_p256dh(address.p256dh) and is_auth(address.auth)):
            return Gone("the keys of the subscription cannot be used")
        now = datetime.now(UTC)
        try:
            url = URL(address.endpoint, encoded=True)
            authorization = self._signer.authorization(str(url.origin()), now)
            told = payload(message, message.alert)
        except (ValueError, VapidException) as error:
            return Rejected(f"cannot be sent: {type(error).__name__}")
        if len(told) > MOST_BYTES:
            return Rejected(f"{len(told)} bytes, and push services take {MOST_BYTES}")
        headers = {**delivery_headers(message, now), "Authorization": authorization}
        return await self._post(url, address, _encrypt(told, address), headers)

    async def _post(self, url: URL, address: WebPushAddress, body: bytes, headers: dict[str, str]) -> Outcome:
        try:
            async with self._http.post(url, data=body, headers=headers, allow_redirects=False) as response:
                answer = Answer(
                    host=str(url.host),
                    status=response.status,
                    retry_after=response.headers.get("Retry-After"),
                    told="" if response.ok else await _told(response, url),
                )
        except TimeoutError:
            return Retry(f"{url.host}: no answer within {ANSWER_S:g} s")
        except ClientConnectorDNSError as error:
            if isinstance(error.os_error, InternalAddress):
                return Rejected(str(error.os_error))
            return Retry(f"{url.host}: the name is not known")
        except ClientConnectorError as error:  # its words hold host and port only
            return Retry(f"{url.host}: {error}")
        except ClientError as error:  # others may hold the whole address
            return Retry(f"{url.host}: {type(error).__name__}")
        if answer.status in (401, 403):
            log.error("a push service refuses our signature", host=answer.host, told=answer.told)
        return outcome(
            answer, datetime.now(UTC), older_than_key=address.registered_at < self._signer.key_made_at
        )

    async def close(self) -> None:
        await self._http.close()


def _encrypt(told: bytes, address: WebPushAddress) -> bytes:
    """RFC 8291, for the browser's eyes only: a third of a millisecond."""
    subscription = {
        "endpoint": address.endpoint,
        "keys": {"p256dh": address.p256dh, "auth": address.auth},
    }
    body: bytes = WebPusher(subscription).encode(told)["body"]
    return body


async def _told(response: ClientResponse, url: URL) -> str:
    """What an error says, as far as it can be read: the status counts without it."""
    try:
        head = await response.content.read(TOLD_BYTES)
    except (ClientError, TimeoutError):
        return ""
    text = " ".join(head.decode("utf-8", "replace").split())
    for secret in (str(url), url.raw_path_qs, url.raw_path, url.raw_name):
        if len(secret) > 1:
            text = text.replace(secret, "…")
    return "".join(char for char in text if char.isprintable())[:200]
