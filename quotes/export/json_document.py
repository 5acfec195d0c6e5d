"""The format `json`: one document, `{"schema": "quotes/1", "articles": […], "errors": […]}`, written as it grows."""

from __future__ import annotations

import json
from collections.abc import Iterable
from tempfile import SpooledTemporaryFile
from textwrap import indent
from typing import TextIO

from quotes.export.conversion import to_dict
from quotes.export.json_text import dumps
from quotes.records import SCHEMA, ArticleRecord, ErrorRecord

# Errors stand behind the articles, so they wait: in memory up to this many bytes, then in a temporary file.
ERRORS_IN_MEMORY = 1_000_000


def write(records: Iterable[ArticleRecord | ErrorRecord], stream: TextIO) -> None:
    """Write the whole document, each article as soon as it comes.

    Args:
        records: articles and errors in any order.
        stream: where to; UTF-8 is meant.

    Raises:
        OSError: where the stream cannot be written.
    """
    with SpooledTemporaryFile(ERRORS_IN_MEMORY, mode="w+", encoding="utf-8", newline="\n") as errors:
        # Nothing is written before there is an article: a run that cannot begin leaves no half of a document.
        opening = f'{{\n  "schema": {json.dumps(SCHEMA)},\n  "articles": ['
        before = opening + "\n"
        for record in records:
            if isinstance(record, ErrorRecord):
                errors.write(dumps(to_dict(record)) + "\n")
                continue
            stream.write(before + indent(dumps(to_dict(record), indent=2), "    "))
            before = ",\n"
        stream.write("\n  ],\n" if before == ",\n" else opening + "],\n")
        errors.seek(0)
        stream.write('  "errors": [')
        separator = "\n"
        for line in errors:
            stream.write(f"{separator}    {line.rstrip()}")
            separator = ",\n"
        stream.write("]\n}\n" if separator == "\n" else "\n  ]\n}\n")
    stream.flush()
