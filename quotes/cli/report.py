"""`quotes report`: one page that shows saved records."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from quotes.cli.options import output_option, quiet_option, records_argument, verbosity
from quotes.cli.overwriting import named, refuse_overwriting
from quotes.cli.saved import Repeats
from quotes.cli.terminal import Voice, counted, stdout, until_pipe_closes
from quotes.errors import InputError

if TYPE_CHECKING:
    from quotes.records import ArticleRecord, ErrorRecord


EXAMPLE = "quotes extract samples/ --with-text -o quotes.jsonl\n  quotes report quotes.jsonl -o report.html"


@click.command(epilog=f"\b\nExample:\n  {EXAMPLE}")
@records_argument
@output_option()
@click.option("--title", default="Who said what", show_default=True, help="The page's heading.")
@quiet_option
@verbosity
@click.pass_obj
def report(voice: Voice, /, paths: tuple[str, ...], file: Path | None, title: str, quiet: bool) -> int:
    """Write one page that shows what `quotes extract` saved (- for standard input).

    The page is one file and needs no network: articles with their quotes marked, speakers, charts. Save the records
    with --with-text, so that it can show each quote in its article.
    """
    from quotes.web.report import write, write_report

    refuse_overwriting(named(file), inputs=paths)
    records, errors = _read(voice, paths)
    if errors and not records:
        return 1
    if file is None:
        with until_pipe_closes():
            write(records, stdout(), errors=errors, title=title)
    else:
        write_report(records, file, errors=errors, title=title)
        if not quiet:
            voice.say(_closing_line(file, records))
    return 1 if errors else 0


def _read(voice: Voice, paths: tuple[str, ...]) -> tuple[list[ArticleRecord], list[ErrorRecord]]:
    """Read all files; of a broken one, keep the records before its fault, and continue with the others."""
    from quotes.export import read_records
    from quotes.records import ErrorRecord

    records: list[ArticleRecord] = []
    errors: list[ErrorRecord] = []
    repeats = Repeats()
    for path in paths:
        name = "standard input" if path == "-" else path
        try:
            for record in read_records(Path(path)):
                if not repeats.has(record, name):
                    records.append(record)
        except InputError as error:
            errors.append(ErrorRecord(name, "input", str(error).removeprefix(f"{name}: ")))
            voice.error(errors[-1], error)
    repeats.tell(voice)
    return records, errors


def _closing_line(file: Path, records: list[ArticleRecord]) -> str:
    quotes = sum(len(record.quotes) for record in records)
    line = f"{file}: {counted(quotes, 'quote')} in {counted(len(records), 'article')}"
    bare = sum(record.article.text is None for record in records)
    return f"{line}, {bare:,} without its text: extract with --with-text to see quotes in place" if bare else line
