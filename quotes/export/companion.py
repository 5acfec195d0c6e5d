"""The file written beside an export: a description of its columns, the labels of its tasks."""

from __future__ import annotations

from pathlib import Path

from quotes.errors import StoreError
from quotes.files.atomic import written_aside


def write_companion(path: Path, text: str, *, of: str) -> None:
    """Write a small file, which replaces a former one only when it is complete.

    Args:
        path: the file.
        text: its content.
        of: the export it accompanies, as an error names it: "the table".

    Raises:
        StoreError: if it cannot be written.
    """
    try:
        with written_aside(path) as (stream, _):
            stream.write(text)
    except StoreError as error:
        raise StoreError(f"{str(error).removesuffix('; the file is as it was')}; {of} was written") from error


def keep_or_write(path: Path, text: str, *, of: str) -> str | None:
    """Write a small file if there is none; one with other content, which a user may have edited, stays.

    Args:
        path: the file.
        text: its content.
        of: the export it accompanies.

    Returns:
        A remark for the user if a file was left as it is.

    Raises:
        StoreError: if it cannot be written.
    """
    try:
        held = path.read_bytes()
    except FileNotFoundError:
        write_companion(path, text, of=of)
        return None
    except OSError as error:
        raise StoreError(f"{path}: cannot be read ({error.strerror or error}); {of} was written") from error
    if held == text.encode():
        return None
    return f"{path} has other content, perhaps edited, and stays as it is; remove it to get a new one"
