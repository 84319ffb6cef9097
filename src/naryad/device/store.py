"""The state in SQLite: what survives a dead battery.

One transaction per change, synchronous FULL: when `save` returns, the change is on the disk, and only
then may the worker read "saved" or the server's answer count. The calls block for the length of one
fsync, on purpose: nothing may happen between a decision and its safekeeping.
One process at a time: a second one gets StoreInUse.
"""

import json
import os
import sqlite3
from pathlib import Path

from naryad.device.rows import ROW, SCHEMA, Row, state_from, tables, text
from naryad.device.session import Session
from naryad.device.state import DeviceState
from naryad.domain.ids import DeviceId

FORMAT = 1


class StoreInUse(Exception):
    """Another process has this store open."""


class StoreTooNew(Exception):
    """A newer version of the program wrote this store."""


class Store:
    def __init__(self, path: Path, new_device: DeviceId) -> None:
        """Open the store at `path`; a new one is given to `new_device`. Raises StoreInUse, StoreTooNew."""
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))  # it holds a token and customers' addresses
        self._db = sqlite3.connect(path, isolation_level=None, timeout=1.0)
        try:
            self._prepare(path, new_device)
        except sqlite3.OperationalError as refused:
            self._db.close()
            if "locked" in str(refused):
                raise StoreInUse(f"{path} is open in another process") from refused
            raise
        except BaseException:
            self._db.close()
            raise

    def _prepare(self, path: Path, new_device: DeviceId) -> None:
        for setting in ("locking_mode = exclusive", "journal_mode = wal", "synchronous = full"):
            self._db.execute(f"pragma {setting}")
        self._db.execute("begin immediate")
        (written,) = self._db.execute("pragma user_version").fetchone()
        if written > FORMAT:
            raise StoreTooNew(
                f"{path} has format {written}; this version reads up to {FORMAT}: update the app"
            )
        if written == 0:
            for statement in SCHEMA.split(";"):
                self._db.execute(statement)
            self._put("single", ("device_id", text(str(new_device))))
            self._db.execute(f"pragma user_version = {FORMAT}")
        self._db.execute("commit")

    def close(self) -> None:
        self._db.close()

    def load(self) -> DeviceState:
        """The state as it was last saved."""
        return state_from(lambda table: self._db.execute(f"select * from {table}"))  # noqa: S608

    def save(self, before: DeviceState, after: DeviceState) -> None:
        """Write what differs, in one transaction. Raises sqlite3.Error, with nothing written."""
        if before is after:
            return
        old, new = tables(before), tables(after)
        self._db.execute("begin immediate")
        try:
            for table, entries in new.items():
                for key in old[table].keys() - entries.keys():
                    self._db.execute(f"delete from {table} where id = ?", (str(key),))  # noqa: S608
                for key, value in entries.items():
                    if key not in old[table] or old[table][key] != value:
                        self._put(table, ROW[table](key, value))
            self._db.execute("commit")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("rollback")
            raise

    @property
    def session(self) -> Session | None:
        row = self._db.execute("select value from single where name = 'session'").fetchone()
        kept = json.loads(row[0]) if row else None
        return Session(**kept) if kept else None

    @session.setter
    def session(self, session: Session | None) -> None:
        self._put("single", ("session", text(session.as_json() if session else None)))

    def _put(self, table: str, row: Row) -> None:
        """Table names are words of the schema, never input."""
        places = ", ".join("?" * len(row))
        self._db.execute(f"insert or replace into {table} values ({places})", row)  # noqa: S608
