"""The format `sqlite`: a store to which records are added; see `quotes.export.store`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from quotes.errors import InputError, StoreError
from quotes.records import ArticleRecord, ErrorRecord


def write(
    records: Iterable[ArticleRecord | ErrorRecord], path: Path, *, warn: Callable[[str], None] | None = None
) -> None:
    """Add records to a store, created if need be; each article is kept as soon as it is added.

    Args:
        records: articles and errors in any order; errors have no rows.
        path: the store.
        warn: called with a line about articles that have the name of another one in the store.

    Raises:
        StoreError: if it cannot be written.
    """
    from quotes.export.store import Store

    with Store.open(path, write=True) as store:
        store.add(records, warn=warn)


def read(path: Path) -> Iterator[ArticleRecord]:
    """Yield the articles of a store, in the order they were added.

    Args:
        path: the store.

    Raises:
        InputError: if it is not a store, or cannot be read.
    """
    from quotes.export.store import Store

    try:
        with Store.open(path) as store:
            yield from store.records()
    except (StoreError, InputError) as error:
        raise InputError(str(error).removeprefix(f"{path}: ")) from error


def companion(path: Path) -> Path:
    """Return the path of a store's metadata for Datasette."""
    from quotes.export.store import metadata

    return metadata.companion(path)


def finish(path: Path) -> str | None:
    """Update what is derived from a store: groups of variants, sources, and Datasette's metadata beside it.

    Args:
        path: the store.

    Returns:
        A remark for the user if edited metadata stay.

    Raises:
        StoreError: if it cannot be written.
    """
    from quotes.export.store import Store
    from quotes.export.store.metadata import write_beside

    with Store.open(path, write=True) as store:
        store.regroup()
        store.gather()
    return write_beside(path)
