"""Inputs held in memory as a whole: a text, a web page, Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve

from quotes.errors import InputError
from quotes.ingest.reading import Found, Input
from quotes.ingest.text import decode, is_blank
from quotes.records import ErrorRecord, Page, SourceText


def read_text(given: Input) -> Iterator[Found]:
    """Yield a plain text, or its error.

    Args:
        given: a stream of bytes.
    """
    text = whole_text(given)
    yield text if isinstance(text, ErrorRecord) else SourceText(given.name, text)


def whole_text(given: Input) -> str | ErrorRecord:
    """Return the text of an input, decoded, or its error."""
    try:
        data = given.whole("the text")
    except InputError as error:
        return given.error("too-long", str(error))
    try:
        text = decode(data)
    except InputError as error:
        return given.error("encoding", str(error))
    return empty(given.name) if is_blank(text) else text


def read_page(given: Input) -> Iterator[Found]:
    """Yield a web page, unopened, or its error.

    Args:
        given: a stream of bytes.
    """
    try:
        data = given.whole("the text")
    except InputError as error:
        yield given.error("too-long", str(error))
        return
    yield Page(given.name, data) if data.strip() else empty(given.name)


def empty(name: str) -> ErrorRecord:
    """Return the error of an input without a text."""
    return ErrorRecord(name, "empty", "it is blank; leave it out, or save the text again")


def text_of(page: Page) -> SourceText | ErrorRecord:
    """Return the text of a web page, or its error.

    Args:
        page: the page.
    """
    from quotes.ingest.html import read_html

    try:
        source = read_html(page.data, name=page.name)
    except InputError as error:
        return ErrorRecord(page.name, "no-text", str(error))
    missing = ("published", "title", "byline", "outlet", "language", "wire")
    values = {name: getattr(page, name) for name in missing if getattr(source, name) is None}
    return evolve(source, url=page.url or source.url, file=page.file, **values)
