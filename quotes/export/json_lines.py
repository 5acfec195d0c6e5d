"""The format `jsonl`: one article a line; errors are told by the caller, on standard error."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TextIO

from quotes.export.conversion import to_dict
from quotes.export.json_text import dumps
from quotes.records import ArticleRecord, ErrorRecord


def write(records: Iterable[ArticleRecord | ErrorRecord], stream: TextIO) -> None:
    """Write each article as a line of its own, at once, so that a reader at the other end of a pipe need not wait.

    Args:
        records: articles and errors in any order.
        stream: where to; UTF-8 is meant.

    Raises:
        OSError: where the stream cannot be written.
    """
    for record in records:
        if not isinstance(record, ErrorRecord):
            stream.write(dumps(to_dict(record)) + "\n")
            stream.flush()
    stream.flush()
