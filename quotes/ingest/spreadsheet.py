"""Excel workbooks, by openpyxl: each sheet is a table with a header row, and one text per row."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from quotes.errors import InputError, short
from quotes.files.compressed import LIMIT
from quotes.ingest.documents import package
from quotes.ingest.reading import Found, Input
from quotes.ingest.rows import Rows, has_text, longest, no_column
from quotes.records import ErrorRecord

# The most rows above the header, such as a title or blank rows.
_ABOVE = 10


def read_xlsx(given: Input) -> Iterator[Found]:
    """Yield the text of each row of each sheet with a text column, or its error.

    Args:
        given: the workbook as a stream.
    """
    try:
        from openpyxl import load_workbook
    except ImportError:
        yield given.error("library", "Excel workbooks need openpyxl: .venv/bin/pip install openpyxl")
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # on features that it does not read, such as conditional formatting
            book = load_workbook(package(given, most=4 * LIMIT), read_only=True, data_only=True, keep_links=False)
            yield from _sheets(book, given)
    except InputError as error:
        yield given.error("broken", str(error))
    except Exception as error:  # openpyxl, lxml and zipfile raise all sorts for damaged files
        yield given.error("broken", f"damaged, or not an Excel workbook ({short(error)}); open it, and save it again")


def _sheets(book: Any, given: Input) -> Iterator[Found]:
    lacking: list[Mapping[str, Any]] = []
    some = False
    for sheet in book.worksheets:
        sheet.reset_dimensions()  # the size stated in the file is often wrong
        rows = enumerate(sheet.iter_rows(values_only=True), start=1)
        header = _header(rows, given)
        if header is None or not has_text(header, given.how.columns):
            if header:
                cells = ([_cell(cell) for cell in row] for row in sheet.iter_rows(values_only=True))
                lacking.append(longest(header, cells))
            continue
        name = given.name if len(book.worksheets) == 1 else f"{given.name}/{sheet.title}"
        for found in _rows(rows, header, Rows(name, given.how)):
            some = True
            yield found
    if not some and lacking:
        yield given.error("columns", no_column(given.how.columns.get("text", "text"), lacking[0]))
    elif not some:
        yield given.error("empty", "the workbook has no rows; leave it out")


def _header(rows: Iterator[tuple[int, tuple[Any, ...]]], given: Input) -> list[str] | None:
    """Return the first row that names the text's column, or else the first that is not blank."""
    first: list[str] | None = None
    for number, cells in rows:
        names = [_cell(cell) for cell in cells]
        if has_text(names, given.how.columns):
            return names
        if first is None and sum(1 for name in names if name) > 1:
            first = names
        if number >= _ABOVE:
            break
    return first


def _rows(rows: Iterator[tuple[int, tuple[Any, ...]]], header: list[str], made: Rows) -> Iterator[Found | ErrorRecord]:
    for number, cells in rows:
        row = {name: _cell(cell) for name, cell in zip(header, cells, strict=False) if name}
        if any(row.values()):
            yield made.found(row, number)
            if made.hopeless:
                return
    made.finish()


def _cell(value: Any) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value).replace("_x000D_", "\r").strip()
