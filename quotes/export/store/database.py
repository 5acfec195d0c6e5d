"""The store: open, add, read back, search."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import define

from quotes.errors import StoreError
from quotes.export.store import groups, placing, rows, sources
from quotes.export.store.connection import PATIENCE, reading, store_errors, transaction, writing
from quotes.export.store.placing import Place
from quotes.export.store.rows import Added
from quotes.export.store.schema import version
from quotes.export.store.search import Match, Query, find
from quotes.records import ArticleRecord, ErrorRecord
from quotes.records.utf8 import shown

if TYPE_CHECKING:
    from quotes.comparison.sources import Gatherer, Source

# Characters of a title or quote in a line.
_SHORT = 40


@define(eq=False)
class Store:
    """A SQLite file of quotes. Each thread opens its own `Store`; any number may read while one adds."""

    path: Path
    _database: sqlite3.Connection

    @classmethod
    def open(cls, path: Path | str, *, write: bool = False, patience: float = PATIENCE) -> Store:
        """Open a store.

        Args:
            path: the file.
            write: whether to add to it; it is then created if need be.
            patience: seconds to wait while another program writes.

        Raises:
            InputError: if it is to be read and does not exist.
            StoreError: if the file cannot be opened, is not a store, or a newer version's.
        """
        path = Path(path)
        return cls(path, (writing if write else reading)(path, patience=patience))

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def add(
        self, records: Iterable[ArticleRecord | ErrorRecord], *, warn: Callable[[str], None] | None = None
    ) -> Added:
        """Add articles, each in its own transaction; one that has changed replaces its rows.

        An article is identified by source and index. If another article has its source, both are kept, the added one
        with a number: `1#2`. Errors have no rows.

        Args:
            records: articles and errors.
            warn: called with a line for the first article that is renamed, and one for the rest.

        Returns:
            How many articles were new, changed and unchanged.

        Raises:
            StoreError: if the file cannot be written; articles added before are kept.
        """
        counts, renamed = {"new": 0, "changed": 0, "same": 0}, 0
        for record in records:
            if isinstance(record, ArticleRecord):
                outcome, found = self._add(record)
                counts[outcome] += 1
                if found is not None and found.beside is not None:
                    renamed += 1
                    if warn is not None and renamed == 1:
                        warn(f"{self.path}: {_both(found, record)}")
        if warn is not None and renamed > 1:
            more = "article has" if renamed == 2 else "articles have"
            warn(f"{self.path}: {renamed - 1:,} more {more} the name of another one there; all are kept")
        return Added(**counts)

    def _add(self, record: ArticleRecord) -> tuple[str, Place | None]:
        database = self._database
        with transaction(database, self.path):
            found = placing.place(database, record)
            if found is None:
                return "same", None
            if found.key is not None:
                rows.remove(database, found.key)
            rows.insert(database, found.record, key=found.key)
            database.execute("UPDATE state SET value = value + 1 WHERE name = 'changes'")
        return "new" if found.key is None else "changed", found

    @property
    def changes(self) -> int:
        """The number of changes to the store.

        Raises:
            StoreError: if the file cannot be read.
        """
        with store_errors(self.path):
            return int(self._database.execute("SELECT value FROM state WHERE name = 'changes'").fetchone()[0])

    def records(self) -> Iterator[ArticleRecord]:
        """Yield all articles with their quotes, in the order in which they were added.

        Raises:
            StoreError: if the file cannot be read, or is damaged.
        """
        with store_errors(self.path):
            yield from rows.records(self._database)

    def regroup(self) -> bool:
        """Group the quotes into statements again if the store has changed since; return whether it had."""
        from quotes.comparison.variants import groups as grouped

        with store_errors(self.path):
            change = groups.stale(self._database)
        if change is None:
            return False
        groups.replace(self._database, self.path, list(grouped(self.records())), change=change)
        return True

    def gather(self, gatherer: Gatherer | None = None) -> bool:
        """Gather the sources again if the store has changed since; return whether it had.

        Args:
            gatherer: a gatherer with a newsroom's own lists; sources are then gathered in any case.
        """
        from quotes.comparison.sources import Gatherer
        from quotes.lexicon import load_lexicon

        with store_errors(self.path):
            change = sources.stale(self._database) if gatherer is None else self.changes
            if change is None:
                return False
            sources.replace(self._database, self.path, gatherer or Gatherer(load_lexicon("en")), change=change)
        return True

    def held_sources(self) -> tuple[Source, ...] | None:
        """Return the sources, those quoted most first; None if they must be gathered first.

        Raises:
            StoreError: if the file cannot be read, or is damaged.
        """
        with store_errors(self.path):
            return None if sources.stale(self._database) is not None else tuple(sources.read(self._database))

    def search(self, words: str = "", *, limit: int = 20, **filters: Any) -> list[Match]:
        """Find quotes by their words and speakers, the best match first.

        If more than a thousand quotes match, or there are no words, the newest come first.

        Args:
            words: all must occur in the text, the speaker's name or role; "a phrase" and a prefix* work.
            limit: the most quotes to return.
            filters: the fields of `quotes.export.store.search.Query`: speaker, source, outlet, since, until, channel,
                types, min_confidence.

        Raises:
            StoreError: if the file cannot be read.
        """
        query = Query(words=words, limit=limit, **filters)
        with store_errors(self.path):
            if query.source is not None and version(self._database) < sources.SINCE:
                raise StoreError(f"{self.path}: has no sources yet; gather them with `quotes store`")
            return find(self._database, query)


def _both(found: Place, record: ArticleRecord) -> str:
    """Return the line that names two articles of one name."""
    held, new = (_called(one) for one in (found.beside, record) if one is not None)
    names = f"{shown(record.article.source)!r} is also another article there ({held})"
    return f"{names}; both are kept, this one ({new}) as {shown(found.record.article.source)!r}"


def _called(record: ArticleRecord) -> str:
    """Return what an article is called in a line: its title, or else its first quote."""
    printed = record.article.title or next((quote.text for quote in record.quotes), "no quotes")
    line = " ".join(shown(printed).split())
    return line if len(line) <= _SHORT else f"{line[:_SHORT].rstrip()}…"
