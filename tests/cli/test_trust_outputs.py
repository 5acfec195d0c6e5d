"""No output takes the place of an input or of somebody's own file; a good one stays where nothing better came."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from attrs import evolve

from quotes.cli import main
from quotes.export import to_dict
from quotes.export.formats.brat import _CONF
from quotes.lexicon import load_lexicon
from quotes.records import ArticleRecord, SourceText
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
    monkeypatch.setattr("quotes.extraction.pipeline.load", lambda **_: Fake(whole))
    monkeypatch.chdir(tmp_path)
    load_lexicon.cache_clear()
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
    """Whatever names the file, the command ends with one line that names it and the next step; nothing is changed."""
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
def test_an_own_output_among_the_inputs_is_made_anew(name: str, run: Run) -> None:
    """The same command run twice is no mistake: a folder or a glob holds the former output, which is no input."""
    for path in ("in", "in/*"):
        for _ in range(2):
            code, told = run("extract", path, "-o", f"in/{name}", "--stats", "in/stats.json")
            assert code == 0 or (path == "in/*" and "export of quotes" in told) or name == "out.db", told
            assert "both input and output" not in told


def test_a_folder_that_is_no_output_of_brat_stays(run: Run, tmp_path: Path) -> None:
    """Texts and attributions of another corpus are not taken for a former output."""
    put(Path("corpus.brat/text/a.txt"), NEWS)
    put(Path("corpus.brat/attributions/a.ann"), "T1\tContent 0 1\tL\n")
    before = tree(tmp_path)
    code, told = run("extract", "in", "-o", "corpus.brat")
    assert (1, 1) == (code, told.count("\n"))
    assert "no folder of brat's" in told
    assert before == tree(tmp_path)


def test_what_lies_beside_and_was_edited_stays(run: Run) -> None:
    """Datasette's metadata, Label Studio's labels and a table's description keep what somebody wrote there."""
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
        assert f"{beside} holds something else, or has been edited, and stays as it is" in told
        assert edited == Path(beside).read_text("utf-8")
    assert 0 == run("extract", "in", "-o", "q.csv")[0]
    package = json.loads(Path("datapackage.json").read_text("utf-8"))
    package["resources"][0]["title"] = "Ours"
    package["resources"][0]["schema"]["fields"][0]["description"] = "Ours"
    put(Path("datapackage.json"), json.dumps(package))
    assert 0 == run("extract", "in", "-o", "q.csv")[0]
    assert package == json.loads(Path("datapackage.json").read_text("utf-8"))
