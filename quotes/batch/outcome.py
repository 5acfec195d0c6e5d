"""The outcome of one source, its records or its error, the same in this process and in a worker."""

from __future__ import annotations

import pickle
import re
import traceback
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import chain, islice
from typing import Protocol, overload, runtime_checkable

from attrs import evolve, frozen

from quotes.errors import ModelError, QuotesError, low_memory, out_of_memory
from quotes.ingest import text_of
from quotes.ingest.cleaning import dirt
from quotes.records import ArticleRecord, ErrorRecord, Page, Repair, SourceText

# An input that can be read: a text, or a page whose text is still to be extracted.
Readable = SourceText | Page
Source = Readable | ErrorRecord
_WORD = re.compile(r"\S+")
# From this many articles on, those of a source are held compressed.
_MANY = 32


class Reader(Protocol):
    """The part of a pipeline that a run uses."""

    def read(self, source: SourceText, /) -> Iterable[ArticleRecord]:
        """Return the articles of a source."""
        ...


@runtime_checkable
class AheadReader(Reader, Protocol):
    """A pipeline that can begin a source before it finishes the last."""

    @property
    def reads_ahead(self) -> bool:
        """Whether reading ahead is faster."""
        ...

    def begin(self, source: SourceText, /) -> Callable[[], Iterable[ArticleRecord]]:
        """Begin to read a source; return a function that finishes and returns its articles."""
        ...


class Load(Protocol):
    """Loads the pipeline; a worker pickles this, and asks for one thread."""

    def __call__(self, *, threads: int = ...) -> Reader:
        """Load the pipeline."""
        ...


@frozen
class Selection:
    """Which quotes to keep, and whether to keep the source's text. `types` and `stances` None keep all."""

    min_confidence: float = 0.0
    types: frozenset[str] | None = None
    with_text: bool = False
    stances: frozenset[str] | None = None

    def apply(self, record: ArticleRecord, *, text: str) -> ArticleRecord:
        """Return the article with the quotes to keep.

        Args:
            record: an article as the pipeline gave it.
            text: its source's whole text.
        """
        quotes = tuple(
            quote
            for quote in record.quotes
            if quote.confidence >= self.min_confidence
            and (self.types is None or quote.type in self.types)
            and (self.stances is None or quote.stance in self.stances)
        )
        whole = text if record.article.cleaned is None else record.article.text
        return ArticleRecord(evolve(record.article, text=whole if self.with_text else None), quotes)


class RemoteError(Exception):
    """An exception of another process; its text is the traceback there."""


class Packed(Sequence[ArticleRecord]):
    """The articles of a source with very many, each compressed until it is used: a tenth of the memory.

    Args:
        records: the articles of one source, with its text or without.
    """

    def __init__(self, records: Iterable[ArticleRecord]) -> None:
        self._text: str | None = None
        self._packed = [self._pack(record) for record in records]

    def _pack(self, record: ArticleRecord) -> bytes:
        self._text = record.article.text  # shared by all, so not compressed with each
        return zlib.compress(pickle.dumps(evolve(record, article=evolve(record.article, text=None))), level=1)

    def __len__(self) -> int:
        """Count the articles."""
        return len(self._packed)

    @overload
    def __getitem__(self, index: int) -> ArticleRecord: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[ArticleRecord]: ...

    def __getitem__(self, index: int | slice) -> ArticleRecord | Sequence[ArticleRecord]:
        """Decompress an article, or several."""
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self)))]
        record: ArticleRecord = pickle.loads(zlib.decompress(self._packed[index]))
        return evolve(record, article=evolve(record.article, text=self._text))


def kept(records: Iterable[ArticleRecord]) -> Sequence[ArticleRecord]:
    """Return the articles of a source, compressed if there are very many."""
    given = iter(records)
    first = tuple(islice(given, _MANY))
    return first if len(first) < _MANY else Packed(chain(first, given))


@frozen
class Outcome:
    """The articles of a source and its words, or its error with the exception behind it."""

    source: str
    records: Sequence[ArticleRecord] = ()
    error: ErrorRecord | None = None
    words: int = 0
    file: str = ""
    """The file that the source comes from, or its own name."""
    dirt: tuple[Repair, ...] = ()
    """The repairs made or, if it was read as it is, the repairs it needs."""
    cause: Exception | None = None

    @property
    def cleaned(self) -> bool:
        """Whether the source was cleaned before it was read."""
        return bool(self.records) and self.records[0].article.cleaned is not None

    @property
    def types(self) -> Counter[str]:
        """How many quotes there are of each type."""
        return Counter(quote.type for record in self.records for quote in record.quotes)

    def portable(self) -> Outcome:
        """Return the outcome in a form that pickles: an exception is replaced by its traceback."""
        if self.cause is None:
            return self
        return evolve(self, cause=RemoteError("".join(traceback.format_exception(self.cause))))


def outcome_of(source: Readable, *, reader: Reader, selection: Selection) -> Outcome:
    """Read one source; an exception becomes its outcome.

    Args:
        source: a text or a web page.
        reader: the pipeline.
        selection: which quotes are kept.
    """
    return begun(source, reader=reader, selection=selection)()


def begun(source: Readable, *, reader: Reader, selection: Selection) -> Callable[[], Outcome]:
    """Begin to read one source, if the reader can; return a function that finishes it.

    Args and the function's result: as for `outcome_of`.
    """
    try:
        text = text_of(source) if isinstance(source, Page) else source
        if isinstance(text, ErrorRecord):
            return partial(Outcome, source.name, error=text)
        read = reader.begin(text) if isinstance(reader, AheadReader) else partial(reader.read, text)
    except Exception as error:
        return partial(failed, source.name, error)

    def finish() -> Outcome:
        try:
            records = kept(selection.apply(record, text=text.text) for record in read())
        except Exception as error:
            return failed(source.name, error)
        words = sum(1 for _ in _WORD.finditer(text.text))
        cleaned = records[0].article.cleaned if records else ()
        found = dirt(text.text) if cleaned is None else cleaned
        return Outcome(source.name, records, words=words, file=text.file or source.name, dirt=found)

    return finish


def size_of(source: Readable) -> int:
    """Return the size of a source, in characters or bytes."""
    return len(source.data) if isinstance(source, Page) else len(source.text)


def failed(name: str, error: Exception) -> Outcome:
    """Return the outcome of a source that raised this error."""
    if isinstance(error, QuotesError):
        record = ErrorRecord(name, "failed", str(error))
    elif out_of_memory(error):
        record = ErrorRecord(name, "memory", "there is not enough memory to read it; split it into its articles")
    else:
        fault = f"{type(error).__name__}: {error}".rstrip(": ")
        record = ErrorRecord(name, "internal", f"{fault}; a fault in quotes: -v shows where, please report it")
    return Outcome(name, error=record, cause=error)


def loaded(load: Load, **how: int) -> Reader:
    """Load the pipeline.

    Raises:
        QuotesError: if that fails.
    """
    try:
        return load(**how)
    except (OSError, MemoryError, RuntimeError) as error:
        if out_of_memory(error):
            raise low_memory("the pipeline") from error
        if not isinstance(error, OSError):
            raise
        raise ModelError(f"the pipeline cannot be loaded ({error})") from error
