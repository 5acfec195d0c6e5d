"""Whom a newsroom quotes: shares with confidence intervals, concentration, and two outlets or periods side by side.

`facts` collects the facts of each quote, `counting` counts them, `intervals` gives the confidence intervals.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from quotes.comparison.audit.counting import breakdowns, charts, concentration, group_of
from quotes.comparison.audit.facts import Fact, facts, of_outlet, of_period
from quotes.comparison.audit.result import SCHEMA, Audit
from quotes.comparison.sources import Gathered, Gatherer, appearances
from quotes.errors import InputError
from quotes.lexicon import load_lexicon
from quotes.records import ArticleRecord, ErrorRecord

__all__ = ["SCHEMA", "Audit", "audit"]

ALL = "All articles"
_PERIOD = re.compile(r"(\d{4}(?:-\d\d(?:-\d\d)?)?)(?:\.\.(\d{4}(?:-\d\d(?:-\d\d)?)?))?")


def audit(
    records: Iterable[ArticleRecord | ErrorRecord], *, compare: Sequence[str] = (), gatherer: Gatherer | None = None,
    gathered: Gathered | None = None,
) -> Audit:  # fmt: skip
    """Return an audit of the speakers in articles.

    Args:
        records: articles; errors are skipped.
        compare: nothing, or two outlets or periods to set side by side: "BBC", "2025", "2025-01..2025-06".
        gatherer: gathers the sources; by default for English, without a newsroom's lists.
        gathered: the sources, if they have been gathered already.

    Raises:
        InputError: if one of the two has no quotes.
    """
    held = [record for record in records if isinstance(record, ArticleRecord)]
    gatherer = gatherer or Gatherer(load_lexicon("en"))
    gathered = gathered or gatherer.gather(appearances(held))
    found = facts(held, gathered, lexicon=gatherer.lexicon)
    parts = [(name, _part(found, name)) for name in compare] or [(ALL, found)]
    counted = [some for _, some in parts]
    return Audit(
        groups=tuple(group_of(name, some) for name, some in parts),
        charts=charts(counted, gatherer.lexicon.families),
        concentration=tuple(concentration(name, some, gathered.sources) for name, some in parts),
        breakdowns=breakdowns([fact for some in counted for fact in some] if compare else found),
    )


def _part(found: Sequence[Fact], name: str) -> list[Fact]:
    period = _PERIOD.fullmatch(name.strip())
    part = of_period(found, period[1], period[2] or period[1]) if period else of_outlet(found, name.strip())
    if not part:
        outlets = sorted({fact.outlet for fact in found if fact.outlet})[:8]
        days = sorted(fact.day for fact in found if fact.day)
        known = [f"outlets: {', '.join(outlets)}" if outlets else "", f"days {days[0]} to {days[-1]}" if days else ""]
        there = "; ".join(filter(None, known)) or "neither outlets nor dates"
        raise InputError(f"{name}: no quotes of it; there are {there}")
    return part
