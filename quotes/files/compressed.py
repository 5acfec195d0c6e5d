"""Read and write compressed streams in constant memory, within the size limit of inputs.

A few bytes can decompress to more than fits in memory. Streams may have any length, since they are read block by block;
anything held in memory (a text, a web page, a line of a table) may not be longer than `LIMIT`.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, BinaryIO, Literal

from quotes.errors import InputError, StoreError

# The size limit in bytes of a text, web page, row or field. The longest novels have 10 MB, an article a thousandth.
LIMIT = 64 * 1024 * 1024
_CHUNK = 256 * 1024

Packing = Literal["gzip", "zstd"]
# First bytes of compressed data (RFC 1952, RFC 8878), and their suffixes.
_SIGNATURES: dict[bytes, Packing] = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}
PACKED: dict[str, Packing] = {".gz": "gzip", ".zst": "zstd"}


@contextmanager
def temporary() -> Iterator[None]:
    """Turn errors while the block writes to the temporary folder into one line.

    Raises:
        StoreError: if it cannot be written.
    """
    try:
        yield
    except OSError as error:
        import tempfile

        where = f" {tempfile.tempdir}" if tempfile.tempdir else ""
        reason = f"the temporary folder{where} cannot be written ({error.strerror or error})"
        raise StoreError(f"{reason}; make room there, or set TMPDIR to another folder") from error


def packing_of(head: bytes) -> Packing | None:
    """Return the compression of a stream by its first bytes, or None."""
    return next((packing for signature, packing in _SIGNATURES.items() if head.startswith(signature)), None)


def inner_name(name: str) -> str:
    """Return a file's name without the suffix of its compression: "a.jsonl.gz" is "a.jsonl"."""
    return name[: -len(Path(name).suffix)] if Path(name).suffix.lower() in PACKED else name


def too_long(what: str) -> InputError:
    """Return the error for something longer than `LIMIT`.

    Args:
        what: its name: "the text", "the line".
    """
    return InputError(f"{what} is longer than {LIMIT // 1024**2} MB, more than any article; split it, or leave it out")


def read_all(stream: IO[bytes], *, what: str) -> bytes:
    """Return the rest of a stream.

    Args:
        stream: a binary stream.
        what: its name, for the error.

    Raises:
        InputError: if it is longer than `LIMIT`.
    """
    parts = []
    left = LIMIT
    while part := stream.read(_CHUNK):
        left -= len(part)
        if left < 0:
            raise too_long(what)
        parts.append(part)
    return b"".join(parts)


def unpacked(stream: BinaryIO, packing: Packing) -> io.BufferedReader:
    """Return the decompressed stream; consecutive compressed parts are one stream.

    Args:
        stream: the compressed stream, at its beginning; it stays open.
        packing: its compression.

    Raises:
        InputError: at once, if the library for zstd is missing.
    """
    return io.BufferedReader(_Unpacker(stream, packing), _CHUNK)


class _Unpacker(io.RawIOBase):
    """A decompressing RawIOBase, which BufferedReader and TextIOWrapper accept."""

    def __init__(self, stream: BinaryIO, packing: Packing) -> None:
        self._packing = packing
        if packing == "gzip":
            import gzip

            # read1: data before a cut are returned before the cut is reported.
            self._read: Callable[[int], bytes] = gzip.GzipFile(fileobj=stream, mode="rb").read1
        else:
            self._read = _Frames(stream).read

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        try:
            data = self._read(len(buffer))
        except (EOFError, zlib.error) as error:
            raise OSError(f"the {self._packing} data are broken or cut short") from error
        except OSError as error:
            raise OSError(f"the {self._packing} data are broken: {error}") from error
        except Exception as error:  # ZstdError, of an optional library
            raise OSError(f"the {self._packing} data are broken: {error}") from error
        buffer[: len(data)] = data
        return len(data)


class _Frames:
    """The decompressed frames of a zstd stream; the library's own reader does not notice a cut stream."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._library = _zstandard().ZstdDecompressor()
        self._frame: Any = None
        self._ready = memoryview(b"")

    def read(self, size: int) -> bytes:
        while not self._ready:
            rest = self._frame.unused_data if self._frame is not None and self._frame.eof else b""
            # Four bytes decompress to at most 128 KB, so a kilobyte to at most 32 MB: this bounds a decompression bomb.
            data = rest or self._stream.read(1024)
            if not data:
                if self._frame is not None and not self._frame.eof:
                    raise EOFError
                return b""
            if self._frame is None or self._frame.eof:
                self._frame = self._library.decompressobj()
            self._ready = memoryview(self._frame.decompress(data))
        taken, self._ready = self._ready[:size], self._ready[size:]
        return bytes(taken)


@contextmanager
def packed(stream: IO[bytes], packing: Packing, *, text: bool = False) -> Iterator[IO[Any]]:
    """Give a stream that compresses into another; the same input gives the same bytes.

    Args:
        stream: gets the compressed bytes; it stays open.
        packing: the compression.
        text: whether it takes text, encoded as UTF-8, instead of bytes.

    Raises:
        StoreError: at once, if the library for zstd is missing.
    """
    if packing == "gzip":
        packer: Any = zlib.compressobj(6, zlib.DEFLATED, 16 + zlib.MAX_WBITS)  # a gzip header without name and time
    else:
        try:
            packer = _zstandard().ZstdCompressor(level=6).compressobj()
        except InputError as error:
            raise StoreError(str(error)) from error
    held = io.BufferedWriter(_Packer(stream, packer), _CHUNK)
    with io.TextIOWrapper(held, encoding="utf-8", errors="backslashreplace", newline="\n") if text else held as writer:
        yield writer


class _Packer(io.RawIOBase):
    def __init__(self, stream: IO[bytes], packer: Any) -> None:
        self._stream = stream
        self._packer = packer

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        self._stream.write(self._packer.compress(bytes(data)))
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._stream.write(self._packer.flush())
        super().close()


def _zstandard() -> Any:
    try:
        import zstandard
    except ImportError:
        raise InputError("zstd needs a library: .venv/bin/pip install '.[archives]'") from None
    return zstandard
