"""The sources of a store, gathered by `quotes.comparison.sources`.

They are gathered again after each change, from the columns that describe speakers; a source keeps the id that most of
its quotes had, and only rows that differ are written.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quotes.export.store.connection import snapshot, transaction
from quotes.export.store.schema import version
from quotes.records import Article, ArticleRecord, Channel, Outlet, Quote, Speaker
from quotes.records.conversion import from_dict, to_dict

if TYPE_CHECKING:
    from quotes.comparison.sources import Gatherer, Source
    from quotes.comparison.sources.gathering import Key

# The first version of a store with sources.
SINCE = 4
_SPEAKERS = """
SELECT quotes.key, quotes.source, articles.key, articles.id, articles.published, outlets.name, articles.title,
    quotes.id, quotes.type, quotes.text, quotes.confidence, people.name, people.kind, people.id,
    quotes.speaker_role, quotes.speaker_handle, quotes.speaker_pronoun, quotes.stance
FROM articles JOIN quotes ON quotes.article = articles.key JOIN people ON people.key = quotes.speaker
LEFT JOIN outlets ON outlets.key = articles.outlet ORDER BY articles.key, quotes.position
"""
# People with a surname only: the article's text may have the full name.
_SHORT = """
SELECT DISTINCT articles.key, articles.text, articles.start, articles."end" FROM articles
JOIN quotes ON quotes.article = articles.key JOIN people ON people.key = quotes.speaker
WHERE articles.text IS NOT NULL AND people.kind IN ('person', 'unknown') AND instr(people.name, ' ') = 0
"""
Row = tuple[Any, ...]


def stale(database: sqlite3.Connection) -> int | None:
    """Return the number of the last change if the sources are older, or None."""
    if version(database) < SINCE:
        return -1
    state = dict(database.execute("SELECT name, value FROM state").fetchall())
    return int(state["changes"]) if state["changes"] != state.get("sourced") else None


def replace(database: sqlite3.Connection, path: Path, gatherer: Gatherer, *, change: int) -> None:
    """Gather the sources, and replace the former ones in one transaction.

    Args:
        database: a connection of `writing`.
        path: its file.
        gatherer: a gatherer with the newsroom's lists, if any.
        change: the number of the last change before.
    """
    from quotes.comparison.sources.appearance import of_article, who
    from quotes.comparison.sources.gathering import key_of

    appearances, former, quotes = [], {}, {}
    ids = dict(database.execute("SELECT key, id FROM sources").fetchall())
    with snapshot(database):
        for record, rows in _articles(database):
            found = of_article(record)
            appearances += found
            names = {key_of(one)[1]: key_of(one) for one in found}
            for quote, row in zip(record.quotes, rows, strict=True):
                assert quote.speaker is not None
                name, kind, listed = who(quote.speaker)
                key = names.get((" ".join(name.split()), kind, listed))
                quotes[row[0]] = (row[1], key)
                if key is not None and row[1] in ids:
                    former[key] = ids[row[1]]
    gathered = gatherer.gather(appearances, former=former)
    with transaction(database, path):
        keys = _written(database, gathered.sources)
        _point(database, quotes, {key: keys[number] for key, number in gathered.of.items()})
        database.execute("INSERT OR REPLACE INTO state (name, value) VALUES ('sourced', ?)", (change,))


def _articles(database: sqlite3.Connection) -> Iterator[tuple[ArticleRecord, list[Row]]]:
    """Yield the articles with the fields of their quotes that describe speakers, and the rows of those."""
    texts = {row[0]: row[1:] for row in database.execute(_SHORT)}
    ways: dict[int, list[Channel]] = {}
    for quote, relation, name, kind in database.execute(
        "SELECT quote, relation, name, kind FROM channels ORDER BY quote, position"
    ):
        ways.setdefault(quote, []).append(Channel(relation, name, kind))
    for key, group in groupby(database.execute(_SPEAKERS), key=lambda row: row[2]):
        rows = list(group)
        text, start, end = texts.get(key, (None, 0, 0))
        outlet = Outlet(rows[0][5]) if rows[0][5] else None
        article = Article(rows[0][3], "", 0, start, end, rows[0][6], published=rows[0][4], outlet=outlet, text=text)
        yield ArticleRecord(article, tuple(_quote(row, ways.get(row[0], [])) for row in rows)), rows


def _quote(row: Row, ways: list[Channel]) -> Quote:
    speaker = Speaker(row[11], row[12], row[14], handle=row[15], id=row[13], pronoun=row[16])
    made: dict[str, Any] = {"confidence": row[10], "stance": row[17], "channels": tuple(ways)}
    return Quote(row[7], row[8], row[9], (), speaker=speaker, **made)


def _written(database: sqlite3.Connection, found: tuple[Source, ...]) -> list[int]:
    """Write new and changed sources, delete the rest, and return the key of each."""
    held = {row[1]: row for row in database.execute("SELECT key, id, told FROM sources")}
    keys = []
    for source in found:
        content = json.dumps(to_dict(source), ensure_ascii=True)
        key = held[source.id][0] if source.id in held else None
        if key is None or held[source.id][2] != content:
            key = _put(database, key, source, content)
        keys.append(key)
    gone = [(held[identity][0],) for identity in held.keys() - {source.id for source in found}]
    database.executemany("UPDATE quotes SET source = NULL WHERE source = ?", gone)
    database.executemany("DELETE FROM sources WHERE key = ?", gone)
    return keys


def _put(database: sqlite3.Connection, key: int | None, source: Source, content: str) -> int:
    columns = (
        source.id, source.name, source.kind, source.listed, source.pronoun, source.family, source.articles,
        source.quotes, source.words, source.direct, source.reported, source.first, source.last, content,
    )  # fmt: skip
    marks = ", ".join("?" * (len(columns) + 1))
    if key is not None:
        database.execute("DELETE FROM source_names WHERE source = ?", (key,))
    done = database.execute(f"INSERT OR REPLACE INTO sources VALUES ({marks})", (key, *columns))
    key = int(done.lastrowid or 0) if key is None else key
    names = [(None, key, name, "name") for name in dict.fromkeys((source.name, *(a.name for a in source.aliases)))]
    ids = [(None, key, known, "id") for known in (source.id, source.listed, *source.former) if known]
    database.executemany("INSERT INTO source_names VALUES (?, ?, ?, ?)", names + ids)
    return key


def _point(
    database: sqlite3.Connection, quotes: dict[int, tuple[int | None, Key | None]], keys: dict[Key, int]
) -> None:
    """Link each quote to its source, where that has changed."""
    changed = []
    for quote, (before, key) in quotes.items():
        after = keys.get(key) if key is not None else None
        if after != before:
            changed.append((after, quote))
    database.executemany("UPDATE quotes SET source = ? WHERE key = ?", changed)


def read(database: sqlite3.Connection) -> Iterator[Source]:
    """Yield the sources of a store, those quoted most first.

    Raises:
        InputError: if a row is not a source.
    """
    from quotes.comparison.sources import Source

    for (content,) in database.execute("SELECT told FROM sources ORDER BY quotes DESC, id").fetchall():
        yield from_dict(json.loads(content), kind=Source)
