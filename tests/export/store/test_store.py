"""A store: what goes in comes out, once; two writers and a kill do no harm; and it is found again."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from quotes.cli import main
from quotes.errors import InputError, StoreError
from quotes.export import read_records
from quotes.export.formats import sqlite
from quotes.export.store import Added, Store
from quotes.records import ArticleRecord, ErrorRecord, Repair
from tests.benchmarks.store_kills import trials
from tests.exporting import WHY


@pytest.fixture
def path(tmp_path: Path, whole: ArticleRecord) -> Path:
    """A store of one article."""
    with Store.open(tmp_path / "quotes.db", write=True) as store:
        assert Added(new=1) == store.add([whole, ErrorRecord("b.txt", "missing", "no such file")])
    return tmp_path / "quotes.db"


def test_a_second_run_adds_nothing(path: Path, whole: ArticleRecord) -> None:
    """An article in the store is not added twice, and the file stays unchanged."""
    before = path.read_bytes()
    with Store.open(path, write=True) as store:
        assert Added(same=1) == store.add([whole])
    assert before == path.read_bytes()
    assert [whole] == list(read_records(path))


def test_a_changed_article_takes_its_own_place(path: Path, whole: ArticleRecord) -> None:
    """Its rows, speakers and words go, others stay, and the order is kept."""
    other = evolve(whole, article=evolve(whole.article, source="b.txt"))
    changed = evolve(whole, quotes=whole.quotes[1:])
    with Store.open(path, write=True) as store:
        store.add([other])
        assert Added(changed=1) == store.add([changed])
        assert [changed, other] == list(store.records())
        assert ["b.txt"] == [hit.article.source for hit in store.search("vote")]
        store.add([evolve(other, quotes=())])
        assert [] == store.search("vote")
    database = sqlite3.connect(path)
    assert [(0,)] == database.execute("SELECT count(*) FROM people").fetchall()
    assert [] == database.execute("PRAGMA foreign_key_check").fetchall()
    database.close()


def test_what_was_cleaned_comes_back(path: Path, whole: ArticleRecord) -> None:
    """A repair is part of an article's record; without one, place and digest stay the same."""
    cleaned = evolve(whole, article=evolve(whole.article, id="c1", cleaned=(Repair("mojibake", 3),)))
    with Store.open(path, write=True) as store:
        store.add([cleaned])
        assert cleaned in list(store.records())


def test_half_a_surrogate_pair_comes_back(path: Path, whole: ArticleRecord) -> None:
    """A text that SQLite cannot hold is escaped in the tables, and nothing else changes."""
    torn = evolve(whole, article=evolve(whole.article, source="c\ud800", title="\udfff"))
    with Store.open(path, write=True) as store:
        assert (Added(new=1), Added(same=1)) == (store.add([torn]), store.add([torn]))
    assert [whole, torn] == list(read_records(path))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"words": "VOTE monday"}, ["q1"]),
        ({"words": "mayor"}, ["q1"]),
        ({"words": "vot*"}, ["q1"]),
        ({"words": '"will vote"'}, ["q1"]),
        ({"words": '"vote will"'}, []),
        ({"words": "vot"}, []),
        ({"words": '"'}, []),
        ({"words": "rain"}, ["q2"]),
        ({"speaker": "lee"}, ["q1"]),
        ({"speaker": "vote"}, []),
        ({"outlet": "gazette"}, ["q1", "q2"]),
        ({"outlet": "a.example", "words": "rain"}, ["q2"]),
        ({"outlet": "%"}, []),
        ({"since": "2025-06-11", "until": "2025-06-11"}, ["q1", "q2"]),
        ({"since": "2025-06-12"}, []),
        ({"until": "2025-06-10"}, []),
        ({"channel": "x"}, ["q1"]),
        ({"channel": "on:"}, ["q1"]),
        ({"channel": "via:x"}, []),
        ({"types": frozenset({"indirect"})}, ["q2"]),
        ({"min_confidence": 0.5}, ["q1"]),
        ({"limit": 1}, ["q1"]),
    ],
)
def test_search_finds(asked: dict[str, object], found: list[str], path: Path) -> None:
    """Words, speaker, outlet, dates, channel, type and confidence each narrow what is found."""
    with Store.open(path) as store:
        assert found == [hit.quote.id for hit in store.search(**asked)]  # type: ignore[arg-type]


def test_search_marks_what_it_found(path: Path, whole: ArticleRecord) -> None:
    """A hit is the quote as it was added, its article, and the places of the words."""
    with Store.open(path) as store:
        [hit] = store.search("vote")
    assert whole.quotes[0] == hit.quote
    assert evolve(whole.article, text=None) == hit.article
    assert ["vote"] == [hit.quote.text[span.start : span.end] for span in hit.highlights]


def test_accents_and_case_are_one(tmp_path: Path, whole: ArticleRecord) -> None:
    """Tomas finds Tomás."""
    accented = evolve(whole, quotes=(evolve(whole.quotes[0], text="Où est Tomás?"),))
    with Store.open(tmp_path / "a.db", write=True) as store:
        store.add([accented])
        assert 1 == len(store.search("TOMAS ou"))


def test_no_words_break_a_search(path: Path) -> None:
    """Any input is words, never syntax."""
    with Store.open(path) as store:

        @given(st.text() | st.text(alphabet='"*()^:-+{}NEARORNOT vote\0\ud800'))
        @settings(max_examples=200, deadline=None)
        def check(words: str) -> None:
            store.search(words)
            store.search(words, speaker=words, outlet=words, channel=words)

        check()


def test_a_file_that_is_not_a_store_is_reported_in_one_line(path: Path, tmp_path: Path, whole: ArticleRecord) -> None:
    """Another program's file, a newer store, a missing and a locked one are refused, and stay unchanged."""
    other, newer, text = tmp_path / "other.db", tmp_path / "newer.db", tmp_path / "text.db"
    text.write_text("no database at all, but long enough to be looked at\n" * 20)
    for file, command in ((other, "CREATE TABLE a (b)"), (newer, "PRAGMA user_version = 9")):
        if file is newer:
            file.write_bytes(path.read_bytes())
        database = sqlite3.connect(file)
        database.execute(command)
        database.commit()
        database.close()
    for file, told in ((other, "another program"), (newer, "newer quotes"), (text, "is not a store")):
        before = file.read_bytes()
        for write in (True, False):
            with pytest.raises(StoreError, match=rf"^{file}: .*{told}.*; [^\n]+$"):
                Store.open(file, write=write)
        assert before == file.read_bytes()
    with pytest.raises(InputError, match="no such store"):
        Store.open(tmp_path / "none.db")
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with Store.open(path, write=True, patience=0.05) as store, pytest.raises(StoreError, match="is locked by another"):
        store.add([evolve(whole, quotes=())])
    holder.close()


def test_a_full_disk_keeps_what_was_added(path: Path, whole: ArticleRecord) -> None:
    """An article without room is reported; those before it stay."""
    big = evolve(whole, article=evolve(whole.article, source="big", text="x" * 1_000_000))
    with Store.open(path, write=True) as store:
        store._database.execute("PRAGMA max_page_count = 60")
        with pytest.raises(StoreError, match="the disk is full"):
            store.add([big])
    assert [whole] == list(read_records(path))


def test_two_writers_at_once(tmp_path: Path, whole: ArticleRecord) -> None:
    """Two programs that add the same and other articles leave each of them once."""
    from quotes.export import to_dict

    for name, first in (("a", 0), ("b", 40)):
        records = (evolve(whole, article=evolve(whole.article, source=f"{n}.txt")) for n in range(first, first + 80))
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(to_dict(r)) + "\n" for r in records))
    command = "import sys; from quotes.cli import main; sys.exit(main(sys.argv[1:]))"
    writers = [
        subprocess.Popen([sys.executable, "-c", command, "store", f"{name}.jsonl", "-o", "q.db"], cwd=tmp_path)
        for name in "ab"
    ]
    assert [0, 0] == [writer.wait() for writer in writers]
    sources = [record.article.source for record in read_records(tmp_path / "q.db")]
    assert sorted(f"{n}.txt" for n in range(120)) == sorted(sources)


@pytest.mark.slow
def test_a_kill_loses_and_doubles_nothing(tmp_path: Path) -> None:
    """Three kills of the real program; fifty by `python -m tests.benchmarks.store_kills`."""
    assert () == trials(tmp_path, times=3, seed=3, articles=40).faults


def test_an_older_store_is_brought_up_to_date(path: Path, whole: ArticleRecord) -> None:
    """A store without pronouns is read as it is, and has a place for them once it is added to."""
    speaker = evolve(whole.quotes[0].speaker, pronoun="she")
    told = evolve(whole, quotes=(evolve(whole.quotes[0], speaker=speaker), *whole.quotes[1:]))
    old = sqlite3.connect(path)
    old.executescript(
        "DROP VIEW flat; DROP INDEX idx_articles_url; DROP INDEX idx_quotes_source;"
        "DROP TABLE source_names;"
        "DELETE FROM state WHERE name = 'sourced';"
        "ALTER TABLE quotes DROP COLUMN source; ALTER TABLE quotes DROP COLUMN speaker_pronoun; DROP TABLE sources;"
        "PRAGMA user_version = 2; CREATE VIEW flat AS SELECT key FROM quotes"
    )
    old.close()
    assert [whole] == list(read_records(path))
    with Store.open(path, write=True) as store:
        assert Added(changed=1) == store.add([told])
    assert [told] == list(read_records(path))


def test_groups_are_kept(path: Path, whole: ArticleRecord) -> None:
    """The same statement of two outlets is a group, which a changed article takes away."""
    said = evolve(whole.quotes[0], text="“The harbour wall must be mended before the summer ends.”")
    two = [
        evolve(whole, article=evolve(whole.article, id=name, source=name), quotes=(evolve(said, id=name),))
        for name in ("b", "c")
    ]
    with Store.open(path, write=True) as store:
        store.add(two)
        assert [True, False] == [store.regroup(), store.regroup()]
        query = 'SELECT size, (SELECT count(*) FROM variants WHERE "group" = groups.key) FROM groups'
        assert [(2, 2)] == store._database.execute(query).fetchall()
        store.add([evolve(two[0], quotes=())])
        assert [] == store._database.execute(query).fetchall()


def test_the_commands(path: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """`store` takes a store as records, `search` prints for people and for programs."""
    assert 0 == main(["store", str(path), "-o", str(tmp_path / "b.db")])
    assert "1 new, 0 changed, 0 there already" in capsys.readouterr().err
    assert (tmp_path / "b.metadata.json").exists()
    assert 0 == main(["search", str(tmp_path / "b.db"), "vote", "--speaker", "Lee", "--to", "2025-07-01"])
    shown = capsys.readouterr().out
    for part in (">>vote<<", "Ana Lee, the mayor", "The Gazette, 2025-06-11", "on X", "a.txt:0-38"):
        assert part in shown
    assert 0 == main(["search", str(path), "--format", "jsonl"])
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert ["q1", "q2"] == [line["quote"]["id"] for line in lines]
    assert 0 == main(["search", str(path), "rain", "--format", "csv"])
    assert 2 == len(capsys.readouterr().out.splitlines())
    assert 2 == main(["search", str(path), "--from", "June"])


@pytest.mark.test_all
def test_datasette_shows_it(path: Path) -> None:
    """Datasette's own --get answers with tables, facets, full-text search, the view and each question."""
    pytest.importorskip("datasette", reason=WHY)
    sqlite.finish(path)
    described = json.loads(path.with_name("quotes.metadata.json").read_text("utf-8"))["databases"]["quotes"]

    def get(address: str) -> str:
        command = [sys.executable, "-m", "datasette", str(path), "-m", str(path.with_name("quotes.metadata.json"))]
        done = subprocess.run([*command, "--get", address], capture_output=True, text=True, env=os.environ)
        assert done.returncode == 0, done.stdout[-500:] + done.stderr
        return done.stdout

    for name in ("quotes", "flat"):
        [row] = json.loads(get(f"/quotes/{name}.json?_search=vote&_shape=objects"))["rows"]
        assert "“We will vote.” “On Monday.”" == row["text"]
    facets = json.loads(get("/quotes/flat.json?_facet=type"))["facet_results"]
    counts = facets.get("results", facets)["type"]["results"]
    assert {"direct": 1, "indirect": 1} == {found["value"]: found["count"] for found in counts}
    assert described["tables"]["flat"]["title"] in get("/quotes/flat")
    for question in described["queries"]:
        assert json.loads(get(f"/quotes/{question}.json?_shape=objects&outlet=Gaz"))["ok"] is True
