"""Sources that are begun ahead of the one being finished: a few, in order, and none where nothing is gained."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import pytest

from quotes.batch.run import Destination, run
from quotes.extraction.pipeline import Pipeline
from quotes.extraction.read_ahead import _LETTERS, _SOURCES, Ahead, one_ahead, quick_turns
from quotes.records import ArticleRecord, ErrorRecord, SourceText

ARTICLE = "“We vote on Monday,” Ana Lee told Reuters.\n\nThe mayor said the bridge was {}.\n\n“Not before,” she added."


def order(lengths: Iterable[int], *, worth: bool = True) -> list[str]:
    """Return what happens to sources of these lengths: b0 where the first is begun, f0 where it is finished."""
    told: list[str] = []
    waiting: Ahead[int] = Ahead(worth)
    for number, length in enumerate(lengths):
        told.append(f"b{number}")
        told += (f"f{done}" for done in waiting.add(lambda n=number: n, letters=length))  # type: ignore[misc]
    return told + [f"f{done}" for done in waiting.rest()]


def test_one_by_one_where_nothing_is_gained() -> None:
    """Each is finished before the next is begun."""
    assert ["b0", "f0", "b1", "f1"] == order([5, 5], worth=False)


def test_short_sources_wait_for_each_other() -> None:
    """No more of them than the limit, and all are finished in order."""
    told = order([1] * 30)
    assert [f"f{n}" for n in range(30)] == [t for t in told if t[0] == "f"]
    behind = [told[:at].count(f"b{n}") + sum(t[0] == "b" for t in told[:at]) - n for n in range(30) for at in
              [told.index(f"f{n}")]]  # fmt: skip
    assert _SOURCES + 2 == max(behind)


def test_a_long_source_waits_for_one_more() -> None:
    """The next is begun before it is finished, no third."""
    assert ["b0", "b1", "f0", "b2", "f1", "f2"] == order([_LETTERS * 9, _LETTERS + 1, _LETTERS + 1])


class Noted:
    """A pipeline that begins: notes what happens, and fails where the text says so."""

    reads_ahead = True

    def __init__(self, record: ArticleRecord) -> None:
        self.record = record
        self.told: list[str] = []

    def read(self, source: SourceText, /) -> list[ArticleRecord]:
        raise AssertionError("begin is there")

    def begin(self, source: SourceText, /) -> Any:
        self.told.append(f"begin {source.name}")
        if source.text == "bad begin":
            raise ZeroDivisionError("odd text")

        def finish() -> list[ArticleRecord]:
            self.told.append(f"finish {source.name}")
            if source.text == "bad end":
                raise ZeroDivisionError("odd text")
            return [self.record]

        return finish


def test_a_run_begins_ahead_and_keeps_the_order(record: ArticleRecord) -> None:
    """Records and errors come in the order of the input, wherever a source fails."""
    noted, got = Noted(record), []
    texts = ["good", "bad begin", "good", "bad end", "good"]
    given: list[SourceText | ErrorRecord] = [SourceText(f"{n}", text) for n, text in enumerate(texts)]
    given.insert(3, ErrorRecord("missing", "missing", "no such file"))
    summary = run(
        iter(given), Destination(io.StringIO(), lambda records, _: got.extend(records)), load=lambda **_: noted
    )
    assert [record, "1", record, "missing", "3", record] == [getattr(r, "source", r) for r in got]
    assert (6, 3, 3) == (summary.sources, summary.articles, summary.errors)
    assert "begin 4" in noted.told[: noted.told.index("finish 0")]



@pytest.fixture(scope="module")
def articles() -> list[SourceText]:
    made = ["\n\n".join([ARTICLE.format(f"number {n}")] * (1 + n % 4 * 3)) for n in range(12)]
    return [SourceText(f"{n}.txt", text) for n, text in enumerate([*made, "", "Nobody speaks.", *made[:2]])]


def test_reading_all_gives_the_records_of_reading_each(pipeline: Pipeline, articles: list[SourceText]) -> None:
    """To the last number, and in order; each text has other words than the one before it."""
    each = [pipeline.read(article) for article in articles]
    assert each == list(pipeline.read_all(iter(articles)))
    assert pipeline.reader is None or any(a != b for a, b in pairwise(each))


@pytest.mark.parametrize("count", [0, 1, 3])
def test_one_is_made_ahead(count: int) -> None:
    """The first at once, the next before the last is given, and nothing is left out."""
    made: list[int] = []
    given = one_ahead(made.append(n) or n for n in range(count))
    assert list(range(count))[:1] == made
    seen = []
    for n in given:
        seen.append(n)
        assert list(range(min(n + 2, count))) == made
    assert list(range(count)) == seen


def test_sources_may_be_finished_in_any_order(pipeline: Pipeline) -> None:
    """The records of a source do not depend on the others in work."""
    begun = [pipeline.begin(SourceText(f"{n}", ARTICLE.format(n))) for n in range(3)]
    later = [list(finish()) for finish in reversed(begun)]
    assert [pipeline.read(SourceText(f"{n}", ARTICLE.format(n))) for n in (2, 1, 0)] == later


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_process_has_its_own_threads() -> None:
    """The threads of a process do not live on in its copies: these start theirs."""
    import numpy as np

    from quotes.reader.inference import Helpers

    ids = np.zeros((1, 3), dtype=np.int64)
    helpers = Helpers(1)
    work = lambda *batch: batch  # noqa: E731
    assert helpers.submit(work, (ids, ids, ids)).result(5)
    if (child := os.fork()) == 0:
        try:
            helpers.submit(work, (ids, ids, ids)).result(5)
            os._exit(0)
        finally:
            os._exit(1)
    assert 0 == os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_threads_take_quick_turns_only_while_sources_are_read_ahead(pipeline: Pipeline) -> None:
    """The interpreter's switch interval is restored after the last source, and if the caller stops early."""
    before = sys.getswitchinterval()
    reading = pipeline.read_all(SourceText(f"{n}", ARTICLE.format(n)) for n in range(12))
    next(reading)
    assert pipeline.reads_ahead == (sys.getswitchinterval() < before)
    reading.close()
    assert before == sys.getswitchinterval()
    with quick_turns(worth=False):
        assert before == sys.getswitchinterval()
