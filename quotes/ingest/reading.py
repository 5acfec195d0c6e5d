"""How inputs are to be read: what the caller says of them, and who is told what is guessed or passed over."""

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
# What a row can tell; `columns` maps these to the input's own names.
FIELDS = ("text", "id", "title", "url", "outlet", "published", "byline", "language", "wire")
# What the caller can tell of texts that do not tell it themselves.
KNOWN = ("title", "outlet", "published")


def _log(words: str) -> None:
    logging.getLogger("quotes").info(words)


@frozen
class Reading:
    """How inputs are read."""

    input_format: Kind | None = None
    """One of `KINDS`, in place of what suffix and content tell."""
    columns: Mapping[str, str] = field(factory=dict)
    """For tables, one of `FIELDS` to the input's own name: {"text": "body"}."""
    known: Mapping[str, str] = field(factory=dict)
    """Of `KNOWN`, what holds for every text that does not tell it itself: {"outlet": "Harbour Post"}."""
    dates: DateOrder | None = None
    """How 04/03/2025 is read; None leaves a date that can be read in two ways out."""
    tell: Callable[[str], None] = field(default=_log, eq=False, repr=False)
    """Takes a line on what was guessed or passed over; by default it goes to the log `quotes`, as information."""

    def __attrs_post_init__(self) -> None:
        """Refuse what there is not.

        Raises:
            InputError: if a format, a field, or a date is none.
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
            raise InputError(f"{day!r} is no plain date; write 2025-03-25, or say --dates day-first or month-first")

    def filled(self, found: SourceText | Page) -> SourceText | Page:
        """Return a text or page with what is known of it beside what it tells itself."""
        from quotes.ingest.days import iso

        told: dict[str, Any] = {name: v for name, v in self.known.items() if v and getattr(found, name) is None}
        if "published" in told:
            told["published"] = iso(told["published"], order=self.dates)
        return evolve(found, **told) if told else found


@frozen
class Input:
    """A stream of bytes to be read: a file, standard input, a member of an archive."""

    stream: BinaryIO
    name: str
    head: bytes
    """Its first bytes, which the stream still has to give."""
    how: Reading
    depth: int = 0
    """In how many archives or messages it lies."""

    def whole(self, what: str) -> bytes:
        """Return all of it.

        Args:
            what: it is, for the error.

        Raises:
            InputError: if it is longer than `quotes.files.compressed.LIMIT`.
        """
        return read_all(self.stream, what=what)

    def error(self, kind: str, detail: str) -> ErrorRecord:
        """Return the error that this is not read, and why."""
        return ErrorRecord(self.name, kind, detail)
