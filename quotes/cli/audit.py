"""`quotes audit`: figures on a newsroom's speakers."""

from __future__ import annotations

from pathlib import Path

import click
from attrs import frozen

from quotes.cli.options import (
    Lists,
    gathered,
    language_option,
    output_option,
    own_lists,
    quiet_option,
    records_argument,
    verbosity,
)
from quotes.cli.overwriting import named, refuse_overwriting
from quotes.cli.saved import saved_records
from quotes.cli.sources import gatherer
from quotes.cli.terminal import Voice, counts, stdout, until_pipe_closes

_SUFFIXES = (".html", ".htm", ".json")


@frozen
class Asked:
    """The options of `audit`."""

    file: Path | None
    tables: Path | None
    compare: tuple[str, str] | None
    title: str
    quiet: bool


@click.command(epilog="\b\nExample:\n  quotes audit quotes.jsonl -o audit.html")
@records_argument
@output_option("A page (.html), or all numbers as JSON (.json, or without FILE).")
@click.option(
    "--csv",
    "tables",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Also write each chart and table as a CSV file into DIR.",
)
@click.option(
    "--compare",
    nargs=2,
    metavar="A B",
    help="Two outlets or periods side by side: BBC 'CBC News', 2024 2025, 2025-01..2025-03 2025-04..2025-06.",
)
@click.option("--title", default="Whom we quote", show_default=True, help="The page's heading.")
@own_lists
@quiet_option
@language_option
@verbosity
@gathered("asked", Asked)
@click.pass_obj
def audit(voice: Voice, paths: tuple[str, ...], language: str, asked: Asked, lists: Lists) -> int:
    """Answer an editor's questions about RECORDS: who is quoted, named or unnamed, by which pronouns and in which
    roles, how few sources make half of the words, how many are new; by outlet, section, byline and month.

    Shares come with 95 % intervals, clustered by article; those that rest on few articles are marked.
    """
    from quotes.batch.run import Summary
    from quotes.comparison.audit import audit as audited
    from quotes.export import audit as export
    from quotes.files.atomic import written_aside
    from quotes.web.report.audit import write_audit

    file = asked.file
    refuse_overwriting(named(file), inputs=(*paths, *lists.files))
    if file is not None and file.suffix.lower() not in _SUFFIXES:
        raise click.UsageError(f"{file}: an audit is a page (.html) or its numbers (.json); use one of these endings")
    summary = Summary()
    made = gatherer(language, lists)
    found = audited(
        saved_records(paths, None, voice, summary, once=True), compare=asked.compare or (), gatherer=made
    )
    if summary.errors and not summary.articles:
        return 1
    if file is None and asked.tables is None:
        with until_pipe_closes():
            export.write_json(found, stdout())
    elif file is not None and file.suffix.lower() != ".json":
        write_audit(found, file, title=asked.title)
    elif file is not None:
        with written_aside(file) as (stream, _):
            export.write_json(found, stream)
    if asked.tables is not None:
        export.write_tables(found, asked.tables)
    if not asked.quiet and (file or asked.tables):
        voice.say(f"{file or asked.tables}: {counts(summary)}")
    return 1 if summary.errors else 0
