"""Explain the choice of a speaker, for `quotes explain`: the likeliest candidates and what sets each apart."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from quotes.extraction.speakers.continuations import Choice
from quotes.extraction.speakers.resolve import PREFIX

# The most candidates to show, and the most features of each.
MOST_CANDIDATES = 4
MOST_FEATURES = 3
# Features that change a candidate's log-odds by less are not shown.
LEAST = 0.05


@frozen
class Reason:
    """One candidate: name, probability, and its strongest features with their log-odds.

    Log-odds are relative to the likeliest other candidate, since shared features decide nothing.
    """

    name: str
    probability: float
    features: tuple[tuple[str, float], ...]


def reasons(choice: Choice, weights: Mapping[str, float]) -> tuple[Reason, ...]:
    """Return the likeliest candidates of a mention, the likeliest first.

    Args:
        choice: the mention's candidates.
        weights: the ranker's weights, by feature.
    """
    found = []
    ranked = list(zip(choice.found, choice.rows, choice.chances, strict=True))[:MOST_CANDIDATES]
    for number, (who, row, chance) in enumerate(ranked):
        rival = choice.rows[1 if number == 0 else 0] if len(ranked) > 1 else {}
        added = {n: weights.get(PREFIX + n, 0.0) * (row.get(n, 0.0) - rival.get(n, 0.0)) for n in row}
        strongest = sorted((n for n in added if abs(added[n]) >= LEAST), key=lambda n: (-abs(added[n]), n))
        told = tuple((n.split(":", 1)[-1], round(added[n], 2)) for n in strongest[:MOST_FEATURES])
        found.append(Reason(who.name or "nobody", chance, told))
    return tuple(found)
