"""Decide where an article belongs in a store: in a new place, or in that of its former version.

A name is sure to mean one article only within its run: row `1` of next month's table, a file saved anew, standard input
and the third item of a feed may each be another article. It is kept beside the one held, as `1#2`.
"""

from __future__ import annotations

import json
import sqlite3

from attrs import evolve, frozen

from quotes.export.store import rows
from quotes.records import ArticleRecord
from quotes.records.utf8 import named, shown

# Shorter lines may be a page's furniture, as may a third of the others.
_LINE = 40
_SHARED = 1 / 3


@frozen
class Place:
    """Where a record goes."""

    record: ArticleRecord
    """The record, renamed if another article has its name."""
    key: int | None = None
    """The former version of the article, which it replaces, or None."""
    beside: ArticleRecord | None = None
    """The other article that has its name, or None."""


def place(database: sqlite3.Connection, record: ArticleRecord) -> Place | None:
    """Return where an article goes, or None if the store holds it already.

    Args:
        database: within a transaction.
        record: the article.
    """
    held = _held(database, record) or _misspelt(database, record)
    if held is None:
        return None if _is_moved(database, record) else Place(record)
    if _is_same(held, record):
        return None
    other = _held_record(database, held[0])
    if not _may_be_another(database, record) or _is_version(record, other):
        return Place(record, held[0])
    return None if _is_moved(database, record) else _beside(database, record, other)


def _beside(database: sqlite3.Connection, record: ArticleRecord, other: ArticleRecord) -> Place | None:
    """Return the place of an article whose name another one has: that of its former version, or the next number."""
    number, name = 2, record.article.source
    while True:
        renamed = evolve(record, article=evolve(record.article, source=f"{name}#{number}"))
        held = _held(database, renamed)
        if held is None:
            return Place(renamed, beside=other)
        if _is_same(held, renamed):
            return None
        if _is_version(record, _held_record(database, held[0])):
            return Place(renamed, held[0])
        number += 1


def _held(database: sqlite3.Connection, record: ArticleRecord) -> tuple[int, str | None, bool] | None:
    """Return key and digest of the article of a name, and whether it is held without its text."""
    query = 'SELECT key, digest, text IS NULL FROM articles WHERE source = ? AND "index" = ?'
    row = database.execute(query, (named(record.article.source), record.article.index)).fetchone()
    return None if row is None else (row[0], row[1], bool(row[2]))


def _misspelt(database: sqlite3.Connection, record: ArticleRecord) -> tuple[int, str | None, bool] | None:
    """Return an article as an earlier version named it, which replaced each byte that is not UTF-8 by a sign."""
    article = record.article
    if named(article.source) == article.source:
        return None
    query = 'SELECT key, exact FROM articles WHERE source = ? AND "index" = ?'
    row = database.execute(query, (shown(article.source), article.index)).fetchone()
    ours = row is not None and row[1] and json.loads(row[1])["article"]["source"] == article.source
    return (row[0], None, False) if ours else None


def _is_same(held: tuple[int, str | None, bool], record: ArticleRecord) -> bool:
    """Return whether the store would gain nothing by a record."""
    return held[1] == rows.digest(record) and (record.article.text is None or not held[2])


def _held_record(database: sqlite3.Connection, key: int) -> ArticleRecord:
    article = rows.articles(database, [key], with_text=True)[key]
    numbers = [number for (number,) in database.execute(
        "SELECT key FROM quotes WHERE article = ? ORDER BY position", (key,)
    )]  # fmt: skip
    found = rows.quotes(database, numbers)
    return ArticleRecord(article, tuple(found[number] for number in numbers))


def _may_be_another(database: sqlite3.Connection, record: ArticleRecord) -> bool:
    """Return whether a name may mean another article: addresses do not, nor do the articles of a page, as they move."""
    article = record.article
    if ":" in article.source or article.index:
        return False
    query = 'SELECT 1 FROM articles WHERE source = ? AND "index" > 0'
    return database.execute(query, (named(article.source),)).fetchone() is None


def _is_version(record: ArticleRecord, other: ArticleRecord) -> bool:
    """Return whether two articles of one name are versions of one article."""
    ours, theirs = record.article, other.article
    if ours.id == theirs.id or (ours.url is not None and ours.url == theirs.url):
        return True
    if not record.quotes and not other.quotes and ours.text is None:
        return ours.title == theirs.title
    if {quote.text for quote in record.quotes} & {quote.text for quote in other.quotes}:
        return True
    lines, others = _lines(ours.text), _lines(theirs.text)
    return bool(lines & others) and len(lines & others) >= _SHARED * min(len(lines), len(others))


def _lines(text: str | None) -> frozenset[str]:
    return frozenset(line.strip() for line in (text or "").splitlines() if len(line.strip()) >= _LINE)


def _is_moved(database: sqlite3.Connection, record: ArticleRecord) -> bool:
    """Return whether an item of a feed, or a row of a table, is held as another one of it, with the same quotes."""
    article = record.article
    file, mark, _ = named(article.source).rpartition("#")
    if not mark or article.url is None:
        return False
    query = "SELECT key, source FROM articles WHERE url = ? AND title IS ? ORDER BY key"
    for key, source in database.execute(query, (article.url, article.title)).fetchall():
        if source.rpartition("#")[0].partition("#")[0] == file.partition("#")[0]:
            other = _held_record(database, key)
            if _said(record) == _said(other) and article.text in (None, other.article.text):
                return True
    return False


def _said(record: ArticleRecord) -> list[tuple[str, str | None]]:
    return [(quote.text, quote.speaker.name if quote.speaker else None) for quote in record.quotes]
