"""Records: what the stages found of each statement becomes a frozen Quote, and the page's slice an Article."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from attrs import frozen

from quotes.extraction.speakers.resolve import Choice
from quotes.records import (
    Article,
    Candidate,
    Channel,
    MarkedSpan,
    Outlet,
    Quote,
    Slice,
    SourceText,
    Span,
    Speaker,
)
from quotes.text.blanks import trimmed
from quotes.text.spans import touching

if TYPE_CHECKING:
    from quotes.extraction.parsing.masking import Reading
    from quotes.reader.inference import Answers, Asked


@frozen(eq=False)
class Begun:
    """An article of a source: where it lies, its parts, and what the reader of roles has begun, where there is one."""

    text: str
    piece: Slice
    body: Span
    paragraphs: list[Span]
    marked: list[MarkedSpan]
    roles: Iterator[Asked] | None


@frozen(eq=False)
class Standing:
    """An article's statements that stand, with what was read for them; no speakers yet."""

    article: Begun
    readings: list[Reading]
    answers: Answers
    statements: list[Candidate]
    chances: list[float]


@frozen
class Statement:
    """A statement that stands, with all that the stages found of it: what a Quote is made from."""

    candidate: Candidate
    probability: float
    speaker: Speaker | None
    channels: tuple[tuple[str, Channel], ...]
    said_on: str | None
    choice: Choice | None = None


def article(
    source: SourceText, piece: Slice, *, index: int, language: str, outlet: Outlet | None, wire: Outlet | None
) -> Article:
    """Make the record of an article: what its slice of the page tells comes before what the source tells."""
    start = piece.headline.start if piece.headline else piece.start
    return Article(
        id=_hash(source.name, str(index), source.text[start : piece.end]),
        source=source.name,
        index=index,
        start=start,
        end=piece.end,
        title=piece.title or source.title,
        byline=piece.byline or source.byline,
        published=piece.published or source.published,
        url=source.url,
        language=source.language or language,
        outlet=outlet,
        wire=wire,
        text=source.text,
        cleaned=source.cleaned,
    )


def without(text: str, spans: Sequence[Span], skips: Sequence[Span]) -> tuple[Span, ...]:
    """Cut page furniture out of a statement, and with it the line ends around it."""
    left: list[Span] = []
    for span in spans:
        at = span.start
        cuts = touching(skips, span.start, span.end)
        for number in cuts:
            left.append(Span(*trimmed(text, at, max(at, skips[number].start))))
            at = min(skips[number].end, span.end)
        left.append(Span(*trimmed(text, at, span.end)) if cuts else span)
    return tuple(s for s in left if s.end > s.start)


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def quote_id(article: str, spans: Sequence[Span]) -> str:
    """Return the id of a quote: the same for the same article and spans on every machine."""
    return _hash(article, *(f"{s.start}-{s.end}" for s in spans))


def quote(text: str, article: str, statement: Statement, paragraphs: Sequence[Span]) -> Quote:
    """Make the record of a statement; `article` is its article's id."""
    candidate = statement.candidate
    return Quote(
        id=quote_id(article, candidate.spans),
        type=candidate.type,
        text=" ".join(text[s.start : s.end] for s in candidate.spans),
        spans=candidate.spans,
        cue=candidate.cue,
        speaker=statement.speaker,
        channels=tuple(channel for _, channel in statement.channels),
        said_on=statement.said_on,
        confidence=round(statement.probability, 3),
        pattern=candidate.pattern,
        paragraph=paragraph_of(candidate.spans, paragraphs),
    )


def paragraph_of(spans: Sequence[Span], paragraphs: Sequence[Span]) -> Span | None:
    """Bound the paragraphs that hold a statement."""
    near = touching(paragraphs, spans[0].start, spans[-1].end)
    return Span(paragraphs[near[0]].start, paragraphs[near[-1]].end) if near else None


def unattributed(
    text: str, article: str, statements: Sequence[Statement], marked: Sequence[MarkedSpan], paragraphs: Sequence[Span]
) -> Iterator[Quote]:
    """Yield what is quoted but said by nobody: scare quotes, titles, nicknames, mottos."""
    claimed = {n for s in statements for part in s.candidate.spans for n in touching(marked, part.start, part.end)}
    for number, span in enumerate(marked):
        if number in claimed:
            continue
        spans = (Span(span.start, span.end),)
        yield Quote(
            id=quote_id(article, spans),
            type="direct",
            text=text[span.start : span.end],
            spans=spans,
            paragraph=paragraph_of(spans, paragraphs),
        )
