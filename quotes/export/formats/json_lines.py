"""The format `jsonl`: one article per line; the caller reports errors, on standard error."""

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
    """Write each article as one line, at once, so that the reader of a pipe need not wait.

    Args:
        records: articles and errors in any order.
        stream: a text stream, in UTF-8.

    Raises:
        OSError: if the stream cannot be written.
    """
    write_lines(records, stream, lambda record: [dumps(to_dict(record))])


def read(path: Path) -> Iterator[ArticleRecord]:
    """Yield the article of each line; skip empty lines.

    Args:
        path: the file.

    Raises:
        InputError: if a line is not an article; the message names it.
    """
    # Only "\n" ends a line: a text may contain any other kind of line end.
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
