"""Runs of quotations: fragments that belong to a statement, and paragraphs that carry a speaker on.

“A,” he said. “B.” is one statement of two fragments; a paragraph of nothing but a quotation goes on with the one
before it. A run ends at a paragraph that tells something else.
"""

from __future__ import annotations

from collections.abc import Sequence

from attrs import evolve

from quotes.records import Candidate, MarkedSpan, Span

# A fragment this short, without a stop inside its marks, is a scare quote or a title sooner than a sentence of a run.
_FEWEST_WORDS = 3


def extend(
    text: str,
    chosen: Sequence[tuple[Candidate, float]],
    marked: Sequence[MarkedSpan],
    paragraphs: Sequence[Span],
) -> list[tuple[Candidate, float]]:
    """Give the quotations that no candidate claims to the statement that they go on with.

    Args:
        text: the source's text.
        chosen: the statements that stand, with their probabilities, in order.
        marked: the article's quotations, in order.
        paragraphs: its paragraphs, in order.

    Returns:
        The statements, some with more fragments, in order.
    """
    out = [list(pair) for pair in chosen]
    claimed: dict[int, int] = {}
    for index, (candidate, _) in enumerate(chosen):
        for n, m in enumerate(marked):
            if m.start >= candidate.spans[-1].end:
                break
            if any(s.start < m.end and m.start < s.end for s in candidate.spans):
                claimed.setdefault(n, index)
    number = 0
    last: int | None = None  # the statement that a following quotation may go on with
    for paragraph in paragraphs:
        inside = []
        while number < len(marked) and marked[number].start < paragraph.end:
            if marked[number].start >= paragraph.start:
                inside.append(number)
            number += 1
        here: int | None = None
        if not inside:
            last = _narrative(text, paragraph, out, last)
            continue
        for n in inside:
            if n in claimed:
                here = claimed[n]
                continue
            m = marked[n]
            carrier = here
            if carrier is None and (m.continues or (last is not None and _opens(text, paragraph, m))):
                carrier = last
            if carrier is None:
                carrier = _statement_before(out, paragraph, m)
            if carrier is None or not _sentence_like(text, m) or not _after_stop(text, paragraph, m):
                continue
            candidate = out[carrier][0]
            out[carrier][0] = _with_fragment(candidate, m)
            claimed[n] = carrier
            here = carrier
        last = here
    return [(c, p) for c, p in out]


def _narrative(text: str, paragraph: Span, out: list, last: int | None) -> int | None:
    return None


def _statement_before(out: list, paragraph: Span, m: MarkedSpan) -> int | None:
    best = None
    for index, (candidate, _) in enumerate(out):
        if candidate.spans[0].start < paragraph.start:
            continue
        if candidate.spans[0].start >= m.start:
            break
        best = index
    return best


def _opens(text: str, paragraph: Span, m: MarkedSpan) -> bool:
    return not any(c.isalnum() for c in text[paragraph.start : m.start])


def _sentence_like(text: str, m: MarkedSpan) -> bool:
    inner = text[m.inner.start : m.inner.end].strip()
    first = next((c for c in inner if c.isalnum()), "")
    return inner.count(" ") + 1 >= _FEWEST_WORDS and (first.isupper() or first.isdigit() or inner[:1] in "….")


def _after_stop(text: str, paragraph: Span, m: MarkedSpan) -> bool:
    """Tell whether the quotation begins a sentence of its own."""
    before = text[paragraph.start : m.start].rstrip()
    return not before or before[-1] in ".!?:;…”\"’'»)" or before[-1] in ","


def _with_fragment(candidate: Candidate, m: MarkedSpan) -> Candidate:
    spans = tuple(sorted([*candidate.spans, Span(m.start, m.end)], key=lambda s: s.start))
    kind = "mixed" if candidate.type == "indirect" else candidate.type
    return evolve(candidate, spans=spans, type=kind)
