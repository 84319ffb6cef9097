"""The other commands: what they print, and with which code they end."""

import asyncio
import json
from pathlib import Path

import asyncpg
import httpx
import pytest

from naryad.db.embedded import Server
from support.account import Office
from support.command import naryad, naryad_up


@pytest.fixture
def owner_url(postgres: Server, cloned: str) -> str:
    return postgres.dsn("naryad_owner", cloned)


def database(database_url: str, owner_url: str) -> dict[str, str]:
    return {"NARYAD_DATABASE_URL": database_url, "NARYAD_OWNER_DATABASE_URL": owner_url}


def test_every_command_explains_itself() -> None:
    shown = naryad("--help").stdout
    commands = [line.split()[0] for line in shown.splitlines() if line.startswith("    ") and line[4] != " "]
    assert {"up", "migrate", "doctor", "account", "restore-epoch"} <= set(commands)
    for command in commands:
        result = naryad(command, "--help")
        assert result.returncode == 0
        assert "usage: naryad" in result.stdout


def test_an_account_is_created_beside_a_running_server_and_its_admin_signs_in(tmp_path: Path) -> None:
    with naryad_up(tmp_path / "data") as up:
        created = naryad(
            *("account", "create", "Ромашка", "--time-zone", "Asia/Omsk", "--admin", "anna"),
            *("--data", str(tmp_path / "data")),
        )
        assert created.returncode == 0, created.stderr
        told = json.loads(created.stdout)
        assert told["account"]["name"] == "Ромашка"
        body = {"login": "anna", "password": told["admin"]["password"], "transport": "bearer"}
        answer = httpx.post(f"{up.url}/v1/sessions", json=body)
        assert answer.status_code == 201
        assert answer.json()["user"]["role"] == "admin"


def test_a_wrong_zone_or_a_taken_login_is_said_in_words(database_url: str, owner_url: str) -> None:
    environment = database(database_url, owner_url)
    wrong = naryad("account", "create", "A", "--time-zone", "Mars/Olympus", "--admin", "anna", **environment)
    assert wrong.returncode == 1
    assert "IANA time zone" in wrong.stderr
    create = ("account", "create", "A", "--time-zone", "UTC", "--admin", "anna")
    assert naryad(*create, **environment).returncode == 0
    taken = naryad(*create, **environment)
    assert taken.returncode == 1
    assert "login" in taken.stderr
    assert "Traceback" not in wrong.stderr + taken.stderr


def test_migrate_says_what_it_reached_and_may_be_repeated(tmp_path: Path) -> None:
    for _ in range(2):
        result = naryad("migrate", "--json", "--data", str(tmp_path))
        assert result.returncode == 0, result.stderr
        assert json.loads(result.stdout) == {"schema": "0001"}


def test_doctor_finds_a_sound_database_sound(database_url: str, owner_url: str) -> None:
    result = naryad("doctor", "--json", **database(database_url, owner_url))
    told = json.loads(result.stdout)
    assert [one for one in told["findings"] if not one["right"]] == []
    assert (result.returncode, told["right"]) == (0, True)


@pytest.mark.parametrize(
    ("harm", "complaint"),
    [
        ("alter table job no force row level security", "row level security: not forced on job"),
        (
            "drop policy own_account on job; drop policy across on job",
            "row level security: not forced on job",
        ),
        ("create policy open on job using (true)", "isolation: rows of job are seen"),
        ("create view leak as select * from job", "views: leak run with their owner's rights"),
        ("update account_head set version = 0", "histories: 1 accounts have a version behind"),
        ("update alembic_version set version_num = '0000'", "schema: the database has schema 0000"),
        ("delete from alembic_version", "run `naryad migrate`"),
    ],
)
async def test_doctor_names_what_is_wrong(
    harm: str, complaint: str, database_url: str, owner_url: str, superuser_url: str, office: Office
) -> None:
    await office.create_job()
    connection = await asyncpg.connect(superuser_url)
    await connection.execute(harm)
    await connection.close()
    result = await asyncio.to_thread(naryad, "doctor", **database(database_url, owner_url))
    assert result.returncode == 1, result.stdout
    assert f"WRONG  {complaint}" in result.stdout or complaint in result.stdout


def test_doctor_says_that_the_storage_cannot_be_used(database_url: str, owner_url: str) -> None:
    away = {
        "NARYAD_STORAGE_URL": "s3://bucket",
        "NARYAD_S3_ENDPOINT": "http://127.0.0.1:9",
        "NARYAD_S3_KEY_ID": "key",
        "NARYAD_S3_SECRET": "hush-hush",
    }
    result = naryad("doctor", **database(database_url, owner_url), **away)
    assert result.returncode == 1
    assert "WRONG  storage of files: cannot be used" in result.stdout
    assert "hush-hush" not in result.stdout + result.stderr
    wrong = naryad("sweep", **database(database_url, owner_url), NARYAD_STORAGE_URL="ftp://host")
    assert wrong.returncode == 2
    assert "NARYAD_STORAGE_URL" in wrong.stderr


def test_a_database_that_is_away_is_said_in_words() -> None:
    away = "postgresql://somebody:hush-hush@127.0.0.1:9/nowhere"
    for command in (("migrate",), ("account", "create", "A", "--time-zone", "UTC", "--admin", "a")):
        result = naryad(*command, NARYAD_DATABASE_URL=away)
        assert result.returncode == 3
        assert "not reachable" in result.stderr
        assert "Traceback" not in result.stderr
        assert "hush-hush" not in result.stderr
    assert naryad("doctor", NARYAD_DATABASE_URL=away).returncode == 1


async def test_a_login_that_is_not_let_in_is_said_in_words(postgres: Server, owner_url: str) -> None:
    wrong = owner_url.replace(postgres.passwords.owner, "hush-hush")
    result = await asyncio.to_thread(naryad, "migrate", NARYAD_DATABASE_URL=wrong)
    assert result.returncode == 3
    assert "does not let us in" in result.stderr
    assert "Traceback" not in result.stderr
    assert "hush-hush" not in result.stderr


async def test_an_owner_without_the_roles_is_told_what_to_run(
    postgres: Server, truth: asyncpg.Connection
) -> None:
    await truth.execute("create role plain login password 'plain'")
    name = await truth.fetchval("select current_database()")
    await truth.execute("drop schema public cascade; create schema public authorization plain")
    plain = f"postgresql://plain:plain@127.0.0.1:{postgres.port}/{name}"
    result = await asyncio.to_thread(naryad, "migrate", NARYAD_DATABASE_URL=plain)
    assert result.returncode == 1
    assert "As superuser run: CREATE ROLE naryad_service LOGIN" in result.stderr
    assert "Traceback" not in result.stderr
    await truth.execute("drop owned by plain cascade; drop role plain")


def test_services_refuse_an_empty_database_and_name_the_command(postgres: Server) -> None:
    url = postgres.dsn("naryad_owner", "postgres")
    create = ("account", "create", "A", "--time-zone", "UTC", "--admin", "a")
    result = naryad(*create, NARYAD_DATABASE_URL=url)
    assert result.returncode == 5
    assert "naryad migrate" in result.stderr


def test_a_wrong_setting_is_named_and_its_value_kept_quiet() -> None:
    result = naryad("migrate", NARYAD_POOL_SIZE="ninety-nine", NARYAD_PUBLIC_URL="ftp://example")
    assert result.returncode == 2
    assert "NARYAD_POOL_SIZE" in result.stderr
    assert "NARYAD_PUBLIC_URL" in result.stderr
    assert "ninety-nine" not in result.stderr


def test_the_page_of_settings_is_up_to_date() -> None:
    page = Path(__file__).parents[2] / "docs/settings.md"
    assert page.read_text() == naryad("settings").stdout, "run: naryad settings > docs/settings.md"
