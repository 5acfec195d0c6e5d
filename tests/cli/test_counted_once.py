"""Records given twice count once, formats are known by their beginning, and wrong endings are refused."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from attrs import evolve

from quotes.cli import main
from quotes.records import ArticleRecord
from quotes.records.conversion import to_dict
from quotes.records.json_text import dumps


@pytest.fixture
def desk(record: ArticleRecord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two files of records that share an article, in which the command runs."""
    monkeypatch.chdir(tmp_path)
    other = evolve(record, article=evolve(record.article, id="a2", source="b.txt"))
    Path("a.jsonl").write_text(dumps(to_dict(record)) + "\n", "utf-8")
    Path("b.jsonl").write_text(dumps(to_dict(other)) + "\n" + dumps(to_dict(record)) + "\n", "utf-8")
    return tmp_path


@pytest.mark.parametrize("command", ["audit", "sources", "variants", "report"])
def test_an_article_that_two_files_have_counts_once(
    command: str, desk: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """A line names both files, and the counts are those of the two articles."""
    output = desk / ("out.html" if command == "report" else "out.json")
    assert 0 == main([command, "a.jsonl", "b.jsonl", "-o", str(output)])
    lines = capfd.readouterr().err.splitlines()
    assert "quotes: b.jsonl: 1 article also earlier in a.jsonl; it counts once, as first given" == lines[0]
    assert "2 articles" in lines[1]
    assert "4 quotes" in lines[1]
    if command == "audit":
        assert 4 == json.loads(output.read_text("utf-8"))["groups"][0]["quotes"]


def test_the_same_file_twice(desk: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Its articles are each counted once; `convert` writes them as often as they are given."""
    assert 0 == main(["sources", "a.jsonl", "a.jsonl", "-o", "once.csv"])
    assert "a.jsonl: 1 article also earlier in it; it counts once" in capfd.readouterr().err
    with (desk / "once.csv").open(encoding="utf-8", newline="") as stream:
        assert ["1"] == [row["articles"] for row in csv.DictReader(stream)]
    assert 0 == main(["convert", "a.jsonl", "a.jsonl", "-o", "two.json"])
    assert "2 articles" in capfd.readouterr().err


@pytest.mark.parametrize("kind", ["csv", "jsonl", "json"])
def test_a_file_without_its_ending_is_known_by_its_beginning(kind: str, desk: Path) -> None:
    """As is what a pipe gives: a table of quotes, too."""
    assert 0 == main(["convert", "a.jsonl", "-o", f"c.{kind}"])
    (desk / f"c.{kind}").rename("piped")
    assert 0 == main(["convert", "piped", "-o", "d.jsonl"])
    assert (desk / "a.jsonl").read_bytes() == (desk / "d.jsonl").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["audit", "a.jsonl", "-o", "a.pdf"], "an audit is a page (.html) or its numbers (.json)"),
        (["store", "a.jsonl", "-o", "a.csv"], "a store ends in .db; for this format use `quotes convert"),
    ],
    ids=["audit", "store"],
)
def test_an_ending_of_another_format_is_refused(
    arguments: list[str], said: str, desk: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Nothing is written under a name that promises something else."""
    assert 2 == main(arguments)
    assert said in capfd.readouterr().err
    assert not (desk / arguments[-1]).exists()


def test_a_folder_without_patterns_is_told(desk: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """The answer says how many tables of the folder were tested."""
    assert 0 == main(["patterns", "check", str(desk)])
    assert capfd.readouterr().out.endswith(f" patterns, all proved; 0 tables of {desk}\n")
