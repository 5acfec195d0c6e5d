"""Spans that hold an offset or touch a stretch."""

from __future__ import annotations

import pytest

from quotes.records import Span
from quotes.text.spans import held, touching

SPANS = [Span(2, 4), Span(4, 6), Span(10, 20)]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (0, 2, []), (0, 3, [0]), (3, 5, [0, 1]), (4, 5, [1]), (6, 10, []), (5, 11, [1, 2]), (0, 99, [0, 1, 2]),
        (20, 30, []), (19, 20, [2]), (12, 13, [2]),
    ],
)  # fmt: skip
def test_touching(start: int, end: int, expected: list[int]) -> None:
    """A span touches a stretch if they share a character; to adjoin it is not enough."""
    assert expected == list(touching(SPANS, start, end))


def test_touching_nothing() -> None:
    """No spans, nothing touched."""
    assert [] == list(touching([], 0, 9))


@pytest.mark.parametrize(
    ("offset", "expected"), [(1, False), (2, True), (3, True), (4, True), (6, False), (9, False), (20, False)]
)
def test_held(offset: int, expected: bool) -> None:
    """A span holds its first offset, and not the one past its last."""
    assert expected == held(SPANS, offset)
