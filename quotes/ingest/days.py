"""Convert dates of inputs (ISO 8601, RFC 2822, 25/03/2025, seconds since 1970) to ISO 8601."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from quotes.ingest.reading import DateOrder
from quotes.lexicon import load_lexicon
from quotes.lexicon.dates import iso_day

# 04/03/2025, 4.3.25 and 2025/03/04 14:00: only numbers, with or without a time.
_NUMBERS = re.compile(r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})(?:[ T,]{1,3}(\d{1,2}:\d{2}(?::\d{2})?))?")
_SECONDS = re.compile(r"\d{9,10}(?:\.\d{1,9})?|\d{12,13}")
# The time after a day in words: "March 4, 2025 at 10:00 a.m. ET".
_TIME = re.compile(r",?\s{1,9}(?:[a-z]{2}\s{1,9})?\d{1,2}[:.]\d{2}(?!\d).{0,40}$", re.IGNORECASE)
# Two-digit years up to this one are of this century, as in POSIX.
_PIVOT = 68


def iso(printed: str | None, *, order: DateOrder | None = None) -> str | None:
    """Return a date as ISO 8601, or None if the day is not clear.

    Args:
        printed: the date in the input.
        order: how to read 06/10/2025; such dates are ignored if None.
    """
    if not printed:
        return None
    from email.utils import parsedate_to_datetime

    words = printed.strip()
    if match := _SECONDS.fullmatch(words):
        return _moment(float(words) / (1000 if "." not in words and len(words) > 10 else 1))
    try:
        moment = datetime.fromisoformat(words)
        return moment.date().isoformat() if len(words) <= 10 else moment.isoformat()
    except ValueError:
        pass
    if match := _NUMBERS.fullmatch(words):
        return _day(match, order)
    try:
        return parsedate_to_datetime(words).isoformat()  # RFC 2822, as in feeds and mails
    except (ValueError, TypeError, IndexError):
        return iso_day(_TIME.sub("", words), lexicon=load_lexicon())


def ambiguous(printed: str | None) -> bool:
    """Return whether a date has two readings, day first and month first."""
    if not printed or iso(printed) is not None:
        return False
    return iso(printed, order="day-first") is not None and iso(printed, order="month-first") is not None


def _moment(seconds: float) -> str | None:
    try:
        return datetime.fromtimestamp(seconds, tz=UTC).isoformat(timespec="seconds")
    except (ValueError, OverflowError, OSError):
        return None


def _day(match: re.Match[str], order: DateOrder | None) -> str | None:
    """Return the day, with its time, of a numeric date."""
    first, middle, last = match[1], int(match[3]), match[4]
    if len(first) == 4:
        year, month, day = int(first), middle, int(last)
    else:
        year = int(last) if len(last) == 4 else int(last) + (2000 if int(last) <= _PIVOT else 1900)
        if len(last) not in (2, 4) or len(first) > 2:
            return None
        day, month = int(first), middle
        if match[2] != "." and day <= 12 and month <= 12 and day != month:  # 4.3.2025 has the day first everywhere
            if order is None:
                return None
            day, month = (day, month) if order == "day-first" else (month, day)
        elif month > 12:
            day, month = month, day
    try:
        if match[5]:
            return datetime.fromisoformat(f"{year:04}-{month:02}-{day:02}T{match[5]:0>5}").isoformat()
        return datetime(year, month, day).date().isoformat()
    except ValueError:
        return None
