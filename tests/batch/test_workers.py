"""Several processes give the outcomes of one, in order; one that dies costs its article, and none is left behind."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from quotes.batch import workers
from quotes.batch.outcome import Outcome, RemoteError, Selection
from quotes.batch.workers import Pool
from quotes.errors import ModelError
from quotes.records import Article, ArticleRecord, ErrorRecord, Page, SourceText

MISSING = ErrorRecord("b.txt", "missing", "no such file")


class Reader:
    """Gives one article a text; what the text says, it does."""

    def read(self, source: SourceText, /) -> list[ArticleRecord]:
        word, _, rest = source.text.partition(" ")
        if word == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        if word == "die-once" and not Path(rest).exists():
            Path(rest).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        if word == "exit":
            os._exit(3)
        if word == "crash":
            raise ZeroDivisionError("odd text")
        if word == "hoard":
            raise MemoryError
        if word == "sleep":
            time.sleep(float(rest))
        return [ArticleRecord(Article(str(os.getpid()), source.name, 0, 0, len(source.text), text=source.text), ())]


def load(*, threads: int = 0) -> Reader:
    assert threads == 1  # each worker keeps to one
    return Reader()


def broken(*, threads: int = 0) -> Reader:
    raise ModelError("no model 'xx'")


def dies(*, threads: int = 0) -> Reader:
    os.kill(os.getpid(), signal.SIGKILL)
    return Reader()


def outcomes(*sources: SourceText | ErrorRecord, jobs: int = 2) -> list[Outcome]:
    found = list(Pool(load, Selection(), jobs).outcomes(sources))
    assert [] == multiprocessing.active_children()
    return found


def told(outcome: Outcome) -> tuple[str, str | None]:
    return outcome.source, outcome.error and outcome.error.error


def texts(*bodies: str) -> list[SourceText]:
    return [SourceText(f"{number}.txt", body) for number, body in enumerate(bodies)]


LONG = " word" * 1_000


def test_outcomes_come_in_the_order_of_the_input() -> None:
    """A slow article holds back what comes after it, and several processes have read."""
    found = outcomes(*texts("sleep 0.3", *[LONG] * 9), MISSING, SourceText("z", "one two three"))
    assert [told(o) for o in found] == [(f"{n}.txt", None) for n in range(10)] + [("b.txt", "missing"), ("z", None)]
    assert [o.words for o in found] == [2, *[1_000] * 9, 0, 3]
    assert 2 == len({o.records[0].article.id for o in found if o.records})


def test_pages_are_opened_by_the_workers() -> None:
    """Finding a page's text is work, too; a page without one is an error."""
    page = b"<html><body><p>The council met in the town hall on Friday.</p></body></html>"
    sources = [Page("a.html", page), Page("b.html", b"<html></html>")]
    opened, bare = Pool(load, Selection(with_text=True), 1).outcomes(sources)
    assert "The council met in the town hall on Friday." == opened.records[0].article.text
    assert (9, ("b.html", "no-text")) == (opened.words, told(bare))


def test_an_exception_is_the_error_of_its_article() -> None:
    """The traceback is included as text; a lack of memory is reported in plain words."""
    _, crash, hoard, _ = outcomes(*texts("good", "crash", "hoard", "good"))
    assert ("1.txt", "internal") == told(crash)
    assert isinstance(crash.cause, RemoteError)
    assert "test_workers.py" in str(crash.cause)
    assert ("2.txt", "memory") == told(hoard)


@pytest.mark.parametrize(("deed", "code"), [("die", "signal 9; probably out of memory"), ("exit", "exit code 3")])
def test_an_article_that_ends_its_process_is_an_error_and_the_rest_is_read(deed: str, code: str) -> None:
    """The others of its portion are read, wherever it is."""
    found = outcomes(*texts("good", deed, "good", LONG, LONG, deed, "good"))
    assert [None, "died", None, None, None, "died", None] == [told(o)[1] for o in found]
    assert found[1].error is not None
    assert f"the process that read it died each time ({code}); leave it out, or split it" == found[1].error.detail


def test_a_process_that_is_killed_once_costs_nothing(tmp_path: Path) -> None:
    """Its article is read again: alone, or with others of its portion."""
    found = outcomes(*texts(f"die-once {tmp_path / 'a'}", "good", f"{LONG}", f"die-once {tmp_path / 'b'}", LONG))
    assert [None] * 5 == [told(o)[1] for o in found]
    assert {"a", "b"} == {path.name for path in tmp_path.iterdir()}


def test_the_last_try_is_alone_in_a_fresh_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """While an article that has ended a process is read once more, no other is, and that process has read nothing."""
    read: dict[int | None, set[int]] = {}
    together: list[int] = []
    listen = Pool._listen

    def watched(pool: Pool) -> None:
        busy = [w for w in pool._workers if w.task is not None]
        for worker in busy:
            read.setdefault(worker.running.process.pid, set()).add(id(worker.task))
            if worker.task is not None and worker.task.alone:
                together.append(len(busy))
                assert 1 == len(read[worker.running.process.pid])
        listen(pool)

    monkeypatch.setattr(Pool, "_listen", watched)
    found = outcomes(*texts(*[LONG] * 3, "die" + LONG, *[LONG] * 3))
    assert [None, None, None, "died", None, None, None] == [told(o)[1] for o in found]
    assert {1} == set(together)


def test_memory_is_bounded_by_what_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sources are not read far ahead of the article that is waited for."""
    monkeypatch.setattr(workers, "_HELD_TASKS", 2)
    taken: list[int] = []

    def sources() -> Iterator[SourceText]:
        for number, source in enumerate(texts(*[LONG] * 40)):
            taken.append(number)
            yield source

    ahead = [len(taken) - done for done, _ in enumerate(Pool(load, Selection(), 2).outcomes(sources()))]
    assert max(ahead) <= 5
    assert 40 == len(taken)


def test_answers_that_wait_are_bounded_by_their_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind an article that takes long, answers of some size are held, and no more sources read."""
    monkeypatch.setattr(workers, "_HELD_BYTES", 9_000)
    taken: list[str] = []

    def sources() -> Iterator[SourceText]:
        for source in texts("sleep 0.5" + " " * 4_000, *[LONG] * 20):
            taken.append(source.name)
            yield source

    found = Pool(load, Selection(with_text=True), 2).outcomes(sources())
    assert "0.txt" == next(found).source
    assert len(taken) < 10
    assert 20 == len(list(found))


def test_texts_that_wait_are_bounded_by_their_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """If one text fills the limit of held texts, one is read at a time."""
    monkeypatch.setattr(workers, "_HELD_LETTERS", 1)
    found = outcomes(*texts(*[LONG] * 6))
    assert 1 == len({o.records[0].article.id for o in found})


def test_a_pipeline_that_cannot_be_loaded_is_reported_once() -> None:
    """The error of the first process is raised here, and no process is left."""
    with pytest.raises(ModelError, match="no model 'xx'"):
        list(Pool(broken, Selection(), 2).outcomes(texts("good")))
    assert [] == multiprocessing.active_children()


def test_processes_that_die_while_they_load_end_the_run() -> None:
    """A machine without room for the model is reported as such, in the end."""
    with pytest.raises(ModelError, match=r"exit code -9; -9: out of memory.*fewer --jobs"):
        list(Pool(dies, Selection(), 2).outcomes(texts("good")))
    assert [] == multiprocessing.active_children()


@pytest.mark.slow
def test_nothing_is_left_when_the_reader_of_the_outcomes_goes() -> None:
    """Closing the iterator ends processes in the middle of an article."""
    found = Pool(load, Selection(), 2).outcomes(texts(LONG, "sleep 60"))
    next(found)
    began = time.perf_counter()
    found.close()
    assert [] == multiprocessing.active_children()
    assert time.perf_counter() - began < 10


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc to look for processes")
def test_workers_leave_when_their_parent_is_killed(tmp_path: Path) -> None:
    """SIGKILL of the main process alone leaves no orphan, though the workers are in the middle of an article."""
    code = (
        "import test_workers as t\nfrom quotes.batch.workers import Pool\n"
        "class Told(t.Reader):\n    pass\n"
        "if __name__ == '__main__':\n"
        "    for o in Pool(t.load, t.Selection(), 2).outcomes([*t.texts(t.LONG), *t.texts('sleep 60' , 'sleep 60')]):\n"
        "        print(o.records[0].article.id, flush=True)\n"
    )
    script = tmp_path / "main.py"
    script.write_text(code)
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parent)}
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True, env=environment) as child:
        assert child.stdout is not None
        worker = int(child.stdout.readline())
        child.kill()
    deadline = time.monotonic() + 10
    while alive(worker) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not alive(worker)


def alive(pid: int) -> bool:
    """Return whether a process runs: neither gone nor a zombie that nobody has asked for its status."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_memory_of_workers_is_known() -> None:
    """The pool reports the memory of its largest process."""
    pool = Pool(load, Selection(), 1)
    list(pool.outcomes(texts("good")))
    assert 5_000_000 < pool.peak < 2_000_000_000


@pytest.mark.slow
def test_the_real_pipeline_writes_the_same_bytes_for_any_number_of_processes(tmp_path: Path) -> None:
    """`--jobs` changes only the time."""
    from quotes.cli import main

    samples = str(Path(__file__).parents[2] / "samples")
    written: list[Any] = []
    for jobs in ("1", "2"):
        output = tmp_path / f"{jobs}.jsonl"
        assert 0 == main(["extract", samples, "--jobs", jobs, "-q", "-o", str(output)])
        written.append(output.read_bytes())
    assert written[0] == written[1]
    assert written[0].count(b"\n") > 18


@pytest.mark.slow
@pytest.mark.skipif(
    not Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").exists(), reason="needs /proc to look for children"
)
def test_workers_of_the_real_program_may_be_killed_at_any_moment(tmp_path: Path) -> None:
    """Four of them are, in the middle of their work: the output is that of one process, and the status 0."""
    texts = [f"“We vote on day {number},” said Mayor Ana Lee.\n" * 20 for number in range(120)]
    (tmp_path / "in.jsonl").write_text("\n".join(json.dumps({"text": text}) for text in texts))
    program = "import sys; from quotes.cli import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", program, "extract", "in.jsonl", "--reader", "patterns", "-q"]
    subprocess.run([*command, "--jobs", "1", "-o", "one.jsonl"], cwd=tmp_path, check=True)
    part = tmp_path / "two.jsonl.part"
    whole = (tmp_path / "one.jsonl").stat().st_size
    with subprocess.Popen([*command, "--jobs", "2", "-o", "two.jsonl"], cwd=tmp_path) as child:
        killed = 0
        while child.poll() is None:
            found = workers_of(child.pid)
            if killed < 4 and found and part.exists() and part.stat().st_size > whole * (killed + 1) // 7:
                os.kill(found[killed % len(found)], signal.SIGKILL)
                killed += 1
            time.sleep(0.002)
    assert (0, 4) == (child.returncode, killed)
    assert (tmp_path / "one.jsonl").read_bytes() == (tmp_path / "two.jsonl").read_bytes()


def workers_of(pid: int) -> list[int]:
    """Return the processes that a process has started to read, and that run."""
    try:
        numbers = [int(number) for number in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        return [n for n in numbers if alive(n) and b"spawn_main" in Path(f"/proc/{n}/cmdline").read_bytes()]
    except OSError:  # one of them has just gone
        return []
