"""The formats `webannotation` and `hypothesis`: each quote anchored in its page, for W3C tools and Hypothesis.

`webannotation` is one page of W3C Web Annotations in JSON-LD: a TextQuoteSelector and a TextPositionSelector for each
fragment. The Web Annotation Data Model counts code points, as our records do. The record itself is included as a JSON
literal, so that it can be read back; an article without quotes is an annotation that bookmarks it.

`hypothesis` is one line per quote, each a body for Hypothesis's `POST /api/annotations`. Hypothesis counts UTF-16 code
units, as browsers do, and takes one target: it reaches from the first fragment to the last.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import quote as percent

from quotes.errors import InputError
from quotes.export.credit import channel_line, speaker_line
from quotes.export.formats.for_people import marked
from quotes.export.json_stream import JSONStream
from quotes.export.places import Utf16, around, extent, fragments, iri, text_of
from quotes.export.rows import records_of, rows_of
from quotes.export.writing import write_lines, write_list
from quotes.records import Article, ArticleRecord, ErrorRecord, Quote, Span
from quotes.records.json_text import dumps, for_page

CONTEXT = ["http://www.w3.org/ns/anno.jsonld", {"record": {"@id": "urn:x-quotes:record", "@type": "@json"}}]
# Characters of context: as many as Hypothesis's own client takes.
CONTEXT_SIZE = 32
Json = dict[str, Any]


def write(records: Iterable[ArticleRecord | ErrorRecord], stream: TextIO) -> None:
    """Write one AnnotationPage, annotation by annotation.

    Args:
        records: articles with their texts, and errors, in any order.
        stream: a text stream, in UTF-8.

    Raises:
        InputError: if an article has no text, or another than its quotes were found in.
        OSError: if the stream cannot be written.
    """
    opening = for_page({"@context": CONTEXT, "id": "urn:x-quotes:page", "type": "AnnotationPage", "startIndex": 0})[:-1]
    opening += ', "items": ['
    write_list(records, stream, _annotations, opening=opening, closing="]}", empty="\n")


def _annotations(record: ArticleRecord) -> Iterator[str]:
    for row in rows_of([record]):
        yield for_page(_annotation(row, record))


def _annotation(row: Json, record: ArticleRecord) -> Json:
    article, number = record.article, row["number"]
    text_of(article, "webannotation")
    if number is None:
        kept = {"id": f"urn:x-quotes:article:{_name(article.id)}", "type": "Annotation", "motivation": "bookmarking"}
        return {**kept, "target": iri(article), "record": row}
    quote = record.quotes[number]
    targets = [
        {"source": iri(article), "selector": _selectors(article, span, words, span)}
        for span, words in fragments(quote, article, "webannotation")
    ]
    return {
        "id": f"urn:x-quotes:quote:{_name(quote.id)}",
        "type": "Annotation",
        "motivation": ["describing", "tagging"],
        "body": _bodies(quote, article),
        "target": targets if len(targets) > 1 else targets[0],
        "record": row,
    }


def _name(identity: str) -> str:
    return percent(identity, safe="", errors="replace") or "none"


def _bodies(quote: Quote, article: Article) -> list[Json]:
    language = {"language": article.language} if article.language else {}
    described = "; ".join(filter(None, (speaker_line(quote), channel_line(quote), quote.type)))
    body: Json = {"type": "TextualBody", "purpose": "describing", "format": "text/plain", **language}
    tagged = ({"type": "TextualBody", "purpose": "tagging", "value": tag} for tag in tags(quote))
    return [{**body, "value": described}, *tagged]


def tags(quote: Quote) -> list[str]:
    """Return a quote's tags: its speaker and its channels."""
    names = [quote.speaker.name] if quote.speaker else []
    return list(dict.fromkeys(name for name in [*names, *(channel.name for channel in quote.channels)] if name))


def _selectors(article: Article, span: Span, words: str, position: Span) -> list[Json]:
    prefix, suffix = around(article.text or "", span, CONTEXT_SIZE)
    return [
        {"type": "TextQuoteSelector", "exact": words, "prefix": prefix, "suffix": suffix},
        {"type": "TextPositionSelector", "start": position.start, "end": position.end},
    ]


def read(path: Path) -> Iterator[ArticleRecord]:
    """Yield the articles of an AnnotationPage that `write` wrote.

    Args:
        path: the file.

    Raises:
        InputError: if it is not such a page; the message names the annotation.
    """
    with path.open(encoding="utf-8-sig") as stream:
        page = JSONStream(stream)
        if page.peek() != "{":
            raise InputError("not a page of annotations; give it a file that quotes wrote")
        found = False
        for key in page.members():
            if key == "items" and page.peek() == "[":
                found = True
                yield from records_of(_rows(page))
            else:
                page.value()
        if not found or page.peek():
            raise InputError('not a page of annotations with "items"; give it a file that quotes wrote')


def _rows(page: JSONStream) -> Iterator[tuple[str, Json]]:
    for number, item in enumerate(page.items(), start=1):
        place = f"annotation {number}, which ends on line {page.line()}"
        record = item.get("record") if isinstance(item, dict) else None
        if not isinstance(record, dict):
            raise InputError(f'{place}: no "record"; only annotations that quotes wrote can be read back')
        yield place, record


def write_hypothesis(records: Iterable[ArticleRecord | ErrorRecord], stream: TextIO) -> None:
    """Write a line for each quote: the body that Hypothesis's API takes to create its annotation.

    Args:
        records: articles with their texts, and errors, in any order.
        stream: a text stream, in UTF-8.

    Raises:
        InputError: if an article has no text, or another than its quotes were found in.
        OSError: if the stream cannot be written.
    """
    write_lines(records, stream, _envelopes)


def _envelopes(record: ArticleRecord) -> Iterator[str]:
    units = Utf16(text_of(record.article, "hypothesis"))
    for quote in record.quotes:
        yield dumps(_envelope(quote, record.article, units))


def _envelope(quote: Quote, article: Article, units: Utf16) -> Json:
    fragments(quote, article, "hypothesis")
    span, uri = extent(quote), iri(article)
    position = Span(units(span.start), units(span.end))
    # Hypothesis renders the text as Markdown.
    said = [f"**{marked(speaker_line(quote))}** ({quote.type})", marked(channel_line(quote)), f"> {marked(quote.text)}"]
    return {
        "uri": uri,
        "document": {"title": [article.title]} if article.title else {},
        "text": "\n\n".join(filter(None, said)),
        "tags": tags(quote),
        "target": [
            {"source": uri, "selector": _selectors(article, span, units.text[span.start : span.end], position)}
        ],
    }
