"""`quotes convert` writes saved records in another format; `quotes formats` lists what there is."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

import pytest

from quotes.batch.run import save
from quotes.cli import main
from quotes.errors import StoreError
from quotes.export import FORMATS, read_records, to_dict
from quotes.export.format import Format
from quotes.records import ArticleRecord, ErrorRecord
from quotes.records.json_text import dumps


@pytest.fixture
def desk(record: ArticleRecord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one good file of records, in which the command runs."""
    monkeypatch.chdir(tmp_path)
    Path("a.jsonl").write_text(dumps(to_dict(record)) + "\n", encoding="utf-8")
    return tmp_path


def test_records_go_from_format_to_format(desk: Path, record: ArticleRecord, capfd: pytest.CaptureFixture[str]) -> None:
    """There and back again gives the same bytes; several files become one."""
    assert main(["convert", "a.jsonl", "a.jsonl", "-o", "two.json"]) == 0
    assert capfd.readouterr().err == "quotes: two.json: 2 articles, 4 quotes, 0 errors\n"
    assert list(read_records(desk / "two.json")) == [record, record]
    assert main(["convert", "two.json", "--format", "jsonl"]) == 0
    assert capfd.readouterr().out == Path("a.jsonl").read_text(encoding="utf-8") * 2


def test_a_broken_file_is_reported_and_the_others_go_on(
    desk: Path, record: ArticleRecord, capfd: pytest.CaptureFixture[str]
) -> None:
    """One line on standard error, an entry among the document's errors, and exit status 1."""
    Path("b.jsonl").write_text("{]\n", encoding="utf-8")
    assert main(["convert", "b.jsonl", "none.json", "a.jsonl"]) == 1
    out, err = capfd.readouterr()
    document = json.loads(out)
    assert [to_dict(record)] == document["articles"]
    assert ["b.jsonl", "none.json"] == [error["source"] for error in document["errors"]]
    assert [line.split(": ")[1] for line in err.splitlines()] == ["b.jsonl", "none.json"]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["a.jsonl", "-o", "a.jsonl"], "is both input and output"),
        (["a.jsonl", "-o", "a.xyz"], "no format has this suffix"),
        (["a.jsonl", "--format", "yaml"], "no format 'yaml'"),
        ([], "Missing argument"),
    ],
)
def test_a_wrong_command_line_is_reported(
    arguments: list[str], expected: str, desk: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Exit status 2, one line, and nothing written."""
    assert main(["convert", *arguments]) == 2
    assert expected in capfd.readouterr().err
    assert [path.name for path in desk.iterdir()] == ["a.jsonl"]


def test_every_format_is_listed(capfd: pytest.CaptureFixture[str]) -> None:
    """One line a format: its name, its suffixes, what it is for."""
    assert main(["formats"]) == 0
    lines = [line.split("\t") for line in capfd.readouterr().out.splitlines()]
    assert list(FORMATS) == [name for name, _, _ in lines]
    assert all(entry.note in line[2] for entry, line in zip(FORMATS.values(), lines, strict=True))


def to_path(records: Iterable[Any], path: Path) -> None:
    """Write as a format of several files would: at once, and undone if it does not end well."""
    path.mkdir()
    try:
        for number, _ in enumerate(records):
            (path / str(number)).touch()
    except BaseException:
        for part in path.iterdir():
            part.unlink()
        path.rmdir()
        raise


def to_bytes(records: Iterable[Any], stream: IO[bytes]) -> None:
    for record in records:
        stream.write(repr(record).encode("utf-8"))


def test_a_writer_may_take_a_path_or_bytes(tmp_path: Path, record: ArticleRecord, monkeypatch: pytest.MonkeyPatch,
                                           capfdbinary: pytest.CaptureFixture[bytes]) -> None:  # fmt: skip
    """A format of several files gets its path, one of bytes a binary stream, on standard output as well."""
    monkeypatch.chdir(tmp_path)
    Path("a.jsonl").write_text(dumps(to_dict(record)) + "\n", encoding="utf-8")
    monkeypatch.setitem(FORMATS, "folder", Format(to_path, (".parts",), "parts", target="path"))
    monkeypatch.setitem(FORMATS, "bytes", Format(to_bytes, (".bin",), "bytes", target="binary"))
    assert main(["convert", "a.jsonl", "-q", "-o", "out.parts"]) == 0
    assert ["0"] == [part.name for part in Path("out.parts").iterdir()]
    assert main(["convert", "a.jsonl", "-q", "-o", "out.bin"]) == 0
    assert main(["convert", "a.jsonl", "--format", "bytes"]) == 0
    assert capfdbinary.readouterr() == (repr(record).encode("utf-8"), b"")
    assert Path("out.bin").read_bytes() == repr(record).encode("utf-8")
    assert main(["convert", "a.jsonl", "--format", "folder"]) == 2


def test_a_path_is_as_it_was_where_the_run_is_not_sound(tmp_path: Path, record: ArticleRecord) -> None:
    """An exception after the last record makes a writer of several files undo its work."""
    save([record, ErrorRecord("b", "missing", "no")], write=to_path, output=tmp_path / "x", target="path",
         sound=lambda: False)  # fmt: skip
    assert [] == list(tmp_path.iterdir())


def test_what_goes_beside_is_written_after_the_file(
    desk: Path, record: ArticleRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A format that has a companion file gets it once the file itself is there, and not on standard output."""
    seen: list[bool] = []
    entry = Format(FORMATS["jsonl"].write, (".pair",), "pair", beside=lambda path: seen.append(path.exists()))
    monkeypatch.setitem(FORMATS, "pair", entry)
    assert main(["convert", "a.jsonl", "-q", "-o", "out.pair"]) == 0
    assert main(["convert", "a.jsonl", "-q", "--format", "pair"]) == 0
    assert seen == [True]


def test_a_stream_that_cannot_be_written_is_reported(record: ArticleRecord) -> None:
    """A full disk behind standard output is one line with the next step."""

    class Full(io.StringIO):
        def write(self, _: str) -> int:
            raise OSError(28, "No space left on device")

    with pytest.raises(StoreError, match="use -o FILE"):
        save([record], write=FORMATS["json"].write, output=Full())


@pytest.mark.parametrize("output", ["out.csv", "out.brat", "out.json"])
def test_a_second_run_over_a_folder_does_not_read_the_first(
    output: str, pipeline: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`quotes extract . -o out.brat`, run twice, and then into another file, reads the article alone each time."""
    monkeypatch.setattr("quotes.extraction.pipeline.load", lambda *_, **__: pipeline)
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text("“We will vote on Monday,” said Mayor Ana Lee in the town hall.\n", encoding="utf-8")
    for _ in range(2):
        assert main(["extract", ".", "-q", "-o", output]) == 0
    if output != "out.brat":
        assert main(["extract", ".", "-q", "-o", "other.json"]) == 0
        assert [Path("a.txt")] == [Path(record.article.source) for record in read_records(Path("other.json"))]
    texts = [path.name for path in tmp_path.rglob("*.txt")]
    assert texts == (["a.txt", "a.txt"] if output == "out.brat" else ["a.txt"])
