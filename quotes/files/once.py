"""Cache expensive loads: if many threads ask at the same time, the first loads and the others wait."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, update_wrapper
from threading import RLock
from typing import Generic, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Once(Generic[P, T]):
    """A function that caches its last results; with `functools.lru_cache` alone, eight threads would load eight models.

    Args:
        load: a function of hashable arguments.
        maxsize: how many results to keep.
    """

    def __init__(self, load: Callable[P, T], maxsize: int) -> None:
        self._lock = RLock()
        self._cached = lru_cache(maxsize)(load)
        self.cache_clear = self._cached.cache_clear
        update_wrapper(self, load)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> T:
        """Return the result for these arguments."""
        with self._lock:
            return self._cached(*args, **kwargs)  # type: ignore[arg-type]


def once(maxsize: int) -> Callable[[Callable[P, T]], Once[P, T]]:
    """Decorate a function that loads something expensive."""

    def wrap(load: Callable[P, T]) -> Once[P, T]:
        return Once(load, maxsize)

    return wrap
