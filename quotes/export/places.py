"""Where a quote is in its text: fragments, context, and offsets as JavaScript counts them."""

from __future__ import annotations

import re
from bisect import bisect_left
from urllib.parse import quote as percent

from attrs import field, frozen

from quotes.errors import InputError
from quotes.records import Article, Quote, Span

_WEB = re.compile(r"https?://[^\s<>\"{}|\\^`]+", re.I)


def text_of(article: Article, form: str) -> str:
    """Return the text that an article's offsets refer to.

    Args:
        article: an article, which may lack it.
        form: the format that needs it.

    Raises:
        InputError: if the article was saved without its text.
    """
    if article.text is None:
        raise InputError(f"{article.source}: saved without its text, which {form} needs; extract it with --with-text")
    return article.text


def fragments(quote: Quote, article: Article, form: str) -> list[tuple[Span, str]]:
    """Return the fragments of a quote with their words.

    Args:
        quote: a quote of the article.
        article: an article with its text.
        form: the format that needs them.

    Raises:
        InputError: if there is no text, or another than the quote was found in.
    """
    text = text_of(article, form)
    found = [(span, text[span.start : span.end]) for span in quote.spans]
    whole = bool(found) and all(span.start < span.end for span in quote.spans)
    if not whole or " ".join(words for _, words in found) != quote.text:
        reason = f"the text is not the one that quote {quote.id} was found in"
        raise InputError(f"{article.source}: {reason}; extract it again with --with-text")
    return found


def extent(quote: Quote) -> Span:
    """Return the span from a quote's first fragment to its last."""
    return Span(quote.spans[0].start, quote.spans[-1].end)


def around(text: str, span: Span, size: int) -> tuple[str, str]:
    """Return the text before and after a span, at most `size` characters each."""
    return text[max(0, span.start - size) : span.start], text[span.end : span.end + size]


@frozen
class Utf16:
    """Offsets as JavaScript counts them: a character beyond U+FFFF, such as an emoji, counts twice."""

    text: str
    _wide: list[int] = field(init=False, repr=False)

    @_wide.default
    def _find(self) -> list[int]:
        return [] if self.text.isascii() else [n for n, sign in enumerate(self.text) if sign > "\uffff"]

    def __call__(self, offset: int) -> int:
        """Return the offset in UTF-16 code units of an offset in code points."""
        return offset + bisect_left(self._wide, offset)


def web_address(url: str | None) -> str | None:
    """Return a web URL unchanged, and None for anything else."""
    return url if url and _WEB.fullmatch(url) else None


def iri(article: Article) -> str:
    """Return an IRI of an article's source: its URL, or a URN made from its path."""
    return web_address(article.url) or f"urn:x-quotes:source:{percent(article.source, safe='/', errors='replace')}"
