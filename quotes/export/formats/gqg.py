"""The format `gqg`: a line an article, shaped as the GDELT Project's Global Quotation Graph.

Its fields are `date`, `url`, `title`, `lang` and `quotes`, a list of `pre`, `quote` and `post`; there is no place for a
speaker. `quote` is the record's text; `pre` and `post` stand before its first fragment and behind its last.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TextIO

from quotes.export.places import around, extent, fragments, iri, text_of
from quotes.export.writing import write_lines
from quotes.records import Article, ArticleRecord, ErrorRecord, Quote
from quotes.records.json_text import dumps

# Characters of context on each side, about as many as GDELT gives.
CONTEXT_SIZE = 100
# GDELT writes a language's English name in capitals.
_LANGUAGES = {"en": "ENGLISH"}


def write(records: Iterable[ArticleRecord | ErrorRecord], stream: TextIO) -> None:
    """Write a line for each article, as it comes, one without quotes among them.

    Args:
        records: articles with their texts, and errors, in any order.
        stream: where to; UTF-8 is meant.

    Raises:
        InputError: where an article has no text, or not its own.
        OSError: where the stream cannot be written.
    """
    write_lines(records, stream, _lines)


def _lines(record: ArticleRecord) -> list[str]:
    text = text_of(record.article, "gqg")
    quotes = [_quote(quote, record.article, text) for quote in record.quotes]
    return [dumps({**_article(record.article), "quotes": quotes})]


def _article(article: Article) -> dict[str, Any]:
    language = (article.language or "").partition("-")[0].lower()
    return {
        "date": article.published,
        "url": iri(article),
        "title": article.title or "",
        "lang": _LANGUAGES.get(language, language.upper()),
    }


def _quote(quote: Quote, article: Article, text: str) -> dict[str, str]:
    fragments(quote, article, "gqg")
    before, behind = around(text, extent(quote), CONTEXT_SIZE)
    stance = {} if quote.stance == "said" else {"stance": quote.stance}
    return {"pre": before, "quote": quote.text, "post": behind, **stance}
