"""One key pair for the whole installation: made at the first need, the same ever after."""

import asyncio
from base64 import urlsafe_b64decode
from contextlib import AsyncExitStack

import asyncpg
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from naryad.db import vapid
from naryad.db.pool import open_database
from naryad.vapid import vapid_key
from support.account import found_office
from support.server import client, running_api


async def test_replicas_that_start_at_once_agree_on_one_key(
    database_url: str, truth: asyncpg.Connection
) -> None:
    async with AsyncExitStack() as stack:
        replicas = [
            await stack.enter_async_context(open_database(database_url, name=f"replica {number}"))
            for number in range(6)
        ]
        keys = await asyncio.gather(*(vapid_key(database) for database in replicas for _ in range(3)))
    assert len({key.public for key in keys}) == 1
    assert len({key.private for key in keys}) == 1
    assert await truth.fetchval("select count(*) from vapid_key") == 1


async def test_a_pair_that_comes_too_late_is_dropped_for_the_kept_one(database_url: str) -> None:
    """The other's transaction is still open when ours looks and finds nothing."""
    other = await asyncpg.connect(database_url)
    try:
        async with open_database(database_url, name="late") as database:
            transaction = other.transaction()
            await transaction.start()
            kept = await vapid.keep(other, b"\1" * 32, b"\4" * 65)
            late = asyncio.create_task(vapid_key(database))
            while not await other.fetchval("select count(*) from pg_locks where not granted"):
                await asyncio.sleep(0.01)
            await transaction.commit()
            assert await late == kept
    finally:
        await other.close()


async def test_public_and_private_half_belong_together_and_the_private_one_is_not_shown(
    database_url: str,
) -> None:
    async with open_database(database_url, name="test") as database:
        key = await vapid_key(database)
        private = ec.derive_private_key(int.from_bytes(key.private, "big"), ec.SECP256R1())
        assert private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint) == key.public
        assert repr(key.private) not in repr(key)
        async with database.across() as connection:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.fetchval("select private_key from vapid_key")
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.fetchval("delete from vapid_key")


async def test_the_desk_and_the_phones_are_told_the_same_key_also_after_a_restart(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NARYAD_WEBPUSH_SUBJECT", "mailto:ops@naryad.example")
    async with running_api(database_url) as api, found_office(api, "Ромашка") as office:
        told = [(await http.get("/v1/push/webpush-key")).json() for http in (office.desk, office.ivan.http)]
        token = office.desk.headers["authorization"].removeprefix("Bearer ")
        async with client(api.url) as stranger:
            refused = await stranger.get("/v1/push/webpush-key")
    async with running_api(database_url) as api, client(api.url, token) as desk:
        told.append((await desk.get("/v1/push/webpush-key")).json())
    assert refused.status_code == 401
    assert told[0] == told[1] == told[2]
    point = urlsafe_b64decode(told[0]["key"] + "=")
    ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    assert set(told[0]) == {"key"}


async def test_without_web_push_the_answer_says_who_turns_it_on_and_nothing_is_made(
    database_url: str, truth: asyncpg.Connection
) -> None:
    async with running_api(database_url) as api, found_office(api, "Ромашка") as office:
        answer = await office.ivan.http.get("/v1/push/webpush-key")
    assert (answer.status_code, answer.json()["type"]) == (404, "urn:naryad:problem:not-found")
    assert "NARYAD_WEBPUSH_SUBJECT" in answer.json()["detail"]
    assert await truth.fetchval("select count(*) from vapid_key") == 0


async def test_the_document_declares_the_route_with_a_true_example(
    database_url: str,
) -> None:
    async with running_api(database_url) as api, client(api.url) as http:
        described = (await http.get("/openapi.json")).json()
    operation = described["paths"]["/v1/push/webpush-key"]["get"]
    assert {"200", "401", "404"} <= operation["responses"].keys()
    assert "applicationServerKey" in operation["description"]
    [example] = described["components"]["schemas"]["WebPushKeyAnswer"]["examples"]
    point = urlsafe_b64decode(example["key"] + "=")
    ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
