"""An export format: its writer, its reader, and its file suffixes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO, Literal

from attrs import frozen

from quotes.records import ArticleRecord, ErrorRecord

Records = Iterable[ArticleRecord | ErrorRecord]
# The second argument is a text stream, a binary stream or a path, as `Target` says.
Writer = Callable[..., None]
Reader = Callable[[Path], Iterator[ArticleRecord]]
Target = Literal["text", "binary", "path"]


@frozen
class Format:
    """An export format.

    A writer takes records one by one, and never holds more than one record or one batch. A reader yields them again;
    for a fault it raises an InputError that names the place in the file, to which `read_records` adds the file's name.
    """

    write: Writer
    suffixes: tuple[str, ...]
    """Ends of file names, in lower case: `.csv`, `.ftm.jsonl`."""
    note: str
    """Its purpose, in a few words."""
    read: Reader | None = None
    target: Target = "text"
    """The writer's second argument: a text stream, a binary stream, or a path if the output is more than one file or is
    added to. A writer that takes a path must leave no half-written output when interrupted."""
    needs_text: bool = False
    """Whether it needs the source's text, since its offsets refer to it."""
    extra: str | None = None
    """The extra that installs its libraries, or None."""
    lines: bool = False
    """Whether its writer flushes each record before it asks for the next, so that a partial file is worth keeping."""
    beside: Callable[[Path], str | None] | None = None
    """Writes the file beside the finished output, if any; returns a remark for the user, or None."""
    companion: Callable[[Path], Path] | None = None
    """Returns the path that `beside` writes, for an output's path."""
    adds: bool = False
    """Whether records are added to an existing file: an article replaces its former version, and is kept as soon as it
    is written. Its writer also takes `warn`."""

    def writer(self, warn: Callable[[str], None]) -> Writer:
        """Return the writer, which tells `warn` about added articles that have the name of another one."""
        return partial(self.write, warn=warn) if self.adds else self.write


def read_start(stream: BinaryIO) -> bytes:
    """Return the first bytes of a stream at its beginning, without byte order mark and leading blanks."""
    return stream.read(4096).removeprefix(b"\xef\xbb\xbf").lstrip()
