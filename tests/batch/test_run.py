"""One bad source costs that source; a file is replaced by a whole one or not at all."""

from __future__ import annotations

import io
import os
import pickle
import stat
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO

import pytest
from attrs import evolve

from quotes.batch.outcome import Packed, kept
from quotes.batch.run import Destination, Manner, Selection, Summary, Watch, run
from quotes.errors import InputError, ModelError, StoreError
from quotes.files.atomic import written_aside
from quotes.records import ArticleRecord, ErrorRecord, SourceText

MISSING = ErrorRecord("b.txt", "missing", "no such file")


def collect(into: list[Any]) -> Callable[[Iterable[Any], TextIO], None]:
    def write(records: Iterable[Any], stream: TextIO) -> None:
        for record in records:
            into.append(record)
            stream.write("x\n")

    return write


class Fake:
    """A pipeline that finds one record in every text but those that say "bad"."""

    def __init__(self, record: ArticleRecord) -> None:
        self.record = record

    def read(self, source: SourceText, /) -> Iterator[ArticleRecord]:
        yield evolve(self.record, article=evolve(self.record.article, source=source.name))
        if "bad" in source.text:
            raise ZeroDivisionError("odd text")


@pytest.fixture
def go(record: ArticleRecord) -> Callable[..., tuple[list[Any], Summary]]:
    def call(*sources: SourceText | ErrorRecord, **how: Any) -> tuple[list[Any], Summary]:
        got: list[Any] = []
        how = {"load": lambda: Fake(record), "output": io.StringIO(), "write": collect(got), **how}
        to = Destination(**{name: how.pop(name) for name in ("output", "write", "target", "plan") if name in how})
        manner = Manner(**{name: how.pop(name) for name in ("selection", "strict", "jobs") if name in how})
        return got, run(iter(sources), to, manner=manner, **how)

    return call


Go = Callable[..., tuple[list[Any], Summary]]


def test_a_bad_source_is_one_error_and_the_rest_goes_on(go: Go) -> None:
    """An exception in the pipeline becomes the error of that source alone, and none of its articles is written."""
    got, summary = go(SourceText("a", "good"), SourceText("b", "bad"), MISSING, SourceText("c", "good"))
    assert [r.article.source if isinstance(r, ArticleRecord) else (r.source, r.error) for r in got] == [
        "a",
        ("b", "internal"),
        ("b.txt", "missing"),
        "c",
    ]
    assert (summary.sources, summary.articles, summary.quotes, summary.errors) == (4, 2, 4, 2)


def test_watchers_hear_of_errors_and_progress(go: Go) -> None:
    """Each error is reported once, with its exception if there is one, and each source counts."""
    errors: list[Any] = []
    seen: list[int] = []
    watch = Watch(
        error=lambda record, cause: errors.append((record.source, type(cause))),
        progress=lambda summary: seen.append(summary.sources),
    )
    go(MISSING, SourceText("b", "bad"), SourceText("c", "good words here"), watch=watch)
    assert errors == [("b.txt", type(None)), ("b", ZeroDivisionError)]
    assert seen == [1, 2, 3]


def test_words_are_those_of_the_texts_read(go: Go) -> None:
    """The summary counts the words of sources that were read, not of those that failed."""
    assert go(SourceText("a", "three small words"), SourceText("b", "bad words"))[1].words == 3


@pytest.mark.parametrize("first", [MISSING, SourceText("b", "bad")])
def test_strict_stops_at_the_first_error(first: SourceText | ErrorRecord, go: Go) -> None:
    """Nothing after the error is read."""
    got, summary = go(SourceText("a", "good"), first, SourceText("c", "good"), strict=True)
    assert [type(r) for r in got] == [ArticleRecord, ErrorRecord]
    assert summary.errors == 1


def test_an_input_that_breaks_ends_the_run_with_an_error(record: ArticleRecord) -> None:
    """An exception out of the iterator of sources is the last error, not a crash."""

    def sources() -> Iterator[SourceText]:
        yield SourceText("a", "good")
        raise RuntimeError("gone")

    got: list[Any] = []
    summary = run(sources(), Destination(io.StringIO(), collect(got)), load=lambda: Fake(record))
    assert [type(r) for r in got] == [ArticleRecord, ErrorRecord]
    assert summary.errors == 1


def test_an_input_that_cannot_be_read_at_all_is_reported_as_such(record: ArticleRecord) -> None:
    """The caller reports this project's errors in the input."""

    def sources() -> Iterator[SourceText]:
        raise InputError("no column text")
        yield SourceText("a", "")

    with pytest.raises(InputError, match="no column text"):
        run(sources(), Destination(io.StringIO(), collect([])), load=lambda: Fake(record))


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (Selection(), ["q1", "q2"]),
        (Selection(min_confidence=0.75), ["q1"]),
        (Selection(types=frozenset({"indirect", "post"})), ["q2"]),
        (Selection(min_confidence=0.9), []),
    ],
)
def test_selection_keeps_what_is_wanted(selection: Selection, expected: list[str], go: Go) -> None:
    """Quotes are chosen by confidence, bound included, and by type; the article stays even without quotes."""
    got, summary = go(SourceText("a", "good"), selection=selection)
    assert [quote.id for quote in got[0].quotes] == expected
    assert (summary.articles, summary.quotes) == (1, len(expected))


@pytest.mark.parametrize("wanted", [True, False])
def test_text_goes_with_the_article_on_request(wanted: bool, go: Go) -> None:
    """The source's whole text is added to each of its articles, or left out even where the pipeline gives it."""
    got, _ = go(SourceText("a", "good text"), selection=Selection(with_text=wanted))
    assert got[0].article.text == ("good text" if wanted else None)


@pytest.mark.parametrize("count", [1, 31, 32, 33, 100])
@pytest.mark.parametrize("with_text", [True, False])
def test_a_source_may_hold_very_many_articles(count: int, with_text: bool, record: ArticleRecord, go: Go) -> None:
    """The articles of a source are all written, in order, however many; many of them are packed until then."""
    many = [evolve(record, article=evolve(record.article, index=number)) for number in range(count)]

    class Many(Fake):
        def read(self, source: SourceText, /) -> Iterator[ArticleRecord]:
            yield from many

    selection = Selection(with_text=with_text)
    got, summary = go(SourceText("a", "good text"), load=lambda: Many(record), selection=selection)
    text = "good text" if with_text else None
    assert [evolve(r, article=evolve(r.article, text=text)) for r in many] == got
    assert (count, 2 * count) == (summary.articles, summary.quotes)


def test_packed_articles_are_a_sequence(whole: ArticleRecord) -> None:
    """Packed articles come back as they were, one or several, and take a small part of the memory."""
    quotes = tuple(evolve(whole.quotes[0], id=f"{number:x}", text=f"“{number}”") for number in range(200))
    many = [evolve(whole, article=evolve(whole.article, index=number), quotes=quotes) for number in range(40)]
    packed = kept(many)
    assert isinstance(packed, Packed)
    assert many == list(packed)
    assert (many[-1], many[3:7]) == (packed[-1], packed[3:7])
    assert many == list(pickle.loads(pickle.dumps(packed)))
    assert 5 * len(pickle.dumps(packed)) < sum(len(pickle.dumps(record)) for record in many)


def test_nothing_is_loaded_for_nothing(go: Go) -> None:
    """The pipeline is loaded once, at the first text; a run of errors loads none."""
    loads: list[int] = []
    with pytest.raises(ModelError):
        go(MISSING, SourceText("a", "x"), load=_counting(loads))
    assert loads == [1]
    go(MISSING, MISSING, load=_counting(loads))
    assert loads == [1]


def _counting(loads: list[int]) -> Callable[[], Any]:
    def load() -> Any:
        loads.append(1)
        raise ModelError("no model")

    return load


def test_a_whole_file_replaces_the_former(go: Go, tmp_path: Path) -> None:
    """The output is there when the run has ended well, with the permissions of the file it replaces."""
    output = tmp_path / "out.json"
    output.write_text("former")
    output.chmod(0o640)
    go(SourceText("a", "good"), output=output)
    assert output.read_text() == "x\n"
    assert stat.S_IMODE(output.stat().st_mode) == 0o640
    assert os.listdir(tmp_path) == ["out.json"]


def test_a_new_file_has_the_usual_permissions(go: Go, tmp_path: Path) -> None:
    """The file aside is private while it is written; the output is as readable as any new file."""
    (tmp_path / "plain").write_text("")
    go(SourceText("a", "good"), output=tmp_path / "out.json")
    assert (tmp_path / "out.json").stat().st_mode == (tmp_path / "plain").stat().st_mode


@pytest.mark.parametrize("failure", [KeyboardInterrupt, ModelError, ValueError, BrokenPipeError])
def test_a_run_that_fails_leaves_the_file_as_it_was(failure: type[BaseException], go: Go, tmp_path: Path) -> None:
    """Whatever ends the run half-way, the former file is whole and there is no file beside it."""
    output = tmp_path / "out.json"
    output.write_text("former")

    def write(records: Iterable[Any], stream: TextIO) -> None:
        for _ in records:
            stream.write("half")
            raise failure

    with pytest.raises(failure):
        go(SourceText("a", "good"), output=output, write=write)
    assert output.read_text() == "former"
    assert os.listdir(tmp_path) == ["out.json"]


def test_strict_leaves_the_file_as_it_was(go: Go, tmp_path: Path) -> None:
    """Under `strict` one error keeps the former file; without it the file holds the rest."""
    output = tmp_path / "out.json"
    output.write_text("former")
    go(SourceText("a", "good"), MISSING, output=output, strict=True)
    assert output.read_text() == "former"
    assert os.listdir(tmp_path) == ["out.json"]
    go(SourceText("a", "good"), MISSING, output=output)
    assert output.read_text() == "x\nx\n"


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """The file that a link names is replaced, not the link."""
    (tmp_path / "link").symlink_to("real")
    with written_aside(tmp_path / "link") as (stream, _):
        stream.write("new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"


def test_a_device_is_written_to_as_it_is() -> None:
    """`-o /dev/null` replaces no device."""
    with written_aside(Path(os.devnull)) as (stream, _):
        stream.write("new")
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)


@pytest.mark.parametrize(("name", "expected"), [("none/out.json", "create it first"), (".", "is a folder")])
def test_an_impossible_output_is_reported_before_any_work(name: str, expected: str, go: Go, tmp_path: Path) -> None:
    """The error names the output and the next step; no source is read."""
    loads: list[int] = []
    with pytest.raises(StoreError, match=expected) as raised:
        go(SourceText("a", "good"), output=tmp_path / name, load=_counting(loads))
    assert str(tmp_path) in str(raised.value)
    assert loads == []


def test_a_full_disk_is_reported(go: Go) -> None:
    """A stream that takes no more is a StoreError; one whose reader has gone stays a BrokenPipeError."""

    def full(records: Iterable[Any], stream: TextIO) -> None:
        raise OSError(28, "No space left on device")

    def gone(records: Iterable[Any], stream: TextIO) -> None:
        raise BrokenPipeError

    with pytest.raises(StoreError, match="No space left"):
        go(write=full)
    with pytest.raises(BrokenPipeError):
        go(write=gone)


def test_the_output_of_a_former_run_is_no_input(go: Go, tmp_path: Path) -> None:
    """`quotes extract . -o quotes.jsonl`, run twice, does not read what the first run wrote."""
    output = tmp_path / "quotes.jsonl"
    output.write_text("{}")
    rows = [SourceText(str(output), "x"), ErrorRecord(f"{output}#1", "bad-row", "no text"), SourceText("a", "good")]
    got, summary = go(*rows, output=output)
    assert [r.article.source for r in got] == ["a"]
    assert summary.errors == 0
