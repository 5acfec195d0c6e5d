"""Open the file of a store, check that it is one, and change it in transactions that programs can share."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep

from quotes.errors import InputError, StoreError
from quotes.export.store import schema

# Seconds to wait: another writer's transaction, one article or all groups, is far shorter.
PATIENCE = 30.0
_FAULTS = {
    sqlite3.SQLITE_FULL: "the disk is full; make room and run it again: added articles are kept",
    sqlite3.SQLITE_BUSY: "is locked by another program; run it again when that is done",
    sqlite3.SQLITE_LOCKED: "is locked by another program; run it again when that is done",
    sqlite3.SQLITE_READONLY: "cannot be written; change its permissions, or name another file",
    sqlite3.SQLITE_NOTADB: "is not a store; make one from records: quotes store {path} -o quotes.db",
    sqlite3.SQLITE_CORRUPT: "is damaged; restore it, or write the records to a new store",
}
# Errors that Python raises for foreign rows: other types, bytes that are not text, missing rows.
_DAMAGE = (UnicodeError, ValueError, TypeError, KeyError, IndexError, RecursionError, InputError)
_LONGEST = 200


@contextmanager
def store_errors(path: Path) -> Iterator[None]:
    """Turn errors of SQLite, and those that a damaged file causes, into one line.

    Args:
        path: the store.

    Raises:
        StoreError: if SQLite fails, or the store holds impossible values.
    """
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code == sqlite3.SQLITE_CANTOPEN:
            known = f"cannot be opened; check that {path.parent} is a writable folder"
        else:
            known = _FAULTS.get(code, f"fails ({error}); check the file and the disk").replace("{path}", str(path))
        raise StoreError(f"{path}: {known}") from error
    except OverflowError as error:
        raise StoreError(f"{path}: a number in the record is too large for a store; correct the record") from error
    except _DAMAGE as error:
        what = " ".join(f"{type(error).__name__}: {error}".split())[:_LONGEST]
        raise StoreError(f"{path}: is damaged ({what}); restore it, or write the records to a new store") from error


def writing(path: Path, *, patience: float = PATIENCE) -> sqlite3.Connection:
    """Open a store to add to it; create it if the file is missing or empty.

    Args:
        path: the file.
        patience: seconds to wait for another writer.

    Raises:
        StoreError: if it cannot be written, or another program or a newer version wrote it.
    """
    if path.is_dir():
        raise StoreError(f"{path}: is a folder; name a file in it")
    if not path.parent.is_dir():
        raise StoreError(f"{path}: no folder {path.parent}; create it first")
    if path.exists() and not os.access(path, os.W_OK):
        raise StoreError(f"{path}: {_FAULTS[sqlite3.SQLITE_READONLY]}")
    fresh = not path.exists()
    with store_errors(path):
        database = sqlite3.connect(path, timeout=patience, isolation_level=None)
        try:
            # Change nothing before the file is known to be a store or empty.
            with snapshot(database):  # another program may be creating its tables
                ours = _checked(database, path)
            _prepare(database, patience)
            if not ours or schema.version(database) < schema.VERSION:
                with transaction(database, path):
                    if not _checked(database, path):
                        schema.create(database)
                    elif schema.version(database) < schema.VERSION:
                        schema.update(database)
        except BaseException as error:
            database.close()
            if fresh and getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
                _remove_empty(path)
            raise
    return database


def _remove_empty(path: Path) -> None:
    """Remove the empty file of a store that could not be created."""
    with suppress(OSError):
        if not path.stat().st_size:
            for name in (f"{path}-wal", f"{path}-shm", f"{path}-journal", f"{path}"):
                Path(name).unlink(missing_ok=True)


def reading(path: Path, *, patience: float = PATIENCE) -> sqlite3.Connection:
    """Open a store to read it.

    Args:
        path: the file.
        patience: seconds to wait for a writer.

    Raises:
        InputError: if there is no such file.
        StoreError: if it is not a store, or a newer version's.
    """
    if not path.is_file():
        raise InputError(f"{path}: no such store; create one with `quotes store RECORDS -o {path.name}`")
    with store_errors(path):
        # In this mode SQLite keeps two more files beside the store: only a writer removes them again, and a read-only
        # folder has no room for them.
        how = "mode=rw" if os.access(path, os.W_OK) and os.access(path.parent, os.W_OK) else "mode=ro"
        if how == "mode=ro" and not Path(f"{path}-wal").exists():
            how += "&immutable=1"
        address = f"{path.absolute().as_uri()}?{how}"
        database = sqlite3.connect(address, uri=True, timeout=patience, isolation_level=None)
        try:
            database.execute("PRAGMA query_only = ON")
            if not _checked(database, path):
                raise StoreError(f"{path}: is empty; write to it with `quotes store RECORDS -o {path.name}`")
        except BaseException:
            database.close()
            raise
    return database


@contextmanager
def transaction(database: sqlite3.Connection, path: Path) -> Iterator[None]:
    """Run a block as one transaction; no other writer comes between.

    Args:
        database: a connection of `writing`.
        path: its file, for messages.

    Raises:
        StoreError: if SQLite fails.
    """
    with store_errors(path):
        database.execute("BEGIN IMMEDIATE")
        try:
            yield
            database.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                database.execute("ROLLBACK")
            raise


@contextmanager
def snapshot(database: sqlite3.Connection) -> Iterator[None]:
    """Let a block see the store as of one moment, whatever another program adds meanwhile."""
    if database.in_transaction:
        yield
        return
    database.execute("BEGIN")
    try:
        yield
    finally:
        if database.in_transaction:
            database.execute("ROLLBACK")


def _prepare(database: sqlite3.Connection, patience: float) -> None:
    # If two processes change a new file's mode at once, one finds it busy, and SQLite does not wait.
    until = monotonic() + patience
    while True:
        try:
            database.execute("PRAGMA journal_mode = WAL")
            break
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or monotonic() > until:
                raise
            sleep(0.02)
    database.execute("PRAGMA synchronous = NORMAL")
    database.execute("PRAGMA foreign_keys = ON")


def _checked(database: sqlite3.Connection, path: Path) -> bool:
    """Return whether this is a store; False for an empty file."""
    [application] = database.execute("PRAGMA application_id").fetchone()
    version = schema.version(database)
    if application != schema.APPLICATION:
        if application or version or database.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
            raise StoreError(f"{path}: is a database of another program; name another file")
        return False
    if version > schema.VERSION:
        raise StoreError(f"{path}: was written by a newer quotes (store version {version}); update quotes to open it")
    return True
