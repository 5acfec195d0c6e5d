"""Many sources through one pipeline into one output: each source by itself, errors apart, nothing half-written kept."""

from __future__ import annotations

import os
import re
import stat
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import perf_counter
from typing import IO, Any, Protocol

from attrs import define, evolve, field, frozen

from quotes.errors import ModelError, QuotesError, StoreError
from quotes.records import ArticleRecord, ErrorRecord, SourceText

_WORD = re.compile(r"\S+")
# A table's row is named "articles.jsonl#12".
_ROW = re.compile(r"[#:]\d+$")

Records = Iterable[ArticleRecord | ErrorRecord]


class Reader(Protocol):
    """What the runner asks of a pipeline."""

    def read(self, source: SourceText, /) -> Iterable[ArticleRecord]:
        """Return the articles of a source."""
        ...


@frozen
class Selection:
    """Which quotes are kept, and whether the source's text goes with them. `types` None keeps every type."""

    min_confidence: float = 0.0
    types: frozenset[str] | None = None
    with_text: bool = False

    def apply(self, record: ArticleRecord, *, text: str) -> ArticleRecord:
        """Return the article with the quotes that are wanted.

        Args:
            record: an article as the pipeline gave it.
            text: its source's whole text.
        """
        quotes = tuple(
            quote
            for quote in record.quotes
            if quote.confidence >= self.min_confidence and (self.types is None or quote.type in self.types)
        )
        return ArticleRecord(evolve(record.article, text=text if self.with_text else None), quotes)


@define
class Summary:
    """What a run has done so far: counts, and seconds since it began."""

    sources: int = 0
    articles: int = 0
    quotes: int = 0
    errors: int = 0
    words: int = 0
    began: float = field(factory=perf_counter, repr=False)
    seconds: float = 0.0


def _ignore(*_: object) -> None:
    pass


@frozen
class Watch:
    """Who is told what goes on: of each error, with the exception where there was one, and of each source done."""

    error: Callable[[ErrorRecord, Exception | None], None] = _ignore
    progress: Callable[[Summary], None] = _ignore


def run(
    sources: Iterable[SourceText | ErrorRecord],
    *,
    load: Callable[[], Reader],
    write: Callable[[Records, Any], None],
    output: Path | IO[Any],
    target: str = "text",
    selection: Selection | None = None,
    strict: bool = False,
    watch: Watch | None = None,
) -> Summary:
    """Read every source and write what was found.

    A source that fails costs that source. With `strict` the run ends at the first error: a file is then left as it
    was, a stream gets a whole document of what came before.

    Args:
        sources: texts, and the errors of those that could not be read.
        load: gives the pipeline; called at the first text, so that nothing is loaded for nothing.
        write: a writer of `quotes.export.FORMATS`.
        output: a file, replaced only by a whole one, or an open stream.
        target: what the writer takes: "text" or "binary", a stream of these, or "path", the output's.
        selection: which quotes are kept; all of them by default.
        strict: whether to stop at the first error.
        watch: who is told of errors and progress.

    Returns:
        How many sources, articles, quotes, errors and words there were, and how long it took.

    Raises:
        QuotesError: where the pipeline cannot be loaded.
        StoreError: where the output cannot be written.
        BrokenPipeError: where the reader of the stream has gone.
    """
    summary = Summary()
    if isinstance(output, Path):
        sources = _without(sources, output)
    records = _records(sources, load, selection or Selection(), strict, watch or Watch(), summary)
    save(records, write=write, output=output, target=target, sound=lambda: not (strict and summary.errors))
    summary.seconds = perf_counter() - summary.began
    return summary


class _Unsound(Exception):
    """What is to be written is not sound; nothing must be kept of it."""


def save(
    records: Records,
    *,
    write: Callable[[Records, Any], None],
    output: Path | IO[Any],
    target: str = "text",
    sound: Callable[[], bool] = lambda: True,
) -> None:
    """Write records to a file, which is replaced only by a whole one, or to a stream.

    Args:
        records: articles and errors as they come.
        write: a writer of `quotes.export.FORMATS`.
        output: the file, or an open stream.
        target: what the writer takes: "text" or "binary", a stream of these, or "path", the output's.
        sound: asked when all records have come; where it says no, a file is left as it was.

    Raises:
        StoreError: where the output cannot be written.
        BrokenPipeError: where the reader of the stream has gone.
    """
    if not isinstance(output, Path):
        _write_to(output, records, write)
        return
    if target == "path":
        with suppress(_Unsound):
            write(_checked(records, sound), output)
        return
    with written_aside(output, binary=target == "binary") as (stream, discard):
        write(records, stream)
        if not sound():
            discard()


def _checked(records: Records, sound: Callable[[], bool]) -> Iterator[ArticleRecord | ErrorRecord]:
    """Pass records on; an exception behind the last of them lets the writer undo what it has begun."""
    yield from records
    if not sound():
        raise _Unsound


def _write_to(stream: IO[Any], records: Records, write: Callable[[Records, Any], None]) -> None:
    try:
        write(records, stream)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise StoreError(f"standard output cannot be written ({error.strerror or error}); use -o FILE") from error


def _without(sources: Iterable[SourceText | ErrorRecord], output: Path) -> Iterator[SourceText | ErrorRecord]:
    """Pass on what is not the output of a former run: `quotes extract . -o quotes.json`, run twice."""
    for source in sources:
        name = source.name if isinstance(source, SourceText) else source.source
        path = _ROW.sub("", name)
        if not path.endswith(output.name) or os.path.realpath(path) != os.path.realpath(output):
            yield source


def _loaded(load: Callable[[], Reader]) -> Reader:
    try:
        return load()
    except OSError as error:
        raise ModelError(f"the pipeline cannot be loaded ({error})") from error


def _records(
    sources: Iterable[SourceText | ErrorRecord],
    load: Callable[[], Reader],
    selection: Selection,
    strict: bool,
    watch: Watch,
    summary: Summary,
) -> Iterator[ArticleRecord | ErrorRecord]:
    reader: Reader | None = None
    for source in _guarded(sources, watch, summary):
        summary.sources += 1
        if isinstance(source, ErrorRecord):
            yield source
        else:
            reader = reader or _loaded(load)
            result = _read(reader, source, watch, summary)
            if isinstance(result, ErrorRecord):
                yield result
            else:
                for record in result:
                    kept = selection.apply(record, text=source.text)
                    summary.articles += 1
                    summary.quotes += len(kept.quotes)
                    yield kept
                summary.words += sum(1 for _ in _WORD.finditer(source.text))
        summary.seconds = perf_counter() - summary.began
        watch.progress(summary)
        if strict and summary.errors:
            return


def _guarded(
    sources: Iterable[SourceText | ErrorRecord], watch: Watch, summary: Summary
) -> Iterator[SourceText | ErrorRecord]:
    """Pass sources on; count and tell the errors among them; turn an exception of the input into the last error."""
    try:
        for source in sources:
            if isinstance(source, ErrorRecord):
                summary.errors += 1
                watch.error(source, None)
            yield source
    except QuotesError:
        raise
    except Exception as error:
        yield _failed("input", error, watch, summary)


def _read(reader: Reader, source: SourceText, watch: Watch, summary: Summary) -> list[ArticleRecord] | ErrorRecord:
    """Return a source's articles, or what went wrong with it."""
    try:
        return list(reader.read(source))
    except Exception as error:
        return _failed(source.name, error, watch, summary)


def _failed(name: str, error: Exception, watch: Watch, summary: Summary) -> ErrorRecord:
    if isinstance(error, QuotesError):
        record = ErrorRecord(name, "failed", str(error))
    else:
        said = f"{type(error).__name__}: {error}".rstrip(": ")
        record = ErrorRecord(name, "internal", f"{said}; a fault in quotes: -v shows where, please report it")
    summary.errors += 1
    watch.error(record, error)
    return record


@contextmanager
def written_aside(path: Path, *, binary: bool = False) -> Iterator[tuple[IO[Any], Callable[[], None]]]:
    """Give a stream beside the file, which takes the file's place when the block ends well.

    Args:
        path: the file; a link is followed, and a device or pipe is written to as it is.
        binary: whether the stream takes bytes; UTF-8 text otherwise.

    Yields:
        The stream, and a function that says to leave the file as it was.

    Raises:
        StoreError: where the file cannot be written.
    """
    target = Path(os.path.realpath(path))
    how: dict[str, Any] = {"mode": "wb"} if binary else {"mode": "w", "encoding": "utf-8", "newline": "\n"}
    kept = True

    def discard() -> None:
        nonlocal kept
        kept = False

    try:
        if target.is_dir():
            raise StoreError(f"{path}: is a folder; name a file in it")
        if path.exists() and not path.is_file():
            with path.open(**how) as stream:
                yield stream, discard
            return
        descriptor, name = tempfile.mkstemp(prefix=f".{target.name[:100]}.", suffix=".part", dir=target.parent)
        try:
            with open(descriptor, **how) as stream:
                yield stream, discard
                stream.flush()
                os.fsync(stream.fileno())
            if kept:
                os.chmod(name, _mode(target))
                os.replace(name, target)
        finally:
            with suppress(FileNotFoundError):
                os.unlink(name)
    except BrokenPipeError:
        raise
    except FileNotFoundError as error:
        raise StoreError(f"{path}: no folder {target.parent}; make it first") from error
    except OSError as error:
        raise StoreError(f"{path}: cannot be written ({error.strerror or error}); the file is as it was") from error


def _mode(target: Path) -> int:
    """Return the permissions that the file has, or that a new one would get."""
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
