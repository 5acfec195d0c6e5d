"""`quotes sources`: list the sources that articles quote."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from attrs import frozen

from quotes.cli.options import (
    Lists,
    from_option,
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
from quotes.cli.terminal import Voice, counted, counts, stdout, until_pipe_closes

if TYPE_CHECKING:
    from quotes.batch.run import Summary
    from quotes.comparison.sources import Gatherer, Source
    from quotes.records import ArticleRecord, ErrorRecord

_SUFFIXES = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".ftm": "ftm"}
_STORES = (".db", ".sqlite", ".sqlite3")


@frozen
class Asked:
    """The options of `sources`."""

    file: Path | None
    format_name: str | None
    from_name: str | None
    quiet: bool


def gatherer(language: str, lists: Lists) -> Gatherer:
    """Return a gatherer of sources with a newsroom's own lists."""
    from quotes.comparison.sources import Gatherer, Overrides, read_overrides
    from quotes.comparison.sources.people import listing
    from quotes.lexicon import load_lexicon

    lexicon = load_lexicon(language)
    listed = listing(lists.people, lexicon=lexicon) if lists.people else None
    return Gatherer(lexicon, read_overrides(lists.merges) if lists.merges else Overrides(), listed)


@click.command(epilog="\b\nExample:\n  quotes sources quotes.jsonl -o sources.csv")
@records_argument
@output_option("A .csv, .json, .jsonl or .ftm file, or a store (.db).")
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["json", "jsonl", "csv", "ftm"]),
    help="By default what FILE ends in, or json.",
)
@from_option
@own_lists
@quiet_option
@language_option
@verbosity
@gathered("asked", Asked)
@click.pass_obj
def sources(voice: Voice, paths: tuple[str, ...], language: str, asked: Asked, lists: Lists) -> int:
    """List the sources of RECORDS: one row each over all articles, with names, roles, outlets, dates and word counts.

    RECORDS are files that quotes wrote, or a store. Sources of several articles are merged only if name, role and
    fellow sources agree; each merge states its reasons.
    """
    from quotes.batch.run import Summary

    file = asked.file
    refuse_overwriting(named(file), inputs=(*paths, *lists.files))
    summary = Summary()
    made = gatherer(language, lists)
    records = saved_records(paths, asked.from_name, voice, summary, once=True)
    if file is not None and file.suffix.lower() in _STORES and asked.format_name is None:
        found = _into_store(file, records, made if lists.files else None, voice.say)
    else:
        found = _written(_found(paths, records, made, plain=not lists.files), asked, summary, file)
    if file is not None and not asked.quiet:
        voice.say(f"{file}: {counted(found, 'source')} among {counts(summary)}")
    return 1 if summary.errors else 0


def _found(
    paths: tuple[str, ...], records: Iterable[ArticleRecord | ErrorRecord], made: Gatherer, *, plain: bool
) -> tuple[Source, ...]:
    """Return the sources; those of a store keep its ids."""
    from quotes.comparison.sources import appearances

    if plain and len(paths) == 1 and Path(paths[0]).suffix.lower() in _STORES:
        from quotes.export.store import Store

        with Store.open(Path(paths[0])) as store:
            held = store.held_sources()
        if held is not None:
            # Reading them counts them.
            for _ in records:
                pass
            return held
    return made.gather(appearances(records)).sources


def _into_store(
    file: Path, records: Iterable[ArticleRecord | ErrorRecord], made: Gatherer | None, warn: Callable[[str], None]
) -> int:
    """Add records and their sources to a store, and return how many sources it holds."""
    from quotes.export.store import Store

    with Store.open(file, write=True) as store:
        store.add(records, warn=warn)
        store.gather(made)
        return len(store.held_sources() or ())


def _written(found: Sequence[Source], asked: Asked, summary: Summary, file: Path | None) -> int:
    """Write the sources, and return how many there are."""
    from quotes.export import sources as export
    from quotes.files.atomic import written_aside

    name = asked.format_name or (_SUFFIXES.get(file.suffix.lower(), "json") if file else "json")
    if file is None:
        with until_pipe_closes():
            export.write(found, stdout(), format_name=name)
    else:
        with written_aside(file) as (stream, discard):
            export.write(found, stream, format_name=name)
            if summary.errors and not summary.articles:
                discard()
    return len(found)
