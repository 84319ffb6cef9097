"""The schema's number, known without Alembic, is Alembic's."""

from pathlib import Path

import asyncpg
import pytest
from alembic.script import ScriptDirectory

from naryad.db import migrations
from naryad.db.migrate import migrate
from naryad.db.schema import SchemaMismatch, expected_revision


def test_the_newest_file_is_the_head_of_one_line() -> None:
    script = ScriptDirectory(str(Path(migrations.__file__).parent))
    assert script.get_heads() == [expected_revision()]


async def test_migrating_again_changes_nothing_and_a_newer_schema_is_refused(
    superuser_url: str, truth: asyncpg.Connection
) -> None:
    assert await migrate(superuser_url) == expected_revision()
    await truth.execute("update alembic_version set version_num = '9999'")
    with pytest.raises(SchemaMismatch, match="start a newer Naryad"):
        await migrate(superuser_url)
