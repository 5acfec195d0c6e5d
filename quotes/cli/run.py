"""Run the pipeline as a command line asks: what it is loaded with, signals, progress, statistics."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import FrameType
from typing import IO, TYPE_CHECKING, Any

import click
from attrs import evolve

from quotes import __version__
from quotes.cli.terminal import LOOKED_OVER, Interrupted, Voice, heard
from quotes.errors import StoreError

if TYPE_CHECKING:
    from quotes.batch.run import Selection, Summary
    from quotes.extraction.pipeline import Pipeline
    from quotes.lexicon import Lexicon


def run_command(
    voice: Voice, paths: tuple[str, ...], output: Path | IO[Any], *, write: Callable[[Any, Any], None],
    selection: Selection, input_format: str | None, columns: dict[str, str], strict: bool = False,
    target: str = "text", jobs: int | None = 1, resume: bool | None = None, stats: Path | None = None, **how: Any,
) -> Summary:  # fmt: skip
    """Call the runner with what the command line says.

    Args:
        voice: tells the user.
        paths: what to read.
        output: where to.
        write: the format's writer.
        target: what the writer takes.
        selection: which quotes are kept.
        input_format: kind of the input; None sniffs.
        columns: names of a table's columns.
        strict: whether to stop at the first error.
        jobs: processes; None for what is worth it.
        resume: None where the format cannot be resumed, else whether to go on with a former run.
        stats: where the counts go.
        how: what the pipeline is loaded with.
    """
    from quotes.batch.run import Plan, Summary, run
    from quotes.ingest import read_unopened
    from quotes.ingest.meter import Meter
    from quotes.lexicon import load_lexicon

    lexicon = load_lexicon(how["language"], extra=how["patterns"])  # A faulty pattern is told before any work.
    if "-" in paths and sys.stdin is None:
        raise click.UsageError("standard input is closed; name a file, a folder or a glob")
    stdin = sys.stdin.buffer if "-" in paths else None
    meter = Meter.of(paths) if voice.bars and not voice.quiet else Meter()
    sources = read_unopened(paths, input_format=input_format, columns=columns or None, stdin=stdin, meter=meter)
    plan = None
    if resume is not None:
        asked = {"input-format": input_format, "columns": columns, **how}
        plan = Plan(_choices(selection, asked, lexicon), resume)
    summary = Summary()
    complete = False
    try:
        with _signals():
            # From a pipe nothing is read ahead by one process: an article is written before the next one comes.
            watch = evolve(voice.watch(meter), unread=LOOKED_OVER if all(map(_ends, paths)) else 0)
            with heard():
                run(
                    sources, load=partial(_load, how, threads=1 if stdin else None), output=output, write=write,
                    target=target, selection=selection, strict=strict, watch=watch, jobs=jobs, plan=plan,
                    summary=summary,
                )  # fmt: skip
                complete = not (strict and summary.errors)
    finally:
        voice.done()
        if stats is not None:
            try:
                _write_stats(stats, summary, versions=_versions(how, lexicon), complete=complete)
            except StoreError as error:  # told beside what ended the run, not in its place
                voice.failed = True
                voice.say(str(error))
    return summary


def _ends(path: str) -> bool:
    """Return whether an input is no pipe, which may be written to all day."""
    return path != "-" and (not Path(path).exists() or Path(path).is_file() or Path(path).is_dir())


def _load(how: Mapping[str, Any], *, threads: int | None = None) -> Pipeline:
    """Load the pipeline; a function of the module, so that worker processes can be given it."""
    from quotes.extraction import pipeline

    return pipeline.load(**how) if threads is None else pipeline.load(**how, threads=threads)


@contextmanager
def _signals() -> Iterator[None]:
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


def _choices(selection: Selection, asked: Mapping[str, Any], lexicon: Lexicon) -> dict[str, Any]:
    """Return what two runs must have in common for one to go on with the other's output, by option."""
    from hashlib import blake2b

    told = {f"--{name.replace('_', '-')}": _told(value) for name, value in asked.items()}
    told["--min-confidence"] = selection.min_confidence
    told["--types"] = None if selection.types is None else sorted(selection.types)
    told["--with-text"] = selection.with_text
    told["the patterns"] = blake2b(repr(lexicon).encode("utf-8", "replace"), digest_size=12).hexdigest()
    versions = _versions(asked, lexicon)
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


def _versions(how: Mapping[str, Any], lexicon: Lexicon) -> dict[str, str | None]:
    """Return the versions of what the records depend on; None for what is not installed as a package."""
    import platform
    from importlib.metadata import PackageNotFoundError, version

    found: dict[str, str | None] = {"quotes": __version__, "python": platform.python_version()}
    models = (how["model"],) if how["model"] else lexicon.words.get(f"{lexicon.language}-models", ())
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
