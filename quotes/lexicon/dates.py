"""Read printed dates as ISO days: "June 10, 2025", "10 Sept. 2025" and "25/03/2025".

No date library is used: dateutil and dateparser fill in missing parts from today's date, and guess how to read
10/06/2025. A record has a day that is printed and clear, or none.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quotes.lexicon.load import Lexicon

_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"[^\W\d_]+")
# Lengths of a month's short form: Jun, and Sept with four.
_SHORT = (3, 4)


def month_number(word: str, *, lexicon: Lexicon) -> int | None:
    """Return 1 to 12 for a month's full or short name, with or without a full stop, else None."""
    name = word.rstrip(".").lower()
    for number, month in enumerate(lexicon.words.get(f"{lexicon.language}-months", ()), start=1):
        whole = month.lower()
        if name == whole or name in (whole[:size] for size in _SHORT):
            return number
    return None


def iso_day(printed: str, *, lexicon: Lexicon) -> str | None:
    """Return the ISO form of a printed date, or None if it is not a date or has two readings.

    Args:
        printed: "June 10, 2025", "10 Jun 2025", "2025-06-10" or "25/03/2025"; a weekday may precede it.
        lexicon: the patterns, with the months in order as `<lang>-months`.
    """
    numbers = [int(n) for n in _NUMBER.findall(printed)]
    named = [m for m in (month_number(w, lexicon=lexicon) for w in _WORD.findall(printed)) if m]
    if named:
        if len(named) > 1 or len(numbers) != 2:
            return None
        day, month, year = numbers[0], named[0], numbers[1]
    elif len(numbers) != 3 or _WORD.search(printed):
        return None
    elif printed.strip()[4:5] == "-":
        year, month, day = numbers
    else:
        day, month, year = numbers
        if day <= 12 and month <= 12 and day != month:
            return None  # 10/06/2025 is June in Delhi and October in Boston.
        if month > 12:
            day, month = month, day
    return _iso(year, month, day)


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat() if year > 999 else None
    except ValueError:  # June 31
        return None
