"""Convert records to rows of a store, and back."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, get_args

from attrs import evolve, frozen

from quotes.export.store.connection import snapshot
from quotes.export.store.schema import TABLES, version
from quotes.records import (
    Article,
    ArticleRecord,
    Channel,
    ChannelKind,
    Cue,
    Mention,
    Outlet,
    Pronoun,
    Quote,
    QuoteType,
    Relation,
    Resolution,
    Span,
    Speaker,
    SpeakerKind,
    Stance,
)
from quotes.records.conversion import from_dict, to_dict
from quotes.records.json_text import loads
from quotes.records.utf8 import encodable

_DAY = re.compile(r"\d{4}-\d\d-\d\d(?!\d)")
# Below the 999 values that an old SQLite takes in one statement.
_MANY = 500
_LETTERS = {"t": str, "i": int, "f": float}
_TYPES, _RESOLUTIONS, _RELATIONS = (frozenset(get_args(choice)) for choice in (QuoteType, Resolution, Relation))
_SPEAKER_KINDS, _CHANNEL_KINDS = (frozenset(get_args(choice)) for choice in (SpeakerKind, ChannelKind))
_STANCES = frozenset(get_args(Stance))
_PRONOUNS = frozenset(get_args(Pronoun))


@frozen
class Added:
    """How many added articles were new, changed and unchanged."""

    new: int = 0
    changed: int = 0
    same: int = 0


def digest(record: ArticleRecord) -> str:
    """Return a hash of a record, without the source's text, of which the article's id is a hash."""
    cleaned = record.article.cleaned
    bare = evolve(record, article=evolve(record.article, text=None, cleaned=None))
    identity = repr(bare) if cleaned is None else f"{bare}{cleaned}"
    return hashlib.sha256(identity.encode("utf-8", "backslashreplace")).hexdigest()[:32]


def insert(database: sqlite3.Connection, record: ArticleRecord, *, key: int | None = None) -> None:
    """Add the rows of an article that the store does not hold.

    Args:
        database: within a transaction.
        record: the article.
        key: of the article that it replaces, so that it keeps its place in the order.
    """
    hashed, exact = digest(record), None
    plain = encodable(record)
    if plain is not record or record.article.cleaned is not None or record.article.found_by is not None:
        # SQLite's texts are UTF-8, and some fields have no column, so the rows hold what they can.
        exact, record = json.dumps(to_dict(record)), plain
    article = record.article
    day = article.published[:10] if article.published and _DAY.match(article.published) else None
    key = _insert(database, "articles", (
        key, article.id, article.source, article.index, article.start, article.end, article.title, article.byline,
        article.published, day, article.url, article.language, _outlet(database, article.outlet),
        _outlet(database, article.wire), article.text, hashed, exact,
    ))  # fmt: skip
    for position, quote in enumerate(record.quotes):
        _insert_quote(database, key, position, quote)


def _insert_quote(database: sqlite3.Connection, article: int, position: int, quote: Quote) -> None:
    speaker, cue, paragraph = quote.speaker, quote.cue, quote.paragraph
    key = _insert(database, "quotes", (
        None, article, position, quote.id, quote.type, quote.text, _person(database, speaker),
        *((speaker.name, speaker.role, speaker.handle, speaker.resolution) if speaker else (None,) * 4),
        *_mention(speaker.mention if speaker else None),
        *((cue.text, cue.lemma, cue.start, cue.end) if cue else (None,) * 4),
        quote.said_on, quote.confidence, quote.pattern,
        *((paragraph.start, paragraph.end) if paragraph else (None, None)), quote.stance,
        speaker.pronoun if speaker else None, None,
    ))  # fmt: skip
    for number, span in enumerate(quote.spans):
        _insert(database, "spans", (None, key, number, span.start, span.end))
    for number, way in enumerate(quote.channels):
        row = (None, key, number, way.relation, way.name, way.kind, way.id, *_mention(way.mention))
        _insert(database, "channels", row)


def _insert(database: sqlite3.Connection, table: str, row: Sequence[Any]) -> int:
    marks = ", ".join("?" * len(TABLES[table]))
    return int(database.execute(f'INSERT INTO "{table}" VALUES ({marks})', row).lastrowid or 0)


def _mention(mention: Mention | None) -> tuple[Any, Any, Any]:
    return (mention.text, mention.start, mention.end) if mention else (None, None, None)


def _outlet(database: sqlite3.Connection, outlet: Outlet | None) -> int | None:
    return None if outlet is None else _kept(database, "outlets", (outlet.name, outlet.id, outlet.domain))


def _person(database: sqlite3.Connection, speaker: Speaker | None) -> int | None:
    return None if speaker is None else _kept(database, "people", (speaker.name, speaker.kind, speaker.id))


def _kept(database: sqlite3.Connection, table: str, values: tuple[Any, ...]) -> int:
    """Return the key of the row with these values; insert it if there is none."""
    same = " AND ".join(f'"{column}" IS ?' for column in list(TABLES[table])[1:])
    found = database.execute(f'SELECT key FROM "{table}" WHERE {same}', values).fetchone()
    return int(found[0]) if found else _insert(database, table, (None, *values))


def remove(database: sqlite3.Connection, key: int) -> None:
    """Remove an article with its quotes, their groups, and people and outlets that nothing else refers to.

    Args:
        database: within a transaction.
        key: of the article.
    """
    outlets = database.execute("SELECT outlet, wire FROM articles WHERE key = ?", (key,)).fetchone()
    people = database.execute("SELECT DISTINCT speaker FROM quotes WHERE article = ?", (key,)).fetchall()
    # The rest of a group may no longer be one: groups are made again, see `quotes.export.store.groups`.
    database.execute(
        'DELETE FROM groups WHERE key IN (SELECT "group" FROM variants JOIN quotes ON quotes.key = variants.quote'
        " WHERE quotes.article = ?)", (key,),
    )  # fmt: skip
    database.execute("DELETE FROM articles WHERE key = ?", (key,))
    for (person,) in people:
        database.execute(
            "DELETE FROM people WHERE key = ? AND NOT EXISTS (SELECT 1 FROM quotes WHERE speaker = people.key)",
            (person,),
        )
    for outlet in outlets:
        database.execute(
            "DELETE FROM outlets WHERE key = ? AND NOT EXISTS (SELECT 1 FROM articles WHERE outlet = outlets.key)"
            " AND NOT EXISTS (SELECT 1 FROM articles WHERE wire = outlets.key)", (outlet,),
        )  # fmt: skip


def records(database: sqlite3.Connection) -> Iterator[ArticleRecord]:
    """Yield all articles with their quotes, in the order in which they were added.

    Args:
        database: a connection to a store.
    """
    last = -(2**62)
    while True:
        with snapshot(database):
            found = _batch(database, last)
        if not found:
            return
        last = found[-1][0]
        yield from (record for _, record in found)


def _batch(database: sqlite3.Connection, last: int) -> list[tuple[int, ArticleRecord]]:
    """Return the next articles after a key, with their keys."""
    query = "SELECT key FROM articles WHERE key > ? ORDER BY key LIMIT ?"
    keys = [key for (key,) in database.execute(query, (last, _MANY))]
    if not keys:
        return []
    held = articles(database, keys, with_text=True)
    of = defaultdict(list)
    marks = ", ".join("?" * len(keys))
    numbers = database.execute(
        f"SELECT article, key FROM quotes WHERE article IN ({marks}) ORDER BY article, position", keys
    ).fetchall()
    found = quotes(database, [key for _, key in numbers])
    for article, key in numbers:
        of[article].append(found[key])
    query = f"SELECT key, exact FROM articles WHERE exact IS NOT NULL AND key IN ({marks})"
    exact = dict(database.execute(query, keys).fetchall())
    return [
        (key, from_dict(loads(exact[key])) if key in exact else ArticleRecord(held[key], tuple(of[key])))
        for key in keys
    ]


def _rows(database: sqlite3.Connection, query: str, keys: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    for start in range(0, len(keys), _MANY):
        part = keys[start : start + _MANY]
        yield from database.execute(query.format(", ".join("?" * len(part))), part).fetchall()


def _checked(row: Sequence[Any], layout: str) -> Sequence[Any]:
    """Check the types of a row's values, and return it.

    Args:
        row: a row of SQLite, which allows any type in any column.
        layout: one letter per value: `t`ext, `i`nteger, `f`loat; a capital if it may be null.

    Raises:
        ValueError: if a value has another type.
    """
    for number, (value, letter) in enumerate(zip(row, layout, strict=True)):
        if type(value) is not _LETTERS[letter.lower()] and not (value is None and letter.isupper()):
            raise ValueError(f"value {number + 1} of {row[0]!r} is {type(value).__name__}")
    return row


def _known(value: Any, values: frozenset[str]) -> Any:
    if value not in values:
        raise ValueError(f"{value!r} is none of {', '.join(sorted(values))}")
    return value


def articles(database: sqlite3.Connection, keys: Sequence[int], *, with_text: bool = False) -> dict[int, Article]:
    """Return articles by their keys.

    Raises:
        ValueError: if a row is not an article's.
    """
    text = "articles.text" if with_text else "NULL"
    query = (
        'SELECT articles.key, articles.id, source, "index", start, "end", title, byline, published, url, language, '
        f"o.name, o.id, o.domain, w.name, w.id, w.domain, {text} FROM articles LEFT JOIN outlets AS o"
        " ON o.key = articles.outlet LEFT JOIN outlets AS w ON w.key = articles.wire WHERE articles.key IN ({})"
    )
    found = {}
    for row in _rows(database, query, keys):
        _checked(row, "ittiiiTTTTTTTTTTTT")
        outlet, wire = (Outlet(*part) if part[0] is not None else None for part in (row[11:14], row[14:17]))
        values: list[Any] = [*row[1:11], outlet, wire, row[17]]
        found[row[0]] = Article(*values)
    return found


def quotes(database: sqlite3.Connection, keys: Sequence[int]) -> dict[int, Quote]:
    """Return quotes by their keys.

    Raises:
        ValueError: if a row is not a quote's.
    """
    spans: dict[int, list[Span]] = defaultdict(list)
    for row in _rows(
        database, 'SELECT quote, start, "end" FROM spans WHERE quote IN ({}) ORDER BY quote, position', keys
    ):
        quote, start, end = _checked(row, "iii")
        spans[quote].append(Span(start, end))
    ways: dict[int, list[Channel]] = defaultdict(list)
    for row in _rows(
        database,
        "SELECT quote, relation, name, kind, id, mention_text, mention_start, mention_end FROM channels"
        " WHERE quote IN ({}) ORDER BY quote, position",
        keys,
    ):
        quote, relation, name, kind, known, *place = _checked(row, "itttTTII")
        _known(relation, _RELATIONS)
        ways[quote].append(Channel(relation, name, _known(kind, _CHANNEL_KINDS), known, _mention_of(place)))
    stance = "stance" if version(database) > 1 else "'said'"
    pronoun = "speaker_pronoun" if version(database) > 2 else "NULL"
    query = (
        "SELECT quotes.key, quotes.id, type, text, cue_text, cue_lemma, cue_start, cue_end, people.name, people.kind,"
        " speaker_role, resolution, speaker_handle, people.id, mention_text, mention_start, mention_end, said_on,"
        f" confidence, pattern, paragraph_start, paragraph_end, {stance}, {pronoun}"
        " FROM quotes LEFT JOIN people ON people.key = quotes.speaker WHERE quotes.key IN ({})"
    )
    return {row[0]: _quote(row, spans[row[0]], ways[row[0]]) for row in _rows(database, query, keys)}


def _quote(row: tuple[Any, ...], spans: Iterable[Span], ways: Iterable[Channel]) -> Quote:
    _checked(row, "itttTTIITTTTTTTIITfTIItT")
    name, kind, role, resolution, handle, known = row[8:14]
    speaker = None
    if name is not None:
        mention = _mention_of(row[14:17])
        _known(resolution, _RESOLUTIONS)
        pronoun = None if row[23] is None else _known(row[23], _PRONOUNS)
        speaker = Speaker(name, _known(kind, _SPEAKER_KINDS), role, mention, resolution, handle, known, pronoun)
    return Quote(
        id=row[1],
        type=_known(row[2], _TYPES),
        text=row[3],
        spans=tuple(spans),
        cue=None if row[4] is None else Cue(*_checked(row[4:8], "ttii")),
        speaker=speaker,
        channels=tuple(ways),
        said_on=row[17],
        stance=_known(row[22], _STANCES),
        confidence=row[18],
        pattern=row[19],
        paragraph=None if row[20] is None else Span(*_checked(row[20:22], "ii")),
    )


def _mention_of(place: Sequence[Any]) -> Mention | None:
    return None if place[0] is None else Mention(*_checked(place, "tii"))
