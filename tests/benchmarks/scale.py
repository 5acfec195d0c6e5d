"""How fast the project reads, in what memory, and how both grow: side by side with spaCy's parse and with textacy.

    python -m tests.benchmarks.scale [--articles 60] [--repeat 3] [--jobs 2] [--draw FILE] [--json FILE]

All take turns on the same articles (the first of PolNeAR's training part), so that a busy machine slows all; a ratio
is the median of the turns. In this process each runs twice in its turn, and the second time counts. Several processes
are timed once each has read an article: loading is told apart. Memory, growth and start-up are those of new processes,
and so is one more comparison: the command line against a program with spaCy's parse, each from its start to its end.
"""

from __future__ import annotations

import argparse
import io
import json
import multiprocessing
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

from attrs import asdict, evolve, frozen

from quotes.batch.run import Destination, Manner, Summary, Watch, run
from quotes.batch.worker_process import peak_memory
from quotes.export.formats import json_lines
from quotes.records import SourceText

from . import corpus, drawing, peer
from .speed import again, bare, model_of, seconds

if TYPE_CHECKING:
    from quotes.extraction.pipeline import Pipeline, ReaderKind

PARSE = "spaCy's own parse"
TIMES = (1, 10, 100)
# The command line, whatever of it is installed; and a program that does nothing but parse a folder of texts.
_QUOTES = "import sys; from quotes.cli import main; sys.exit(main(sys.argv[1:]))"
_PIPE = """
import pathlib, spacy, sys
paths = sorted(pathlib.Path(sys.argv[2]).iterdir())
for doc in spacy.load(sys.argv[1]).pipe(path.read_text("utf-8") for path in paths):
    pass
"""
SAMPLE = corpus.ROOT / "samples" / "mixed_quotes.txt"


@frozen
class Reading:
    """Time and memory of reading texts in a separate process; the peak of memory includes the model."""

    words: int
    seconds: float
    megabytes: float


@frozen
class Scale:
    """All that is measured."""

    articles: int
    words: int
    turns: dict[str, list[float]]
    """Seconds of each way to read, turn by turn."""
    loading: list[float]
    """Seconds until each of several processes has read an article, turn by turn."""
    worker_megabytes: float
    all_articles: Reading
    growth: dict[int, Reading]
    """One article repeated in one text."""
    start: list[float]
    """Seconds from nothing to the first record."""
    whole: dict[str, list[float]]
    """Seconds of whole processes that read the articles from a folder, turn by turn."""


def ratios(turns: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """Return how many times as many words a second as the bare parse each way reads: the median of the turns."""
    return {
        name: median(parse / own for own, parse in zip(taken, turns[PARSE], strict=True))
        for name, taken in turns.items()
    }


def repeated(text: str, times: int) -> str:
    """Return a text repeated in a row, each copy under a different number."""
    return "\n\n".join(f"Part {number}\n\n{text.strip()}" for number in range(1, times + 1))


def sources(texts: Sequence[str]) -> list[SourceText]:
    """Return texts as the command line would read them."""
    return [SourceText(f"{number}.txt", text) for number, text in enumerate(texts)]


def words_of(texts: Sequence[str]) -> int:
    """Count the words of texts."""
    return sum(len(text.split()) for text in texts)


def ways(pipeline: Pipeline, texts: Sequence[str]) -> dict[str, Callable[[], object]]:
    """Return all that reads the texts in this process, by name; each has read one of them already.

    Args:
        pipeline: as it comes.
        texts: articles.
    """
    from quotes.extraction.pipeline import role_reader

    def reading(reader: Pipeline) -> Callable[[], object]:
        articles = sources(texts)
        reader.read(articles[0])
        return lambda: deque(reader.read_all(articles), maxlen=0)

    one = evolve(pipeline, reader=role_reader("both", pipeline.lexicon, threads=1))
    fast = evolve(pipeline, reader=role_reader("fast", pipeline.lexicon))
    nlp = bare(pipeline)
    nlp(texts[0])
    return {
        "quotes": reading(pipeline),
        "quotes, one thread": reading(one),
        "quotes --reader fast": reading(fast),
        "quotes --reader patterns": reading(evolve(pipeline, reader=None)),
        PARSE: lambda: [doc and None for doc in nlp.pipe(texts)],
        "textacy with the parse": lambda: [peer.found(doc) for doc in nlp.pipe(texts)],
    }


def by_processes(texts: Sequence[str], *, jobs: int) -> tuple[float, float, float]:
    """Read in several processes.

    Returns:
        Seconds until each had read an article (the longest one, beside the others), seconds for all texts after that,
        and the most memory of one process, in megabytes.
    """
    from quotes.extraction.pipeline import load

    began = perf_counter()
    told: list[float] = []

    def note(_: Summary) -> None:
        told.append(perf_counter())

    # An article of this length gets a separate process.
    first = [max(texts, key=len)] * jobs
    to = Destination(io.StringIO(), json_lines.write)
    done = run(sources([*first, *texts]), to, load=load, manner=Manner(jobs=jobs), watch=Watch(progress=note))
    ready = told[jobs - 1]
    return ready - began, told[-1] - ready, done.worker_peak / 1e6


def read_here(texts: Sequence[str], reader: ReaderKind) -> Reading:
    """Read texts with a newly loaded pipeline; to be called in a fresh process."""
    from quotes.extraction.pipeline import load

    pipeline = load(reader=reader)
    pipeline.read(SourceText(SAMPLE.name, SAMPLE.read_text(encoding="utf-8")))
    articles = sources(texts)
    taken = seconds(lambda: deque(pipeline.read_all(articles), maxlen=0))
    return Reading(words_of(texts), taken, peak_memory() / 1e6)


def read_apart(texts: Sequence[str], reader: ReaderKind = "both") -> Reading:
    """Read texts in a separate process, so that its peak of memory is theirs."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(read_here, list(texts), reader).result()


def commands(folder: Path, *, model: str) -> dict[str, list[str]]:
    """Return commands that read a folder of texts in one process, by name.

    Args:
        folder: holds the texts; records are written beside it.
        model: the spaCy model for the parse.
    """
    quotes = [sys.executable, "-c", _QUOTES, "extract", str(folder), "--jobs", "1", "--quiet", "-o", f"{folder}.json"]
    parse = [sys.executable, "-c", _PIPE, model, str(folder)]
    return {"quotes": quotes, "quotes --reader patterns": [*quotes, "--reader", "patterns"], PARSE: parse}


def whole(texts: Sequence[str], *, model: str, repeat: int) -> dict[str, list[float]]:
    """Time whole processes that read texts from a folder, in turn.

    Args:
        texts: articles.
        model: the spaCy model for the parse.
        repeat: number of turns.
    """
    turns: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent, "texts")
        folder.mkdir()
        for number, text in enumerate(texts):
            (folder / f"{number:05}.txt").write_text(text, encoding="utf-8")
        for _ in range(repeat):
            for name, command in commands(folder, model=model).items():
                work = partial(subprocess.run, command, check=True, capture_output=True, cwd=corpus.ROOT)
                turns.setdefault(name, []).append(seconds(work))
    return turns


def first_record() -> float:
    """Return the seconds from the start of `quotes extract` on one short text to its first record."""
    command = [sys.executable, "-c", _QUOTES, "extract", str(SAMPLE), "--format", "jsonl"]
    began = perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=corpus.ROOT) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        taken = perf_counter() - began
    if not line:
        raise SystemExit(f"quotes extract gave no record (exit status {process.returncode})")
    return taken


def measure(texts: Sequence[str], *, repeat: int, jobs: int, times: Sequence[int] = TIMES) -> Scale:
    """Measure everything.

    Args:
        texts: articles.
        repeat: number of turns.
        jobs: how many processes where there are several.
        times: how often the article of middle length is repeated to see how time grows.
    """
    from quotes.extraction.pipeline import load

    several = f"quotes, {jobs} processes"
    turns: dict[str, list[float]] = {}
    loading, peaks = [], []
    pipeline = load()
    work = ways(pipeline, texts)
    for _ in range(repeat):
        for name, read in work.items():
            turns.setdefault(name, []).append(again(read))
        ready, taken, peak = by_processes(texts, jobs=jobs)
        turns.setdefault(several, []).append(taken)
        loading.append(ready)
        peaks.append(peak)
    middle = sorted(texts, key=len)[len(texts) // 2]
    return Scale(
        articles=len(texts),
        words=words_of(texts),
        turns=turns,
        loading=loading,
        worker_megabytes=max(peaks),
        all_articles=read_apart(texts),
        growth={number: read_apart([repeated(middle, number)]) for number in times},
        start=[first_record() for _ in range(repeat)],
        whole=whole(texts, model=model_of(pipeline), repeat=repeat),
    )


def report(scale: Scale) -> str:
    """Return the figures as lines to print."""
    lines = [f"{scale.articles} articles, {scale.words:,} words; {PARSE} = 1"]
    for name, ratio in sorted(ratios(scale.turns).items(), key=lambda item: -item[1]):
        lines.append(f"  {name:26}{ratio:6.2f}  {scale.words / median(scale.turns[name]):8,.0f} words/s")
    lines += [
        f"first article of each of several processes after {median(scale.loading):.1f} s",
        f"peak memory: one process {scale.all_articles.megabytes:,.0f} MB, "
        f"each of several {scale.worker_megabytes:,.0f} MB",
    ]
    lines += [
        f"one article {number:3} times: {point.words:8,} words {point.seconds:7.2f} s "
        f"{1e6 * point.seconds / point.words:5.0f} µs a word, peak {point.megabytes:,.0f} MB"
        for number, point in scale.growth.items()
    ]
    lines += [f"whole process, {name:26}{ratio:6.2f}" for name, ratio in ratios(scale.whole).items()]
    return "\n".join([*lines, f"first record of a new process after {median(scale.start):.2f} s"])


def draw(found: Mapping[str, float], path: Path) -> None:
    """Draw words per second as bars, fastest first.

    Args:
        found: as `ratios` gives them.
        path: an SVG file, written anew.
    """
    rows = sorted(found.items(), key=lambda item: item[1])
    with drawing.figure(path, width=6.4, height=0.6 + 0.36 * len(rows)) as figure:
        axes = figure.subplots()
        colors = [drawing.INK if name.startswith("quotes") else drawing.PALE for name, _ in rows]
        bars = axes.barh([name for name, _ in rows], [ratio for _, ratio in rows], color=colors)
        axes.bar_label(bars, fmt="%.2f", padding=3)
        axes.margins(x=0.1)
        axes.set(xlabel=f"words a second, {PARSE} of the same texts = 1")


def main() -> None:
    """Run the benchmark and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=60)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--draw", type=Path, metavar="FILE", help="draw words per second as SVG")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures as JSON")
    given = parser.parse_args()
    if lost := corpus.missing():
        parser.error(lost)
    if min(given.articles, given.repeat) < 1 or given.jobs < 2:
        parser.error("--articles and --repeat must be at least 1, --jobs at least 2")
    texts = [text for _, text in corpus.texts("train")[: given.articles]]
    scale = measure(texts, repeat=given.repeat, jobs=given.jobs)
    print(report(scale))
    if given.json:
        document = asdict(scale) | {"ratios": ratios(scale.turns)}
        given.json.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    if given.draw:
        draw(ratios(scale.turns), given.draw)


if __name__ == "__main__":
    main()
