"""A token that a provider no longer knows is retired with its words; a wave of them is not."""

from datetime import UTC, datetime

from asyncpg import Connection

from naryad.db.deliveries import Settlement, claim, expand_intents, settle
from naryad.db.pool import open_database
from naryad.domain.push_address import Address, FcmAddress
from naryad.domain.push_channel import ChannelName
from naryad.settings import Settings
from naryad_pusher.channels.channel import Gone, Outcome, Sent
from naryad_pusher.compose import Message
from naryad_pusher.gone_wave import IN_A_ROW
from naryad_pusher.lane import Lane
from naryad_pusher.pusher import running_pusher
from support.account import Office
from support.provider import Provider
from support.pushes import ladder_when, register, seen, settled
from support.tasks import going_on

FCM = ChannelName.FCM
UNREGISTERED = Gone("404 UNREGISTERED")


async def test_a_dead_token_is_retired_with_the_providers_words(
    office: Office, pusher_settings: Settings
) -> None:
    await register(office.ivan, FCM)
    await register(office.olga, FCM, "another")
    began = datetime.now(UTC)
    async with running_pusher(pusher_settings, [Provider([UNREGISTERED], FCM), Provider()]):
        (push,) = await settled(office, (await office.create_job())["id"], 1)
        (after,) = await settled(office, (await office.create_job())["id"], 1)

    assert (push["state"], push["detail"]) == ("dead", "404 UNREGISTERED")
    assert (after["channel"], after["detail"]) == ("recording", "push-off")
    told = await seen(office, office.ivan)
    assert (told["channel"], told["state"], told["reason"]) == ("fcm", "off", "404 UNREGISTERED")
    assert datetime.fromisoformat(told["since"]) >= began.replace(microsecond=0)
    assert (await seen(office, office.olga))["state"] == "on"

    await register(office.ivan, FCM)
    assert (await seen(office, office.ivan))["state"] == "on"


async def test_a_phone_that_registered_anew_meanwhile_stays_and_is_told(
    office: Office, pusher_settings: Settings, truth: Connection
) -> None:
    """The provider refuses the old token while the new one is already here."""
    await register(office.ivan, FCM, "old")
    job = await office.create_job()
    database = office.api.stores.database
    async with database.across() as connection:
        await expand_intents(connection, 10, [FCM])
        (claimed,) = await claim(connection, FCM, 10)
        await register(office.ivan, FCM, "new")
        assert await settle(connection, [Settlement(claimed, "dead", "gone", gone=True, retires=True)]) == 1
    assert (await seen(office, office.ivan))["state"] == "on"

    fcm = Provider(name=FCM)
    async with running_pusher(pusher_settings, [fcm]):
        (push,) = await settled(office, job["id"], 1)
    assert push["state"] == "sent"
    assert [one.token for one in fcm.addresses if isinstance(one, FcmAddress)] == ["new"]


async def test_the_same_token_registered_again_after_the_claim_is_not_retired(office: Office) -> None:
    await register(office.ivan, FCM)
    await office.create_job()
    async with office.api.stores.database.across() as connection:
        await expand_intents(connection, 10, [FCM])
        (claimed,) = await claim(connection, FCM, 10)
        await register(office.ivan, FCM)
        await settle(connection, [Settlement(claimed, "dead", "gone", gone=True, retires=True)])
        assert (await seen(office, office.ivan))["state"] == "on"

        (again,) = await claim(connection, FCM, 10)
        await settle(connection, [Settlement(again, "dead", "gone", gone=True, retires=True)])
        assert (await seen(office, office.ivan))["state"] == "off"


async def test_a_settlement_that_comes_too_late_retires_nothing(office: Office, truth: Connection) -> None:
    await register(office.ivan, FCM)
    await office.create_job()
    async with office.api.stores.database.across() as connection:
        await expand_intents(connection, 10, [FCM])
        (claimed,) = await claim(connection, FCM, 10)
        await truth.execute("update push_delivery set leased_until = now()")  # the lease runs out
        assert len(await claim(connection, FCM, 10)) == 1
        assert await settle(connection, [Settlement(claimed, "dead", "x", gone=True, retires=True)]) == 0
    assert (await seen(office, office.ivan))["state"] == "on"


async def test_a_wave_of_refused_tokens_does_not_wipe_them_out(
    office: Office, pusher_settings: Settings, truth: Connection
) -> None:
    """Forty phones of Ivan's, and a provider that knows none of them."""
    await truth.execute(
        """with made as (
             insert into device (account_id, id, worker_id, name, platform)
             select account_id, gen_random_uuid(), worker_id, name || n, platform
             from device, generate_series(1, 40) as n where id = $1
             returning account_id, id, worker_id
           ), signed as (
             insert into session (account_id, id, user_id, device_id, token_hash, transport, expires_at)
             select account_id, gen_random_uuid(), worker_id, id, sha256(uuid_send(id)), 'bearer',
                    now() + interval '1 day'
             from made
           )
           insert into push_registration (account_id, device_id, channel, token, since, registered_at)
           select account_id, id, 'fcm', id::text, now(), now() from made""",
        office.ivan.device_id,
    )
    known: set[str] = set()

    def answer(message: Message, address: Address) -> Outcome:
        assert isinstance(address, FcmAddress)
        return Sent() if address.token in known else UNREGISTERED

    job = await office.create_job()
    fcm = Provider(name=FCM, answer=answer)
    async with open_database(pusher_settings.database_dsn, name="test") as database:
        async with database.across() as connection:
            assert await expand_intents(connection, 10, [FCM]) == (1, 41)
        async with going_on(Lane(database, fcm, concurrency=8).keep_going()):
            pushes = await ladder_when(
                office, job["id"], lambda now: sum(one["state"] == "dead" for one in now) >= IN_A_ROW
            )

    off = await truth.fetchval("select count(*) from push_registration where state = 'off'")
    assert off == IN_A_ROW - 1
    held = [one for one in pushes if one["state"] == "dead" and "stays registered" in one["detail"]]
    assert held
    assert sum(one["state"] == "pending" for one in pushes) >= 40 - 2 * 8  # the channel rests
