"""Find the day on which a statement was made, if the article prints a full date for it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from attrs import evolve

from quotes.extraction.statement import Statement
from quotes.lexicon import Lexicon
from quotes.lexicon.dates import iso_day
from quotes.records import Candidate

# A date this far from the cue, in characters, still belongs to it: "said on Tuesday (June 10, 2025) that".
_NEAR = 60


def dated(text: str, statements: Sequence[Statement], *, lexicon: Lexicon) -> list[Statement]:
    """Give each statement the ISO date on which it was made, if it is printed: "Lee said on May 3, 2025, that".

    Args:
        text: the source's text.
        statements: the chosen statements.
        lexicon: the patterns, with the form of dates and the names of the months.

    Returns:
        The statements in the same order.
    """
    pattern = lexicon.regex(f"{lexicon.language}-full-date")
    return [
        evolve(s, said_on=s.candidate.said_on or _near_cue(text, s.candidate, pattern, lexicon)) for s in statements
    ]


def _near_cue(text: str, candidate: Candidate, pattern: re.Pattern[str], lexicon: Lexicon) -> str | None:
    cue = candidate.cue
    if cue is None or candidate.type == "post":
        return None
    after = [s.start for s in candidate.spans if s.start >= cue.end]
    end = min([cue.end + _NEAR, *after])
    match = pattern.search(text, cue.end, end)
    if match is None or any(c in text[cue.end : match.start()] for c in ".!?\n"):
        return None
    return iso_day(match.group(), lexicon=lexicon)
