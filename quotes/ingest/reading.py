"""Options for reading inputs: what the caller knows of them, and a callback for guesses and skipped parts."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO, Literal

from attrs import evolve, field, frozen

from quotes.errors import InputError
from quotes.files.compressed import read_all
from quotes.ingest.sniff import KINDS, Kind
from quotes.records import ErrorRecord, Page, SourceText

Found = SourceText | Page | ErrorRecord
DateOrder = Literal["day-first", "month-first"]
ORDERS: tuple[DateOrder, ...] = ("day-first", "month-first")
# Fields of a row; `columns` maps these to the input's own names.
FIELDS = ("text", "id", "title", "url", "outlet", "published", "byline", "language", "wire")
# Fields that the caller can give for texts that do not state them.
KNOWN = ("title", "outlet", "published")


def _log(words: str) -> None:
    logging.getLogger("quotes").info(words)


@frozen
class Reading:
    """How to read inputs."""

    input_format: Kind | None = None
    """One of `KINDS`, instead of detection by suffix and content."""
    columns: Mapping[str, str] = field(factory=dict)
    """For tables, the input's column names by field: {"text": "body"}."""
    known: Mapping[str, str] = field(factory=dict)
    """Values of `KNOWN` fields for texts that do not state them: {"outlet": "Harbour Post"}."""
    dates: DateOrder | None = None
    """How to read 04/03/2025; None drops dates that have two readings."""
    tell: Callable[[str], None] = field(default=_log, eq=False, repr=False)
    """Called with a line on each guess and each skipped part; by default logs it to `quotes`, as information."""

    def __attrs_post_init__(self) -> None:
        """Refuse invalid values.

        Raises:
            InputError: if a format, a field or a date is invalid.
        """
        from quotes.ingest.days import iso

        if self.input_format is not None and self.input_format not in KINDS:
            raise InputError(f"unknown input format {self.input_format!r}; use one of {', '.join(KINDS)}")
        for name, fields in ((n, FIELDS) for n in self.columns):
            if name not in fields:
                raise InputError(f"unknown field {name!r} in columns; the fields are {', '.join(fields)}")
        for name in self.known:
            if name not in KNOWN:
                raise InputError(f"unknown field {name!r} in known; the fields are {', '.join(KNOWN)}")
        day = self.known.get("published")
        if day is not None and iso(day, order=self.dates) is None:
            raise InputError(f"{day!r} is not a clear date; write 2025-03-25, or add --dates day-first or month-first")

    def filled(self, found: SourceText | Page) -> SourceText | Page:
        """Return a text or page with the known values for fields that it does not state."""
        from quotes.ingest.days import iso

        values: dict[str, Any] = {name: v for name, v in self.known.items() if v and getattr(found, name) is None}
        if "published" in values:
            values["published"] = iso(values["published"], order=self.dates)
        return evolve(found, **values) if values else found


@frozen
class Input:
    """A stream of bytes to read: a file, standard input, a member of an archive."""

    stream: BinaryIO
    name: str
    head: bytes
    """Its first bytes, which the stream still contains."""
    how: Reading
    depth: int = 0
    """How deep it is nested in archives or messages."""

    def whole(self, what: str) -> bytes:
        """Return all bytes.

        Args:
            what: the input in words, for the error.

        Raises:
            InputError: if it is longer than `quotes.files.compressed.LIMIT`.
        """
        return read_all(self.stream, what=what)

    def error(self, kind: str, detail: str) -> ErrorRecord:
        """Return an error of this input."""
        return ErrorRecord(self.name, kind, detail)
