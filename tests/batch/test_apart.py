"""Ids that two tables share do not make one article of two."""

from __future__ import annotations

from typing import Any

from quotes.batch.apart import apart
from quotes.records import ErrorRecord, Page, SourceText


def row(name: str, text: str, file: str | None) -> SourceText:
    return SourceText(name, text, file=file)


def named(*sources: Any) -> tuple[list[str], list[str]]:
    """Return the names that sources get, and what was said."""
    said: list[str] = []
    found = [getattr(source, "name", None) or source.source for source in apart(sources, warn=said.append)]
    return found, said


def test_a_shared_id_gets_the_file_and_is_told_once_a_file() -> None:
    """The first one keeps its name."""
    rows = [row(str(number), f"{file} {number}", file) for file in ("jan.csv", "feb.csv") for number in range(3)]
    found, said = named(*rows)
    assert ["0", "1", "2", "feb.csv#id=0", "feb.csv#id=1", "feb.csv#id=2"] == found
    assert ["feb.csv: id '0' is also that of another text in jan.csv; named 'feb.csv#id=0' here"] == said


def test_an_id_shared_within_a_file() -> None:
    """Each further text has a number."""
    found, said = named(*(row("x", f"text {number}", "all.jsonl") for number in range(4)))
    assert ["x", "all.jsonl#id=x", "all.jsonl#id=x#2", "all.jsonl#id=x#3"] == found
    assert ["all.jsonl: id 'x' is also that of another text in it; named 'all.jsonl#id=x' here"] == said


def test_the_same_text_is_the_same_article() -> None:
    """Exports that overlap hold some articles twice."""
    pages = Page("p", b"<p>", file="a"), Page("p", b"<p>", file="b")
    assert (["1", "1", "p", "p"], []) == named(row("1", "same", "jan.csv"), row("1", "same", "feb.csv"), *pages)
    assert ["p", "b#id=p"] == named(Page("p", b"<p>", file="a"), Page("p", b"<b>", file="b"))[0]


def test_names_that_mean_one_article_everywhere_stay() -> None:
    """Paths, addresses, rows named by their number; an error is passed on."""
    address = "https://example.org/1"
    sources = [row("a.txt", "one", None), row("a.txt", "two", None), row("a.csv#2", "one", "a.csv")]
    sources += [row(address, "one", "a.csv"), row(address, "two", "b.csv")]
    names = ["a.txt", "a.txt", "a.csv#2", address, address, "gone"]
    assert (names, []) == named(*sources, ErrorRecord("gone", "missing", "no such file"))


def test_half_a_surrogate_pair_does_no_harm() -> None:
    assert ["\ud83d", "b#id=\ud83d"] == named(row("\ud83d", "one", "a"), row("\ud83d", "two \ud83d", "b"))[0]
