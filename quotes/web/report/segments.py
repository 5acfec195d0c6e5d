"""Cut an article's text where quotes begin and end, so that a page can mark them without counting offsets itself."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from attrs import frozen

from quotes.records import Article, Quote, Span
from quotes.text import quotation_marks


@frozen
class Segment:
    """A run of text that belongs to the same quotes throughout, or to none.

    `said` are the quotes that contain it, innermost first; `credits` those whose cue, mention or channel it is. Both
    count the article's quotes from 0.
    """

    text: str
    said: tuple[int, ...] = ()
    credits: tuple[int, ...] = ()


@frozen
class _Stretch:
    start: int
    end: int
    quote: int
    said: bool


def paragraphs(article: Article, quotes: Sequence[Quote]) -> list[tuple[Segment, ...]]:
    """Return the article's paragraphs, each as segments that, joined, give its text.

    A first paragraph that only repeats the title, and has no quote, is left out.

    Args:
        article: with its source's text.
        quotes: the article's quotes; their spans may overlap, nest and run over paragraphs.
    """
    text = article.text or ""
    found = list(quotation_marks.paragraphs(text, start=article.start, end=article.end))
    stretches = _by_paragraph(found, _stretches(quotes))
    cut = [tuple(_segments(text, paragraph, stretches[number])) for number, paragraph in enumerate(found)]
    if cut and not stretches[0] and cut[0][0].text == article.title:
        return cut[1:]
    return cut


def _stretches(quotes: Sequence[Quote]) -> Iterator[_Stretch]:
    for number, quote in enumerate(quotes):
        for span in quote.spans:
            yield _Stretch(span.start, span.end, number, said=True)
        mentions = [quote.cue, quote.speaker and quote.speaker.mention, *(c.mention for c in quote.channels)]
        for mention in mentions:
            if mention:
                yield _Stretch(mention.start, mention.end, number, said=False)


def _by_paragraph(paragraphs: Sequence[Span], stretches: Iterable[_Stretch]) -> dict[int, list[_Stretch]]:
    """Return for each paragraph, by number, the spans in it, cut to its ends."""
    starts, ends = [p.start for p in paragraphs], [p.end for p in paragraphs]
    found: dict[int, list[_Stretch]] = defaultdict(list)
    for stretch in stretches:
        for number in range(bisect_right(ends, stretch.start), bisect_left(starts, stretch.end)):
            low, high = max(stretch.start, starts[number]), min(stretch.end, ends[number])
            if low < high:
                found[number].append(_Stretch(low, high, stretch.quote, stretch.said))
    return found


def _segments(text: str, paragraph: Span, stretches: Sequence[_Stretch]) -> Iterator[Segment]:
    opened: dict[int, list[_Stretch]] = defaultdict(list)
    closed: dict[int, list[_Stretch]] = defaultdict(list)
    for stretch in stretches:
        opened[stretch.start].append(stretch)
        closed[stretch.end].append(stretch)
    points = sorted({paragraph.start, paragraph.end, *opened, *closed})
    # A dictionary keeps the order in which they came, a set would not.
    current: dict[_Stretch, None] = {}
    for low, high in pairwise(points):
        for stretch in closed[low]:
            current.pop(stretch, None)
        current.update(dict.fromkeys(opened[low]))
        inner = sorted((s for s in current if s.said), key=lambda s: (s.end - s.start, s.quote))
        said = tuple(dict.fromkeys(s.quote for s in inner))
        credits = tuple(sorted({s.quote for s in current if not s.said}))
        yield Segment(text[low:high], said, credits)
