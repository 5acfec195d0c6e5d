"""Check files against the SHA-256 sums of their release, in `sha256sum`'s format."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from quotes.errors import ModelError


def read_sums(path: Path) -> dict[str, str]:
    """Return the sums of a list by file.

    Args:
        path: the list: lines of a hexadecimal sum, two spaces, and a path relative to the checked folder.

    Raises:
        ModelError: if it cannot be read.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(f"{path}: the list of sums cannot be read ({error}); install quotes anew") from error
    rows = (line.partition("  ") for line in lines if line.strip())
    return {name.strip(): digest for digest, _, name in rows}


def sum_of(path: Path) -> str:
    """Return a file's sum in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def checked_bytes(path: Path, *, expected: str | None, remedy: str) -> bytes:
    """Return a file's content after checking its sum.

    Args:
        path: the file.
        expected: its hexadecimal sum; None if the list does not have the file.
        remedy: the user's next step, for the error.

    Raises:
        ModelError: if it cannot be read or differs; the message names the file.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path} cannot be read ({error.strerror or error}); {remedy}") from error
    if hashlib.sha256(content).hexdigest() != expected:
        raise ModelError(f"{path} is broken (not the released file: its SHA-256 differs); {remedy}")
    return content


def check_folder(folder: Path, sums: Mapping[str, str], *, remedy: str) -> None:
    """Check every file of a list.

    Raises:
        ModelError: as for `checked_bytes`.
    """
    for name, expected in sums.items():
        checked_bytes(folder / name, expected=expected, remedy=remedy)
