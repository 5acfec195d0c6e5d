"""Documents, archives, mails and feeds that mean no good cost themselves: no network, no entity, no bomb."""

from __future__ import annotations

import io
import json
import socket
import zipfile
from pathlib import Path
from typing import Any

import pytest

from quotes.files import compressed
from quotes.ingest import archive, documents, read
from quotes.records import ErrorRecord
from tests.ingest.findings import assert_texts_or_errors
from tests.ingest.making import docx, mail, odt, pdf, xlsx, zipped

SAID = "“The kiln was cold,” said Runa Holt."
BOMB = "<!DOCTYPE x [<!ENTITY a0 'bomb'>" + "".join(
    f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10)
) + "]>"  # fmt: skip
OUTSIDE = "<!DOCTYPE x [<!ENTITY out SYSTEM 'file://{path}'><!ENTITY % more SYSTEM 'http://127.0.0.1:9/'>]>"


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def given(data: bytes, kind: str | None = None, **choices: Any) -> list[Any]:
    return list(read("-", stdin=io.BytesIO(data), input_format=kind, **choices))


def replaced(data: bytes, member: str, content: bytes) -> bytes:
    """Return an archive with another content of one member."""
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        return zipped({name: content if name == member else old.read(name) for name in old.namelist()})


@pytest.mark.parametrize("kind", ["docx", "odt", "xlsx", "pdf", "zip", "eml", "mbox", "feed", "markdown"])
def test_no_bytes_raise(kind: str) -> None:
    """Whatever the bytes, and wherever a good file is cut or damaged, the result is texts or one-line errors."""
    whole = {
        "docx": docx(), "odt": odt(f"<text:p>{SAID}</text:p>"), "xlsx": xlsx({"a": [["text"], [SAID]]}),
        "pdf": pdf([[SAID]]), "zip": zipped({"a.txt": SAID}), "eml": mail(SAID, f"<p>{SAID}").as_bytes(),
        "mbox": b"From x\n" + mail(SAID).as_bytes(), "feed": b"<rss><channel><item><title>a</title></item></rss>",
        "markdown": f"---\na: b\n---\n# {SAID}".encode(),
    }[kind]  # fmt: skip
    damaged = [b"", b"\x00", b"PK\x03\x04", b"%PDF-", b"\xff" * 50, b"<" * 50, whole[:20], whole[: len(whole) // 2]]
    places = range(0, len(whole), len(whole) // 30 + 1)
    damaged += [whole[:n] + bytes([whole[n] ^ 0x5A]) + whole[n + 1 :] for n in places]
    for data in damaged:
        assert_texts_or_errors(given(data, kind))


@pytest.mark.parametrize("declared", ["bomb", "outside"])
def test_entities_are_not_followed(declared: str, tmp_path: Path) -> None:
    """Neither a bomb of them nor a file of this machine comes out of a document, a workbook or a feed."""
    secret = tmp_path / "secret"
    secret.write_text("the password", "utf-8")
    head = BOMB if declared == "bomb" else OUTSIDE.format(path=secret)
    name = "&a9;" if declared == "bomb" else "&out;"
    word = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    body = f"{head}<w:document {word}><w:body><w:p><w:r><w:t>{SAID}{name}</w:t></w:r></w:p></w:body></w:document>"
    text = "urn:oasis:names:tc:opendocument:xmlns"
    content = f'{head}<o:c xmlns:o="{text}:office:1.0" xmlns:t="{text}:text:1.0"><t:p>{SAID}{name}</t:p></o:c>'
    sheet = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rows = ((1, "text"), (2, f"{SAID}{name}"))
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>{t}</t></is></c></row>' for n, t in rows)
    feed = f'<?xml version="1.0"?>{head}<rss version="2.0"><channel><item><description>{SAID}{name}</description>'
    inputs = (
        replaced(docx(), "word/document.xml", body.encode()),
        replaced(odt("<text:p>a</text:p>"), "content.xml", content.encode()),
        replaced(
            xlsx({"a": [["text"], [SAID]]}), "xl/worksheets/sheet1.xml",
            f'{head}<worksheet xmlns="{sheet}"><sheetData>{cells}</sheetData></worksheet>'.encode(),
        ),
        f"{feed}</item></channel></rss>".encode(),
    )  # fmt: skip
    for data in inputs:
        for found in given(data):
            told = getattr(found, "text", "") + getattr(found, "detail", "")
            assert "password" not in told
            assert told.count("bomb") < 20


def test_an_archive_that_grows_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """The size of all members is counted before they are unpacked; each has the limit of a text."""
    monkeypatch.setattr(archive, "_WHOLE", 100_000)
    *_, last = given(zipped({f"{n}.txt": SAID * 500 for n in range(20)}))
    assert "too-long" == last.error
    assert "-/" in last.source
    monkeypatch.setattr(compressed, "LIMIT", 10_000)
    first, second = given(zipped({"a.txt": SAID * 500, "b.txt": SAID}))
    assert ("too-long", "-/a.txt", SAID) == (first.error, first.source, second.text)


def test_a_document_that_grows_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its parts are measured before any is unpacked."""
    monkeypatch.setattr(documents, "LIMIT", 5_000)
    for data in (docx([SAID * 300] * 2), odt(f"<text:p>{SAID * 300}</text:p>")):
        [found] = given(data)
        assert "longer than" in getattr(found, "detail", "")


def test_archives_within_archives_end() -> None:
    """A quine of an archive, too."""
    data = zipped({"a.txt": SAID})
    for _ in range(6):
        data = zipped({"a.zip": data})
    [found] = given(data)
    assert ("too-deep", "-/a.zip/a.zip/a.zip") == (found.error, found.source)


def test_a_members_path_is_only_a_name(tmp_path: Path) -> None:
    """Nothing is written, wherever it would lead."""
    path = tmp_path / "in" / "a.zip"
    path.parent.mkdir()
    path.write_bytes(zipped({"../../evil.txt": SAID, "/etc/evil.txt": SAID, "a\\b.txt": SAID}))
    assert 3 == len([found for found in read(path) if not isinstance(found, ErrorRecord)])
    assert [path] == [p for p in tmp_path.rglob("*") if p.is_file()]


def test_a_feed_is_no_address_and_no_path(tmp_path: Path) -> None:
    """The library that reads feeds opens what looks like either; it is given neither."""
    secret = tmp_path / "secret.xml"
    secret.write_text("<rss><channel><item><description>the password</description></item></channel></rss>", "utf-8")
    for data in (str(secret).encode(), b"http://127.0.0.1:9/feed"):
        [found] = given(data, "feed")
        assert "empty" == found.error


def test_deep_objects_and_long_lists_cost_no_time() -> None:
    """Lists of articles are searched in a limited number of objects."""
    wide = {f"k{n}": {"a": {"b": n}} for n in range(20_000)}
    [found] = given(json.dumps(wide).encode(), "json")
    assert "columns" in found.detail
    deep: Any = {}
    for _ in range(500):
        deep = {"data": deep, "x": 1}
    assert given(json.dumps(deep).encode(), "json")
