"""The servers' log: one short line an event, never a traceback, and few of them.

A fault that repeats, and a client that repeats it, must not be able to fill a disk; nor may the log hold what was
posted, which a message of an exception often quotes.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

from attrs import define, field

_LOG = logging.getLogger("quotes.web")
_ROOT = Path(__file__).parents[1]
_LONGEST = 300
# So many lines of one kind at once and then each minute; and of all kinds together.
_OF_A_KIND, _OF_ALL = (5, 1), (60, 20)
_KINDS = 200


@define
class _Allowance:
    """Lines that may still be written: a number at once, which grows back by so many a minute."""

    most: int
    minute: int
    at: float
    left: float = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.left = self.most

    def take(self, now: float) -> bool:
        """Return whether one more line may be written, and count it."""
        self.left = min(self.most, self.left + (now - self.at) * self.minute / 60)
        self.at = now
        if self.left < 1:
            return False
        self.left -= 1
        return True


@define(eq=False)
class Thrift:
    """Lets a line through while there are few, as a filter of a logging handler."""

    _all: _Allowance = field(factory=lambda: _Allowance(*_OF_ALL, time.monotonic()), init=False)
    _kinds: dict[tuple[str, str], _Allowance] = field(factory=dict, init=False)
    _lock: threading.Lock = field(factory=threading.Lock, init=False)
    _left_out: int = field(default=0, init=False)

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether a record is written; one that is says how many were not."""
        with self._lock:
            now = time.monotonic()
            kind = (record.name, str(record.msg).partition("\n")[0][:_LONGEST])
            if kind not in self._kinds and len(self._kinds) >= _KINDS:
                self._kinds.pop(next(iter(self._kinds)))
            own = self._kinds.setdefault(kind, _Allowance(*_OF_A_KIND, now))
            if not (own.take(now) and self._all.take(now)):
                self._left_out += 1
                return False
            record.left_out, self._left_out = self._left_out, 0
            return True


@define(eq=False)
class Brief:
    """Writes a record as one line, as a formatter of a logging handler.

    Args:
        name: what each line begins with.
    """

    name: str

    def format(self, record: logging.LogRecord) -> str:
        """Return the first line of a message; of an exception its kind and if it was raised."""
        told = record.getMessage().strip().partition("\n")[0][:_LONGEST]
        told = "".join(letter if letter.isprintable() else "?" for letter in told)
        if record.exc_info and record.exc_info[1] is not None:
            told += f" ({_fault(record.exc_info[1])})"
        left_out = getattr(record, "left_out", 0)
        return f"{self.name}: {told}" + (f" ({left_out:,} lines were left out before)" if left_out else "")


def _fault(error: BaseException) -> str:
    """Return the kind of an exception and the last line of this package that it came by."""
    kind = type(error).__name__
    if isinstance(error, OSError) and error.strerror:
        kind += f": {error.strerror}"  # without the file that it would name
    own = [f for f in traceback.extract_tb(error.__traceback__) if Path(f.filename).is_relative_to(_ROOT)]
    return f"{kind} at {Path(own[-1].filename).relative_to(_ROOT)}:{own[-1].lineno}" if own else kind


def _worth_telling(record: logging.LogRecord) -> bool:
    """Leave out a request that was cut off at the end: that is no fault."""
    name = record.exc_info and record.exc_info[0] and record.exc_info[0].__name__
    return name != "CancelledError"


@contextmanager
def kept_short(name: str, stream: TextIO | None = None) -> Iterator[None]:
    """Write warnings and errors of all libraries in short while the block lasts, uncaught exceptions too.

    Args:
        name: what each line begins with.
        stream: where to; standard error if None.
    """
    handler = logging.StreamHandler(stream)
    handler.setLevel(logging.WARNING)
    handler.addFilter(_worth_telling)
    handler.addFilter(Thrift())
    handler.setFormatter(Brief(name))  # type: ignore[arg-type]
    root = logging.getLogger()
    before, raising = root.handlers[:], logging.raiseExceptions
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
    root.handlers[:], logging.raiseExceptions = [handler], False
    sys.excepthook, threading.excepthook, sys.unraisablehook = _uncaught, _uncaught_of, _uncaught_of
    try:
        yield
    finally:
        root.handlers[:], logging.raiseExceptions = before, raising
        sys.excepthook, threading.excepthook, sys.unraisablehook = hooks


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    _LOG.error("ended by a fault", exc_info=(kind, error, trace))


def _uncaught_of(told: Any) -> None:
    """Say so of a thread's end, or of a fault in a destructor."""
    if told.exc_value is not None:
        _LOG.error("a fault on the side", exc_info=(told.exc_type, told.exc_value, told.exc_traceback))
