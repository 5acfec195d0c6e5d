"""Check a quote: whether these are the words, who is credited with them, and where.

`Checker` indexes records and answers. `passages` cuts articles into texts to search and says whose words a slice is,
`index` finds words, `result` holds the answer.
"""

from __future__ import annotations

from quotes.comparison.checking.checker import Checker
from quotes.comparison.checking.result import SCHEMA, STATUS, Change, Finding, Hit, Match, Standing, Verdict

__all__ = ["SCHEMA", "STATUS", "Change", "Checker", "Finding", "Hit", "Match", "Standing", "Verdict"]
