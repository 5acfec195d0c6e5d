"""Run the pipeline as a command line asks: what it is loaded with, signals, progress, statistics."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import click
from attrs import asdict, evolve, frozen

from quotes import __version__
from quotes.cli.options import Inputs
from quotes.cli.terminal import LOOKED_OVER, Interrupted, Voice, heard
from quotes.errors import StoreError

if TYPE_CHECKING:
    from quotes.batch.outcome import Source
    from quotes.batch.run import Destination, Manner, Selection, Summary
    from quotes.extraction.options import Options
    from quotes.extraction.pipeline import Pipeline
    from quotes.extraction.statement import Statement
    from quotes.ingest.meter import Meter
    from quotes.lexicon import Lexicon
    from quotes.records import ArticleRecord


@frozen
class Running:
    """How a command's run is to go, and what is kept of it."""

    manner: Manner
    resume: bool | None = None
    """Whether to go on with a former run; None where the format cannot be resumed."""
    stats: Path | None = None
    """Where the counts go."""
    listener: Callable[[ArticleRecord, Sequence[Statement]], None] | None = None
    """Gets each article with the statements behind its quotes; for a run of one process."""


def run_command(
    voice: Voice, paths: tuple[str, ...], to: Destination, *, running: Running, inputs: Inputs, options: Options
) -> Summary:
    """Call the runner with what the command line says.

    Args:
        voice: tells the user.
        paths: what to read.
        to: where records go.
        running: how the run is to go.
        inputs: how the inputs are read.
        options: what the pipeline is loaded with.
    """
    from quotes.batch.run import Plan, Summary, run
    from quotes.lexicon import load_lexicon

    lexicon = load_lexicon(options.language, extra=options.patterns)  # A faulty pattern is told before any work.
    if "-" in paths and sys.stdin is None:
        raise click.UsageError("standard input is closed; name a file, a folder or a glob")
    sources, meter = _sources(voice, paths, inputs)
    if running.resume is not None:
        to = evolve(to, plan=Plan(_choices(running.manner.selection, inputs, options, lexicon), running.resume))
    summary = Summary()
    complete = False
    # From a pipe nothing is read ahead by one process: an article is written before the next one comes.
    load = partial(_load, options, threads=1 if "-" in paths else None, listener=running.listener)
    try:
        with signals():
            watch = evolve(voice.watch(meter), unread=LOOKED_OVER if all(map(_ends, paths)) else 0)
            with heard():
                run(sources, to, load=load, manner=running.manner, watch=watch, summary=summary)
                complete = not (running.manner.strict and summary.errors)
    finally:
        voice.done()
        if running.stats is not None:
            try:
                _write_stats(running.stats, summary, versions=_versions(options, lexicon), complete=complete)
            except StoreError as error:  # told beside what ended the run, not in its place
                voice.failed = True
                voice.say(str(error))
    return summary


def _sources(voice: Voice, paths: tuple[str, ...], inputs: Inputs) -> tuple[Iterable[Source], Meter]:
    """Return what is to be read, and what tells how much of it has been."""
    from quotes.ingest import read_unopened
    from quotes.ingest.meter import Meter

    stdin = sys.stdin.buffer if "-" in paths else None
    meter = Meter.of(paths) if voice.bars and not voice.quiet else Meter()
    return read_unopened(paths, inputs.reading(voice.note), stdin=stdin, meter=meter), meter


def _ends(path: str) -> bool:
    """Return whether an input is no pipe, which may be written to all day."""
    return path != "-" and (not Path(path).exists() or Path(path).is_file() or Path(path).is_dir())


def _load(
    options: Options,
    *,
    threads: int | None = None,
    listener: Callable[[ArticleRecord, Sequence[Statement]], None] | None = None,
) -> Pipeline:
    """Load the pipeline; a function of the module, so that worker processes can be given it."""
    from quotes.extraction import pipeline

    loaded = pipeline.load(options, threads=threads)
    loaded.listener = listener
    return loaded


@contextmanager
def signals() -> Iterator[None]:
    """Let a request to end be an exception while the block lasts, so that everything is closed as it should be."""

    def stop(number: int, _: FrameType | None) -> None:
        raise Interrupted(number)

    names = [name for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    try:
        # nohup's way of asking to outlast a terminal stays as it is.
        before = {
            getattr(signal, name): signal.signal(getattr(signal, name), stop)
            for name in names
            if signal.getsignal(getattr(signal, name)) is signal.SIG_DFL
        }
    except ValueError:  # not the main thread: it gets no signals
        before = {}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _choices(selection: Selection, inputs: Inputs, options: Options, lexicon: Lexicon) -> dict[str, Any]:
    """Return what two runs must have in common for one to go on with the other's output, by option."""
    from hashlib import blake2b

    asked = asdict(inputs, recurse=False) | asdict(options, recurse=False)
    told = {f"--{name.replace('_', '-')}": _told(value) for name, value in asked.items()}
    told["--min-confidence"] = selection.min_confidence
    told["--types"] = None if selection.types is None else sorted(selection.types)
    told["--with-text"] = selection.with_text
    told["the patterns"] = blake2b(repr(lexicon).encode("utf-8", "replace"), digest_size=12).hexdigest()
    versions = _versions(options, lexicon)
    return told | {f"version of {name}": versions[name] for name in versions if name != "python"}


def _told(value: Any) -> Any:
    """Return an option's value as JSON; of files, their names and what is in them."""
    if isinstance(value, tuple | list):
        return [_told(item) for item in value]
    if isinstance(value, Path):
        from hashlib import blake2b

        content = blake2b(value.read_bytes(), digest_size=12).hexdigest() if value.is_file() else None
        return [str(value), content]
    return value


def _versions(options: Options, lexicon: Lexicon) -> dict[str, str | None]:
    """Return the versions of what the records depend on; None for what is not installed as a package."""
    import platform
    from importlib.metadata import PackageNotFoundError, version

    found: dict[str, str | None] = {"quotes": __version__, "python": platform.python_version()}
    models = (options.model,) if options.model else lexicon.words.get(f"{lexicon.language}-models", ())
    for name in ("spacy", "onnxruntime", *models):
        try:
            found[name] = version(name)
        except (PackageNotFoundError, ValueError):
            found[name] = None
    return found


def _write_stats(path: Path, summary: Summary, *, versions: dict[str, str | None], complete: bool) -> None:
    """Write the counts of a run as JSON."""
    import json

    from quotes.files.atomic import written_aside

    told = {
        "complete": complete,
        "sources": summary.sources,
        "resumed_sources": summary.resumed,
        "articles": summary.articles,
        "quotes": summary.quotes,
        "quotes_by_type": dict(sorted(summary.types.items())),
        "errors": summary.errors,
        "words": summary.words,
        "seconds": round(summary.seconds, 3),
        "words_per_second": round(summary.speed, 1),
        "jobs": summary.jobs,
        "peak_memory_mb": round(summary.peak / 1e6, 1),
        "versions": versions,
    }
    with written_aside(path) as (stream, _):
        stream.write(json.dumps(told, indent=2) + "\n")
