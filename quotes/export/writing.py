"""The writing loop of the formats: each article is flushed before the next is taken."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TextIO

from quotes.export.format import Records
from quotes.records import ArticleRecord, ErrorRecord


def write_lines(records: Records, stream: TextIO, lines_of: Callable[[ArticleRecord], Iterable[str]]) -> None:
    """Write the lines of each article at once, so that the reader of a pipe need not wait.

    Args:
        records: articles, and errors, which are skipped.
        stream: a text stream, in UTF-8.
        lines_of: returns an article's lines, without line ends.

    Raises:
        OSError: if the stream cannot be written.
    """
    for record in records:
        if not isinstance(record, ErrorRecord):
            for line in lines_of(record):
                stream.write(f"{line}\n")
            stream.flush()
    stream.flush()


def write_list(
    records: Records,
    stream: TextIO,
    items_of: Callable[[ArticleRecord], Iterable[str]],
    *,
    opening: str = "[",
    closing: str = "]",
    empty: str = "",
) -> None:
    """Write one JSON document that holds a list, the items of each article at once.

    Args:
        records: articles, and errors, which are skipped.
        stream: a text stream, in UTF-8.
        items_of: returns an article's items as JSON.
        opening: the text before the first item, with the list's bracket.
        closing: the text after the last item.
        empty: the text between the two if there is no item.

    Raises:
        OSError: if the stream cannot be written.
    """
    before = f"{opening}\n"
    for record in records:
        if not isinstance(record, ErrorRecord):
            for item in items_of(record):
                stream.write(before + item)
                before = ",\n"
            stream.flush()
    stream.write(f"\n{closing}\n" if before == ",\n" else f"{opening}{empty}{closing}\n")
    stream.flush()
