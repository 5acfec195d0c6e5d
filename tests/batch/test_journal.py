"""Finished sources outlast the run: the next one continues after them, and the output is that of a single run."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO

import pytest
from attrs import evolve, fields

from quotes.batch.journal import Plan, digest
from quotes.batch.run import Destination, Manner, Summary, Watch, run
from quotes.errors import StoreError
from quotes.export.formats import json_lines
from quotes.records import ArticleRecord, ErrorRecord, Page, Repair, SourceText, Span

PLAN = Plan({"--with-text": False})
ON = evolve(PLAN, resume=True)
SOURCES = (
    SourceText("a", "one text"),
    ErrorRecord("b", "missing", "no such file"),
    SourceText("c", "none"),
    SourceText("d", "two texts"),
    SourceText("e", "bad text"),
    SourceText("f", "one text more"),
    SourceText("g", "two"),
)


class Fake:
    """Gives as many articles as the text's first word says; "bad" raises."""

    def __init__(self, record: ArticleRecord) -> None:
        self.record = record
        self.asked: list[str] = []

    def read(self, source: SourceText, /) -> list[ArticleRecord]:
        self.asked.append(source.name)
        if source.text.startswith("bad"):
            raise ZeroDivisionError("odd text")
        number = ("none", "one", "two").index(source.text.split()[0])
        article = evolve(self.record.article, source=source.name)
        return [evolve(self.record, article=evolve(article, index=index)) for index in range(number)]


class Desk:
    """A folder with one output, the reader that fills it, and what was said."""

    def __init__(self, folder: Path, record: ArticleRecord) -> None:
        self.output = folder / "out.jsonl"
        self.part = folder / "out.jsonl.part"
        self.journal = folder / "out.jsonl.journal"
        self.record = record
        self.fake = Fake(record)
        self.errors: list[str] = []
        self.words: list[str] = []

    def run(self, sources: Iterable[Any] = SOURCES, *, plan: Plan = ON, **how: Any) -> Summary:
        self.fake, self.errors, self.words = Fake(self.record), [], []
        watch = Watch(
            error=lambda error, _: self.errors.append(error.source), warn=self.words.append, kept=self.words.append
        )
        to = Destination(self.output, how.pop("write", json_lines.write), plan=plan)
        return run(iter(sources), to, load=lambda **_: self.fake, manner=Manner(**how), watch=watch)

    def broken_off(self, after: int, **how: Any) -> None:
        """Run until a number of sources have been read, then break off."""

        def sources() -> Iterator[Any]:
            yield from SOURCES[:after]
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            self.run(sources(), **how)

    @property
    def aside(self) -> list[str]:
        return sorted(path.name for path in self.output.parent.iterdir() if path != self.output)


@pytest.fixture
def desk(tmp_path: Path, record: ArticleRecord) -> Desk:
    return Desk(tmp_path, record)


@pytest.fixture
def whole(tmp_path_factory: pytest.TempPathFactory, record: ArticleRecord) -> tuple[bytes, Summary]:
    """The output of one undisturbed run."""
    desk = Desk(tmp_path_factory.mktemp("whole"), record)
    summary = desk.run(plan=PLAN)
    assert ["b", "e"] == desk.errors
    assert [] == desk.aside
    return desk.output.read_bytes(), summary


def counted(summary: Summary) -> tuple[Any, ...]:
    return summary.sources, summary.articles, summary.quotes, summary.errors, summary.words, summary.types


@pytest.mark.parametrize("after", range(len(SOURCES) + 1))
def test_a_resumed_run_continues_after_finished_sources(after: int, desk: Desk, whole: tuple[bytes, Summary]) -> None:
    """Wherever the first run broke off: nothing is read twice, and errors are counted and reported again."""
    desk.output.write_text("former\n")
    desk.broken_off(after, plan=PLAN)
    assert "former\n" == desk.output.read_text()
    summary = desk.run()
    assert whole[0] == desk.output.read_bytes()
    assert counted(whole[1]) == counted(summary)
    assert min(after, len(SOURCES)) == summary.resumed
    assert ["b", "e"] == desk.errors
    assert [s.name for s in SOURCES[after:] if isinstance(s, SourceText)] == desk.fake.asked
    assert [] == desk.aside


@pytest.mark.parametrize("name", ["part", "journal"])
def test_a_torn_end_of_either_file_is_cut(name: str, desk: Desk, whole: tuple[bytes, Summary]) -> None:
    """Cut at any byte, as by a kill or a lost disk: the output is whole in the end."""
    desk.broken_off(5, plan=PLAN)
    kept = {path: path.read_bytes() for path in (desk.part, desk.journal)}
    torn = desk.part if name == "part" else desk.journal
    for length in range(0, len(kept[torn]), 37):
        for path, content in kept.items():
            path.write_bytes(content[:length] if path == torn else content)
        desk.run()
        assert whole[0] == desk.output.read_bytes()
        assert [] == desk.aside


def test_more_than_the_journal_knows_is_cut(desk: Desk, whole: tuple[bytes, Summary]) -> None:
    """An article that was written and not yet counted is written again, once."""
    desk.broken_off(5, plan=PLAN)
    with desk.part.open("ab") as part:
        part.write(b'{"article": {"id": "half')
    desk.run()
    assert whole[0] == desk.output.read_bytes()


@pytest.mark.parametrize("name", ["part", "journal"])
def test_a_bit_that_has_changed_on_the_disk_is_noticed(name: str, desk: Desk, whole: tuple[bytes, Summary]) -> None:
    """Whichever bit of either file is damaged, the output is that of one run, and the user is warned."""
    desk.broken_off(5, plan=PLAN)
    kept = {path: path.read_bytes() for path in (desk.part, desk.journal)}
    rotten = desk.part if name == "part" else desk.journal
    first = 0 if name == "part" else kept[rotten].index(b"\n") + 1
    for place in range(first, len(kept[rotten]), 97):
        for path, content in kept.items():
            path.write_bytes(content)
        changed = bytearray(kept[rotten])
        changed[place] ^= 1
        rotten.write_bytes(changed)
        assert desk.run().resumed < 5
        assert any("is damaged: all after" in words or "since: the sources after" in words for words in desk.words)
        assert whole[0] == desk.output.read_bytes()
        assert [] == desk.aside


def test_a_second_run_that_starts_over_overwrites_nothing(desk: Desk) -> None:
    """A file set aside once stays where it is."""
    for after in (5, 3):
        desk.broken_off(after, plan=PLAN)
    desk.run(plan=PLAN)
    names = [f"out.jsonl.{kind}.{end}" for kind in ("journal", "part") for end in ("old", "old2")]
    assert names == desk.aside
    assert 3 == desk.part.with_name("out.jsonl.part.old").read_bytes().count(b"\n")


def test_what_is_kept_is_said(desk: Desk) -> None:
    """The one line names the file and the next step; a run that has finished nothing leaves nothing."""
    desk.broken_off(4)
    assert [f"3 articles kept in {desk.part}: the same command with --resume continues from there"] == desk.words
    for path in (desk.part, desk.journal):
        path.unlink()
    desk.broken_off(0, plan=PLAN)
    assert ([], []) == (desk.words, desk.aside)


@pytest.mark.parametrize("after", [0, 3])
def test_breaking_off_while_the_input_is_compared_loses_nothing(
    after: int, desk: Desk, whole: tuple[bytes, Summary]
) -> None:
    """Ctrl-C before the first new article leaves part and journal as they were."""
    desk.broken_off(5)
    kept = desk.part.read_bytes(), desk.journal.read_bytes()
    desk.broken_off(after)
    assert [
        f"the records of a former run are kept in {desk.part}: the same command with --resume continues from there"
    ] == (desk.words)
    assert kept == (desk.part.read_bytes(), desk.journal.read_bytes())
    assert 5 == desk.run().resumed
    assert whole[0] == desk.output.read_bytes()


def test_without_resume_everything_is_read_again(desk: Desk, whole: tuple[bytes, Summary]) -> None:
    """The remains of a broken run are set aside, one line says so, and a later --resume can continue with them."""
    desk.broken_off(5)
    kept = desk.part.read_bytes()
    assert 0 == desk.run(plan=PLAN).resumed
    assert whole[0] == desk.output.read_bytes()
    assert ["out.jsonl.journal.old", "out.jsonl.part.old"] == desk.aside
    assert kept == desk.part.with_name("out.jsonl.part.old").read_bytes()
    [told] = desk.words
    assert told.startswith(f"{desk.output}: everything is read again; 3 articles of an interrupted run set aside")
    for path in (desk.part, desk.journal):
        os.replace(path.with_name(f"{path.name}.old"), path)
    assert 5 == desk.run().resumed
    assert whole[0] == desk.output.read_bytes()
    assert [] == desk.aside


@pytest.mark.parametrize("plan", [PLAN, ON])
def test_nothing_finished_is_nothing_to_keep(plan: Plan, desk: Desk, whole: tuple[bytes, Summary]) -> None:
    """A journal that was only begun, or torn in its first line, is written over without a word."""
    desk.journal.write_text('{"layo')
    desk.part.write_text("")
    desk.run(plan=plan)
    assert [] == desk.words
    assert [] == desk.aside


def test_resume_with_nothing_to_resume_is_a_run(desk: Desk, whole: tuple[bytes, Summary]) -> None:
    """So that a script can always use `--resume`; a finished output is made again."""
    for _ in range(2):
        assert 0 == desk.run().resumed
        assert whole[0] == desk.output.read_bytes()


@pytest.mark.parametrize(
    ("sources", "done"),
    [
        ((*SOURCES[:3], evolve(SOURCES[3], text="one only"), *SOURCES[4:]), 3),
        ((*SOURCES[:3], SourceText("cc", "two new ones"), *SOURCES[3:]), 3),
        ((*SOURCES[:3], *SOURCES[4:]), 3),
        ((SOURCES[0], SourceText("b", "one that is there now"), *SOURCES[2:]), 1),
        (SOURCES[:3], 3),
    ],
    ids=["changed", "added", "gone", "mended", "shorter"],
)
def test_a_changed_source_and_those_after_it_are_read_again(sources: Any, done: int, desk: Desk) -> None:
    """The output is that of one run over the present input; the user is warned."""
    desk.broken_off(6)
    assert done == desk.run(sources).resumed
    assert 1 == len(desk.words)
    assert f"the sources after {done} unchanged ones are read again" in desk.words[0]
    resumed = desk.output.read_bytes()
    desk.run(sources, plan=PLAN)
    assert desk.output.read_bytes() == resumed


def test_other_input_is_refused(desk: Desk) -> None:
    """If even the first source differs, hours of work would be lost by a typing error."""
    desk.broken_off(5)
    kept = desk.part.read_bytes()
    for sources in ([SourceText("z", "one")], []):
        with pytest.raises(StoreError, match=r"was begun from other input .*leave out --resume to start over"):
            desk.run(sources)
    assert kept == desk.part.read_bytes()
    assert ["out.jsonl.journal", "out.jsonl.part"] == desk.aside


def test_other_choices_are_refused(desk: Desk) -> None:
    """One output is made by one set of choices; the error names those that differ, and nothing is lost."""
    desk.broken_off(5)
    kept = desk.part.read_bytes()
    with pytest.raises(StoreError, match=r"was begun with other options \(--types, --with-text\); use the same"):
        desk.run(plan=Plan({"--with-text": True, "--types": ["post"]}, resume=True))
    assert kept == desk.part.read_bytes()


def test_a_file_with_the_name_of_a_journal_is_left_alone(desk: Desk) -> None:
    """Somebody else's files are not written over."""
    desk.journal.write_text("dear diary\n")
    desk.part.write_text("of the harbour\n")
    for plan in (PLAN, ON):
        with pytest.raises(StoreError, match="is not a journal; move it"):
            desk.run(plan=plan)
    assert "of the harbour\n" == desk.part.read_text()
    assert "dear diary\n" == desk.journal.read_text()


def test_a_kill_between_the_last_two_steps_costs_nothing(desk: Desk, whole: tuple[bytes, Summary]) -> None:
    """The output is in place, its journal still there: nothing is read again."""
    desk.broken_off(len(SOURCES))
    os.replace(desk.part, desk.output)
    summary = desk.run()
    assert (len(SOURCES), []) == (summary.resumed, desk.fake.asked)
    assert whole[0] == desk.output.read_bytes()
    assert [] == desk.aside


def test_a_lost_part_is_made_again(desk: Desk, whole: tuple[bytes, Summary]) -> None:
    """A journal without its part, and beside another output, counts for nothing."""
    desk.output.write_text("another\n")
    desk.broken_off(5)
    desk.part.unlink()
    assert 0 == desk.run().resumed
    assert whole[0] == desk.output.read_bytes()


def test_two_runs_do_not_write_one_output(desk: Desk) -> None:
    """The second is refused at once; the first ends undisturbed."""
    pytest.importorskip("fcntl", reason="Windows locks files by itself")
    second: list[str] = []

    def sources() -> Iterator[Any]:
        yield SOURCES[0]
        with pytest.raises(StoreError, match="another run is writing it; wait until it ends") as raised:
            Desk(desk.output.parent, desk.record).run()
        second.append(str(raised.value))
        yield SOURCES[3]

    assert 3 == desk.run(sources()).articles
    assert 1 == len(second)
    assert 3 == desk.output.read_bytes().count(b"\n")


def test_strict_keeps_what_came_before_the_error(desk: Desk, whole: tuple[bytes, Summary]) -> None:
    """The output is unchanged; after the error is corrected, the next run continues there."""
    desk.output.write_text("former\n")
    desk.run(SOURCES[2:], plan=PLAN, strict=True)
    assert "former\n" == desk.output.read_text()
    assert ["out.jsonl.journal", "out.jsonl.part"] == desk.aside
    assert 2 == desk.run((*SOURCES[2:4], SourceText("e", "one good text"))).resumed
    assert 3 == desk.output.read_bytes().count(b"\n")


def test_a_disk_that_is_full_keeps_what_is_finished(desk: Desk, whole: tuple[bytes, Summary]) -> None:
    """The error names the file and the reason; once there is room, the run continues."""
    left = [400]

    def full(records: Iterable[Any], stream: TextIO) -> None:
        class Disk:
            def write(self, text: str) -> None:
                stream.write(text[: max(0, left[0])])
                left[0] -= len(text)
                if left[0] < 0:
                    stream.flush()
                    raise OSError(28, "No space left on device")

            def writelines(self, lines: Iterable[str]) -> None:
                for line in lines:
                    self.write(line)

            def flush(self) -> None:
                stream.flush()

        json_lines.write(records, Disk())  # type: ignore[arg-type]

    left[0] = len(whole[0]) // 2
    with pytest.raises(StoreError, match=r"out.jsonl: cannot be written \(No space left on device\)"):
        desk.run(write=full)
    assert "kept in" in desk.words[0]
    assert desk.run().resumed > 0
    assert whole[0] == desk.output.read_bytes()


def test_ids_of_two_tables_are_told_apart_in_a_resumed_run(desk: Desk) -> None:
    """The second text of an id has the same name of its own in both runs."""
    rows = [SourceText("1", text, file=file) for text, file in (("one", "jan.csv"), ("one more", "feb.csv"))]

    def sources() -> Iterator[Any]:
        yield from rows
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        desk.run(sources())
    assert ["1", "feb.csv#id=1"] == desk.fake.asked
    desk.run([*rows, SOURCES[0]])
    assert ["a"] == desk.fake.asked


def test_part_and_journal_are_no_input(desk: Desk) -> None:
    """`quotes extract "*" -o out.jsonl --resume` does not read its own files."""
    own = [SourceText(str(path), "one") for path in (desk.output, desk.part, desk.journal)]
    desk.run([SOURCES[0], *own])
    assert ["a"] == desk.fake.asked


def test_a_digest_is_of_all_that_is_known() -> None:
    """Another title makes another source; half a surrogate pair does no harm."""
    source = SourceText("a", "text \ud83d")
    assert digest(source) == digest(evolve(source))
    others: list[Any] = [evolve(source, text="text"), evolve(source, title="T"), evolve(source, url="T"), SOURCES[1]]
    others += [Page("a", b"text"), Page("a", b"tex", url="t")]
    others += [evolve(source, emphasis=(Span(0, 4),)), evolve(source, emphasis=(Span(0, 3),))]
    others += [evolve(source, cleaned=(Repair("quotes", 1),))]
    assert 10 == len({digest(other) for other in (source, *others)})


def test_a_field_of_any_type_has_a_digest() -> None:
    """A field that is added to texts or pages needs no word in the journal."""
    odd: tuple[Any, ...] = ((1, ("b", None)), frozenset({3}), 4.5, True, b"bytes", "text \ud83d")
    for kind in (SourceText, Page):
        for place in fields(kind):
            values = {name.name: "same" for name in fields(kind)}
            assert len(odd) == len({digest(kind(**values | {place.name: value})) for value in odd})


def test_a_text_with_headings_can_be_resumed(desk: Desk) -> None:
    """The same text is passed over; the same one without its heading is read again."""
    headed = evolve(SOURCES[0], emphasis=(Span(0, 3),))

    def sources() -> Iterator[Any]:
        yield headed
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        desk.run(sources())
    assert ["a"] == desk.fake.asked
    desk.run((headed, SOURCES[2]))
    assert ["c"] == desk.fake.asked
    assert [] == desk.errors


PROGRAM = "import sys; from quotes.cli import main; sys.exit(main(sys.argv[1:]))"


def program(*arguments: str, folder: Path, before: str = "", **how: Any) -> subprocess.Popen[str]:
    """Start the real program."""
    return subprocess.Popen(
        [sys.executable, "-c", before + PROGRAM, *arguments],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **how,
    )  # fmt: skip


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """A folder with enough input that a run is not over at once."""
    text = "“We will vote on Monday,” said Mayor Ana Lee. The council met in the hall.\n"
    (tmp_path / "long.jsonl").write_text((json.dumps({"text": text * 20}) + "\n") * 6000)
    (tmp_path / "short.jsonl").write_text((json.dumps({"text": text * 3}) + "\n") * 50)
    return tmp_path


def begun(journal: Path, child: subprocess.Popen[str]) -> None:
    """Wait until a journal counts a source: an article that is written is counted a moment later."""
    deadline = time.monotonic() + 60
    while child.poll() is None and time.monotonic() < deadline:
        if journal.exists() and journal.read_bytes().count(b"\n") > 1:
            return
        time.sleep(0.01)


def group(leader: int) -> list[str]:
    """Return the command lines of a process group's living processes; none if there is no /proc to look in."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, _, number = (folder / "stat").read_text().rpartition(")")[2].split()[:3]
            if int(number) == leader and state != "Z":
                found.append((folder / "cmdline").read_text())
        except OSError:
            pass
    return found


QUICK = ("--reader", "patterns", "-q")


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")
@pytest.mark.parametrize(
    ("number", "status", "word"), [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "terminated")]
)
def test_a_signal_is_one_line_and_its_status(number: int, status: int, word: str, articles: Path) -> None:
    """Ctrl-C reaches the whole group, `kill` the main process alone: what is finished is kept, no process is left."""
    child = program(
        "extract", "long.jsonl", *QUICK, "--jobs", "2", "-o", "out.jsonl", folder=articles, start_new_session=True
    )
    begun(articles / "out.jsonl.journal", child)
    (os.killpg if number == signal.SIGINT else os.kill)(child.pid, number)
    _, told = child.communicate(timeout=60)  # a worker that was left would keep these pipes open
    assert status == child.returncode
    assert told.startswith(f"quotes: {word}; ")
    assert told.endswith("kept in out.jsonl.part: the same command with --resume continues from there\n")
    assert 1 == told.count("\n")
    deadline = time.monotonic() + 10
    while group(child.pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [] == group(child.pid)


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="limits are POSIX's")
def test_a_file_that_may_not_grow_keeps_what_is_finished(articles: Path) -> None:
    """A full disk, in the real program: one line, status 1, and --resume continues to the same bytes."""
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000)); "
    arguments = ("extract", "short.jsonl", *QUICK, "-o", "out.jsonl")
    full = program(*arguments, folder=articles, before=limit)
    told = full.communicate(timeout=120)[1]
    assert (1, 1) == (full.returncode, told.count("\n"))
    assert told.startswith("quotes: out.jsonl: cannot be written (File too large); the file is as it was; ")
    assert told.endswith("kept in out.jsonl.part: the same command with --resume continues from there\n")
    assert 0 == program(*arguments, "--resume", folder=articles).wait(timeout=120)
    resumed = (articles / "out.jsonl").read_bytes()
    assert 50 == resumed.count(b"\n")
    assert 0 == program(*arguments, folder=articles).wait(timeout=120)
    assert resumed == (articles / "out.jsonl").read_bytes()


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is POSIX's")
def test_kills_at_random_moments(tmp_path: Path) -> None:
    """A few of them; `python -m tests.benchmarks.kills` does fifty."""
    kills = pytest.importorskip("benchmarks.kills", reason="the tests' own folder is not on the path")
    found = kills.trials(tmp_path, times=2, seed=5, jobs=2, articles=80)
    assert (2, ()) == (found.kills, found.faults)


@pytest.mark.slow
def test_output_is_written_as_it_comes(articles: Path) -> None:
    """`quotes … | head -1` ends at once and well, and leaves no process: the rest is not read."""
    child = program(
        "extract", "long.jsonl", *QUICK, "--jobs", "2", "--format", "jsonl", folder=articles, start_new_session=True
    )
    assert child.stdout is not None
    assert child.stderr is not None
    assert json.loads(child.stdout.readline())["article"]["source"] == "long.jsonl#1"
    child.stdout.close()
    assert "" == child.stderr.read()
    child.stderr.close()
    assert 0 == child.wait(timeout=60)


@pytest.mark.slow
@pytest.mark.parametrize("reader", ["both", "patterns"])
def test_a_feed_is_read_as_it_comes(reader: str, tmp_path: Path) -> None:
    """With one process an article is written before the next is asked for: a feed may take all day."""
    command = ("extract", "-", "-q", "--reader", reader, "--input-format", "jsonl", "--format", "jsonl", "--jobs", "1")
    with program(*command, folder=tmp_path, stdin=subprocess.PIPE) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        for name in ("first", "second"):
            child.stdin.write(json.dumps({"id": name, "text": "“We will vote on Monday,” said Ana Lee."}) + "\n")
            child.stdin.flush()
            assert name == json.loads(child.stdout.readline())["article"]["source"]
        child.stdin.close()
        assert 0 == child.wait(timeout=60)
