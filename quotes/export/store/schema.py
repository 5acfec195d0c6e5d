"""The tables of a store: keys, indices, full-text search, and a view with one flat row per quote."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

# "QUOT", by which `file quotes.db` and this program recognise the file.
APPLICATION = 0x51554F54
VERSION = 5

_KEY: dict[str, Any] = {"key": int}
_MENTION: dict[str, Any] = {"mention_text": str, "mention_start": int, "mention_end": int}
TABLES: dict[str, dict[str, Any]] = {
    "outlets": _KEY | {"name": str, "id": str, "domain": str},
    "people": _KEY | {"name": str, "kind": str, "id": str},
    "articles": _KEY | {
        "id": str, "source": str, "index": int, "start": int, "end": int, "title": str, "byline": str,
        "published": str, "day": str, "url": str, "language": str, "outlet": int, "wire": int, "text": str,
        "digest": str, "exact": str,
    },
    "quotes": _KEY | {
        "article": int, "position": int, "id": str, "type": str, "text": str, "speaker": int, "speaker_name": str,
        "speaker_role": str, "speaker_handle": str, "resolution": str, **_MENTION, "cue_text": str, "cue_lemma": str,
        "cue_start": int, "cue_end": int, "said_on": str, "confidence": float, "pattern": str, "paragraph_start": int,
        "paragraph_end": int, "stance": str, "speaker_pronoun": str, "source": int,
    },
    "spans": _KEY | {"quote": int, "position": int, "start": int, "end": int},
    "channels": _KEY | {
        "quote": int, "position": int, "relation": str, "name": str, "kind": str, "id": str, **_MENTION,
    },
    "groups": _KEY | {"id": str, "lead": int, "first": int, "size": int, "misattributed": int, "misquoted": int},
    "variants": _KEY | {"group": int, "quote": int, "position": int, "kind": str, "reworded": int, "differences": str},
    "sources": _KEY | {
        "id": str, "name": str, "kind": str, "listed": str, "pronoun": str, "family": str, "articles": int,
        "quotes": int, "words": int, "direct": int, "reported": int, "first": str, "last": str, "told": str,
    },
    "source_names": _KEY | {"source": int, "name": str, "what": str},
    "state": {"name": str, "value": int},
}  # fmt: skip
# Columns and tables by the version that added them, to update older stores.
_SINCE = {4: ("sources", "source_names")}
LINKS: dict[str, dict[str, str]] = {
    "articles": {"outlet": "outlets", "wire": "outlets"},
    "quotes": {"article": "articles", "speaker": "people", "source": "sources"},
    "source_names": {"source": "sources"},
    "spans": {"quote": "quotes"},
    "channels": {"quote": "quotes"},
    "groups": {"lead": "quotes", "first": "quotes"},
    "variants": {"group": "groups", "quote": "quotes"},
}
_REQUIRED = {
    "outlets": {"name"},
    "people": {"name", "kind"},
    "articles": {"id", "source", "index", "start", "end", "digest"},
    "quotes": {"article", "position", "id", "type", "text", "confidence", "stance"},
    "spans": {"quote", "position", "start", "end"},
    "channels": {"quote", "position", "relation", "name", "kind"},
    "groups": {"id", "lead", "size", "misattributed", "misquoted"},
    "variants": {"group", "quote", "position", "kind", "reworded", "differences"},
    "sources": {"id", "name", "kind", "articles", "quotes", "words", "direct", "reported", "told"},
    "source_names": {"source", "name", "what"},
    "state": {"value"},
}
_UNIQUE = (
    ("articles", ("source", "index")), ("quotes", ("article", "position")), ("spans", ("quote", "position")),
    ("channels", ("quote", "position")), ("variants", ("group", "quote")), ("sources", ("id",)),
)  # fmt: skip
_INDICES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("outlets", ("name",)), ("people", ("name",)), ("articles", ("outlet",)), ("articles", ("wire",)),
    ("articles", ("day",)), ("articles", ("url",)), ("quotes", ("speaker",)), ("quotes", ("id",)),
    ("quotes", ("type",)), ("channels", ("name",)), ("channels", ("id",)), ("groups", ("lead",)),
    ("groups", ("first",)), ("variants", ("quote",)), ("quotes", ("source",)), ("source_names", ("source",)),
    ("source_names", ("name",)),
)  # fmt: skip
SEARCHED = ("text", "speaker_name", "speaker_role")
_VIEW = """
SELECT quotes.key, quotes.text, quotes.type, quotes.speaker_name AS speaker, people.kind AS speaker_kind,
    people.id AS speaker_id, quotes.speaker_role, quotes.speaker_handle, quotes.speaker_pronoun, quotes.said_on,
    quotes.stance, quotes.confidence,
    (SELECT group_concat(relation || ' ' || name, '; ') FROM channels WHERE quote = quotes.key) AS channels,
    outlets.name AS outlet, wires.name AS wire, articles.published, articles.day, articles.title, articles.url,
    articles.source, articles."index",
    (SELECT min(start) FROM spans WHERE quote = quotes.key) AS start,
    (SELECT max("end") FROM spans WHERE quote = quotes.key) AS "end",
    quotes.cue_text AS cue, quotes.pattern, sources.id AS source_id, sources.name AS source_name,
    quotes.id AS quote_id, articles.id AS article_id
FROM quotes JOIN articles ON articles.key = quotes.article
LEFT JOIN people ON people.key = quotes.speaker
LEFT JOIN sources ON sources.key = quotes.source
LEFT JOIN outlets ON outlets.key = articles.outlet
LEFT JOIN outlets AS wires ON wires.key = articles.wire
"""


def create(connection: sqlite3.Connection) -> None:
    """Create all tables.

    Args:
        connection: within a transaction, to an empty file.
    """
    for name, columns in TABLES.items():
        connection.execute(_table(name, columns))
    for name, group in _UNIQUE:
        connection.execute(_index(name, group, unique=True))
    for name, columns_of in _INDICES:
        connection.execute(_index(name, columns_of))
    for statement in _search():
        connection.execute(statement)
    connection.execute(f'CREATE VIEW "flat" AS {_VIEW}')
    connection.execute("INSERT INTO state (name, value) VALUES ('changes', 0), ('grouped', 0), ('sourced', 0)")
    connection.execute(f"PRAGMA application_id = {APPLICATION}")
    connection.execute(f"PRAGMA user_version = {VERSION}")


def update(connection: sqlite3.Connection) -> None:
    """Update the tables of an older store: version 1 had no stance, 2 no pronouns, 3 no sources, 4 no index.

    Args:
        connection: within a transaction, to a store.
    """
    if version(connection) < 2:
        connection.execute("ALTER TABLE \"quotes\" ADD COLUMN \"stance\" TEXT NOT NULL DEFAULT 'said'")
    if version(connection) < 3:
        connection.execute('ALTER TABLE "quotes" ADD COLUMN "speaker_pronoun" TEXT')
    if version(connection) < 4:
        _add_sources(connection)
    connection.execute(_index("articles", ("url",)))
    connection.execute(f"PRAGMA user_version = {VERSION}")


def _add_sources(connection: sqlite3.Connection) -> None:
    for table in _SINCE[4]:
        connection.execute(_table(table, TABLES[table]))
    connection.execute('ALTER TABLE "quotes" ADD COLUMN "source" INTEGER REFERENCES "sources"("key")')
    for name, group in _UNIQUE:
        if name in _SINCE[4]:
            connection.execute(_index(name, group, unique=True))
    for name, columns_of in _INDICES:
        if name in _SINCE[4] or columns_of == ("source",):
            connection.execute(_index(name, columns_of))
    connection.execute('DROP VIEW "flat"')
    connection.execute(f'CREATE VIEW "flat" AS {_VIEW}')


def version(connection: sqlite3.Connection) -> int:
    """Return the version of a store's tables."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _table(name: str, columns: dict[str, Any]) -> str:
    """Return the statement that creates a table."""
    types = {int: "INTEGER", float: "REAL", str: "TEXT"}
    parts = []
    for number, (column, kind) in enumerate(columns.items()):
        part = f'"{column}" {types[kind]}'
        part += " PRIMARY KEY" if number == 0 else " NOT NULL" if column in _REQUIRED[name] else ""
        if (link := LINKS.get(name, {}).get(column)) is not None:
            part += f' REFERENCES "{link}"("key")'
            part += " ON DELETE CASCADE" if link in ("articles", "quotes", "groups") or name == "source_names" else ""
        parts.append(part)
    return f'CREATE TABLE "{name}" (\n  ' + ",\n  ".join(parts) + "\n)"


def _index(table: str, columns: tuple[str, ...], *, unique: bool = False) -> str:
    name = "_".join(("idx", table, *columns))
    return f'CREATE {"UNIQUE " if unique else ""}INDEX "{name}"\n    ON "{table}" ({_listed(columns)})'


def _listed(columns: tuple[str, ...], of: str = "") -> str:
    return ", ".join(f'{of}"{column}"' for column in columns)


def _search() -> Iterator[str]:
    """Yield the statements that create the full-text index and keep it in step with the table.

    It has no copy of the texts ("external content", https://sqlite.org/fts5.html#external_content_tables), so a
    deletion must give the old values.
    """
    into, columns = 'INSERT INTO "quotes_fts"', _listed(SEARCHED)
    added = f"  {into} (rowid, {columns}) VALUES (new.rowid, {_listed(SEARCHED, 'new.')});\n"
    gone = f"  {into} (\"quotes_fts\", rowid, {columns}) VALUES('delete', old.rowid, {_listed(SEARCHED, 'old.')});\n"
    yield (
        f'CREATE VIRTUAL TABLE "quotes_fts" USING FTS5 (\n    {columns},\n'
        "    tokenize='unicode61 remove_diacritics 2',\n    content=\"quotes\"\n)"
    )
    for name, event, done in (("ai", "INSERT", added), ("ad", "DELETE", gone), ("au", "UPDATE", gone + added)):
        yield f'CREATE TRIGGER "quotes_{name}" AFTER {event} ON "quotes" BEGIN\n{done}END'
