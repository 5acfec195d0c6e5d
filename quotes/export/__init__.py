"""Write records out: one module a format, one line each in `FORMATS`; all of them derive from the attrs classes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TextIO

from attrs import frozen

from quotes.export import json_document, json_lines
from quotes.export.conversion import from_dict, to_dict
from quotes.export.schema import json_schema
from quotes.records import ArticleRecord, ErrorRecord

__all__ = ["FORMATS", "Format", "Writer", "from_dict", "json_schema", "to_dict"]

Writer = Callable[[Iterable[ArticleRecord | ErrorRecord], TextIO], None]


@frozen
class Format:
    """An export format: its writer and the file suffixes that mean it.

    A writer takes records as they come and a text stream, and never holds more than one record.
    """

    write: Writer
    suffixes: tuple[str, ...]
    note: str


FORMATS: dict[str, Format] = {
    "json": Format(json_document.write, (".json",), "one document with articles and errors"),
    "jsonl": Format(json_lines.write, (".jsonl", ".ndjson"), "one article a line, as each is finished"),
}
