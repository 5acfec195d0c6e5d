"""Lay a variant over its lead: the variant's text as printed, cut where its words differ, with the missing words."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from quotes.comparison.variants.comparison import compared, shared, steps
from quotes.comparison.variants.result import Op, Variant
from quotes.lexicon import Lexicon


@frozen
class Run:
    """A run of text: without `op`, both print it, or it is not compared.

    `missing` words are the lead's only; the other runs, joined, are the variant's text.
    """

    text: str
    op: Op | None = None
    missing: bool = False


def laid_over(lead: Variant, variant: Variant, *, lexicon: Lexicon) -> tuple[Run, ...]:
    """Return the variant's text in runs, with the lead's missing words in their places.

    Args:
        lead: the fullest printing of a group.
        variant: another of the same group.
        lexicon: the patterns used for the group.
    """
    return tuple(run for run in _runs(lead, variant, lexicon) if run.text)


def _runs(lead: Variant, variant: Variant, lexicon: Lexicon) -> Iterator[Run]:
    one = compared(lead.text, lead.type, lexicon=lexicon).wording
    other = compared(variant.text, variant.type, lexicon=lexicon).wording
    at = 0
    for step in steps(one, other, shared(one, other) or ()):
        low, high = step.theirs
        # At the end, missing words follow the last word, before the closing mark.
        place = other.spans[low][0] if low < len(other) else other.spans[-1][1] if other.spans else at
        end = max(place, other.spans[high - 1][1]) if low < high else place
        yield Run(variant.text[at:place])
        yield Run(one.printed(*step.ours), step.op, missing=True)
        yield Run(variant.text[place:end], step.op)
        at = end
    yield Run(variant.text[at:])
