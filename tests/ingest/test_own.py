"""The program's own output is not an input: skipped in a folder, refused if given by name."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from quotes.cli import main
from quotes.export import FORMATS
from quotes.ingest import read
from quotes.ingest.own import EXPORT, written_by_us
from quotes.records import Article, ArticleRecord, ErrorRecord, SourceText
from tests.exporting import saved

NEWS = '"We will count the herons again," Ines Mota told reporters.\n'
# Needs more than the plain tests have, and its file is binary either way.
LIBRARIES = {"parquet": "pyarrow"}


@pytest.fixture
def folder(sampled: list[ArticleRecord], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A folder of one article, with an output of every format and all that other commands write."""
    (tmp_path / "news.txt").write_text(NEWS, encoding="utf-8")
    records = tmp_path / "records"
    records.mkdir()
    few = [r for r in sampled if "ferries" in r.article.source]
    written = saved("json", few, records)
    for name, entry in FORMATS.items():
        if name in LIBRARIES:
            continue
        for suffix in entry.suffixes:
            made = tmp_path / f"out{suffix}"
            assert main(["convert", str(written), "-o", str(made), "--format", name, "-q"]) == 0
    for suffix in ("json", "jsonl"):
        assert main(["variants", str(written), "-o", f"{tmp_path}/groups.{suffix}", "-q"]) == 0
    for suffix in ("json", "jsonl", "csv", "txt"):
        words = few[0].quotes[0].text
        assert main(["check", words, "--in", str(written), "-o", f"{tmp_path}/answers.{suffix}"]) in (0, 4, 5, 7)
    for suffix in ("json", "jsonl", "csv", "ftm"):
        assert main(["sources", str(written), "-o", f"{tmp_path}/sources.{suffix}", "-q"]) == 0
    for output in ("audit.json", "audit.html"):
        assert main(["audit", str(written), "-o", f"{tmp_path}/{output}", "--csv", str(tmp_path), "-q"]) == 0
    assert main(["report", str(written), "-o", f"{tmp_path}/report.html", "-q"]) == 0
    capsys.readouterr()
    assert main(["schema"]) == 0
    (tmp_path / "quotes.schema.json").write_text(capsys.readouterr().out, encoding="utf-8")
    return tmp_path


def test_a_folder_of_outputs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In a folder with every output only the article is read; a run's output there is skipped by the next one."""
    output = folder / "again.json"
    for _ in range(2):
        assert main(["extract", str(folder), "-o", str(output), "--stats", f"{folder}/stats.json"]) == 0
    document = json.loads(output.read_text("utf-8"))
    assert [f"{folder}/news.txt"] == [a["article"]["source"] for a in document["articles"]]
    assert document["errors"] == []
    assert "error" not in capsys.readouterr().err.replace("0 errors", "")


def test_a_named_output_is_an_error(folder: Path) -> None:
    """The error for an output given by name says what it is and what to give, in one line; it is not read."""
    some = 0
    for path in sorted(p for p in folder.iterdir() if p.name not in ("news.txt", "records")):
        [found] = read([path])
        assert isinstance(found, ErrorRecord), path
        assert found.source == str(path)
        assert found.error in (EXPORT, "binary"), found
        assert (found.error == "binary") == (path.suffix in (".db", ".sqlite", ".spacy")), found
        some += 1
    assert some > len(FORMATS)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", '{"title": "Herons", "text": "They are back."}'),
        ("a.jsonl", '{"id": "quotes", "text": "They are back.", "quotes": []}\n'),
        ("a.jsonl", '{"date": "2025-06-10", "text": "They are back."}\n'),
        ("a.csv", "article_id,article_source,text\n1,x,They are back.\n"),
        ("a.txt", "Herons\n======\nBy Ines Mota\n\nThey are back, and more of them than last year.\n"),
        ("a.txt", "The herons are back: 3 quotes\n\n1. They are back.\n"),
        ("a.md", "## The herons are back\n\n> They are back.\n>\n> — **Ines Mota**\n"),
        ("a.txt", "Herons at last\n======\n\n  They are back.\n    — Ines Mota\n"),
        ("a.html", "<!doctype html><title>Herons</title><p>They are back, said Ines Mota of the harbour office.</p>"),
    ],
)
def test_news_of_a_like_shape_is_read(name: str, content: str, tmp_path: Path) -> None:
    """An article whose fields or lines only look a little like ours is an article."""
    (tmp_path / name).write_text(content, encoding="utf-8")
    [found] = read([tmp_path])
    assert isinstance(found, SourceText)


@pytest.mark.parametrize("name", ["markdown", "text"])
@pytest.mark.parametrize("source", ["a_b.txt", "my story.txt", "in/two words.csv#12", "text", "https://a.example/1"])
def test_an_output_of_an_untitled_article(name: str, source: str, record: ArticleRecord) -> None:
    """Its heading is its source, with nothing below."""
    for quotes in (record.quotes, ()):
        stream = StringIO()
        FORMATS[name].write([ArticleRecord(Article("a", source, 0, 0, 9), quotes)], stream)
        assert name == written_by_us(stream.getvalue().encode("utf-8"))


def test_the_files_of_a_run_under_way_are_not_told_as_skipped(tmp_path: Path) -> None:
    """A part file and its journal are ours; one without the other may be anything."""
    for name in ("news.txt", "out.jsonl.part", "out.jsonl.journal", "film.part", "diary.journal"):
        (tmp_path / name).write_text(NEWS, encoding="utf-8")
    told: list[str] = []
    assert 1 == len(list(read([tmp_path], tell=told.append)))
    assert [f"{tmp_path}: 2 files skipped: .journal 1, .part 1"] == told


def test_a_text_of_brat_beside_articles(folder: Path) -> None:
    """The texts that a brat folder of ours holds are not read a second time; those of another corpus are."""
    other: Any = folder / "corpus"
    (other / "text").mkdir(parents=True)
    (other / "annotation.conf").write_text("[entities]\nBird\n", encoding="utf-8")
    (other / "text" / "heron.txt").write_text(NEWS, encoding="utf-8")
    names = sorted(Path(found.name).name for found in read([folder]) if isinstance(found, SourceText))
    assert names == ["heron.txt", "news.txt"]
