"""Checking a quote: are these the words, who is credited with them, and where do they stand?

`Checker` makes records ready and answers. `passages` says what is searched and whose words a slice is, `index` finds
words, `result` is what comes back.
"""

from __future__ import annotations

from quotes.comparison.checking.checker import Checker
from quotes.comparison.checking.result import SCHEMA, STATUS, Change, Finding, Hit, Match, Standing, Verdict

__all__ = ["SCHEMA", "STATUS", "Change", "Checker", "Finding", "Hit", "Match", "Standing", "Verdict"]
