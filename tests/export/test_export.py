"""Records go out whole and come back the same, in every format of the registry."""

from __future__ import annotations

import io
import json
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from quotes.errors import InputError
from quotes.export import FORMATS, from_dict, json_schema, to_dict
from quotes.export.explanation import Explainer
from quotes.lexicon import Lexicon
from quotes.lexicon.tables import StatementPattern
from quotes.records import Article, ArticleRecord, ErrorRecord, Mention, Quote, Span, Speaker
from quotes.records.json_text import dumps
from quotes.records.schema import _of_class
from tests.strategies import anything

ERROR = ErrorRecord("b.txt", "missing", "no such file")
SCHEMA = json_schema()
DOCUMENT = Draft202012Validator(SCHEMA)
LINE = Draft202012Validator({"$ref": "#/$defs/ArticleRecord", "$defs": SCHEMA["$defs"]})


def written(name: str, records: list[ArticleRecord | ErrorRecord]) -> str:
    stream = io.StringIO()
    FORMATS[name].write(records, stream)
    return stream.getvalue()


JSON = ("json", "jsonl")


@given(anything(ArticleRecord))
@settings(max_examples=60, deadline=None)
def test_round_trip_through_json_is_exact(record: ArticleRecord) -> None:
    """A written record reads back equal."""
    assert from_dict(json.loads(dumps(to_dict(record)))) == record


@given(st.lists(anything(ArticleRecord) | anything(ErrorRecord), max_size=4))
@settings(max_examples=40, deadline=None)
def test_every_document_is_valid(records: list[ArticleRecord | ErrorRecord]) -> None:
    """For any records, the document satisfies the schema and keeps their order."""
    document = json.loads(written("json", records))
    DOCUMENT.validate(document)
    assert document["articles"] == [to_dict(r) for r in records if isinstance(r, ArticleRecord)]
    assert document["errors"] == [to_dict(r) for r in records if isinstance(r, ErrorRecord)]


@given(st.lists(anything(ArticleRecord), max_size=4))
@settings(max_examples=40, deadline=None)
def test_every_line_is_an_article(records: list[ArticleRecord]) -> None:
    """JSON Lines has one valid ARTICLE a line, however many kinds of line end the texts hold."""
    lines = written("jsonl", list(records)).splitlines()
    for line in lines:
        LINE.validate(json.loads(line))
    assert [json.loads(line) for line in lines] == [to_dict(r) for r in records]


@pytest.mark.parametrize("name", JSON)
def test_half_a_surrogate_pair_is_escaped(name: str, record: ArticleRecord) -> None:
    """Text that no encoding takes is written all the same, and read back."""
    odd = attrs.evolve(record, article=attrs.evolve(record.article, title="half \ud83d pair"))
    text = written(name, [odd]).encode("utf-8").decode("utf-8")
    assert "\\ud83d" in text
    first = json.loads(text) if name == "jsonl" else json.loads(text)["articles"][0]
    assert from_dict(first) == odd


def test_other_scripts_stay_readable(record: ArticleRecord) -> None:
    """Letters are written as themselves, not as escapes."""
    named = attrs.evolve(record, article=attrs.evolve(record.article, title="नमस्ते"))
    assert "नमस्ते" in written("json", [named])


def test_an_empty_run_is_a_whole_document() -> None:
    """No sources give a document with two empty lists."""
    assert json.loads(written("json", [])) == {"schema": "quotes/1", "articles": [], "errors": []}


def test_many_errors_are_all_written(record: ArticleRecord, monkeypatch: pytest.MonkeyPatch) -> None:
    """Errors that outgrow the memory set aside for them are kept in order."""
    monkeypatch.setattr("quotes.export.formats.json_document.ERRORS_IN_MEMORY", 100)
    errors = [ErrorRecord(f"{n}.txt", "missing", "no such\nfile…") for n in range(50)]
    document = json.loads(written("json", [*errors, record]))
    assert document["errors"] == [to_dict(error) for error in errors]


def test_text_is_left_out_unless_asked_for(record: ArticleRecord) -> None:
    """An article has a field `text` only where `--with-text` filled it; every other field is always there."""
    without, whole = to_dict(record), to_dict(attrs.evolve(record, article=attrs.evolve(record.article, text="All.")))
    assert "text" not in without["article"]
    assert whole["article"]["text"] == "All."
    assert list(without["quotes"][1]) == [f.name for f in attrs.fields(Quote)]


@pytest.mark.parametrize("part", ["article", "quotes"])
def test_parts_of_a_record_convert_by_themselves(part: str, record: ArticleRecord) -> None:
    """`from_dict` takes the class of any record."""
    value = record.article if part == "article" else record.quotes[0]
    assert from_dict(to_dict(value), kind=type(value)) == value


def test_unknown_fields_are_left_out(record: ArticleRecord) -> None:
    """A record of a later version, with more fields, can be read."""
    data = to_dict(record)
    data["quotes"][0]["mood"] = "gay"
    assert from_dict(data) == record


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"text": None}, "must be str, is NoneType @ $.quotes[0].text"),
        ({"spans": [{"start": True, "end": 1}]}, "must be int, is bool @ $.quotes[0].spans[0].start"),
        ({"spans": [{"start": 1}]}, "'end' is missing @ $.quotes[0].spans[0].end"),
        ({"type": "sung"}, "@ $.quotes[0].type"),
        ({"speaker": "Lee"}, "@ $.quotes[0].speaker"),
    ],
)
def test_a_wrong_field_is_named(change: dict[str, Any], expected: str, record: ArticleRecord) -> None:
    """The error for a dictionary that is not a record says where it is wrong."""
    data = to_dict(record)
    data["quotes"][0] |= change
    with pytest.raises(InputError) as raised:
        from_dict(data)
    assert expected in str(raised.value)


@pytest.mark.parametrize("data", [[], "text", None, 3, {}])
def test_what_is_no_record_is_refused(data: Any) -> None:
    """Anything but a record's dictionary is an InputError, never another exception."""
    with pytest.raises(InputError):
        from_dict(data)


def test_only_records_are_exported() -> None:
    """`to_dict` refuses objects that are not records."""
    with pytest.raises(TypeError, match="not dict"):
        to_dict({})


def test_schema_is_sound() -> None:
    """The schema is itself valid, and names the version that documents carry."""
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$id"] == SCHEMA["properties"]["schema"]["const"] == "quotes/1"


def test_schema_lists_the_fields_of_the_classes() -> None:
    """There is one field list: the schema's properties are the attrs fields, in order."""
    for cls in (Article, Quote, Speaker, ErrorRecord):
        assert list(SCHEMA["$defs"][cls.__name__]["properties"]) == [f.name for f in attrs.fields(cls)]


@pytest.mark.parametrize(
    "change",
    [{"type": "sung"}, {"confidence": 1.5}, {"spans": [{"start": -1, "end": 2}]}, {"cue": "said"}, {"text": None}],
)
def test_schema_refuses_what_the_contract_does(change: dict[str, Any], record: ArticleRecord) -> None:
    """A value outside the contract does not validate."""
    data = to_dict(record)
    data["quotes"][0] |= change
    with pytest.raises(ValidationError):
        LINE.validate(data)


def test_schema_allows_more_fields_but_not_fewer(record: ArticleRecord) -> None:
    """Fields may be added; a field that is missing is a fault."""
    data = to_dict(record)
    LINE.validate({**data, "more": 1})
    del data["quotes"][0]["cue"]
    with pytest.raises(ValidationError):
        LINE.validate(data)


@attrs.frozen
class Told:
    """A record of this test."""

    name: str
    """Who
    told it."""
    age: int | None = None


def test_schema_takes_descriptions_from_docstrings() -> None:
    """The string below a field is its description."""
    schema = _of_class(Told, {})
    assert schema["description"] == "A record of this test."
    assert schema["properties"]["name"] == {"type": "string", "description": "Who told it."}
    assert schema["properties"]["age"] == {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "null"}]}




def test_explanation_names_pattern_note_and_file(record: ArticleRecord) -> None:
    """A quote is shown with its speaker, channel, cue and pattern, and where and why that pattern exists."""
    pattern = StatementPattern("en-inverted", "A quotation and said Lee.")
    lexicon = Lexicon("en", statements=(pattern,), origin={"en-inverted": "patterns/en/statements.toml"})
    stream = io.StringIO()
    Explainer(lexicon).write([ERROR, record], stream)
    assert stream.getvalue().splitlines()[:9] == [
        "a.txt: Vote (The Gazette): 2 quotes",
        "",
        "1. offset 0, direct, confidence 0.75",
        "   “We will vote.” “On Monday.”",
        "   speaker  Ana Lee (person; the mayor; @lee; Q1; credited as “Lee”; resolved by alias)",
        "   channel  on X (platform x; from “on X”)",
        "   said on  2025-06-10",
        "   cue      “said” (say)",
        "   pattern  en-inverted: A quotation and said Lee. [patterns/en/statements.toml]",
    ]


def test_explanation_counts_lines_and_keeps_to_one_a_quote() -> None:
    """With the text there are line numbers; line ends and control characters in a quote are shown as spaces."""
    text = "One.\nTwo.\nHe said no\x1b\nnever."
    quote = Quote(
        "q", "indirect", text[18:], (Span(18, len(text)),), speaker=Speaker("He", mention=Mention("He", 10, 12))
    )
    article = Article("a", "a.txt", 0, 0, len(text), text=text)
    stream = io.StringIO()
    Explainer(Lexicon("en")).write([ArticleRecord(article, (quote,))], stream)
    assert stream.getvalue().splitlines()[2:4] == ["1. line 3, indirect, confidence 0.00", "   no  never."]
