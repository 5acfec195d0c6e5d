"""Find the files that paths, folders and globs name, one at a time."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from attrs import frozen

from quotes.files.compressed import inner_name
from quotes.ingest.own import folder_of_ours, own_output
from quotes.ingest.sniff import SUFFIXES
from quotes.records import ErrorRecord

_MAGIC = frozenset("*?[")


@frozen
class File:
    """A file to read; `chosen` is false where a folder holds it and nobody named it."""

    path: str
    chosen: bool = True


def files(path: str | os.PathLike[str]) -> Iterator[File | ErrorRecord]:
    """Yield the files that a path names, in sorted order; a folder's as they are found, folders below it too.

    In a folder, names that begin with a dot are left out, and so are suffixes that are no input's (a picture, a
    README.md); files without a suffix are taken. A folder is walked once, however many links lead to it.
    """
    name = os.fspath(path)
    try:
        if os.path.isdir(name):
            yield from _folder(name)
        elif not os.path.lexists(name) and _MAGIC & set(name):
            yield from _glob(name)
        else:
            yield File(name)
    except (OSError, ValueError) as error:
        yield failure(name, error)


def failure(name: str, error: BaseException) -> ErrorRecord:
    """Return the error record of a file or folder that cannot be opened or read."""
    number = getattr(error, "errno", None)
    if number == errno.ENOENT:
        return ErrorRecord(name, "missing", "no such file; check the name")
    if number in (errno.EACCES, errno.EPERM):
        return ErrorRecord(name, "unreadable", "permission denied; allow reading it, for example with chmod +r")
    if number == errno.ELOOP:
        return ErrorRecord(name, "unreadable", "a link that leads back to itself; give the file it was meant for")
    if number == errno.ENAMETOOLONG:
        return ErrorRecord(name[:80], "missing", "the name is too long; to read a text itself, pipe it to -")
    words = " ".join(str(getattr(error, "strerror", None) or error).split())
    return ErrorRecord(name, "unreadable", f"cannot be read ({words}); copy it elsewhere and try again")


def _folder(root: str) -> Iterator[File | ErrorRecord]:
    if what := folder_of_ours(root):
        yield own_output(root, what)
        return
    some = False
    for found in _walk(root):
        some = True
        yield found
    if not some:
        kinds = " ".join(SUFFIXES)
        yield ErrorRecord(root, "empty", f"the folder holds no text ({kinds}); name the files, or another folder")


def _walk(root: str) -> Iterator[File | ErrorRecord]:
    """Yield a tree's files; only one folder's names, and those above it, are held at a time."""
    seen: set[tuple[int, int]] = set()
    todo: list[Iterator[str]] = [iter((root,))]
    while todo:
        path = next(todo[-1], None)
        if path is None:
            todo.pop()
            continue
        try:
            if not os.path.isdir(path):
                if os.path.isfile(path) or not os.path.exists(path):
                    yield File(path, chosen=False)
                continue  # a pipe or a device would never end
            if folder_of_ours(path):
                continue
            status = os.stat(path)
            if (status.st_dev, status.st_ino) in seen:
                continue
            seen.add((status.st_dev, status.st_ino))
            todo.append(iter(_names(path)))
        except OSError as error:
            yield failure(path, error)


def _names(folder: str) -> list[str]:
    with os.scandir(folder) as entries:
        names = [
            entry.name
            for entry in entries
            if not entry.name.startswith(".")
            and (Path(inner_name(entry.name)).suffix.lower() in ("", *SUFFIXES) or _is_folder(entry))
        ]
    return [os.path.join(folder, name) for name in sorted(names)]


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _glob(pattern: str) -> Iterator[File | ErrorRecord]:
    """Yield what a pattern that the shell did not expand names; ** goes through folders."""
    some = False
    for path in _sorted_glob(pattern):
        some = True
        yield from files(path) if os.path.isdir(path) else (File(path),)
    if not some:
        yield ErrorRecord(pattern, "missing", "no file matches; check the pattern")


def _sorted_glob(pattern: str) -> Iterable[str]:
    from glob import iglob

    if "**" not in pattern:
        return sorted(iglob(pattern))
    return (path for path in sorted(iglob(pattern, recursive=True)) if not os.path.isdir(path))
