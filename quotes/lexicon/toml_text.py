"""Read TOML that a person wrote: pattern files, people files."""

from __future__ import annotations

import tomllib
from typing import Any

# No file of ours needs more than ten: what goes deeper is a mistake, or meant to exhaust the program.
DEEPEST = 40
# TOML promises whole numbers of 64 bits and no more.
_BITS = 64


def parsed(text: str) -> dict[str, Any]:
    """Return what a TOML document says.

    Args:
        text: of the document.

    Raises:
        ValueError: if it is no TOML, is nested too deeply or holds a number that is too large; the message says
            what is wrong.
    """
    try:
        document = tomllib.loads(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    level: list[Any] = [document]
    for _ in range(DEEPEST):
        level = [item for value in level for item in _items(value)]
        if any(isinstance(item, int) and item.bit_length() > _BITS for item in level):
            raise ValueError("a number is too large")
    if level:
        raise ValueError(f"nested too deeply: {DEEPEST} levels are the most")
    return document


def _items(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
