"""Rows of several tables that share an id are told apart, so that no article overwrites another one in a store.

Ids are unique in their table at best: january.csv and february.csv may both have a row `1`. The second article of that
id, if its text is another one, is named by its file, too: `february.csv#id=1`. An id with a colon, as an address or a
URN, is taken to mean the same article everywhere, whose text has changed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from hashlib import blake2b

from attrs import define, evolve, field

from quotes.batch.outcome import Source
from quotes.records import ErrorRecord, Page, SourceText


def apart(sources: Iterable[Source], *, warn: Callable[[str], None]) -> Iterator[Source]:
    """Pass sources on, those with the id of another text under a name of their own.

    Args:
        sources: texts, pages and errors.
        warn: called once for each file with such an id.
    """
    # An empty name: in memory, and in a temporary file if it grows.
    with closing(sqlite3.connect("", isolation_level=None, check_same_thread=False)) as database:
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("CREATE TABLE names (name BLOB PRIMARY KEY, text BLOB, file INT, times INT) WITHOUT ROWID")
        names = _Names(database, warn)
        for source in sources:
            yield source if isinstance(source, ErrorRecord) or not _is_local(source) else names.apart(source)


def _is_local(source: SourceText | Page) -> bool:
    """Return whether a name is an id that only its file vouches for."""
    return source.file is not None and not source.name.startswith(source.file) and ":" not in source.name


@define(eq=False)
class _Names:
    """The ids read so far, with digests of their texts."""

    database: sqlite3.Connection
    warn: Callable[[str], None]
    files: dict[str | None, int] = field(factory=dict)
    warned: set[str | None] = field(factory=set)

    def apart(self, source: SourceText | Page) -> SourceText | Page:
        """Return a source under a name that no other text has."""
        text = _digest(source.data if isinstance(source, Page) else source.text)
        first = self._held(source, source.name, text)
        if first is None:
            return source
        name = f"{source.file}#id={source.name}"
        if source.file not in self.warned:
            self.warned.add(source.file)
            where = "in it" if first == source.file else f"in {first}"
            self.warn(f"{source.file}: id {source.name!r} is also that of another text {where}; named {name!r} here")
        if self._held(source, name, text) is not None:
            name = f"{name}#{self._times(name)}"
        return evolve(source, name=name)

    def _held(self, source: SourceText | Page, name: str, text: bytes) -> str | None:
        """Return the file with another text of this name; if there is none, note the name."""
        key = _digest(name)
        row = self.database.execute("SELECT text, file FROM names WHERE name = ?", (key,)).fetchone()
        if row is None:
            file = self.files.setdefault(source.file, len(self.files))
            self.database.execute("INSERT INTO names VALUES (?, ?, ?, 1)", (key, text, file))
        if row is None or row[0] == text:
            return None
        return next(file or "" for file, number in self.files.items() if number == row[1])

    def _times(self, name: str) -> int:
        """Return how many texts have had this name, with one more."""
        query = "UPDATE names SET times = times + 1 WHERE name = ? RETURNING times"
        return int(self.database.execute(query, (_digest(name),)).fetchone()[0])


def _digest(value: str | bytes) -> bytes:
    data = value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass")
    return blake2b(data, digest_size=12).digest()
