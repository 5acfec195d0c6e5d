"""Inputs that are held whole, one at a time: a text, a web page, a JSON document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import evolve

from quotes.errors import InputError
from quotes.ingest.sniff import Kind
from quotes.ingest.tables import read_json
from quotes.ingest.text import decode, is_blank
from quotes.records import ErrorRecord, Page, SourceText

Found = SourceText | Page | ErrorRecord


def texts(data: bytes, *, name: str, kind: Kind, columns: Mapping[str, str]) -> Iterator[Found]:
    """Yield the texts of an input, or what is wrong with it; a web page is not looked into.

    Args:
        data: all of it.
        name: of the input.
        kind: "text", "html" or "json".
        columns: for JSON, our field to the input's key.
    """
    try:
        if kind == "html":
            yield empty(name) if not data.strip() else Page(name, data)
            return
        text = decode(data)
    except InputError as error:
        yield ErrorRecord(name, "encoding", str(error))
        return
    if is_blank(text):
        yield empty(name)
    elif kind == "json":
        yield from read_json(text, name=name, columns=columns)
    else:
        yield SourceText(name, text)


def empty(name: str) -> ErrorRecord:
    """Return the error of an input without a text."""
    return ErrorRecord(name, "empty", "nothing but blank space in it; leave it out, or save the text again")


def text_of(page: Page) -> SourceText | ErrorRecord:
    """Return the text of a web page, or why there is none.

    Args:
        page: as it came.
    """
    from quotes.ingest.html import read_html

    try:
        source = read_html(page.data, name=page.name)
    except InputError as error:
        return ErrorRecord(page.name, "no-text", str(error))
    return evolve(source, url=page.url or source.url, published=source.published or page.published, file=page.file)
