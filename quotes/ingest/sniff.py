"""Return what kind of input some bytes are, from the name's suffix and the first bytes."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Mapping
from typing import Literal

Kind = Literal["text", "html", "jsonl", "csv", "json", "warc"]
KINDS: tuple[Kind, ...] = ("text", "html", "jsonl", "csv", "json", "warc")

SUFFIXES: Mapping[str, Kind] = {
    ".txt": "text",
    ".text": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "csv",
    ".json": "json",
    ".warc": "warc",
}

# How files begin that people give by mistake, and what helps ("magic numbers" as in file(1)).
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF: save its text first, with pdftotext for example"),
    (b"PK\x03\x04", "a ZIP archive or an Office document: unpack it, or save it as plain text, first"),
    (b"\xd0\xcf\x11\xe0", "an old Office document: save it as plain text first"),
    (b"{\\rtf", "a rich text document: save it as plain text first"),
    (b"\x1f\x8b", "gzip within gzip: unpack it once first, or pipe it: gunzip -c FILE | quotes extract -"),
    (b"\x28\xb5\x2f\xfd", "zstd, packed twice: unpack it once first"),
    (b"BZh", "bzip2: unpack it first"),
    (b"\xfd7zXZ", "xz: unpack it first"),
    (b"\x89PNG", "an image: give the text of the article"),
    (b"\xff\xd8\xff", "an image: give the text of the article"),
    (b"GIF8", "an image: give the text of the article"),
    (b"SQLite format 3", "a SQLite database: export its texts as CSV or JSON Lines first"),
    (b"PAR1", "a Parquet file: export its texts as CSV or JSON Lines first"),
)
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_PAGE = re.compile(rb"<!doctype\s+html|<html[\s>]", re.IGNORECASE)
_TAG = re.compile(rb"<(?:head|body|div|p|article|section|main|h1|meta|title|script)[\s>/]", re.IGNORECASE)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


def warc_or_none(head: bytes) -> Kind | None:
    """Return the kind of a WARC file, which is told by its first bytes alone, or None."""
    return "warc" if head.startswith(b"WARC/") else None


def binary(head: bytes) -> str | None:
    """Return why these first bytes are no text, as words for an error's detail, or None where they may be."""
    for signature, words in _SIGNATURES:
        if head.startswith(signature):
            return f"this is {words}"
    if head.startswith(_BOMS):
        return None
    sample = head[:8192]
    # A byte or two of control characters are a bad spot in a text; one in fifty is no text at all.
    if b"\x00" in sample or len(_CONTROL.findall(sample)) > len(sample) / 50:
        return "this is no text (it holds control bytes): give a text, or save it as UTF-8 first"
    return None


def kind_of(head: bytes, *, suffix: str, column: str) -> Kind:
    """Return the kind of an input.

    The suffix decides, but for a page that was saved as .txt or a text saved as .html; without a known suffix the
    first bytes do.

    Args:
        head: the first bytes, as many as there are at once.
        suffix: of the file's name, ".txt"; "" where there is none.
        column: the name of the column of texts, by which a table is known.
    """
    start = _decoded(head)
    known = SUFFIXES.get(suffix.lower())
    begin = start.lstrip()[:1024].encode("utf-8", "ignore")
    if known == "text":
        return "html" if _PAGE.match(begin) else "text"
    if known == "html":
        return "html" if "<" in start else "text"
    if known is not None:
        return known
    if _PAGE.search(begin) or (begin.startswith(b"<") and _TAG.search(begin)):
        return "html"
    return _kind_of_text(start, column)


def _kind_of_text(start: str, column: str) -> Kind:
    body = start.lstrip()
    line, newline, rest = body.partition("\n")
    if body.startswith("{"):
        try:
            return "jsonl" if isinstance(json.loads(line), dict) else "text"
        except (ValueError, RecursionError):
            if re.match(r'\{\s{0,99}"[^"\n]{1,99}"\s{0,9}:', body):
                # A first line longer than what was read is JSON Lines; a first line that ends in "{" is a document.
                return "json" if newline and rest else "jsonl"
            return "text"
    if re.match(r"\[\s*[{\]]", body):
        return "json"
    if newline and column.casefold() in (cell.casefold() for cell in _cells(line)) and len(_cells(line)) > 1:
        return "csv"
    return "text"


def delimiter(header: str, *, column: str) -> str:
    """Return what divides the columns of a table, told by its first line."""
    marks = (",", "\t", ";", "|")
    for mark in marks:
        if column.casefold() in (cell.casefold() for cell in _cells(header, mark)):
            return mark
    return max(marks, key=lambda mark: header.count(mark))


def _cells(line: str, mark: str | None = None) -> list[str]:
    if mark is None:
        mark = max((",", "\t", ";", "|"), key=lambda m: line.count(m))
    try:
        return [cell.strip() for cell in next(csv.reader([line.rstrip("\r\n")], delimiter=mark), [])]
    except csv.Error:
        return []


def _decoded(head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[: len(head) // 2 * 2].decode("utf-16", "ignore")
    return head.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
