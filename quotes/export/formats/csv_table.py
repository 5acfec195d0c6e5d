"""The format `csv`: one row per quote, and a Frictionless `datapackage.json` beside it that describes the columns.

A cell that a spreadsheet would take for a formula gets an apostrophe before it, as does one that begins with an
apostrophe and an empty text (an empty cell is null): remove one apostrophe and the text is verbatim. A text that a CSV
file cannot hold (a lone surrogate, NUL, a bare carriage return) is a JSON string after the apostrophe.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO

from attrs import frozen, has

from quotes.errors import InputError
from quotes.export.rows import Kind, Row, kinds, records_of, rows_of
from quotes.files.csv_cells import safe_cell
from quotes.records import Article, ArticleRecord, ErrorRecord, Quote
from quotes.records.conversion import DEFAULTED, OPTIONAL
from quotes.records.json_text import dumps, loads

# csv.field_size_limit takes a C long, which has 32 bits on Windows.
_FIELD_LIMIT = min(sys.maxsize, 2**31 - 1)


@frozen
class Column:
    """A column, and the path to its value in a row: `("speaker", "mention", "start")`."""

    path: tuple[str, ...]
    kind: Kind
    owner: type[Any] | None = None

    @property
    def name(self) -> str:
        """The column's heading."""
        return "_".join(self.path)

    @property
    def optional(self) -> bool:
        """Whether a table may lack it, because it was written before the field existed."""
        if self.owner is None:
            return False
        return self.path[-1] in (*OPTIONAL.get(self.owner, ()), *DEFAULTED.get(self.owner, ()))


def columns() -> tuple[Column, ...]:
    """Return the columns, from the records' fields: a nested record gives a column for each of its fields."""
    return (
        Column(("number",), Kind(int, null=True)),
        *_flat(Quote, (), null=True),
        *_flat(Article, ("article",), null=False),
    )


def _flat(cls: type[Any], above: tuple[str, ...], *, null: bool) -> Iterator[Column]:
    for name, kind in kinds(cls).items():
        path, empty = (*above, name), null or kind.null
        if has(kind.of) and not kind.many:
            yield from _flat(kind.of, path, null=empty)
        else:
            yield Column(path, Kind(kind.of, many=kind.many, null=empty, choices=kind.choices), cls)


def write(records: Iterable[ArticleRecord | ErrorRecord], stream: TextIO) -> None:
    """Write a heading and a row for each quote.

    Args:
        records: articles and errors in any order.
        stream: a text stream, in UTF-8.

    Raises:
        OSError: if the stream cannot be written.
    """
    layout = columns()
    # Every text is quoted, so that a program that splits at semicolons finds no cell within a text.
    table = csv.writer(stream, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
    heading = False
    for row in rows_of(records):
        if not heading:
            table.writerow([column.name for column in layout])
            heading = True
        table.writerow([_cell(_value(row, column.path), column.kind) for column in layout])
        stream.flush()
    if not heading:
        table.writerow([column.name for column in layout])
    stream.flush()


def _value(row: Row, path: tuple[str, ...]) -> Any:
    value: Any = row
    for name in path:
        value = None if value is None else value.get(name)
    return value


def _cell(value: Any, kind: Kind) -> Any:
    if kind.many and value is not None:
        return dumps(value)
    return safe_cell(value) if isinstance(value, str) else value


def read(path: Path) -> Iterator[ArticleRecord]:
    """Yield the articles of a file with the columns of `write`, in any order; other columns are ignored.

    Args:
        path: the file.

    Raises:
        InputError: if it is not such a table; the message names the line.
    """
    csv.field_size_limit(_FIELD_LIMIT)
    with path.open(encoding="utf-8-sig", newline="") as lines:
        yield from records_of(_rows(lines))


def _rows(lines: TextIO) -> Iterator[tuple[str, Row]]:
    table = csv.reader(lines, strict=True)
    number = 1
    try:
        heading = next(table, [])
        layout = {column.name: column for column in columns()}
        if missing := [name for name, column in layout.items() if name not in heading and not column.optional]:
            raise InputError(f"no column {', '.join(missing[:3])}; give it a table that quotes wrote")
        number = table.line_num + 1
        for cells in table:
            place = f"line {number}"
            number = table.line_num + 1
            if not cells:
                continue
            if len(cells) != len(heading):
                raise InputError(f"{place}: {len(cells)} cells, {len(heading)} columns; correct the row")
            yield place, _row(dict(zip(heading, cells, strict=True)), layout, place)
    except csv.Error as error:
        reason = f"line {number}: {error}; check the quotation marks around this row's cells"
        raise InputError(reason) from error


def _row(cells: dict[str, str], layout: dict[str, Column], place: str) -> Row:
    row: Row = {}
    for name, column in layout.items():
        cell = cells.get(name, "")
        try:
            value = _read_cell(cell, column.kind)
        except ValueError as error:
            reason = f"{place}: {name}: {cell[:40]!r} is not a value of this column; correct the cell"
            raise InputError(reason) from error
        into = row
        for part in column.path[:-1]:
            into = into.setdefault(part, {})
        into[column.path[-1]] = value
    return _nulls(row)


def _nulls(row: Row) -> Row:
    """Return the row with null for each nested record whose cells are all empty."""
    found = {name: _nulls(value) if isinstance(value, dict) else value for name, value in row.items()}
    return {
        name: None if isinstance(value, dict) and all(part is None for part in value.values()) else value
        for name, value in found.items()
    }


def _read_cell(cell: str, kind: Kind) -> Any:
    if cell == "":
        return None
    if kind.many:
        return loads(cell)
    if kind.of is not str:
        return kind.of(cell)
    if cell.startswith("'\""):
        return loads(cell[1:])
    return cell.removeprefix("'")
