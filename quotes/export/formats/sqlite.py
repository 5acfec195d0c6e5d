"""The format `sqlite`: a store, which records are added to; see `quotes.export.store`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from quotes.errors import InputError, StoreError
from quotes.records import ArticleRecord, ErrorRecord


def write(records: Iterable[ArticleRecord | ErrorRecord], path: Path) -> None:
    """Add records to a store, which is made where there is none; each article is kept as soon as it is added.

    Args:
        records: articles and errors in any order; errors have no rows.
        path: of the store.

    Raises:
        StoreError: where it cannot be written.
    """
    from quotes.export.store import Store

    with Store.open(path, write=True) as store:
        store.add(records)


def read(path: Path) -> Iterator[ArticleRecord]:
    """Yield the articles of a store, in the order in which they were added.

    Args:
        path: of the store.

    Raises:
        InputError: where it is no store, or cannot be read.
    """
    from quotes.export.store import Store

    try:
        with Store.open(path) as store:
            yield from store.records()
    except (StoreError, InputError) as error:
        raise InputError(str(error).removeprefix(f"{path}: ")) from error


def companion(path: Path) -> Path:
    """Return where Datasette's metadata of a store goes."""
    from quotes.export.store import metadata

    return metadata.companion(path)


def finish(path: Path) -> str | None:
    """Bring what belongs to a store up to date: same statements, sources, and Datasette's metadata beside it.

    Args:
        path: of the store.

    Returns:
        What to tell the user, where metadata that somebody has edited stay.

    Raises:
        StoreError: where it cannot be written.
    """
    from quotes.export.store import Store
    from quotes.export.store.metadata import write_beside

    with Store.open(path, write=True) as store:
        store.regroup()
        store.gather()
    return write_beside(path)
