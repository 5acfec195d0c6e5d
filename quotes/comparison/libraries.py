"""Libraries of the extra `compare`: rapidfuzz for edit distances, datasketch for MinHash."""

from __future__ import annotations

from typing import Any

from quotes.errors import MissingLibraryError


def _missing(error: ImportError) -> MissingLibraryError:
    return MissingLibraryError(f"comparing quotes needs {error.name}: .venv/bin/pip install '.[compare]'")


try:
    from rapidfuzz.distance import LCSseq, Levenshtein
except ImportError as error:
    raise _missing(error) from error


def min_hash(**settings: Any) -> Any:
    """Return a MinHash of datasketch, imported late because it loads slowly.

    Args:
        settings: its arguments.

    Raises:
        MissingLibraryError: if datasketch is not installed.
    """
    try:
        from datasketch import MinHash
    except ImportError as error:
        raise _missing(error) from error
    return MinHash(**settings)


__all__ = ["LCSseq", "Levenshtein", "min_hash"]
