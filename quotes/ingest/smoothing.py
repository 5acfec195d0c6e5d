"""Read a dirty text as if it were clean, with offsets into the original text.

Soft hyphens, zero-width characters, wrapped lines, hyphenated line ends, and entities, escapes and mojibake change how
a text is printed, not what it says. The stages get the text without them; their results are mapped back to the
original text.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from attrs import evolve, frozen

from quotes.ingest.cleaning import ROUNDS, STEPS, Step
from quotes.ingest.dirty_characters import Edit
from quotes.lexicon import Lexicon
from quotes.records import ArticleRecord, Channel, Cue, Mention, Quote, SourceText, Span, Speaker

# The stages can cope with bullets and odd blanks.
_LEFT = frozenset({"bullets", "spaces"})
Place = TypeVar("Place", Span, Mention, Cue)


@frozen
class Segment:
    """A segment of the original text, and its replacement; None if it is read unchanged."""

    start: int
    end: int
    text: str | None

    @property
    def length(self) -> int:
        """The number of characters after replacement."""
        return self.end - self.start if self.text is None else len(self.text)


@frozen
class Smoothed:
    """A smoothed source, its original text, and the mapping between them."""

    source: SourceText
    text: str
    segments: tuple[Segment, ...]
    places: tuple[int, ...]
    """Where each segment begins in the smoothed text."""

    def restored(self, record: ArticleRecord) -> ArticleRecord:
        """Return a record of the smoothed text with all its places and words in the original text."""
        article = record.article
        low, high = self._range(article.start, article.end)
        text = None if article.text is None else self.text
        return ArticleRecord(evolve(article, start=low, end=high, text=text), tuple(map(self._quote, record.quotes)))

    def _quote(self, quote: Quote) -> Quote:
        spans = tuple(map(self._at, quote.spans))
        return evolve(
            quote,
            text=" ".join(self.text[span.start : span.end] for span in spans),
            spans=spans,
            cue=self._words(quote.cue) if quote.cue else None,
            speaker=self._speaker(quote.speaker) if quote.speaker else None,
            channels=tuple(map(self._channel, quote.channels)),
            paragraph=self._at(quote.paragraph) if quote.paragraph else None,
        )

    def _speaker(self, speaker: Speaker) -> Speaker:
        return evolve(speaker, mention=self._words(speaker.mention)) if speaker.mention else speaker

    def _channel(self, channel: Channel) -> Channel:
        return evolve(channel, mention=self._words(channel.mention)) if channel.mention else channel

    def _words(self, place: Any) -> Any:
        found = self._at(place)
        return evolve(found, text=self.text[found.start : found.end])

    def _at(self, place: Place) -> Place:
        low, high = self._range(place.start, place.end)
        return evolve(place, start=low, end=high)

    def _range(self, start: int, end: int) -> tuple[int, int]:
        """Return the place of a slice of the smoothed text in the original text."""
        low = self._start(start)
        return low, max(low, self._end(end))

    def _start(self, place: int) -> int:
        number = bisect_right(self.places, place) - 1
        segment = self.segments[number]
        return min(segment.end, segment.start + place - self.places[number]) if segment.text is None else segment.start

    def _end(self, place: int) -> int:
        if place <= 0:
            return 0
        number = bisect_right(self.places, place - 1) - 1
        segment = self.segments[number]
        return min(segment.end, segment.start + place - self.places[number]) if segment.text is None else segment.end


def smoothed(source: SourceText, *, lexicon: Lexicon) -> Smoothed | None:
    """Return a smoothed source, or None if nothing needs smoothing.

    Args:
        source: a source from ingest, or a cleaned one.
        lexicon: the words of its language.
    """
    segments: tuple[Segment, ...] = (Segment(0, len(source.text), None),)
    text = source.text
    for _ in range(ROUNDS):
        before = text
        for step in STEPS:
            if edits := _edits(step, text, lexicon):
                segments = edited(segments, edits)
                text = "".join(source.text[p.start : p.end] if p.text is None else p.text for p in segments)
        if text == before:
            break
    if len(segments) == 1:
        return None
    segments = tuple(segment for segment in segments if segment.length)
    if not segments:
        return None
    places = [0]
    for segment in segments:
        places.append(places[-1] + segment.length)
    starts = [segment.start for segment in segments]
    emphasis = tuple(_moved(span, starts, places) for span in source.emphasis)
    return Smoothed(evolve(source, text=text, emphasis=emphasis), source.text, segments, tuple(places[:-1]))


def _edits(step: Step, text: str, lexicon: Lexicon) -> list[Edit]:
    """Return the edits of a step; one that needs a library runs only if a quick check finds something."""
    if step.name in _LEFT or (step.harmful is not None and next(step.harmful(text, None), None) is None):
        return []
    return sorted(step.find(text, lexicon))


def edited(segments: Sequence[Segment], edits: Iterable[Edit]) -> tuple[Segment, ...]:
    """Return the segments after edits to the smoothed text.

    Args:
        segments: all segments of the text, in order.
        edits: edits by their places in the smoothed text, in order and disjoint.
    """
    made: list[Segment] = []
    todo = list(reversed(segments))
    at = 0  # where the next segment of `todo` begins in the smoothed text
    for edit in edits:
        while todo and at + todo[-1].length <= edit.start:
            at += todo[-1].length
            made.append(todo.pop())
        if edit.start < at:  # within the rest of a segment after its last edit
            last = made.pop()
            words = last.text or ""
            low, high, head = last.start, last.end, words[: len(words) - (at - edit.start)]
            tail = words[len(words) - (at - edit.end) :] if edit.end < at else ""
        elif not todo:
            low = high = made[-1].end if made else 0
            head = tail = ""
        else:
            low, high, head, tail = _opened(made, todo, edit.start - at)
        while todo and at + todo[-1].length <= edit.end:
            at += todo[-1].length
            high = todo.pop().end
        if todo and at < edit.end:
            segment, inside = todo.pop(), edit.end - at
            if segment.text is None:
                high, at = segment.start + inside, edit.end
                todo.append(Segment(high, segment.end, None))
            else:
                high, tail, at = segment.end, segment.text[inside:], at + segment.length
        made.append(Segment(low, max(low, high), f"{head}{edit.text}{tail}"))
    return (*made, *reversed(todo))


def _opened(made: list[Segment], todo: list[Segment], ahead: int) -> tuple[int, int, str, str]:
    """Split the next segment `ahead` characters after its beginning, and return the bounds and the rest."""
    first = todo[-1]
    if first.text is not None:
        return first.start, first.start, first.text[:ahead], ""
    if ahead:
        made.append(Segment(first.start, first.start + ahead, None))
    return first.start + ahead, first.start + ahead, "", ""


def _moved(span: Span, starts: Sequence[int], places: Sequence[int]) -> Span:
    """Return the place of a slice of the original text in the smoothed text."""

    def place(offset: int) -> int:
        number = max(0, bisect_right(starts, offset) - 1)
        return min(places[number] + (offset - starts[number]), places[number + 1])

    low = place(span.start)
    return Span(low, max(low, place(span.end)))
