"""The file that goes beside an export: a description of its columns, the labels of its tasks."""

from __future__ import annotations

import os
from pathlib import Path

from quotes.errors import StoreError


def write_companion(path: Path, text: str, *, of: str) -> None:
    """Write a small file, which takes the place of a former one when it is whole.

    Args:
        path: of the file.
        text: all of it.
        of: what it goes beside, as an error says it is there: "the table".

    Raises:
        StoreError: where it cannot be written.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_text(text, encoding="utf-8", newline="\n")
        os.replace(part, path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise StoreError(f"{path}: cannot be written ({error.strerror or error}); {of} is there") from error
