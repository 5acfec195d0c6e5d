"""Turn a stream of bytes into texts: decompress it, detect its kind, call the kind's reader.

A kind of input is one module and one line in `_READERS`.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import BinaryIO

from quotes.errors import InputError
from quotes.files.compressed import packing_of, read_all, unpacked
from quotes.ingest.own import own_output, written_by_us
from quotes.ingest.reading import Found, Input, Reading
from quotes.ingest.sniff import ARCHIVE, PACKAGES, Kind, binary, kind_of, package_or_none, warc_or_none
from quotes.ingest.whole import empty
from quotes.records import ErrorRecord

# Bytes to detect the kind from; a header of CSV or a first line of JSON is seldom longer.
HEAD = 65536

_XML = "this is XML, but neither a feed nor a page: save its articles as HTML or text, or add --input-format"
Reader = Callable[[Input], Iterator[Found]]
# Module and function of each kind's reader, imported when needed.
_READERS: Mapping[Kind, tuple[str, str]] = {
    "text": ("whole", "read_text"),
    "html": ("whole", "read_page"),
    "markdown": ("markdown", "read_markdown"),
    "jsonl": ("tables", "read_jsonl"),
    "csv": ("tables", "read_csv"),
    "json": ("tables", "read_json"),
    "xlsx": ("spreadsheet", "read_xlsx"),
    "docx": ("documents", "read_docx"),
    "odt": ("documents", "read_odt"),
    "pdf": ("pdf", "read_pdf"),
    "feed": ("feed", "read_feed"),
    "eml": ("mail", "read_eml"),
    "mbox": ("mail", "read_mbox"),
    "zip": ("archive", "read_zip"),
    "warc": ("warc", "read_warc"),
}


def read_stream(stream: BinaryIO, name: str, *, suffix: str, how: Reading, depth: int = 0) -> Iterator[Found]:
    """Yield the texts of a stream, or its error.

    Args:
        stream: a stream at its beginning.
        name: the input's name.
        suffix: the suffix of the name, without that of gzip or zstd; "" if none.
        how: how to read it.
        depth: how deep it is nested in archives.
    """
    stream, head = peeked(stream)
    if packing := packing_of(head):
        try:
            stream, head = peeked(unpacked(stream, packing))
        except InputError as error:
            yield ErrorRecord(name, "library", str(error))
            return
    if not head:
        yield empty(name)
        return
    try:
        kind = how.input_format if depth == 0 else None
        detected = warc_or_none(head)
        if kind is None and detected is None:
            stream, detected = _package(stream, head)
    except InputError as error:
        yield ErrorRecord(name, "too-long", str(error))
        return
    kind = kind or detected
    if kind is None or (kind not in PACKAGES and kind != "warc"):
        if words := binary(head):
            yield ErrorRecord(name, "binary", words)
            return
        if what := written_by_us(head):
            yield own_output(name, what)
            return
    if kind is None:
        kind = kind_of(head, suffix=suffix, columns=how.columns)
        if kind == "text" and head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<?xml"):
            yield ErrorRecord(name, "binary", _XML)
            return
    yield from _reader(kind)(Input(stream, name, head, how, depth))


def peeked(stream: BinaryIO) -> tuple[BinaryIO, bytes]:
    """Return the stream and its first bytes, without consuming them."""
    if isinstance(stream, io.BufferedReader):
        return stream, stream.peek(HEAD)[:HEAD]
    held = io.BytesIO(stream.read())
    return held, held.getvalue()[:HEAD]


def _package(stream: BinaryIO, head: bytes) -> tuple[BinaryIO, Kind | None]:
    """Return the stream, seekable if it is an archive or a document, and its kind or None."""

    def members() -> Iterable[str]:
        from quotes.ingest.archive import names

        return names(stream)

    if head.startswith(ARCHIVE) and not stream.seekable():
        stream = io.BytesIO(read_all(stream, what="the archive"))
    return stream, package_or_none(head, members)


def _reader(kind: Kind) -> Reader:
    from importlib import import_module

    module, function = _READERS[kind]
    reader: Reader = getattr(import_module(f"quotes.ingest.{module}"), function)
    return reader
