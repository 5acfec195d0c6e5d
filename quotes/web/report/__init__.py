"""One self-contained page of records for an editor: articles with quotes marked, speakers, charts, variants."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO
from urllib.parse import quote

from quotes.files.atomic import written_aside
from quotes.files.paths import AnyPath
from quotes.records import ArticleRecord, ErrorRecord
from quotes.records.json_text import for_page

TITLE = "Who said what"
CAUTION = "A confidence is a probability, not a promise: check a quote against its source before you print it."
# In the order the page runs them: the model first, the start last.
SCRIPTS = (
    "vendor/chart.umd.min.js",
    "model.js",
    "dom.js",
    "filters.js",
    "articles.js",
    "speakers.js",
    "variants.js",
    "charts.js",
    "audit.js",
    "details.js",
    "main.js",
)


def write_report(
    records: Iterable[ArticleRecord], path: AnyPath, *, errors: Sequence[ErrorRecord] = (), title: str = TITLE
) -> None:
    """Write the page to a file, which is replaced only by a complete one.

    Args:
        records: articles and their quotes; with texts, quotes are shown in their articles.
        path: the page.
        errors: sources that could not be read, listed at the end.
        title: the page's heading.

    Raises:
        StoreError: if the file cannot be written.
    """
    with written_aside(Path(path)) as (stream, _):
        write(list(records), stream, errors=errors, title=title)


def write(
    records: Sequence[ArticleRecord], stream: IO[str], *, errors: Sequence[ErrorRecord] = (), title: str = TITLE
) -> None:
    """Write a page that needs no network and no other file; the same records give the same bytes.

    Args:
        records: articles and their quotes, all in memory.
        stream: a text stream, in UTF-8.
        errors: sources that could not be read, listed at the end.
        title: the page's heading.

    Raises:
        OSError: if the stream cannot be written.
    """
    from quotes import __version__
    from quotes.web import page
    from quotes.web.report.payload import payload

    scripts = [page.asset(f"report/{name}") for name in SCRIPTS]
    style = page.asset("static/palette.css") + page.asset("report/report.css") + page.asset("report/audit.css")
    for part in page.template("report/report.html").stream(
        title=title.encode("utf-8", "replace").decode("utf-8"),
        version=__version__,
        icon="data:image/svg+xml," + quote(page.asset("static/mark.svg")),
        caution=CAUTION,
        policy=page.policy(scripts=scripts, styles=[style]),
        scripts=scripts,
        style=style,
        records=for_page(payload(records, errors)),
    ):
        stream.write(part)
    stream.flush()
