"""Replace a file only when the new one is complete."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from quotes.errors import StoreError
from quotes.files.compressed import PACKED, packed
from quotes.records import ArticleRecord, ErrorRecord

Record = ArticleRecord | ErrorRecord
Records = Iterable[Record]


# A lone surrogate, as from a file name that is not UTF-8, is escaped.
_TEXT = {"encoding": "utf-8", "errors": "backslashreplace", "newline": "\n"}


class _Unsound(Exception):
    """The output is not to be kept."""


def save(
    records: Records,
    *,
    write: Callable[[Records, Any], None],
    output: Path | IO[Any],
    target: str = "text",
    sound: Callable[[], bool] = lambda: True,
) -> None:
    """Write records to a file, which is replaced only by a complete one, or to a stream.

    Args:
        records: articles and errors.
        write: a writer of `quotes.export.FORMATS`.
        output: the file, compressed if its name ends in .gz or .zst, or an open stream.
        target: the writer's second argument: a "text" or "binary" stream, or the output's "path".
        sound: called after the last record; if it returns False, a file is left as it was.

    Raises:
        StoreError: if the output cannot be written.
        BrokenPipeError: if the reader of the stream has gone.
    """
    if not isinstance(output, Path):
        _write_to(output, records, write)
        return
    if target == "path":
        with suppress(_Unsound):
            write(_checked(records, sound), output)
        return
    packing = PACKED.get(output.suffix.lower())
    with written_aside(output, binary=packing is not None or target == "binary") as (stream, discard):
        if packing is None:
            write(records, stream)
        else:
            with packed(stream, packing, text=target == "text") as packer:
                write(records, packer)
        if not sound():
            discard()


def _checked(records: Records, sound: Callable[[], bool]) -> Iterator[Record]:
    """Pass records on; an exception after the last one lets the writer undo its work."""
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


def nowhere(path: Path | str) -> str:
    """Return why no file can be created at a path, and what to do: its folder is missing, or takes none, as /proc."""
    folder = Path(os.path.realpath(path)).parent
    if folder.exists():
        return f"{path}: no file can be created in {folder}; name a file in another folder"
    return f"{path}: no folder {folder}; create it first"


@contextmanager
def write_errors(path: Path) -> Iterator[None]:
    """Turn errors while a file is written into one line.

    Args:
        path: the file.

    Raises:
        StoreError: if the file cannot be written; a BrokenPipeError goes through.
    """
    try:
        if path.is_dir():
            raise StoreError(f"{path}: is a folder; name a file in it")
        yield
    except BrokenPipeError:
        raise
    except FileNotFoundError as error:
        raise StoreError(nowhere(path)) from error
    except OSError as error:
        if isinstance(error, PermissionError | NotADirectoryError) and not os.path.lexists(path):
            raise StoreError(nowhere(path)) from error
        raise StoreError(f"{path}: cannot be written ({error.strerror or error}); the file is as it was") from error


@contextmanager
def written_aside(path: Path, *, binary: bool = False) -> Iterator[tuple[IO[Any], Callable[[], None]]]:
    """Give a stream to a temporary file beside `path`, which replaces it if the block succeeds.

    Args:
        path: the file; a link is followed, and a device or pipe is written directly.
        binary: whether the stream takes bytes; UTF-8 text otherwise.

    Yields:
        The stream, and a function that keeps the file as it was.

    Raises:
        StoreError: if the file cannot be written.
    """
    target = Path(os.path.realpath(path))
    how: dict[str, Any] = {"mode": "wb"} if binary else {"mode": "w", **_TEXT}
    kept = True

    def discard() -> None:
        nonlocal kept
        kept = False

    with write_errors(path):
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
                replace(Path(name), target)
        finally:
            with suppress(FileNotFoundError):
                os.unlink(name)


def replace(part: Path, target: Path) -> None:
    """Replace a file by a complete one, with the permissions that it has or would get."""
    os.chmod(part, _mode(target))
    os.replace(part, target)


def _mode(target: Path) -> int:
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def refuse_link(path: Path) -> None:
    """Refuse to write through a link, or to anything but a plain file.

    Raises:
        StoreError: if it is one.
    """
    with suppress(FileNotFoundError):
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode):
            what = "a link" if stat.S_ISLNK(status.st_mode) else "not a plain file"
            raise StoreError(f"{path}: is {what}, and a run would write to it; move it, or name another output")
        if status.st_nlink > 1:
            reason = "is a file with several names, and a run would change all of them"
            raise StoreError(f"{path}: {reason}; move it, or name another output")


def no_link(path: str, flags: int) -> int:
    """Open a file without following links: an opener for `open`."""
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0), 0o666)


def put(stream: IO[bytes], data: bytes) -> None:
    """Write all data to an unbuffered file, or raise: on a full disk, one write takes only a part."""
    while data:
        data = data[stream.write(data) :]
