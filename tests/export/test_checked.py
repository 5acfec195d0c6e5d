"""Exports of all samples read by other people's programs.

Those come with the extra `test-all`; without it these tests are skipped.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

import attrs
import pytest

from quotes.export.formats.csv_package import write_beside
from quotes.export.formats.csv_table import columns
from quotes.records import ArticleRecord, Quote
from tests.exporting import WHY, quotes_of, run, saved

pytestmark = pytest.mark.test_all



def test_duckdb_reads_json_lines(sampled: list[ArticleRecord], tmp_path: Path) -> None:
    """A line an article is a row an article, with the record's own nested fields."""
    duckdb = pytest.importorskip("duckdb", reason=WHY)
    path = saved("jsonl", sampled, tmp_path)
    found = duckdb.sql(f"SELECT q.id, q.speaker.name, q.text FROM '{path}', UNNEST(quotes) AS t(q)").fetchall()
    assert found == [(q.id, q.speaker and q.speaker.name, q.text) for q in quotes_of(sampled)]


def test_frictionless_validates_the_table(sampled: list[ArticleRecord], tmp_path: Path) -> None:
    """`frictionless validate` finds every cell to be what datapackage.json says, and reads each quote's text."""
    frictionless = pytest.importorskip("frictionless", reason=WHY)
    hostile = [record_with('=HYPERLINK("http://a.example","x")\n…'), record_with(""), record_with("'\"a")]
    path = saved("csv", [*sampled, *hostile], tmp_path)
    write_beside(path)
    run("frictionless", "validate", "datapackage.json", cwd=tmp_path)
    package = frictionless.Package(str(tmp_path / "datapackage.json"), allow_invalid=False)
    rows = package.resources[0].read_rows()
    texts = [row["text"] for row in rows if row["number"] is not None]
    assert texts[: -len(hostile)] == [q.text if q.text[0] not in "'-" else f"'{q.text}" for q in quotes_of(sampled)]
    assert rows[0]["spans"] == [attrs.asdict(span) for span in quotes_of(sampled)[0].spans]
    described = {field.name: field.description for field in package.resources[0].schema.fields}
    assert described["confidence"] == "The probability that span and speaker are both right, 0 to 1."


def record_with(text: str) -> ArticleRecord:
    """A record whose every text is this one."""
    from quotes.records import Article, Span, Speaker

    speaker = Speaker(text, role=text, handle=text, id=text)
    return ArticleRecord(
        Article(text, text, 0, 0, 9, title=text, byline=text, url=text),
        (Quote(text, "direct", text, (Span(0, 9),), speaker=speaker),),
    )


def test_frictionless_sees_a_wrong_cell(tmp_path: Path) -> None:
    """The description is strict enough that a word among the offsets does not pass."""
    pytest.importorskip("frictionless", reason=WHY)
    path = saved("csv", [record_with("a")], tmp_path)
    write_beside(path)
    path.write_text(path.read_text("utf-8").replace('"direct"', '"sung"'), "utf-8")
    with pytest.raises(AssertionError, match="sung"):
        run("frictionless", "validate", "datapackage.json", cwd=tmp_path)


def test_duckdb_reads_parquet_with_types(sampled: list[ArticleRecord], tmp_path: Path) -> None:
    """Offsets are whole numbers, confidence a broken one, speakers and channels are structs; no quote is lost."""
    duckdb = pytest.importorskip("duckdb", reason=WHY)
    path = saved("parquet", sampled, tmp_path)
    typed = {name: kind for name, kind, *_ in duckdb.sql(f"DESCRIBE SELECT * FROM '{path}'").fetchall()}
    assert (typed["text"], typed["confidence"], typed["number"]) == ("VARCHAR", "DOUBLE", "BIGINT")
    assert typed["spans"] == 'STRUCT("start" BIGINT, "end" BIGINT)[]'
    assert typed["channels"].startswith("STRUCT(relation VARCHAR, ")
    assert typed["article"].startswith("STRUCT(id VARCHAR, ")
    query = f"SELECT text, speaker.name, [c.name FOR c IN channels], confidence FROM '{path}' WHERE number IS NOT NULL"
    assert duckdb.sql(query).fetchall() == [
        (q.text, q.speaker and q.speaker.name, [c.name for c in q.channels], q.confidence) for q in quotes_of(sampled)
    ]
    joined = f"""
        WITH texts AS (SELECT article.id, article.index, article.text AS page FROM '{path}' WHERE page IS NOT NULL)
        SELECT cue.text, substr(page, cue.start + 1, cue.end - cue.start) FROM '{path}' AS q, texts AS t
        WHERE t.id = q.article.id AND t.index = q.article.index AND cue IS NOT NULL"""
    cues = duckdb.sql(joined).fetchall()
    assert len(cues) == sum(q.cue is not None for q in quotes_of(sampled)) > 50
    assert [pair for pair in cues if pair[0] != pair[1]] == []


def test_a_second_table_joins_the_package(tmp_path: Path) -> None:
    """`datapackage.json` describes every table of the folder once, and frictionless validates them all."""
    pytest.importorskip("frictionless", reason=WHY)
    for name in ("a.csv", "a+.csv", "a.csv", "Späte Zitate.csv"):
        path = saved("csv", [record_with("a")], tmp_path).rename(tmp_path / name)
        write_beside(path)
    package = json.loads((tmp_path / "datapackage.json").read_text("utf-8"))
    assert ["Späte Zitate.csv", "a+.csv", "a.csv"] == [entry["path"] for entry in package["resources"]]
    run("frictionless", "validate", "datapackage.json", cwd=tmp_path)
    with path.open(encoding="utf-8", newline="") as stream:
        assert next(csv.reader(stream)) == [column.name for column in columns()]
