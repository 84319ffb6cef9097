"""A device registers where it is reached, and takes that back."""

import re
from collections.abc import Iterable

from fastapi import APIRouter, Response

from naryad.actions.push_registrations import register_push, unregister_push
from naryad.db.push_registrations import Registration
from naryad.domain.push_address import ApnsEnvironment
from naryad.domain.push_channel import ChannelName
from naryad.domain.push_hosts import hosts_of, is_allowed
from naryad.domain.refusals import invalid
from naryad_api.deps import Phone, SettingsDep, StoresDep
from naryad_api.errors import problems
from naryad_api.shapes.push_registrations import PushRegistration, SubscriptionShape

router = APIRouter(prefix="/v1", tags=["devices"])

APNS_TOKEN = re.compile(r"(?:[0-9a-f]{2}){16,100}")
"""Apple: the length may change."""


@router.put("/devices/current/push", status_code=204, responses=problems(400, 401, 403, 413))
async def register(
    body: PushRegistration, session: Phone, stores: StoresDep, settings: SettingsDep
) -> Response:
    """Where this device is reached from now on. Say it at every start of the app, and when the token changes:
    it replaces what was registered, turns on again what was off, and takes the token from another device.
    """
    assert session.device_id is not None
    registration = _registration(body, hosts_of(settings.webpush_hosts))
    await register_push(stores, session.account_id, session.device_id, registration)
    return Response(status_code=204)


@router.delete("/devices/current/push", status_code=204, responses=problems(401, 403))
async def unregister(session: Phone, stores: StoresDep) -> Response:
    """This device is no longer reached: before signing out, or when the worker wants no notifications."""
    assert session.device_id is not None
    await unregister_push(stores, session.account_id, session.device_id)
    return Response(status_code=204)


def _registration(body: PushRegistration, hosts: Iterable[str]) -> Registration:
    """Raises Refusal: invalid-request."""
    channel = ChannelName(body.channel)
    if body.environment is not None and channel is not ChannelName.APNS:
        raise invalid("/environment", "only apns has environments")
    if channel is ChannelName.WEBPUSH:
        if body.token is not None:
            raise invalid("/token", "webpush registers a subscription")
        return _web_push(body.subscription, hosts)
    if body.subscription is not None:
        raise invalid("/subscription", f"{channel} registers a token")
    if body.token is None:
        raise invalid("/token", f"{channel} needs the token that the provider gave to the app")
    if channel is ChannelName.FCM:
        return Registration(channel, body.token)
    token = body.token.lower()  # it is a number in hex: one token, one writing
    if not APNS_TOKEN.fullmatch(token):
        raise invalid("/token", "a device token of APNs is expected, in hex: 32 to 200 digits")
    return Registration(ChannelName.APNS, token, ApnsEnvironment(body.environment or "production"))


def _web_push(subscription: SubscriptionShape | None, hosts: Iterable[str]) -> Registration:
    if subscription is None:
        raise invalid("/subscription", "webpush needs what PushSubscription.toJSON() gives")
    if not is_allowed(subscription.endpoint, hosts):
        raise invalid(
            "/subscription/endpoint",
            "an https URL of a known push service is expected (NARYAD_WEBPUSH_HOSTS lists them)",
        )
    keys = subscription.keys
    return Registration(ChannelName.WEBPUSH, subscription.endpoint, p256dh=keys.p256dh, auth=keys.auth)
