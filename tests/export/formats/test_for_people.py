"""Markdown and plain text for people: as in the golden files, and nothing in a text is taken for markup."""

from __future__ import annotations

import io
import os
from pathlib import Path

import attrs
import pytest

from quotes.export import FORMATS
from quotes.records import ArticleRecord, Speaker

GOLDEN = Path(__file__).parents[2] / "golden"
UPDATE = os.environ.get("QUOTES_UPDATE_GOLDEN") == "1"
LONG = "“We lost a week,\nand [the boats](http://a.example) *are* back <b>where</b> they belong,”" + " it is" * 9


def written(name: str, records: list[ArticleRecord]) -> str:
    stream = io.StringIO()
    FORMATS[name].write(records, stream)
    return stream.getvalue()


def desk(record: ArticleRecord) -> list[ArticleRecord]:
    """One article of two quotes, one with a hostile text, one without quotes."""
    said = attrs.evolve(record.quotes[0], text=LONG, speaker=Speaker("1. A_B", "person"), type="mixed", said_on=None)
    bare = attrs.evolve(record.article, title=None, outlet=None, wire=None, byline=None, url=None)
    odd = attrs.evolve(record.article, title="- # *Title* \x1b[31m")
    return [record, ArticleRecord(odd, (said,)), ArticleRecord(bare)]


@pytest.mark.parametrize(("name", "file"), [("markdown", "people.md"), ("text", "people.txt")])
def test_the_page_is_the_golden_one(name: str, file: str, record: ArticleRecord) -> None:
    """The output is byte for byte the file in tests/golden."""
    path = GOLDEN / file
    if UPDATE:
        path.write_text(written(name, desk(record)), encoding="utf-8", newline="\n")
    assert path.read_text(encoding="utf-8") == written(name, desk(record))


def test_markdown_shows_each_text_as_printed(record: ArticleRecord) -> None:
    """A parser of Markdown finds one block quotation a quote, with its very words and no markup in them."""
    markdown = pytest.importorskip("markdown_it", reason="needs .venv/bin/pip install '.[test-all]'")
    tokens = markdown.MarkdownIt("commonmark").parse(written("markdown", desk(record)))
    inside = [n for n, token in enumerate(tokens) if token.type == "blockquote_open"]
    shown = [tokens[n + 2] for n in inside]
    texts = [quote.text for each in desk(record) for quote in each.quotes]
    assert ["".join(part.content for part in token.children) for token in shown] == [" ".join(t.split()) for t in texts]
    assert {part.type for token in shown for part in token.children} <= {"text", "text_special"}
