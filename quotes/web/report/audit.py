"""The audit as a self-contained page: a newsroom's speakers, in shares with intervals."""

from __future__ import annotations

from pathlib import Path
from typing import IO

from quotes.comparison.audit import Audit
from quotes.files.atomic import written_aside
from quotes.files.paths import AnyPath
from quotes.records.conversion import to_dict
from quotes.records.json_text import for_page

TITLE = "Whom we quote"
CAUTION = "Extraction errs: check a figure against its quotes before you print it."
SCRIPTS = ("dom.js", "audit.js", "audit_page.js")


def write_audit(found: Audit, path: AnyPath, *, title: str = TITLE) -> None:
    """Write the page to a file, which is replaced only by a complete one.

    Args:
        found: the audit.
        path: the page.
        title: the page's heading.

    Raises:
        StoreError: if the file cannot be written.
    """
    with written_aside(Path(path)) as (stream, _):
        write(found, stream, title=title)


def write(found: Audit, stream: IO[str], *, title: str = TITLE) -> None:
    """Write a page that needs no network and no other file; the same audit gives the same bytes.

    Args:
        found: the audit.
        stream: a text stream, in UTF-8.
        title: the page's heading.

    Raises:
        OSError: if the stream cannot be written.
    """
    from quotes import __version__
    from quotes.web import page

    scripts = [page.asset(f"report/{name}") for name in SCRIPTS]
    style = "".join(map(page.asset, ("static/palette.css", "report/report.css", "report/audit.css")))
    stream.write(
        page.template("report/audit.html").render(
            title=title.encode("utf-8", "replace").decode("utf-8"),
            version=__version__,
            caution=CAUTION,
            policy=page.policy(scripts=scripts, styles=[style]),
            scripts=scripts,
            style=style,
            audit=for_page(to_dict(found)),
        )
    )
    stream.flush()
