"""The format `json`: one document, `{"schema": "quotes/1", "articles": […], "errors": […]}`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import SpooledTemporaryFile
from textwrap import indent
from typing import TextIO

from quotes.errors import InputError
from quotes.export.json_stream import JSONStream
from quotes.files.compressed import temporary
from quotes.records import SCHEMA, ArticleRecord, ErrorRecord
from quotes.records.conversion import from_dict, to_dict
from quotes.records.json_text import dumps

# Errors come after the articles, so they are held: in memory up to this many bytes, then in a temporary file.
ERRORS_IN_MEMORY = 1_000_000


def write(records: Iterable[ArticleRecord | ErrorRecord], stream: TextIO) -> None:
    """Write the document, each article at once.

    Args:
        records: articles and errors in any order.
        stream: a text stream, in UTF-8.

    Raises:
        OSError: if the stream cannot be written.
    """
    with SpooledTemporaryFile(ERRORS_IN_MEMORY, mode="w+", encoding="utf-8", newline="\n") as errors:
        # Nothing is written before the first record, so that a run that cannot begin leaves no half of a document.
        opening = f'{{\n  "schema": {json.dumps(SCHEMA)},\n  "articles": ['
        before = opening + "\n"
        for record in records:
            if isinstance(record, ErrorRecord):
                with temporary():
                    errors.write(dumps(to_dict(record)) + "\n")
                continue
            stream.write(before + indent(dumps(to_dict(record), indent=2), "    "))
            before = ",\n"
        stream.write("\n  ],\n" if before == ",\n" else opening + "],\n")
        with temporary():
            errors.seek(0)
        stream.write('  "errors": [')
        separator = "\n"
        for line in errors:
            stream.write(f"{separator}    {line.rstrip()}")
            separator = ",\n"
        stream.write("]\n}\n" if separator == "\n" else "\n  ]\n}\n")
    stream.flush()


def read(path: Path) -> Iterator[ArticleRecord]:
    """Yield the articles of a document one at a time, without its errors.

    Args:
        path: the document.

    Raises:
        InputError: if it is not such a document; the message names the line.
    """
    with path.open(encoding="utf-8-sig") as stream:
        document = JSONStream(stream)
        if document.peek() != "{":
            raise InputError("not a document of articles; give it a file that quotes wrote")
        found = False
        for key in document.members():
            if key == "articles" and document.peek() == "[":
                found = True
                yield from _articles(document)
            elif key == "errors" and document.peek() == "[":
                for _ in document.items():
                    pass
            elif (value := document.value()) != SCHEMA and key == "schema":
                raise InputError(f"schema {value!r}, but this program reads {SCHEMA!r}; use the version that wrote it")
        if document.peek():
            raise document.fault("extra content after the document")
        if not found:
            raise InputError('no document with "articles"; give it a file that quotes wrote')


def _articles(document: JSONStream) -> Iterator[ArticleRecord]:
    for number, item in enumerate(document.items(), start=1):
        try:
            record = from_dict(item)
        except InputError as error:
            reason = f"article {number}, which ends on line {document.line()}: {error}"
            raise InputError(f"{reason}; write the records again with quotes") from error
        yield record
