"""Weigh candidates by few, named features; the winner's probability is the record's confidence.

A logistic model over the features of one candidate: its weights are data (`patterns/<lang>/ranker.toml`), fitted on
training articles by `tests/benchmarks/fit.py`. Of the candidates that claim the same words the most probable stands; a
statement within a statement ("Lee said that Roe called it “a gift”") stands beside the outer one.
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

# Candidates are compared within stretches of so many characters, so that a long text costs no square.
_STRETCH = 2_000
# What was not said is exported on request alone; taken for nobody's words, it would be told as a quotation.
_UNSAID = 0.1
# Two proposers mean the same statement where their words overlap by half, as `score.py` matches them.
_ALIKE = 0.5
# How sure a proposer is means something else of reported speech, which no marks bound, of words without a cue, and of
# statements within statements: these have weights of their own for it.
_SURE = (
    "both_roles_content", "both_roles_link", "both_roles_source", "both_roles_alone",
    "both_pattern_rated", "both_pattern_alone",
)  # fmt: skip
_APART = {"both_indirect": "indirect", "both_roles_no_cue": "no_cue", "both_roles_inner": "inner"}
# Characters of a word and the space behind it.
_WORD = 6.0
# In these turns reported speech is looked for.
_TOLD = ("label", "question", "answer", "unnamed")


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


def combine(
    patterns: Sequence[Candidate], roles: Sequence[Candidate], *, weights: Mapping[str, float]
) -> list[Candidate]:
    """Describe the candidates of two proposers by features that compare them.

    Args:
        patterns: what the patterns propose.
        roles: what the reader of roles proposes.
        weights: by feature, for the probability that patterns alone give a candidate.

    Returns:
        All candidates, with features whose names begin with "both_": what its own proposer says of each, and whether
        the other one proposes the same words and credits the same speaker.
    """
    certain = [c for c in patterns if _is_certain(c)]
    cues = sorted(c.cue.start for c in certain if c.cue)
    turns = coalesced(s for c in certain if c.turn in _TOLD for s in c.spans)
    roles = [c for c, _, shares in _paired(roles, certain) if not shares or _holds(c, cues) or _told_within(c, turns)]
    found = [
        evolve(c, features=tuple(_compared(c, near, weights)))
        for c, near, shares in _paired(patterns, roles)
        if near is not None or not shares or _is_certain(c)  # what the reader reads otherwise, it reads better
    ]
    by_cue = {c.cue.start: c for c in reversed(patterns) if c.cue}
    for candidate, near, _ in _paired(roles, patterns):
        shown = near or _part_of(candidate, by_cue)
        found.append(evolve(_explained(candidate, shown), features=tuple(_compared(candidate, near, weights))))
    return found


def _part_of(candidate: Candidate, by_cue: Mapping[int, Candidate]) -> Candidate | None:
    """Find the pattern's candidate with the same cue that holds a part of a statement: “A,” she said. “B.”"""
    if candidate.cue is None:
        return None
    for at in range(candidate.cue.start, candidate.cue.end):
        other = by_cue.get(at)
        if other and all(any(s.start <= o.start and o.end <= s.end for s in candidate.spans) for o in other.spans):
            return other
    return None


def _holds(candidate: Candidate, cues: Sequence[int]) -> bool:
    """Return whether a statement holds a cue of another one: Reuters reported that Roe said it would rain.

    Args:
        candidate: the statement.
        cues: where cues begin, in order.
    """
    return any(bisect_left(cues, s.start) < bisect_left(cues, s.end) for s in candidate.spans)


def _told_within(candidate: Candidate, turns: Sequence[Span]) -> bool:
    """Return whether a turn of a transcript tells of a statement: LEE: He told me that it was safe."""
    cue = candidate.cue
    return cue is not None and held(turns, cue.start) and all(held(turns, s.start) for s in candidate.spans)


def _is_certain(candidate: Candidate) -> bool:
    """Return whether layout or a pattern that says so outranks the reader."""
    return any(name in ("layout", "certain") for name, _ in candidate.features)


def _explained(candidate: Candidate, other: Candidate | None) -> Candidate:
    """Let a pattern that agrees with the reader of roles name the words: the grammar knows better where they end."""
    if other is None or other.cue is None or candidate.cue is None or not _crossing(candidate.cue, other.cue):
        return candidate
    found = evolve(candidate, cue=other.cue, anchor=other.anchor, pattern=other.pattern)
    own, theirs = candidate.mention, other.mention
    if own and theirs and _crossing(own, theirs) and theirs.start <= own.start:
        found = evolve(found, mention=other.mention, source=other.source)
        if any(_crossing(span, theirs) for span in found.spans):
            found = evolve(found, spans=other.spans, type=other.type)  # cried her proud | father Albert Moss
    return found


def _crossing(one: HasBounds, other: HasBounds) -> bool:
    return one.start < other.end and other.start < one.end


def _paired(
    own: Sequence[Candidate], others: Sequence[Candidate]
) -> Iterator[tuple[Candidate, Candidate | None, bool]]:
    """Yield each candidate, the other proposer's that means the same, and whether any other shares words with it."""
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
    """Yield the features by which the candidates of two proposers are weighed against each other."""
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
    """Return the logarithm of about how many words a statement has."""
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
    rated = candidate if not by_roles else other
    if rated is not None:
        yield f"{name}_rated", probability(rated, weights=weights)
    if other is None:
        yield f"{name}_alone", 1.0
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
    """Choose the statements that stand.

    Args:
        candidates: of one article, from every proposer.
        lexicon: brings the weights.
        least: the probability below which a candidate is dropped.
        scheme: which weights hold: for patterns alone, or for what `combine` gives.

    Returns:
        The chosen with their probabilities, in order of the text.
    """
    weights = lexicon.weights if scheme == "patterns" else {**lexicon.weights, "bias": lexicon.weights["both_bias"]}
    prefix = "least" if scheme == "patterns" else "both_least"
    scored = sorted(
        ((probability(c, weights=weights), c) for c in candidates),
        key=lambda pc: (-pc[0], pc[1].spans[0].start, pc[1].cue.start if pc[1].cue else -1, pc[1].pattern),
    )
    taken: list[Statement] = []
    cues: set[int] = set()
    near: dict[int, list[Candidate]] = {}  # the chosen, by the stretches of the text that they touch
    for p, candidate in scored:
        wanted = weights.get(f"{prefix}_{candidate.type}", 0.0) if candidate.stance == "said" else _UNSAID
        if p < max(least, wanted):
            continue
        by_pattern = candidate.stance == "said" and any(name == "both_pattern" for name, _ in candidate.features)
        if by_pattern and p < weights.get("both_least_pattern", 0.0):
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


def _places(candidate: Candidate) -> range:
    """Return the stretches of the text, of a fixed length each, that a candidate touches."""
    return range(candidate.spans[0].start // _STRETCH, candidate.spans[-1].end // _STRETCH + 1)


def _overlap(one: Sequence[Span], other: Sequence[Span]) -> int:
    return sum(max(0, min(a.end, b.end) - max(a.start, b.start)) for a in one for b in other)


def _conflict(one: Candidate, other: Candidate) -> bool:
    """Return whether two candidates cannot both stand: they share words, and neither holds the other's cue."""
    if not _overlap(one.spans, other.spans):
        return False
    return not (_holds(other, _cue_start(one)) or _holds(one, _cue_start(other)))


def _cue_start(candidate: Candidate) -> tuple[int, ...]:
    return (candidate.cue.start,) if candidate.cue else ()
