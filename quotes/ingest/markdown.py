"""Markdown, by markdown-it-py: rendered and read as HTML; front matter gives metadata."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any

from quotes.ingest.markup import opened
from quotes.ingest.reading import Found, Input
from quotes.ingest.rows import Rows
from quotes.ingest.text import is_blank
from quotes.ingest.whole import empty, whole_text
from quotes.records import ErrorRecord, SourceText

# Front matter, as in Jekyll and Hugo: YAML's `key: value` lines, or TOML.
_MATTER = re.compile(
    r"\s{0,99}(?P<fence>---|\+\+\+)[ \t]*\r?\n(?P<matter>.{0,20000}?)\r?\n(?P=fence)[ \t]*(?:\r?\n|\Z)", re.DOTALL
)
_PAIR = re.compile(r"(?m)^([A-Za-z_][\w -]{0,40}):[ \t]+(\S.*?)[ \t]*\r?$")


def read_markdown(given: Input) -> Iterator[Found]:
    """Yield the text of a Markdown document without its markup, or its error.

    Args:
        given: a stream of bytes.
    """
    text = whole_text(given)
    if isinstance(text, ErrorRecord):
        yield text
        return
    from markdown_it import MarkdownIt

    matter, body = _front(text)
    markup = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(body)
    shown, emphasis = opened(f"<div>{markup}</div>")
    if is_blank(shown):
        yield empty(given.name)
        return
    front = Rows(given.name, given.how)
    yield SourceText(given.name, shown, **front.known(matter), emphasis=emphasis)
    front.finish()


def _front(text: str) -> tuple[dict[str, Any], str]:
    """Return the front matter of a document by name, and the rest of it."""
    match = _MATTER.match(text)
    if match is None:
        return {}, text
    if match["fence"] == "+++":
        try:
            return tomllib.loads(match["matter"].replace("\r", "")), text[match.end() :]
        except ValueError:
            return {}, text
    pairs = {name.strip(): value.strip("\"'") for name, value in _PAIR.findall(match["matter"])}
    return (pairs, text[match.end() :]) if pairs else ({}, text)
