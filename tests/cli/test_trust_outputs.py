"""No output replaces an input or a user's file; a good one stays unless a better one is complete."""

from __future__ import annotations

import gzip
import io
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from quotes.batch.run import Destination
from quotes.batch.run import run as run_all
from quotes.cli import main
from quotes.export import to_dict
from quotes.export.formats import json_lines
from quotes.export.formats.brat import _CONF
from quotes.lexicon.load import lexicon_of
from quotes.records import ArticleRecord, ErrorRecord, SourceText
from quotes.records.json_text import dumps

NEWS = "“We will vote.” Lee said. “On Monday.” on X.\nLee: it would rain."
Run = Callable[..., tuple[int, str]]


class Fake:
    """A pipeline that gives one record a text."""

    def __init__(self, record: ArticleRecord) -> None:
        self.record = record

    def read(self, source: SourceText, /) -> list[ArticleRecord]:
        return [evolve(self.record, article=evolve(self.record.article, source=source.name))]


@pytest.fixture
def run(
    whole: ArticleRecord, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> Run:
    """Work in a folder of articles and records; a command line gives its exit status and standard error."""
    monkeypatch.setattr("quotes.extraction.pipeline.load", lambda *_, **__: Fake(whole))
    monkeypatch.chdir(tmp_path)
    lexicon_of.cache_clear()
    for name in ("monday.txt", "Tuesday.txt"):
        put(Path("in") / name, NEWS)
    put(Path("in/rows.jsonl"), json.dumps({"text": NEWS}) + "\n")
    put(Path("records.jsonl"), dumps(to_dict(whole)) + "\n")
    put(Path("claims.csv"), "quote,speaker\nWe will vote.,Lee\n")

    def call(*arguments: str) -> tuple[int, str]:
        capfd.readouterr()
        code = main(list(arguments))
        return code, capfd.readouterr().err

    return call


def put(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def tree(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def linked(name: str, to: str, *, hard: bool = False) -> None:
    (os.link if hard else os.symlink)(to, name)


def prepared(how: str) -> None:
    match how:
        case "link":
            linked("link.txt", os.path.abspath("in/monday.txt"))
        case "hard":
            linked("hard.txt", "in/monday.txt", hard=True)
        case "folder link":
            linked("same", os.path.abspath("in"))
        case "inner":
            linked("in/z.json", os.path.abspath("out.json"))
            put(Path("out.json"), json.dumps({"text": NEWS}))
        case "brat":
            put(Path("corpus.brat/text/a.txt"), NEWS)
            put(Path("corpus.brat/annotation.conf"), _CONF)
        case "table":
            put(Path("in/quotes.metadata.json"), json.dumps({"text": NEWS}))
            put(Path("in/quotes.labels.xml"), NEWS)
            put(Path("in/out.jsonl.part"), NEWS)
        case "own":
            put(Path("own/cues.toml"), "# mine\n")
            put(Path("people.toml"), "")


@pytest.mark.parametrize(
    ("how", "arguments"),
    [
        ("", "extract in/monday.txt -o in/monday.txt"),
        ("", "extract in -o in/monday.txt"),
        ("", "extract in -o in/MONDAY.txt"),
        ("", "extract in -o in/tuesday.txt"),
        ("", "extract in -o ./in/../in/rows.jsonl"),
        ("", "extract in/*.jsonl -o in/rows.jsonl"),
        ("", "extract **/*.txt -o in/monday.txt"),
        ("", "extract in/m*.txt -o in/monday.txt --format csv"),
        ("link", "extract in -o link.txt"),
        ("link", "extract link.txt -o in/monday.txt"),
        ("hard", "extract in -o hard.txt"),
        ("hard", "extract hard.txt -o in/monday.txt"),
        ("folder link", "extract in -o same/monday.txt"),
        ("folder link", "extract same -o in/monday.txt"),
        ("inner", "extract in -o out.json"),
        ("brat", "extract corpus.brat/text -o corpus.brat"),
        ("brat", "extract corpus.brat/text/a.txt -o corpus.brat"),
        ("table", "extract in/quotes.metadata.json -o in/quotes.db"),
        ("table", "extract in/quotes.labels.xml -o in/quotes.labelstudio.json"),
        ("table", "extract in/out.jsonl.part -o in/out.jsonl"),
        ("own", "extract in --patterns own -o own/cues.toml --format json"),
        ("own", "extract in --people people.toml -o people.toml --format json"),
        ("own", "extract in --patterns own --stats own/cues.toml -o out.json"),
        ("", "extract in --stats in/monday.txt"),
        ("", "extract in/monday.txt --stats in/monday.txt -o out.json"),
        ("link", "extract in --stats link.txt -o out.json"),
        ("", "extract in --stats out.json -o out.json"),
        ("", "extract in --stats OUT.json -o out.json"),
        ("", "extract in --stats out.jsonl.journal -o out.jsonl"),
        ("", "extract in --stats datapackage.json -o out.csv"),
        ("", "convert records.jsonl -o records.jsonl"),
        ("", "convert records.jsonl -o ./RECORDS.jsonl"),
        ("", "variants records.jsonl -o in/../records.jsonl"),
        ("", "report records.jsonl -o records.jsonl"),
        ("", "store records.jsonl -o records.jsonl"),
        ("", "check vote --in records.jsonl -o records.jsonl"),
        ("", "check vote --in in -o in/monday.txt"),
        ("", "check vote --in in/*.txt -o in/monday.txt"),
        ("", "check --batch claims.csv --in records.jsonl -o claims.csv"),
        ("", "review records.jsonl --export records.jsonl"),
        ("", "review records.jsonl --export ."),
        ("", "review records.jsonl --verdicts records.jsonl --export gold"),
    ],
)  # fmt: skip
def test_an_input_is_never_written_over(how: str, arguments: str, run: Run, tmp_path: Path) -> None:
    """Whichever option names the file, the command ends with one line with it and the next step; nothing is changed."""
    prepared(how)
    if "RECORDS" in arguments or "OUT" in arguments:
        put(Path("OUT.json"), "former")
    before = tree(tmp_path)
    code, told = run(*arguments.split())
    assert (2, 1) == (code, told.count("\n")), told
    assert "both input and output" in told or "cannot hold the counts" in told
    assert "name another file after -" in told
    assert before == tree(tmp_path)


def test_standard_input_is_an_input(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """`quotes extract - < a.txt -o a.txt` would lose the article."""
    with open("in/monday.txt", encoding="utf-8") as stream:
        monkeypatch.setattr("sys.stdin", stream)
        code, told = run("extract", "-", "-o", "in/monday.txt")
    assert code == 2
    assert "in/monday.txt is both input and output (standard input is read)" in told
    assert NEWS == Path("in/monday.txt").read_text("utf-8")


@pytest.mark.parametrize("name", ["out.json", "out.jsonl", "out.csv", "out.txt", "out.md", "out.jsonl.gz", "out.db"])
def test_an_own_output_among_the_inputs_is_replaced(name: str, run: Run) -> None:
    """A command may be run twice: a folder or a glob contains the former output, which is not an input."""
    for path in ("in", "in/*"):
        for _ in range(2):
            code, told = run("extract", path, "-o", f"in/{name}", "--stats", "in/stats.json")
            assert code == 0 or (path == "in/*" and "export of quotes" in told) or name == "out.db", told
            assert "both input and output" not in told


def test_a_folder_that_is_not_a_brat_output_stays(run: Run, tmp_path: Path) -> None:
    """Texts and attributions of another corpus are not taken for a former output."""
    put(Path("corpus.brat/text/a.txt"), NEWS)
    put(Path("corpus.brat/attributions/a.ann"), "T1\tContent 0 1\tL\n")
    before = tree(tmp_path)
    code, told = run("extract", "in", "-o", "corpus.brat")
    assert (1, 1) == (code, told.count("\n"))
    assert "not a brat folder" in told
    assert before == tree(tmp_path)


def test_what_lies_beside_and_was_edited_stays(run: Run) -> None:
    """Datasette's metadata, Label Studio's labels and a table's description keep a user's edits."""
    outputs = {"q.db": "q.metadata.json", "q.labelstudio.json": "q.labels.xml"}
    for output, beside in outputs.items():
        for _ in range(2):
            code, told = run("extract", "in", "-o", output)
            assert code == 0
            assert "stays as it is" not in told
        edited = Path(beside).read_text("utf-8").replace("Title", "Our title").replace("title", "our title")
        put(Path(beside), edited)
        code, told = run("convert", "records.jsonl", "-o", output)
        assert code == 0
        assert f"{beside} has other content, perhaps edited, and stays as it is" in told
        assert edited == Path(beside).read_text("utf-8")
    assert 0 == run("extract", "in", "-o", "q.csv")[0]
    package = json.loads(Path("datapackage.json").read_text("utf-8"))
    package["resources"][0]["title"] = "Ours"
    package["resources"][0]["schema"]["fields"][0]["description"] = "Ours"
    put(Path("datapackage.json"), json.dumps(package))
    assert 0 == run("extract", "in", "-o", "q.csv")[0]
    assert package == json.loads(Path("datapackage.json").read_text("utf-8"))


@pytest.fixture
def packed(run: Run) -> str:
    """Records that are unpacked into the temporary folder."""
    Path("records.jsonl.gz").write_bytes(gzip.compress(Path("records.jsonl").read_bytes()))
    return "records.jsonl.gz"


UNREADABLE = ("missing.txt", "in/empty.txt", "in/picture.txt")
FORMATS = ("json", "jsonl", "csv", "parquet", "md", "txt", "brat", "spacy", "jsonl.gz", "db", "annotations.jsonld")


@pytest.mark.parametrize("name", [f"out.{suffix}" for suffix in FORMATS])
def test_a_good_output_outlasts_a_run_that_could_read_nothing(name: str, run: Run, tmp_path: Path) -> None:
    """Each input's error is reported, the output is unchanged, and no file is left beside it."""
    if name.endswith(".parquet"):
        pytest.importorskip("pyarrow", reason="pyarrow is not installed: .venv/bin/pip install '.[parquet]'")
    put(Path("in/empty.txt"), "")
    Path("in/picture.txt").write_bytes(b"\x89PNG\r\n" + bytes(200))
    put(Path("broken.jsonl"), "no record\n")
    assert 0 == run("extract", "in/monday.txt", "-o", name)[0]
    before = tree(tmp_path)
    code, told = run("extract", *UNREADABLE, "-o", name)
    assert (1, 4) == (code, told.count("\n"))
    assert f"{name} is as it was: 0 articles, 0 quotes, 3 errors" in told
    assert before == tree(tmp_path)
    code, told = run("convert", "broken.jsonl", "missing.jsonl", "-o", name)
    assert (1, 3) == (code, told.count("\n"))
    assert f"{name} is as it was: 0 articles, 0 quotes, 2 errors" in told
    assert before == tree(tmp_path)


@pytest.mark.parametrize(
    "arguments",
    [
        "variants missing.jsonl -o out.json",
        "report missing.jsonl -o out.json",
        "check vote --in missing.jsonl -o out.json",
        "check --batch nothing.csv --in records.jsonl -o out.json",
        "check --batch claims.csv --in missing.jsonl -o out.json",
    ],
)
def test_a_good_answer_outlasts_a_command_that_could_read_nothing(arguments: str, run: Run) -> None:
    """Groups, pages and answers stay as they were where there is nothing to make them of."""
    put(Path("out.json"), "former")
    put(Path("nothing.csv"), "quote,speaker\n,Lee\n")
    code, told = run(*arguments.split())
    assert code == 1
    assert "missing.jsonl: no such file" in told or "nothing.csv" in told
    assert "former" == Path("out.json").read_text("utf-8")


@pytest.mark.parametrize("command", ["convert", "variants", "report", "check vote --in", "store"])
def test_a_full_temporary_folder_is_reported_as_such(
    command: str, run: Run, packed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the input nor the output is at fault, and the output stays; the one line says what helps."""
    output = "out.db" if command == "store" else "out.json"
    assert 0 == run("convert", "records.jsonl", "-o", output)[0]
    former = Path(output).read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.TemporaryDirectory", full)
    monkeypatch.setattr("tempfile.TemporaryFile", full)
    code, told = run(*command.split(), packed, "-o", output)
    assert (1, 1) == (code, told.count("\n")), told
    assert told.startswith("quotes: the temporary folder")
    words = "cannot be written (No space left on device); make room there, or set TMPDIR to another folder\n"
    assert told.endswith(words)
    assert former == Path(output).read_bytes()


@pytest.mark.skipif(os.name != "posix", reason="limits are POSIX's")
def test_errors_on_a_full_disk_are_reported_as_such(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """JSON keeps errors in a temporary file until the articles are written: that one may be full, too."""
    assert 0 == run("extract", "in/monday.txt", "-o", "out.json")[0]
    former = Path("out.json").read_bytes()

    class Full(io.StringIO):
        def write(self, _: str) -> int:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("quotes.export.formats.json_document.SpooledTemporaryFile", lambda *_, **__: Full())
    code, told = run("extract", "in/monday.txt", "missing.txt", "-o", "out.json")
    assert (1, 2) == (code, told.count("\n"))
    assert "the temporary folder" in told
    assert former == Path("out.json").read_bytes()


def test_statistics_that_cannot_be_written_hide_nothing(run: Run) -> None:
    """If both fail, both are reported; if only the counts fail, the output is written and the status is 1."""
    code, told = run("extract", "in", "-o", "none/out.json", "--stats", "none/stats.json")
    assert code == 1
    assert all(f"quotes: none/{name}.json: no folder" in told for name in ("stats", "out"))
    code, told = run("extract", "in", "-o", "out.csv", "--stats", "none/stats.json")
    assert (1, 2) == (code, told.count("\n"))
    assert Path("datapackage.json").exists()


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="no /proc here")
def test_a_folder_that_takes_no_files_is_named(run: Run) -> None:
    """The folder is there, so that it need not be created."""
    code, told = run("extract", "in", "-o", "/proc/out.jsonl")
    assert (1, 1) == (code, told.count("\n"))
    assert "/proc/out.jsonl: no file can be created in /proc; name a file in another folder" in told


class Disk:
    """A raw file that takes a given number of bytes more."""

    def __init__(self, room: int) -> None:
        self.room = room

    def put(self, stream: Any, data: bytes) -> None:
        stream.write(data[: self.room])
        self.room -= len(data)
        if self.room < 0:
            raise OSError(28, "No space left on device")


@pytest.mark.parametrize("room", [0, 5])
def test_a_full_disk_leaves_no_journal_of_nothing(room: int, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failed start leaves neither a journal nor a part, and the former output."""
    put(Path("out.jsonl"), "former")
    before = tree(Path())
    monkeypatch.setattr("quotes.batch.journal.put", Disk(room).put)
    code, told = run("extract", "in", "-o", "out.jsonl")
    assert (1, 1) == (code, told.count("\n"))
    assert "out.jsonl: cannot be written (No space left on device); the file is as it was" in told
    assert before == tree(Path())


def test_a_full_disk_leaves_no_store_of_nothing(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store that could not be begun is not there; one that was there, be it empty, stays."""

    def full(*_: object) -> None:
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error

    monkeypatch.setattr("quotes.export.store.connection._prepare", full)
    put(Path("empty.db"), "")
    before = tree(Path())
    for name in ("out.db", "empty.db"):
        code, told = run("extract", "in", "-o", name)
        assert (1, 1) == (code, told.count("\n"))
    assert before == tree(Path())


@pytest.mark.parametrize("plan", [(), ("--resume",)])
@pytest.mark.parametrize("kind", ["own part", "own journal", "link", "hard link", "linked journal", "folder"])
def test_files_that_no_run_wrote_are_left_alone(plan: tuple[str, ...], kind: str, run: Run, tmp_path: Path) -> None:
    """Somebody's own `out.jsonl.part` is not written over, nor another file through a link of that name."""
    diary = put(Path("diary.txt"), "Dear diary")
    match kind:
        case "own part":
            put(Path("out.jsonl.part"), "Dear diary\n")
        case "own journal":
            put(Path("out.jsonl.journal"), "Dear diary")
        case "link" | "linked journal":
            linked("out.jsonl.part" if kind == "link" else "out.jsonl.journal", str(diary.absolute()))
        case "hard link":
            linked("out.jsonl.part", str(diary), hard=True)
        case _:
            put(Path("out.jsonl.part/a.txt"), "Dear diary")
    before = tree(tmp_path)
    code, told = run("extract", "in", "-o", "out.jsonl", *plan)
    assert (1, 1) == (code, told.count("\n")), told
    assert "move it, or name another output" in told
    assert before == tree(tmp_path)


def redirected(folder: Path, *arguments: str, to: str, mode: str = "wb") -> tuple[int, str]:
    with open(folder / to, mode) as stdout:
        code = "import sys; from quotes.cli import main; sys.exit(main(sys.argv[1:]))"
        command = [sys.executable, "-c", code, *arguments]
        done = subprocess.run(command, cwd=folder, stdout=stdout, stderr=subprocess.PIPE, text=True, timeout=120)
    return done.returncode, done.stderr


def test_what_the_shell_leads_into_an_input_is_refused(run: Run, tmp_path: Path) -> None:
    """`quotes convert a.jsonl >> a.jsonl` would read its own output without end."""
    former = Path("records.jsonl").read_bytes()
    code, told = redirected(tmp_path, "convert", "records.jsonl", "--format", "jsonl", to="records.jsonl", mode="ab")
    assert (2, 1) == (code, told.count("\n"))
    assert "standard output is both input and output (records.jsonl is read); name another file after -o" in told
    assert former == Path("records.jsonl").read_bytes()


def test_the_file_that_standard_output_goes_to_is_no_input(tmp_path: Path, whole: ArticleRecord) -> None:
    """`quotes extract . > out.jsonl` finds an empty file there, which is its own."""
    (own := tmp_path / "out.jsonl").touch()
    read: list[str] = []

    class Reader:
        def read(self, source: SourceText, /) -> list[ArticleRecord]:
            read.append(source.name)
            return [whole]

    found = [ErrorRecord(str(own), "empty", "nothing in it"), SourceText(str(tmp_path / "a.txt"), NEWS)]
    with own.open("w", encoding="utf-8") as stream:
        summary = run_all(found, Destination(stream, json_lines.write), load=lambda **_: Reader())
    assert ([str(tmp_path / "a.txt")], 0) == (read, summary.errors)
