"""Texts that are longer than any article are read in parts, each as a separate article."""

from __future__ import annotations

from typing import Any

import pytest

from quotes.ingest import lengths, pages
from quotes.lexicon import load_lexicon
from quotes.records import Slice, SourceText, Span

LEXICON = load_lexicon("en")


def cut(text: str, **how: Any) -> list[str]:
    pieces = list(lengths.parts(text, Slice(0, len(text)), **how))
    assert [0, *(p.end for p in pieces)] == [*(p.start for p in pieces), len(text)]
    return [text[p.start : p.end] for p in pieces]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One two three four.", ["One two three four."]),
        ("One. Two.\nThree\n\nfour five six", ["One. Two.\nThree\n\n", "four five six"]),
        ("One two. Three four\nfive six", ["One two. Three four\n", "five six"]),
        ("One two three “four.” Five six", ["One two three “four.” ", "Five six"]),
        ("One two three four five six", ["One two three four ", "five six"]),
        ("x" * 50, ["x" * 22, "x" * 22, "x" * 6]),
    ],
    ids=["short", "paragraph", "line", "sentence", "word", "nothing"],
)
def test_a_long_text_is_parted_where_it_pauses(text: str, expected: list[str]) -> None:
    """A part ends with a paragraph, else a line, a sentence or a word, in the last quarter of its length."""
    assert expected == cut(text, longest=22)


def test_parts_keep_what_is_theirs() -> None:
    """The headline belongs to the first part, furniture to the part that holds it, title and outlet to all."""
    text = "Bridge shut\n" + "one two " * 5 + "Comments\n" + "three four " * 5
    skip = Span(text.index("Comments"), text.index("Comments") + 8)
    piece = Slice(12, len(text), title="Bridge shut", headline=Span(0, 11), outlet="The Echo", skips=(skip,))
    first, *others = lengths.parts(text, piece, longest=30)
    assert (piece.headline, piece.title) == (first.headline, first.title)
    assert {(None, "Bridge shut", "The Echo")} == {(p.headline, p.title, p.outlet) for p in others}
    assert [skip] == [s for p in (first, *others) for s in p.skips]


def test_a_text_of_many_articles_length_is_read_in_parts(pipeline: Any) -> None:
    """Each part is an article with the source's name, and a quote's offsets hold for the whole text."""
    line = "The ferry sails at nine from the old pier and is back by noon. "
    said = "\n\n“The pier is safe to walk on,” Ana Lopes told Reuters.\n"
    text = line * (lengths.LONGEST // len(line)) + said + line * 10 + said
    first, second = pipeline.read(SourceText("archive.txt", text))
    assert [(0, "archive.txt"), (1, "archive.txt")] == [(r.article.index, r.article.source) for r in (first, second)]
    assert first.article.end == second.article.start
    assert [] == list(first.quotes)
    assert ["“The pier is safe to walk on,”"] * 2 == [text[s.start : s.end] for q in second.quotes for s in q.spans]
    assert ["Ana Lopes"] * 2 == [q.speaker.name for q in second.quotes]


def test_every_article_of_a_page_may_be_long() -> None:
    """An article that is not too long comes as one slice, whatever else the page holds."""
    text = "A short one.\n" * 10
    assert 1 == len(pages.split(SourceText("a.txt", text), lexicon=LEXICON))


def test_a_batch_of_the_parser_holds_no_more_than_memory_allows(pipeline: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts come back in order, however few are parsed at once, and one that fills a batch overtakes none."""
    texts = ["Ana Lee said so.", "It rained.", " ".join(["The ferry sails at nine."] * 9), "Omar agreed.", "Yes."]
    whole = [[t.dep_ for t in doc] for doc in pipeline.parse(texts)]
    monkeypatch.setattr("quotes.extraction.pipeline._BATCH", 8)
    docs = list(pipeline.parse(texts))
    assert texts == [doc.text for doc in docs]
    assert whole == [[t.dep_ for t in doc] for doc in docs]
