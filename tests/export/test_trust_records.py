"""Damaged or odd records are reported or pass through, and our output harms no reader."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest
from attrs import evolve

from quotes.comparison.checking import Checker, claims
from quotes.comparison.variants import groups
from quotes.errors import InputError
from quotes.export import FORMATS, from_dict, read_records, to_dict
from quotes.export.store import Store
from quotes.files.atomic import save
from quotes.files.csv_cells import safe_cell
from quotes.records import Article, ArticleRecord, Cue, Mention, Quote, Span, Speaker
from quotes.web import report
from tests.serving import hostile

TEXTUAL = ("json", "jsonl", "csv", "webannotation")
BRACKETS = "[" * 100_000


def written(record: ArticleRecord, name: str, folder: Path) -> Path:
    """Save a record in a format."""
    path = folder / f"quotes{FORMATS[name].suffixes[0]}"
    save([record], write=FORMATS[name].write, output=path, target=FORMATS[name].target)
    return path


@pytest.fixture
def vote() -> ArticleRecord:
    """An article of two quotes, with its text."""
    text = "“We vote on Monday,” Ana Lee said. “Nobody on these islands will pay more for a crossing this winter.”"
    speaker = Speaker("Ana Lee", "person", "the mayor", Mention("Ana Lee", 21, 28), "name")
    first = Quote("q1", "direct", text[:20], (Span(0, 20),), Cue("said", "say", 29, 33), speaker, confidence=0.625)
    second = Quote("q2", "direct", text[35:], (Span(35, len(text)),), confidence=0.5)
    return ArticleRecord(Article("a", "town.txt", 0, 0, len(text), text=text), (first, second))


@pytest.mark.parametrize("name", TEXTUAL)
@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "1" + "0" * 400, "1" * 5000])
def test_what_is_no_number_is_no_record(vote: ArticleRecord, tmp_path: Path, name: str, number: str) -> None:
    """The error for a confidence that JSON does not allow names the file; it is not passed on to other programs."""
    path = written(vote, name, tmp_path)
    path.write_text(path.read_text("utf-8").replace("0.625", number), "utf-8")
    with pytest.raises(InputError, match=re.escape(str(path))):
        list(read_records(path))


def test_what_is_no_number_is_no_record_of_python() -> None:
    """`from_dict` refuses it as well, and says which field it is."""
    for value in (float("nan"), float("inf"), 10**400):
        with pytest.raises(InputError, match="confidence"):
            from_dict({"id": "q", "type": "direct", "text": "", "spans": [], "confidence": value}, kind=Quote)


@pytest.mark.parametrize("name", TEXTUAL)
def test_brackets_without_end_are_reported(vote: ArticleRecord, tmp_path: Path, name: str) -> None:
    """A value of a hundred thousand brackets is a fault of its file."""
    path = written(vote, name, tmp_path)
    text = path.read_text("utf-8")
    if name == "csv":
        [span] = {'"[{""start"": 0, ""end"": 20}]"'}
        assert span in text
        text = text.replace(span, f'"{BRACKETS}"')
    else:
        text = text.replace("0.625", BRACKETS)
    path.write_text(text, "utf-8")
    with pytest.raises(InputError, match=re.escape(str(path))):
        list(read_records(path))


@pytest.mark.parametrize("name", ["json", "jsonl", "csv", "parquet", "sqlite"])
def test_a_quote_that_stands_nowhere_passes_through(vote: ArticleRecord, tmp_path: Path, name: str) -> None:
    """Records without a fragment are read, compared, checked and reported; the quote alone is left out."""
    if name == "parquet":
        pytest.importorskip("pyarrow")
    odd = evolve(vote, quotes=(evolve(vote.quotes[0], spans=()), vote.quotes[1]))
    other = evolve(odd, article=evolve(odd.article, id="b", source="city.txt"))
    [back] = read_records(written(odd, name, tmp_path))
    assert odd == back
    [group] = groups([back, other])
    assert "q2" == group.lead.quote
    bare = evolve(other, article=evolve(other.article, text=None))
    claim = "Nobody on these islands will pay more for a crossing this winter."
    assert "verbatim" == Checker([back, bare]).check(claim).verdict
    report.write([back, bare], io.StringIO())


def test_a_store_of_a_quote_that_stands_nowhere_is_grouped(vote: ArticleRecord, tmp_path: Path) -> None:
    """`Store.regroup` leaves it out as `quotes variants` does."""
    odd = evolve(vote, quotes=(evolve(vote.quotes[0], spans=()), vote.quotes[1]))
    other = evolve(odd, article=evolve(odd.article, id="b", source="city.txt"))
    with Store.open(tmp_path / "quotes.db", write=True) as store:
        store.add([odd, other])
        assert store.regroup()
        assert 2 == len(store.search("vote"))


@pytest.mark.parametrize("form", FORMATS)
def test_no_format_breaks_on_a_quote_that_stands_nowhere(tmp_path: Path, form: str) -> None:
    """Formats that anchor quotes in the text say that there is no place."""
    pytest.importorskip("pyarrow")
    record = ArticleRecord(Article("a", "s", 0, 0, 0, text=""), (Quote("q", "direct", "", ()),))
    if FORMATS[form].needs_text:
        with pytest.raises(InputError, match="the text is not the one that quote q was found in"):
            written(record, form, tmp_path)
    else:
        written(record, form, tmp_path)


@pytest.mark.parametrize("name", ["schemaorg", "webannotation"])
def test_linked_data_cannot_end_a_script(name: str, tmp_path: Path) -> None:
    """JSON-LD is for embedding in a page: none of its strings can end, begin or comment out anything there."""
    record = hostile()
    text = written(record, name, tmp_path).read_text("utf-8")
    assert not re.search("[<>&\u2028\u2029]", text)
    assert "</script><script>" in json.dumps(json.loads(text))
    if FORMATS[name].read:
        assert [record] == list(read_records(tmp_path / f"quotes{FORMATS[name].suffixes[0]}"))


def test_an_annotation_for_hypothesis_is_no_markup(tmp_path: Path) -> None:
    """Its text is Markdown: the article's words are shown literally, even links and images."""
    record = hostile()
    line = json.loads(written(record, "hypothesis", tmp_path).read_text("utf-8"))
    assert not re.search(r"(?<!\\)<", line["text"].replace("\n\n> ", "\n\n"))


@pytest.mark.parametrize("mark", ["", " ", "\t", "\ufeff", "\u200b", "\u00a0", "\u2060", "\x0b", "\x01", "\u202e"])
@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝"])
def test_no_cell_is_a_formula(mark: str, sign: str) -> None:
    """Nor is one that begins with marks which nobody sees, and which an import may take off."""
    cell = f"{mark}{sign}1+1"
    assert safe_cell(cell) == f"'{cell}"


def test_a_table_of_checked_claims_has_no_cell_within_a_text(vote: ArticleRecord) -> None:
    """A program that divides at semicolons finds each text in its marks."""
    stream = io.StringIO()
    claims.write_csv([Checker([vote]).check("we vote;=1+1")], stream)
    row = stream.getvalue().splitlines()[1]
    assert row.startswith('"we vote;=1+1",')
    assert "we vote;=1+1" == next(csv.reader([row]))[0]


def test_a_record_that_is_copied_stays_what_it_was(vote: ArticleRecord, tmp_path: Path) -> None:
    """Every format that is read gives the record back after all these guards."""
    pytest.importorskip("pyarrow")
    for name, entry in FORMATS.items():
        if entry.read:
            folder = tmp_path / name
            folder.mkdir()
            assert [to_dict(vote)] == [to_dict(record) for record in read_records(written(vote, name, folder))]
