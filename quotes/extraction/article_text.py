"""An article's text and its parts, built once, so that no two stages see other paragraphs."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import evolve, frozen

from quotes.ingest import publisher
from quotes.lexicon import Lexicon
from quotes.records import MarkedSpan, Outlet, Slice, SourceText, Span
from quotes.text import quotation_marks
from quotes.text.spans import coalesced


@frozen(eq=False)
class ArticleText:
    """One article of a source; every offset counts into the text of the whole source.

    Args:
        text: the source's text.
        slice: where the article lies in it, and what the page's furniture told.
        body: the part that is read: the headline, and all to the end.
        paragraphs: in order, the headline first, furniture left out.
        quotations: its spans between quotation marks, in order.
        outlet: who published it.
        wire: the agency that it comes from.
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
            source: a text and what is known of it.
            piece: where the article lies, as `quotes.ingest.pages.split` gives it.
            lexicon: brings the quotation marks and the outlets.
        """
        text, body = source.text, Span(piece.headline.start if piece.headline else piece.start, piece.end)
        notes = [Span(*m.span()) for m in lexicon.regex("note-mark").finditer(text, body.start, body.end)]
        if notes:
            piece = evolve(piece, skips=tuple(coalesced((*piece.skips, *notes))))
        paragraphs = quotation_marks.of_article(text, piece)
        found = quotation_marks.find(text, lexicon=lexicon, start=body.start, end=body.end, skips=piece.skips)
        outlet, wire = publisher.publisher(source, piece, lexicon=lexicon)
        return cls(text, piece, body, paragraphs, found, outlet, wire)

    @classmethod
    def plain(cls, text: str, *, lexicon: Lexicon, skips: tuple[Span, ...] = ()) -> ArticleText:
        """Lay out a text that is one article and nothing else.

        Args:
            text: the article.
            lexicon: brings the quotation marks.
            skips: page furniture in it, which is not read.
        """
        return cls.of(SourceText("text", text), Slice(0, len(text), skips=skips), lexicon=lexicon)

    @property
    def skips(self) -> tuple[Span, ...]:
        """Page furniture inside the article, which is not read."""
        return self.slice.skips

    @property
    def title(self) -> str | None:
        """The headline's words, where the page tells them."""
        return self.slice.title

    @property
    def byline(self) -> str | None:
        """Who wrote it, where the page tells that."""
        return self.slice.byline
