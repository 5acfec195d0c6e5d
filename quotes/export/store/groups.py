"""The groups of a store's quotes that are the same statement, from `quotes.comparison.variants`."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from quotes.export.store.connection import transaction
from quotes.records.conversion import to_dict
from quotes.records.utf8 import named, shown

if TYPE_CHECKING:
    from quotes.comparison.variants import Group, Variant


def stale(database: sqlite3.Connection) -> int | None:
    """Return the number of the last change if the groups are older, or None."""
    state = dict(database.execute("SELECT name, value FROM state").fetchall())
    return state["changes"] if state["changes"] != state["grouped"] else None


def replace(database: sqlite3.Connection, path: Path, found: Iterable[Group], *, change: int) -> None:
    """Replace the groups, in one transaction.

    A group is left out if another writer has removed one of its quotes meanwhile; the store then stays marked as stale.

    Args:
        database: a connection of `writing`.
        path: its file.
        found: the groups.
        change: the number of the last change before the quotes were read.
    """
    found = list(found)
    with transaction(database, path):
        database.execute("DELETE FROM groups")
        for group in found:
            _insert(database, group)
        database.execute("UPDATE state SET value = ? WHERE name = 'grouped'", (change,))


def _insert(database: sqlite3.Connection, group: Group) -> None:
    members = [group.lead, *group.variants]
    keys = [_key(database, variant) for variant in members]
    if None in keys:
        return
    first = None if group.first is None else keys[members.index(group.first)] if group.first in members else None
    row = (group.id, keys[0], first, len(members), group.misattributed, group.misquoted)
    number = database.execute(
        'INSERT INTO groups (id, lead, "first", size, misattributed, misquoted) VALUES (?, ?, ?, ?, ?, ?)', row
    ).lastrowid
    database.executemany(
        'INSERT OR IGNORE INTO variants ("group", quote, position, kind, reworded, differences)'
        " VALUES (?, ?, ?, ?, ?, ?)",
        (
            (number, key, position, variant.kind, variant.reworded, _differences(variant))
            for position, (key, variant) in enumerate(zip(keys, members, strict=True))
        ),
    )


def _differences(variant: Variant) -> str:
    return json.dumps([to_dict(step) for step in variant.differences], ensure_ascii=True)


def _key(database: sqlite3.Connection, variant: Variant) -> int | None:
    found = database.execute(
        "SELECT quotes.key FROM quotes JOIN articles ON articles.key = quotes.article"
        " WHERE quotes.id = ? AND articles.id = ? AND articles.source = ?",
        (shown(variant.quote), shown(variant.article), named(variant.source)),
    ).fetchone()
    return None if found is None else int(found[0])
