"""The places of a quote in its text: fragments, what stands before and after, and offsets as JavaScript counts them."""

from __future__ import annotations

import re
from bisect import bisect_left
from urllib.parse import quote as percent

from attrs import field, frozen

from quotes.errors import InputError
from quotes.records import Article, Quote, Span

_WEB = re.compile(r"https?://[^\s<>\"{}|\\^`]+", re.I)


def text_of(article: Article, form: str) -> str:
    """Return the text that an article's offsets point into.

    Args:
        article: with or without it.
        form: the format that needs it.

    Raises:
        InputError: where the article was saved without its text.
    """
    if article.text is None:
        raise InputError(f"{article.source}: saved without its text, which {form} needs; extract it with --with-text")
    return article.text


def fragments(quote: Quote, article: Article, form: str) -> list[tuple[Span, str]]:
    """Return the fragments of a quote with their words.

    Args:
        quote: of that article.
        article: with its text.
        form: the format that needs them.

    Raises:
        InputError: where there is no text, or another one than the quote was found in.
    """
    text = text_of(article, form)
    found = [(span, text[span.start : span.end]) for span in quote.spans]
    whole = bool(found) and all(span.start < span.end for span in quote.spans)
    if not whole or " ".join(words for _, words in found) != quote.text:
        reason = f"the text is not the one that quote {quote.id} was found in"
        raise InputError(f"{article.source}: {reason}; extract it again with --with-text")
    return found


def extent(quote: Quote) -> Span:
    """Return where a quote begins and where it ends, with what stands between its fragments."""
    return Span(quote.spans[0].start, quote.spans[-1].end)


def around(text: str, span: Span, size: int) -> tuple[str, str]:
    """Return what stands before a span and behind it, at most so many characters each."""
    return text[max(0, span.start - size) : span.start], text[span.end : span.end + size]


@frozen
class Utf16:
    """Offsets as JavaScript counts them: a character beyond U+FFFF, an emoji, is two."""

    text: str
    _wide: list[int] = field(init=False, repr=False)

    @_wide.default
    def _find(self) -> list[int]:
        return [] if self.text.isascii() else [n for n, sign in enumerate(self.text) if sign > "\uffff"]

    def __call__(self, offset: int) -> int:
        """Return the offset in UTF-16 code units of an offset in code points."""
        return offset + bisect_left(self._wide, offset)


def web_address(url: str | None) -> str | None:
    """Return a URL of the web as it is, and None for anything else."""
    return url if url and _WEB.fullmatch(url) else None


def iri(article: Article) -> str:
    """Return what identifies an article's source: its URL, or a name made of the path it was read from."""
    return web_address(article.url) or f"urn:x-quotes:source:{percent(article.source, safe='/', errors='replace')}"
