"""Compare two printings of a statement: the words to compare, and the steps between them."""

from __future__ import annotations

import re

from attrs import evolve, frozen

from quotes.comparison.variants.alignment import Block, Row, align
from quotes.comparison.variants.result import Difference, Kind, Op
from quotes.comparison.words import Wording, bare, wording
from quotes.lexicon import Lexicon
from quotes.records import QuoteType
from quotes.text import quotation_marks

# A mixed quote with fewer quoted words is compared by all its words, like reported speech.
LEAST_QUOTED = 4
# Links to pages and pictures that a platform adds to a post.
_LINK = re.compile(r"https?://\S+|\b(?:pic\.twitter\.com|t\.co)/\S+")
_QUOTED = frozenset({"direct", "post"})
_CHANGES: frozenset[Op] = frozenset({"replaced", "inserted", "deleted"})


@frozen
class Compared:
    """The words of a quote to compare; `quoted` is True if they are given as the speaker's own."""

    wording: Wording
    quoted: bool


def compared(text: str, kind: QuoteType, *, lexicon: Lexicon) -> Compared:
    """Return the words of a quote to compare with other quotes.

    Args:
        text: the quote as printed.
        kind: its type. Of a mixed quote only the words in marks are compared, if they are enough; the reporter's words
            between count as a place where words may be missing.
        lexicon: the patterns, with the quotation marks.
    """
    words = wording(text)
    if kind == "post" and (links := [match.span() for match in _LINK.finditer(text)]):
        kept = [n for n, (start, _) in enumerate(words.spans) if not any(a <= start < b for a, b in links)]
        return Compared(_only(words, kept, seams=False), quoted=True)
    if kind == "mixed":
        inside = [m.inner for m in quotation_marks.find(text, lexicon=lexicon)]
        kept = [n for n, (start, end) in enumerate(words.spans) if any(s.start <= start < end <= s.end for s in inside)]
        if len(kept) >= LEAST_QUOTED:
            return Compared(_only(words, kept), quoted=True)
    return Compared(words, quoted=kind in _QUOTED)


def _only(words: Wording, kept: list[int], *, seams: bool = True) -> Wording:
    """Return the wording of some words alone; words dropped between them leave a seam, if `seams` is True."""
    new = {old: number for number, old in enumerate(kept)}
    between = {n for n in range(1, len(kept)) if kept[n] != kept[n - 1] + 1} if seams else set()
    gaps = {_place(kept, gap) for gap in words.gaps}
    return evolve(
        words,
        norms=tuple(words.norms[n] for n in kept),
        spans=tuple(words.spans[n] for n in kept),
        gaps=frozenset(gaps),
        seams=frozenset(between | {new[n] for n in words.seams if n in new}),
        edited=frozenset(new[n] for n in words.edited if n in new),
    )


def _place(kept: list[int], position: int) -> int:
    return sum(1 for n in kept if n < position)


def row(words: Wording, letters: str) -> Row:
    """Return the row of a wording: `letters` has one character a word, the same for the same word."""
    return Row(letters, words.gaps | words.seams, words.edited)


def letters(*wordings: Wording) -> list[str]:
    """Return a function that writes wordings as strings of one character per word, all in one alphabet."""
    alphabet: dict[str, str] = {}
    # The private use planes contain no surrogates.
    return ["".join(alphabet.setdefault(w, chr(0xF0000 + len(alphabet))) for w in words.norms) for words in wordings]


@frozen
class Step:
    """A difference as word ranges, exclusive high: the lead's and the variant's."""

    op: Op
    ours: tuple[int, int]
    theirs: tuple[int, int]


def shared(lead: Wording, variant: Wording) -> tuple[Block, ...] | None:
    """Return the blocks of words that two printings share, or None if they share too little."""
    ours, theirs = letters(lead, variant)
    found = align(row(lead, ours), row(variant, theirs))
    return None if found is None else found.blocks


def differences(lead: Wording, variant: Wording, blocks: tuple[Block, ...]) -> tuple[Difference, ...]:
    """Return the steps from the lead's words to the variant's as printed; the arguments are those of `steps`."""
    return tuple(
        Difference(step.op, lead.printed(*step.ours), variant.printed(*step.theirs))
        for step in steps(lead, variant, blocks)
    )


def steps(lead: Wording, variant: Wording, blocks: tuple[Block, ...]) -> tuple[Step, ...]:
    """Return the steps from the lead's words to the variant's, in order; none where the words are the same.

    Args:
        lead: the fullest printing's words.
        variant: the other's.
        blocks: the shared blocks, from `align`.
    """
    found: list[Step] = []
    a = c = 0
    for number, (i, j, size) in enumerate((*blocks, (len(lead), len(variant), 0))):
        if number == 0 or number == len(blocks):
            found += _edge((a, i), (c, j), lead, variant, begins=number == 0)
        elif a < i or c < j:
            found.append(Step(_op((a, i), (c, j), lead, variant), (a, i), (c, j)))
        a, c = i + size, j + size
    return tuple(found)


def _edge(
    ours: tuple[int, int], theirs: tuple[int, int], lead: Wording, variant: Wording, *, begins: bool
) -> list[Step]:
    """Return the steps before the first shared word or after the last: as many words as face each other differ.

    If either breaks off there, by an ellipsis or a seam, none do: another part follows.
    """
    (a, b), (c, d) = ours, theirs
    here, there = (b, d) if begins else (a, c)
    broken = here in lead.gaps | lead.seams or there in variant.gaps | variant.seams
    facing = 0 if broken else min(b - a, d - c)
    low, high = (b - facing, d - facing) if begins else (a + facing, c + facing)
    rest = ((a, low), (c, high)) if begins else ((low, b), (high, d))
    over: list[Step] = []
    if rest[0][0] < rest[0][1]:
        over.append(Step("cut", rest[0], (rest[1][0], rest[1][0])))
    if rest[1][0] < rest[1][1]:
        bracketed = variant.edited.issuperset(range(*rest[1]))
        over.append(Step("bracketed" if bracketed else "beyond", (rest[0][1], rest[0][1]), rest[1]))
    if not facing:
        return over
    face = ((low, b), (high, d)) if begins else ((a, low), (c, high))
    changed = [Step(_op(*face, lead, variant), *face)]
    return over + changed if begins else changed + over


def _op(ours: tuple[int, int], theirs: tuple[int, int], lead: Wording, variant: Wording) -> Op:
    (a, b), (c, d) = ours, theirs
    if (a < b and lead.edited.issuperset(range(a, b))) or (c < d and variant.edited.issuperset(range(c, d))):
        return "bracketed"
    if c == d:
        return "omitted" if c in variant.gaps | variant.seams else "deleted"
    if a == b:
        return "omitted" if a in lead.gaps | lead.seams else "inserted"
    return "replaced"


def kind_of(lead: Wording, variant: Wording, steps: tuple[Difference, ...]) -> Kind:
    """Return the kind of a variant.

    Args:
        lead: the fullest printing's words.
        variant: the other's.
        steps: the result of `differences`.
    """
    ops = {step.op for step in steps}
    if not steps:
        return "same" if bare(lead.text) == bare(variant.text) else "punctuation"
    if not ops <= {"cut", "omitted", "beyond"}:
        return "edited"
    if "beyond" in ops:
        return "overlapping"
    return "truncated" if variant.gaps else "contained"


def reworded(steps: tuple[Difference, ...]) -> bool:
    """Return whether words were changed without a mark that says so."""
    return any(step.op in _CHANGES for step in steps)
