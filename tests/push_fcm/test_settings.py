"""What cannot work is refused at the start, in words, and without the key in them."""

import json
from pathlib import Path

import pytest

from naryad.settings import Settings, SettingWrong
from naryad_pusher.channels.fcm import open_fcm
from support.fcm_service import FakeFcm
from support.loopback_tls import LoopbackTls


def refusal(settings: Settings) -> str:
    with pytest.raises(SettingWrong) as refused:
        open_fcm(settings)
    chain: BaseException | None = refused.value
    words = str(refused.value)
    while chain is not None:
        assert "BEGIN PRIVATE KEY" not in str(chain)
        chain = chain.__cause__
    return words


def test_without_credentials_the_channel_is_off() -> None:
    assert open_fcm(Settings()) is None
    assert open_fcm(Settings(fcm_url="https://127.0.0.1:9")) is None


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    words = refusal(Settings(fcm_credentials_file=tmp_path / "missing.json"))
    assert (
        words
        == f"NARYAD_FCM_CREDENTIALS_FILE: {tmp_path}/missing.json cannot be read: No such file or directory"
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "is not JSON"),
        ("[]", "is not the key of a service account"),
        (json.dumps({"type": "authorized_user"}), "Generate new private key"),
        (json.dumps({"type": "service_account", "project_id": "p"}), "lacks private_key_id, private_key"),
    ],
)
def test_a_file_that_is_something_else(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "account.json"
    path.write_text(text)
    assert words in refusal(Settings(fcm_credentials_file=path))


async def test_a_torn_key_and_an_address_that_is_none(service: FakeFcm, tmp_path: Path) -> None:
    torn = service.account()["private_key"][:200]
    path = service.write_account(tmp_path / "torn.json", private_key=torn)
    assert "private_key" in refusal(Settings(fcm_credentials_file=path))
    path = service.write_account(tmp_path / "uri.json", token_uri="file:///etc/passwd")
    assert "token_uri" in refusal(Settings(fcm_credentials_file=path))


async def test_certificates_that_are_none(service: FakeFcm, tls: LoopbackTls, tmp_path: Path) -> None:
    path = service.write_account(tmp_path / "account.json")
    for ca_file in (tmp_path / "missing.pem", path):
        words = refusal(Settings(fcm_credentials_file=path, push_ca_file=ca_file))
        assert words.startswith(f"NARYAD_PUSH_CA_FILE: {ca_file} holds no certificates")
