"""`quotes distribute`: the same reading, by many workers on one machine or a cluster."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from attrs import frozen

from quotes.cli.options import Inputs, gathered, reading
from quotes.cli.run import signals
from quotes.cli.terminal import Voice, counted
from quotes.extraction.options import Options


@frozen
class Asked:
    """What `distribute` is asked for."""

    source: str
    output: str
    workers: int | None
    with_text: bool


@click.command(epilog="\b\nExample:\n  quotes distribute articles.jsonl records/ --workers 2")
@click.argument("source", metavar="INPUT")
@click.argument("output", metavar="OUTPUT")
@click.option("--workers", type=click.IntRange(1), help="How many; by default one for each core of the cluster.")
@click.option("--with-text", is_flag=True, help="Add the source's text, so that offsets can be checked.")
@reading
@gathered("asked", Asked)
@click.pass_obj
def distribute(voice: Voice, /, asked: Asked, inputs: Inputs, options: Options) -> int:
    """Read INPUT (Parquet or JSON Lines) on a Ray cluster and write records as Parquet into the folder OUTPUT.

    One row an article, with its quotes. RAY_ADDRESS names the cluster; without it, this machine is used.
    """
    from quotes.batch.ray import distribute as run
    from quotes.batch.ray import kind_of
    from quotes.ingest.cleaning import described

    if inputs.input_format not in (None, "jsonl"):
        raise click.UsageError("distribute reads Parquet, and JSON Lines (--input-format jsonl)")
    kind = "jsonl" if inputs.input_format else kind_of(asked.source)
    with signals(), _muted(voice):
        done = run(
            asked.source, asked.output, options, workers=asked.workers, kind=kind,
            columns=inputs.columns, with_text=asked.with_text,
        )  # fmt: skip
    for error in done.lost:
        voice.error(error, None)
    if done.repaired:
        voice.say(f"{asked.source}: repaired {described(done.repaired)}")
    pairs = ((done.articles, "article"), (done.quotes, "quote"), (done.errors, "error"))
    voice.say(f"{asked.output}: {', '.join(counted(number, noun) for number, noun in pairs)}")
    return 1 if done.errors else 0


@contextmanager
def _muted(voice: Voice) -> Iterator[None]:
    """Let nothing that Ray's own core writes to standard error come between the lines; `-v` shows it."""
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
