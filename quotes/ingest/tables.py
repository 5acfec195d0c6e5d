"""JSON Lines, CSV and JSON: one text a row, streamed; a bad row costs that row."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from quotes.errors import InputError
from quotes.files.compressed import LIMIT, too_long
from quotes.ingest.sniff import delimiter
from quotes.ingest.text import guess, is_blank, marked_encoding
from quotes.lexicon import load_lexicon
from quotes.lexicon.dates import iso_day
from quotes.records import ErrorRecord, SourceText

# What a row can tell; `columns` maps these to the input's own names.
FIELDS = ("text", "id", "title", "url", "outlet", "published", "byline", "language", "wire")

# What is passed over of a line that is too long, at a time.
_SKIPPED = 1_000_000
# After so many rows without a text, and none with one, the column has another name: more errors would not help.
_PATIENCE = 20
# Bylines come as lists of objects, and lists of these; a cell of a thousand brackets is nobody's name.
_DEEPEST = 4

Row = Mapping[str, Any]


def read_jsonl(
    stream: BinaryIO, *, name: str, columns: Mapping[str, str], head: bytes
) -> Iterator[SourceText | ErrorRecord]:
    """Yield the text of each line of JSON Lines, or what is wrong with it.

    Args:
        stream: of bytes, read line by line.
        name: of the input, for errors and for texts without an id.
        columns: our field to the input's key; a field that is not named has its own name.
        head: the first bytes, by which the encoding is told; the stream still has them.
    """
    lacking = _Lacking(name, columns)
    with _Wrapped(stream, head, newline="\n") as lines:
        for number, line in _numbered(lines, name):
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
                yield _bad(name, number, f"not JSON ({_short(error)}); correct the line or leave it out")
                continue
            if not isinstance(row, dict):
                yield _bad(name, number, f"a JSON object is needed, with a text; here is a {type(row).__name__}")
                continue
            yield lacking.text_or_error(row, number)
            if lacking.hopeless:
                return


def read_csv(
    stream: BinaryIO, *, name: str, columns: Mapping[str, str], head: bytes
) -> Iterator[SourceText | ErrorRecord]:
    """Yield the text of each row of a CSV file with a header line, or what is wrong with it.

    Commas, tabs, semicolons or bars divide the columns, as the header line tells. Arguments as for `read_jsonl`.
    """
    csv.field_size_limit(LIMIT)
    text_column = columns.get("text", "text")
    with _Wrapped(stream, head, newline="") as lines:
        first = lines.readline(LIMIT)
        header = next(csv.reader([first], delimiter=(mark := delimiter(first, column=text_column))), [])
        header = [cell.strip() for cell in header]
        if text_column.casefold() not in (cell.casefold() for cell in header):
            yield ErrorRecord(name, "columns", _no_column(text_column, header))
            return
        lacking = _Lacking(name, columns)
        rows = csv.reader(_bounded(lines), delimiter=mark, strict=True)
        while True:
            number = rows.line_num + 2
            try:
                cells = next(rows)
            except StopIteration:
                return
            except InputError as error:
                yield _bad(name, number, f"{error}; what comes after it is not read")
                return
            except OSError as error:
                yield ErrorRecord(name, "unreadable", f"reading stopped at line {number} ({_short(error)})")
                return
            except (csv.Error, UnicodeError) as error:
                if "field limit" in str(error):  # whether a mark then opens or closes a cell, nobody can tell
                    yield _bad(name, number, f"{too_long('a cell')}; what comes after it is not read")
                    return
                yield _bad(name, number, f"{_short(error)}; check the quotation marks around this row's cells")
                continue
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) > len(header):
                told = f"{len(cells)} cells, {len(header)} columns; put quotation marks around cells with a {mark!r}"
                yield _bad(name, number, told)
                continue
            yield lacking.text_or_error(dict(zip(header, cells, strict=False)), number)


def read_json(data: str, *, name: str, columns: Mapping[str, str]) -> Iterator[SourceText | ErrorRecord]:
    """Yield the texts of one JSON document: a list of objects, or one object; it is held in memory.

    Arguments as for `read_jsonl`; `data` is the document.
    """
    try:
        document = json.loads(data, strict=False)
    except (ValueError, RecursionError) as error:
        yield ErrorRecord(name, "broken", f"not JSON ({_short(error)}); for one object a line use --input-format jsonl")
        return
    lacking = _Lacking(name, columns)
    for number, row in enumerate(document if isinstance(document, list) else [document], start=1):
        if not isinstance(row, dict):
            yield _bad(name, number, f"a JSON object is needed, with a text; here is a {type(row).__name__}")
            continue
        yield lacking.text_or_error(row, number)
        if lacking.hopeless:
            return


def source_of(row: Row, *, name: str, number: int, columns: Mapping[str, str]) -> SourceText | ErrorRecord:
    """Return the text of a row that another program read, or what is wrong with it.

    Args:
        row: the cells by the input's own names.
        name: of the input, for errors and for a text without an id.
        number: of the row in it.
        columns: our field to the input's name.
    """
    return _Lacking(name, columns).text_or_error(row, number)


class _Lacking:
    """Makes texts of rows, and counts those that have none until the first that does."""

    def __init__(self, name: str, columns: Mapping[str, str]) -> None:
        self.name = name
        self.columns = columns
        self.without = 0
        self.some = False

    @property
    def hopeless(self) -> bool:
        return not self.some and self.without >= _PATIENCE

    def text_or_error(self, row: Row, number: int) -> SourceText | ErrorRecord:
        plain = {str(k).casefold(): v for k, v in row.items()}
        values = {field: plain.get(self.columns.get(field, field).casefold()) for field in FIELDS}
        column = self.columns.get("text", "text")
        text = values["text"]
        if column.casefold() not in plain:
            self.without += 1
            return _bad(self.name, number, _no_column(column, list(row)))
        self.some = True
        if text is None:
            return _bad(self.name, number, f"{column} is empty; leave the row out")
        if not isinstance(text, str):
            return _bad(self.name, number, f"{column} is a {type(text).__name__}, not a text; correct the row")
        if any("\udc80" <= c <= "\udcff" for c in text):
            return _bad(self.name, number, "bytes that are not UTF-8; save the file as UTF-8 and try again")
        if is_blank(text):
            return _bad(self.name, number, f"{column} is empty; leave the row out")
        return SourceText(
            name=_words(values["id"]) or f"{self.name}#{number}",
            text=_clean(text),
            title=_words(values["title"]),
            byline=_words(values["byline"]),
            published=iso(_words(values["published"])),
            url=_words(values["url"]),
            outlet=_words(values["outlet"]),
            language=_words(values["language"]),
            wire=_words(values["wire"]),
            file=self.name,
        )


class _Wrapped:
    """The stream's lines, decoded; the stream itself stays open, for whoever opened it."""

    def __init__(self, stream: BinaryIO, head: bytes, *, newline: str) -> None:
        # A byte that is not UTF-8 becomes a lone surrogate, which tells the row apart without ending the stream.
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
        # Within the last three bytes it is the buffer that cuts a character, not the encoding that fails.
        if error.start < len(head) - 3:
            return guess(head, first=error.start) or "utf-8"
    return "utf-8"


def _numbered(lines: io.TextIOWrapper, name: str) -> Iterator[tuple[int, str | ErrorRecord]]:
    number = 0
    while True:
        number += 1
        try:
            line = lines.readline(LIMIT)
            if len(line) == LIMIT and not line.endswith("\n"):
                while (more := lines.readline(_SKIPPED)) and not more.endswith("\n"):
                    pass
                yield number, _bad(name, number, str(too_long("the line")))
                continue
        except (OSError, UnicodeError) as error:
            yield number, ErrorRecord(name, "unreadable", f"reading stopped at line {number} ({_short(error)})")
            return
        if not line:
            return
        yield number, line


def _bounded(lines: io.TextIOWrapper) -> Iterator[str]:
    """Yield the lines, as long as they are short enough to be held.

    Raises:
        InputError: at one that is not.
    """
    while line := lines.readline(LIMIT):
        if len(line) == LIMIT and not line.endswith("\n"):
            raise too_long("the line")
        yield line


def iso(printed: str | None) -> str | None:
    """Return a date as ISO 8601, or None where it is not plain which day it is (06/10/2025)."""
    if not printed:
        return None
    from datetime import datetime
    from email.utils import parsedate_to_datetime

    words = printed.strip()
    try:
        moment = datetime.fromisoformat(words)
        return moment.date().isoformat() if len(words) <= 10 else moment.isoformat()
    except ValueError:
        pass
    if day := iso_day(words, lexicon=load_lexicon()):
        return day
    try:
        return parsedate_to_datetime(words).isoformat()  # RFC 2822, as feeds have it
    except (ValueError, TypeError, IndexError):
        return None


def _words(value: Any, *, depth: int = 0) -> str | None:
    """Return a cell as a line of words: names of objects, joined lists, no lone surrogates; null where empty."""
    if depth > _DEEPEST:
        return None
    if isinstance(value, dict):
        value = value.get("name")
    if isinstance(value, list):
        value = ", ".join(filter(None, (_words(item, depth=depth + 1) for item in value)))
    if value is None or isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    if isinstance(value, float) and not math.isfinite(value):  # how pandas writes a cell that is empty
        return None
    return " ".join(_clean(str(value)).split()) or None


def _clean(text: str) -> str:
    """Return the text without lone surrogates ("\\ud83d" cut off in JSON), which no file could hold."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text)
    return text


def _no_column(column: str, seen: list[str]) -> str:
    shown = ", ".join(_clean(str(name))[:40] for name in seen[:12]) or "none"
    return f"no column {column!r}; there are: {' '.join(shown.split())}; name the text's: --columns text=BODY"


def _bad(name: str, number: int, words: str) -> ErrorRecord:
    return ErrorRecord(f"{name}#{number}", "bad-row", f"line {number}: {words}")


def _short(error: BaseException) -> str:
    return " ".join(str(error).split())[:120] or type(error).__name__
