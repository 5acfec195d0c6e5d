"""`quotes distribute`: extract with many Ray workers, on one machine or a cluster."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import click
from attrs import frozen

from quotes.cli.options import Inputs, gathered, reading
from quotes.cli.run import signals
from quotes.cli.terminal import Voice, counted
from quotes.extraction.options import Options
from quotes.records import ErrorRecord


@frozen
class Asked:
    """The arguments and options of `distribute`."""

    source: str
    output: str
    workers: int | None
    with_text: bool


@click.command(epilog="\b\nExample:\n  quotes distribute articles.jsonl records/ --workers 2")
@click.argument("source", metavar="INPUT")
@click.argument("output", metavar="OUTPUT")
@click.option("--workers", type=click.IntRange(1), help="Workers; by default one for each core of the cluster.")
@click.option("--with-text", is_flag=True, help="Add the source's text, so that offsets can be checked.")
@reading
@gathered("asked", Asked)
@click.pass_obj
def distribute(voice: Voice, /, asked: Asked, inputs: Inputs, options: Options) -> int:
    """Read INPUT on a Ray cluster and write records as Parquet into the folder OUTPUT.

    INPUT is Parquet, JSON Lines or anything else that `extract` reads, which is first converted on this machine. OUTPUT
    gets one row per article, with its quotes. RAY_ADDRESS names the cluster; without it, Ray runs on this machine.
    """
    from quotes.batch.ray import distribute as run
    from quotes.batch.ray import kind_of
    from quotes.batch.ray_files import as_lines, readable_by_ray
    from quotes.ingest.cleaning import described

    if asked.source == "-":
        raise click.UsageError("distribute reads files and folders; for standard input use extract")
    how = inputs.reading(voice.note)
    plain = not how.known and how.dates is None and how.input_format in (None, "jsonl")
    with ExitStack() as opened:
        opened.enter_context(signals())
        source, columns, lost = asked.source, dict(how.columns), list[ErrorRecord]()
        if plain and (how.input_format or not os.path.exists(source) or readable_by_ray(source)):
            kind = "jsonl" if how.input_format else kind_of(source)
        else:
            source, lost = opened.enter_context(as_lines(source, how, output=asked.output))
            kind, columns = "jsonl", {}
        opened.enter_context(_muted(voice))
        done = run(
            source, asked.output, options, workers=asked.workers, kind=kind, columns=columns, with_text=asked.with_text
        )
    for error in (*lost, *done.lost):
        voice.error(error, None)
    if done.repaired:
        voice.say(f"{asked.source}: repaired {described(done.repaired)}")
    pairs = ((done.articles, "article"), (done.quotes, "quote"), (done.errors + len(lost), "error"))
    voice.say(f"{asked.output}: {', '.join(counted(number, noun) for number, noun in pairs)}")
    return 1 if done.errors or lost else 0


@contextmanager
def _muted(voice: Voice) -> Iterator[None]:
    """Keep the messages of Ray's core off standard error, unless `-v` asks for them."""
    if voice.verbose or sys.stderr is not sys.__stderr__ or sys.stderr is None:
        yield
        return
    sys.stderr.flush()
    held = os.dup(sys.stderr.fileno())
    try:
        with open(os.devnull, "wb") as nowhere:
            os.dup2(nowhere.fileno(), sys.stderr.fileno())
        yield
    finally:
        os.dup2(held, sys.stderr.fileno())
        os.close(held)
