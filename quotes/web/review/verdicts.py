"""The verdicts of reviewers: one line of JSON each, appended under a lock and saved before it is acknowledged.

The file may be deleted, replaced or cut while a server runs. The server checks before each read and each append,
reports it, and writes the verdicts that it still has again.
"""

from __future__ import annotations

import fcntl
import logging
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

from attrs import define, field, frozen

from quotes.errors import InputError, StoreError
from quotes.export import from_dict, to_dict
from quotes.records import Quote
from quotes.records.json_text import dumps, loads
from quotes.web.review.seen import Seen

Kind = Literal["accept", "correct", "reject", "add", "undo"]
Key = tuple[str, str]

_LOG = logging.getLogger("quotes.web")
# Bytes to compare before the place read so far: if they differ, the file was replaced.
_REMEMBERED = 256
# The beginning of each line that this program writes.
_BEGINS = b'{"id"'


@frozen
class Verdict:
    """One reviewer's verdict on one quote, and the record that it was given on."""

    id: str
    """Its id, to which an undo refers."""
    at: str
    """The time, ISO 8601 in UTC."""
    reviewer: str
    """Who."""
    verdict: Kind
    article: str
    """Id of the article."""
    quote: str
    """Id of the quote as extracted; of an added one, its own."""
    source: str
    """The article's source, for readers of this file."""
    record: Quote | None = None
    """The quote as the reviewer saw it; null for an added one."""
    corrected: Quote | None = None
    """The corrected quote, for `correct` and `add`."""
    undoes: str | None = None
    """Id of the verdict that an undo revokes."""
    seen: Seen | None = None
    """Fingerprints of what the reviewer saw; null in files of earlier versions."""
    reanchored: str | None = None
    """Id of the verdict on another copy of the article that this one repeats."""

    @property
    def key(self) -> Key:
        """Its subject: article and quote."""
        return self.article, self.quote


def new(**fields: Any) -> Verdict:
    """Return a new verdict with the present time and a new id."""
    return Verdict(id=uuid4().hex, at=datetime.now(UTC).isoformat(timespec="milliseconds"), **fields)


def standing(verdicts: Iterable[Verdict]) -> dict[Key, Verdict]:
    """Return the verdict that counts for each quote: the last that was not undone.

    Args:
        verdicts: the verdicts in the order of the file.
    """
    every = list(verdicts)
    undone = {v.undoes for v in every if v.verdict == "undo"}
    return {v.key: v for v in every if v.verdict != "undo" and v.id not in undone}


@define(eq=False)
class VerdictLog:
    """The file of verdicts, to which several servers may append at once.

    A torn line is skipped, and the next append begins a new line.

    Args:
        path: the file, created with the first verdict.
    """

    path: Path
    verdicts: list[Verdict] = field(factory=list, init=False)
    notice: str | None = field(default=None, init=False)
    """Remarks on the file since it was first read."""
    reordered: int = field(default=0, init=False)
    """Clients that know fewer verdicts than these must reload all: their order has changed."""
    _ids: set[str] = field(factory=set, init=False)
    _unwritten: list[Verdict] = field(factory=list, init=False)
    _at: int = field(default=0, init=False)
    _last: bytes = field(default=b"", init=False)
    _file: tuple[int, int] | None = field(default=None, init=False)
    _torn: int = field(default=0, init=False)
    _cut: bool = field(default=False, init=False)
    _foreign: bool = field(default=False, init=False)

    @property
    def torn(self) -> int:
        """The number of lines that could not be read."""
        return self._torn + self._cut

    def refresh(self) -> list[Verdict]:
        """Read verdicts appended by any server since, and return all.

        Raises:
            StoreError: if the file cannot be read, or is not a file of verdicts.
        """
        try:
            descriptor = os.open(self.path, os.O_RDONLY | os.O_NONBLOCK)  # a pipe must not block the server
            try:
                self._read(descriptor)
            finally:
                os.close(descriptor)
        except FileNotFoundError:
            self._gone()
        except OSError as error:
            raise StoreError(f"{self.path}: cannot be read ({error.strerror or error})") from error
        if self._unwritten or (self._foreign and self.verdicts):
            try:
                self._write(())
            except OSError as error:
                self.notice = (
                    f"{self.path.name}: verdicts are missing, and cannot be written ({error.strerror or error})"
                )
                _LOG.error("%s", self.notice)
        if self._foreign:
            raise StoreError(f"{self.path}: is not a file of verdicts; name another with --verdicts")
        return self.verdicts

    def append(self, *verdicts: Verdict, check: Callable[[], None] = lambda: None) -> None:
        """Save verdicts: when this returns, they survive a kill and a power failure.

        Args:
            verdicts: the verdicts in order.
            check: called under the lock; if it raises, nothing is written.

        Raises:
            StoreError: if they could not be written; the file is then unchanged.
        """
        try:
            self._write(verdicts, check)
        except OSError as error:
            words = error.strerror or error
            raise StoreError(f"{self.path}: cannot be written ({words}); nothing was saved") from error

    def _write(self, verdicts: Iterable[Verdict], check: Callable[[], None] = lambda: None) -> None:
        fresh = not self.path.exists()
        with _locked(self.path) as descriptor:
            self._read(descriptor)
            if self._foreign:
                self._set_aside()
                self._write(verdicts, check)
                return
            check()
            data = b"".join(dumps(to_dict(v)).encode() + b"\n" for v in (*self._unwritten, *verdicts))
            size = os.fstat(descriptor).st_size
            if size and os.pread(descriptor, 1, size - 1) != b"\n":
                data = b"\n" + data
            try:
                _write(descriptor, data)
                os.fsync(descriptor)
            except OSError:
                os.ftruncate(descriptor, size)
                raise
            self._unwritten.clear()
            self._read(descriptor)
        if fresh:
            _sync_folder(self.path.parent)

    def _set_aside(self) -> None:
        """Move aside a file that has replaced the one that this server writes."""
        if not self.verdicts:
            raise StoreError(f"{self.path}: is not a file of verdicts; name another with --verdicts")
        names = (self.path.with_name(f"{self.path.name}.other{n or ''}") for n in range(1000))
        aside = next(name for name in names if not name.exists())
        self.path.rename(aside)
        written = f"its {len(self.verdicts):,} missing verdicts were written again"
        self._tell(f"another file had replaced it, which is now {aside.name}; {written}")

    def _read(self, descriptor: int) -> None:
        """Read the additions to the file, or all of it if the file was replaced."""
        state = os.fstat(descriptor)
        if not stat.S_ISREG(state.st_mode):
            raise StoreError(f"{self.path}: is not a plain file; name another with --verdicts")
        same = self._file in (None, (state.st_dev, state.st_ino)) and state.st_size >= self._at
        if not same or os.pread(descriptor, len(self._last), self._at - len(self._last)) != self._last:
            self._forget()
        known, self._file = self.verdicts, (state.st_dev, state.st_ino)
        if self._at == 0:
            self.verdicts, self._ids, self._torn = [], set(), 0
        self._take(_rest(descriptor, self._at))
        start = max(0, self._at - _REMEMBERED)
        self._last = os.pread(descriptor, self._at - start, start)
        if self.verdicts is not known:
            self._keep(known)

    def _take(self, data: bytes) -> None:
        whole = data.rfind(b"\n") + 1
        foreign = [not self._line(line) for line in data[:whole].split(b"\n")]
        tail = data[whole:]
        self._cut = bool(tail.strip())
        if self._cut:
            # A line without an end is torn, being written right now, or the last line from an editor.
            torn, number = self._torn, len(self.verdicts)
            foreign.append(not self._line(tail))
            self._torn = torn
            if len(self.verdicts) > number:
                whole, self._cut = len(data), False
        self._foreign = any(foreign) and not self.verdicts
        self._at = 0 if self._foreign else self._at + whole

    def _line(self, line: bytes) -> bool:
        """Add a line's verdict; return False if no version of this program can have written the line."""
        line = line.strip()
        if not line:
            return True
        try:
            data = loads(line)
        except ValueError:
            self._torn += 1
            return line.startswith(_BEGINS) or _BEGINS.startswith(line)
        try:
            verdict = from_dict(data, kind=Verdict)
            if verdict.verdict in ("correct", "add") and not (verdict.corrected and verdict.corrected.spans):
                raise InputError("it does not say what is correct")
        except InputError:
            self._torn += 1
            return isinstance(data, dict) and "verdict" in data
        if verdict.id not in self._ids:
            self._ids.add(verdict.id)
            self.verdicts.append(verdict)
        return True

    def _forget(self) -> None:
        """Start over with a file that is not the one that was read."""
        self._at, self._last = 0, b""

    def _gone(self) -> None:
        self._forget()
        self._file, self._cut, self._foreign = None, False, False
        self._keep(self.verdicts, gone=True)

    def _keep(self, known: list[Verdict], *, gone: bool = False) -> None:
        """Keep the verdicts that were in the file before and are now missing."""
        if gone:
            missing = list(known)
        else:
            missing = [verdict for verdict in known if verdict.id not in self._ids]
            self.verdicts += missing
            self._ids.update(verdict.id for verdict in missing)
        if [v.id for v in known] != [v.id for v in self.verdicts[: len(known)]]:
            self.reordered = len(self.verdicts)
        if missing and not self._unwritten and not self._foreign:
            self._tell(f"it was deleted, replaced or cut; its {len(missing):,} missing verdicts were written again")
        self._unwritten = missing

    def _tell(self, what: str) -> None:
        self.notice = f"{self.path.name}: {what}"
        _LOG.warning("%s: %s", self.path, what)


def _rest(descriptor: int, start: int) -> bytes:
    parts = []
    while part := os.pread(descriptor, 1 << 20, start):
        parts.append(part)
        start += len(part)
    return b"".join(parts)


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    """Give the open file under a lock, and make sure that it was not moved meanwhile."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o666)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            try:
                current = os.path.samestat(os.fstat(descriptor), os.stat(path))
            except FileNotFoundError:
                current = False
            if current:
                yield descriptor
                return
        finally:
            os.close(descriptor)  # which releases the lock


def _write(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]


def _sync_folder(folder: Path) -> None:
    """Save the new file's directory entry, too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def brief(verdict: Verdict) -> Mapping[str, Any]:
    """Return the fields of a verdict that the page needs: all but the record, which it has."""
    shown = to_dict(verdict)
    del shown["record"], shown["seen"]
    return shown
