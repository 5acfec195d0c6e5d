"""Distribute the work of grouping: part after part in this process, or wherever a caller runs the parts.

Each part is a pure function of the shared data and the part, so the result does not depend on where it runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

Held = TypeVar("Held")
Part = TypeVar("Part")
Done = TypeVar("Done")


class Spread(Protocol):
    """Calls a function for each part and yields the results, in the order of the parts."""

    @property
    def compared_at_once(self) -> int:
        """How many pairs make a part: small parts know more of earlier results, large ones are worth sending."""
        ...

    def __call__(
        self, work: Callable[[Held, Part], Done], held: Held, parts: Iterable[Part]
    ) -> Iterator[Done]:
        """Yield `work(held, part)` for each part; parts are requested as workers become free."""
        ...


class Here:
    """Works in this process."""

    compared_at_once = 1

    def __call__(
        self, work: Callable[[Held, Part], Done], held: Held, parts: Iterable[Part]
    ) -> Iterator[Done]:
        """Yield `work(held, part)` for each part, one by one."""
        return (work(held, part) for part in parts)
