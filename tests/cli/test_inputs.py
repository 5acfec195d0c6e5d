"""Messages about inputs: guessed, skipped, left out, and not fetched."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from quotes.cli import main
from quotes.records import SourceText


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[SourceText]:
    """Read with a pipeline that finds nothing, in an empty folder; the texts that it gets."""
    texts: list[SourceText] = []

    class Nothing:
        def read(self, source: SourceText, /) -> list[Any]:
            texts.append(source)
            return []

    monkeypatch.setattr("quotes.extraction.pipeline.load", lambda *_, **__: Nothing())
    monkeypatch.chdir(tmp_path)
    return texts


def test_notes_are_said_and_are_no_errors(read: list[SourceText], capsys: pytest.CaptureFixture[str]) -> None:
    """One line each on standard error; nothing of them when quiet."""
    Path("in").mkdir()
    Path("in/a.psd").write_bytes(b"x")
    Path("in/a.json").write_text(json.dumps({"articles": [{"content": "It rained.", "date": "04/03/2025"}]}), "utf-8")
    assert 0 == main(["extract", "in", "-o", "out.json"])
    said = capsys.readouterr().err.splitlines()[:-1]
    assert said == [
        "quotes: in/a.json: reads text from 'content', published from 'date'; name others with --columns FIELD=NAME",
        "quotes: in/a.json: 1 date with two readings dropped (04/03/2025); add --dates day-first or "
        "--dates month-first",
        "quotes: in: 1 file skipped: .psd 1",
    ]
    assert 0 == main(["extract", "in", "-q", "-o", "out.json"])
    assert "" == capsys.readouterr().err
    assert 0 == main(["extract", "in", "--dates", "month-first", "-o", "out.json"])
    assert ("2025-04-03", "It rained.") == (read[-1].published, read[-1].text)


def test_an_address_says_what_to_do(read: list[SourceText], capsys: pytest.CaptureFixture[str]) -> None:
    """The error is like that for a missing file."""
    assert 1 == main(["extract", "https://post.example/a"])
    assert "https://post.example/a: nothing is fetched from the network; save the page" in capsys.readouterr().err
    assert [] == read


def test_known_values_are_given_to_texts(read: list[SourceText], capsys: pytest.CaptureFixture[str]) -> None:
    """Title, outlet and date of a plain text; a date that is none is refused at once."""
    Path("a.txt").write_text("It rained.", "utf-8")
    known = ["--title", "Rain", "--outlet", "Varden Post", "--published", "12 May 2025"]
    assert 0 == main(["extract", "a.txt", *known])
    assert ("Rain", "Varden Post", "2025-05-12") == (read[0].title, read[0].outlet, read[0].published)
    assert 2 == main(["extract", "a.txt", "--published", "04/03/2025"])
    assert "--dates day-first" in capsys.readouterr().err


@pytest.mark.parametrize("given", ["text=a,title=b", "text=a, title=b", "title=b,text=a"])
def test_columns_stand_in_one_option_or_several(given: str) -> None:
    """A comma divides two pairs; in the name of a column it stays."""
    from quotes.cli.options import _columns

    context: Any = None
    assert {"text": "a", "title": "b"} == _columns(context, context, (given,))
    assert {"text": "a", "title": "b"} == _columns(context, context, ("text=a", "title=b"))
    assert {"text": "a, b", "id": "k"} == _columns(context, context, ("text=a, b,id=k",))


def test_the_help_lists_the_fields(capsys: pytest.CaptureFixture[str]) -> None:
    """The roles of --columns, and the kinds of --input-format."""
    main(["extract", "--help"])
    told = " ".join(capsys.readouterr().out.split())
    assert "text, id, title, url, outlet, published, byline, language, wire" in told
    assert "docx, odt, pdf, feed, eml, mbox, zip or warc" in told
