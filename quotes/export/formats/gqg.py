"""The format `gqg`: one line per article, in the layout of the GDELT Project's Global Quotation Graph.

Its fields are `date`, `url`, `title`, `lang` and `quotes`, a list of `pre`, `quote` and `post`; it has no field for a
speaker. `quote` is the record's text; `pre` and `post` are the words before its first fragment and after its last.
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
# GDELT uses a language's English name in capitals.
_LANGUAGES = {"en": "ENGLISH"}


def write(records: Iterable[ArticleRecord | ErrorRecord], stream: TextIO) -> None:
    """Write a line for each article, those without quotes included.

    Args:
        records: articles with their texts, and errors, in any order.
        stream: a text stream, in UTF-8.

    Raises:
        InputError: if an article has no text, or another than its quotes were found in.
        OSError: if the stream cannot be written.
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
