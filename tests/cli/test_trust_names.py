"""A file name that is not UTF-8 is shown escaped in every format, and otherwise works."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest
from attrs import evolve

from quotes.cli import main
from quotes.export import FORMATS, read_records
from quotes.export.store import Store
from quotes.records import ArticleRecord, SourceText
from quotes.records.utf8 import encodable, named

NAMES = (b"caf\xe9.txt", b"caf\xe8.txt")
NEWS = "“We will vote.” Lee said. “On Monday.” on X.\nLee: it would rain."
Run = Callable[..., tuple[int, str, str]]


HAS_ARROW = find_spec("pyarrow") is not None
WHY_NOT = "pyarrow is not installed: .venv/bin/pip install '.[parquet]'"


@pytest.fixture
def run(
    whole: ArticleRecord, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> Run:
    """Work in a folder with two names that differ in one byte, and a plain one; give status, output and errors."""

    class Fake:
        def read(self, source: SourceText, /) -> list[ArticleRecord]:
            number = source.text.count("!")
            return [evolve(whole, article=evolve(whole.article, id=f"a{number}", source=source.name))]

    monkeypatch.setattr("quotes.extraction.pipeline.load", lambda *_, **__: Fake())
    monkeypatch.chdir(tmp_path)
    Path("in").mkdir()
    try:
        for number, name in enumerate((*NAMES, b"plain.txt")):
            Path("in", os.fsdecode(name)).write_text(NEWS + "!" * number, encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes UTF-8 alone")

    def call(*arguments: str) -> tuple[int, str, str]:
        capfd.readouterr()
        code = main(list(arguments))
        return (code, *capfd.readouterr())

    return call


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_holds_every_article(form: str, run: Run) -> None:
    """No article is lost, none takes another's place, and what is read back is converted to every other format."""
    if form == "parquet" and not HAS_ARROW:
        pytest.skip(WHY_NOT)
    output = f"out{FORMATS[form].suffixes[0]}"
    for _ in range(2):
        code, _, told = run("extract", "in", "-o", output, "--format", form, "--with-text", "--jobs", "1")
        assert code == 0, told
        assert f"{output}: 3 articles, 6 quotes, 0 errors" in told
    if FORMATS[form].read:
        assert 3 == len({record.article.source for record in read_records(Path(output))})
        for other in FORMATS if HAS_ARROW else [name for name in FORMATS if name != "parquet"]:
            code, _, told = run("convert", output, "-o", f"again{FORMATS[other].suffixes[0]}", "--format", other)
            assert code == 0, told


def test_later_runs_into_a_store_work(run: Run) -> None:
    """The rows show the byte that is not UTF-8, groups and search find the article, and it is added once."""
    for _ in range(3):
        code, _, told = run("extract", "in", "-o", "out.db")
        assert code == 0, told
    code, out, told = run("search", "out.db", "vote", "--format", "jsonl")
    sources = sorted(json.loads(line)["article"]["source"] for line in out.splitlines())
    assert ["in/caf\\xe8.txt", "in/caf\\xe9.txt", "in/plain.txt"] == sources
    with sqlite3.connect("out.db") as database:
        assert [(3,)] == database.execute("SELECT max(size) FROM groups").fetchall()
    assert 0 == run("store", "out.db", "-o", "other.db")[0]
    assert "3 there already" in run("store", "out.db", "-o", "other.db")[2]


def test_a_store_of_an_earlier_version_is_updated(run: Run, whole: ArticleRecord, tmp_path: Path) -> None:
    """An article that an earlier version showed with U+FFFD is still the same."""
    odd = evolve(whole, article=evolve(whole.article, source="caf\udce9.txt"))
    with Store.open(tmp_path / "out.db", write=True) as store:
        store.add([odd])
    with sqlite3.connect("out.db") as database:
        database.execute("UPDATE articles SET source = 'caf\ufffd.txt'")
    with Store.open(tmp_path / "out.db", write=True) as store:
        assert 1 == store.add([odd]).changed
        assert 1 == store.add([odd]).same
        assert [odd] == list(store.records())


@pytest.mark.parametrize(
    "arguments",
    [
        "variants records.jsonl -o out.json",
        "report records.jsonl -o out.html",
        "check vote --in records.jsonl",
        "check vote --in records.jsonl -o out.txt",
        "check vote --in records.jsonl -o out.csv",
        "check vote --in in --format json",
        "convert records.jsonl --format text",
        "convert records.jsonl --format csv",
    ],
)
def test_every_command_takes_such_names(arguments: str, run: Run) -> None:
    """Such a name is shown escaped, on standard output and in files."""
    assert 0 == run("extract", "in", "-o", "records.jsonl", "--with-text")[0]
    code, _, told = run(*arguments.split())
    assert code in (0, 7), told
    assert "fault" not in told
    for name in NAMES:
        assert 0 == run("explain", f"in/{os.fsdecode(name)}")[0]


@pytest.mark.parametrize("form", ["json", "csv", "parquet", "docbin", "sqlite", "labelstudio", "brat"])
def test_an_output_may_have_such_a_name(form: str, run: Run) -> None:
    """The files beside it are named after it, and it reads back."""
    if form == "parquet" and not HAS_ARROW:
        pytest.skip(WHY_NOT)
    output = os.fsdecode(b"out\xe9") + FORMATS[form].suffixes[0]
    code, _, told = run("extract", "in", "-o", output, "--stats", os.fsdecode(b"counts\xe9.json"))
    assert code == 0, told
    if FORMATS[form].read:
        assert 0 == run("convert", output, "-o", "again.jsonl")[0]


def test_a_text_keeps_its_offsets(whole: ArticleRecord) -> None:
    """Each half is one sign; a record without one is the same object."""
    text = f"{whole.article.text}\ud83d"
    odd = evolve(whole, article=evolve(whole.article, text=text, source="\udcff\ud83d"))
    assert f"{whole.article.text}\ufffd" == encodable(odd).article.text
    assert "\\xff\\ud83d" == encodable(odd).article.source
    assert encodable(whole) is whole
    assert "a.txt" == named("a.txt")
