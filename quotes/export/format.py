"""What an export format is: its writer, its reader, and the file suffixes that mean it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, Literal

from attrs import frozen

from quotes.records import ArticleRecord, ErrorRecord

Records = Iterable[ArticleRecord | ErrorRecord]
# The second argument is what `Target` says: a text stream, a binary stream, or a path.
Writer = Callable[[Records, Any], None]
Reader = Callable[[Path], Iterator[ArticleRecord]]
Target = Literal["text", "binary", "path"]


@frozen
class Format:
    """An export format.

    A writer takes records as they come, and never holds more than one record or one batch of them. A reader gives
    them back; what is broken it raises as an InputError that names the place in the file, which `read_records` puts
    before it.
    """

    write: Writer
    suffixes: tuple[str, ...]
    """What a file's name ends in, in lower case: `.csv`, or more of it, `.ftm.jsonl`."""
    note: str
    """What it is for, in a few words."""
    read: Reader | None = None
    target: Target = "text"
    """What the writer takes: a text stream, a binary one, or the path itself, where the output is more than one file
    or is added to. One that takes the path sees to it that a run that breaks off does no harm."""
    needs_text: bool = False
    """Whether it holds the source's text, so that offsets mean something in it."""
    extra: str | None = None
    """The extra that installs what it needs, or None."""
    lines: bool = False
    """Whether its writer has written and flushed each record before it asks for the next: what is written is then
    worth keeping at any moment."""
    beside: Callable[[Path], str | None] | None = None
    """Writes what goes beside the finished file, where something does; returns what to tell the user, if anything."""
    companion: Callable[[Path], Path] | None = None
    """Where `beside` writes, for an output of that path."""
    adds: bool = False
    """Whether records are added to what the file holds: an article of the same source and index takes the place of the
    former one, and each is kept as soon as it is written."""


def read_start(stream: BinaryIO, size: int = 4096) -> bytes:
    """Return the first bytes of a stream, without a byte order mark and the space before the first sign.

    Args:
        stream: at its beginning.
        size: how many bytes to look at.
    """
    return stream.read(size).removeprefix(b"\xef\xbb\xbf").lstrip()
