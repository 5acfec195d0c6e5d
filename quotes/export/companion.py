"""The file that goes beside an export: a description of its columns, the labels of its tasks."""

from __future__ import annotations

from pathlib import Path

from quotes.errors import StoreError
from quotes.files.atomic import written_aside


def write_companion(path: Path, text: str, *, of: str) -> None:
    """Write a small file, which takes the place of a former one when it is whole.

    Args:
        path: of the file.
        text: all of it.
        of: what it goes beside, as an error says it is there: "the table".

    Raises:
        StoreError: where it cannot be written.
    """
    try:
        with written_aside(path) as (stream, _):
            stream.write(text)
    except StoreError as error:
        raise StoreError(f"{str(error).removesuffix('; the file is as it was')}; {of} is there") from error


def keep_or_write(path: Path, text: str, *, of: str) -> str | None:
    """Write a small file where there is none; one that holds something else, as somebody has edited it, stays.

    Args:
        path: of the file.
        text: all of it.
        of: what it goes beside.

    Returns:
        What to tell the user, where a file was left as it is.

    Raises:
        StoreError: where it cannot be written.
    """
    try:
        held = path.read_bytes()
    except FileNotFoundError:
        write_companion(path, text, of=of)
        return None
    except OSError as error:
        raise StoreError(f"{path}: cannot be read ({error.strerror or error}); {of} is there") from error
    if held == text.encode():
        return None
    return f"{path} holds something else, or has been edited, and stays as it is; remove it to get a new one"
