"""The passages to search: the texts of articles if the records have them, else their quotes, one by one.

A passage knows for each of its slices where it is in the source, and whether it is quoted there.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property

from attrs import define, frozen

from quotes.comparison.checking.result import Standing
from quotes.comparison.words import Wording, wording
from quotes.lexicon import Lexicon
from quotes.records import ArticleRecord, MarkedSpan, Quote, Span
from quotes.text import quotation_marks
from quotes.text.spans import touching

# Characters of context shown on either side.
CONTEXT = 120


@frozen
class Place:
    """Whose words a slice is: the quote that contains it, if any, and its standing."""

    standing: Standing
    quote: Quote | None = None


@define(eq=False)
class Passage:
    """A text to search. `quote` is None for an article's whole text, which begins at `start` in its source."""

    record: ArticleRecord
    text: str
    start: int
    lexicon: Lexicon
    quote: Quote | None = None

    def words(self) -> Wording:
        """Return the passage's words; they are not cached, since most passages are never looked at again."""
        return wording(self.text)

    def spans(self, low: int, high: int) -> tuple[Span, ...]:
        """Return a slice's spans in the source: several if it crosses the seam of a split quotation."""
        if self.quote is None:
            return (Span(self.start + low, self.start + high),)
        found, begin = [], 0
        for span in self.quote.spans:
            end = begin + span.end - span.start
            if low < end and begin < high:
                found.append(Span(span.start + max(0, low - begin), span.start + min(high, end) - begin))
            begin = end + 1  # fragments are joined by one space
        return tuple(found)

    def context(self, low: int, high: int) -> tuple[str, str]:
        """Return the context before and after a slice, cut between words."""
        before, after = self.text[max(0, low - CONTEXT) : low], self.text[high : high + CONTEXT]
        if low > CONTEXT:
            before = before.partition(" ")[2]
        if high + CONTEXT < len(self.text):
            after = after.rpartition(" ")[0]
        return before, after

    def places(self, low: int, high: int) -> Iterator[Place]:
        """Yield whose words a slice is, the closest quote first; the article's own words if nobody's."""
        if self.quote is not None:
            yield Place(self._standing(self.quote, low, high), self.quote)
            return
        holding = [q for q in self._near(low, high) if _holds(q, self.start + low, self.start + high)]
        for quote in sorted(holding, key=lambda q: sum(s.end - s.start for s in q.spans)):
            yield Place(self._standing(quote, low, high), quote)
        if not holding:
            # In quotation marks, but credited to nobody.
            yield Place("quoted" if self._in_marks(low, high) else "own-words")

    def _near(self, low: int, high: int) -> list[Quote]:
        # Quotes are few in an article, and in order of their first span.
        low, high = self.start + low, self.start + high
        return [q for q in self.record.quotes if q.spans and q.spans[0].start < high and low < q.spans[-1].end]

    def _standing(self, quote: Quote, low: int, high: int) -> Standing:
        if quote.type in ("direct", "post"):
            return "quoted"
        return "quoted" if quote.type == "mixed" and self._in_marks(low, high) else "reported"

    def _in_marks(self, low: int, high: int) -> bool:
        near = touching(self._marked, low, high)
        return len(near) == 1 and self._marked[near[0]].start <= low and high <= self._marked[near[0]].end

    def marks(self, low: int, high: int) -> MarkedSpan | None:
        """Return the quotation that contains a slice, if any."""
        near = touching(self._marked, low, high)
        return self._marked[near[0]] if self._in_marks(low, high) else None

    @property
    def marked(self) -> list[MarkedSpan]:
        """The quotations in the text, in order."""
        return self._marked

    @cached_property
    def _marked(self) -> list[MarkedSpan]:
        return quotation_marks.find(self.text, lexicon=self.lexicon)


def _holds(quote: Quote, low: int, high: int) -> bool:
    return any(span.start <= low and high <= span.end for span in quote.spans)


def passages(record: ArticleRecord, *, lexicon: Lexicon) -> Iterator[Passage]:
    """Yield the passages of an article.

    Args:
        record: an article; its text is searched in full if the record has it. A split quotation is also searched on its
            own, since its words continue across the credit.
        lexicon: the patterns, with the quotation marks.
    """
    article = record.article
    if article.text is not None:
        yield Passage(record, article.text[article.start : article.end], article.start, lexicon)
    for quote in record.quotes:
        if quote.spans and (article.text is None or len(quote.spans) > 1):
            yield Passage(record, quote.text, quote.spans[0].start, lexicon, quote)


def at(starts: list[int], position: int) -> int:
    """Return the number of the passage that contains a position, given the passages' starts."""
    return bisect_right(starts, position) - 1
