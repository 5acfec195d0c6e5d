"""`quotes check` and `quotes variants` answer the same whatever format the records are saved in, packed or not."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from quotes.cli import main
from quotes.export import FORMATS, read_records
from quotes.records import ArticleRecord
from tests.exporting import saved

# Words as printed, altered, of another speaker, of two fragments, of the article itself, and of no source.
CLAIMS = (
    ("We will not close a single ferry line this year", "Lindqvist"),
    ("nobody on the islands will pay more than 25 crowns for a crossing", None),
    ("nobody on the islands will pay more than 20 crowns", "Jonas Berg"),
    ("We will not close a single ferry line … for a crossing", None),
    ("the ministry would order four new boats", None),
    ("we will close every single ferry line tomorrow", None),
)
READABLE = [name for name, entry in FORMATS.items() if entry.read]
PACKED = ["", ".gz", ".zst"]


@pytest.fixture(scope="module")
def ferries(sampled: list[ArticleRecord]) -> list[ArticleRecord]:
    """The samples on the ferries with their texts."""
    return [record for record in sampled if "ferries" in record.article.source]


def packed(path: Path, suffix: str) -> Path:
    """Pack a file, and take it away as it was."""
    if not suffix:
        return path
    data = path.read_bytes()
    path.unlink()
    if suffix == ".gz":
        squeezed = gzip.compress(data)
    else:
        zstandard = pytest.importorskip("zstandard", reason="zstd needs .venv/bin/pip install '.[archives]'")
        squeezed = zstandard.ZstdCompressor().compress(data)
    made = path.with_name(path.name + suffix)
    made.write_bytes(squeezed)
    return made


def answers(path: Path, capsys: pytest.CaptureFixture[str]) -> list[Any]:
    """Return what both commands answer about saved records, without the articles' texts."""
    capsys.readouterr()
    assert main(["variants", str(path)]) == 0
    found = [json.loads(capsys.readouterr().out)]
    for words, speaker in CLAIMS:
        by = ["--speaker", speaker] if speaker else []
        status = main(["check", words, *by, "--in", str(path), "--format", "json"])
        found.append([status, json.loads(capsys.readouterr().out)])
    assert capsys.readouterr().err == ""
    return found


@pytest.mark.parametrize("suffix", PACKED)
@pytest.mark.parametrize("name", READABLE)
def test_the_same_answers(
    name: str, suffix: str, ferries: list[ArticleRecord], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Records of each readable format, and of the same packed, give the groups and verdicts of plain JSON Lines."""
    if name == "parquet":
        pytest.importorskip("pyarrow", reason="Parquet needs .venv/bin/pip install '.[parquet]'")
    texts = FORMATS[name].needs_text
    expected = tmp_path / "expected"
    expected.mkdir()
    made = packed(saved(name, ferries, tmp_path), suffix)
    kept = all(record.article.text is not None for record in read_records(made))
    assert kept or not texts
    bare = [evolve(record, article=evolve(record.article, text=None)) for record in ferries]
    wanted = answers(saved("jsonl", ferries if kept else bare, expected), capsys)
    assert wanted == answers(made, capsys)
    assert [0, 3, 6, 4] == [status for status, _ in wanted[1:5]]


@pytest.mark.parametrize("suffix", PACKED)
def test_without_a_suffix(
    suffix: str, ferries: list[ArticleRecord], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A packed store is recognised by its content, whatever its name."""
    path = saved("sqlite", ferries, tmp_path)
    expected = answers(path, capsys)
    assert expected == answers(packed(path, suffix).rename(tmp_path / "records"), capsys)


def test_records_without_articles_are_records(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A run that found nothing leaves records in which nothing is found, and no error."""
    path = saved("json", [], tmp_path)
    assert main(["check", "we will vote", "--in", str(path)]) == 8
    assert capsys.readouterr().err == ""
