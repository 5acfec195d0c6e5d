"""Fingerprints of what a reviewer saw: a verdict counts only for the record that it was given on."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from attrs import frozen

from quotes.export import to_dict
from quotes.records import Article, ArticleRecord, Quote
from quotes.records.json_text import dumps

# Fields about the extraction: a different confidence does not make a different statement.
_BESIDE = frozenset({"id", "confidence", "pattern", "paragraph"})
_PLACES = frozenset({"start", "end"})


@frozen
class Seen:
    """Fingerprints of the article's text and of the quote's record, and keys to find them in other copies."""

    text: str
    """Fingerprint of the article's text."""
    start: int = 0
    """Where the article begins in its source, to convert offsets."""
    title: str | None = None
    """The article's title, or null."""
    quote: str | None = None
    """Fingerprint of the quote's record; null for an added one."""


def seen(record: ArticleRecord, quote: Quote | None) -> Seen:
    """Return what a reviewer of this quote sees; only the article's if a quote is added."""
    article = record.article
    own = fingerprint(quote, base=article.start) if quote else None
    return Seen(text_fingerprint(article), article.start, article.title, own)


def text_fingerprint(article: Article) -> str:
    """Return a fingerprint of an article's own text, wherever it is in its source."""
    text = (article.text or "")[article.start : article.end]
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def fingerprint(quote: Quote, *, base: int = 0, places: bool = True) -> str:
    """Return a fingerprint of a quote's record, without empty fields.

    Args:
        quote: the quote; its id, confidence, pattern and paragraph do not count.
        base: where the article begins; offsets count from there.
        places: whether offsets count.
    """
    said = {name: value for name, value in to_dict(quote).items() if name not in _BESIDE}
    plain = dumps(_plain(said, base, places))
    return hashlib.sha256(plain.encode("utf-8")).hexdigest()[:32]


def _plain(value: Any, base: int, places: bool) -> Any:
    if isinstance(value, Mapping):
        found = {}
        for name in sorted(value):
            item = value[name]
            if name in _PLACES and isinstance(item, int):
                item = item - base if places else None
            else:
                item = _plain(item, base, places)
            if item is not None and item != [] and item != {}:
                found[name] = item
        return found
    if isinstance(value, list):
        return [_plain(item, base, places) for item in value]
    return value


def in_place(quote: Quote, article: Article) -> bool:
    """Return whether the quote's fragments are spans of the article, in order and disjoint."""
    spans = quote.spans
    inside = all(article.start <= span.start < span.end <= article.end for span in spans)
    return bool(spans) and inside and all(a.end <= b.start for a, b in pairwise(spans))


def verbatim(quote: Quote, article: Article) -> bool:
    """Return whether the article has the quote's fragments, word for word, in their places."""
    text = article.text or ""
    return in_place(quote, article) and quote.text == " ".join(text[span.start : span.end] for span in quote.spans)


def credited(quote: Quote, article: Article) -> bool:
    """Return whether the article has the mentions of speaker, cue and channels in their places."""
    text = article.text or ""
    mention = quote.speaker.mention if quote.speaker else None
    parts = [quote.cue, mention, *(channel.mention for channel in quote.channels)]
    return all(part is None or text[part.start : part.end] == part.text for part in parts)
