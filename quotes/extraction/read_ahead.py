"""Begin the next before the last is finished, so that one part of the work runs beside another."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Generic, TypeVar

from attrs import define, field

T = TypeVar("T")
# So many letters are begun at most, some dozen windows for the reader of roles, and no more sources than this.
_LETTERS, _SOURCES = 12_000, 8
# A thread that has run the network needs Python for a moment, to begin the next window. Python lets it wait for 5 ms, a
# quarter of the time that a window takes; with a tenth of a millisecond dev is read by 6 % sooner.
_TURN = 0.0001


@contextmanager
def quick_turns(worth: bool = True) -> Iterator[None]:
    """Let threads take turns quickly within the block, where that is worth it."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(_TURN if worth else before)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def one_ahead(made: Iterable[T]) -> Iterator[T]:
    """Make the first item now, and each next one before the last is given."""
    items = iter(made)
    return _given(items, list(islice(items, 1)))


def _given(items: Iterator[T], made: list[T]) -> Iterator[T]:
    while made:
        ahead = list(islice(items, 1))
        yield made[0]
        made = ahead


@define(eq=False)
class Ahead(Generic[T]):
    """What has been begun and not yet finished, in order; nothing waits where that would gain nothing."""

    worth: bool = True
    _waiting: deque[tuple[Callable[[], T], int]] = field(factory=deque, init=False)
    _letters: int = field(default=0, init=False)

    def add(self, finish: Callable[[], T], *, letters: int) -> Iterator[T]:
        """Add a source that has been begun, and finish those that have waited long enough.

        Args:
            finish: does what is left to do.
            letters: how long it is.
        """
        self._waiting.append((finish, letters))
        self._letters += letters
        while not self.worth or self._letters > _LETTERS + self._waiting[0][1] or len(self._waiting) > _SOURCES:
            yield self._finished()
            if not self._waiting:
                return

    def rest(self) -> Iterator[T]:
        """Finish all that waits."""
        while self._waiting:
            yield self._finished()

    def _finished(self) -> T:
        finish, letters = self._waiting.popleft()
        self._letters -= letters
        return finish()
