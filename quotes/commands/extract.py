"""`quotes extract`, `explain` and `schema`: from articles to records."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, get_args

import click

from quotes.commands.formats import form, format_for, stdout_for
from quotes.commands.options import probability, reading, types_of, verbosity
from quotes.commands.voice import Voice, counts, stdout, terminal
from quotes.records import QuoteType

if TYPE_CHECKING:
    from quotes.pipeline import Pipeline
    from quotes.runner import Selection, Summary

TABLES = (".csv", ".tsv", ".jsonl", ".ndjson")


@click.command(epilog="\b\nExample:\n  quotes extract samples/ --format jsonl --types direct,mixed -o quotes.jsonl")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("-o", "--output", metavar="FILE", help="Write here instead of to standard output.")
@form
@click.option("--with-text", is_flag=True, help="Add the source's text, so that offsets can be checked.")
@click.option("--min-confidence", type=float, default=0.0, callback=probability, help="Leave out quotes below this.")
@click.option("--types", callback=types_of, metavar="LIST", help=f"Only these: {', '.join(get_args(QuoteType))}.")
@click.option("--strict", is_flag=True, help="Stop at the first error; FILE is then left as it was.")
@click.option("-q", "--quiet", is_flag=True, help="Errors only: no progress, no closing line.")
@reading
@click.pass_obj
def extract(
    voice: Voice, /, paths: tuple[str, ...], output: str | None, format_name: str | None, with_text: bool,
    min_confidence: float, types: frozenset[str] | None, strict: bool, quiet: bool, **how: Any,
) -> int:  # fmt: skip
    """Write who said what in files, folders, globs or standard input (-)."""
    from quotes.runner import Selection

    if types is not None and "attitude" in types and not how["attitudes"]:
        raise click.UsageError("--types attitude finds nothing without --attitudes; add it")
    file = None if output in (None, "-") else Path(str(output))
    inputs = (*paths, *how["people"])
    if file and any(Path(path).is_file() and file.exists() and file.samefile(path) for path in inputs):
        raise click.UsageError(f"{file} is both input and output; name another file after -o")
    chosen = format_for(format_name, file)
    paths = paths or _piped()
    target = file or stdout_for(chosen)
    voice.quiet, voice.total = quiet, _total(paths)
    voice.bars = terminal(sys.stderr) and (file is not None or not terminal(sys.stdout))
    selection = Selection(min_confidence=min_confidence, types=types, with_text=with_text or chosen.needs_text)
    summary = _run(
        voice, paths, target, write=chosen.write, target=chosen.target, selection=selection, strict=strict, **how
    )
    if file and chosen.beside and not (strict and summary.errors):
        chosen.beside(file)
    if file and not quiet:
        kept = f"{file} is as it was" if strict and summary.errors else f"{file}"
        voice.say(f"{kept}: {counts(summary)} ({summary.words:,} words in {summary.seconds:.1f} s)")
    return 1 if summary.errors else 0


@click.command(epilog="\b\nExample:\n  echo 'Lee said: \"We will vote on Monday.\"' | quotes explain -")
@click.argument("path", metavar="FILE")
@reading
@click.pass_obj
def explain(voice: Voice, /, path: str, **how: Any) -> int:
    """Print each quote of FILE with the cue and the pattern behind it."""
    from quotes.export import explanation
    from quotes.lexicon import load_lexicon
    from quotes.runner import Selection

    lexicon = load_lexicon(how["language"], extra=how["patterns"])
    write = partial(explanation.write, lexicon=lexicon)
    summary = _run(voice, (path,), stdout(), write=write, selection=Selection(with_text=True), strict=False, **how)
    return 1 if summary.errors else 0


@click.command(epilog="\b\nExample:\n  quotes schema > quotes.schema.json")
@verbosity
def schema() -> None:
    """Print the JSON Schema of what `quotes extract` writes."""
    from quotes.export import json_schema
    from quotes.export.json_text import dumps

    stdout().write(dumps(json_schema(), indent=2) + "\n")


def _run(
    voice: Voice, paths: tuple[str, ...], output: Path | IO[Any], *, write: Callable[[Any, Any], None],
    selection: Selection, strict: bool, target: str = "text", input_format: str | None, columns: dict[str, str],
    **how: Any,
) -> Summary:  # fmt: skip
    """Call the runner with what the command line says; `how` is what the pipeline is loaded with."""
    from quotes.ingest import read
    from quotes.lexicon import load_lexicon
    from quotes.runner import run

    load_lexicon(how["language"], extra=how["patterns"])  # A faulty pattern is told before any work.

    def load() -> Pipeline:
        from quotes import pipeline

        return pipeline.load(**how)

    if "-" in paths and sys.stdin is None:
        raise click.UsageError("standard input is closed; name a file, a folder or a glob")
    stdin = sys.stdin.buffer if "-" in paths else None
    sources = read(paths, input_format=input_format, columns=columns or None, stdin=stdin)
    watch = voice.watch()
    try:
        return run(
            sources, load=load, output=output, write=write, target=target, selection=selection, strict=strict,
            watch=watch,
        )  # fmt: skip
    finally:
        voice.done()


def _piped() -> tuple[str, ...]:
    if sys.stdin is None or sys.stdin.closed or terminal(sys.stdin):
        raise click.UsageError("nothing to read; name a file, a folder or a glob, or pipe text in")
    return ("-",)


def _total(paths: tuple[str, ...]) -> int | None:
    """Return how many sources there will be, where that can be known: no path is a table, a folder or a glob."""
    many = (Path(path).is_dir() or "*" in path or Path(path).suffix.lower() in TABLES for path in paths)
    return None if any(many) else len(paths)
