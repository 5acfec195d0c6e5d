"""A command whose extra is not installed says which one to install, in one line; others do without it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from quotes.export import FORMATS
from quotes.records import Article, ArticleRecord, Quote, Span, Speaker

TEXT = "“We vote,” said Ana Lee."
# Every package that an extra brings.
OF_EXTRAS = "litestar uvicorn h11 rapidfuzz datasketch ray pyarrow zstandard warcio pypdf torch transformers"
PROGRAM = f"""
import sys
from importlib.abc import MetaPathFinder

class Missing(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {OF_EXTRAS.split()!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Missing())
from quotes.cli import main
sys.exit(main(sys.argv[1:]))
"""


def bare(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the program as if no extra were installed."""
    return subprocess.run([sys.executable, "-c", PROGRAM, *arguments], cwd=folder, capture_output=True, text=True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with records of one quote."""
    quote = Quote("q1", "direct", TEXT[:10], (Span(0, 10),), speaker=Speaker("Ana Lee", "person"), confidence=0.9)
    record = ArticleRecord(Article("a", "town.txt", 0, 0, len(TEXT), text=TEXT), (quote,))
    with (tmp_path / "records.jsonl").open("w", encoding="utf-8") as stream:
        FORMATS["jsonl"].write([record], stream)
    return tmp_path


@pytest.mark.parametrize(
    ("command", "extra"),
    [
        ("serve", "web"),
        ("review records.jsonl", "web"),
        ("variants records.jsonl", "compare"),
        ("sources records.jsonl", "compare"),
        ("audit records.jsonl -o audit.html", "compare"),
        ("check words records.jsonl", "compare"),
        ("store records.jsonl -o quotes.db", "compare"),
        ("convert records.jsonl -o records.parquet", "parquet"),
        ("distribute records.jsonl out", "ray"),
    ],
)
def test_a_missing_extra_is_named(command: str, extra: str, folder: Path) -> None:
    """The hint is a command to copy, and no fault of the program is claimed."""
    done = bare(*command.split(), folder=folder)
    assert f".venv/bin/pip install '.[{extra}]'" in done.stderr
    assert 1 == len(done.stderr.splitlines())
    assert "fault" not in done.stderr
    assert done.returncode != 0


def test_verdicts_are_exported_without_a_server(folder: Path) -> None:
    """Only the page itself needs the extra."""
    done = bare("review", "records.jsonl", "--export", "corrected.jsonl", folder=folder)
    assert 0 == done.returncode, done.stderr
    assert (folder / "corrected.jsonl").exists()
