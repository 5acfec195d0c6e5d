"""The sources that a store keeps: gathered once, found by name or id, and not renamed by what comes later."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from attrs import evolve

from quotes.cli import main
from quotes.errors import StoreError
from quotes.export.store import Store
from quotes.records import Article, ArticleRecord, Quote, Span, Speaker


def record(number: int, *names: str, role: str | None = None) -> ArticleRecord:
    speakers = [Speaker(name, "person", role) for name in names]
    quotes = tuple(
        Quote(f"q{number}-{n}", "direct", "The pier is open", (Span(n * 20, n * 20 + 16),), speaker=speaker)
        for n, speaker in enumerate(speakers)
    )
    return ArticleRecord(Article(f"a{number}", f"{number}.txt", 0, 0, 200), quotes)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store of two articles that quote one minister under two names."""
    with Store.open(tmp_path / "q.db", write=True) as store:
        store.add([record(1, "Narendra Modi", role="the prime minister"), record(2, "Modi", role="Prime Minister")])
        assert store.gather()
    return tmp_path / "q.db"


def test_a_source_is_found_by_each_of_its_names(path: Path) -> None:
    """A name, an alias and the id find all that a source said; a part of a name finds nothing."""
    with Store.open(path) as store:
        [source] = store.held_sources() or ()
        for asked in ("narendra modi", "Modi", source.id):
            assert ["q1-0", "q2-0"] == sorted(hit.quote.id for hit in store.search(source=asked))
        assert [] == store.search(source="Narendra")


def test_gathering_again_changes_nothing(path: Path) -> None:
    """Without additions nothing is gathered, and the file stays unchanged."""
    before = path.read_bytes()
    with Store.open(path, write=True) as store:
        assert not store.gather()
    assert before == path.read_bytes()


def test_later_articles_rename_no_source(path: Path) -> None:
    """Sources keep their ids and their quotes; one whose last quote goes is gone."""
    with Store.open(path, write=True) as store:
        [before] = store.held_sources() or ()
        store.add([record(n, "Narendra D. Modi", "Ana Lind", role="Prime Minister") for n in range(3, 9)])
        assert store.held_sources() is None
        store.gather()
        after = {source.name: source for source in store.held_sources() or ()}
        assert before.id in {source.id for source in after.values()}
        assert {"Ana Lind", "Narendra D. Modi"} == set(after)
        store.add([record(n, "Ana Lind") for n in range(1, 9)])
        store.gather()
        assert ["Ana Lind"] == [source.name for source in store.held_sources() or ()]
    database = sqlite3.connect(path)
    assert [(1,)] == database.execute("SELECT count(*) FROM sources").fetchall()
    assert [] == database.execute("PRAGMA foreign_key_check").fetchall()
    database.close()


def test_a_store_and_its_records_have_the_same_sources(path: Path, tmp_path: Path) -> None:
    """`quotes sources` gives the same rows of a store and of the records in it, and adds records to one."""
    assert 0 == main(["convert", str(path), "-o", str(tmp_path / "r.jsonl")])
    assert 0 == main(["sources", str(path), "-q", "-o", str(tmp_path / "a.csv")])
    assert 0 == main(["sources", str(tmp_path / "r.jsonl"), "-q", "-o", str(tmp_path / "b.csv")])
    assert 0 == main(["sources", str(tmp_path / "r.jsonl"), "-q", "-o", str(tmp_path / "c.db")])
    assert 0 == main(["sources", str(tmp_path / "c.db"), "-q", "-o", str(tmp_path / "c.csv")])
    told = {(tmp_path / name).read_text(encoding="utf-8") for name in ("a.csv", "b.csv", "c.csv")}
    assert 1 == len(told)
    assert '"Narendra Modi"' in told.pop()


def test_a_store_without_sources(path: Path, whole: ArticleRecord) -> None:
    """A store of an earlier version says what to do, and has sources once it is added to."""
    old = sqlite3.connect(path)
    old.executescript(
        "DROP VIEW flat; DROP INDEX idx_articles_url; DROP INDEX idx_quotes_source;"
        "UPDATE quotes SET source = NULL; DROP TABLE source_names;"
        "DELETE FROM state WHERE name = 'sourced'; DELETE FROM sources; ALTER TABLE quotes DROP COLUMN source;"
        "DROP TABLE sources; CREATE VIEW flat AS SELECT key FROM quotes; PRAGMA user_version = 3"
    )
    old.close()
    with Store.open(path) as store, pytest.raises(StoreError, match="no sources yet"):
        store.search(source="Modi")
    with Store.open(path, write=True) as store:
        store.add([evolve(whole)])
        assert store.gather()
        assert "Narendra Modi" in {source.name for source in store.held_sources() or ()}
