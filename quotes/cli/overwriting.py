"""Refuse to write over an input, by whatever path, glob or link it is named, before anything is read."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click
from attrs import field, frozen

if TYPE_CHECKING:
    from quotes.export import Format

Identity = tuple[int, int]
# Enough bytes of a file to see whether this program wrote it.
_HEAD = 65536
# The output if no file is named; the shell may redirect it into one.
_STDOUT = Path("/dev/stdout")
# How binary outputs of this program begin: a store, a Parquet file, a DocBin.
_BINARY = (b"SQLite format 3\0", b"PAR1", b"\x78\x9c")


@frozen
class Target:
    """A file or folder that a command writes, and the option that named it."""

    path: Path
    option: str = "-o"
    beside: Path | None = None
    """The output that it accompanies, if the command line does not name it itself."""

    @property
    def words(self) -> str:
        """Its name in an error."""
        if self.path == _STDOUT:
            return "standard output"
        return f"{self.path}, which is written beside {self.beside}," if self.beside else f"{self.path}"


def named(output: Path | None, *, stats: Path | None = None) -> list[Target]:
    """Return the files that a command line names to be written.

    Args:
        output: None for standard output.
        stats: the file for the counts.

    Raises:
        UsageError: if both are the same file.
    """
    found = [Target(output or _STDOUT)]
    if stats is not None:
        _refuse_one_file(stats, found)
        found.append(Target(stats, "--stats"))
    return found


def beside(output: Path | None, chosen: Format, *, stats: Path | None = None) -> list[Target]:
    """Return the files written beside an output: the unfinished part and its journal, a description, labels.

    Args:
        output: None for standard output.
        chosen: its format.
        stats: the file for the counts.

    Raises:
        UsageError: if the counts would be written over one of them.
    """
    from quotes.batch.journal import log_of, part_of

    if output is None:
        return []
    real = Path(os.path.realpath(output))
    paths = [part_of(real), log_of(real)] if chosen.lines else []
    paths += [chosen.companion(output)] if chosen.companion else []
    found = [Target(path, beside=output) for path in paths]
    if stats is not None:
        _refuse_one_file(stats, found)
    return found


def _refuse_one_file(stats: Path, others: Iterable[Target]) -> None:
    for target in others:
        if _same(stats, target.path):
            raise click.UsageError(f"{target.words} cannot hold the counts, too; name another file after --stats")


def refuse_overwriting(
    written: Iterable[Target],
    *,
    inputs: Iterable[str | os.PathLike[str]] = (),
    folders: Iterable[str | os.PathLike[str]] = (),
) -> None:
    """Refuse to write over an input.

    Args:
        written: all files and folders that the command writes.
        inputs: files, folders, globs and `-`, as `quotes.ingest` takes them. Files in a folder or
            glob that this program wrote are not inputs.
        folders: folders of which every file is an input: patterns, a model.

    Raises:
        UsageError: if one of them is an input; the message names it and the next step.
    """
    from quotes.ingest.walk import File, files

    guard = _Guard.of(written)
    if not guard.held:
        return
    for path in inputs:
        if os.fspath(path) == "-":
            guard.check(None)
        else:
            for found in files(path):
                if isinstance(found, File):
                    named = found.path == os.fspath(path)
                    guard.check(found.path, ours=not named)
    for folder in folders:
        for root, _, names in os.walk(folder):
            for name in names:
                guard.check(os.path.join(root, name))


@frozen
class _Guard:
    """The existing files and folders that will be written, by device and inode."""

    held: Mapping[Identity, Target]
    folders: Mapping[Identity, Target]
    _inside: dict[str, Target | None] = field(factory=dict)

    @classmethod
    def of(cls, written: Iterable[Target]) -> _Guard:
        held: dict[Identity, Target] = {}
        folders: dict[Identity, Target] = {}
        for target in written:
            for path in (target.path, *_alike(target.path)):
                known = _identity(path)
                if known is not None:
                    held.setdefault(known, target)
                    if os.path.isdir(path):
                        folders.setdefault(known, target)
        return cls(held, folders)

    def check(self, path: str | None, *, ours: bool = False) -> None:
        """Refuse an input that would be overwritten.

        Args:
            path: of the input; None for standard input.
            ours: whether to allow an output of this program, which the next run of the same command replaces.
        """
        target = self.held.get(_identity(path) or (0, 0))
        if target is None and path is not None and self.folders:
            target = self._around(os.path.dirname(os.path.realpath(path)))
        if target is None or (ours and path is not None and _written_by_us(path)):
            return
        name = "standard input" if path is None else path
        same = path is not None and os.path.normpath(path) == os.path.normpath(target.path) and not target.beside
        fault = f"{target.words} is both input and output" + ("" if same else f" ({name} is read)")
        raise click.UsageError(f"{fault}; name another file after {target.option}")

    def _around(self, folder: str) -> Target | None:
        """Return the folder to be written that contains a folder, or is that folder."""
        if folder not in self._inside:
            above = os.path.dirname(folder)
            own = self.folders.get(_identity(folder) or (0, 0))
            self._inside[folder] = own or (self._around(above) if above != folder else None)
        return self._inside[folder]


def _identity(path: str | os.PathLike[str] | None) -> Identity | None:
    """Return the device and inode of a file or folder; None if it does not exist, or is a pipe or a device.

    Args:
        path: of the file; None for standard input.
    """
    try:
        status = os.fstat(sys.stdin.fileno()) if path is None else os.stat(path)
    except (OSError, ValueError, AttributeError):
        return None
    if not status.st_ino or not (stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)):
        return None
    return status.st_dev, status.st_ino


def _alike(path: Path) -> Iterator[Path]:
    """Yield the files beside a path whose names differ only in case: on other systems they are the same file."""
    real = Path(os.path.realpath(path))
    try:
        names = os.listdir(real.parent)
    except OSError:
        return
    folded = real.name.casefold()
    yield from (real.with_name(name) for name in names if name != real.name and name.casefold() == folded)


def _same(one: Path, other: Path) -> bool:
    if os.path.realpath(one).casefold() == os.path.realpath(other).casefold():
        return True
    known = _identity(one)
    return known is not None and known == _identity(other)


def _written_by_us(path: str) -> bool:
    """Return whether a file is an output of this program or empty, so that overwriting it loses no article."""
    from quotes.files.compressed import packing_of, unpacked
    from quotes.ingest.own import written_by_us

    if os.path.isdir(path):
        return False
    try:
        with open(path, "rb") as stream:
            head = stream.read(_HEAD)
            if packing := packing_of(head):
                stream.seek(0)
                head = unpacked(stream, packing).read1(_HEAD)
    except Exception:  # unreadable files are not known to be ours
        return False
    return not head or head.startswith(_BINARY) or written_by_us(head) is not None
