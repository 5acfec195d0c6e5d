"""What reviewers decide: a line of JSON each, appended under a lock and on the disk before it is acknowledged."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

from attrs import define, field, frozen

from quotes.errors import InputError, StoreError
from quotes.export import from_dict, to_dict
from quotes.export.json_text import dumps
from quotes.records import Quote

Kind = Literal["accept", "correct", "reject", "add", "undo"]
Key = tuple[str, str]


@frozen
class Verdict:
    """What one reviewer decided about one quote, and the record that the decision was made on."""

    id: str
    """Its own id, by which an undo names it."""
    at: str
    """When, ISO 8601 in UTC."""
    reviewer: str
    """Who."""
    verdict: Kind
    article: str
    """Id of the article."""
    quote: str
    """Id of the quote as it was extracted; of an added one, its own."""
    source: str
    """Where the article came from, for a reader of this file."""
    record: Quote | None = None
    """The quote as the reviewer saw it; null for an added one."""
    corrected: Quote | None = None
    """What it should be, for `correct` and `add`."""
    undoes: str | None = None
    """Id of the verdict that an undo takes back."""

    @property
    def key(self) -> Key:
        """What it is about: article and quote."""
        return self.article, self.quote


def new(**fields: Any) -> Verdict:
    """Make a verdict of now, with an id of its own."""
    return Verdict(id=uuid4().hex, at=datetime.now(UTC).isoformat(timespec="milliseconds"), **fields)


def standing(verdicts: Iterable[Verdict]) -> dict[Key, Verdict]:
    """Return the verdict that counts for each quote: the last one that was not taken back.

    Args:
        verdicts: in the order of the file.
    """
    every = list(verdicts)
    undone = {v.undoes for v in every if v.verdict == "undo"}
    return {v.key: v for v in every if v.verdict != "undo" and v.id not in undone}


@define(eq=False)
class VerdictLog:
    """The file of verdicts, to which several servers may append at once.

    A line that a kill tore off is passed over, and the next append begins on a line of its own.

    Args:
        path: the file; made with the first verdict.
    """

    path: Path
    verdicts: list[Verdict] = field(factory=list, init=False)
    _at: int = field(default=0, init=False)
    _torn: int = field(default=0, init=False)

    @property
    def torn(self) -> int:
        """How many whole lines could not be read."""
        return self._torn

    def refresh(self) -> list[Verdict]:
        """Read what has been appended since, by anybody, and return all verdicts.

        Raises:
            StoreError: where the file cannot be read.
        """
        try:
            with open(self.path, "rb") as stream:
                stream.seek(self._at)
                data = stream.read()
        except FileNotFoundError:
            return self.verdicts
        except OSError as error:
            raise StoreError(f"{self.path}: cannot be read ({error.strerror or error})") from error
        whole = data.rfind(b"\n") + 1  # what is behind it is torn, or being written right now
        for line in data[:whole].splitlines():
            self._take(line)
        self._at += whole
        return self.verdicts

    def append(self, verdict: Verdict) -> None:
        """Put a verdict on the disk: when this returns, it survives a kill and a loss of power.

        Raises:
            StoreError: where it could not be written; the file is then as it was.
        """
        line = dumps(to_dict(verdict)).encode() + b"\n"
        try:
            fresh = not self.path.exists()
            with _locked(self.path) as descriptor:
                size = os.fstat(descriptor).st_size
                if size and os.pread(descriptor, 1, size - 1) != b"\n":
                    line = b"\n" + line
                try:
                    _write(descriptor, line)
                    os.fsync(descriptor)
                except OSError:
                    os.ftruncate(descriptor, size)
                    raise
            if fresh:
                _sync_folder(self.path.parent)
        except OSError as error:
            words = error.strerror or error
            raise StoreError(f"{self.path}: cannot be written ({words}); nothing was saved") from error
        self.refresh()

    def _take(self, line: bytes) -> None:
        if not line.strip():
            return
        try:
            data = json.loads(line)
            self.verdicts.append(from_dict(data, kind=Verdict))
        except (ValueError, RecursionError, InputError):
            self._torn += 1


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o666)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)  # and with it the lock


def _write(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]


def _sync_folder(folder: Path) -> None:
    """Put the new file's name on the disk as well."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def brief(verdict: Verdict) -> Mapping[str, Any]:
    """Return what the page needs of a verdict: all but the record, which it has."""
    told = to_dict(verdict)
    del told["record"]
    return told
