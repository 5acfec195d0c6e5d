"""An article's text and its parts, built once, so that all stages see the same paragraphs."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import evolve, frozen

from quotes.ingest import publisher
from quotes.lexicon import Lexicon
from quotes.records import MarkedSpan, Outlet, Slice, SourceText, Span
from quotes.text import quotation_marks
from quotes.text.pull_quotes import pulled
from quotes.text.spans import coalesced


@frozen(eq=False)
class ArticleText:
    """One article of a source; all offsets refer to the text of the whole source.

    Args:
        text: the source's text.
        slice: the article's place in it, and its credits on the page.
        body: the span to read, from the headline to the end.
        paragraphs: its paragraphs in order, the headline first, without furniture.
        quotations: its spans between quotation marks, in order.
        outlet: its publisher.
        wire: the agency that wrote it.
    """

    text: str
    slice: Slice
    body: Span
    paragraphs: Sequence[Span]
    quotations: Sequence[MarkedSpan]
    outlet: Outlet | None = None
    wire: Outlet | None = None

    @classmethod
    def of(cls, source: SourceText, piece: Slice, *, lexicon: Lexicon) -> ArticleText:
        """Lay out one article of a source.

        Args:
            source: a text and its metadata.
            piece: the article's slice, from `quotes.ingest.pages.split`.
            lexicon: the patterns, with the quotation marks and the outlets.
        """
        text, body = source.text, Span(piece.headline.start if piece.headline else piece.start, piece.end)
        notes = [Span(*m.span()) for m in lexicon.regex("note-mark").finditer(text, body.start, body.end)]
        if notes:
            piece = evolve(piece, skips=tuple(coalesced((*piece.skips, *notes))))
        paragraphs = quotation_marks.of_article(text, piece)
        again = pulled([text[p.start : p.end] for p in paragraphs])
        if again:
            piece = evolve(piece, skips=tuple(coalesced((*piece.skips, *(paragraphs[n] for n in again)))))
            paragraphs = [p for n, p in enumerate(paragraphs) if n not in again]
        found = quotation_marks.find(text, lexicon=lexicon, start=body.start, end=body.end, skips=piece.skips)
        outlet, wire = publisher.publisher(source, piece, lexicon=lexicon)
        return cls(text, piece, body, paragraphs, found, outlet, wire)

    @classmethod
    def plain(cls, text: str, *, lexicon: Lexicon, skips: tuple[Span, ...] = ()) -> ArticleText:
        """Lay out a text that is exactly one article.

        Args:
            text: the article.
            lexicon: the patterns, with the quotation marks.
            skips: page furniture in it, which is not read.
        """
        return cls.of(SourceText("text", text), Slice(0, len(text), skips=skips), lexicon=lexicon)

    @property
    def skips(self) -> tuple[Span, ...]:
        """Page furniture inside the article, which is not read."""
        return self.slice.skips

    @property
    def title(self) -> str | None:
        """The headline, if the page gives one."""
        return self.slice.title

    @property
    def byline(self) -> str | None:
        """The byline, if the page gives one."""
        return self.slice.byline
