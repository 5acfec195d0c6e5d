"""Find the files that paths, folders and globs name, one at a time."""

from __future__ import annotations

import errno
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import PurePath

from attrs import frozen

from quotes.files.compressed import inner_name
from quotes.ingest.own import folder_of_ours, of_a_run, own_output
from quotes.ingest.sniff import SUFFIXES
from quotes.lexicon import load_lexicon
from quotes.records import ErrorRecord

_MAGIC = frozenset("*?[")
_ADDRESS = re.compile(r"(?:https?|ftp)://|www\.", re.IGNORECASE)
_FETCH = (
    "nothing is fetched from the network; save the page in your browser and read the file, or pipe it: "
    "curl -L ADDRESS | quotes extract -"
)
# The most suffixes named in a message on skipped files.
_NAMED = 8


@frozen
class File:
    """A file to read; `chosen` is False if only its folder was named."""

    path: str
    chosen: bool = True


def files(path: str | os.PathLike[str], *, passed: Counter[str] | None = None) -> Iterator[File | ErrorRecord]:
    """Yield the files of a path, in sorted order; folders are searched recursively.

    In a folder, hidden files, suffixes that are not inputs (pictures) and files about the folder (README.md) are
    skipped; files without a suffix are read. A folder is walked once, however many links lead to it.

    Args:
        path: a file, a folder, or a glob with `*`.
        passed: counts the skipped files, by suffix.
    """
    name = os.fspath(path)
    passed = Counter() if passed is None else passed
    try:
        if os.path.isdir(name):
            yield from _folder(name, passed)
        elif not os.path.lexists(name) and _ADDRESS.match(name):
            yield ErrorRecord(name, "address", _FETCH)
        elif not os.path.lexists(name) and _MAGIC & set(name):
            yield from _glob(name, passed)
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
        return ErrorRecord(name, "unreadable", "a link that leads back to itself; name the file that it was meant for")
    if number == errno.ENAMETOOLONG:
        return ErrorRecord(name[:80], "missing", "the name is too long; to read a text directly, pipe it to -")
    words = " ".join(str(getattr(error, "strerror", None) or error).split())
    return ErrorRecord(name, "unreadable", f"cannot be read ({words}); copy it elsewhere and try again")


def is_article(name: str) -> tuple[bool, str]:
    """Return whether a file in a folder or archive is read as an article, and under which name it counts as skipped.

    Args:
        name: the file's name, without folders.
    """
    path = PurePath(inner_name(name))
    suffix = path.suffix.lower()
    if suffix not in ("", *SUFFIXES):
        return False, suffix
    if path.stem.casefold() in load_lexicon().word_set("not-articles"):
        return False, name
    return True, ""


def described(passed: Counter[str], *, before: str = "") -> str:
    """Return the numbers of skipped files, by suffix: "5 files skipped: .mp4 3, .psd 2".

    Args:
        passed: the counts.
        before: text to put before the words, if there are any.
    """
    if not passed:
        return ""
    total = passed.total()
    kinds = sorted(passed.items(), key=lambda item: (-item[1], item[0]))
    named = ", ".join(f"{kind} {count:,}" for kind, count in kinds[:_NAMED])
    more = ", …" if len(kinds) > _NAMED else ""
    return f"{before}{total:,} file{'' if total == 1 else 's'} skipped: {named}{more}"


def _folder(root: str, passed: Counter[str]) -> Iterator[File | ErrorRecord]:
    if what := folder_of_ours(root):
        yield own_output(root, what)
        return
    some = False
    for found in _walk(root, passed):
        some = True
        yield found
    if not some:
        kinds = f"{' '.join(SUFFIXES)}{described(passed, before='; ')}"
        yield ErrorRecord(root, "empty", f"the folder has no text ({kinds}); name the files, or another folder")


def _walk(root: str, passed: Counter[str]) -> Iterator[File | ErrorRecord]:
    """Yield a tree's files; only the names of one folder and its parents are held at a time."""
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
            todo.append(iter(_names(path, passed)))
        except OSError as error:
            yield failure(path, error)


def _names(folder: str, passed: Counter[str]) -> list[str]:
    names, others = [], {}
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith("."):
                continue
            kept, counted_as = is_article(entry.name)
            if kept or _is_folder(entry):
                names.append(entry.name)
            else:
                others[entry.name] = counted_as
    passed.update(kind for name, kind in others.items() if not of_a_run(name, others))
    return [os.path.join(folder, name) for name in sorted(names)]


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _glob(pattern: str, passed: Counter[str]) -> Iterator[File | ErrorRecord]:
    """Yield the files of a glob that the shell did not expand; ** matches folders recursively."""
    some = False
    for path in _sorted_glob(pattern):
        some = True
        yield from files(path, passed=passed) if os.path.isdir(path) else (File(path),)
    if not some:
        yield ErrorRecord(pattern, "missing", "no file matches; check the pattern")


def _sorted_glob(pattern: str) -> Iterable[str]:
    from glob import iglob

    if "**" not in pattern:
        return sorted(iglob(pattern))
    return (path for path in sorted(iglob(pattern, recursive=True)) if not os.path.isdir(path))
