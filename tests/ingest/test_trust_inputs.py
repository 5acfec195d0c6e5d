"""A hostile input affects no other, and a cell that is not a number is empty."""

from __future__ import annotations

import json
from pathlib import Path

from quotes.ingest import read
from quotes.records import ErrorRecord, SourceText

BRACKETS = "[" * 100_000


def test_an_input_of_brackets_is_no_fault_of_ours(tmp_path: Path) -> None:
    """A file that begins as JSON and never closes costs itself."""
    for name in ("deep.json", "deep.jsonl", "deep.txt", "deep"):
        (tmp_path / name).write_text('{"text": ' + BRACKETS + "\n", "utf-8")
        assert all(isinstance(found, ErrorRecord) or found.text for found in read([tmp_path / name]))


def test_a_cell_that_is_no_number_is_empty(tmp_path: Path) -> None:
    """pandas writes an empty cell as NaN: no title, no outlet."""
    line = json.dumps({"text": "Ana Lee said so.", "title": float("nan"), "outlet": float("inf"), "id": 7})
    (tmp_path / "in.jsonl").write_text(line + "\n", "utf-8")
    [source] = read([tmp_path / "in.jsonl"])
    assert isinstance(source, SourceText)
    assert ("7", None, None) == (source.name, source.title, source.outlet)
