"""The errors of `quotes`: each message is one line that names the thing and the next step."""

from __future__ import annotations

import errno
import re

# How libraries in C, C++ and Rust, the dynamic loader and the system say that memory has run out.
_NO_MEMORY = re.compile(
    r"bad[_ ]alloc|(?:cannot|can't|could not|unable to|fail\w* to) allocate|allocation (?:has )?failed|out of memory|"
    r"not enough memory|failed to map segment|can't start new thread",
    re.IGNORECASE,
)


class QuotesError(Exception):
    """An error that the caller can fix."""


class InputError(QuotesError):
    """An input that cannot be read: missing, empty, binary, broken."""


class PatternError(QuotesError):
    """A fault in the pattern files; the message lists all faults, one per line."""


class ModelError(QuotesError):
    """A spaCy pipeline that is missing or lacks a tagger or parser."""


class StoreError(QuotesError):
    """An output that cannot be written or read back."""


class MissingLibraryError(QuotesError, ImportError):
    """A library of an extra is not installed; the message says how to install it."""


def out_of_memory(error: BaseException) -> bool:
    """Return whether an error, or its cause, means that memory has run out."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, MemoryError) or (isinstance(seen, OSError) and seen.errno == errno.ENOMEM):
            return True
        if not isinstance(seen, QuotesError) and _NO_MEMORY.search(str(seen)):
            return True
        seen = seen.__cause__ or seen.__context__
    return False


def short(error: BaseException) -> str:
    """Return an error's message as one short line, or its class if it has none."""
    return " ".join(str(error).split())[:120] or type(error).__name__


def low_memory(what: str) -> ModelError:
    """Return the error for something that could not be loaded for lack of memory."""
    return ModelError(f"there is not enough memory to load {what}; free some, or use fewer --jobs")
