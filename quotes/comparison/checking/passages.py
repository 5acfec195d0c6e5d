"""What is searched: the texts of articles where the records hold them, else their quotes, one by one.

A passage knows for each of its slices where it stands in the source, and whether somebody is quoted there.
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

# So many characters of the surroundings are shown on either side.
CONTEXT = 120


@frozen
class Place:
    """Whose words a slice is: the quote that holds it, where one does, and how it stands there."""

    standing: Standing
    quote: Quote | None = None


@define(eq=False)
class Passage:
    """A text that is searched. `quote` is None for an article's whole text, which begins at `start` in its source."""

    record: ArticleRecord
    text: str
    start: int
    lexicon: Lexicon
    quote: Quote | None = None

    def words(self) -> Wording:
        """Read the passage's words; they are not kept, since most passages are never looked at again."""
        return wording(self.text)

    def spans(self, low: int, high: int) -> tuple[Span, ...]:
        """Return where a slice stands in the source: several spans where it runs over the seam of a split quotation."""
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
        """Return what stands before and behind a slice, cut between words."""
        before, after = self.text[max(0, low - CONTEXT) : low], self.text[high : high + CONTEXT]
        if low > CONTEXT:
            before = before.partition(" ")[2]
        if high + CONTEXT < len(self.text):
            after = after.rpartition(" ")[0]
        return before, after

    def places(self, low: int, high: int) -> Iterator[Place]:
        """Yield whose words a slice is, the closest quote first; an article's own words where nobody's."""
        if self.quote is not None:
            yield Place(self._standing(self.quote, low, high), self.quote)
            return
        holding = [q for q in self._near(low, high) if _holds(q, self.start + low, self.start + high)]
        for quote in sorted(holding, key=lambda q: sum(s.end - s.start for s in q.spans)):
            yield Place(self._standing(quote, low, high), quote)
        if not holding:
            # In marks, yet credited to nobody.
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
        """Return the quotation that holds a slice, if one does."""
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
    """Yield what of an article is searched.

    Args:
        record: an article; its text is searched in full where the record holds it. A split quotation is searched by
            itself as well, since its words run on over the credit between.
        lexicon: brings the quotation marks.
    """
    article = record.article
    if article.text is not None:
        yield Passage(record, article.text[article.start : article.end], article.start, lexicon)
    for quote in record.quotes:
        if quote.spans and (article.text is None or len(quote.spans) > 1):
            yield Passage(record, quote.text, quote.spans[0].start, lexicon, quote)


def at(starts: list[int], position: int) -> int:
    """Return the number of the passage that a position lies in, given the positions at which passages start."""
    return bisect_right(starts, position) - 1
