"""`naryad up` as a newcomer starts it, stops it, kills it and starts it wrongly."""

import json
import signal
import socket
import subprocess
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from db.holders import alive, until
from naryad.db.embedded import Server
from support.command import NARYAD, Up, clean_environment, naryad, naryad_up


def sign_in(up: Up, login: str = "dispatcher") -> str:
    body = json.dumps({"login": login, "password": "demo", "transport": "bearer"}).encode()
    request = Request(f"{up.url}/v1/sessions", body, {"Content-Type": "application/json"})
    with urlopen(request, timeout=10) as answer:
        token: str = json.load(answer)["token"]
    return token


def listed(up: Up, what: str, token: str | None = None) -> list[dict[str, Any]]:
    request = Request(f"{up.url}/v1/{what}", headers={"Authorization": f"Bearer {token or sign_in(up)}"})
    with urlopen(request, timeout=10) as answer:
        found: list[dict[str, Any]] = json.load(answer)[what.split("?")[0]]
    return found


def jobs(up: Up) -> list[dict[str, Any]]:
    return listed(up, "jobs?limit=500")


def postmaster(data: Path) -> int:
    return int((data / "postgres/postmaster.pid").read_text().split()[0])


def test_the_demo_is_a_day_with_all_states_and_is_made_once(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with naryad_up(data, "--demo", "--demo-phones", "0") as up:
        assert up.url.startswith("http://127.0.0.1:")
        first = jobs(up)
        assert up.stop() == 0
    assert len(first) == 25
    assert {job["state"] for job in first} == {
        *("posted", "scheduled", "published", "en_route", "started", "suspended", "finished", "canceled")
    }
    with naryad_up(data, "--demo", "--demo-phones", "0") as up:
        again = jobs(up)
    assert {job["id"]: job["version"] for job in again} == {job["id"]: job["version"] for job in first}


def test_the_simulated_phones_come_to_work_and_change_something(tmp_path: Path) -> None:
    with naryad_up(tmp_path / "data", "--demo") as up:
        token = sign_in(up)
        before = {job["id"]: job["version"] for job in listed(up, "jobs?limit=500", token)}

        def changed_by_phones() -> bool:
            now = {job["id"]: job["version"] for job in listed(up, "jobs?limit=500", token)}
            return len([one for one in now if now[one] > before[one]]) >= 2

        until(changed_by_phones, "both phones did something", seconds=90)
        assert len(listed(up, "devices", token)) == 2
        assert up.stop() == 0
    assert "Traceback" not in (tmp_path / "data.log").read_text()


def test_it_works_on_a_database_that_is_set(tmp_path: Path, postgres: Server, cloned: str) -> None:
    environment = {
        "NARYAD_DATABASE_URL": postgres.dsn("naryad_service", cloned),
        "NARYAD_OWNER_DATABASE_URL": postgres.dsn("naryad_owner", cloned),
    }
    with naryad_up(tmp_path / "data", "--demo", "--demo-phones", "0", **environment) as up:
        assert len(jobs(up)) == 25
        assert up.stop() == 0
    assert [one.name for one in (tmp_path / "data").iterdir()] == ["files"]  # and no database


def test_a_signal_ends_it_in_order_and_the_database_with_it(tmp_path: Path) -> None:
    for sign in (signal.SIGTERM, signal.SIGINT):
        with naryad_up(tmp_path / "data") as up:
            database = postmaster(tmp_path / "data")
            assert up.stop(sign) == 0
            assert not alive(database)
    assert "Traceback" not in (tmp_path / "data.log").read_text()


def test_an_open_stream_does_not_hold_it_up(tmp_path: Path) -> None:
    with naryad_up(tmp_path / "data", "--demo", "--demo-phones", "0") as up:
        request = Request(f"{up.url}/v1/events", headers={"Authorization": f"Bearer {sign_in(up)}"})
        with urlopen(request, timeout=60) as stream:
            assert b"hb" in stream.readline() + stream.readline()
            assert up.stop() == 0
            assert b"retry: " in stream.read()  # told when to come back, not cut


def test_a_signal_before_it_serves_ends_it_as_well(tmp_path: Path) -> None:
    data = tmp_path / "data"
    process = subprocess.Popen(
        [NARYAD, "up", "--port", "0", "--data", data],
        env=clean_environment({}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    until(lambda: any(data.glob("new-*")) or (data / "postgres").exists(), "the database is being made")
    process.terminate()
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    assert "Traceback" not in errors
    assert not list(data.glob("new-*"))
    with naryad_up(data):
        pass


def test_it_starts_again_after_it_was_killed(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with naryad_up(data, "--demo", "--demo-phones", "0") as up:
        up.process.kill()
        up.process.wait()
    with naryad_up(data, "--demo", "--demo-phones", "0") as up:
        assert len(jobs(up)) == 25


def test_when_the_database_ends_by_itself_it_says_so_and_ends(tmp_path: Path) -> None:
    with naryad_up(tmp_path / "data") as up:
        subprocess.run(["kill", "-INT", str(postmaster(tmp_path / "data"))], check=True)
        assert up.process.wait(timeout=60) == 1
    assert "naryad: PostgreSQL ended by itself" in (tmp_path / "data.log").read_text()


def test_a_busy_port_is_said_in_words(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = naryad("up", "--port", port, "--data", str(tmp_path / "data"))
    assert result.returncode == 4
    assert f"Port {port} on 127.0.0.1 is in use" in result.stderr
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "data").exists()


def test_a_held_folder_is_said_in_words(tmp_path: Path) -> None:
    with naryad_up(tmp_path / "data") as up:
        result = naryad("up", "--port", "0", "--data", str(tmp_path / "data"))
        assert result.returncode == 4
        assert f"in use by another Naryad (process {up.process.pid})" in result.stderr
        assert "Traceback" not in result.stderr


def test_a_folder_of_another_postgresql_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres/PG_VERSION").write_text("16\n")
    result = naryad("up", "--port", "0", "--data", str(tmp_path))
    assert result.returncode == 1
    assert "made by PostgreSQL 16" in result.stderr
    assert "Traceback" not in result.stderr
