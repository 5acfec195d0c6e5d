"""Refuse to load with too little address space: some numeric libraries then wait or end the process without a word."""

from __future__ import annotations

import os
from contextlib import suppress

from quotes.errors import low_memory

# Megabytes of address space that loading and a first article take, as measured: with patterns alone, and for the
# role reader beside them.
_PIPELINE, _READER = 257, 79


def check_address_space(*, reader: bool) -> None:
    """Check that a limit of the address space (`ulimit -v`) leaves room for the pipeline.

    Args:
        reader: whether the role reader is to be loaded, too.

    Raises:
        ModelError: if it does not.
    """
    left = _address_space_left()
    if left is not None and left < _PIPELINE + reader * _READER:
        raise low_memory("the pipeline")


def _address_space_left() -> int | None:
    """Return how many megabytes of address space this process may still take; None without a limit."""
    with suppress(ImportError, OSError, ValueError):  # Windows has no such limit, and macOS does not say what is used
        import resource

        limit, _ = resource.getrlimit(resource.RLIMIT_AS)
        if limit == resource.RLIM_INFINITY:
            return None
        with open("/proc/self/statm", encoding="ascii") as used:
            return (limit - int(used.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")) >> 20
    return None
