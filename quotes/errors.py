"""The errors that `quotes` raises: each message is one line that names the thing and the next step."""

from __future__ import annotations


class QuotesError(Exception):
    """Anything that went wrong and that the caller can mend."""


class InputError(QuotesError):
    """An input that cannot be read: missing, empty, binary, broken."""


class PatternError(QuotesError):
    """A fault in the pattern files; the message lists all faults, one a line."""


class ModelError(QuotesError):
    """A spaCy pipeline that is missing or lacks a tagger or parser."""


class StoreError(QuotesError):
    """An output that cannot be written or read back."""
