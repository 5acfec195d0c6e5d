"""Read saved records in any format, and write them in any."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO

from quotes.errors import InputError
from quotes.export.format import Records, read_start
from quotes.export.registry import FORMATS, format_of
from quotes.files.atomic import put, save
from quotes.files.compressed import inner_name, packing_of, temporary, unpacked
from quotes.files.paths import AnyPath
from quotes.ingest.own import written_by_us
from quotes.records import ArticleRecord

# Suffixes of articles, not of formats of records.
_ARTICLES = (
    ".txt", ".text", ".md", ".html", ".htm", ".xhtml", ".docx", ".odt", ".pdf", ".rtf", ".eml", ".mbox", ".rss",
    ".atom", ".warc",
)  # fmt: skip
# Compressed or piped input is copied in blocks of this size.
_PIECE = 1 << 20
# First bytes of each format, for files without a suffix, or with a wrong one.
_STARTS = {b"PAR1": "parquet", b"SQLite format 3\0": "sqlite"}


def read_records(path: AnyPath, *, format_name: str | None = None) -> Iterator[ArticleRecord]:
    """Yield the articles of a file that this program wrote, one by one.

    The format is detected by suffix, then by content. Files compressed with gzip or zstd are decompressed.

    Args:
        path: the file, or `-` for standard input, which is kept in a temporary file while it is read.
        format_name: a format of `FORMATS` that can be read; detected if None.

    Raises:
        InputError: if the file is missing, in no format that can be read, or broken; the message names the file, the
            place in it, and the next step. The articles before the place have been yielded.
        StoreError: if the temporary folder cannot be written.
    """
    path = Path(path)
    name = "standard input" if str(path) == "-" else str(path)
    with ExitStack() as stack:
        try:
            plain = _plain(path, stack)
            kind = format_name or _detected(path, plain)
            yield from _records(plain, kind, written=format_name is not None)
        except FileNotFoundError as error:
            raise InputError(f"{name}: no such file; check the path") from error
        except OSError as error:
            raise InputError(f"{name}: cannot be read ({error.strerror or error}); check the file") from error
        except UnicodeDecodeError as error:
            raise InputError(f"{name}: not UTF-8; give it a file that quotes wrote") from error
        except InputError as error:
            raise InputError(f"{name}: {error}") from error


def write_records(records: Records, path: AnyPath, *, format_name: str | None = None) -> None:
    """Write records to a file in any format, with its companion; a file is replaced only by a complete one.

    Args:
        records: articles and errors; some formats need articles with their text.
        path: the file (for `brat`, the folder), compressed if its name ends in .gz or .zst.
        format_name: a format of `FORMATS`; by the file's suffix if None.

    Raises:
        InputError: if the format is unknown, or cannot be compressed.
        StoreError: if the file cannot be written, or a library is missing.
    """
    path = Path(path)
    entry = FORMATS.get(format_name or format_of(path) or "")
    if entry is None:
        fault = f"{format_name!r} is not a format" if format_name else f"{path}: no format has this suffix"
        raise InputError(f"{fault}; name one of {', '.join(FORMATS)}")
    if entry.target == "path" and inner_name(path.name) != path.name:
        raise InputError(f"{path}: this format cannot be compressed; leave out {path.suffix}")
    save(records, write=entry.write, output=path, target=entry.target)
    if entry.beside is not None:
        entry.beside(path)


def _records(path: Path, kind: str, *, written: bool) -> Iterator[ArticleRecord]:
    entry = FORMATS.get(kind)
    if entry is None or entry.read is None:
        readable = ", ".join(name for name, known in FORMATS.items() if known.read)
        fault = f"{kind} cannot be read back" if entry else f"{kind!r} is not a format"
        raise InputError(f"{fault}; {'name' if written else 'give it'} one of {readable}")
    yield from entry.read(path)


def _plain(path: Path, stack: ExitStack) -> Path:
    """Return the path of an uncompressed file with the same content: this one, or a temporary one."""
    if str(path) == "-":
        if sys.stdin is None:
            raise InputError("it is closed; name a file")
        path = _copied(sys.stdin.buffer, stack)
    elif path.is_file():
        pass
    elif path.is_dir():
        raise InputError("is a folder; name a file of records in it")
    else:
        path = _copied(stack.enter_context(path.open("rb")), stack)  # a pipe can be read only once
    stream = stack.enter_context(path.open("rb"))
    packing = packing_of(stream.read(4))
    if packing is None:
        return path
    stream.seek(0)
    opened = unpacked(stream, packing)
    try:
        return _copied(opened, stack)
    except OSError as error:
        raise InputError(f"the compressed file is cut off or damaged ({error}); copy it again") from error


def _copied(stream: IO[bytes], stack: ExitStack) -> Path:
    with temporary():
        copy = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="quotes-"))) / "records"
        target = stack.enter_context(copy.open("wb", buffering=0))
    while piece := stream.read(_PIECE):
        with temporary():
            put(target, piece)
    return copy


def _detected(path: Path, plain: Path) -> str:
    """Return the format by the file's suffix, or by its first bytes."""
    suffix = format_of(path)
    with plain.open("rb") as stream:
        start = read_start(stream)
    if (magic := next((kind for first, kind in _STARTS.items() if start.startswith(first)), None)) is not None:
        return magic
    readable = start.startswith(b"{") or suffix in ("json", "jsonl", "csv")
    if inner_name(path.name).lower().endswith(_ARTICLES) and not readable:
        hint = f"quotes extract {path} --with-text -o records.jsonl"
        raise InputError(f"is an article, not records; run extract first: {hint}")
    if suffix not in (None, "json", "jsonl"):
        return suffix
    if not start:
        if suffix is not None:
            return suffix
        raise InputError("is empty; give it a file that quotes wrote")
    written = written_by_us(start)
    if suffix is None and written in FORMATS and FORMATS[written].read is not None:
        return written
    if start.startswith(b"{"):
        signs = b"".join(start.split())
        document = signs.startswith((b'{"schema":', b'{"articles":', b'{"errors":'))
        return "jsonl" if signs.startswith(b'{"article":') or (suffix == "jsonl" and not document) else "json"
    if suffix is not None:
        return suffix
    raise InputError("in no format of quotes; name the format, or give it a file that quotes wrote")
