"""Exports read by other people's programs; those come with the extra `test-all`, and without it this is skipped."""

from __future__ import annotations

from pathlib import Path

import pytest

from quotes.export import FORMATS
from quotes.records import ArticleRecord

pytestmark = pytest.mark.test_all

WHY = "needs pip install '.[test-all]'"


def test_duckdb_reads_json_lines(record: ArticleRecord, tmp_path: Path) -> None:
    """A line an article is a row an article, with the record's own nested fields."""
    duckdb = pytest.importorskip("duckdb", reason=WHY)
    path = tmp_path / "a.jsonl"
    with path.open("w", encoding="utf-8") as stream:
        FORMATS["jsonl"].write([record, record], stream)
    found = duckdb.sql(f"SELECT article.id, q.speaker.name, q.text FROM '{path}', UNNEST(quotes) AS t(q)").fetchall()
    speakers = [(record.article.id, quote.speaker and quote.speaker.name, quote.text) for quote in record.quotes]
    assert found == speakers * 2
