"""The wheel, built from the source distribution, is all that an empty environment needs."""

import json
import os
import re
import subprocess
import sys
import tarfile
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from support.command import naryad_up

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with nothing but the wheel and what it asks for, away from the source."""
    folder = tmp_path_factory.mktemp("wheel")
    run([sys.executable, "-m", "hatchling", "build", "--target", "sdist", "--directory", folder], ROOT)
    (archive,) = folder.glob("naryad-*.tar.gz")
    with tarfile.open(archive) as source:
        source.extractall(folder, filter="data")
    unpacked = folder / archive.name.removesuffix(".tar.gz")
    # From the unpacked archive: it must hold all that the wheel is built from.
    run([sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder], unpacked)
    (wheel,) = folder.glob("naryad-*.whl")
    run([sys.executable, "-m", "venv", folder / "venv"], folder)
    python = folder / "venv/bin/python"
    run([python, "-m", "pip", "install", "--quiet", "-c", ROOT / "constraints.txt", wheel], folder)
    return folder / "venv"


def run(command: list[str | Path], cwd: Path) -> None:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    result = subprocess.run(command, cwd=cwd, env=clean, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_wheel_serves_both_apps_and_the_demo(environment: Path, tmp_path: Path) -> None:
    with naryad_up(
        tmp_path / "data", "--demo", "--demo-phones", "0", command=environment / "bin/naryad", cwd=tmp_path
    ) as up:
        for path in ("/", "/app/"):
            page = fetch(up.url + path)
            assert b"<script" in page
            for asset in assets(page):
                assert fetch(up.url + asset)
        assert fetch(up.url + "/app/sw.js")
        for login in ("dispatcher", "ivan"):
            body = {"login": login, "password": "demo", "transport": "bearer"}
            if login == "ivan":
                device = {"id": "019b0000-0000-7000-8000-0000000000aa", "name": "Phone", "platform": "web"}
                body |= {"device": device}
            request = Request(
                f"{up.url}/v1/sessions", json.dumps(body).encode(), {"Content-Type": "application/json"}
            )
            assert json.loads(fetch(request))["token"]


def fetch(address: str | Request) -> bytes:
    with urlopen(address, timeout=10) as answer:
        content: bytes = answer.read()
    return content


def assets(page: bytes) -> list[str]:
    return re.findall(r'(?:src|href)="(/[^"]+\.(?:js|css))"', page.decode())
