"""`quotes store` and `search`: saved records into a SQLite file, and what stands in it."""

from __future__ import annotations

import re
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from quotes.cli.options import from_option, probability, quiet_option, records_argument, types_of, verbosity
from quotes.cli.overwriting import beside, named, refuse_overwriting
from quotes.cli.saved import saved_records
from quotes.cli.terminal import Voice, counts, stdout, terminal
from quotes.records import ArticleRecord, QuoteType

if TYPE_CHECKING:
    from quotes.export.store import Hit

# A file's text can hold what would move a terminal's cursor.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


@click.command(epilog="\b\nExample:\n  quotes store quotes.jsonl -o quotes.db")
@records_argument
@click.option(
    "-o", "--output", metavar="FILE", required=True, type=click.Path(path_type=Path), help="The store, say quotes.db."
)
@from_option
@quiet_option
@verbosity
@click.pass_obj
def store(voice: Voice, paths: tuple[str, ...], output: Path, from_name: str | None, quiet: bool) -> int:
    """Add saved records to a SQLite store; what it holds is not added twice, and a changed article replaces its own."""
    from quotes.batch.run import Summary
    from quotes.export import FORMATS
    from quotes.export.formats import sqlite
    from quotes.export.store import Store

    refuse_overwriting([*named(output), *beside(output, FORMATS["sqlite"])], inputs=paths)
    summary = Summary()
    with Store.open(output, write=True) as opened:
        added = opened.add(saved_records(paths, from_name, voice, summary))
    if said := sqlite.finish(output):
        voice.say(said)
    if not quiet:
        told = f"{added.new:,} new, {added.changed:,} changed, {added.same:,} there already"
        voice.say(f"{output}: {counts(summary)}; articles: {told}")
    return 1 if summary.errors else 0


def _day(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError as error:
        raise click.BadParameter(f"{value!r} is no date like 2025-06-30") from error


@click.command(epilog="\b\nExample:\n  quotes search quotes.db harbour --speaker Moreira --from 2025-01-01")
@click.argument("path", metavar="STORE", type=click.Path(path_type=Path))
@click.argument("words", nargs=-1, metavar="[WORDS]...")
@click.option("--speaker", metavar="NAME", help="Words of the speaker's name.")
@click.option("--source", metavar="NAME", help="All of a source's name or alias, or its id: see `quotes sources`.")
@click.option("--outlet", metavar="NAME", help="Part of the outlet's name, or its id or domain.")
@click.option("--from", "since", metavar="DAY", callback=_day, help="Published on this day or later: 2025-06-30.")
@click.option("--to", "until", metavar="DAY", callback=_day, help="Published on this day or before.")
@click.option("--channel", metavar="NAME", help="Part of a channel's name, or its id; via:NAME for one relation.")
@click.option("--type", "types", callback=types_of, metavar="LIST", help=f"Of {', '.join(get_args(QuoteType))}.")
@click.option("--min-confidence", type=float, default=0.0, callback=probability, help="Leave out quotes below this.")
@click.option("--limit", type=click.IntRange(1, 1_000_000), default=20, show_default=True, help="How many at most.")
@click.option("--format", "format_name", type=click.Choice(["text", "jsonl", "csv"]), default="text", show_default=True)
@verbosity
@click.pass_obj
def search(voice: Voice, /, path: Path, words: tuple[str, ...], format_name: str, **filters: Any) -> int:
    """Find quotes in STORE by words of the quote or its speaker: all of them, "a phrase", a prefix*."""
    from quotes.export.store import Store

    with Store.open(path) as opened:
        hits = opened.search(" ".join(words), **filters)
    stream = stdout()
    if format_name == "csv":
        from quotes.export.formats import csv_table

        csv_table.write((ArticleRecord(hit.article, (hit.quote,)) for hit in hits), stream)
    elif format_name == "jsonl":
        from quotes.export import listing

        listing.write_lines(hits, stream)
    else:
        colour = terminal(sys.stdout)
        stream.write("\n".join(_shown(hit, colour) for hit in hits))
        if not hits:
            voice.say(f"{path}: no quote fits; try fewer words or a prefix*")
    return 0


def _shown(hit: Hit, colour: bool) -> str:
    """Return a hit for people: the words, who said them, where and how."""
    quote, article, speaker = hit.quote, hit.article, hit.quote.speaker
    who = ", ".join(filter(None, (speaker.name, speaker.role))) if speaker else "nobody credited"
    where = ", ".join(filter(None, (article.outlet.name if article.outlet else None, article.published)))
    ways = "; ".join(f"{way.relation} {way.name}" for way in quote.channels)
    start, end = (quote.spans[0].start, quote.spans[-1].end) if quote.spans else (0, 0)
    stance = "" if quote.stance == "said" else f"{quote.stance}, "
    kind = f"{quote.type}, {stance}{quote.confidence:.2f}"
    facts = " | ".join(_plain(fact) for fact in (who, where, ways, kind) if fact)
    return f"{_marked(hit, colour)}\n  {facts}\n  {_plain(article.source)}:{start}-{end}\n"


def _marked(hit: Hit, colour: bool) -> str:
    text, done, parts = hit.quote.text, 0, []
    for span in hit.highlights:
        found = _plain(text[span.start : span.end])
        parts += [_plain(text[done : span.start]), click.style(found, bold=True) if colour else f">>{found}<<"]
        done = span.end
    return "".join([*parts, _plain(text[done:])])


def _plain(text: str) -> str:
    return _CONTROL.sub(" ", text)
