"""Read many sources with one pipeline into one output: a bad source costs itself alone, no output is half-written."""

from __future__ import annotations

import os
import re
import stat
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from functools import partial
from itertools import chain, islice
from pathlib import Path
from time import perf_counter
from typing import IO, Any

from attrs import define, field, frozen

from quotes.batch.apart import apart
from quotes.batch.dirt import Tally
from quotes.batch.journal import Entry, Journal, Plan, digest, journalled, log_of, part_of
from quotes.batch.outcome import AheadReader, Load, Outcome, Reader, Selection, Source, begun, failed, loaded, size_of
from quotes.batch.worker_process import cores, peak_memory
from quotes.batch.workers import Pool, ahead
from quotes.errors import QuotesError
from quotes.extraction.read_ahead import Ahead, quick_turns
from quotes.files.atomic import Record, Records, save
from quotes.ingest import text_of
from quotes.records import ErrorRecord, Page, SourceText

__all__ = ["Plan", "Reader", "Selection", "Summary", "Watch", "run", "save"]

# A table's row is named "articles.jsonl#12".
_ROW = re.compile(r"[#:]\d+$")
# In characters: some 6,000 words, two or three seconds of one process, about what two processes take to start.
_WORTH_WORKERS = 36_000


@define
class Summary:
    """Counts of a run so far, and seconds since it began. A former run did the `resumed` sources."""

    sources: int = 0
    articles: int = 0
    quotes: int = 0
    errors: int = 0
    words: int = 0
    types: Counter[str] = field(factory=Counter)
    resumed: int = 0
    resumed_words: int = 0
    jobs: int = 1
    worker_peak: int = 0
    share: float | None = None
    """Share of the input that is done, 0 to 1, if known."""
    left: bool = False
    """Whether the output was left as it was, after an error in a `strict` run or because nothing could be read."""
    began: float = field(factory=perf_counter, repr=False)
    seconds: float = 0.0

    @property
    def speed(self) -> float:
        """Words per second, without those of a former run."""
        return (self.words - self.resumed_words) / self.seconds if self.seconds else 0.0

    @property
    def peak(self) -> int:
        """Peak memory of the largest process of the run, in bytes; 0 if the system does not say."""
        return max(peak_memory(), self.worker_peak)

    def count(self, outcome: Outcome) -> None:
        """Add the outcome of a source."""
        self.sources += 1
        self.articles += len(outcome.records)
        self.errors += outcome.error is not None
        self.words += outcome.words
        self.types.update(outcome.types)
        self.quotes += outcome.types.total()

    def recall(self, entry: Entry) -> None:
        """Add a source that a former run did."""
        self.count(entry.outcome)
        self.articles += entry.articles
        self.types.update(entry.types)
        self.quotes += sum(entry.types.values())
        self.resumed += 1
        self.resumed_words += entry.words


def _ignore(*_: object) -> None:
    pass


@frozen
class Watch:
    """Callbacks of a run.

    They get each error, with its exception if there was one; the counts after each source; warnings; what is kept if
    the run ends early; the dirt of each file. `share` returns the share of the input that has been read, 0 to 1.
    """

    error: Callable[[ErrorRecord, Exception | None], None] = _ignore
    progress: Callable[[Summary], None] = _ignore
    warn: Callable[[str], None] = _ignore
    kept: Callable[[str], None] = _ignore
    share: Callable[[], float | None] = lambda: None
    unread: int = 0
    """How many sources to check for errors once the reader of the output has gone; 0 for an endless input."""
    dirt: Callable[[str], None] = _ignore


@frozen
class Destination:
    """The output and its writer."""

    output: Path | IO[Any]
    """A file, replaced only by a complete one, or an open stream."""
    write: Callable[[Records, Any], None]
    """A writer of `quotes.export.FORMATS`."""
    target: str = "text"
    """The writer's second argument: a "text" or "binary" stream, or the output's "path"."""
    plan: Plan | None = None
    """Keep finished records beside the file, so that the run can be resumed; for files whose writer flushes each
    record before it asks for the next."""


@frozen
class Manner:
    """How to run."""

    selection: Selection = field(factory=Selection)
    """Which quotes are kept."""
    strict: bool = False
    """Whether to stop at the first error."""
    jobs: int | None = 1
    """Processes that read; None for one per core if the input is large enough."""


def run(
    sources: Iterable[Source],
    to: Destination,
    *,
    load: Load,
    manner: Manner | None = None,
    watch: Watch | None = None,
    summary: Summary | None = None,
) -> Summary:
    """Read every source and write its records.

    A source that fails costs itself alone. If all fail, an existing file is left as it was. In a strict run an error
    leaves the file as it was; a stream gets a complete document of the records before it.

    Args:
        sources: texts and web pages, and the errors of those that could not be read.
        to: the output and its writer.
        load: loads the pipeline; called at the first text.
        manner: how to run.
        watch: callbacks for errors and progress.
        summary: the counts to add to, so that the caller has them even if the run is interrupted.

    Returns:
        Counts of sources, articles, quotes, errors and words, and the time taken.

    Raises:
        QuotesError: if the pipeline cannot be loaded.
        StoreError: if the output cannot be written.
        BrokenPipeError: if the reader of the stream has gone; errors in the remaining sources are counted first.
    """
    summary = Summary() if summary is None else summary
    watch, manner, output = watch or Watch(), manner or Manner(), to.output
    work = _Work(load, manner, watch, summary)
    sources = work.guarded(apart(sources, warn=watch.warn))
    former = isinstance(output, Path) and output.exists()
    sources = _without(sources, output) if isinstance(output, Path) else _without_stream(sources, output)

    def sound() -> bool:
        summary.left = summary.errors > 0 and (manner.strict or (former and not summary.articles))
        return not summary.left

    if to.plan is None or not isinstance(output, Path) or (output.exists() and not output.is_file()):
        work.save(sources, to, sound)
    else:
        work.resume(iter(sources), output, to.plan, to.write, sound)
    summary.seconds = perf_counter() - summary.began
    return summary


def _resumed(
    sources: Iterator[Source], journal: Journal, strict: bool, watch: Watch, summary: Summary
) -> Iterator[Source]:
    """Return the remaining sources; count and report again what a former run found."""

    def tell(entry: Entry) -> None:
        summary.recall(entry)
        outcome = entry.outcome
        if outcome.error is not None:
            watch.error(outcome.error, None)
        summary.share = watch.share()
        watch.progress(summary)

    rest = journal.pass_over(sources, tell=tell, warn=watch.warn)
    return iter(()) if strict and summary.errors else rest


def _without(sources: Iterable[Source], output: Path) -> Iterator[Source]:
    """Leave out the output of a former run: `quotes extract . -o quotes.json`, run twice."""
    own = {os.path.realpath(path): path.name for path in (output, part_of(output), log_of(output))}
    inside = os.path.realpath(output) + os.sep
    for source in sources:
        name = source.source if isinstance(source, ErrorRecord) else source.name
        path = _ROW.sub("", name)
        if path.endswith(tuple(own.values())) and os.path.realpath(path) in own:
            continue
        # An output folder is left out with all its files.
        if f"{output.name}{os.sep}" not in path or not os.path.realpath(path).startswith(inside):
            yield source


def _without_stream(sources: Iterable[Source], output: IO[Any]) -> Iterator[Source]:
    """Leave out the file that standard output is redirected to: `quotes extract . > quotes.json`."""
    try:
        own = os.fstat(output.fileno())
    except (OSError, ValueError, AttributeError):
        own = None
    for source in sources:
        if own is not None and stat.S_ISREG(own.st_mode):
            name = source.source if isinstance(source, ErrorRecord) else source.name
            with suppress(OSError, ValueError):
                if os.path.samestat(os.stat(_ROW.sub("", name)), own):
                    continue
        yield source


@define
class _Work:
    """The choices of one run, and its counts."""

    load: Load
    manner: Manner
    watch: Watch
    summary: Summary
    _notes: deque[tuple[str, float | None, ErrorRecord | Page | None]] = field(factory=deque, init=False)
    """For each source read but not yet written: its digest, the share of the input read by then, and the source if it
    may still be an error."""
    _broke: Outcome | None = field(default=None, init=False)

    @contextmanager
    def records(self, sources: Iterable[Source], *, journal: Journal | None = None) -> Iterator[Records]:
        """Give the records and errors of all sources, in order; worker processes end with the block."""
        outcomes = self._outcomes(self._noted(sources, digests=journal is not None))
        tally = Tally(self.watch.dirt)
        with closing(outcomes), closing(self._recorded(tally.counted(outcomes), journal)) as records:
            yield records
        tally.report()

    def save(self, sources: Iterator[Source], to: Destination, sound: Callable[[], bool]) -> None:
        """Write the records of all sources."""
        try:
            with self.records(sources) as records:
                save(records, write=to.write, output=to.output, target=to.target, sound=sound)
        except BrokenPipeError:
            self.look_over(sources)
            raise

    def resume(
        self, sources: Iterator[Source], output: Path, plan: Plan, write: Callable[[Records, Any], None],
        sound: Callable[[], bool],
    ) -> None:  # fmt: skip
        """Write beside the file until all sources are done, from where a former run was interrupted."""
        watch = self.watch
        with journalled(output, plan=plan, kept=watch.kept, warn=watch.warn) as (journal, discard):
            rest = _resumed(sources, journal, self.manner.strict, watch, self.summary)
            with self.records(rest, journal=journal) as records:
                write(records, journal.stream)
            if not sound():
                discard()

    def guarded(self, sources: Iterable[Source]) -> Iterator[Source]:
        """Pass sources on; turn an exception of the input into a last source, an error."""
        try:
            yield from sources
        except QuotesError:
            raise
        except Exception as error:
            self._broke = failed("input", error)
            yield self._broke.error or ErrorRecord("input", "failed", "")

    def look_over(self, rest: Iterable[Source]) -> None:
        """Report the errors among sources that will not be read, since the exit status says whether all could be read.

        Args:
            rest: the sources not yet taken.
        """
        waiting = [source for _, _, source in self._notes if source is not None]
        for source in chain(waiting, islice(rest, self.watch.unread)):
            found = text_of(source) if isinstance(source, Page) else source
            if isinstance(found, ErrorRecord):
                self.watch.error(found, None)
                self.summary.errors += 1
                if self.manner.strict:
                    return

    def _noted(self, sources: Iterable[Source], *, digests: bool) -> Iterator[Source]:
        for source in sources:
            may_fail = None if isinstance(source, SourceText) else source
            self._notes.append((digest(source) if digests else "", self.watch.share(), may_fail))
            yield source

    def _recorded(self, outcomes: Iterator[Outcome], journal: Journal | None) -> Generator[Record, None, None]:
        summary, watch = self.summary, self.watch
        for outcome in outcomes:
            if outcome.error is not None:
                broke = self._broke if self._broke and self._broke.error == outcome.error else outcome
                watch.error(outcome.error, broke.cause)
                yield outcome.error
            yield from outcome.records
            # The writer has written a record before it asks for the next.
            summary.count(outcome)
            source, summary.share, _ = self._notes.popleft() if self._notes else ("", None, None)
            if self.manner.strict and outcome.error is not None:
                return
            if journal is not None:
                journal.done(outcome, digest=source)
            summary.seconds = perf_counter() - summary.began
            watch.progress(summary)

    def _outcomes(self, sources: Iterator[Source]) -> Generator[Outcome, None, None]:
        """Yield the outcome of each source, read in this process or, if the input is large enough, by workers."""
        jobs = self.manner.jobs
        if jobs is None:
            first, more = ahead(sources, letters=_WORTH_WORKERS)
            jobs, sources = (cores() if more else 1), chain(first, sources)
        self.summary.jobs = jobs
        yield from self._by_workers(sources, jobs) if jobs > 1 else self._here(sources)

    def _here(self, sources: Iterator[Source]) -> Iterator[Outcome]:
        reader: Reader | None = None
        waiting: Ahead[Outcome] = Ahead(worth=False)
        with ExitStack() as turns:
            for source in sources:
                if isinstance(source, ErrorRecord):
                    yield from waiting.add(partial(Outcome, source.source, error=source), letters=0)
                    continue
                if reader is None:
                    reader = loaded(self.load)
                    waiting.worth = isinstance(reader, AheadReader) and reader.reads_ahead
                    turns.enter_context(quick_turns(waiting.worth))
                read = begun(source, reader=reader, selection=self.manner.selection)
                yield from waiting.add(read, letters=size_of(source))
            yield from waiting.rest()

    def _by_workers(self, sources: Iterator[Source], jobs: int) -> Iterator[Outcome]:
        pool = Pool(self.load, self.manner.selection, jobs)
        with closing(pool.outcomes(sources)) as outcomes:
            for outcome in outcomes:
                self.summary.worker_peak = pool.peak
                yield outcome
