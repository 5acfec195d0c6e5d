"""Weigh candidates by few, named features; the winner's probability is the quote's confidence.

A logistic model over the features of one candidate: its weights are data (`patterns/<lang>/ranker.toml`), fitted on
training articles by `tests/benchmarks/fit.py`. Of candidates that claim the same words the most probable is chosen; a
statement within a statement ("Lee said that Roe called it “a gift”") is kept beside the outer one.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from attrs import evolve

from quotes.extraction.statement import Statement, in_order
from quotes.lexicon import Lexicon
from quotes.records import Candidate, Span
from quotes.text.spans import HasBounds, coalesced, held

# Candidates are compared within blocks of this many characters, so that long texts do not take quadratic time.
_STRETCH = 2_000
# Stances exported only on request; without their speaker they would pass for quotations.
_UNSAID = 0.1
# Two proposers mean the same statement if their words overlap by half, as in `score.py`.
_ALIKE = 0.5
# The most characters between a quotation's credit and the words that relay it: said Lee on Monday, according to CNN.
_RELAY = 60
# A proposer's probability means something else for reported speech, for words without a cue, and for statements within
# statements: these have separate weights for it.
_SURE = (
    "both_roles_content", "both_roles_link", "both_roles_source", "both_roles_alone",
    "both_pattern_rated", "both_pattern_alone",
)  # fmt: skip
_APART = {"both_indirect": "indirect", "both_roles_no_cue": "no_cue", "both_roles_inner": "inner"}
# How a reported statement of the reader begins and ends: see `proposers.endings`.
_ENDS = ("roles_begins_sentence", "roles_ends_sentence", "roles_around_mention")
# Characters of a word and the space after it.
_WORD = 6.0
# Turns in which to look for reported speech.
_TOLD = ("label", "question", "answer", "unnamed")


def probability(candidate: Candidate, *, weights: Mapping[str, float]) -> float:
    """Return the probability that span and speaker of a candidate are both right.

    Args:
        candidate: a candidate with its features.
        weights: weights by feature; features without one are ignored.
    """
    total = weights.get("bias", 0.0)
    for name, value in candidate.features:
        total += weights.get(name, 0.0) * value
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


def combine(
    patterns: Sequence[Candidate], roles: Sequence[Candidate], *, weights: Mapping[str, float]
) -> list[Candidate]:
    """Add features to the candidates of two proposers that compare them.

    Args:
        patterns: the patterns' candidates.
        roles: the reader's candidates.
        weights: weights by feature, for the probability of a candidate by patterns alone.

    Returns:
        All candidates, with features whose names begin with "both_": the own proposer's probability, and whether the
        other one proposes the same words and credits the same speaker.
    """
    certain = [c for c in patterns if _is_certain(c)]
    cues = sorted(c.cue.start for c in certain if c.cue)
    turns = coalesced(s for c in certain if c.turn in _TOLD for s in c.spans)
    roles = [c for c, _, shares in _paired(roles, certain) if not shares or _holds(c, cues) or _told_within(c, turns)]
    credited: dict[int, list[Candidate]] = {}
    for candidate in patterns:
        if candidate.type == "direct":
            credited.setdefault(candidate.spans[0].start, []).append(candidate)
    roles = [c for c in roles if not any(_passes_on(c, one) for one in credited.get(c.spans[0].start, ()))]
    found = [
        evolve(c, features=tuple(_compared(c, near, weights)))
        for c, near, shares in _paired(patterns, roles)
        if near is not None or not shares or _is_certain(c)  # where they differ, the reader is right more often
    ]
    by_cue = {c.cue.start: c for c in reversed(patterns) if c.cue}
    for candidate, near, _ in _paired(roles, patterns):
        shown = near or _part_of(candidate, by_cue)
        found.append(evolve(_explained(candidate, shown), features=tuple(_compared(candidate, near, weights))))
    return found


def _passes_on(outer: Candidate, inner: Candidate) -> bool:
    """Return whether a quotation has a credit of its own before a cue: “No,” said Ana Lee, according to CNN."""
    if inner.cue is None or inner.mention is None or outer.cue is None:
        return False
    low = min(inner.cue.start, inner.mention.start)
    high = max(inner.cue.end, inner.mention.end)
    return inner.spans[-1].end <= low and max(high, outer.spans[-1].end) <= outer.cue.start < high + _RELAY


def _part_of(candidate: Candidate, by_cue: Mapping[int, Candidate]) -> Candidate | None:
    """Return the pattern's candidate with the same cue that is part of a statement: “A,” she said. “B.”"""
    if candidate.cue is None:
        return None
    for at in range(candidate.cue.start, candidate.cue.end):
        other = by_cue.get(at)
        if other and all(any(s.start <= o.start and o.end <= s.end for s in candidate.spans) for o in other.spans):
            return other
    return None


def _holds(candidate: Candidate, cues: Sequence[int]) -> bool:
    """Return whether a statement contains another's cue: Reuters reported that Roe said it would rain.

    Args:
        candidate: the statement.
        cues: the offsets of cues, in order.
    """
    return any(bisect_left(cues, s.start) < bisect_left(cues, s.end) for s in candidate.spans)


def _told_within(candidate: Candidate, turns: Sequence[Span]) -> bool:
    """Return whether a turn of a transcript reports a statement: LEE: He told me that it was safe."""
    cue = candidate.cue
    return cue is not None and held(turns, cue.start) and all(held(turns, s.start) for s in candidate.spans)


def _is_certain(candidate: Candidate) -> bool:
    """Return whether layout or a certain pattern outranks the reader."""
    return any(name in ("layout", "certain") for name, _ in candidate.features)


def _explained(candidate: Candidate, other: Candidate | None) -> Candidate:
    """Take the words from a pattern that agrees with the reader: the grammar knows better where they end."""
    if other is None or other.cue is None or candidate.cue is None or not _crossing(candidate.cue, other.cue):
        return candidate
    found = evolve(candidate, cue=other.cue, anchor=other.anchor, pattern=other.pattern)
    own, theirs = candidate.mention, other.mention
    nearer = own and theirs and other.cue.end + 1 == theirs.start and theirs.end + 1 < own.start
    if own and theirs and (nearer or (_crossing(own, theirs) and theirs.start <= own.start)):
        found = evolve(found, mention=other.mention, source=other.source)
        if any(_crossing(span, theirs) for span in found.spans):
            found = evolve(found, spans=other.spans, type=other.type)  # cried her proud | father Albert Moss
    return found


def _crossing(one: HasBounds, other: HasBounds) -> bool:
    return one.start < other.end and other.start < one.end


def _paired(
    own: Sequence[Candidate], others: Sequence[Candidate]
) -> Iterator[tuple[Candidate, Candidate | None, bool]]:
    """Yield each candidate, the other proposer's equivalent, and whether any other candidate overlaps it."""
    near: dict[int, list[Candidate]] = {}
    for other in others:
        for place in _places(other):
            near.setdefault(place, []).append(other)
    for candidate in own:
        rivals = {id(o): o for place in _places(candidate) for o in near.get(place, ())}.values()
        best = max(rivals, key=lambda o: _likeness(candidate, o), default=None)
        alike = best is not None and _likeness(candidate, best) >= _ALIKE
        yield candidate, best if alike else None, any(_overlap(candidate.spans, o.spans) for o in rivals)


def _likeness(one: Candidate, other: Candidate) -> float:
    """Return intersection over union of two statements' characters."""
    shared = _overlap(one.spans, other.spans)
    return shared / (sum(s.end - s.start for c in (one, other) for s in c.spans) - shared) if shared else 0.0


def _compared(
    candidate: Candidate, other: Candidate | None, weights: Mapping[str, float]
) -> Iterator[tuple[str, float]]:
    """Yield the features that compare the candidates of two proposers."""
    found = dict(_both(candidate, other, weights))
    yield from found.items()
    if "both_certain" in found:
        return
    if candidate.mention is None:
        yield "both_no_mention", 1.0
    if candidate.type == "indirect":
        yield "both_length_indirect", _length(candidate)
    if found.get("both_roles_no_cue"):
        yield "both_length_no_cue", _length(candidate)
    for part, kind in _APART.items():
        if found.get(part):
            yield from ((f"{name}_{kind}", found[name]) for name in _SURE if found.get(name))


def _length(candidate: Candidate) -> float:
    """Return the logarithm of a statement's approximate number of words."""
    return math.log(max(1.0, sum(s.end - s.start for s in candidate.spans) / _WORD))


def _both(
    candidate: Candidate, other: Candidate | None, weights: Mapping[str, float]
) -> Iterator[tuple[str, float]]:
    own = dict(candidate.features)
    yield f"both_{candidate.type}", 1.0
    if _is_certain(candidate):
        yield "both_certain", 1.0
        return
    by_roles = "roles" in own
    name = "both_roles" if by_roles else "both_pattern"
    yield name, 1.0
    if by_roles:
        yield "both_roles_content", own.get("roles_content", 0.0)
        yield "both_roles_link", own.get("roles_link", 0.0)
        yield "both_roles_source", own.get("roles_source", 0.0)
        yield "both_roles_no_source", own.get("roles_no_source", 0.0)
        yield "both_roles_no_cue", own.get("roles_no_cue", 0.0)
        yield "both_roles_inner", own.get("roles_inner", 0.0)
        yield "both_roles_speech", own.get("roles_speech", 0.0) if candidate.type == "indirect" else 0.0
        if candidate.type == "indirect":
            yield from ((f"both_{feature}", own[feature]) for feature in _ENDS if feature in own)
    rated = candidate if not by_roles else other
    if rated is not None:
        yield f"{name}_rated", probability(rated, weights=weights)
    if other is None:
        yield f"{name}_alone", 1.0
        if not by_roles and own.get("whole_sentence") and own.get("direct_plainest"):
            yield "both_pattern_whole", 1.0
    else:
        yield f"{name}_alike", _likeness(candidate, other)
        same = candidate.mention is not None and other.mention is not None
        yield f"{name}_same_speaker", float(same and _overlap([candidate.mention], [other.mention]) > 0)  # type: ignore[list-item]


def choose(
    candidates: Iterable[Candidate],
    *,
    lexicon: Lexicon,
    least: float = 0.0,
    scheme: Literal["patterns", "both"] = "patterns",
) -> list[Statement]:
    """Choose the statements among the candidates.

    Args:
        candidates: the candidates of one article, from every proposer.
        lexicon: the patterns, with the weights.
        least: the probability below which a candidate is dropped.
        scheme: the weights to use: for patterns alone, or for the result of `combine`.

    Returns:
        The chosen candidates with their probabilities, in order of the text.
    """
    weights = lexicon.weights if scheme == "patterns" else {**lexicon.weights, "bias": lexicon.weights["both_bias"]}
    prefix = "least" if scheme == "patterns" else "both_least"
    scored = sorted(
        ((probability(c, weights=weights), c) for c in candidates),
        key=lambda pc: (-pc[0], pc[1].spans[0].start, pc[1].cue.start if pc[1].cue else -1, pc[1].pattern),
    )
    taken: list[Statement] = []
    cues: set[int] = set()
    near: dict[int, list[Candidate]] = {}  # the chosen, by the blocks of the text that they overlap
    for p, candidate in scored:
        if p < max(least, _least(candidate, weights, prefix)):
            continue
        if candidate.cue and candidate.cue.start in cues:
            continue
        if any(_conflict(candidate, other) for place in _places(candidate) for other in near.get(place, ())):
            continue
        if candidate.cue:
            cues.add(candidate.cue.start)
        for place in _places(candidate):
            near.setdefault(place, []).append(candidate)
        taken.append(Statement(candidate, p))
    return in_order(taken)


def _least(candidate: Candidate, weights: Mapping[str, float], prefix: str) -> float:
    """Return the least probability of a candidate that is chosen.

    The reader misses short quotations in a row: “Yes,” said Lee. “Yes,” said Lee. A sentence in marks that only a
    pattern credits, with a plain word of saying, and that nothing else claims, needs less.
    """
    if candidate.stance != "said":
        return _UNSAID
    features = {name for name, _ in candidate.features}
    if "both_pattern_whole" in features:
        return weights.get("both_least_whole", 0.0)
    wanted = weights.get(f"{prefix}_{candidate.type}", 0.0)
    return max(wanted, weights.get("both_least_pattern", 0.0)) if "both_pattern" in features else wanted


def _places(candidate: Candidate) -> range:
    """Return the blocks of the text that a candidate overlaps."""
    return range(candidate.spans[0].start // _STRETCH, candidate.spans[-1].end // _STRETCH + 1)


def _overlap(one: Sequence[Span], other: Sequence[Span]) -> int:
    return sum(max(0, min(a.end, b.end) - max(a.start, b.start)) for a in one for b in other)


def _conflict(one: Candidate, other: Candidate) -> bool:
    """Return whether two candidates exclude each other: they share words, and neither contains the other's cue."""
    if not _overlap(one.spans, other.spans):
        return False
    return not (_holds(other, _cue_start(one)) or _holds(one, _cue_start(other)))


def _cue_start(candidate: Candidate) -> tuple[int, ...]:
    return (candidate.cue.start,) if candidate.cue else ()
