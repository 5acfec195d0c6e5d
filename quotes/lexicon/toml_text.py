"""Read TOML that a person wrote: pattern files, people files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import tomli

# Our files need at most ten levels; deeper nesting is a mistake or an attack.
DEEPEST = 40
# TOML guarantees integers of 64 bits only.
_BITS = 64


def parsed(text: str) -> dict[str, Any]:
    """Parse a TOML document.

    Args:
        text: the document.

    Raises:
        ValueError: if it is not TOML, is nested too deeply, or has a number that is too large; the message says which.
    """
    try:
        document = tomli.loads(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    level: list[Any] = [document]
    for _ in range(DEEPEST):
        level = [item for value in level for item in _items(value) if not isinstance(item, str)]
        if any(isinstance(item, int) and item.bit_length() > _BITS for item in level):
            raise ValueError("a number is too large")
    if level:
        raise ValueError(f"nested too deeply: {DEEPEST} levels are the most")
    return document


def _items(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()
