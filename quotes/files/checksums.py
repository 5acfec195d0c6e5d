"""Check files against the SHA-256 sums that were written down when they were released, in `sha256sum`'s format."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from quotes.errors import ModelError


def read_sums(path: Path) -> dict[str, str]:
    """Return the sum of each file that a list names.

    Args:
        path: lines of a sum in hexadecimal, two spaces, and a file's path from the folder that is checked.

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
    """Return a file's content once it has the sum that it should have.

    Args:
        path: the file.
        expected: its sum in hexadecimal; None if the list does not name the file.
        remedy: what the user can do, for the error.

    Raises:
        ModelError: if it cannot be read or is another; the message names the file.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path} cannot be read ({error.strerror or error}); {remedy}") from error
    if hashlib.sha256(content).hexdigest() != expected:
        raise ModelError(f"{path} is broken (not the file that was released: its SHA-256 differs); {remedy}")
    return content


def check_folder(folder: Path, sums: Mapping[str, str], *, remedy: str) -> None:
    """Check every file that a list names.

    Raises:
        ModelError: as for `checked_bytes`.
    """
    for name, expected in sums.items():
        checked_bytes(folder / name, expected=expected, remedy=remedy)
