"""Ordered, disjoint spans: which of them hold an offset or touch a stretch, in logarithmic time."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import Protocol

from quotes.records import Span


class HasBounds(Protocol):
    """Anything with a place in a text: Span, MarkedSpan, Mention."""

    @property
    def start(self) -> int:
        """Offset of the first character."""
        ...

    @property
    def end(self) -> int:
        """Offset past the last."""
        ...


def touching(spans: Sequence[HasBounds], start: int, end: int) -> range:
    """Return the numbers of the spans that share a character with a stretch.

    Args:
        spans: ordered and disjoint.
        start: offset of the stretch's first character.
        end: offset past its last.
    """
    return range(
        bisect_right(spans, start, key=lambda s: s.end), max(0, bisect_left(spans, end, key=lambda s: s.start))
    )


def held(spans: Sequence[HasBounds], offset: int) -> bool:
    """Tell whether an offset lies in one of the spans, which are ordered and disjoint."""
    return bool(touching(spans, offset, offset + 1))


def coalesced(spans: Iterable[HasBounds]) -> list[Span]:
    """Return spans in order, those that overlap as one."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start, s.end)):
        if found and span.start < found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(Span(span.start, span.end))
    return found
