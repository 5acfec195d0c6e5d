"""Read a text as if what parts its words were not there, with offsets into the text as it is.

Soft hyphens, characters without width, wrapped lines, words parted at a line's or page's end, and what stands for other
characters (entities, escapes, mojibake) change how a text is printed, not what it says. The stages get the text without
them; what they find is carried over to the text as it came, which nobody has changed.
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

# Of bullets and odd blanks the stages know themselves.
_LEFT = frozenset({"bullets", "spaces"})
Place = TypeVar("Place", Span, Mention, Cue)


@frozen
class Piece:
    """A part of the text as it came, and what is read in its place; None if it is read as it is."""

    start: int
    end: int
    text: str | None

    @property
    def length(self) -> int:
        """How many characters are read."""
        return self.end - self.start if self.text is None else len(self.text)


@frozen
class Smoothed:
    """A source as it is read, the text as it came, and the way back to it."""

    source: SourceText
    text: str
    pieces: tuple[Piece, ...]
    places: tuple[int, ...]
    """Where each piece begins in what is read."""

    def restored(self, record: ArticleRecord) -> ArticleRecord:
        """Return a record of what was read with all its places and words in the text as it came."""
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
        """Return where a slice of what is read stands in the text as it came."""
        low = self._start(start)
        return low, max(low, self._end(end))

    def _start(self, place: int) -> int:
        number = bisect_right(self.places, place) - 1
        piece = self.pieces[number]
        return min(piece.end, piece.start + place - self.places[number]) if piece.text is None else piece.start

    def _end(self, place: int) -> int:
        if place <= 0:
            return 0
        number = bisect_right(self.places, place - 1) - 1
        piece = self.pieces[number]
        return min(piece.end, piece.start + place - self.places[number]) if piece.text is None else piece.end


def smoothed(source: SourceText, *, lexicon: Lexicon) -> Smoothed | None:
    """Return a source as it is to be read, or None if that is as it is.

    Args:
        source: as ingest found it, or cleaned.
        lexicon: the words of its language.
    """
    pieces: tuple[Piece, ...] = (Piece(0, len(source.text), None),)
    text = source.text
    for _ in range(ROUNDS):
        before = text
        for step in STEPS:
            if edits := _edits(step, text, lexicon):
                pieces = edited(pieces, edits)
                text = "".join(source.text[p.start : p.end] if p.text is None else p.text for p in pieces)
        if text == before:
            break
    if len(pieces) == 1:
        return None
    pieces = tuple(piece for piece in pieces if piece.length)
    if not pieces:
        return None
    places = [0]
    for piece in pieces:
        places.append(places[-1] + piece.length)
    starts = [piece.start for piece in pieces]
    emphasis = tuple(_moved(span, starts, places) for span in source.emphasis)
    return Smoothed(evolve(source, text=text, emphasis=emphasis), source.text, pieces, tuple(places[:-1]))


def _edits(step: Step, text: str, lexicon: Lexicon) -> list[Edit]:
    """Return what a step changes; one that needs a library is asked only where a quick look finds something."""
    if step.name in _LEFT or (step.told is not None and next(step.told(text, None), None) is None):
        return []
    return sorted(step.find(text, lexicon))


def edited(pieces: Sequence[Piece], edits: Iterable[Edit]) -> tuple[Piece, ...]:
    """Return the pieces after edits to what is read.

    Args:
        pieces: in order, from the text's beginning to its end.
        edits: by their places in what is read, in order and apart.
    """
    made: list[Piece] = []
    todo = list(reversed(pieces))
    at = 0  # where the next piece of `todo` begins in what is read
    for edit in edits:
        while todo and at + todo[-1].length <= edit.start:
            at += todo[-1].length
            made.append(todo.pop())
        if edit.start < at:  # within what stayed behind the last edit of its piece
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
            piece, inside = todo.pop(), edit.end - at
            if piece.text is None:
                high, at = piece.start + inside, edit.end
                todo.append(Piece(high, piece.end, None))
            else:
                high, tail, at = piece.end, piece.text[inside:], at + piece.length
        made.append(Piece(low, max(low, high), f"{head}{edit.text}{tail}"))
    return (*made, *reversed(todo))


def _opened(made: list[Piece], todo: list[Piece], ahead: int) -> tuple[int, int, str, str]:
    """Begin a piece within the next one, so far behind its beginning: where it starts and ends, what stays of it."""
    first = todo[-1]
    if first.text is not None:
        return first.start, first.start, first.text[:ahead], ""
    if ahead:
        made.append(Piece(first.start, first.start + ahead, None))
    return first.start + ahead, first.start + ahead, "", ""


def _moved(span: Span, starts: Sequence[int], places: Sequence[int]) -> Span:
    """Return where a slice of the text as it came stands in what is read."""

    def place(offset: int) -> int:
        number = max(0, bisect_right(starts, offset) - 1)
        return min(places[number] + (offset - starts[number]), places[number + 1])

    low = place(span.start)
    return Span(low, max(low, place(span.end)))
