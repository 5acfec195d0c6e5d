"""The possible results of reading any input."""

from __future__ import annotations

from collections.abc import Iterable

from quotes.records import ErrorRecord, SourceText


def assert_texts_or_errors(found: Iterable[SourceText | ErrorRecord]) -> None:
    """Each is an error of one line, or a text that can be written as UTF-8."""
    for one in found:
        if isinstance(one, ErrorRecord):
            assert one.detail
            assert "\n" not in one.detail
        else:
            assert one.text.strip()
            assert one.text.encode("utf-8")
