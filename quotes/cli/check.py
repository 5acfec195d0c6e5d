"""`quotes check`: whether words were said, who is credited with them, and where."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, get_args

import click
from attrs import evolve, frozen

from quotes.cli.options import gathered, language_option, model_option, output_option, verbosity
from quotes.cli.overwriting import named, refuse_overwriting
from quotes.cli.terminal import Voice, stdout, until_pipe_closes
from quotes.errors import InputError
from quotes.extraction.options import Options
from quotes.records import ArticleRecord, ErrorRecord, Stance

if TYPE_CHECKING:
    from quotes.batch.run import Summary
    from quotes.comparison.checking import Checker, Finding

FORMATS = ("text", "json", "jsonl", "csv")


@frozen
class Asked:
    """The options of `check`."""

    speaker: str | None
    batch: Path | None
    file: Path | None
    format_name: str | None
    limit: int


@click.command(
    epilog="\b\nExit status: 0 verbatim, punctuation aside; 3 altered; 4 a splice; 5 only as reported speech;\n"
    "6 credited to someone else; 7 the article's own words; 8 not found; 9 denied: reported as not said;\n"
    "10 hypothetical. For a batch, the highest.\n"
    '\n\b\nExample:\n  quotes check "We will vote" --speaker "Ana Lee" --in quotes.jsonl'
)
@click.argument("words", nargs=-1, metavar="[WORDS] [SOURCE]...")
@click.option("--speaker", metavar="NAME", help="Who is said to have said it.")
@click.option("--in", "sources", multiple=True, metavar="SOURCE", help="Records, a text, a folder… Repeatable.")
@click.option("--batch", type=click.Path(dir_okay=False, path_type=Path), metavar="CSV",
              help="Check each row of a table with the columns quote and speaker.")  # fmt: skip
@output_option()
@click.option("--format", "format_name", type=click.Choice(FORMATS), help="By default what FILE ends in, or text.")
@click.option("--limit", type=click.IntRange(1), default=10, show_default=True, help="The most places to list.")
@language_option
@model_option
@verbosity
@gathered("options", Options)
@gathered("asked", Asked)
@click.pass_obj
def check(voice: Voice, words: tuple[str, ...], sources: tuple[str, ...], asked: Asked, options: Options) -> int:
    """Check whether WORDS were said: verbatim, altered, spliced, only reported, by someone else, or not at all.

    Every SOURCE is searched in full: records that quotes wrote, or anything that `extract` reads.
    """
    from quotes.batch.run import Summary
    from quotes.comparison.checking import Checker
    from quotes.lexicon import load_lexicon

    batch, file = asked.batch, asked.file
    options = evolve(options, include_unattributed=True, stance=get_args(Stance))
    if batch is None and not any(map(str.isalnum, words[0] if words else "")):
        raise click.UsageError("no words to check; give them in quotation marks, or a table with --batch")
    paths = (*sources, *(words if batch else words[1:]))
    if not paths:
        raise click.UsageError("nothing to search; name records or texts with --in")
    if batch is not None and asked.speaker is not None:
        raise click.UsageError("--speaker goes with one quote; a table has a column of that name")
    refuse_overwriting(named(file), inputs=(*paths, *((str(batch),) if batch else ())))
    name = asked.format_name or _format_of(file)
    faults: list[ErrorRecord] = []
    records = _all(paths, voice, faults, options)
    summary = Summary()
    checker = Checker(_counted(records, summary), lexicon=load_lexicon(options.language))
    statuses: list[int] = []
    claims = _claims(batch, (words[0] if words else "", asked.speaker), voice, faults)
    found = _found(checker, claims, asked.limit, statuses)
    if faults and not summary.articles:
        raise InputError("none of the sources could be read; no answer was written")
    if file is None:
        with until_pipe_closes():
            _write(found, stdout(), name)
    else:
        from quotes.files.atomic import written_aside

        with until_pipe_closes(), written_aside(file) as (stream, discard):
            _write(found, stream, name)
            if faults and not statuses:
                discard()
                voice.say(f"{file} is as it was: nothing could be checked")
    deque(found, maxlen=0)  # the exit status counts all claims, even if the reader of the output left early
    return 1 if faults else max(statuses, default=0)


def _format_of(file: Path | None) -> str:
    known = {".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv"}
    return known.get(file.suffix.lower(), "text") if file else "text"


def _claims(
    batch: Path | None, claim: tuple[str, str | None], voice: Voice, faults: list[ErrorRecord]
) -> Iterator[tuple[str, str | None]]:
    """Yield the claims to check; report a row without a quote, and continue with the others."""
    from quotes.comparison.checking.claims import read_claims

    if batch is None:
        yield claim
        return
    for row in read_claims(batch):
        if isinstance(row, InputError):
            faults.append(ErrorRecord(str(batch), "row", str(row)))
            voice.error(faults[-1], row)
        else:
            yield row.quote, row.speaker


def _found(
    checker: Checker, claims: Iterable[tuple[str, str | None]], limit: int, statuses: list[int]
) -> Iterator[Finding]:
    for words, speaker in claims:
        finding = checker.check(words, speaker=speaker, limit=limit)
        statuses.append(finding.status)
        yield finding


def _write(found: Iterable[Finding], stream: IO[Any], name: str) -> None:
    from quotes.comparison.checking import SCHEMA, claims
    from quotes.export import listing

    if name == "json":
        listing.write_document(found, stream, schema=SCHEMA, key="findings")
    elif name == "jsonl":
        listing.write_lines(found, stream)
    elif name == "csv":
        claims.write_csv(found, stream)
    else:
        for number, finding in enumerate(found):
            stream.write(f"\n“{finding.claim}”\n" if number else "")
            stream.writelines(f"{line}\n" for line in claims.explain(finding))


def _all(paths: tuple[str, ...], voice: Voice, faults: list[ErrorRecord], options: Options) -> Iterator[ArticleRecord]:
    """Yield the articles of all sources: saved records as they are, anything else read by the pipeline."""
    from quotes.extraction.pipeline import load
    from quotes.ingest import read

    pipeline = None
    for path in paths:
        known = yield from _saved(path, voice, faults)
        for source in () if known else read([path]):
            if isinstance(source, ErrorRecord):
                faults.append(source)
                voice.error(source, None)
                continue
            if pipeline is None:
                pipeline = load(options, alone=True)
            yield from pipeline.read(source)
        if number := sum(map(_holds_records, _files_in(path))):
            what = "a file of saved records is" if number == 1 else f"{number:,} files of saved records are"
            voice.say(f"{path}: {what} not searched; name them, not the folder")


def _counted(records: Iterable[ArticleRecord], summary: Summary) -> Iterator[ArticleRecord]:
    for record in records:
        summary.articles += 1
        yield record


def _files_in(path: str) -> Iterator[str]:
    """Yield the files of a folder that `extract` would read."""
    from quotes.ingest.walk import File, files

    return (found.path for found in files(path) if isinstance(found, File)) if Path(path).is_dir() else iter(())


def _holds_records(path: str) -> bool:
    """Return whether a file holds records that quotes wrote and can read back."""
    from quotes.export import read_records

    try:
        return next(read_records(Path(path)), None) is not None
    except InputError:
        return False


def _saved(path: str, voice: Voice, faults: list[ErrorRecord]) -> Any:
    """Yield the articles of saved records, and return whether the file holds any; report a fault further on."""
    from quotes.export import read_records

    if path == "-" or not Path(path).is_file():
        return False
    known = False
    try:
        for record in read_records(Path(path)):
            known = True
            yield record
        known = True
    except InputError as error:
        if known:
            faults.append(ErrorRecord(path, "broken", str(error).removeprefix(f"{path}: ")))
            voice.error(faults[-1], error)
    return known
