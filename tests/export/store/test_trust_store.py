"""The error for a damaged store names it, and a search of many words is no attack."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from attrs import evolve

from quotes.errors import InputError, StoreError
from quotes.export import read_records
from quotes.export.store import Store
from quotes.records import Article, ArticleRecord, Cue, Mention, Quote, Span, Speaker


@pytest.fixture
def vote() -> ArticleRecord:
    """An article of two quotes, with its text."""
    text = "“We vote on Monday,” Ana Lee said. “Nobody on these islands will pay more for a crossing this winter.”"
    speaker = Speaker("Ana Lee", "person", "the mayor", Mention("Ana Lee", 21, 28), "name")
    first = Quote("q1", "direct", text[:20], (Span(0, 20),), Cue("said", "say", 29, 33), speaker, confidence=0.625)
    second = Quote("q2", "direct", text[35:], (Span(35, len(text)),), confidence=0.5)
    return ArticleRecord(Article("a", "town.txt", 0, 0, len(text), text=text), (first, second))


@pytest.fixture
def store(vote: ArticleRecord, tmp_path: Path) -> Path:
    """A store of two articles, grouped, in one file."""
    path = tmp_path / "quotes.db"
    other = evolve(vote, article=evolve(vote.article, id="b", source="city.txt", title="\ud800"))
    with Store.open(path, write=True) as opened:
        opened.add([vote, other])
        opened.regroup()
    database = sqlite3.connect(path)
    database.execute("PRAGMA journal_mode = DELETE")
    database.close()
    return path


def every_record(path: Path) -> None:
    with Store.open(path) as opened:
        list(opened.records())


def every_hit(path: Path) -> None:
    with Store.open(path) as opened:
        opened.search("vote")


def a_change(path: Path) -> None:
    with Store.open(path, write=True) as opened:
        assert opened.changes
        opened.regroup()


@pytest.mark.parametrize(
    ("statement", "uses"),
    [
        ("UPDATE quotes SET text = x'ff'", (every_record,)),
        ("UPDATE quotes SET text = CAST(x'ff41' AS TEXT)", (every_record,)),
        ("UPDATE quotes SET confidence = 'sure'", (every_record, every_hit)),
        ("UPDATE quotes SET type = 'sung'", (every_record, every_hit)),
        ("UPDATE quotes SET cue_start = NULL", (every_record, every_hit)),
        ("UPDATE quotes SET mention_start = x''", (every_record, every_hit)),
        ("UPDATE quotes SET resolution = NULL", (every_record, every_hit)),
        ("UPDATE people SET kind = 'ghost'", (every_record, every_hit)),
        ("UPDATE spans SET start = 'one'", (every_record, every_hit)),
        ("UPDATE articles SET source = x'ff' WHERE id = 'a'", (every_record, every_hit)),
        ("UPDATE articles SET exact = '{'", (every_record,)),
        ("UPDATE articles SET exact = '[1]'", (every_record,)),
        ("DELETE FROM state", (a_change,)),
        ("UPDATE state SET value = 'many'", (a_change,)),
        ("DROP TABLE spans", (every_record, every_hit)),
        ("DROP TABLE state", (a_change,)),
    ],
)
def test_a_damaged_store_is_reported(store: Path, statement: str, uses: tuple[Callable[[Path], None], ...]) -> None:
    """Rows that no program of ours wrote are a fault of the file, by its name."""
    database = sqlite3.connect(store)
    database.execute("PRAGMA writable_schema = ON")
    database.execute(statement)
    database.commit()
    database.close()
    for use in uses:
        with pytest.raises(StoreError, match=re.escape(str(store))):
            use(store)
    if every_record in uses:
        with pytest.raises(InputError, match=re.escape(str(store))):
            list(read_records(store))


def test_bytes_of_a_store_that_have_changed_are_reported(store: Path, tmp_path: Path) -> None:
    """Whatever part of the file is lost, only our own errors are raised."""
    whole, copy = store.read_bytes(), tmp_path / "copy.db"
    for start in range(100, len(whole), 4096 - 7):
        copy.write_bytes(whole[:start] + b"\xff\x01" * 40 + whole[start + 80 :])
        for use in (every_record, every_hit, lambda path: list(read_records(path))):
            with suppress(StoreError, InputError):
                use(copy)


def test_a_number_that_a_store_cannot_hold_is_reported(vote: ArticleRecord, tmp_path: Path) -> None:
    """SQLite's numbers have 64 bits."""
    huge = evolve(vote, article=evolve(vote.article, end=2**70))
    with Store.open(tmp_path / "quotes.db", write=True) as opened:
        with pytest.raises(StoreError, match="a number in the record is too large for a store"):
            opened.add([huge])
        opened.add([vote])
        assert [vote] == list(opened.records())


def test_a_search_of_many_words_asks_for_some_at_a_time(vote: ArticleRecord, tmp_path: Path) -> None:
    """All must occur and all are marked, though SQLite's time grows with the square of the words at once."""
    words = [f"word{n}" for n in range(2500)]
    said = " ".join(words)
    quote = evolve(vote.quotes[0], text=said, cue=None)
    with Store.open(tmp_path / "quotes.db", write=True) as opened:
        opened.add([vote, evolve(vote, article=evolve(vote.article, source="long.txt"), quotes=(quote,))])
        asked: list[str] = []
        opened._database.set_trace_callback(asked.append)
        [hit] = opened.search(" ".join(words[::-1] + words), speaker="Lee Ana lee")
        assert words == [said[span.start : span.end] for span in hit.highlights]
        assert [] == opened.search(f"{said} word2500")
        assert hit.quote == opened.search(said + ' "word0 word1" word24*')[0].quote
        assert ["long.txt"] == [each.article.source for each in opened.search("word1 " * 100_000)]
    most = max(statement.count('"word') for statement in asked)
    assert 500 < most <= 1000
