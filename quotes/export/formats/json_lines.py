"""The format `jsonl`: one article a line; errors are reported by the caller, on standard error."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

from quotes.errors import InputError
from quotes.export.writing import write_lines
from quotes.records import ArticleRecord, ErrorRecord
from quotes.records.conversion import from_dict, to_dict
from quotes.records.json_text import dumps, loads


def write(records: Iterable[ArticleRecord | ErrorRecord], stream: TextIO) -> None:
    """Write each article as a line of its own, at once, so that a reader at the other end of a pipe need not wait.

    Args:
        records: articles and errors in any order.
        stream: where to; UTF-8 is meant.

    Raises:
        OSError: where the stream cannot be written.
    """
    write_lines(records, stream, lambda record: [dumps(to_dict(record))])


def read(path: Path) -> Iterator[ArticleRecord]:
    """Yield the article of each line; empty lines are passed over.

    Args:
        path: of the file.

    Raises:
        InputError: where a line is no article; the message tells which.
    """
    # Only "\n" ends a line: a text may hold every other kind of line end.
    with path.open(encoding="utf-8-sig", newline="\n") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                record = from_dict(loads(line))
            except ValueError as error:
                raise InputError(f"line {number}: not JSON ({error}); correct the line or leave it out") from error
            except InputError as error:
                raise InputError(f"line {number}: {error}; correct the line or leave it out") from error
            yield record
