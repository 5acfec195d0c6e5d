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
    """Yield the records of all files; a broken one is told, and the others go on.

    Args:
        paths: files that quotes wrote, `-` for standard input.
        from_name: their format; told by looking where None.
        voice: tells of errors.
        summary: counts.

    Raises:
        UsageError: where standard input is asked for and closed.
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
                told = ErrorRecord(path, "broken", str(error).removeprefix(f"{path}: "))
                voice.error(told, error)
                yield told
                break
            if record is None:
                break
            summary.articles += 1
            summary.quotes += len(record.quotes)
            yield record
