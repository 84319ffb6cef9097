"""A channel that cannot work refuses to start, in words that name the setting."""

from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from naryad.settings import SettingMissing, Settings
from naryad_pusher.channels.apns import open_apns
from naryad_pusher.channels.channel import Misconfigured
from support.apns.fake import FakeApns
from support.apns.identity import Identity, pem
from support.apns.sending import address, message, opened, settings


def refusal(identity: Identity, **changes: Any) -> str:
    with pytest.raises(SettingMissing) as caught:
        open_apns(settings(identity, 1).model_copy(update=changes))
    return str(caught.value)


def test_without_credentials_there_is_no_channel(identity: Identity) -> None:
    assert open_apns(Settings(apns_url="https://localhost:1", push_ca_file=identity.certificate)) is None


@pytest.mark.parametrize("missing", ["apns_key_file", "apns_key_id", "apns_team_id", "apns_topic"])
def test_half_set(identity: Identity, missing: str) -> None:
    assert f"set NARYAD_{missing.upper()} too" in refusal(identity, **{missing: None})


def test_one_of_four_set(identity: Identity) -> None:
    with pytest.raises(
        SettingMissing, match="NARYAD_APNS_KEY_FILE and NARYAD_APNS_KEY_ID and NARYAD_APNS_TEAM_ID"
    ):
        open_apns(Settings(apns_topic="example.app"))


@pytest.mark.parametrize("value", ["example.app\n", " example.app", "пример"])
@pytest.mark.parametrize("name", ["apns_key_id", "apns_team_id", "apns_topic"])
def test_a_value_that_can_be_no_header(identity: Identity, name: str, value: str) -> None:
    assert refusal(identity, **{name: value}).startswith(f"NARYAD_{name.upper()} holds a space")


def test_no_key_file_there(identity: Identity, tmp_path: Path) -> None:
    path = tmp_path / "absent.p8"
    assert refusal(identity, apns_key_file=path) == (
        f"NARYAD_APNS_KEY_FILE={path} cannot be read: No such file or directory"
    )


def test_a_folder_for_a_key(identity: Identity, tmp_path: Path) -> None:
    assert "cannot be read" in refusal(identity, apns_key_file=tmp_path)


def test_a_file_that_is_no_key(identity: Identity) -> None:
    assert "holds no private key" in refusal(identity, apns_key_file=identity.certificate)


def test_an_empty_key_file(identity: Identity, tmp_path: Path) -> None:
    empty = tmp_path / "empty.p8"
    empty.touch()
    assert "holds no private key" in refusal(identity, apns_key_file=empty)


def test_keys_of_other_kinds(identity: Identity, tmp_path: Path) -> None:
    path = tmp_path / "other.p8"
    path.write_bytes(pem(ec.generate_private_key(ec.SECP384R1())))
    assert "another kind of key" in refusal(identity, apns_key_file=path)
    key = rsa.generate_private_key(65537, 2048)
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    assert "another kind of key" in refusal(identity, apns_key_file=path)


def test_certificates_that_cannot_be_used(identity: Identity, tmp_path: Path) -> None:
    assert "NARYAD_PUSH_CA_FILE" in refusal(identity, push_ca_file=tmp_path / "absent.pem")
    assert "NARYAD_PUSH_CA_FILE" in refusal(identity, push_ca_file=identity.signing_key)


def test_the_secret_is_in_no_refusal(identity: Identity, tmp_path: Path) -> None:
    broken = tmp_path / "broken.p8"
    text = identity.signing_key.read_text()
    broken.write_text(text.replace("END", "AND"))
    said = refusal(identity, apns_key_file=broken)
    assert not any(line in said for line in text.splitlines()[1:-1])


async def test_a_key_that_apple_does_not_know(fake: FakeApns, identity: Identity, tmp_path: Path) -> None:
    """The signature is verified: another team's key is refused, and the answer says what to look at."""
    path = tmp_path / "other.p8"
    path.write_bytes(pem(ec.generate_private_key(ec.SECP256R1())))
    channel = opened(settings(identity, fake.port, signing_key=path))
    outcome = await channel.send(message(), address("good-1"))
    await channel.close()
    assert isinstance(outcome, Misconfigured)
    assert "InvalidProviderToken: check NARYAD_APNS_KEY_FILE" in outcome.detail
    assert (await fake.report())["messages"] == 0
