"""`quotes extract`, `explain` and `schema`: from articles to records."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click
from attrs import frozen

from quotes.cli.formats import form, format_for, stdout_for
from quotes.cli.options import Inputs, folders_of, gathered, output_option, probability, reading, types_of, verbosity
from quotes.cli.overwriting import beside, named, refuse_overwriting
from quotes.cli.run import run_command
from quotes.cli.terminal import Voice, counts, stdout, terminal
from quotes.extraction.options import Options
from quotes.files.compressed import inner_name
from quotes.records import QuoteType

if TYPE_CHECKING:
    from quotes.batch.run import Summary
    from quotes.export import Format


@frozen
class Asked:
    """The options of `extract`."""

    file: Path | None
    format_name: str | None
    with_text: bool
    min_confidence: float
    types: frozenset[str] | None
    strict: bool
    jobs: int | None
    resume: bool
    stats: Path | None
    quiet: bool


@click.command(epilog="\b\nExample:\n  quotes extract samples/ --format jsonl --types direct,mixed -o quotes.jsonl")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@output_option()
@form
@click.option("--with-text", is_flag=True, help="Add the source's text, so that offsets can be checked.")
@click.option("--min-confidence", type=float, default=0.0, callback=probability, help="Leave out quotes below this.")
@click.option("--types", callback=types_of, metavar="LIST", help=f"Only these: {', '.join(get_args(QuoteType))}.")
@click.option("--strict", is_flag=True, help="Stop at the first error; FILE is then left as it was.")
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Processes; by default one per core if it pays.")
@click.option("--resume", is_flag=True, help="Resume the interrupted run that wrote FILE (JSON Lines).")
@click.option("--stats", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="Write counts as JSON.")
@click.option("-q", "--quiet", is_flag=True, help="Errors only: no progress, no closing line.")
@reading
@gathered("asked", Asked)
@click.pass_obj
def extract(voice: Voice, /, paths: tuple[str, ...], asked: Asked, inputs: Inputs, options: Options) -> int:
    """Write who said what in files, folders, globs or standard input (-)."""
    from quotes.batch.run import Destination, Manner, Selection
    from quotes.cli.run import Running

    if asked.types is not None and "attitude" in asked.types and not options.attitudes:
        raise click.UsageError("--types attitude finds nothing without --attitudes; add it")
    file, paths = asked.file, paths or _piped()
    read: tuple[str | Path, ...] = (*paths, *options.people)
    folders = folders_of(options)
    refuse_overwriting(named(file, stats=asked.stats), inputs=read, folders=folders)
    chosen = format_for(asked.format_name, file)
    refuse_overwriting(beside(file, chosen, stats=asked.stats), inputs=read, folders=folders)
    resumable = file is not None and chosen.lines and inner_name(file.name) == file.name
    if asked.resume and not resumable:
        raise click.UsageError("--resume needs an uncompressed JSON Lines file; add -o FILE.jsonl")
    if asked.resume and file is not None and _is_finished(file):
        voice.note(f"{file}: that run was finished, so there is nothing to resume; without --resume all is read again")
        return 0
    voice.quiet = asked.quiet
    voice.bars = terminal(sys.stderr) and (file is not None or not terminal(sys.stdout))
    selection = Selection(asked.min_confidence, asked.types, with_text=asked.with_text or chosen.needs_text)
    running = Running(
        Manner(selection, asked.strict, asked.jobs), resume=asked.resume if resumable else None, stats=asked.stats
    )
    to = Destination(file or stdout_for(chosen), chosen.writer(voice.say), chosen.target)
    summary = run_command(voice, paths, to, running=running, inputs=inputs, options=options)
    if file and chosen.beside and not summary.left and (said := chosen.beside(file)):
        voice.say(said)
    if (file or voice.bars) and not asked.quiet:
        _close(voice, file, chosen, summary)
    return 1 if summary.errors or voice.failed else 0


def _is_finished(file: Path) -> bool:
    """Return whether the output exists and no interrupted run left it unfinished."""
    from quotes.batch.journal import log_of

    return file.is_file() and file.stat().st_size > 0 and not log_of(file).exists()


def _close(voice: Voice, file: Path | None, chosen: Format, summary: Summary) -> None:
    """Print the closing line of a run."""
    kept_so_far = "holds the records before the error" if chosen.adds and summary.articles else "is as it was"
    result = f"{file} {kept_so_far}" if file and summary.left else f"{file or 'standard output'}"
    kept = f"; {voice.kept}" if voice.kept else ""
    voice.say(f"{result}: {counts(summary)} ({summary.words:,} words in {summary.seconds:.1f} s){kept}")


@click.command(epilog="\b\nExample:\n  echo 'Lee said: \"We will vote on Monday.\"' | quotes explain -")
@click.argument("path", metavar="FILE")
@reading
@click.pass_obj
def explain(voice: Voice, /, path: str, inputs: Inputs, options: Options) -> int:
    """Print each quote of FILE with its cue, its pattern and the other candidates for its speaker."""
    from quotes.batch.run import Destination, Manner, Selection
    from quotes.cli.run import Running
    from quotes.export.explanation import Explainer
    from quotes.lexicon import load_lexicon

    explainer = Explainer(load_lexicon(options.language, extra=options.patterns))
    to = Destination(stdout(), explainer.write)
    running = Running(Manner(Selection(with_text=True)), listener=explainer.listen)
    summary = run_command(voice, (path,), to, running=running, inputs=inputs, options=options)
    return 1 if summary.errors else 0


@click.command(epilog="\b\nExample:\n  quotes schema > quotes.schema.json")
@verbosity
def schema() -> None:
    """Print the JSON Schema of what `quotes extract` writes."""
    from quotes.export import json_schema
    from quotes.records.json_text import dumps

    stdout().write(dumps(json_schema(), indent=2) + "\n")


def _piped() -> tuple[str, ...]:
    if sys.stdin is None or sys.stdin.closed or terminal(sys.stdin):
        raise click.UsageError("nothing to read; name a file, a folder or a glob, or pipe text in")
    return ("-",)
