"""A newsroom's own decisions on which sources are the same: `merges.toml`, with [[same]] and [[not_same]] tables.

    [[same]]
    sources = ["Narendra Modi", "NaMo"]

    [[not_same]]
    sources = ["John Smith, coach", "John Smith, senator"]

An entry is a name, a name and a word of the role, or a source's former id.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from attrs import define

from quotes.comparison.sources.appearance import Appearance
from quotes.comparison.sources.names import fold
from quotes.errors import InputError

Entry = tuple[str, str]
"""A folded name or an id, and a folded word of the role or ""."""


@define(eq=False)
class Overrides:
    """Sources that are the same, and that are not; each table is a tuple of entries."""

    same: tuple[tuple[Entry, ...], ...] = ()
    not_same: tuple[tuple[Entry, ...], ...] = ()

    def same_of(self, one: Appearance, identity: str) -> Iterator[int]:
        """Yield the numbers of the [[same]] tables that name a speaker."""
        yield from (table for table, _ in self._found(one, identity, "same"))

    def apart_of(self, one: Appearance, identity: str) -> frozenset[tuple[int, int]]:
        """Return the entries of [[not_same]] tables that name a speaker."""
        return frozenset(self._found(one, identity, "not_same"))

    @cached_property
    def _index(self) -> dict[tuple[str, str], list[tuple[int, int, str]]]:
        found: dict[tuple[str, str], list[tuple[int, int, str]]] = {}
        for kind, tables in (("same", self.same), ("not_same", self.not_same)):
            for number, table in enumerate(tables):
                for at, (name, role) in enumerate(table):
                    found.setdefault((kind, name), []).append((number, at, role))
        return found

    def _found(self, one: Appearance, identity: str, kind: str) -> Iterator[tuple[int, int]]:
        if not self._index:
            return
        roles = fold(" ".join(one.roles))
        for name in {fold(one.name), identity, one.listed or identity}:
            for number, at, role in self._index.get((kind, name), ()):
                if role in roles:
                    yield number, at


def read_overrides(path: Path | str) -> Overrides:
    """Read a `merges.toml`.

    Args:
        path: of the file.

    Raises:
        InputError: if it cannot be read, or has other content; the message names the table.
    """
    try:
        data = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{path}: {error}") from error
    if unknown := sorted(data.keys() - {"same", "not_same"}):
        raise InputError(f"{path}: unknown table [[{unknown[0]}]]; the tables are [[same]] and [[not_same]]")
    return Overrides(*(tuple(_table(row, f"{path}: [[{kind}]]") for row in _rows(data, kind, path))
                       for kind in ("same", "not_same")))  # fmt: skip


def _rows(data: dict[str, Any], kind: str, path: Path | str) -> list[Any]:
    rows = data.get(kind, [])
    if not isinstance(rows, list):
        raise InputError(f"{path}: {kind} must be a list of tables: [[{kind}]]")
    return rows


def _table(row: Any, where: str) -> tuple[Entry, ...]:
    entries = row.get("sources") if isinstance(row, dict) else None
    if not isinstance(entries, list) or len(entries) < 2 or not all(isinstance(e, str) and e.strip() for e in entries):
        raise InputError(f'{where} needs sources = ["one name", "another name"]')
    found = []
    for entry in entries:
        name, _, role = entry.partition(",")
        found.append((fold(" ".join(name.split())), fold(role.strip())))
    return tuple(found)
