"""JSON Lines, CSV and JSON: one text per row, streamed; a bad row costs only that row."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import BinaryIO

from quotes.errors import InputError, short
from quotes.files.compressed import LIMIT, too_long
from quotes.ingest.reading import Found, Input
from quotes.ingest.rows import Rows, articles_of, has_text, json_kind, longest, no_column
from quotes.ingest.sniff import delimiter
from quotes.ingest.text import decode, guess, is_blank, marked_encoding
from quotes.ingest.whole import empty
from quotes.records import ErrorRecord

# Characters of a too long line to skip at a time.
_SKIPPED = 1_000_000
_NO_ROWS = "the table has no rows; leave it out, or check --input-format"


def read_jsonl(given: Input) -> Iterator[Found]:
    """Yield the text of each line of JSON Lines, or its error.

    Args:
        given: a stream of bytes, read line by line.
    """
    rows = Rows(given.name, given.how)
    some = False
    with _Wrapped(given.stream, given.head, newline="\n") as lines:
        for number, line in _numbered(lines, rows):
            some = True
            if not isinstance(line, str):
                yield line
                if line.error == "unreadable":
                    return
                continue
            if not line.strip(" \t\r\n\ufeff\x00"):
                continue
            try:
                row = json.loads(line.strip("\ufeff"), strict=False)
            except (ValueError, RecursionError) as error:
                yield rows.bad(number, f"not JSON ({short(error)}); correct the line or leave it out")
                continue
            articles = articles_of(row, given.how.columns)
            objects = [article for article in articles if isinstance(article, dict)]
            if len(objects) < len(articles):
                # One error a line, also for a list of numbers.
                what = json_kind(next(a for a in articles if not isinstance(a, dict)) if objects else row)
                yield rows.bad(number, f"a JSON object with a text is needed, not {what}")
            for article in objects:
                yield rows.found(article, number)
                if rows.hopeless:
                    return
    rows.finish()
    if not some:
        yield given.error("empty", _NO_ROWS)


def read_csv(given: Input) -> Iterator[Found]:
    """Yield the text of each row of a CSV file with a header line, or its error.

    The delimiter is a comma, tab, semicolon or bar, detected from the header line.

    Args:
        given: a stream of bytes, read line by line.
    """
    csv.field_size_limit(LIMIT)
    columns = given.how.columns
    with _Wrapped(given.stream, given.head, newline="") as lines:
        first = lines.readline(LIMIT)
        header = next(csv.reader([first], delimiter=(mark := delimiter(first, columns=columns))), [])
        header = [cell.strip() for cell in header]
        if not has_text(header, columns):
            cells = longest(header, csv.reader(_bounded(lines), delimiter=mark))
            yield given.error("columns", no_column(columns.get("text", "text"), cells))
            return
        some = False
        for found in _rows(lines, header, mark, Rows(given.name, given.how)):
            some = True
            yield found
        if not some:
            yield given.error("empty", _NO_ROWS)


def _rows(lines: io.TextIOWrapper, header: list[str], mark: str, made: Rows) -> Iterator[Found]:
    rows = csv.reader(_bounded(lines), delimiter=mark, strict=True)
    while True:
        number = rows.line_num + 2
        try:
            cells = next(rows)
        except StopIteration:
            break
        except InputError as error:
            yield made.bad(number, f"{error}; the rest is not read")
            break
        except OSError as error:
            yield ErrorRecord(made.name, "unreadable", f"reading stopped at line {number} ({short(error)})")
            break
        except (csv.Error, UnicodeError) as error:
            if "field limit" in str(error):  # it is then unknown whether a mark opens or closes a cell
                yield made.bad(number, f"{too_long('a cell')}; the rest is not read")
                break
            yield made.bad(number, f"{short(error)}; check the quotation marks around this row's cells")
            continue
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(header):
            fault = f"{len(cells)} cells, {len(header)} columns; put quotation marks around cells with a {mark!r}"
            yield made.bad(number, fault)
            continue
        yield made.found(dict(zip(header, cells, strict=False)), number)
    made.finish()


def read_json(given: Input) -> Iterator[Found]:
    """Yield the texts of one JSON document: a list of objects, an object, or an object with a list; held in memory.

    Args:
        given: the document as a stream of bytes.
    """
    try:
        data = decode(given.whole("the document"))
    except InputError as error:
        yield given.error("too-long" if "longer than" in str(error) else "encoding", str(error))
        return
    if is_blank(data):
        yield empty(given.name)
        return
    try:
        document = json.loads(data, strict=False)
    except (ValueError, RecursionError) as error:
        yield given.error("broken", f"not JSON ({short(error)}); for one object per line use --input-format jsonl")
        return
    made = Rows(given.name, given.how)
    for number, row in enumerate(articles_of(document, given.how.columns), start=1):
        if not isinstance(row, dict):
            yield made.bad(number, f"a JSON object with a text is needed, not {json_kind(row)}")
            continue
        yield made.found(row, number)
        if made.hopeless:
            return
    made.finish()


class _Wrapped:
    """The stream's lines, decoded; the stream itself stays open."""

    def __init__(self, stream: BinaryIO, head: bytes, *, newline: str) -> None:
        # A byte that is not UTF-8 becomes a lone surrogate, which marks the row without ending the stream.
        encoding = marked_encoding(head) or _encoding(head)
        errors = "surrogateescape" if encoding.startswith("utf-8") else "replace"
        self._wrapper = io.TextIOWrapper(stream, encoding=encoding, errors=errors, newline=newline)

    def __enter__(self) -> io.TextIOWrapper:
        return self._wrapper

    def __exit__(self, *exc: object) -> None:
        self._wrapper.detach()


def _encoding(head: bytes) -> str:
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        # An error within the last three bytes is a character cut by the buffer, not a wrong encoding.
        if error.start < len(head) - 3:
            return guess(head, first=error.start) or "utf-8"
    return "utf-8"


def _numbered(lines: io.TextIOWrapper, made: Rows) -> Iterator[tuple[int, str | ErrorRecord]]:
    number = 0
    while True:
        number += 1
        try:
            line = lines.readline(LIMIT)
            if len(line) == LIMIT and not line.endswith("\n"):
                while (more := lines.readline(_SKIPPED)) and not more.endswith("\n"):
                    pass
                yield number, made.bad(number, str(too_long("the line")))
                continue
        except (OSError, UnicodeError) as error:
            yield number, ErrorRecord(made.name, "unreadable", f"reading stopped at line {number} ({short(error)})")
            return
        if not line:
            return
        yield number, line


def _bounded(lines: io.TextIOWrapper) -> Iterator[str]:
    """Yield the lines while they are short enough.

    Raises:
        InputError: if a line is too long.
    """
    while line := lines.readline(LIMIT):
        if len(line) == LIMIT and not line.endswith("\n"):
            raise too_long("the line")
        yield line
