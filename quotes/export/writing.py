"""The loop that every written format shares: articles as they come, each flushed before the next is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TextIO

from quotes.export.format import Records
from quotes.records import ArticleRecord, ErrorRecord


def write_lines(records: Records, stream: TextIO, lines_of: Callable[[ArticleRecord], Iterable[str]]) -> None:
    """Write the lines of each article at once, so that a reader at the other end of a pipe need not wait.

    Args:
        records: articles, and errors, which are left out.
        stream: where to; UTF-8 is meant.
        lines_of: gives an article's lines, without line ends.

    Raises:
        OSError: where the stream cannot be written.
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
    """Write one JSON document that holds a list, the items of each article as it comes.

    Args:
        records: articles, and errors, which are left out.
        stream: where to; UTF-8 is meant.
        items_of: gives an article's items as JSON.
        opening: what stands before the first item: the list's bracket and what is before it.
        closing: what stands behind the last.
        empty: what stands between the two where there is no item.

    Raises:
        OSError: where the stream cannot be written.
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
