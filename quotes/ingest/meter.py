"""Measure how much of the input has been read, in bytes, for a progress bar."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import BinaryIO

from attrs import define, field

from quotes.ingest.walk import File, files

# Larger folders are not measured first, which would take too long.
_FILES = 10_000


@define
class Meter:
    """Counts bytes of files as they are read; `total` is None if unknown, as for a pipe."""

    total: int | None = None
    _done: int = field(default=0, init=False)
    _stream: BinaryIO | None = field(default=None, init=False)

    @classmethod
    def of(cls, paths: Iterable[str | os.PathLike[str]]) -> Meter:
        """Return a meter for these paths, as `quotes.ingest.read` takes them."""
        sizes = list(islice(_sizes(paths), _FILES + 1))
        known = [size for size in sizes if size is not None]
        return cls(sum(known) if len(known) == len(sizes) <= _FILES else None)

    @property
    def share(self) -> float | None:
        """The share of the input that has been read, 0 to 1, or None if unknown."""
        if not self.total:
            return None
        at = 0
        if self._stream is not None and not self._stream.closed:
            at = self._stream.tell()
        return min(1.0, (self._done + at) / self.total)

    @contextmanager
    def reading(self, stream: BinaryIO) -> Iterator[None]:
        """Count the bytes read from a file within the block."""
        if not self.total:
            yield
            return
        self._stream = stream
        try:
            yield
        finally:
            self._stream = None
            self._done += os.fstat(stream.fileno()).st_size


def _sizes(paths: Iterable[str | os.PathLike[str]]) -> Iterator[int | None]:
    for path in paths:
        if os.fspath(path) == "-":
            yield None
            continue
        for found in files(path):
            if isinstance(found, File):
                try:
                    yield os.stat(found.path).st_size if os.path.isfile(found.path) else None
                except OSError:
                    yield 0
