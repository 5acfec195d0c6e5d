"""Ordered, disjoint spans: find those that contain an offset or overlap a range, in logarithmic time."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol

from quotes.records import QuoteType, Span


class HasBounds(Protocol):
    """Anything with a place in a text: Span, MarkedSpan, Mention."""

    @property
    def start(self) -> int:
        """Offset of the first character."""
        ...

    @property
    def end(self) -> int:
        """Offset after the last character."""
        ...


def touching(spans: Sequence[HasBounds], start: int, end: int) -> range:
    """Return the indices of the spans that overlap a range.

    Args:
        spans: ordered and disjoint.
        start: offset of the range's first character.
        end: offset after its last.
    """
    return range(
        bisect_right(spans, start, key=lambda s: s.end), max(0, bisect_left(spans, end, key=lambda s: s.start))
    )


def held(spans: Sequence[HasBounds], offset: int) -> bool:
    """Return whether an offset is in one of the spans, which are ordered and disjoint."""
    return bool(touching(spans, offset, offset + 1))


def coalesced(spans: Iterable[HasBounds]) -> list[Span]:
    """Return spans in order, with overlapping ones merged."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start, s.end)):
        if found and span.start < found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(Span(span.start, span.end))
    return found


def in_spans(spans: Iterable[HasBounds]) -> Callable[[int], bool]:
    """Return a function that tests whether an offset is inside one of the spans, which may nest."""
    merged = coalesced(spans)
    lows = [span.start for span in merged]

    def inside(offset: int) -> bool:
        at = bisect_right(lows, offset) - 1
        return at >= 0 and offset < merged[at].end

    return inside


def outside(text: str, span: HasBounds, held: Iterable[HasBounds]) -> Iterator[str]:
    """Yield the characters of a span outside the quotations in it, which are in order."""
    at = span.start
    for mark in held:
        yield from text[at : max(at, mark.start)]
        at = max(at, mark.end)
    yield from text[at : span.end]


def type_of(text: str, spans: Iterable[HasBounds], marked: Sequence[HasBounds]) -> QuoteType | None:
    """Return the type of a statement: all, some or none of its letters and digits are in marks; None without any.

    Args:
        text: the source's text.
        spans: the fragments of a statement.
        marked: the article's quotations, ordered and disjoint.
    """
    quoted = bare = False
    for span in spans:
        held = [marked[n] for n in touching(marked, span.start, span.end)]
        bare = bare or any(map(str.isalnum, outside(text, span, held)))
        parts = (text[max(m.start, span.start) : min(m.end, span.end)] for m in held)
        quoted = quoted or any(any(map(str.isalnum, part)) for part in parts)
    if not quoted and not bare:
        return None
    return "mixed" if quoted and bare else "direct" if quoted else "indirect"
