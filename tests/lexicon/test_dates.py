"""Printed dates become ISO days where they are plain."""

from __future__ import annotations

import pytest

from quotes.lexicon import Lexicon, load_lexicon
from quotes.lexicon.dates import iso_day, month_number


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon("en")


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("June 10, 2025", "2025-06-10"),
        ("10 Jun 2025", "2025-06-10"),
        ("Sept. 3, 2024", "2024-09-03"),
        ("2025-06-10", "2025-06-10"),
        ("25/12/2024", "2024-12-25"),
        ("12/25/2024", "2024-12-25"),
        ("10/06/2025", None),
        ("Smarch 10, 2025", None),
        ("June 31, 2025", None),
    ],
)
def test_dates_become_iso_dates_unless_they_are_in_doubt(printed: str, expected: str | None, lexicon: Lexicon) -> None:
    """A date that can be read in two ways, or that no calendar holds, is null."""
    assert expected == iso_day(printed, lexicon=lexicon)


@pytest.mark.parametrize(
    ("word", "expected"), [("June", 6), ("Sept.", 9), ("sep", 9), ("MAY", 5), ("Junk", None), ("Ma", None)]
)
def test_months_are_known_whole_and_short(word: str, expected: int | None, lexicon: Lexicon) -> None:
    assert expected == month_number(word, lexicon=lexicon)
