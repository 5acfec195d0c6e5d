"""Saved records are read back, article by article; what is broken is named with its file and place."""

from __future__ import annotations

import gzip
import io
import json
import sys
from pathlib import Path
from typing import Any

import attrs
import pytest

from quotes.errors import InputError
from quotes.export import FORMATS, read_records, to_dict
from quotes.records import ArticleRecord, ErrorRecord
from quotes.records.json_text import dumps

DOCUMENT = '{"schema": "quotes/1", "articles": [%s], "errors": []}'


def saved(path: Path, name: str, records: list[Any]) -> Path:
    """Write records to a file by a format's own writer."""
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        FORMATS[name].write(records, stream)
    return path


def numbered(record: ArticleRecord, count: int) -> list[ArticleRecord]:
    """Return articles that differ, with what makes JSON hard to cut: escapes, half pairs, numbers, line ends."""
    odd = 'a "\\\ud83d\n\x85\u2028 \U0001f600 é'
    return [attrs.evolve(record, article=attrs.evolve(record.article, index=n, title=odd * n)) for n in range(count)]


@pytest.mark.parametrize("name", ["json", "jsonl"])
@pytest.mark.parametrize("suffix", ["", ".json", ".jsonl", ".txt.gz"])
def test_what_was_written_is_read(name: str, suffix: str, record: ArticleRecord, tmp_path: Path) -> None:
    """Both JSON formats come back whole under any of their suffixes, errors left out."""
    records = numbered(record, 3)
    path = saved(tmp_path / f"records{suffix}", name, [ErrorRecord("b.txt", "missing", "no"), *records])
    if suffix.endswith(".gz"):
        path.write_bytes(gzip.compress(path.read_bytes()))
        path = path.rename(tmp_path / f"records.{name}.gz")
    assert list(read_records(path)) == records


@pytest.mark.parametrize("piece", [1, 2, 7, 64])
def test_a_document_may_be_cut_anywhere(
    piece: int, record: ArticleRecord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever a block of input ends, the articles are the same."""
    monkeypatch.setattr("quotes.export.json_stream.PIECE", piece)
    records = numbered(record, 4)
    assert list(read_records(saved(tmp_path / "a.json", "json", records))) == records


def test_a_document_is_read_article_by_article(record: ArticleRecord, tmp_path: Path) -> None:
    """The first article is there before a fault further on is met."""
    path = tmp_path / "a.json"
    path.write_text(DOCUMENT % f"{dumps(to_dict(record))},\n tru", encoding="utf-8")
    articles = read_records(path)
    assert next(articles) == record
    with pytest.raises(InputError, match=r"a\.json: line 2: not JSON"):
        next(articles)


def test_the_order_of_a_document_does_not_matter(record: ArticleRecord, tmp_path: Path) -> None:
    """A document that another program has rewritten is the same document."""
    path = tmp_path / "a.json"
    document = {"errors": [], "more": {"articles": []}, "articles": [to_dict(record)], "schema": "quotes/1"}
    path.write_text(json.dumps(document, indent="\t"), encoding="utf-8-sig")
    assert list(read_records(path)) == [record]


def test_standard_input_is_read(record: ArticleRecord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`-` is standard input, in either format."""
    for name in ("json", "jsonl"):
        data = saved(tmp_path / "a", name, [record]).read_bytes()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        assert list(read_records(Path("-"))) == [record]


@pytest.mark.parametrize("name", ["json", "jsonl"])
def test_no_articles_are_no_fault(name: str, tmp_path: Path) -> None:
    """A run that found nothing leaves a file that is read as nothing."""
    assert list(read_records(saved(tmp_path / f"a.{name}", name, []))) == []


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.jsonl", b"\n{]\n", "line 2: not JSON"),
        ("a.jsonl", b'{"article": {}, "quotes": []}\n', "line 1: no valid ArticleRecord: 'id' is missing"),
        ("a.jsonl", b"[" * 100_000 + b"\n", "line 1: not JSON"),
        ("a.json", b"[]", "not a document of articles"),
        ("a.json", b'{"schema": "quotes/9", "articles": []}', "schema 'quotes/9'"),
        ("a.json", b'{"schema": "quotes/1"}', 'no document with "articles"'),
        ("a.json", b'{"articles": [\n{"quotes": []}]}', "article 1, which ends on line 2: no valid ArticleRecord"),
        ("a.json", b'{"articles": [', "line 1: not JSON (the file ends too early)"),
        ("a.json", b'{"articles": []', "line 1: not JSON (the file ends too early)"),
        ("a.json", b'{"articles": [],\n\n"x": "cut', "line 3: not JSON (the file ends too early)"),
        ("a.json", b'{"articles": []} x', "extra content"),
        ("a.json", b'{"articles": [], "errors": ' + b"[" * 100_000, "not JSON"),
        ("a.json", b'{"articles": [], x: 1}', "a key in quotation marks is missing"),
        ("a.json", b'{"articles": [] "x": 1}', "',' or '}' is missing"),
        ("a.json", b"\xff\xfe{", "not UTF-8"),
        ("a.json.gz", gzip.compress(b"{}")[:-9], "cut off or damaged"),
        ("a.html", b"<p>", "is an article, not records; run extract first"),
        ("a", b"", "is empty"),
    ],
)
def test_what_is_broken_is_named(name: str, content: bytes, expected: str, tmp_path: Path) -> None:
    """The message is one line with the file, the place and the next step."""
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError) as raised:
        list(read_records(path))
    message = str(raised.value)
    assert message.startswith(f"{path}: ")
    assert expected in message
    assert "; " in message
    assert "\n" not in message


def test_a_broken_article_does_not_swallow_the_file(tmp_path: Path) -> None:
    """A fault is reported at once, not after the rest is in memory."""
    path = tmp_path / "a.json"
    path.write_text('{"articles": [{"quotes" []}' + " " * 3_000_000 + "]}", encoding="utf-8")
    with pytest.raises(InputError, match="line 1: not JSON"):
        list(read_records(path))


@pytest.mark.parametrize(
    ("where", "kind", "expected"),
    [("none.json", None, "no such file"), ("", None, "is a folder"), ("a.json", "yaml", "'yaml' is not a format")],
)
def test_what_cannot_be_read_is_named(where: str, kind: str | None, expected: str, tmp_path: Path) -> None:
    """A missing file, a folder and an unknown format are errors with a next step."""
    (tmp_path / "a.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match=expected):
        list(read_records(tmp_path / where, format_name=kind))
