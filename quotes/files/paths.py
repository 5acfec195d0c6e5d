"""Paths as callers give them: text or Path, one or several."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

AnyPath = str | os.PathLike[str]


def several(paths: AnyPath | Iterable[AnyPath]) -> tuple[Path, ...]:
    """Return paths as a tuple; a single path becomes a tuple of one."""
    if isinstance(paths, str | os.PathLike):
        return (Path(paths),)
    return tuple(map(Path, paths))
