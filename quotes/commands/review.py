"""`quotes review`: a page to check quotes on, and what comes of it."""

from __future__ import annotations

import getpass
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from quotes.commands.options import verbosity
from quotes.commands.overwriting import Target, refuse_overwriting
from quotes.commands.voice import Voice
from quotes.errors import ModelError

if TYPE_CHECKING:
    from quotes.records import ArticleRecord
    from quotes.web.verdicts import VerdictLog


@click.command(
    epilog="\b\nExample:\n  quotes extract samples/ --with-text -o quotes.jsonl\n  quotes review quotes.jsonl"
    "\n  quotes review quotes.jsonl --export gold/"
)
@click.argument("records", metavar="RECORDS", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--verdicts", "file", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
    help="Where decisions are kept; RECORDS.verdicts.jsonl by default.",
)
@click.option("--reviewer", metavar="NAME", help="Who reviews; your login by default, and to be changed on the page.")
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="0 takes a free one.")
@click.option("--browse/--no-browse", default=False, help="Open the page in the browser.")
@click.option(
    "--export", "target", type=click.Path(path_type=Path), metavar="DIR|FILE",
    help="Serve nothing; write corrected records to FILE, or gold data to DIR as well.",
)
@verbosity
@click.pass_obj
def review(
    voice: Voice, /, records: Path, file: Path | None, reviewer: str | None, port: int, browse: bool,
    target: Path | None,
) -> int:  # fmt: skip
    """Check the quotes in RECORDS, a store among them, on a page at 127.0.0.1, or export what was decided."""
    from quotes.export import read_records
    from quotes.web.gold import under_review
    from quotes.web.verdicts import VerdictLog

    log = VerdictLog(file or records.with_name(f"{records.name}.verdicts.jsonl"))
    refuse_overwriting([Target(log.path, "--verdicts")], inputs=[records])
    found = under_review(read_records(records), name=str(records))
    log.refresh()
    if log.torn:
        voice.say(f"{log.path}: {log.torn} broken lines are passed over")
    if target is not None:
        _refuse_inputs(target, records, found, log)
        return _export(voice, found, log, target)
    try:
        import uvicorn  # noqa: F401

        from quotes.web import review as page
        from quotes.web import serving
    except ImportError as error:
        raise ModelError(f"the review page needs {error.name}: pip install 'quotes[web]'") from error
    under = page.Review(found, log, reviewer or _login())
    taken = serving.listen("127.0.0.1", port)
    where = serving.address(taken, "127.0.0.1")

    def ready() -> None:
        number = sum(len(record.quotes) for record in found.values())
        voice.say(f"{number:,} quotes to review at {where}; verdicts go to {log.path}; Ctrl-C stops it")
        if browse:
            click.launch(where)

    serving.serve(page.make_app(under), taken, ready=ready)
    return 0


def _refuse_inputs(target: Path, records: Path, found: Mapping[str, ArticleRecord], log: VerdictLog) -> None:
    """Refuse to export over the records, the verdicts or the articles themselves."""
    from quotes.export import FORMATS, format_of
    from quotes.web import gold

    if target.suffix and not target.is_dir():
        companion = FORMATS[format_of(target) or "json"].companion
        paths = [target, *([companion(target)] if companion else [])]
    else:
        paths = gold.files_of(found.values(), target)
    articles = {record.article.source for record in found.values() if Path(record.article.source).is_file()}
    refuse_overwriting((Target(path, "--export") for path in paths), inputs=[records, log.path, *sorted(articles)])


def _export(voice: Voice, found: Mapping[str, ArticleRecord], log: VerdictLog, target: Path) -> int:
    """Write what was decided: a file of records, or a folder with gold data as well."""
    from quotes.web import gold
    from quotes.web.verdicts import standing

    decided = standing(log.verdicts)
    if target.suffix and not target.is_dir():
        quotes = gold.write_records(gold.apply(found.values(), decided), target)
        voice.say(f"{target}: {quotes:,} quotes, {len(decided):,} verdicts")
        return 0
    done = gold.write_gold(found.values(), decided, target)
    left = f"; {done.unfinished:,} with quotes still to review are left out of it" if done.unfinished else ""
    voice.say(f"{target}: gold data of {done.sources:,} sources with {done.quotes:,} quotes{left}")
    return 0


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "reviewer"
