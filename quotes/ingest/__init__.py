"""Read inputs of any kind into texts, one at a time, with what is known of them.

What cannot be read becomes an ErrorRecord that names the thing and the next step; the others go on. One module a
kind of input; `read` tells the kinds apart and is all that other stages need. `pages.split` then tells one article of
a text from the next, `publisher.publisher` who published each.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from quotes.errors import InputError
from quotes.files.compressed import inner_name, packing_of, read_all, unpacked
from quotes.files.paths import AnyPath
from quotes.ingest.meter import Meter
from quotes.ingest.own import EXPORT, own_output, written_by_us
from quotes.ingest.sniff import KINDS, Kind, binary, kind_of, warc_or_none
from quotes.ingest.tables import FIELDS, read_csv, read_jsonl
from quotes.ingest.walk import File, failure, files
from quotes.ingest.warc import read_warc
from quotes.ingest.whole import Found, empty, text_of, texts
from quotes.records import ErrorRecord, Page, SourceText

__all__ = ["FIELDS", "KINDS", "read", "read_unopened", "text_of"]

STDIN = "-"
# The kind is told from so many bytes; a header of CSV or a first line of JSON is seldom longer.
_HEAD = 65536


def read(
    paths: AnyPath | Iterable[AnyPath],
    *,
    input_format: str | None = None,
    columns: Mapping[str, str] | None = None,
    stdin: BinaryIO | None = None,
    meter: Meter | None = None,
) -> Iterator[SourceText | ErrorRecord]:
    """Yield the texts that the paths name, or what is wrong with them, in order.

    Tables and WARC files are read piece by piece, folders file by file; a text or a web page is held whole, one at a
    time. What gzip or zstd has packed is unpacked on the way. Nothing that is held whole may be longer than
    `quotes.files.compressed.LIMIT`.

    Args:
        paths: one or more files, folders (with all below them, sorted by name), patterns with `*`, and "-" for
            standard input.
        input_format: one of `KINDS`, in place of what suffix and content tell.
        columns: for tables, one of `FIELDS` to the input's own name: {"text": "body"}.
        stdin: a binary stream to read for "-"; standard input by default.
        meter: counts what is read of files.

    Raises:
        InputError: at once, where `input_format` or a key of `columns` is unknown. What is wrong with an input is
            yielded, never raised.
    """
    unopened = read_unopened(paths, input_format=input_format, columns=columns, stdin=stdin, meter=meter)
    return (text_of(found) if isinstance(found, Page) else found for found in unopened)


def read_unopened(
    paths: AnyPath | Iterable[AnyPath],
    *,
    input_format: str | None = None,
    columns: Mapping[str, str] | None = None,
    stdin: BinaryIO | None = None,
    meter: Meter | None = None,
) -> Iterator[Found]:
    """Yield what `read` does, but web pages as they came, so that several processes can open them with `text_of`.

    Args and Raises: as for `read`.
    """
    if input_format is not None and input_format not in KINDS:
        raise InputError(f"unknown input format {input_format!r}; use one of {', '.join(KINDS)}")
    for field in columns or {}:
        if field not in FIELDS:
            raise InputError(f"unknown field {field!r} in columns; the fields are {', '.join(FIELDS)}")
    kind = next((k for k in KINDS if k == input_format), None)
    named = [paths] if isinstance(paths, str | os.PathLike) else paths
    return _all(named, kind, dict(columns or {}), stdin, meter or Meter())


def _all(
    paths: Iterable[AnyPath],
    kind: Kind | None,
    columns: Mapping[str, str],
    stdin: BinaryIO | None,
    meter: Meter,
) -> Iterator[Found]:
    for path in paths:
        if os.fspath(path) == STDIN:
            yield from _standard_input(kind, columns, stdin)
            continue
        for found in files(path):
            if isinstance(found, ErrorRecord):
                yield found
            else:
                yield from _file(found, kind, columns, meter)


def _standard_input(
    kind: Kind | None, columns: Mapping[str, str], stdin: BinaryIO | None
) -> Iterator[Found]:
    import sys

    stream = stdin if stdin is not None else sys.stdin.buffer
    try:
        yield from _stream(stream, STDIN, "", kind, columns)
    except (OSError, ValueError) as error:
        yield failure(STDIN, error)
    except InputError as error:
        yield ErrorRecord(STDIN, "broken", str(error))


def _file(
    file: File, kind: Kind | None, columns: Mapping[str, str], meter: Meter
) -> Iterator[Found]:
    """Yield what a file holds; whatever goes wrong with it ends this file only."""
    suffix = Path(inner_name(file.path)).suffix
    try:
        with open(file.path, "rb", buffering=_HEAD) as stream, meter.reading(stream):
            if not (file.chosen or suffix) and binary(_peeked(stream)[1]):
                return  # a program in a folder of texts: nobody meant it
            for found in _stream(stream, file.path, suffix, kind, columns):
                # Nobody means an earlier run's output that lies in the folder of articles.
                if file.chosen or getattr(found, "error", None) != EXPORT:
                    yield found
    except (OSError, ValueError) as error:
        yield failure(file.path, error)


def _stream(
    stream: BinaryIO, name: str, suffix: str, kind: Kind | None, columns: Mapping[str, str]
) -> Iterator[Found]:
    stream, head = _peeked(stream)
    if packing := packing_of(head):
        try:
            stream, head = _peeked(unpacked(stream, packing))
        except InputError as error:
            yield ErrorRecord(name, "library", str(error))
            return
    if not head:
        yield empty(name)
        return
    if (kind or warc_or_none(head)) == "warc":
        yield from read_warc(stream, name=name)
        return
    if words := binary(head):
        yield ErrorRecord(name, "binary", words)
        return
    if what := written_by_us(head):
        yield own_output(name, what)
        return
    kind = kind or kind_of(head, suffix=suffix, column=columns.get("text", "text"))
    if kind in ("jsonl", "csv"):
        reader = read_jsonl if kind == "jsonl" else read_csv
        some = False
        for found in reader(stream, name=name, columns=columns, head=head):
            some = True
            yield found
        if not some:
            yield ErrorRecord(name, "empty", "the table has no rows; leave it out, or check --input-format")
        return
    try:
        data = read_all(stream, what="the text")
    except InputError as error:
        yield ErrorRecord(name, "too-long", str(error))
        return
    yield from texts(data, name=name, kind=kind, columns=columns)


def _peeked(stream: BinaryIO) -> tuple[BinaryIO, bytes]:
    """Return the stream and its first bytes, which it still has to give."""
    if isinstance(stream, io.BufferedReader):
        return stream, stream.peek(_HEAD)[:_HEAD]
    held = io.BytesIO(stream.read())
    return held, held.getvalue()[:_HEAD]
