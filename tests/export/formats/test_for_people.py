"""Markdown and plain text for people: as in the golden files, and nothing in a text is taken for markup."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import cast

import attrs
import pytest

from quotes.export import FORMATS
from quotes.records import Article, ArticleRecord, Cue, Quote, QuoteType, Span, Speaker

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


@pytest.mark.parametrize(
    ("kind", "cue", "lemma", "shown"),
    [
        ("indirect", "denied", "deny", "(denied)"),
        ("mixed", "has denied", "deny", "(has denied)"),
        ("indirect", "asked", "ask", "(asked)"),
        ("indirect", "said", "say", "(reported)"),
        ("indirect", "According to", "accord", "(reported)"),
        ("indirect", ":", ":", "(reported)"),
        ("mixed", "told", "tell", "Ana Lee\n"),
        ("direct", "denied", "deny", "Ana Lee\n"),
    ],
)
def test_a_denial_does_not_read_as_a_statement(kind: str, cue: str, lemma: str, shown: str) -> None:
    """The cue stands beside words that are not all quoted, unless it only tells that they were said."""
    quote = Quote("q", cast("QuoteType", kind), "that it rained", (Span(0, 14),), Cue(cue, lemma, 20, 30))
    quote = attrs.evolve(quote, speaker=Speaker("Ana Lee", "person"), confidence=0.9)
    article = Article("a", "a.txt", 0, 0, 40)
    for name in ("text", "markdown"):
        page = written(name, [ArticleRecord(article, (quote,))]).replace("*", "").replace("\\", "")
        assert page.endswith(f"{shown.strip()}\n")


def test_an_untitled_article_is_named_once() -> None:
    """Its source is its heading, and does not stand below it again."""
    article = Article("a", "in/a.txt", 0, 0, 10)
    assert "in/a.txt\n========\n\nNo quotes.\n" == written("text", [ArticleRecord(article)])
    assert "## in/a.txt\n\nNo quotes.\n" == written("markdown", [ArticleRecord(article)])
    titled = written("text", [ArticleRecord(attrs.evolve(article, title="Rain"))])
    assert "Rain\n====\nin/a.txt\n\nNo quotes.\n" == titled


def test_markdown_shows_each_text_as_printed(record: ArticleRecord) -> None:
    """A parser of Markdown finds one block quotation a quote, with its very words and no markup in them."""
    markdown = pytest.importorskip("markdown_it", reason="needs .venv/bin/pip install '.[test-all]'")
    tokens = markdown.MarkdownIt("commonmark").parse(written("markdown", desk(record)))
    inside = [n for n, token in enumerate(tokens) if token.type == "blockquote_open"]
    shown = [tokens[n + 2] for n in inside]
    texts = [quote.text for each in desk(record) for quote in each.quotes]
    assert ["".join(part.content for part in token.children) for token in shown] == [" ".join(t.split()) for t in texts]
    assert {part.type for token in shown for part in token.children} <= {"text", "text_special"}
