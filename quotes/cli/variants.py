"""`quotes variants`: the same statement across outlets."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click
from attrs import frozen

from quotes.cli.options import (
    from_option,
    gathered,
    language_option,
    output_option,
    quiet_option,
    records_argument,
    types_of,
    verbosity,
)
from quotes.cli.overwriting import named, refuse_overwriting
from quotes.cli.saved import saved_records
from quotes.cli.terminal import Voice, counts, stdout, until_pipe_closes
from quotes.records import ArticleRecord

if TYPE_CHECKING:
    from quotes.comparison.variants import Group, Spread


@frozen
class Asked:
    """The options of `variants`."""

    file: Path | None
    format_name: str | None
    from_name: str | None
    types: frozenset[str] | None
    on_ray: bool
    quiet: bool


@click.command(epilog="\b\nExample:\n  quotes variants quotes.jsonl -o groups.json")
@records_argument
@output_option()
@click.option(
    "--format", "format_name", type=click.Choice(["json", "jsonl"]),
    help="One document, or one group per line; by default what FILE ends in, or json.",
)
@from_option
@click.option("--types", callback=types_of, metavar="LIST", help="Only quotes of these types: direct, post, mixed…")
@click.option("--ray", "on_ray", is_flag=True, help="Use Ray: the cluster of RAY_ADDRESS, or this machine.")
@quiet_option
@language_option
@verbosity
@gathered("asked", Asked)
@click.pass_obj
def variants(voice: Voice, paths: tuple[str, ...], language: str, asked: Asked) -> int:
    """Group the quotes of RECORDS that are the same statement, and show how each printing differs."""
    from quotes.batch.run import Summary
    from quotes.comparison.variants import groups
    from quotes.files.atomic import written_aside
    from quotes.lexicon import load_lexicon

    file = asked.file
    refuse_overwriting(named(file), inputs=paths)
    format_name = asked.format_name
    if format_name is None:
        format_name = "jsonl" if file and file.suffix.lower() in (".jsonl", ".ndjson") else "json"
    lexicon, summary = load_lexicon(language), Summary()
    given = saved_records(paths, asked.from_name, voice, summary, once=True)
    records = (r for r in given if isinstance(r, ArticleRecord))
    found = groups(records, lexicon=lexicon, types=asked.types, spread=_on_ray() if asked.on_ray else None)
    if file is None:
        with until_pipe_closes():
            _write(found, stdout(), format_name)
    else:
        former = file.exists()
        with written_aside(file) as (stream, discard):
            count = _write(found, stream, format_name)
            if former and summary.errors and not summary.articles:
                discard()
                voice.say(f"{file} is as it was: {counts(summary)}")
                return 1
        if not asked.quiet:
            voice.say(f"{file}: {count:,} {'group' if count == 1 else 'groups'} among {counts(summary)}")
    return 1 if summary.errors else 0


def _on_ray() -> Spread:
    from quotes.batch.ray import OnRay

    return OnRay()


def _write(found: Iterable[Group], stream: IO[Any], format_name: str) -> int:
    from quotes.comparison.variants import SCHEMA
    from quotes.export import listing

    if format_name == "jsonl":
        return listing.write_lines(found, stream)
    return listing.write_document(found, stream, schema=SCHEMA, key="groups")
