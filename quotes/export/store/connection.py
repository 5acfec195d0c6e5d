"""Open the file of a store, see that it is one, and change it in transactions that two programs can share."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep

from quotes.errors import InputError, StoreError
from quotes.export.store import schema

# Another writer's transaction is one article, or the groups of all: far shorter than this.
PATIENCE = 30.0
_TOLD = {
    sqlite3.SQLITE_FULL: "the disk is full; make room and run it again, what was added is kept",
    sqlite3.SQLITE_BUSY: "is locked by another program; run it again when that is done",
    sqlite3.SQLITE_LOCKED: "is locked by another program; run it again when that is done",
    sqlite3.SQLITE_READONLY: "cannot be written to; change its permissions, or name another file",
    sqlite3.SQLITE_NOTADB: "is no store; make one of records: quotes store {path} -o quotes.db",
    sqlite3.SQLITE_CORRUPT: "is damaged; restore it, or write the records to a new store",
}
# What Python says of rows that no program of ours wrote: other types, bytes that are no text, rows that are missing.
_DAMAGE = (UnicodeError, ValueError, TypeError, KeyError, IndexError, RecursionError, InputError)
_LONGEST = 200


@contextmanager
def store_errors(path: Path) -> Iterator[None]:
    """Turn what SQLite says, and what a damaged file leads to, into one line.

    Args:
        path: of the store.

    Raises:
        StoreError: where SQLite fails, or the store holds what it cannot hold.
    """
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code == sqlite3.SQLITE_CANTOPEN:
            known = f"cannot be opened; check that {path.parent} is a folder that can be written to"
        else:
            known = _TOLD.get(code, f"fails ({error}); check the file and the disk").replace("{path}", str(path))
        raise StoreError(f"{path}: {known}") from error
    except OverflowError as error:
        raise StoreError(f"{path}: a number in the record is larger than a store holds; correct the record") from error
    except _DAMAGE as error:
        what = " ".join(f"{type(error).__name__}: {error}".split())[:_LONGEST]
        raise StoreError(f"{path}: is damaged ({what}); restore it, or write the records to a new store") from error


def writing(path: Path, *, patience: float = PATIENCE) -> sqlite3.Connection:
    """Open a store to add to it; make it where there is no file, or an empty one.

    Args:
        path: of the file.
        patience: seconds to wait for another writer.

    Raises:
        StoreError: where it cannot be written to, or is another program's file or a newer version's.
    """
    if path.is_dir():
        raise StoreError(f"{path}: is a folder; name a file in it")
    if not path.parent.is_dir():
        raise StoreError(f"{path}: no folder {path.parent}; make it first")
    if path.exists() and not os.access(path, os.W_OK):
        raise StoreError(f"{path}: {_TOLD[sqlite3.SQLITE_READONLY]}")
    fresh = not path.exists()
    with store_errors(path):
        database = sqlite3.connect(path, timeout=patience, isolation_level=None)
        try:
            # Nothing is changed before the file is known to be ours or nobody's.
            with snapshot(database):  # another program may be making its tables
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
    """Take away the file of a store that found no room to be begun."""
    with suppress(OSError):
        if not path.stat().st_size:
            for name in (f"{path}-wal", f"{path}-shm", f"{path}-journal", f"{path}"):
                Path(name).unlink(missing_ok=True)


def reading(path: Path, *, patience: float = PATIENCE) -> sqlite3.Connection:
    """Open a store to read it.

    Args:
        path: of the file.
        patience: seconds to wait for a writer.

    Raises:
        InputError: where there is no such file.
        StoreError: where it is no store, or a newer version's.
    """
    if not path.is_file():
        raise InputError(f"{path}: no such store; write one with `quotes store RECORDS -o {path.name}`")
    with store_errors(path):
        # SQLite shares a file in this mode by two others beside it: only who may write takes them away again, and a
        # folder that cannot be written to has no place for them.
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
    """Make a block one change, whole or not at all; no other writer comes between.

    Args:
        database: a connection of `writing`.
        path: its file, for messages.

    Raises:
        StoreError: where SQLite fails.
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
    """Let a block see the store at one moment, whatever another program adds meanwhile."""
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
    # Of two that change a new file's mode at once one finds it busy, without any wait of SQLite's own.
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
    """Return whether this is a store of ours; false for a file without anything in it."""
    [application] = database.execute("PRAGMA application_id").fetchone()
    version = schema.version(database)
    if application != schema.APPLICATION:
        if application or version or database.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
            raise StoreError(f"{path}: is a database of something else; name another file")
        return False
    if version > schema.VERSION:
        raise StoreError(f"{path}: was written by a newer quotes (store version {version}); update quotes to open it")
    return True
