"""Everything that the documentation shows comes from `quotes` itself, and takes a path as text or as Path."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import quotes
from quotes.extraction.speakers.roster import read_all
from quotes.records import ArticleRecord

AS_PATH = pytest.mark.parametrize("named", [str, Path], ids=["text", "Path"])


@pytest.mark.parametrize("name", quotes.__all__)
def test_each_name_loads(name: str) -> None:
    """A public name is an object of that name, and `dir` lists it."""
    assert getattr(quotes, name) is not None
    assert name in dir(quotes)


@AS_PATH
@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.csv", "a.db", "a.jsonl.gz"])
def test_records_go_to_a_path_and_come_back(
    named: Callable[[Path], str | Path], name: str, tmp_path: Path, whole: ArticleRecord
) -> None:
    """Output in a format that can be read comes back the same."""
    path = named(tmp_path / name)
    quotes.write_records([whole], path)
    assert [whole] == list(quotes.read_records(path))


def test_a_table_gets_its_companion(tmp_path: Path, whole: ArticleRecord) -> None:
    """The CSV table that Python writes has its datapackage.json beside it, as the command's has."""
    quotes.write_records([whole], tmp_path / "a.csv")
    assert (tmp_path / "datapackage.json").exists()


@pytest.mark.parametrize(
    ("name", "chosen", "message"),
    [
        ("a.xyz", None, "a.xyz: no format has this suffix; name one of json, "),
        ("a.json", "xml", "'xml' is not a format; name one of json, "),
        ("a.db.gz", None, "a.db.gz: this format cannot be compressed; leave out .gz"),
    ],
)
def test_a_format_that_cannot_be_written_is_reported(
    name: str, chosen: str | None, message: str, whole: ArticleRecord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error names the formats, or what to leave out; no file is made."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(quotes.InputError) as caught:
        quotes.write_records([whole], name, format_name=chosen)
    assert str(caught.value).startswith(message)
    assert [] == list(tmp_path.iterdir())


@AS_PATH
def test_a_store_is_opened(named: Callable[[Path], str | Path], tmp_path: Path, whole: ArticleRecord) -> None:
    """A store is made, and read again."""
    path = named(tmp_path / "a.db")
    with quotes.Store.open(path, write=True) as store:
        assert 1 == store.add([whole]).new
    with quotes.Store.open(path) as store:
        assert [whole] == list(store.records())


@AS_PATH
def test_a_report_is_written(named: Callable[[Path], str | Path], tmp_path: Path, whole: ArticleRecord) -> None:
    """The page is one whole file."""
    quotes.write_report(iter([whole]), named(tmp_path / "a.html"), title="Today")
    page = (tmp_path / "a.html").read_text("utf-8")
    assert "<title>Today</title>" in page
    assert page.rstrip().endswith("</html>")


@AS_PATH
@pytest.mark.parametrize("several", [False, True], ids=["one", "list"])
def test_inputs_patterns_and_people_are_paths(
    named: Callable[[Path], str | Path], several: bool, tmp_path: Path
) -> None:
    """A path may be given alone or in a list, wherever paths are taken."""
    article, patterns, people = tmp_path / "a.txt", tmp_path / "newsroom", tmp_path / "people.csv"
    article.write_text("Lee said so.")
    patterns.mkdir()
    outlet = '[[outlet]]\nid = "kyrna-herald"\nname = "The Kyrna Herald"\nkind = "newspaper"\ncountry = "GB"\n'
    (patterns / "outlets.toml").write_text(outlet)
    people.write_text("name,id\nAna Lee,Q1\n")

    def given(path: Path) -> str | Path | list[str | Path]:
        return [named(path)] if several else named(path)

    assert [quotes.SourceText(str(article), "Lee said so.")] == list(quotes.read(given(article)))
    assert "kyrna-herald" in {outlet.id for outlet in quotes.load_lexicon(extra=given(patterns)).outlets}
    assert ["Q1"] == [person.id for person in read_all(given(people))]
