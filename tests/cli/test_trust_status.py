"""The exit status is the answer's, whatever the reader of the pipe does."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from quotes.batch.run import Destination, run
from quotes.cli import main
from quotes.export import to_dict
from quotes.export.formats import json_lines
from quotes.records import ArticleRecord, SourceText
from quotes.records.json_text import dumps

pytestmark = pytest.mark.skipif(os.name != "posix", reason="pipes as POSIX has them")
PATHS = ("many.jsonl", "good.txt", "missing.txt", "empty.html")
Run = Callable[..., tuple[int, str]]
STORY = "“We will vote on Monday,” said Ana Lee.\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Articles, more of them than a pipe holds, records, and claims of which the last is the worst."""
    made = tmp_path_factory.mktemp("status")
    (made / "good.txt").write_text(STORY, encoding="utf-8")
    (made / "empty.html").write_text("<html><body><script>1</script></body></html>", encoding="utf-8")
    rows = [json.dumps({"id": str(n), "text": STORY * 3}) for n in range(40)]
    (made / "many.jsonl").write_text("\n".join(rows), encoding="utf-8")
    (made / "claims.csv").write_text("quote\n" + "We will vote.\n" * 400 + "Nobody ever said that\n", encoding="utf-8")
    return made


@pytest.fixture(autouse=True)
def records(folder: Path, whole: ArticleRecord) -> None:
    many = [evolve(whole, article=evolve(whole.article, id=f"a{n}", source=f"{n}.txt")) for n in range(100)]
    (folder / "records.jsonl").write_text("".join(dumps(to_dict(r)) + "\n" for r in many), encoding="utf-8")


class Gone(io.RawIOBase):
    """The end of a pipe that nobody reads."""

    left = False

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        if self.left:
            return len(data)
        raise BrokenPipeError(32, "Broken pipe")


@pytest.fixture
def deaf(
    folder: Path, whole: ArticleRecord, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Iterator[Callable[..., tuple[int, str]]]:
    """Run a command line with nobody at the other end of its pipe; give its status and standard error."""

    class Fake:
        def read(self, source: SourceText, /) -> list[ArticleRecord]:
            return [evolve(whole, article=evolve(whole.article, source=source.name))]

    monkeypatch.chdir(folder)
    monkeypatch.setattr("quotes.extraction.pipeline.load", lambda *_, **__: Fake())
    pipes: list[Gone] = []

    def call(*arguments: str, errors_too: bool = False) -> tuple[int, str]:
        capfd.readouterr()
        for name in ("stdout", "stderr") if errors_too else ("stdout",):
            pipes.append(Gone())
            buffering = 8192 if name == "stdout" else 1
            held = io.TextIOWrapper(io.BufferedWriter(pipes[-1], buffering), line_buffering=name == "stderr")
            monkeypatch.setattr(sys, name, held)
        code = main(list(arguments))
        for pipe in pipes:
            pipe.left = True
        return code, capfd.readouterr().err

    yield call
    for pipe in pipes:
        pipe.left = True


def real(folder: Path, *arguments: str) -> tuple[int, str]:
    """Run the real program with nobody at the other end of its pipe."""
    code = "import sys; from quotes.cli import main; sys.stdin.read(); sys.exit(main(sys.argv[1:]))"
    how: Any = {"cwd": folder, "text": True, "stderr": subprocess.PIPE}
    with subprocess.Popen(
        [sys.executable, "-c", code, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, **how
    ) as child:
        assert child.stdout
        assert child.stdin
        assert child.stderr
        child.stdout.close()
        child.stdin.close()
        return child.wait(timeout=120), child.stderr.read()


@pytest.mark.parametrize("form", ["text", "json", "jsonl", "csv"])
@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("check", "Nobody ever said that", "--in", "records.jsonl"), 8),
        (("check", "We will vote.", "--in", "records.jsonl"), 0),
        (("check", "--batch", "claims.csv", "--in", "records.jsonl"), 8),
        (("check", "We will vote.", "--in", "records.jsonl", "--in", "missing.jsonl"), 1),
    ],
)
def test_check_answers_by_its_status(form: str, arguments: tuple[str, ...], status: int, deaf: Run) -> None:
    """`quotes check … | true` is asked for its status alone; of a batch every claim counts."""
    code, told = deaf(*arguments, "--format", form)
    assert status == code
    assert "Traceback" not in told
    assert "BrokenPipe" not in told


@pytest.mark.parametrize("form", ["json", "jsonl", "csv"])
def test_extract_tells_errors_that_come_after_the_reader_has_gone(form: str, deaf: Run) -> None:
    """A missing file and a page without text are errors, whatever precedes them."""
    code, told = deaf("extract", *PATHS, "--format", form, "--jobs", "1")
    assert code == 1
    assert ["missing.txt", "empty.html"] == [line.split(": ")[1] for line in told.splitlines()]
    assert (0, "") == deaf("extract", "many.jsonl", "--format", form, "--jobs", "1")


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("explain", "good.txt"), 0),
        (("explain", "missing.txt"), 1),
        (("convert", "records.jsonl", "missing.jsonl"), 1),
        (("convert", "records.jsonl", "missing.jsonl", "--format", "jsonl"), 1),
        (("convert", "records.jsonl", "missing.jsonl", "--format", "parquet"), 1),
        (("convert", "records.jsonl", "--format", "jsonl"), 0),
        (("variants", "records.jsonl", "missing.jsonl"), 1),
        (("variants", "records.jsonl"), 0),
        (("report", "records.jsonl", "missing.jsonl"), 1),
        (("formats",), 0),
        (("extract", "--nonsense"), 2),
    ],
)
def test_every_command_keeps_its_status(arguments: tuple[str, ...], status: int, deaf: Run) -> None:
    """A reader that has had enough changes no answer, also where it is that of standard error."""
    code, told = deaf(*arguments)
    assert status == code, told
    assert "Traceback" not in told
    assert status == deaf(*arguments, errors_too=True)[0]


def test_the_real_program_keeps_its_status(folder: Path) -> None:
    """Nothing is said where Python itself closes the pipe at its end."""
    assert (8, "") == real(folder, "check", "Nobody ever said that", "--in", "records.jsonl")


@pytest.mark.slow
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_workers_are_waited_for(jobs: str, folder: Path) -> None:
    """The sources that several processes have in work when the caller stops are reported, too."""
    code, told = real(folder, "extract", *PATHS, "--format", "jsonl", "--jobs", jobs, "--reader", "patterns")
    assert code == 1
    assert ["missing.txt", "empty.html"] == [line.split(": ")[1] for line in told.splitlines()]


def test_a_pipe_that_is_named_is_a_pipe(folder: Path, deaf: Run) -> None:
    """`-o FIFO` with a reader that goes away ends as `| head` does."""
    os.mkfifo(folder / "pipe.jsonl")
    with subprocess.Popen(["head", "-c", "1", "pipe.jsonl"], cwd=folder, stdout=subprocess.DEVNULL):
        code, told = deaf("extract", *["good.txt"] * 999, "missing.txt", "-o", "pipe.jsonl", "--jobs", "1")
    assert code == 1
    assert "missing.txt: no such file" in told


def test_a_feed_without_end_is_not_waited_for(whole: ArticleRecord) -> None:
    """Nobody knows when the next article of a feed comes: once the reader has gone, the run ends."""

    def feed() -> Iterator[SourceText]:
        yield SourceText("a", STORY)
        pytest.fail("the feed was asked for more")

    class Fake:
        def read(self, _: SourceText, /) -> list[ArticleRecord]:
            return [whole]

    stream = io.TextIOWrapper(Gone(), write_through=True)
    with pytest.raises(BrokenPipeError):
        run(feed(), Destination(stream, json_lines.write), load=lambda **_: Fake())
