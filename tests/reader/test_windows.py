"""The windows that cover a text."""

from __future__ import annotations

from itertools import pairwise

import pytest

from quotes.reader.inference import LEAST, OVERLAP, WINDOW, windows


@pytest.mark.parametrize("count", [0, 1, WINDOW - 1, WINDOW, WINDOW + 1, 300, 500, 2000])
def test_they_cover_every_piece_and_overlap(count: int) -> None:
    """They begin at the first piece and end at the last, and each shares at least `OVERLAP` pieces with the next."""
    found = list(windows(count))
    assert [*range(count)] == sorted({n for low, high in found for n in range(low, high)})
    assert all(left[1] - right[0] >= OVERLAP for left, right in pairwise(found))
    assert all(high - low <= WINDOW for low, high in found)


def test_the_last_one_is_no_longer_than_needed() -> None:
    """It holds what is left and its overlap, and at least `LEAST` pieces; a text that fits has one window."""
    assert [(0, 100)] == list(windows(100))
    assert (WINDOW + 10 - LEAST, WINDOW + 10) == list(windows(WINDOW + 10))[-1]
    assert (WINDOW - OVERLAP, WINDOW + 150) == list(windows(WINDOW + 150))[-1]
