"""Saved records as a command's input: files that quotes wrote, and standard input."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from quotes.cli.terminal import Voice
from quotes.errors import InputError, QuotesError
from quotes.records import ArticleRecord, ErrorRecord

if TYPE_CHECKING:
    from quotes.batch.run import Summary


def saved_records(
    paths: tuple[str, ...], from_name: str | None, voice: Voice, summary: Summary
) -> Iterator[ArticleRecord | ErrorRecord]:
    """Yield the records of all files; report a broken one, and continue with the others.

    Args:
        paths: files that quotes wrote, `-` for standard input.
        from_name: their format; detected if None.
        voice: reports errors.
        summary: counts records and errors.

    Raises:
        UsageError: if standard input is named but closed.
    """
    from quotes.export import read_records

    if "-" in paths and sys.stdin is None:
        raise click.UsageError("standard input is closed; name a file")
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
            summary.articles += 1
            summary.quotes += len(record.quotes)
            yield record
