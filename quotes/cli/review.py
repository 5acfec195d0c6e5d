"""`quotes review`: a page to check quotes on, and its verdicts exported."""

from __future__ import annotations

import getpass
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from attrs import evolve, field, frozen

from quotes.cli.options import gathered, verbosity
from quotes.cli.overwriting import Target, refuse_overwriting
from quotes.cli.terminal import Voice, counted
from quotes.errors import ModelError

if TYPE_CHECKING:
    from quotes.records import ArticleRecord
    from quotes.web.review.verdicts import VerdictLog
    from quotes.web.review.weighing import Weighed

_CONNECTIONS = 128


@frozen
class Page:
    """How to serve the page, and to whom."""

    reviewer: str | None
    port: int
    browse: bool
    files: Mapping[str, str] = field(factory=dict)


@click.command(
    epilog="\b\nExample:\n  quotes extract samples/ --with-text -o quotes.jsonl\n  quotes review quotes.jsonl"
    "\n  quotes review quotes.jsonl --export gold/"
)
@click.argument("records", metavar="RECORDS", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--verdicts",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="File of the verdicts; RECORDS.verdicts.jsonl by default.",
)
@click.option("--reviewer", metavar="NAME", help="The reviewer's name; by default your login, editable on the page.")
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="0 picks a free one.")
@click.option("--browse/--no-browse", default=False, help="Open the page in the browser.")
@click.option(
    "--export",
    "target",
    type=click.Path(path_type=Path),
    metavar="DIR|FILE",
    help="Serve nothing; write corrected records to FILE, or those and gold data to DIR.",
)
@click.option(
    "--reanchor",
    is_flag=True,
    help="Serve nothing; carry over verdicts on other copies of these articles, by text, title and quote.",
)
@verbosity
@gathered("page", Page)
@click.pass_obj
def review(
    voice: Voice, /, records: Path, file: Path | None, target: Path | None, reanchor: bool, page: Page
) -> int:  # fmt: skip
    """Review the quotes in RECORDS, a file or a store, on a page at 127.0.0.1, or export the verdicts."""
    from quotes.export import read_records
    from quotes.web.review.gold import under_review
    from quotes.web.review.verdicts import VerdictLog
    from quotes.web.review.weighing import weigh

    log = VerdictLog(file or records.with_name(f"{records.name}.verdicts.jsonl"))
    refuse_overwriting([Target(log.path, "--verdicts")], inputs=[records])
    found = under_review(read_records(records), name=str(records))
    log.refresh()
    if log.torn:
        voice.say(f"{log.path}: {counted(log.torn, 'broken line')} skipped")
    if reanchor:
        _reanchor(voice, found, log)
    weighed = weigh(found, log.verdicts)
    remarks = _remarks(weighed, log, records)
    for remark in remarks:
        voice.say(remark)
    if target is not None:
        _refuse_inputs(target, records, found, log)
        _export(voice, found, weighed, target)
    elif not reanchor:
        files = {"records": str(records), **({"verdicts": str(file)} if file else {})}
        _serve(voice, found, log, remarks, evolve(page, files=files))
        return 0
    return 1 if weighed.nowhere else 0


def _serve(
    voice: Voice, found: Mapping[str, ArticleRecord], log: VerdictLog, remarks: Sequence[str], page: Page
) -> None:
    try:
        import uvicorn  # noqa: F401

        from quotes.web import serving
        from quotes.web.review import server
    except ImportError as error:
        raise ModelError(f"the review page needs {error.name}: .venv/bin/pip install '.[web]'") from error
    under = server.Review(found, log, page.reviewer or _login(), remark="; ".join(remarks) or None, files=page.files)
    taken = serving.listen("127.0.0.1", page.port)
    where = serving.address(taken, "127.0.0.1")

    def ready() -> None:
        number = sum(len(record.quotes) for record in found.values())
        voice.say(f"{number:,} quotes to review at {where}; verdicts go to {log.path}; Ctrl-C stops it")
        if page.browse:
            click.launch(where)

    try:
        serving.serve(server.make_app(under), taken, serving.door(_CONNECTIONS), ready=ready)
    finally:
        log.refresh()  # restores the file if it was removed meanwhile


def _reanchor(voice: Voice, found: Mapping[str, ArticleRecord], log: VerdictLog) -> None:
    from quotes.web.review.anchoring import reanchor
    from quotes.web.review.weighing import weigh

    before = weigh(found, log.verdicts)
    made = list(reanchor(found, before))
    if made:
        log.append(*made)
    voice.say(
        f"{log.path}: {len(made):,} of {counted(len(before.nowhere), 'verdict')} that fit nothing here re-anchored"
    )


def _remarks(weighed: Weighed, log: VerdictLog, records: Path) -> list[str]:
    """Return a line each on verdicts that do not count on these records, and on quotes where reviewers differ."""
    remarks = []
    if weighed.nowhere:
        number = len(weighed.nowhere)
        how = f'they are on articles like "{weighed.nowhere[-1].source}"; --reanchor finds their quotes here by text'
        verb = "fits" if number == 1 else "fit"
        remarks.append(f"{log.path}: {counted(number, 'verdict')} {verb} nothing here; {how}")
    if weighed.again:
        number = len(weighed.again)
        noun = "quote has" if number == 1 else "quotes have"
        remarks.append(f"{records}: {number:,} {noun} changed since a verdict was given, to be reviewed again")
    if weighed.disputed:
        who = sorted({reviewer for names in weighed.disputed.values() for reviewer in names})
        remarks.append(
            f"{log.path}: reviewers differ on {counted(len(weighed.disputed), 'quote')} ({', '.join(who[:5])}); "
            "the last verdict counts"
        )
    return remarks


def _refuse_inputs(target: Path, records: Path, found: Mapping[str, ArticleRecord], log: VerdictLog) -> None:
    """Refuse to export over the records, the verdicts or the articles."""
    from quotes.export import FORMATS, format_of
    from quotes.web.review import gold

    if target.suffix and not target.is_dir():
        companion = FORMATS[format_of(target) or "json"].companion
        paths = [target, *([companion(target)] if companion else [])]
    else:
        paths = gold.files_of(found.values(), target)
    articles = {record.article.source for record in found.values() if Path(record.article.source).is_file()}
    refuse_overwriting((Target(path, "--export") for path in paths), inputs=[records, log.path, *sorted(articles)])


def _export(voice: Voice, found: Mapping[str, ArticleRecord], weighed: Weighed, target: Path) -> None:
    """Write corrected records to a file, or corrected records and gold data to a folder."""
    from quotes.web.review import gold

    if target.suffix and not target.is_dir():
        quotes = gold.write_records(gold.apply(found.values(), weighed.standing), target)
        voice.say(f"{target}: {counted(quotes, 'quote')}, {counted(len(weighed.counted), 'verdict')}")
        return
    done = gold.write_gold(found.values(), weighed.standing, target)
    left = f"; {done.unfinished:,} with quotes still to review are left out of it" if done.unfinished else ""
    voice.say(f"{target}: gold data of {done.sources:,} sources with {done.quotes:,} quotes{left}")


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "reviewer"
