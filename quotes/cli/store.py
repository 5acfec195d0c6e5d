"""`quotes store` and `search`: keep saved records in a SQLite file, and search it."""

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
    from quotes.export.store import Match

# Text may hold control characters that move a terminal's cursor.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


@click.command(epilog="\b\nExample:\n  quotes store quotes.jsonl -o quotes.db")
@records_argument
@click.option(
    "-o", "--output", metavar="FILE", required=True, type=click.Path(path_type=Path), help="The store: quotes.db."
)
@from_option
@quiet_option
@verbosity
@click.pass_obj
def store(voice: Voice, paths: tuple[str, ...], output: Path, from_name: str | None, quiet: bool) -> int:
    """Add saved records to a SQLite store; an article that it holds is not added twice, a changed one is replaced."""
    from quotes.batch.run import Summary
    from quotes.export import FORMATS, format_of
    from quotes.export.formats import sqlite
    from quotes.export.store import Store

    refuse_overwriting([*named(output), *beside(output, FORMATS["sqlite"])], inputs=paths)
    if format_of(output) not in (None, "sqlite"):
        how = f"`quotes convert RECORDS -o {output}`"
        raise click.UsageError(f"{output}: a store ends in .db; for this format use {how}")
    summary = Summary()
    with Store.open(output, write=True) as opened:
        added = opened.add(saved_records(paths, from_name, voice, summary), warn=voice.say)
    if said := sqlite.finish(output):
        voice.say(said)
    if not quiet:
        articles = f"{added.new:,} new, {added.changed:,} changed, {added.same:,} there already"
        voice.say(f"{output}: {counts(summary)}; articles: {articles}")
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
@click.option("--source", metavar="NAME", help="A source's full name or alias, or its id: see `quotes sources`.")
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
    """Find quotes in STORE by words of the quote or its speaker: all of the words, "a phrase", a prefix*."""
    from quotes.export.store import Store

    with Store.open(path) as opened:
        matches = opened.search(" ".join(words), **filters)
    stream = stdout()
    if format_name == "csv":
        from quotes.export.formats import csv_table

        csv_table.write((ArticleRecord(match.article, (match.quote,)) for match in matches), stream)
    elif format_name == "jsonl":
        from quotes.export import listing

        listing.write_lines(matches, stream)
    else:
        colour = terminal(sys.stdout)
        stream.write("\n".join(_shown(match, colour) for match in matches))
        if not matches:
            voice.say(f"{path}: no quote matches; try fewer words or a prefix*")
    return 0


def _shown(match: Match, colour: bool) -> str:
    """Return a match as text to read: the words, who said them, where and how."""
    quote, article, speaker = match.quote, match.article, match.quote.speaker
    who = ", ".join(filter(None, (speaker.name, speaker.role))) if speaker else "nobody credited"
    where = ", ".join(filter(None, (article.outlet.name if article.outlet else None, article.published)))
    ways = "; ".join(f"{way.relation} {way.name}" for way in quote.channels)
    start, end = (quote.spans[0].start, quote.spans[-1].end) if quote.spans else (0, 0)
    stance = "" if quote.stance == "said" else f"{quote.stance}, "
    kind = f"{quote.type}, {stance}{quote.confidence:.2f}"
    facts = " | ".join(_plain(fact) for fact in (who, where, ways, kind) if fact)
    return f"{_marked(match, colour)}\n  {facts}\n  {_plain(article.source)}:{start}-{end}\n"


def _marked(match: Match, colour: bool) -> str:
    text, done, parts = match.quote.text, 0, []
    for span in match.highlights:
        found = _plain(text[span.start : span.end])
        parts += [_plain(text[done : span.start]), click.style(found, bold=True) if colour else f">>{found}<<"]
        done = span.end
    return "".join([*parts, _plain(text[done:])])


def _plain(text: str) -> str:
    return _CONTROL.sub(" ", text)
