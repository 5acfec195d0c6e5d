"""Saved records as a command's input: files that quotes wrote, and standard input."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click
from attrs import define, field

from quotes.cli.terminal import Voice, counted
from quotes.errors import InputError, QuotesError
from quotes.records import ArticleRecord, ErrorRecord

if TYPE_CHECKING:
    from quotes.batch.run import Summary


@define
class Repeats:
    """The articles given so far, so that a command that counts them counts each once."""

    _firsts: dict[tuple[str, int], str] = field(factory=dict)
    _times: Counter[tuple[str, str]] = field(factory=Counter)

    def has(self, record: ArticleRecord, path: str) -> bool:
        """Return whether an article was given before, and note where."""
        key = (record.article.id, record.article.index)
        if key not in self._firsts:
            self._firsts[key] = path
            return False
        self._times[path, self._firsts[key]] += 1
        return True

    def tell(self, voice: Voice) -> None:
        """Print a line for each file with articles that were given before."""
        for (path, first), times in self._times.items():
            where = "it" if path == first else first
            voice.say(f"{path}: {counted(times, 'article')} also earlier in {where}; it counts once, as first given")


def saved_records(
    paths: tuple[str, ...], from_name: str | None, voice: Voice, summary: Summary, *, once: bool = False
) -> Iterator[ArticleRecord | ErrorRecord]:
    """Yield the records of all files; report a broken one, and continue with the others.

    Args:
        paths: files that quotes wrote, `-` for standard input.
        from_name: their format; detected if None.
        voice: reports errors.
        summary: counts records and errors.
        once: whether to leave out articles that were given before, and to say so.

    Raises:
        UsageError: if standard input is named but closed.
    """
    from quotes.export import read_records

    if "-" in paths and sys.stdin is None:
        raise click.UsageError("standard input is closed; name a file")
    repeats = Repeats()
    for path in paths:
        articles = read_records(Path(path), format_name=from_name)
        while True:
            try:
                record = next(articles, None)
            except QuotesError as error:
                if not isinstance(error, InputError):
                    raise
                summary.errors += 1
                broken = ErrorRecord(path, "broken", str(error).removeprefix(f"{path}: "))
                voice.error(broken, error)
                yield broken
                break
            if record is None:
                break
            if once and repeats.has(record, path):
                continue
            summary.articles += 1
            summary.quotes += len(record.quotes)
            yield record
    repeats.tell(voice)
