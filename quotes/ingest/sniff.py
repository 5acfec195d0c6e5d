"""Detect the kind of an input from its name's suffix and its first bytes."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Literal, get_args

Kind = Literal[
    "text", "html", "markdown", "jsonl", "csv", "json", "xlsx", "docx", "odt", "pdf", "feed", "eml", "mbox", "zip",
    "warc",
]  # fmt: skip
KINDS: tuple[Kind, ...] = get_args(Kind)
# Kinds that are not text.
# First bytes of ZIP archives; the last is an empty one's.
ARCHIVE = (b"PK\x03\x04", b"PK\x05\x06")
PACKAGES: frozenset[Kind] = frozenset({"xlsx", "docx", "odt", "pdf", "zip"})

SUFFIXES: Mapping[str, Kind] = {
    ".txt": "text",
    ".text": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".md": "markdown",
    ".markdown": "markdown",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "csv",
    ".json": "json",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".docx": "docx",
    ".docm": "docx",
    ".odt": "odt",
    ".pdf": "pdf",
    ".rss": "feed",
    ".atom": "feed",
    ".rdf": "feed",
    ".xml": "feed",
    ".eml": "eml",
    ".mbox": "mbox",
    ".zip": "zip",
    ".warc": "warc",
}

# First bytes of files given by mistake, with advice ("magic numbers" as in file(1)).
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF: save its text first, with pdftotext for example"),
    (b"PK\x03\x04", "a ZIP archive or an Office document: unpack it, or save it as plain text, first"),
    (b"\xd0\xcf\x11\xe0", "an old Office document: save it as .docx or .xlsx, or as plain text, first"),
    (b"{\\rtf", "a rich text document: save it as .docx or plain text first"),
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
# Members of a ZIP archive that show that it is a document.
_MEMBERS: tuple[tuple[str, Kind], ...] = (
    ("word/document.xml", "docx"), ("xl/workbook.xml", "xlsx"), ("content.xml", "odt"),
)  # fmt: skip
_FEED = re.compile(rb"<(?:rss|feed|rdf:RDF)[\s>]", re.IGNORECASE)
# Header fields that no plain text begins with.
_MAIL = re.compile(rb"(?im)^(?:MIME-Version|Message-ID|Received|Return-Path|Delivered-To|X-[\w-]{2,40}|Content-Type): ")
_HEADER = re.compile(rb"(?:From |[A-Za-z][\w-]{1,60}:[ \t\r\n])")
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_PAGE = re.compile(rb"<!doctype\s+html|<html[\s>]", re.IGNORECASE)
_TAG = re.compile(rb"<(?:head|body|div|p|article|section|main|h1|meta|title|script)[\s>/]", re.IGNORECASE)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


def warc_or_none(head: bytes) -> Kind | None:
    """Return the kind of a WARC file, by its first bytes only, or None."""
    return "warc" if head.startswith(b"WARC/") else None


def package_or_none(head: bytes, members: Callable[[], Iterable[str]]) -> Kind | None:
    """Return the kind of a binary document, or None.

    Args:
        head: the first bytes.
        members: returns the names in the archive, if it is one.
    """
    if head.startswith(b"%PDF-"):
        return "pdf"
    if not head.startswith(ARCHIVE):
        return None
    names = set(members())
    return next((kind for member, kind in _MEMBERS if member in names), "zip")


def binary(head: bytes) -> str | None:
    """Return why these first bytes are not text, for an error's detail, or None if they may be."""
    for signature, words in _SIGNATURES:
        if head.startswith(signature):
            return f"this is {words}"
    if head.startswith(_BOMS):
        return None
    sample = head[:8192]
    # One or two control bytes are a bad spot in a text; one in fifty is not a text.
    if b"\x00" in sample or len(_CONTROL.findall(sample)) > len(sample) / 50:
        return "this is not text (it has control bytes): read a text file, or save it as UTF-8 first"
    return None


def kind_of(head: bytes, *, suffix: str, columns: Mapping[str, str]) -> Kind:
    """Return the kind of an input.

    The suffix decides, except for a page saved as .txt or a text saved as .html; without a known suffix, the first
    bytes decide.

    Args:
        head: the first bytes, as many as are available at once.
        suffix: the suffix of the file's name, ".txt"; "" if none.
        columns: the input's column names by field; the text's column identifies a table.
    """
    start = _decoded(head)
    known = SUFFIXES.get(suffix.lower())
    begin = start.lstrip()[:1024].encode("utf-8", "ignore")
    if known == "text":
        return "html" if _PAGE.match(begin) else "text"
    if known == "html":
        return "html" if "<" in start else "text"
    if known == "feed":
        return "feed" if _FEED.search(begin) else "html" if _PAGE.search(begin) else "text"
    if known is not None and known not in PACKAGES:
        return known
    if begin.startswith(b"<") and _FEED.search(begin):
        return "feed"
    if _PAGE.search(begin) or (begin.startswith(b"<") and _TAG.search(begin)):
        return "html"
    return _mail(head) or _kind_of_text(start, columns)


def _mail(head: bytes) -> Kind | None:
    """Return the kind of a mail or a mailbox, by the lines above its first blank line."""
    if not _HEADER.match(head):
        return None
    fields = re.split(rb"\r?\n\r?\n", head, maxsplit=1)[0]
    if not _MAIL.search(fields):
        return None
    return "mbox" if head.startswith(b"From ") else "eml"


def _kind_of_text(start: str, columns: Mapping[str, str]) -> Kind:
    body = start.lstrip()
    line, newline, rest = body.partition("\n")
    if body.startswith("{"):
        try:
            return "jsonl" if isinstance(json.loads(line), dict) else "text"
        except (ValueError, RecursionError):
            if re.match(r'\{\s{0,99}"[^"\n]{1,99}"\s{0,9}:', body):
                # A first line longer than the bytes read is JSON Lines; one that ends in "{" is a document.
                return "json" if newline and rest else "jsonl"
            return "text"
    if re.match(r"\[\s*[{\]]", body):
        return "json"
    return "csv" if newline and _is_header(_cells(line), columns) else "text"


def _is_header(cells: list[str], columns: Mapping[str, str]) -> bool:
    """Return whether a line is a header: it names the text's column, and another, so that it is not prose."""
    from quotes.ingest.rows import has_text, usual_names

    if len(cells) < 2 or not has_text(cells, columns):
        return False
    own = columns.get("text", "text").casefold() in (cell.casefold() for cell in cells)
    return own or usual_names(cells) > 1


def delimiter(header: str, *, columns: Mapping[str, str]) -> str:
    """Return the delimiter of a table, by its first line."""
    from quotes.ingest.rows import has_text

    marks = (",", "\t", ";", "|")
    for mark in marks:
        if len(cells := _cells(header, mark)) > 1 and has_text(cells, columns):
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
