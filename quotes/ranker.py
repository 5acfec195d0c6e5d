"""Weigh candidates by few, named features; the winner's probability is the record's confidence.

A logistic model over the features of one candidate: its weights are data (`patterns/<lang>/ranker.toml`), fitted on
training articles by `tests/benchmarks/fit.py`. Of the candidates that claim the same words the most probable stands; a
statement within a statement ("Lee said that Roe called it “a gift”") stands beside the outer one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from quotes.lexicon import Lexicon
from quotes.records import Candidate, Span

# Candidates are compared within stretches of so many characters, so that a long text costs no square.
_STRETCH = 2_000


def probability(candidate: Candidate, *, weights: Mapping[str, float]) -> float:
    """Return the probability that span and speaker of a candidate are both right.

    Args:
        candidate: with its features.
        weights: by feature; features without a weight count nothing.
    """
    total = weights.get("bias", 0.0)
    for name, value in candidate.features:
        total += weights.get(name, 0.0) * value
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


def choose(candidates: Iterable[Candidate], *, lexicon: Lexicon, least: float = 0.0) -> list[tuple[Candidate, float]]:
    """Choose the statements that stand.

    Args:
        candidates: of one article, from every proposer.
        lexicon: brings the weights.
        least: the probability below which a candidate is dropped.

    Returns:
        The chosen with their probabilities, in order of the text.
    """
    weights = lexicon.weights
    scored = sorted(
        ((probability(c, weights=weights), c) for c in candidates),
        key=lambda pc: (-pc[0], pc[1].spans[0].start, pc[1].cue.start if pc[1].cue else -1, pc[1].pattern),
    )
    taken: list[tuple[Candidate, float]] = []
    cues: set[int] = set()
    near: dict[int, list[Candidate]] = {}  # the chosen, by the stretches of the text that they touch
    for p, candidate in scored:
        if p < max(least, weights.get(f"least_{candidate.type}", 0.0)):
            continue
        if candidate.cue and candidate.cue.start in cues:
            continue
        if any(_conflict(candidate, other) for place in _places(candidate) for other in near.get(place, ())):
            continue
        if candidate.cue:
            cues.add(candidate.cue.start)
        for place in _places(candidate):
            near.setdefault(place, []).append(candidate)
        taken.append((candidate, p))
    return sorted(taken, key=lambda cp: (cp[0].spans[0].start, cp[0].spans[-1].end))


def _places(candidate: Candidate) -> range:
    """Return the stretches of the text, of a fixed length each, that a candidate touches."""
    return range(candidate.spans[0].start // _STRETCH, candidate.spans[-1].end // _STRETCH + 1)


def _overlap(one: Sequence[Span], other: Sequence[Span]) -> int:
    return sum(max(0, min(a.end, b.end) - max(a.start, b.start)) for a in one for b in other)


def _conflict(one: Candidate, other: Candidate) -> bool:
    """Tell whether two candidates cannot both stand: they share words, and neither holds the other's cue."""
    if not _overlap(one.spans, other.spans):
        return False
    if one.cue and any(s.start <= one.cue.start < s.end for s in other.spans):
        return False
    return not (other.cue and any(s.start <= other.cue.start < s.end for s in one.spans))
