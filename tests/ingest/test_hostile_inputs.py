"""Files, web pages and tables that mean no good, or that no program should have written, cost no more than their size.

Most of these were found by measuring or by fuzzing (tests/fuzz): each stands here in the smallest form that shows it.
"""

from __future__ import annotations

import gc
import io
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from quotes.errors import InputError
from quotes.ingest import read
from quotes.ingest.html import read_html
from quotes.records import ErrorRecord, SourceText
from tests.growth import BOUND, GROWTH, growth_of, memory_growth_of

ARTICLE = "<p>The bridge is shut until Monday. “We will not wait for it,” Ann Lee, the mayor, told Reuters today.</p>"
ARTICLE *= 5


def given(data: bytes | str, kind: str) -> list[SourceText | ErrorRecord]:
    """Read an input of a kind that standard input gives."""
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    return list(read(["-"], input_format=kind, stdin=io.BytesIO(raw)))


# -- web pages --------------------------------------------------------------------------------------------------------


def nested(inner: str, outer: str, *, depth: int) -> Callable[[int], str]:
    return lambda count: ARTICLE + (inner * depth + outer * depth) * count


def repeated(unit: str, *, before: str = "", after: str = "") -> Callable[[int], str]:
    return lambda count: f"{before}{unit * count}{after}"


# Name: what makes a page of a size, and the smaller of two sizes.
PAGES: dict[str, tuple[Callable[[int], str], int]] = {
    "tables, 300 deep": (nested("<table><tr><td>a ", "</td></tr></table>", depth=300), 1),
    "divisions, 600 deep": (nested("<div>a ", "</div>", depth=600), 1),
    "lists, 300 deep": (nested("<ul><li>a ", "</li></ul>", depth=300), 1),
    "blocks in spans, 300 deep": (nested("<div><span>a ", "</span></div>", depth=300), 1),
    "quotations, 600 deep": (nested("<blockquote>a ", "</blockquote>", depth=600), 3),
    "blocks that never end": (repeated("<div>a ", before=ARTICLE), 3_000),
    "lists in lists of JSON-LD": (
        repeated("[{},[{}]],", before="<script type='application/ld+json'>[", after=f"0]</script>{ARTICLE}"), 20_000,
    ),
    "attributes of one tag": (
        lambda count: "<p " + " ".join(f"a{n}=1" for n in range(count)) + ">" + ARTICLE, 20_000,
    ),
    "one attribute": (repeated("x", before="<p class='", after=f"'>{ARTICLE}"), 2_000_000),
    "one pull quote over and over": (repeated("<p>“We will not wait for the bridge to open”</p>"), 1_500),
    "pull quotes that differ": (
        lambda count: "".join(f"<p>“We will not wait for bridge {n} to open”</p>" for n in range(count)), 1_500,
    ),
    "entities": (repeated("&amp;&lt;&#65;&nbsp; ", before=ARTICLE), 20_000),
    "entities within entities": (
        repeated(
            "<p>&a9;",
            before="<!DOCTYPE html [<!ENTITY a0 'bomb'>"
            + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
            + f"]><html><body>{ARTICLE}",
        ),
        2_000,
    ),
    "cells": (repeated("<tr><td>one two<td>three", before=f"{ARTICLE}<table>"), 600),
    "links": (repeated("<a href='#'>a</a> ", before=f"{ARTICLE}<p>"), 1_500),
    "headings": (repeated("<h1>The bridge</h1>", after=ARTICLE), 1_500),
    "less-than signs": (repeated("<", before=ARTICLE), 50_000),
    "tags that never end": (repeated("<p", before=ARTICLE), 50_000),
}  # fmt: skip


def page(data: bytes) -> object:
    try:
        return read_html(data, name="page.html")
    except InputError:
        return None


@pytest.mark.slow
@pytest.mark.parametrize("name", PAGES)
def test_a_web_page_takes_linear_time(name: str) -> None:
    """Four times the page takes about four times as long, however it is nested and whatever it repeats."""
    make, small = PAGES[name]
    page("<p>“We will not wait for the bridge to open,” she said.</p>".encode() * 9)  # loaded once, not counted
    assert growth_of(page, lambda size: f"<!doctype html><html><body>{make(size)}".encode(), small) < BOUND


def test_words_nested_deep_are_kept() -> None:
    """Elements nested deeper than on any news page are flattened: each word once, in order, a block per paragraph."""
    words = [f"word{n}" for n in range(400)]
    blocks = "".join(f"<div><p>It rained on {word} in the valley.</p>" for word in words)
    [found] = given(f"<html><body>{ARTICLE}{blocks}", "html")
    assert isinstance(found, SourceText)
    assert words == [w for w in found.text.split() if w[:4] == "word"]
    assert 400 <= len(found.text.splitlines())


def test_words_in_spans_nested_deep_are_kept() -> None:
    """A tag that an editor forgot to close, hundreds of times, hides nothing of the paragraph."""
    words = [f"word{n}" for n in range(400)]
    [found] = given(f"<html><body>{ARTICLE}<p>" + "".join(f"<b>{word} " for word in words), "html")
    assert isinstance(found, SourceText)
    assert words == [w for w in found.text.split() if w[:4] == "word"]


def test_a_page_with_a_picture_in_an_attribute_is_read() -> None:
    """An attribute of megabytes costs itself, not the article."""
    [found] = given(f"<html><body><img src='data:image/png;base64,{'A' * 12_000_000}'>{ARTICLE}", "html")
    assert isinstance(found, SourceText)
    assert "told Reuters today" in found.text


@pytest.mark.parametrize("sign", ["\x01", "\x0b", "\x1f", "\ufffe"])
def test_a_page_may_hold_characters_that_no_page_should(sign: str) -> None:
    """A control character behind a script, or deep in nested blocks, costs itself and not the page."""
    [behind] = given(f"<html><body><script>1</script>{sign}\tIt rained in the valley.", "html")
    assert "It rained in the valley." in behind.text
    nested = "".join(f"<div><p>It rained {sign}on word{n} in the valley.</p>" for n in range(400))
    [deep] = given(f"<html><body>{ARTICLE}{nested}", "html")
    assert 400 == deep.text.count("on word")


def test_words_are_read_once_where_blocks_lie_in_spans() -> None:
    """On a page too short for an article, blocks within inline elements are not read again for each element."""
    [found] = given("<html><body>" + "<div><span>a " * 20 + "It rained in the valley.", "html")
    assert isinstance(found, SourceText)
    assert 1 == found.text.count("It rained in the valley.")


# -- tables and JSON --------------------------------------------------------------------------------------------------

DEEP = 100_000
WORDS = "It rained in the valley and the river rose. "


@pytest.mark.parametrize(
    "cell",
    [
        "[" * 900 + "]" * 900,
        '[{"name": ' * 450 + "1" + "}]" * 450,
        '{"name": ' * 900 + "1" + "}" * 900,
        "[" * DEEP + "]" * DEEP,
        '{"a":' * DEEP + "1" + "}" * DEEP,
        "1" * DEEP,
        "1e999",
        "NaN",
    ],
    ids=["lists", "names", "objects", "lists too deep", "objects too deep", "digits", "infinity", "not a number"],
)
@pytest.mark.parametrize("field", ["byline", "other"])
def test_a_deep_cell_costs_its_row_at_most(cell: str, field: str) -> None:
    """Nested JSON in a row, however deep, raises nothing, and the next row is read."""
    found = given(f'{{"text": "It rained.", "{field}": {cell}}}\n{{"text": "It snowed."}}\n', "jsonl")
    assert 2 == len(found)
    assert isinstance(found[1], SourceText)
    assert "It snowed." == found[1].text


@pytest.mark.parametrize("data", ["[" * DEEP, "[" * DEEP + "]" * DEEP, '[{"text": ' * DEEP])
def test_a_deep_document_is_an_error_in_words(data: str) -> None:
    """JSON nested too deeply is reported in one line."""
    [found] = given(data, "json")
    assert isinstance(found, ErrorRecord)
    assert "broken" == found.error


def test_names_within_names_are_still_joined() -> None:
    """A byline of objects, and of lists of these, gives its names."""
    row = {"text": "It rained.", "byline": [{"name": "Ann Lee"}, [{"name": ["Jo Roe"]}, "Ana Diaz"]]}
    [found] = given(json.dumps(row) + "\n", "jsonl")
    assert isinstance(found, SourceText)
    assert "Ann Lee, Jo Roe, Ana Diaz" == found.byline


# Name: kind of input, and a function that makes one whose largest field has a given number of characters.
FIELDS: dict[str, tuple[str, Callable[[int], str]]] = {
    "a cell of CSV": ("csv", lambda n: f'id,text\n1,"{WORDS * (n // len(WORDS))}"\n2,It rained.\n'),
    "quotation marks in CSV": ("csv", lambda n: 'id,text\n1,"a' + '""' * (n // 2) + '"\n2,It rained.\n'),
    "cells of CSV": ("csv", lambda n: f"id,text\n{',' * n}\n2,It rained.\n"),
    "a header of CSV": ("csv", lambda n: f"text,{'a,' * (n // 2)}\nIt rained.\n"),
    "broken rows of CSV": ("csv", lambda n: "id,text\n" + '1,"a\n2,b"c\n' * (n // 11)),
    "a line of JSON": ("jsonl", lambda n: f'{{"text": "{WORDS * (n // len(WORDS))}"}}\n{{"text": "It rained."}}\n'),
    "escapes in JSON": ("jsonl", lambda n: '{"text": "' + "\\u00e9" * (n // 6) + '"}\n'),
    "keys of JSON": ("jsonl", lambda n: '{"text": "a"' + "".join(f',"k{i}":1' for i in range(n // 10)) + "}\n"),
    "a long byline": ("jsonl", lambda n: '{"text": "a", "byline": [' + '"a",' * (n // 4) + '"a"]}\n'),
    "a line of text": ("text", lambda n: WORDS * (n // len(WORDS))),
    "a text of another encoding": ("text", lambda n: WORDS * (n // len(WORDS)) + "\udc80"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", FIELDS)
def test_a_huge_field_takes_linear_time_and_memory(name: str) -> None:
    """Four times the field takes about four times as long and as much memory."""
    kind, make = FIELDS[name]

    def work(data: bytes) -> None:
        for _ in read(["-"], input_format=kind, stdin=io.BytesIO(data)):
            pass

    def encoded(size: int) -> bytes:
        return make(size).encode("utf-8", "surrogateescape")

    assert growth_of(work, encoded, 200_000) < BOUND
    assert memory_growth_of(work, encoded(200_000), encoded(200_000 * GROWTH), BOUND) < BOUND


@pytest.mark.parametrize("text", ["\u2028", "\x85\u2029", "\u2003\u3000", "\u200f\u2060\n", "\ufeff\u200b"])
def test_what_cannot_be_seen_is_empty(text: str) -> None:
    """A text of only white space and zero-width characters, whichever they are, is empty."""
    [found] = given(text, "text")
    assert isinstance(found, ErrorRecord)
    assert "empty" == found.error
    [row] = given(json.dumps({"text": text}) + "\n", "jsonl")
    assert isinstance(row, ErrorRecord)


# -- many files -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty folders of 200 tiny files."""
    root = tmp_path_factory.mktemp("archive")
    for folder in range(20):
        (root / f"{folder:02d}").mkdir()
        for number in range(200):
            (root / f"{folder:02d}" / f"{number:03d}.txt").write_text("It rained.", encoding="utf-8")
    return root


@pytest.mark.slow
def test_many_files_take_linear_time(archive: Path) -> None:
    """Four times the files take about four times as long."""

    def work(count: int) -> None:
        paths = [archive / f"{n:02d}" for n in range(count)]
        assert 200 * count == sum(1 for _ in read(paths))

    assert growth_of(work, lambda count: count, 5) < BOUND


def test_a_walk_streams(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first file is read before any folder but its own and those above it is looked at, and none is held open."""
    listed: list[str] = []
    scan = os.scandir

    def noted(path: str) -> object:
        listed.append(os.fspath(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", noted)
    found = read([archive])
    next(found)
    assert [str(archive), str(archive / "00")] == listed
    assert 20 * 200 - 1 == sum(1 for _ in found)
    assert 21 == len(listed)


@pytest.mark.slow
def test_a_walk_holds_one_folder(archive: Path) -> None:
    """Ten times as many files, in as many folders more, need no more memory."""

    def work(folders: int) -> None:
        for number, _ in enumerate(read([archive / f"{n:02d}" for n in range(folders)])):
            if number % 200 == 0:
                gc.collect()  # what is held counts, not what waits to be collected

    work(1)  # loaded once, not counted
    assert memory_growth_of(work, 2, 20, 2) < 2
