"""The CSV format: cells that no spreadsheet takes for a formula, and a description beside the table."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import attrs
import pytest

from quotes.cli import main
from quotes.errors import InputError, StoreError
from quotes.export import read_records, to_dict
from quotes.export.formats.csv_package import write_beside
from quotes.export.formats.csv_table import columns, write
from quotes.records import ArticleRecord
from quotes.records.json_text import dumps

FORMULAS = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1", "'=1", "'", "", "'\"x", "−1", "a\rb", "\0",
    "half \ud83d", '"', "a;=1", 'a";=1', "- said Lee", "“=1”",
]  # fmt: skip


def table(record: ArticleRecord) -> str:
    stream = io.StringIO(newline="")
    write([record], stream)
    return stream.getvalue()


@pytest.mark.parametrize("text", FORMULAS, ids=ascii)
def test_no_cell_is_a_formula_and_each_text_comes_back(text: str, record: ArticleRecord, tmp_path: Path) -> None:
    """An apostrophe defuses a cell; the reader takes it away, and the text is verbatim."""
    quote = attrs.evolve(record.quotes[0], text=text)
    odd = ArticleRecord(attrs.evolve(record.article, title=text, byline=text), (quote,))
    path = tmp_path / "a.csv"
    path.write_bytes(table(odd).encode("utf-8"))
    with path.open(encoding="utf-8", newline="") as stream:
        cells = [cell for row in csv.reader(stream) for cell in row]
    assert len(cells) >= 2 * len(columns())
    assert [] == [cell for cell in cells if cell.strip().startswith(("=", "+", "-", "@", "＝"))]
    assert [] == [cell for cell in cells if cell.startswith(("\t", "\r", "\n")) or "\0" in cell]
    assert list(read_records(path)) == [odd]


def test_every_text_stands_in_quotation_marks(record: ArticleRecord) -> None:
    """If semicolons separate cells, none begins within a text."""
    odd = attrs.evolve(record, article=attrs.evolve(record.article, title="a;=1"))
    assert '"a;=1"' in table(odd)


def test_the_columns_are_the_records_fields(record: ArticleRecord) -> None:
    """A record in a field is a column for each of its fields; lists are JSON."""
    names = [column.name for column in columns()]
    assert names[:5] == ["number", "id", "type", "text", "spans"]
    assert {"speaker_mention_start", "article_outlet_domain", "article_text", "cue_lemma"} <= set(names)
    [first, _] = csv.DictReader(io.StringIO(table(record)))
    assert json.loads(first["channels"]) == to_dict(record)["quotes"][0]["channels"]
    assert first["speaker_name"] == "Ana Lee"


def test_the_text_of_a_source_stands_once(record: ArticleRecord) -> None:
    """Only the first row of an article holds its text: a page of forty quotes is not written forty times."""
    whole = attrs.evolve(record, article=attrs.evolve(record.article, text="All of it."))
    assert ["All of it.", ""] == [row["article_text"] for row in csv.DictReader(io.StringIO(table(whole)))]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("\n0,", "\n1,"), "line 2: number 1 where 0 or 0 comes next"),
        (("\n1,", "\n7,"), "line 3: number 7 where 1 or 0 comes next"),
        (('"direct"', '"direct'), "line 2: "),
        ((',"[{""start"": 50', ',"[{""start"": x'), "line 3: spans: "),
        ((",0.25,", ",0.25,9,"), "line 3: "),
        (('"number"', '"nummer"'), "no column number"),
    ],
)
def test_a_broken_table_is_named_with_its_line(
    change: tuple[str, str], expected: str, record: ArticleRecord, tmp_path: Path
) -> None:
    """The message has the line, the fault, and the next step."""
    path = tmp_path / "a.csv"
    assert change[0] in table(record)
    path.write_text(table(record).replace(*change), encoding="utf-8")
    with pytest.raises(InputError) as raised:
        list(read_records(path))
    assert f"{path}: {expected}" in str(raised.value)
    assert "; " in str(raised.value)


def test_columns_may_be_moved_and_added(record: ArticleRecord, tmp_path: Path) -> None:
    """A table that went through a spreadsheet, with its columns in another order and one more, is read."""
    rows = list(csv.DictReader(io.StringIO(table(record))))
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        names = [*reversed(rows[0]), "checked by"]
        writer = csv.DictWriter(stream, names, restval="me")
        writer.writeheader()
        writer.writerows(rows)
    assert list(read_records(path)) == [record]


def test_the_command_writes_the_package_beside(
    record: ArticleRecord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`-o quotes.csv` leaves a table and its datapackage.json, and the table is read back by its suffix."""
    monkeypatch.chdir(tmp_path)
    Path("a.jsonl").write_text(dumps(to_dict(record)) + "\n", encoding="utf-8")
    assert main(["convert", "a.jsonl", "-q", "-o", "quotes.csv"]) == 0
    package = json.loads(Path("datapackage.json").read_text("utf-8"))
    assert [("quotes", "quotes.csv")] == [(entry["name"], entry["path"]) for entry in package["resources"]]
    assert list(read_records(Path("quotes.csv"))) == [record]


@pytest.mark.parametrize("found", ["[]", "{", '{"resources": [1]}'])
def test_another_package_is_left_alone(found: str, tmp_path: Path) -> None:
    """A datapackage.json that is none of tables is an error that says so, and stays as it is."""
    (tmp_path / "datapackage.json").write_text(found)
    with pytest.raises(StoreError, match="is not a data package of tables"):
        write_beside(tmp_path / "a.csv")
    assert [(tmp_path / "datapackage.json").read_text()] == [found]
