"""Run the pipeline for a command: signals, progress, statistics."""

from __future__ import annotations

import gc
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
from quotes.cli.terminal import LOOKED_OVER, Interrupted, Voice, until_pipe_closes
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
    """How to run, and what to keep of the run."""

    manner: Manner
    resume: bool | None = None
    """Whether to resume a former run; None if the format cannot be resumed."""
    stats: Path | None = None
    """The file for the counts."""
    listener: Callable[[ArticleRecord, Sequence[Statement]], None] | None = None
    """Called with each article and the statements behind its quotes; only in a run of one process."""


def run_command(
    voice: Voice, paths: tuple[str, ...], to: Destination, *, running: Running, inputs: Inputs, options: Options
) -> Summary:
    """Run the pipeline with the options of a command line.

    Args:
        voice: prints to the user.
        paths: what to read.
        to: where records go.
        running: how to run.
        inputs: how to read the inputs.
        options: how to load the pipeline.
    """
    from quotes.batch.run import Plan, Summary, run
    from quotes.lexicon import load_lexicon

    lexicon = load_lexicon(options.language, extra=options.patterns)  # Report a faulty pattern before any work.
    if "-" in paths and sys.stdin is None:
        raise click.UsageError("standard input is closed; name a file, a folder or a glob")
    sources, meter = _sources(voice, paths, inputs)
    if running.resume is not None:
        to = evolve(to, plan=Plan(_choices(running.manner.selection, inputs, options, lexicon), running.resume))
    summary = Summary()
    complete = False
    # One process does not read ahead from a pipe: an article is written before the next one arrives.
    load = partial(_load, options, threads=1 if "-" in paths else None, listener=running.listener)
    try:
        with signals():
            watch = evolve(voice.watch(meter), unread=LOOKED_OVER if all(map(_ends, paths)) else 0)
            with until_pipe_closes():
                run(sources, to, load=load, manner=running.manner, watch=watch, summary=summary)
                complete = not (running.manner.strict and summary.errors)
    finally:
        gc.unfreeze()
        voice.done()
        if running.stats is not None:
            try:
                _write_stats(running.stats, summary, versions=_versions(options, lexicon), complete=complete)
            except StoreError as error:  # reported beside the error that ended the run, not instead of it
                voice.failed = True
                voice.say(str(error))
    return summary


def _sources(voice: Voice, paths: tuple[str, ...], inputs: Inputs) -> tuple[Iterable[Source], Meter]:
    """Return the sources, and a meter of how much has been read."""
    from quotes.ingest import read_unopened
    from quotes.ingest.meter import Meter

    stdin = sys.stdin.buffer if "-" in paths else None
    meter = Meter.of(paths) if voice.bars and not voice.quiet else Meter()
    return read_unopened(paths, inputs.reading(voice.note), stdin=stdin, meter=meter), meter


def _ends(path: str) -> bool:
    """Return whether an input ends: a pipe may be written to all day."""
    return path != "-" and (not Path(path).exists() or Path(path).is_file() or Path(path).is_dir())


def _load(
    options: Options,
    *,
    threads: int | None = None,
    listener: Callable[[ArticleRecord, Sequence[Statement]], None] | None = None,
) -> Pipeline:
    """Load the pipeline; a module-level function, so that worker processes can pickle it.

    All objects alive by then last as long as the run, so they are frozen: without the garbage collector's passes over
    them, reading takes a twentieth less time.
    """
    from quotes.extraction import pipeline

    loaded = pipeline.load(options, threads=threads, alone=True)
    loaded.listener = listener
    gc.freeze()
    return loaded


@contextmanager
def signals() -> Iterator[None]:
    """Turn signals to end into exceptions within the block, so that files are closed properly."""

    def stop(number: int, _: FrameType | None) -> None:
        raise Interrupted(number)

    names = [name for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    try:
        # A signal that nohup ignores stays ignored.
        before = {
            getattr(signal, name): signal.signal(getattr(signal, name), stop)
            for name in names
            if signal.getsignal(getattr(signal, name)) is signal.SIG_DFL
        }
    except ValueError:  # only the main thread gets signals
        before = {}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _choices(selection: Selection, inputs: Inputs, options: Options, lexicon: Lexicon) -> dict[str, Any]:
    """Return the choices, by option, that two runs must share for one to resume the other's output."""
    from hashlib import blake2b

    asked = asdict(inputs, recurse=False) | asdict(options, recurse=False)
    choices = {f"--{name.replace('_', '-')}": _as_json(value) for name, value in asked.items()}
    choices["--min-confidence"] = selection.min_confidence
    choices["--types"] = None if selection.types is None else sorted(selection.types)
    choices["--with-text"] = selection.with_text
    choices["the patterns"] = blake2b(repr(lexicon).encode("utf-8", "replace"), digest_size=12).hexdigest()
    versions = _versions(options, lexicon)
    return choices | {f"version of {name}": versions[name] for name in versions if name != "python"}


def _as_json(value: Any) -> Any:
    """Return an option's value as JSON; for files, their names and a digest of the content."""
    if isinstance(value, tuple | list):
        return [_as_json(item) for item in value]
    if isinstance(value, Path):
        from hashlib import blake2b

        content = blake2b(value.read_bytes(), digest_size=12).hexdigest() if value.is_file() else None
        return [str(value), content]
    return value


def _versions(options: Options, lexicon: Lexicon) -> dict[str, str | None]:
    """Return the versions of the packages that records depend on; None for one that is not installed."""
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

    statistics = {
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
        stream.write(json.dumps(statistics, indent=2) + "\n")
