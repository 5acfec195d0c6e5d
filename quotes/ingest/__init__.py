"""Read inputs of any kind into texts, one at a time, with their metadata.

An input that cannot be read becomes an ErrorRecord with its name and the next step; the others go on. There is one
module per kind of input, listed in `streams`; `read` detects the kind and is all that other stages need. `pages.split`
then splits a text into articles, `publisher.publisher` finds who published each.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from attrs import evolve

from quotes.errors import InputError
from quotes.files.compressed import inner_name
from quotes.files.paths import AnyPath
from quotes.ingest.meter import Meter
from quotes.ingest.own import EXPORT
from quotes.ingest.reading import FIELDS, Found, Reading
from quotes.ingest.sniff import KINDS, binary, kind_of
from quotes.ingest.streams import HEAD, peeked, read_stream
from quotes.ingest.walk import File, described, failure, files
from quotes.ingest.whole import text_of
from quotes.records import ErrorRecord, Page, SourceText

__all__ = ["FIELDS", "KINDS", "Reading", "read", "read_unopened", "text_of"]

STDIN = "-"
# The name under which skipped files without a suffix are counted.
_BARE = "no suffix"


def read(
    paths: AnyPath | Iterable[AnyPath],
    how: Reading | None = None,
    *,
    stdin: BinaryIO | None = None,
    meter: Meter | None = None,
    **choices: Any,
) -> Iterator[SourceText | ErrorRecord]:
    """Yield the texts of the paths, or their errors, in order.

    Tables, archives and WARC files are streamed, folders are read file by file; a text or a web page is held in memory,
    one at a time. gzip and zstd are decompressed on the way. Nothing held in memory may be longer than
    `quotes.files.compressed.LIMIT`.

    Args:
        paths: one or more files, folders (recursive, sorted by name), globs with `*`, and "-" for
            standard input.
        how: how to read them; the defaults if None.
        stdin: a binary stream to read for "-"; standard input by default.
        meter: counts the bytes read from files.
        choices: fields of `Reading` to change, by name: `input_format="html"`,
            `columns={"text": "body"}`, `known={"outlet": "Harbour Post"}`, `dates="day-first"`.

    Raises:
        InputError: at once, if a choice is invalid. Errors of inputs are yielded, never raised.
    """
    unopened = read_unopened(paths, how, stdin=stdin, meter=meter, **choices)
    return (text_of(found) if isinstance(found, Page) else found for found in unopened)


def read_unopened(
    paths: AnyPath | Iterable[AnyPath],
    how: Reading | None = None,
    *,
    stdin: BinaryIO | None = None,
    meter: Meter | None = None,
    **choices: Any,
) -> Iterator[Found]:
    """Yield the same as `read`, but web pages unopened, so that several processes can open them with `text_of`.

    Args and Raises: as for `read`.
    """
    given = {name: value for name, value in choices.items() if value is not None}
    how = evolve(how or Reading(), **given)
    named = [paths] if isinstance(paths, str | os.PathLike) else paths
    return _all(named, how, stdin, meter or Meter())


def _all(paths: Iterable[AnyPath], how: Reading, stdin: BinaryIO | None, meter: Meter) -> Iterator[Found]:
    for path in paths:
        if os.fspath(path) == STDIN:
            yield from _filled(_standard_input(how, stdin), how)
            continue
        passed: Counter[str] = Counter()
        for found in files(path, passed=passed):
            if isinstance(found, ErrorRecord):
                yield found
            else:
                yield from _filled(_file(found, how, meter, passed), how)
        if passed:
            how.tell(f"{os.fspath(path)}: {described(passed)}")


def _filled(found: Iterable[Found], how: Reading) -> Iterator[Found]:
    for each in found:
        yield each if isinstance(each, ErrorRecord) else how.filled(each)


def _standard_input(how: Reading, stdin: BinaryIO | None) -> Iterator[Found]:
    import sys

    stream = stdin if stdin is not None else sys.stdin.buffer
    try:
        yield from read_stream(stream, STDIN, suffix="", how=how)
    except (OSError, ValueError) as error:
        yield failure(STDIN, error)
    except InputError as error:
        yield ErrorRecord(STDIN, "broken", str(error))


def _file(file: File, how: Reading, meter: Meter, passed: Counter[str]) -> Iterator[Found]:
    """Yield the texts of a file; an error ends this file only."""
    suffix = Path(inner_name(file.path)).suffix
    try:
        with open(file.path, "rb", buffering=HEAD) as stream, meter.reading(stream):
            if not (file.chosen or suffix) and binary(peeked(stream)[1]):
                passed[_BARE] += 1  # a program among texts was not meant
                return
            if not file.chosen and suffix.lower() == ".xml" and not _is_feed(stream, how):
                passed[suffix.lower()] += 1
                return
            for found in read_stream(stream, file.path, suffix=suffix, how=how):
                # An earlier output in the folder of articles was not meant.
                if file.chosen or getattr(found, "error", None) != EXPORT:
                    yield found
    except (OSError, ValueError) as error:
        yield failure(file.path, error)


def _is_feed(stream: BinaryIO, how: Reading) -> bool:
    """Return whether XML in a folder is a feed or a page, not another program's data."""
    return kind_of(peeked(stream)[1], suffix=".xml", columns=how.columns) != "text"
