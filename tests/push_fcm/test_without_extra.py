"""Without the extra `push` everything starts, and a channel that is set says what is missing."""

import json
import subprocess
import sys

import pytest

WITHOUT = """
import sys
for name in ("firebase_admin", "google.auth", "pywebpush", "py_vapid", "aiohttp", "aioapns"):
    sys.modules[name] = None
from pathlib import Path
from naryad.settings import SettingMissing, Settings
from naryad_api.app import create_app as create_api
from naryad_pusher.app import create_app as create_pusher
create_api(Settings())
create_pusher(Settings())
try:
    create_pusher(Settings(**json.loads(sys.argv[1])))
except SettingMissing as error:
    print(error)
"""


@pytest.mark.parametrize(
    "settings",
    [
        {"fcm_credentials_file": "key.json"},
        {"webpush_subject": "mailto:ops@naryad.example"},
        {
            "apns_key_file": "KEY",
            "apns_key_id": "A" * 10,
            "apns_team_id": "B" * 10,
            "apns_topic": "app.naryad",
        },
    ],
)
def test_it_says_what_to_install(settings: dict[str, str]) -> None:
    run = subprocess.run(
        [sys.executable, "-c", f"import json{WITHOUT}", json.dumps(settings)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert "pip install 'naryad[push]'" in run.stdout
    assert f"NARYAD_{next(iter(settings)).upper()}" in run.stdout
