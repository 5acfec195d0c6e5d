"""The command line: parse, call, print. Data goes to standard output, words to standard error."""

from __future__ import annotations

import io
import os
import re
import sys
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, get_args

import click
from attrs import define, field

from quotes import __version__
from quotes.errors import PatternError, QuotesError, StoreError
from quotes.records import ErrorRecord, QuoteType

if TYPE_CHECKING:
    from quotes.pipeline import Pipeline
    from quotes.runner import Selection, Summary, Watch

TABLES = (".csv", ".tsv", ".jsonl", ".ndjson")
# A run shorter than this many seconds shows no progress bar.
PATIENCE = 2.0
# A file's name can hold what would move a terminal's cursor.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


@define
class Voice:
    """What is said on standard error: errors, a progress bar on a terminal for long work, a closing line."""

    verbose: bool = False
    quiet: bool = False
    total: int | None = None
    bars: bool = False
    _bar: Any = field(default=None, init=False)

    def say(self, text: str) -> None:
        """Print each line of a message by itself, under the program's name."""
        if self._bar is not None:
            click.echo("\r\x1b[K", err=True, nl=False)
        for line in text.split("\n"):
            click.echo(f"quotes: {_CONTROL.sub(' ', line)}", err=True)

    def error(self, record: ErrorRecord, cause: Exception | None) -> None:
        """Tell an error in one line, or, when verbose, with its traceback."""
        if self.verbose and cause is not None:
            self.say("".join(traceback.format_exception(cause)).rstrip())
        self.say(f"{_CONTROL.sub(' ', record.source)}: {' '.join(record.detail.split())}")

    def progress(self, summary: Summary) -> None:
        """Show how far the run is, once it has taken a while."""
        if not self.bars or self.quiet or summary.seconds < PATIENCE:
            return
        if self._bar is None:
            told = partial(_counts, summary)
            unknown = (name for name in list[str]())  # No length, not even a hint of one.
            self._bar = click.progressbar(
                unknown, length=self.total, file=sys.stderr, item_show_func=lambda _: told()
            )
        self._bar.update(summary.sources - self._bar.pos, "")

    def done(self) -> None:
        """End the progress bar's line."""
        if self._bar is not None:
            self._bar.render_finish()
            self._bar = None

    def watch(self) -> Watch:
        """Return this as the runner's listener."""
        from quotes.runner import Watch

        return Watch(error=self.error, progress=self.progress)


def _counts(summary: Summary) -> str:
    pairs = ((summary.articles, "article"), (summary.quotes, "quote"), (summary.errors, "error"))
    return ", ".join(f"{number:,} {noun}{'' if number == 1 else 's'}" for number, noun in pairs)


def _set_verbose(context: click.Context, _: click.Parameter, value: bool) -> None:
    context.ensure_object(Voice).verbose = value


def _columns(_: click.Context, __: click.Parameter, pairs: tuple[str, ...]) -> dict[str, str]:
    from quotes.ingest import FIELDS

    columns = {}
    for pair in pairs:
        name, sign, column = pair.partition("=")
        if not sign or not column or name not in FIELDS:
            raise click.BadParameter(f"{pair!r} must be FIELD=NAME, FIELD one of {', '.join(FIELDS)}")
        columns[name] = column
    return columns


def _kind(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    from quotes.ingest import KINDS

    if value is not None and value not in KINDS:
        raise click.BadParameter(f"{value!r} is none of {', '.join(KINDS)}")
    return value


def _types(_: click.Context, __: click.Parameter, value: str | None) -> frozenset[str] | None:
    if value is None:
        return None
    types = frozenset(part.strip() for part in value.split(",") if part.strip())
    if not types or not types <= set(get_args(QuoteType)):
        raise click.BadParameter(f"{value!r} must be a comma list of {', '.join(get_args(QuoteType))}")
    return types


def _probability(_: click.Context, __: click.Parameter, value: float) -> float:
    if not 0 <= value <= 1:
        raise click.BadParameter(f"{value} is not between 0 and 1")
    return value


def _options(*options: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return a decorator that adds these options in order."""

    def add(command: Any) -> Any:
        for option in reversed(options):
            command = option(command)
        return command

    return add


_folder = click.Path(exists=True, file_okay=False, path_type=Path)
verbosity = click.option(
    "-v", "--verbose", is_flag=True, expose_value=False, callback=_set_verbose, help="Show the traceback of an error."
)
language_option = click.option("--lang", "language", default="en", show_default=True, help="Language of the patterns.")
model_option = click.option("--model", metavar="NAME", help="Installed spaCy pipeline with tagger and parser.")
reading = _options(
    click.option(
        "--input-format", metavar="KIND", callback=_kind, help="text, html, jsonl, csv or json; sniffed otherwise."
    ),
    click.option(
        "--columns", multiple=True, metavar="FIELD=NAME", callback=_columns,
        help="What a field is called in JSON Lines or CSV: text=body. Repeatable.",
    ),
    language_option,
    model_option,
    click.option("--patterns", multiple=True, type=_folder, metavar="DIR", help="Add a pattern folder. Repeatable."),
    click.option(
        "--people", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE",
        help="CSV or TOML list of people, whose names and ids speakers get. Repeatable.",
    ),
    click.option(
        "--reader", type=click.Choice(["both", "patterns"]), default="both", show_default=True,
        help="What finds statements: patterns and the learned role reader, or patterns alone.",
    ),
    click.option("--include-unattributed", is_flag=True, help="Also quoted words that nobody is credited with."),
    click.option("--attitudes", is_flag=True, help="Also beliefs, plans and decrees; found by the role reader alone."),
    verbosity,
)  # fmt: skip


@click.group(epilog="\b\nExample:\n  quotes extract samples/ -o quotes.json")
@click.version_option(__version__, prog_name="quotes", message="%(prog)s %(version)s")
def cli() -> None:
    """Read news and write down who said what, and how the words reached us."""


@cli.command(epilog="\b\nExample:\n  quotes extract samples/ --format jsonl --types direct,mixed -o quotes.jsonl")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("-o", "--output", metavar="FILE", help="Write here instead of to standard output.")
@click.option("--format", "format_name", metavar="FORMAT", help="json or jsonl; by default what FILE ends in, or json.")
@click.option("--with-text", is_flag=True, help="Add the source's text, so that offsets can be checked.")
@click.option("--min-confidence", type=float, default=0.0, callback=_probability, help="Leave out quotes below this.")
@click.option("--types", callback=_types, metavar="LIST", help=f"Only these: {', '.join(get_args(QuoteType))}.")
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
    write = _writer(format_name, file)
    paths = paths or _piped()
    target = file or _stdout()
    voice.quiet, voice.total = quiet, _total(paths)
    voice.bars = _terminal(sys.stderr) and (file is not None or not _terminal(sys.stdout))
    selection = Selection(min_confidence=min_confidence, types=types, with_text=with_text)
    summary = _run(voice, paths, target, write=write, selection=selection, strict=strict, **how)
    if file and not quiet:
        kept = f"{file} is as it was" if strict and summary.errors else f"{file}"
        voice.say(f"{kept}: {_counts(summary)} ({summary.words:,} words in {summary.seconds:.1f} s)")
    return 1 if summary.errors else 0


@cli.command(epilog="\b\nExample:\n  echo 'Lee said: \"We will vote on Monday.\"' | quotes explain -")
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
    summary = _run(voice, (path,), _stdout(), write=write, selection=Selection(with_text=True), strict=False, **how)
    return 1 if summary.errors else 0


@cli.command(epilog="\b\nExample:\n  quotes schema > quotes.schema.json")
@verbosity
def schema() -> None:
    """Print the JSON Schema of what `quotes extract` writes."""
    from quotes.export import json_schema
    from quotes.export.json_text import dumps

    _stdout().write(dumps(json_schema(), indent=2) + "\n")


@cli.group(epilog="\b\nExample:\n  quotes patterns check")
def patterns() -> None:
    """Look at the pattern files and prove them."""


@patterns.command(epilog="\b\nExample:\n  quotes patterns check my-patterns/")
@click.argument("folder", metavar="[DIR]", type=_folder, required=False)
@language_option
@model_option
@verbosity
def check(folder: Path | None, language: str, model: str | None) -> None:
    """Prove every pattern, and those of DIR, against its own examples and counterexamples."""
    from quotes.lexicon import load_lexicon
    from quotes.pipeline import load
    from quotes.proof import prove

    extra = (folder,) if folder else ()
    lexicon = load_lexicon(language, extra=extra)
    if faults := prove(lexicon, load(model=model, language=language, patterns=extra, reader="patterns")):
        raise PatternError("\n".join(faults))
    number = len(lexicon.regexes) + len(lexicon.statements) + len(lexicon.channels)
    _stdout().write(f"{number} patterns, all proved\n")


@patterns.command(name="list", epilog="\b\nExample:\n  quotes patterns list | grep channels.toml")
@click.argument("folder", metavar="[DIR]", type=_folder, required=False)
@language_option
@verbosity
def list_patterns(folder: Path | None, language: str) -> None:
    """Print each pattern's id, file and note, separated by tabs."""
    from quotes.lexicon import load_lexicon

    lexicon = load_lexicon(language, extra=(folder,) if folder else ())
    stream = _stdout()
    entries: tuple[Any, ...] = (*lexicon.statements, *lexicon.channels, *lexicon.regexes.values(), *lexicon.cues)
    for entry in entries:
        stream.write(f"{entry.id}\t{lexicon.origin[entry.id]}\t{entry.note}\n")


def _run(
    voice: Voice, paths: tuple[str, ...], output: Path | TextIO, *, write: Callable[[Any, TextIO], None],
    selection: Selection, strict: bool, input_format: str | None, columns: dict[str, str], **how: Any,
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
        return run(sources, load=load, output=output, write=write, selection=selection, strict=strict, watch=watch)
    finally:
        voice.done()


def _writer(name: str | None, file: Path | None) -> Callable[[Any, TextIO], None]:
    """Return the writer of the format that is named, or that the file's suffix means."""
    from quotes.export import FORMATS

    if name is None and file is None:
        name = "json"
    if name is None and file is not None:
        name = next((n for n, f in FORMATS.items() if file.suffix.lower() in f.suffixes), None)
        if name is None:
            raise click.UsageError(f"{file} does not tell the format; add --format {' or '.join(FORMATS)}")
    if name not in FORMATS:
        raise click.UsageError(f"no format {name!r}; --format takes {' or '.join(FORMATS)}")
    return FORMATS[str(name)].write


def _terminal(stream: TextIO | None) -> bool:
    return stream is not None and not stream.closed and stream.isatty()


def _piped() -> tuple[str, ...]:
    if sys.stdin is None or sys.stdin.closed or _terminal(sys.stdin):
        raise click.UsageError("nothing to read; name a file, a folder or a glob, or pipe text in")
    return ("-",)


def _total(paths: tuple[str, ...]) -> int | None:
    """Return how many sources there will be, where that can be known: no path is a table, a folder or a glob."""
    many = (Path(path).is_dir() or "*" in path or Path(path).suffix.lower() in TABLES for path in paths)
    return None if any(many) else len(paths)


def _stdout() -> TextIO:
    """Return standard output, set to UTF-8 and plain line ends whatever the locale says."""
    if sys.stdout is None:
        raise StoreError("standard output is closed; use -o FILE")
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    return sys.stdout


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return the exit status: 0, 1 for failures, 2 for usage, 130 when interrupted.

    Args:
        arguments: what stands after the program's name; `sys.argv` by default.
    """
    voice = Voice()
    try:
        # Not `cli.main`: it turns a closed pipe into a failure.
        with cli.make_context("quotes", sys.argv[1:] if arguments is None else list(arguments), obj=voice) as context:
            code = cli.invoke(context)
        if sys.stdout is not None:
            sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return error.exit_code
    except click.ClickException as error:
        at = getattr(error, "ctx", None)
        command = at.command_path if at else "quotes"
        voice.say(f"{error.format_message()} (see {command} --help)")
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        voice.say("interrupted; no file was changed")
        return 130
    except BrokenPipeError:
        # The reader at the other end has what it wanted ("| head").
        _silence_stdout()
        return 0
    except Exception as error:
        return _told(error, voice)


def _told(error: Exception, voice: Voice) -> int:
    """Say what went wrong and return the exit status."""
    if voice.verbose:
        voice.say("".join(traceback.format_exception(error)).rstrip())
    if isinstance(error, QuotesError):
        voice.say(str(error))
    elif isinstance(error, OSError):
        voice.say(f"{error.filename or 'input or output'}: {error.strerror or error}")
    else:
        voice.say(f"{type(error).__name__}: {error}; a fault in quotes: -v shows where, please report it")
    _silence_stdout()
    return 1


def _silence_stdout() -> None:
    """Let nothing that is still buffered fail again when Python flushes standard output at its end."""
    try:
        sys.stdout.flush()
    except (OSError, ValueError, AttributeError):
        if sys.__stdout__ is not None and sys.stdout is sys.__stdout__:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stdout__.fileno())
