"""Read claims from a table, and write the findings as a table or as text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from attrs import frozen

from quotes.comparison.checking.result import Finding, Hit
from quotes.errors import InputError
from quotes.files.csv_cells import safe_cell
from quotes.records.json_text import dumps
from quotes.text.blanks import printable

COLUMNS = (
    "quote", "speaker", "verdict", "places", "found", "standing", "said_by", "agrees", "source", "start", "end",
    "outlet", "published", "title", "url", "before", "after", "changes",
)  # fmt: skip
_SEPARATORS = ",;\t"
_MEANING = {
    "verbatim": "verbatim: these words, letter by letter",
    "punctuation": "verbatim but for punctuation: the same words, with other marks, case or spacing",
    "altered": "altered: nearly these words",
    "splice": "splice: each part is in a quotation, the whole in none",
    "reported": "only as reported speech: these words stand outside quotation marks",
    "other-speaker": "credited to someone else",
    "own-words": "not a quotation: these are the article's own words",
    "not-found": "not found",
    "denied": "denied: the source says that this was not said",
    "hypothetical": "hypothetical: the source gives this as what might be or should have been said, or was asked",
}


@frozen
class Claim:
    """A quote to check, and who is said to have said it."""

    quote: str
    speaker: str | None = None


def read_claims(path: Path) -> Iterator[Claim | InputError]:
    """Yield the claims of a CSV file with the columns `quote` and, if it has one, `speaker`.

    Args:
        path: the file; separators are commas, semicolons or tabs.

    Yields:
        A claim for each row, or the row's fault.

    Raises:
        InputError: if the file cannot be read or has no column `quote`.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: is not UTF-8; save the table as UTF-8") from error
    except FileNotFoundError as error:
        raise InputError(f"{path}: no such file; check the path") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror or error}); check the file") from error
    head = text.partition("\n")[0]
    table = csv.DictReader(io.StringIO(text, newline=""), delimiter=max(_SEPARATORS, key=head.count))
    try:
        names = {(name or "").strip().casefold(): name for name in table.fieldnames or ()}
        if "quote" not in names:
            raise InputError(f"{path}: no column 'quote' in its first row; add one, and a column 'speaker' if need be")
        for row in table:
            quote = (row[names["quote"]] or "").strip()
            speaker = (row.get(names.get("speaker", ""), None) or "").strip() or None
            some = any(map(str.isalnum, quote))
            yield Claim(quote, speaker) if some else InputError(f"line {table.line_num}: no quote in it; fill it in")
    except csv.Error as error:
        raise InputError(f"{path}: line {table.line_num}: {error}; save it as CSV again") from error


def write_csv(findings: Iterable[Finding], stream: IO[str]) -> None:
    """Write one row per claim, with the best hit."""
    # Every text is quoted, so that a program that splits at semicolons finds no cell within a text.
    table = csv.writer(stream, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
    table.writerow(COLUMNS)
    for finding in findings:
        hit = finding.hits[0] if finding.hits else None
        cells = (finding.claim, finding.speaker, finding.verdict, finding.places, *_cells(hit))
        table.writerow([safe_cell(cell) if isinstance(cell, str) and cell else cell for cell in cells])
    stream.flush()


def _cells(hit: Hit | None) -> tuple[Any, ...]:
    if hit is None:
        return (None,) * (len(COLUMNS) - 4)
    changes = dumps([[c.op, c.source, c.claim] for c in hit.changes]) if hit.changes else None
    agrees = None if hit.agrees is None else str(hit.agrees).lower()
    return (
        hit.text, hit.standing, hit.speaker, agrees, hit.source, hit.spans[0].start, hit.spans[-1].end, hit.outlet,
        hit.published, hit.title, hit.url, hit.before, hit.after, changes,
    )  # fmt: skip


def explain(finding: Finding) -> Iterator[str]:
    """Yield the lines that explain a finding."""
    count = finding.places
    places = f" ({count} {'place' if count == 1 else 'places'})" if count else ""
    yield f"{_MEANING[finding.verdict]}{places}"
    for number, hit in enumerate(finding.hits, start=1):
        where = ", ".join(f"{span.start}–{span.end}" for span in hit.spans)
        about = ", ".join(part for part in (hit.outlet, hit.published, hit.source) if part)
        yield ""
        yield printable(f"{number}. {about}, {where}")
        yield printable(f"   {_whose(hit)}")
        yield printable(f"   …{hit.before}>>{hit.text}<<{hit.after}…")
        for change in hit.changes:
            yield printable(f"   {change.op}: source “{change.source}”, claim “{change.claim}”")
    if len(finding.hits) < count:
        yield ""
        yield f"and {count - len(finding.hits)} more; --limit shows them"


def _whose(hit: Hit) -> str:
    if hit.standing == "own-words":
        return f"{hit.match}, in the article's own words"
    asked = {True: "", None: "", False: ", not the speaker asked for"}[hit.agrees]
    said = f"credited to {hit.speaker}" if hit.speaker else "credited to nobody"
    stance = f", {hit.stance}" if hit.stance != "said" else ""
    return f"{hit.match}, {hit.standing}{stance}, {said}{asked}"
