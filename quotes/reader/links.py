"""Link tagged spans into attributions: each content finds its cue, each cue its source.

Every piece of a content votes for the first piece of its cue, or for none, and every piece of a cue for the first piece
of its source. If the votes clearly go to untagged words, these become a cue or a source.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from attrs import frozen

from quotes.reader.inference import Role, RoleSpan, Scores, log_softmax
from quotes.reader.word_pieces import Floats, Pieces

Wanted = Literal["sources", "cues"]

# The bounds below were chosen on the 40 articles held out from training.
# The least share of the votes for a cue or source, and its least ratio to the votes for "none".
_LEAST, _NO_CUE, _NO_SOURCE = 0.02, 0.5, 1.0
# The least share of the votes that turns untagged words into a cue or source.
_NEW = 0.3
# The least probability (tags times votes) of a further fragment of a statement.
_FRAGMENT = 0.5
# The least probability that a piece continues a new source.
_GROWS = float(np.log(0.3))


@frozen
class Attribution:
    """Content fragments in order, their cue and its source, and the probability of each link.

    `p_speech` is the probability of speech or writing, rather than of a thought, wish or decree. A content without a
    cue is an attribution, too, with the probability that it has none as `p_cue`.
    """

    contents: tuple[RoleSpan, ...]
    cue: RoleSpan | None
    source: RoleSpan | None
    p_cue: float
    p_source: float
    p_speech: float


def link(found: Sequence[RoleSpan], pieces: Pieces, scores: Scores) -> list[Attribution]:
    """Link spans into attributions.

    Args:
        found: the tagged spans, in order.
        pieces: the text's pieces.
        scores: the network's output for them.

    Returns:
        The attributions in order of their content.
    """
    cues = [s for s in found if s.role in ("speech", "attitude")]
    sources = [s for s in found if s.role == "source"]
    groups: dict[int, list[tuple[float, RoleSpan]]] = {}
    p_cue: dict[int, float] = {}
    out: list[Attribution] = []
    for content in (s for s in found if s.role == "content"):
        chosen, p = _choose(content, cues, pieces, scores, wanted="cues")
        if chosen is not None:
            groups.setdefault(chosen, []).append((p * content.p, content))
            p_cue[chosen] = max(p_cue.get(chosen, 0.0), p)
        else:
            out.append(Attribution((content,), None, None, p, 0.0, 1.0))
    for number, weighed in groups.items():
        best = max(weight for weight, _ in weighed)
        contents = tuple(c for weight, c in weighed if weight == best or weight >= _FRAGMENT)
        cue = cues[number]
        who, p_source = _choose(cue, sources, pieces, scores, wanted="sources")
        source = None if who is None else sources[who]
        p_speech = _speech(scores, cue.first, cue.last)
        out.append(Attribution(contents, cue, source, p_cue[number], p_source, p_speech))
    return sorted(out, key=lambda a: a.contents[0].start)


def _speech(scores: Scores, first: int, last: int) -> float:
    """Return the probability that a cue is of speech rather than of an attitude."""
    at = np.exp(scores.tags[first:last])
    speech, attitude = float(at[:, 3:5].sum()), float(at[:, 5:7].sum())
    return speech / max(speech + attitude, 1e-9)


def _choose(
    span: RoleSpan, candidates: list[RoleSpan], pieces: Pieces, scores: Scores, *, wanted: Wanted
) -> tuple[int | None, float]:
    """Choose the candidate that a span's pieces vote for, or none; a new candidate is added to the list."""
    base, votes, none = _votes(span, scores, wanted)
    near = [(n, c) for n, c in enumerate(candidates) if c.last > base and c.first < base + len(votes)]
    best, mass = None, 0.0
    for number, candidate in near:
        own = votes[max(0, candidate.first - base) : candidate.last - base]
        if best is None or own.sum() > mass:
            best, mass = number, float(own.sum())
    for _, taken in [*near, (0, span)]:
        votes[max(0, taken.first - base) : max(0, taken.last - base)] = 0.0
    k = int(votes.argmax())
    if votes[k] > max(mass, _NEW, none):
        candidates.append(_grow(base + k, pieces, scores, role="source" if wanted == "sources" else None))
        return len(candidates) - 1, float(votes[k])
    if best is None or mass <= none * (_NO_SOURCE if wanted == "sources" else _NO_CUE) or mass < _LEAST:
        return None, none
    return best, mass


def _votes(span: RoleSpan, scores: Scores, wanted: Wanted) -> tuple[int, Floats, float]:
    """Average the votes of a span's pieces for each piece, from the first returned on, and for none."""
    own = scores.own[span.first : span.last]
    seen = [(n, scores.windows[n]) for n in sorted(set(own.tolist()))]
    base, end = min(w.low for _, w in seen), max(w.high for _, w in seen)
    votes: Floats = np.zeros(end - base, dtype=np.float32)
    none = 0.0
    for number, window in seen:
        rows = np.flatnonzero(own == number) + span.first - window.low
        odds: Floats = window.sources if wanted == "sources" else window.cues
        mass = np.exp(log_softmax(odds[rows])).sum(0)
        votes[window.low - base : window.high - base] += mass[1:]
        none += float(mass[0])
    size = span.last - span.first
    votes /= size
    return base, votes, none / size


def _grow(k: int, pieces: Pieces, scores: Scores, *, role: Role | None) -> RoleSpan:
    """Return a span of the word at piece `k` and the words that the tags let follow it."""
    end = k + 1
    tag = scores.tags[k].argmax()
    while end < len(pieces):
        same_word = pieces.starts[end] == pieces.ends[end - 1] and scores.tags[end].argmax() == tag
        if not same_word and (role is None or scores.tags[end, 2] < _GROWS):
            break
        end += 1
    kind: Role = role or ("speech" if _speech(scores, k, end) >= 0.5 else "attitude")
    p = float(np.exp(scores.tags[k:end].max(-1)).mean())
    return RoleSpan(kind, k, end, int(pieces.starts[k]), int(pieces.ends[end - 1]), p)
