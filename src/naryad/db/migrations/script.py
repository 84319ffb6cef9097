"""Runs a migration's SQL files inside Alembic's transaction."""

from importlib.resources import files

from alembic import op


def run_scripts(folder: str, *names: str) -> None:
    """Run `versions/<folder>/<name>.sql` in the given order, each as one script."""
    connection = op.get_bind().connection.dbapi_connection
    assert connection is not None
    for name in names:
        script = files("naryad.db.migrations") / "versions" / folder / f"{name}.sql"
        text = script.read_text(encoding="utf-8")
        connection.run_async(lambda driver, text=text: driver.execute(text))
