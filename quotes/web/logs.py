"""The servers' log: one short line per event, never a traceback, and limited in number.

A repeated fault must not fill a disk; nor may the log contain posted text, which exceptions often quote.
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
# Lines of one kind at once and then per minute; and of all kinds together.
_OF_A_KIND, _OF_ALL = (5, 1), (60, 20)
_KINDS = 200


@define
class _Allowance:
    """A budget of log lines, which refills by a number per minute."""

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
    """A filter of a logging handler that limits the number of lines."""

    _all: _Allowance = field(factory=lambda: _Allowance(*_OF_ALL, time.monotonic()), init=False)
    _kinds: dict[tuple[str, str], _Allowance] = field(factory=dict, init=False)
    _lock: threading.Lock = field(factory=threading.Lock, init=False)
    _left_out: int = field(default=0, init=False)

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether to write a record; a written one carries the number of those dropped before."""
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
    """A formatter of a logging handler that writes a record as one line.

    Args:
        name: the first word of each line.
    """

    name: str

    def format(self, record: logging.LogRecord) -> str:
        """Return the first line of a message; of an exception, its kind and where it was raised."""
        line = record.getMessage().strip().partition("\n")[0][:_LONGEST]
        line = "".join(letter if letter.isprintable() else "?" for letter in line)
        if record.exc_info and record.exc_info[1] is not None:
            line += f" ({_fault(record.exc_info[1])})"
        left_out = getattr(record, "left_out", 0)
        return f"{self.name}: {line}" + (f" ({left_out:,} lines were left out before)" if left_out else "")


def _fault(error: BaseException) -> str:
    """Return the kind of an exception and the last line of this package in its traceback."""
    kind = type(error).__name__
    if isinstance(error, OSError) and error.strerror:
        kind += f": {error.strerror}"  # without the file name that it would include
    own = [f for f in traceback.extract_tb(error.__traceback__) if Path(f.filename).is_relative_to(_ROOT)]
    return f"{kind} at {Path(own[-1].filename).relative_to(_ROOT)}:{own[-1].lineno}" if own else kind


def _worth_logging(record: logging.LogRecord) -> bool:
    """Return whether to log a record: not requests that were cancelled at shutdown."""
    name = record.exc_info and record.exc_info[0] and record.exc_info[0].__name__
    return name != "CancelledError"


@contextmanager
def kept_short(name: str, stream: TextIO | None = None) -> Iterator[None]:
    """Keep the log short, as `keep_short` does, within the block. Args: as for `keep_short`."""
    root = logging.getLogger()
    before, raising = root.handlers[:], logging.raiseExceptions
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
    keep_short(name, stream)
    try:
        yield
    finally:
        root.handlers[:], logging.raiseExceptions = before, raising
        sys.excepthook, threading.excepthook, sys.unraisablehook = hooks


def keep_short(name: str, stream: TextIO | None = None) -> None:
    """Log warnings and errors of all libraries, and uncaught exceptions, as short lines from now on.

    Args:
        name: the first word of each line.
        stream: the log; standard error if None.
    """
    handler = logging.StreamHandler(stream)
    handler.setLevel(logging.WARNING)
    handler.addFilter(_worth_logging)
    handler.addFilter(Thrift())
    handler.setFormatter(Brief(name))  # type: ignore[arg-type]
    logging.getLogger().handlers[:], logging.raiseExceptions = [handler], False
    sys.excepthook, threading.excepthook, sys.unraisablehook = _uncaught, _uncaught_of, _uncaught_of


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    _LOG.error("ended by an exception", exc_info=(kind, error, trace))


def _uncaught_of(hook: Any) -> None:
    """Log an uncaught exception of a thread or a destructor."""
    if hook.exc_value is not None:
        _LOG.error("an exception in a thread", exc_info=(hook.exc_type, hook.exc_value, hook.exc_traceback))
