"""Find quotes in a store: by words, speaker, outlet, dates and channel."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from typing import Any

from attrs import frozen

from quotes.export.store import rows
from quotes.export.store.connection import snapshot
from quotes.records import Article, Quote, Span
from quotes.text.spans import coalesced

_PART = re.compile(r'"([^"]*)"(\*?)|([^\s"]+)')
_RELATION = re.compile(r"(to|via|on|in):\s*(.*)", re.S)
# Marks that highlight() puts around matching words; a text that contains them is not marked.
_OPEN, _CLOSE = "\x02", "\x03"
_HIGHLIGHT = f"highlight(quotes_fts, 0, '{_OPEN}', '{_CLOSE}')"
# Ranking more matches than these would be too slow; if more match, the newest come first.
_WEIGHED = 1_000
# SQLite's time grows with the square of the number of words in a query.
_AT_ONCE = 1_000


@frozen
class Query:
    """A search; None leaves a condition out."""

    words: str = ""
    """Words of the quote, the speaker's name or role."""
    speaker: str | None = None
    """Words of the speaker's name."""
    source: str | None = None
    """A source's id, or one of its names in full; see `quotes.export.store.sources`."""
    outlet: str | None = None
    """Part of the outlet's name, or its id or domain."""
    since: str | None = None
    """First day of publication, ISO."""
    until: str | None = None
    """Last day of publication, ISO."""
    channel: str | None = None
    """Part of a channel's name, or its id; a relation before it limits the search: `via:CBC`, `on:`."""
    types: frozenset[str] | None = None
    """Types of quotes."""
    min_confidence: float = 0.0
    """The lowest confidence."""
    limit: int = 20
    """The most quotes to return."""


@frozen
class Match:
    """A matching quote with its article, and the spans of the words in `quote.text`."""

    quote: Quote
    article: Article
    highlights: tuple[Span, ...] = ()


def terms(words: str, columns: str = "") -> list[str]:
    """Return the full-text queries for typed words, one per word or phrase, without duplicates.

    Args:
        words: words, "phrases" and prefixes*; every other sign counts as a space.
        columns: `column : `, to search only that one.
    """
    parts = []
    words = words.encode("utf-8", "replace").decode("utf-8").replace("\0", " ")
    for phrase, star, word in _PART.findall(words):
        text = phrase or word
        prefix = bool(star) or (not phrase and text.endswith("*"))
        # One typed word may be two in the index ("Saint-Malo"): they must then be adjacent.
        if any(sign.isalnum() for sign in text):
            parts.append(f'{columns}"{text}"' + " *" * prefix)
    return list(dict.fromkeys(parts))


def find(database: sqlite3.Connection, query: Query) -> list[Match]:
    """Return the matching quotes.

    Args:
        database: a connection to a store.
        query: the search.
    """
    sought: list[str] = []
    for typed, columns in ((query.words, ""), (query.speaker or "", "speaker_name : ")):
        if typed.strip():
            if not (found := terms(typed, columns)):
                return []
            sought += found
    with snapshot(database):
        return _found(database, query, [" AND ".join(part) for part in _batched(sought)])


def _batched(sought: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(sought), _AT_ONCE):
        yield sought[start : start + _AT_ONCE]


def _found(database: sqlite3.Connection, query: Query, matches: list[str]) -> list[Match]:
    allowed: set[int] | None = None
    for match in matches[1:]:
        found = database.execute("SELECT rowid FROM quotes_fts WHERE quotes_fts MATCH ?", (match,))
        fitting = {key for (key,) in found}
        allowed = fitting if allowed is None else allowed & fitting
        if not allowed:
            return []
    marked = _keys(database, query, matches[0] if matches else None, allowed)
    for match in matches[1:]:
        for key, more in _marked(database, match, list(marked)):
            marked[key] = tuple(coalesced((*marked[key], *more)))
    keys = list(marked)
    shown = rows.quotes(database, keys)
    of = dict(_article_of(database, keys))
    held = rows.articles(database, sorted(set(of.values())))
    return [Match(shown[key], held[of[key]], marked[key]) for key in keys]


def _keys(
    database: sqlite3.Connection, query: Query, match: str | None, allowed: set[int] | None
) -> dict[int, tuple[Span, ...]]:
    """Return the keys of the matching quotes, in order, and the marked text of each."""
    tests, values = _tests(query)
    if allowed is not None:
        tests.append("quotes.key IN (SELECT value FROM json_each(?))")
        values.append(json.dumps(sorted(allowed)))
    start, order, marked = "quotes", "articles.day DESC, articles.key, quotes.position", "NULL"
    if match is not None:
        tests, values = ["quotes_fts MATCH ?", *tests], [match, *values]
        start = "quotes_fts CROSS JOIN quotes ON quotes.key = quotes_fts.rowid"
        # The index itself has both orders: nothing is sorted, and only the quotes returned are marked.
        order = "quotes_fts.rank" if _few(database, match) else "quotes_fts.rowid DESC"
        marked = _HIGHLIGHT
    where = f"WHERE {' AND '.join(tests)}" if tests else ""
    statement = (
        f"SELECT quotes.key, {marked} FROM {start} JOIN articles ON articles.key = quotes.article {where}"
        f" ORDER BY {order} LIMIT ?"
    )
    return {key: _places(text or "") for key, text in database.execute(statement, [*values, query.limit])}


def _marked(database: sqlite3.Connection, match: str, keys: list[int]) -> list[tuple[int, tuple[Span, ...]]]:
    """Return the marked texts of quotes by key."""
    statement = (
        f"SELECT rowid, {_HIGHLIGHT} FROM quotes_fts"
        " WHERE quotes_fts MATCH ? AND rowid IN (SELECT value FROM json_each(?))"
    )
    return [(key, _places(text or "")) for key, text in database.execute(statement, (match, json.dumps(keys)))]


def _few(database: sqlite3.Connection, match: str) -> bool:
    counted = "SELECT count(*) FROM (SELECT 1 FROM quotes_fts WHERE quotes_fts MATCH ? LIMIT ?)"
    return int(database.execute(counted, (match, _WEIGHED + 1)).fetchone()[0]) <= _WEIGHED


def _tests(query: Query) -> tuple[list[str], list[Any]]:
    """Return the SQL conditions of a search and their values."""
    tests: list[str] = []
    values: list[Any] = []

    def test(condition: str, *given: Any) -> None:
        tests.append(condition)
        values.extend(given)

    if query.source is not None:
        test("quotes.source IN (SELECT source FROM source_names WHERE name = ? COLLATE NOCASE)", query.source.strip())
    if query.outlet is not None:
        named = "name LIKE ? ESCAPE '\\' OR id = ? OR domain = ?"
        chosen = (_like(query.outlet), query.outlet, query.outlet)
        test(f"articles.outlet IN (SELECT key FROM outlets WHERE {named})", *chosen)
    if query.since is not None:
        test("articles.day >= ?", query.since)
    if query.until is not None:
        test("articles.day <= ?", query.until)
    if query.channel is not None:
        relation_and_name = _RELATION.fullmatch(query.channel)
        relation, name = (relation_and_name[1], relation_and_name[2]) if relation_and_name else (None, query.channel)
        inner, given = "(name LIKE ? ESCAPE '\\' OR id = ?)", [_like(name), name]
        if relation is not None:
            inner, given = f"{inner} AND relation = ?", [*given, relation]
        test(f"quotes.key IN (SELECT quote FROM channels WHERE {inner})", *given)
    if query.types is not None:
        test(f"+quotes.type IN ({', '.join('?' * len(query.types))})", *sorted(query.types))
    if query.min_confidence:
        test("quotes.confidence >= ?", query.min_confidence)
    return tests, [v.encode("utf-8", "replace").decode("utf-8") if isinstance(v, str) else v for v in values]


def _like(part: str) -> str:
    return "%" + re.sub(r"([\\%_])", r"\\\1", part) + "%"


def _article_of(database: sqlite3.Connection, keys: list[int]) -> list[tuple[int, int]]:
    return [
        pair
        for start in range(0, len(keys), 500)
        for pair in database.execute(
            f"SELECT key, article FROM quotes WHERE key IN ({', '.join('?' * len(keys[start : start + 500]))})",
            keys[start : start + 500],
        )
    ]


def _places(marked: str) -> tuple[Span, ...]:
    spans, offset, start = [], 0, 0
    if marked.count(_OPEN) != marked.count(_CLOSE):
        return ()
    for sign in marked:
        if sign == _OPEN:
            start = offset
        elif sign == _CLOSE:
            spans.append(Span(start, offset))
        else:
            offset += 1
    return tuple(spans)
