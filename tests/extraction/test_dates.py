"""The day of a statement, where the article prints a full date beside the cue."""

from __future__ import annotations

import pytest

from quotes.extraction import dates
from quotes.extraction.statement import Statement
from quotes.lexicon import load_lexicon
from quotes.records import Candidate, Cue, Span

LEXICON = load_lexicon("en")
CASES = {
    "after the cue": ("Lee said on Tuesday (June 10, 2025) that it rained.", "2025-06-10"),
    "one digit": ("Lee said on May 3, 1999, that it rained.", "1999-05-03"),
    "no year": ("Lee said on June 10 that it rained.", None),
    "no date": ("Lee said that it rained.", None),
    "in the next sentence": ("Lee said so. On June 10, 2025, it rained.", None),
    "on the next line": ("Lee said so\nJune 10, 2025", None),
    "before the cue": ("On June 10, 2025, Lee said that it rained.", None),
    "no such day": ("Lee said on June 41, 2025, that it rained.", None),
    "far from the cue": (f"Lee said {'in a very long aside ' * 4}on June 10, 2025, that it rained.", None),
}


def statement(text: str, *, kind: str = "indirect", said_on: str | None = None) -> Candidate:
    at = text.index("said")
    end = text.find("that", at)
    content = Span(end, len(text)) if end >= 0 else Span(0, at)
    return Candidate((content,), kind, "p", Cue("said", "say", at, at + 4), said_on=said_on)  # type: ignore[arg-type]


def days(text: str, candidate: Candidate) -> list[str | None]:
    return [s.said_on for s in dates.dated(text, [Statement(candidate)], lexicon=LEXICON)]


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES.keys())
def test_a_full_date_after_the_cue(text: str, expected: str | None) -> None:
    """Only a date with its year, in the cue's sentence and near it, is the statement's."""
    assert [expected] == days(text, statement(text))


def test_a_date_in_what_was_said_is_not_its_day() -> None:
    """The date is within the words, and may be any day."""
    text = "Lee said that on June 10, 2025, it rained."
    assert [None] == days(text, statement(text))


def test_a_day_that_is_known_stays() -> None:
    """A date given by layout, such as a post's signature, is not overruled."""
    text = "Lee said on June 10, 2025, that it rained."
    assert ["2024-01-01"] == days(text, statement(text, said_on="2024-01-01"))


def test_a_statement_without_cue_has_no_day() -> None:
    """Words without an introduction have no date."""
    assert [None] == days("It rained.", Candidate((Span(0, 10),), "direct", "p"))


def test_a_day_that_no_calendar_has() -> None:
    """June has 30 days: a misprint is not a date."""
    text = "Lee said on June 31, 2025, that it rained."
    assert [None] == days(text, statement(text))


def test_the_day_before_the_month() -> None:
    """As British papers print it."""
    text = "Lee said on 10 June 2025 that it rained."
    assert ["2025-06-10"] == days(text, statement(text))
