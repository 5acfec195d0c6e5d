"""One row of a table or one object of JSON: its text and metadata.

If a row lacks our own name of a field, the usual names in other programs' exports are tried: the lists `field-…` of
`patterns/inputs.toml`. Guesses are reported once per file.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from itertools import islice
from typing import Any

from attrs import define, field

from quotes.errors import InputError
from quotes.ingest.days import ambiguous, iso
from quotes.ingest.markup import is_markup, is_page, opened, plain
from quotes.ingest.reading import FIELDS, Found, Reading
from quotes.ingest.text import is_blank
from quotes.lexicon import load_lexicon
from quotes.records import ErrorRecord, Page, SourceText

# After this many rows without any text the column must have another name: more errors would not help.
_PATIENCE = 20
# The deepest nesting of a byline, which may be lists of objects and lists of these.
_DEEPEST = 4
# The deepest nesting of objects to search for fields: "fields.body", "content.rendered", "body.und.value".
_NESTED = 3
_SIGNS = re.compile(r"[^a-z0-9:]+")
# Rows in which to look for the column of the text.
_SAMPLE = 20
# Fields that an error lists.
_SHOWN = 8
# The most objects to search for a document's list of articles.
_LOOKED_AT = 10_000

Row = Mapping[str, Any]


def source_of(row: Row, *, name: str, number: int, columns: Mapping[str, str]) -> Found:
    """Return the text of a row that another program read, or its error.

    Args:
        row: the cells by the input's own names.
        name: the input, for errors and for a text without an id.
        number: the number of the row in it.
        columns: the input's column names by field.
    """
    return Rows(name, Reading(columns=columns)).found(row, number)


def has_text(names: Iterable[str], columns: Mapping[str, str]) -> bool:
    """Return whether one of these columns is the text's, by our name or a usual one."""
    keys = {_key(name) for name in names}
    asked = columns.get("text")
    return _key(asked) in keys if asked else not keys.isdisjoint(_usual("text"))


def usual_names(names: Iterable[str]) -> int:
    """Count the known fields among these columns."""
    keys = {_key(name) for name in names}
    return sum(1 for name in FIELDS if not keys.isdisjoint(_usual(name)))


def articles_of(document: Any, columns: Mapping[str, str]) -> list[Any]:
    """Return the articles of a JSON document: itself, its list, or a list in it ({"articles": […]}).

    Args:
        document: the parsed document.
        columns: the input's keys by field.
    """
    if isinstance(document, list):
        return document
    todo, looked = [document], 0
    while todo and looked < _LOOKED_AT:
        node = todo.pop(0)
        looked += 1
        if not isinstance(node, dict) or has_text((k for k, v in node.items() if isinstance(v, str)), columns):
            continue
        for value in node.values():
            if isinstance(value, list) and any(isinstance(row, dict) and _tells(row, columns) for row in value[:20]):
                return value
            if isinstance(value, dict):
                todo.append(value)
    return [document]


def _tells(row: Row, columns: Mapping[str, str]) -> bool:
    return has_text((path for path, value in _flat(row) if isinstance(value, str)), columns)


@define
class Rows:
    """Turns a file's rows into texts, reports guesses once, and counts rows without a text."""

    name: str
    how: Reading
    without: int = field(default=0, init=False)
    some: bool = field(default=False, init=False)
    _told: bool = field(default=False, init=False)
    _doubtful: str = field(default="", init=False)
    _doubts: int = field(default=0, init=False)
    _marked: int = field(default=0, init=False)

    @property
    def hopeless(self) -> bool:
        """Whether no row had a text, so that more rows would not help."""
        return not self.some and self.without >= _PATIENCE

    def found(self, row: Row, number: int) -> Found:
        """Return a row's text, or its error.

        Args:
            row: its cells, by the input's own names.
            number: its line number.
        """
        cells = {_key(path): (path, value) for path, value in reversed(list(_flat(row)))}
        column, text = self._cell("text", cells)
        if column is None:
            self.without += 1
            if self.some:
                held = ", ".join(list(row)[:_SHOWN]) or "nothing"
                return self.bad(number, f"it has no text, as other rows have, only {held}; leave the row out")
            return self.bad(number, no_column(self.how.columns.get("text", "text"), row))
        self.some = True
        fault = _fault(text)
        if fault:
            return self.bad(number, f"{column} {fault}")
        fields = {name: self._cell(name, cells) for name in FIELDS[1:]}
        self._tell({"text": column, **{name: path for name, (path, value) in fields.items() if _words(value)}})
        return self._source(self._known(fields), scrubbed(text), number)

    def known(self, row: Row) -> dict[str, Any]:
        """Return a row's metadata, by our names."""
        cells = {_key(path): (path, value) for path, value in reversed(list(_flat(row)))}
        return self._known({name: self._cell(name, cells) for name in FIELDS[2:]})

    def _known(self, fields: Mapping[str, tuple[str | None, Any]]) -> dict[str, Any]:
        known: dict[str, Any] = {name: _words(value) for name, (_, value) in fields.items()}
        published = known["published"]
        known["published"] = iso(published, order=self.how.dates)
        if self.how.dates is None and ambiguous(published):
            self._doubts += 1
            self._doubtful = self._doubtful or str(published)
        for name in ("title", "byline", "outlet"):
            if value := known[name]:
                known[name] = " ".join(plain(value).split()) or None
        return known

    def _source(self, known: dict[str, Any], text: str, number: int) -> Found:
        name = known.pop("id") or f"{self.name}#{number}"
        if is_page(text):
            return Page(name, text.encode("utf-8"), file=self.name, **known)
        marked = is_markup(text)
        text, emphasis = opened(text)
        self._marked += marked
        if marked and is_blank(text):
            return self.bad(number, "the text is only markup; leave the row out")
        return SourceText(name, text, file=self.name, **known, emphasis=emphasis)

    def bad(self, number: int, words: str) -> ErrorRecord:
        """Return the error of a row."""
        return ErrorRecord(f"{self.name}#{number}", "bad-row", f"line {number}: {words}")

    def finish(self) -> None:
        """Report, once all rows are read, how many texts were HTML, and which dates were dropped."""
        if self._marked:
            texts = "1 text is HTML and is" if self._marked == 1 else f"{self._marked:,} texts are HTML and are"
            self.how.tell(f"{self.name}: {texts} read as such; offsets refer to the extracted text")
        if self._doubts:
            dates = "1 date" if self._doubts == 1 else f"{self._doubts:,} dates"
            dropped = f"{dates} with two readings dropped ({self._doubtful})"
            self.how.tell(f"{self.name}: {dropped}; add --dates day-first or --dates month-first")
        self._doubts = self._marked = 0

    def _cell(self, name: str, cells: Mapping[str, tuple[str, Any]]) -> tuple[str | None, Any]:
        """Return the input's column for one of our fields, and its cell; (None, None) without one."""
        asked = self.how.columns.get(name)
        if asked is not None:
            return cells.get(_key(asked), (None, None))
        known = [cells[key] for key in _usual(name) if key in cells]
        if known and name == "text" and _key(known[0][0]) != "text":
            known = [cell for cell in known if isinstance(cell[1], str) and cell[1].strip()] or known
        elif name != "text":
            known = [cell for cell in known if _words(cell[1])] or known
        return known[0] if known else (None, None)

    def _tell(self, columns: Mapping[str, str | None]) -> None:
        """Report once which columns were taken for which fields."""
        if self._told:
            return
        self._told = True
        guessed = {
            name: column
            for name, column in columns.items()
            if column is not None and column.casefold() != name and name not in self.how.columns
        }
        if guessed:
            pairs = ", ".join(f"{name} from {_shown(column)!r}" for name, column in guessed.items())
            self.how.tell(f"{self.name}: reads {pairs}; name others with --columns FIELD=NAME")


def _fault(text: Any) -> str | None:
    """Return the fault of a text's cell."""
    if text is None:
        return "is empty; leave the row out"
    if not isinstance(text, str):
        return f"is {json_kind(text)}, not a text; correct the row"
    if any("\udc80" <= c <= "\udcff" for c in text):
        return "has bytes that are not UTF-8; save the file as UTF-8 and try again"
    return "is empty; leave the row out" if is_blank(text) else None


def json_kind(value: Any) -> str:
    """Return what JSON calls a value, with an article."""
    if value is None or isinstance(value, bool):
        return "null" if value is None else "a truth value"
    kinds = {str: "a string", list: "a list", dict: "an object"}
    return next((words for kind, words in kinds.items() if isinstance(value, kind)), "a number")


def _flat(row: Row, before: str = "", depth: int = 0) -> Iterator[tuple[str, Any]]:
    """Yield the cells of a row and of the objects within it by their paths: "source.name"."""
    for name, value in row.items():
        path = f"{before}{name}"
        yield path, value
        if isinstance(value, list) and len(value) == 1 and depth < _NESTED:
            [value] = value
        if isinstance(value, dict) and depth < _NESTED:
            wraps = name in load_lexicon().word_set("field-wrappers")
            yield from _flat(value, before if wraps else f"{path}.", depth + 1)


@cache
def _usual(name: str) -> tuple[str, ...]:
    """Return the keys that may name one of our fields, the likeliest first."""
    return tuple(dict.fromkeys((_key(name), *map(_key, load_lexicon().words.get(f"field-{name}", ())))))


def _key(name: str) -> str:
    """Return a column's name without case, blanks, hyphens, underscores and dots."""
    return _SIGNS.sub("", str(name).casefold()) or str(name).casefold()


def _words(value: Any, *, depth: int = 0) -> str | None:
    """Return a cell as a line of words: names of objects, joined lists, no lone surrogates; None if empty."""
    if depth > _DEEPEST:
        return None
    if isinstance(value, dict):
        value = value.get("name")
    if isinstance(value, list):
        value = ", ".join(filter(None, (_words(item, depth=depth + 1) for item in value)))
    if value is None or isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    if isinstance(value, float) and not math.isfinite(value):  # how pandas writes an empty cell
        return None
    return " ".join(scrubbed(str(value)).split()) or None


def scrubbed(text: str) -> str:
    """Return the text without lone surrogates ("\\ud83d" cut off in JSON), which no file can contain."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text)
    return text


def longest(header: list[str], rows: Iterable[list[str]]) -> Row:
    """Return the longest cell of each column in the first rows, as far as they can be read.

    Args:
        header: the names of the columns.
        rows: the cells of each row.
    """
    found = dict.fromkeys(header, "")
    with suppress(csv.Error, UnicodeError, OSError, InputError):
        for cells in islice(rows, _SAMPLE):
            found |= {name: max(found[name], cell, key=len) for name, cell in zip(header, cells, strict=False)}
    return found


def no_column(column: str, row: Row) -> str:
    """Return the error for a missing column, with the existing ones and the option to name the text's.

    Args:
        column: the column looked for.
        row: the cells by name; the longest text is the likeliest, and of equal ones the last.
    """
    seen = [str(name) for name in row]
    shown = ", ".join(map(_shown, seen[:12])) or "none"
    lengths = {str(name): len(cell) if isinstance(cell, str) else 0 for name, cell in row.items()}
    named = _shown(max(reversed(seen), key=lengths.__getitem__)) if seen else "BODY"
    named = f"'text={named}'" if re.search(r"\W", named) else f"text={named}"
    return f"no column {column!r}; there are: {shown}; name the text's with --columns {named}"


def _shown(name: str) -> str:
    return " ".join(scrubbed(str(name))[:40].split())
