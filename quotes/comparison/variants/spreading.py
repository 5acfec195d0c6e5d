"""Where the work of grouping is done: part after part in this process, or wherever a caller takes the parts.

What is spread is a plain function of what all parts share and of one part, so that the place makes no difference to
what comes out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

Held = TypeVar("Held")
Part = TypeVar("Part")
Done = TypeVar("Done")


class Spread(Protocol):
    """Calls a function for each part and gives what it returns, in the order of the parts."""

    @property
    def compared_at_once(self) -> int:
        """How many pairs make a part: few let each part know what the last one found, many pay for a journey."""
        ...

    def __call__(
        self, work: Callable[[Held, Part], Done], held: Held, parts: Iterable[Part]
    ) -> Iterator[Done]:
        """Yield `work(held, part)` for each part; parts are asked for as they can be taken."""
        ...


class Here:
    """The work is done in this process."""

    compared_at_once = 1

    def __call__(
        self, work: Callable[[Held, Part], Done], held: Held, parts: Iterable[Part]
    ) -> Iterator[Done]:
        """Yield `work(held, part)` for each part, one by one."""
        return (work(held, part) for part in parts)
