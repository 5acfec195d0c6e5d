"""`quotes convert` and `formats`: convert saved records from one format to another, and list the formats."""

from __future__ import annotations

from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from quotes.cli.options import from_option, output_option, quiet_option, records_argument, verbosity
from quotes.cli.overwriting import beside, named, refuse_overwriting
from quotes.cli.saved import saved_records
from quotes.cli.terminal import Voice, counts, look_over, stdout, terminal, until_pipe_closes
from quotes.files.compressed import inner_name

if TYPE_CHECKING:
    from quotes.export import Format

form = click.option(
    "--format", "format_name", metavar="FORMAT",
    help="json, csv, parquet…: `quotes formats` lists all. By default what FILE ends in, or json.",
)  # fmt: skip


@click.command(epilog="\b\nExample:\n  quotes convert quotes.jsonl -o quotes.csv")
@records_argument
@output_option()
@form
@from_option
@quiet_option
@verbosity
@click.pass_obj
def convert(
    voice: Voice, paths: tuple[str, ...], file: Path | None, format_name: str | None, from_name: str | None,
    quiet: bool,
) -> int:  # fmt: skip
    """Write saved records in another format; RECORDS are files that quotes wrote, or - for standard input."""
    from quotes.batch.run import Summary, save

    refuse_overwriting(named(file), inputs=paths)
    chosen = format_for(format_name, file)
    refuse_overwriting(beside(file, chosen), inputs=paths)
    summary = Summary()
    records = saved_records(paths, from_name, voice, summary)
    former = file is not None and file.exists()

    def sound() -> bool:
        return not (former and summary.errors and not summary.articles)

    with until_pipe_closes():
        output = file or stdout_for(chosen)
        save(records, write=chosen.writer(voice.say), output=output, target=chosen.target, sound=sound)
    look_over(records)
    if file and not sound():
        voice.say(f"{file} is as it was: {counts(summary)}")
        return 1
    if file and chosen.beside and (said := chosen.beside(file)):
        voice.say(said)
    if file and not quiet:
        voice.say(f"{file}: {counts(summary)}")
    return 1 if summary.errors else 0


@click.command(epilog="\b\nExample:\n  quotes formats | grep csv")
@verbosity
def formats() -> None:
    """Print each export format with its suffixes and its purpose, separated by tabs."""
    from quotes.export import FORMATS

    for name, entry in FORMATS.items():
        more = ["read back"] * (entry.read is not None) + ["includes the text"] * entry.needs_text
        more += [f"needs .venv/bin/pip install '.[{entry.extra}]'"] * (entry.extra is not None)
        notes = "; ".join([entry.note, *more])
        stdout().write(f"{name}\t{' '.join(entry.suffixes)}\t{notes}\n")


def format_for(name: str | None, file: Path | None) -> Format:
    """Return the named format, or the one with the file's suffix.

    Args:
        name: the value of `--format`, or None.
        file: the output, or None for standard output.

    Raises:
        UsageError: if there is no such format, or none has the suffix.
    """
    from quotes.export import FORMATS, format_of

    if name is None:
        name = "json" if file is None else format_of(file)
    if name is None:
        raise click.UsageError(f"{file}: no format has this suffix; add --format {' or '.join(FORMATS)}")
    if name not in FORMATS:
        raise click.UsageError(f"no format {name!r}; --format takes {' or '.join(FORMATS)}")
    chosen = FORMATS[name]
    if chosen.target == "path" and file and inner_name(file.name) != file.name:
        raise click.UsageError(f"{name} cannot be compressed; leave out {file.suffix}")
    if chosen.target == "path" and file is None:
        raise click.UsageError(f"{name} is written to a file or folder; name it with -o")
    return chosen


def stdout_for(chosen: Format) -> IO[Any]:
    """Return standard output, as text or bytes as the format needs.

    Raises:
        UsageError: if the format is binary and standard output is a terminal.
    """
    stream = stdout()
    if chosen.target == "text":
        return stream
    if terminal(stream):
        raise click.UsageError("this format is binary; name a file with -o")
    return stream.buffer
