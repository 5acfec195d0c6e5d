"""Parse an article's paragraphs on demand, each when a stage first asks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from attrs import define, field

from quotes.extraction.article_text import ArticleText
from quotes.extraction.parsing import masking
from quotes.extraction.parsing.masking import Reading
from quotes.lexicon import Lexicon
from quotes.records import Span

if TYPE_CHECKING:
    from spacy.tokens import Doc


@define(eq=False)
class Parse:
    """The parse of one article: paragraphs on demand, cached, with offsets of the source.

    Args:
        article: the article.
        lexicon: the patterns, with the words of saying.
        parser: returns a parsed Doc for each text, in order.
        doc: a parse of the source to use instead.
    """

    article: ArticleText
    lexicon: Lexicon
    parser: Callable[[Iterable[str]], Iterable[Doc]]
    doc: Doc | None = None
    _kept: dict[Span, list[Reading]] = field(factory=dict, init=False)

    def read(self, paragraphs: Sequence[Span], *, chosen: bool = False) -> list[Reading]:
        """Return the parse of paragraphs, without those that need no parse.

        Args:
            paragraphs: paragraphs of the article, in order.
            chosen: whether they are known to have statements, so that no word of saying is required.
        """
        wanted = [p for p in paragraphs if p not in self._kept]
        for reading in self._parsed(wanted, chosen):
            self._kept.setdefault(reading.paragraph, []).append(reading)
        return [reading for p in paragraphs for reading in self._kept.get(p, ())]

    @property
    def readings(self) -> list[Reading]:
        """Everything parsed so far, in the order of the text."""
        return [reading for p in sorted(self._kept, key=lambda p: p.start) for reading in self._kept[p]]

    def _parsed(self, paragraphs: Sequence[Span], chosen: bool) -> Iterable[Reading]:
        if self.doc is not None:
            return masking.given(self.doc, paragraphs, self.article.quotations)
        pieces = masking.pieces(self.article, paragraphs, lexicon=self.lexicon, chosen=chosen)
        return masking.read(pieces, parse=self.parser)
