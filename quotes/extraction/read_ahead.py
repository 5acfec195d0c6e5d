"""Begin the next source before the last is finished, so that reader and parser run in parallel."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Generic, TypeVar

from attrs import define, field

T = TypeVar("T")
# The most characters to begin ahead, some dozen windows of the reader, and the most sources.
_LETTERS, _SOURCES = 12_000, 8
# A thread that has run the network needs the interpreter to begin the next window. Python lets it wait for 5 ms, a
# quarter of a window's time; with 0.1 ms dev is read 6 % faster.
_TURN = 0.0001


@contextmanager
def quick_turns(worth: bool = True) -> Iterator[None]:
    """Let threads switch quickly within the block, if that pays."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(_TURN if worth else before)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def one_ahead(made: Iterable[T]) -> Iterator[T]:
    """Make the first item now, and each next one before the last is yielded."""
    items = iter(made)
    return _given(items, list(islice(items, 1)))


def _given(items: Iterator[T], made: list[T]) -> Iterator[T]:
    while made:
        ahead = list(islice(items, 1))
        yield made[0]
        made = ahead


@define(eq=False)
class Ahead(Generic[T]):
    """Sources that are begun but not finished, in order; none waits if that is no faster."""

    worth: bool = True
    _waiting: deque[tuple[Callable[[], T], int]] = field(factory=deque, init=False)
    _letters: int = field(default=0, init=False)

    def add(self, finish: Callable[[], T], *, letters: int) -> Iterator[T]:
        """Add a source that has been begun, and finish those that have waited long enough.

        Args:
            finish: finishes the source.
            letters: its length in characters.
        """
        self._waiting.append((finish, letters))
        self._letters += letters
        while not self.worth or self._letters > _LETTERS + self._waiting[0][1] or len(self._waiting) > _SOURCES:
            yield self._finished()
            if not self._waiting:
                return

    def rest(self) -> Iterator[T]:
        """Finish all waiting sources."""
        while self._waiting:
            yield self._finished()

    def _finished(self) -> T:
        finish, letters = self._waiting.popleft()
        self._letters -= letters
        return finish()
