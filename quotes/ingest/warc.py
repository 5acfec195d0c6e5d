"""WARC files of a crawl: each archived page, one at a time."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from attrs import evolve

from quotes.errors import InputError, short
from quotes.files.compressed import read_all
from quotes.ingest.days import iso
from quotes.ingest.reading import Found, Input
from quotes.ingest.sniff import Kind
from quotes.ingest.whole import read_page, read_text
from quotes.records import ErrorRecord

# Types of records to read (ISO 28500): responses, and converted documents, as in Common Crawl's WET files.
_ANSWER = "response"
_DOCUMENTS = ("resource", "conversion")
_TYPES: dict[str, Kind] = {"text/html": "html", "application/xhtml+xml": "html", "text/plain": "text"}


def read_warc(given: Input) -> Iterator[Found]:
    """Yield each web page and each plain text with status 200.

    The record gives the address, and the day of the crawl if the page states no date. Everything else in the file
    (requests, pictures, other statuses, revisits) is skipped.

    Args:
        given: the file, decompressed; its texts are named after it and the record's number.
    """
    name = given.name
    try:
        from warcio.archiveiterator import ArchiveIterator
    except ImportError:
        yield ErrorRecord(name, "library", "WARC files need a library: .venv/bin/pip install '.[archives]'")
        return
    some = False
    number = 0
    try:
        for record in ArchiveIterator(given.stream):
            number += 1
            kind = _kind(record)
            if kind is not None:
                some = True
                yield from _texts(record, kind, f"{name}#{number}", given)
    except Exception as error:  # warcio raises all sorts for broken records
        yield ErrorRecord(name, "broken", f"the file is broken after record {number} ({short(error)}); fetch it again")
        return
    if not some:
        yield ErrorRecord(name, "empty", "no page or text with status 200 in the WARC file; leave it out")


def _kind(record: Any) -> Kind | None:
    """Return the kind of a record's content, or None if it is not read."""
    if record.rec_type == _ANSWER:
        if record.http_headers is None or record.http_headers.get_statuscode() != "200":
            return None
        media_type = record.http_headers.get_header("Content-Type")
    elif record.rec_type in _DOCUMENTS:
        media_type = record.rec_headers.get_header("Content-Type")
    else:
        return None
    return _TYPES.get((media_type or "").partition(";")[0].strip().lower())


def _texts(record: Any, kind: Kind, name: str, given: Input) -> Iterator[Found]:
    try:
        data = read_all(record.content_stream(), what="the page")
    except InputError as error:
        yield ErrorRecord(name, "too-long", str(error))
        return
    address = record.rec_headers.get_header("WARC-Target-URI")
    day = iso(record.rec_headers.get_header("WARC-Date"))
    read = read_page if kind == "html" else read_text
    for found in read(evolve(given, stream=io.BytesIO(data), name=name)):
        if isinstance(found, ErrorRecord):
            yield found
        else:
            yield evolve(found, url=(address or "").strip("<>") or None, published=day, file=name.rpartition("#")[0])
