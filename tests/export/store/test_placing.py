"""Articles of separate runs that share a name: both are kept, unless one is a version of the other."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from attrs import evolve

from quotes.cli import main
from quotes.export.store import Added, Store
from quotes.records import Article, ArticleRecord, Quote, Span

_TABLE = 'id,text\n1,"“{word} is open,” said Bo Lee."\n2,"“{word} is shut,” said Cy Ode."\n'
_PAGE = "The council met on Monday evening in the old town hall.\n\nIt heard from forty residents of the river road.\n"


def _said(source: str, *words: str, url: str | None = None, text: str | None = None) -> ArticleRecord:
    """An article with some quotes; another text or name gives another id."""
    article = Article(f"{source}{words}{text}", source, 0, 0, 9, url=url, text=text)
    quotes = (Quote(f"{source}{word}", "direct", word, (Span(0, len(word)),)) for word in words)
    return ArticleRecord(article, tuple(quotes))


def _sources(path: Path, *runs: list[ArticleRecord]) -> list[tuple[str, str]]:
    """Add the articles of several runs, each twice; return source and first quote of all that are held then."""
    for records in runs:
        for _ in range(2):
            with Store.open(path, write=True) as store:
                store.add(records)
    with Store.open(path) as store:
        return [(one.article.source, one.quotes[0].text if one.quotes else "") for one in store.records()]


def test_tables_of_two_runs_with_the_same_ids(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Both rows of each id are kept, a line names them, and to read the tables again adds nothing."""
    store = tmp_path / "quotes.db"
    for month, word in (("jan", "Kiln"), ("feb", "Ferry")):
        (tmp_path / f"{month}.csv").write_text(_TABLE.format(word=word), "utf-8")
        assert 0 == main(["extract", str(tmp_path / f"{month}.csv"), "--reader", "patterns", "-o", str(store)])
    lines = capsys.readouterr().err
    both = "'1' is also another article there (“Kiln is open,”); both are kept, this one (“Ferry is open,”) as '1#2'"
    assert f"{store}: {both}" in lines
    assert f"{store}: 1 more article has the name of another one there; all are kept" in lines
    with Store.open(store) as opened:
        held = list(opened.records())
    assert ["1", "2", "1#2", "2#2"] == [record.article.source for record in held]
    for month in ("jan", "feb"):
        assert 0 == main(["extract", str(tmp_path / f"{month}.csv"), "--reader", "patterns", "-o", str(store)])
    assert "another" not in capsys.readouterr().err
    with Store.open(store) as opened:
        assert held == list(opened.records())


def test_a_file_that_is_saved_anew(tmp_path: Path) -> None:
    """Another text in it is another article; each keeps its place when it changes."""
    one, two, three = (_said("latest.txt", word, "more " + word) for word in ("kiln", "ferry", "frost"))
    assert [("latest.txt", "kiln"), ("latest.txt#2", "ferry"), ("latest.txt#3", "frost")] == _sources(
        tmp_path / "a.db", [one], [two], [three]
    )
    changed = _said("latest.txt", "new", "more ferry")
    assert [("latest.txt", "kiln"), ("latest.txt#2", "new")] == _sources(tmp_path / "b.db", [one], [two], [changed])


@pytest.mark.parametrize(
    ("held", "added"),
    [
        (_said("1", "kiln", "ferry"), _said("1", "kiln", "frost")),
        (_said("1", "kiln", url="https://a.example/1"), _said("1", "ferry", url="https://a.example/1")),
        (_said("urn:1", "kiln"), _said("urn:1", "ferry")),
        (_said("1", "kiln", text=_PAGE + "A"), _said("1", "ferry", text=_PAGE + "B")),
        (_said("1"), evolve(_said("1"), article=evolve(_said("1").article, id="another text"))),
    ],
    ids=["a quote in common", "one address", "a name that is an address", "lines in common", "nothing to lose"],
)
def test_a_version_of_an_article_replaces_it(held: ArticleRecord, added: ArticleRecord, tmp_path: Path) -> None:
    """A quote or much of the text in common, or an address, makes two articles of one name versions of one."""
    with Store.open(tmp_path / "quotes.db", write=True) as store:
        store.add([held])
        assert Added(changed=1) == store.add([added])
        assert [held.article.source] == [record.article.source for record in store.records()]


def test_a_feed_that_moves_on(tmp_path: Path) -> None:
    """Items that have another number by now are not added twice, and what the feed no longer has stays."""
    items = [(word, f"https://a.example/{word}") for word in ("kiln", "ferry", "frost")]
    first = [_said(f"feed.xml#{n}", word, url=url) for n, (word, url) in enumerate(items[1:], 1)]
    second = [_said(f"feed.xml#{n}", word, url=url) for n, (word, url) in enumerate(items, 1)]
    held = [("feed.xml#1", "ferry"), ("feed.xml#2", "frost"), ("feed.xml#1#2", "kiln")]
    assert held == _sources(tmp_path / "quotes.db", first, second)


def test_articles_of_one_page_move_in_place(tmp_path: Path) -> None:
    """A live page's articles are numbered from its top: each takes the place that it has now."""
    page, moved = (
        [evolve(one, article=evolve(one.article, index=n)) for n, one in enumerate(map(_said, "ll", words))]
        for words in ("ab", "ba")
    )
    assert [("l", "b"), ("l", "a")] == _sources(tmp_path / "quotes.db", page, moved)


def test_a_store_without_an_index_of_addresses_gets_one(tmp_path: Path) -> None:
    """A store of the version before is added to, too."""
    path = tmp_path / "quotes.db"
    Store.open(path, write=True).close()
    old = sqlite3.connect(path)
    old.executescript("DROP INDEX idx_articles_url; PRAGMA user_version = 4")
    old.close()
    with Store.open(path, write=True) as store:
        store.add([_said("feed.xml#1", "kiln", url="https://a.example/1")])
    new = sqlite3.connect(path)
    assert [(1,)] == new.execute("SELECT count(*) FROM sqlite_master WHERE name = 'idx_articles_url'").fetchall()
    assert [(5,)] == new.execute("PRAGMA user_version").fetchall()
    new.close()
