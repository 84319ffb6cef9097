"""Each message goes where its phone is registered; what cannot is recorded, and says why."""

import pytest
from asyncpg import Connection

from naryad.db.deliveries import expand_intents
from naryad.domain.push_address import ApnsAddress, ApnsEnvironment, FcmAddress, NoAddress, WebPushAddress
from naryad.domain.push_channel import ChannelName
from naryad.settings import Settings
from naryad_pusher.pusher import running_pusher
from support.account import Office, phone_of
from support.provider import Provider
from support.pushes import Ladder, register, settled

APNS, FCM, WEBPUSH, RECORDING = (
    ChannelName.APNS,
    ChannelName.FCM,
    ChannelName.WEBPUSH,
    ChannelName.RECORDING,
)


async def told(office: Office, settings: Settings, *providers: Provider) -> Ladder:
    async with running_pusher(settings, providers):
        return await settled(office, (await office.create_job())["id"], 1)


@pytest.mark.parametrize("channel", [APNS, FCM, WEBPUSH])
async def test_a_message_goes_to_the_address_that_the_phone_registered(
    office: Office, pusher_settings: Settings, truth: Connection, channel: ChannelName
) -> None:
    token = await register(office.ivan, channel)
    provider = Provider(name=channel)

    (push,) = await told(office, pusher_settings, provider, Provider())

    assert (push["state"], push["channel"], push.get("detail")) == ("sent", channel, None)
    (address,) = provider.addresses
    row = await truth.fetchrow("select * from push_registration")
    match channel:
        case ChannelName.APNS:
            assert address == ApnsAddress(token, ApnsEnvironment.PRODUCTION, row["registered_at"])
        case ChannelName.FCM:
            assert address == FcmAddress(token, row["registered_at"])
        case _:
            assert address == WebPushAddress(token, row["p256dh"], row["auth"], row["registered_at"])
    assert provider.closed


async def test_each_phone_of_a_worker_by_its_own_channel(office: Office, pusher_settings: Settings) -> None:
    second = await phone_of(office.api, office.ivan.login, office.ivan.worker_id)
    third = await phone_of(office.api, office.ivan.login, office.ivan.worker_id)
    await register(office.ivan, APNS)
    await register(second, FCM)
    apns, fcm, recording = (Provider(name=name) for name in (APNS, FCM, RECORDING))

    async with running_pusher(pusher_settings, [apns, fcm, recording]):
        pushes = await settled(office, (await office.create_job())["id"], 3)

    assert {one["device_id"]: one["channel"] for one in pushes} == {
        office.ivan.device_id: "apns",
        second.device_id: "fcm",
        third.device_id: "recording",
    }
    assert [len(one.messages) for one in (apns, fcm, recording)] == [1, 1, 1]
    for phone in (second, third):
        await phone.http.aclose()


async def test_without_any_provider_messages_are_only_recorded(
    office: Office, pusher_settings: Settings
) -> None:
    await register(office.ivan, APNS)
    recording = Provider()
    (push,) = await told(office, pusher_settings, recording)
    assert (push["state"], push["channel"], push["detail"]) == ("sent", "recording", "no-provider")
    assert recording.addresses == [NoAddress()]


@pytest.mark.parametrize(
    ("registered", "off", "why"),
    [(None, False, "not-registered"), (FCM, False, "no-provider"), (APNS, True, "push-off")],
)
async def test_a_phone_that_no_provider_reaches_is_recorded_with_the_reason(
    office: Office,
    pusher_settings: Settings,
    truth: Connection,
    registered: ChannelName | None,
    off: bool,
    why: str,
) -> None:
    if registered:
        await register(office.ivan, registered)
    if off:
        await truth.execute("update push_registration set state = 'off', reason = '410 Unregistered'")
    apns = Provider(name=APNS)

    (push,) = await told(office, pusher_settings, apns, Provider())

    assert (push["state"], push["channel"], push["detail"]) == ("sent", "recording", why)
    assert apns.messages == []


async def test_the_address_is_that_of_the_moment_of_sending(
    office: Office, pusher_settings: Settings
) -> None:
    """A token that changed while the message waited is the one it is sent to."""
    await register(office.ivan, FCM, "old")
    job = await office.create_job()
    async with office.api.stores.database.across() as connection:
        assert await expand_intents(connection, 10, [FCM]) == (1, 1)
    await register(office.ivan, FCM, "new")
    fcm = Provider(name=FCM)
    async with running_pusher(pusher_settings, [fcm]):
        await settled(office, job["id"], 1)
    assert [one.token for one in fcm.addresses if isinstance(one, FcmAddress)] == ["new"]


async def test_a_phone_that_took_its_registration_back_is_not_told(
    office: Office, pusher_settings: Settings
) -> None:
    await register(office.ivan, FCM)
    job = await office.create_job()
    async with office.api.stores.database.across() as connection:
        assert await expand_intents(connection, 10, [FCM]) == (1, 1)
    assert (await office.ivan.http.delete("/v1/devices/current/push")).status_code == 204
    fcm = Provider(name=FCM)
    async with running_pusher(pusher_settings, [fcm]):
        (push,) = await settled(office, job["id"], 1)
    assert (push["state"], push["detail"]) == ("skipped", "unregistered")
    assert fcm.messages == []
