"""Decide whether two rows of words are the same statement: a quick bound by rapidfuzz, then the shared blocks.

A row is a string with one character a word, so that the comparison runs in C. `breaks` are the places of a row at
which words may be missing: an ellipsis, the seam of a split quotation, a reporter's own words.
"""

from __future__ import annotations

from difflib import SequenceMatcher
from math import ceil

from attrs import evolve, frozen

from quotes.comparison.libraries import LCSseq

# Measured on the pairs of tests/benchmarks/variants_quality.py.
LEAST_SHARED = 0.72
MOST_EDITS = 0.28
LEAST_OVERLAP, OVERLAP_SHARE, OVERLAP_EDITS = 8, 0.4, 0.2
_OVERLAP_RUN = 4
# The most words that an editor's bracket replaces.
_BRACKETED = 6
_CHANCE = 2

Block = tuple[int, int, int]


@frozen
class Row:
    """The words of a quote as a string of one character each, with its breaks and the words in square brackets."""

    words: str
    breaks: frozenset[int] = frozenset()
    edited: frozenset[int] = frozenset()


@frozen
class Alignment:
    """The shared blocks of two rows, in order: (index in one, index in the other, length).

    `edits` counts the words that differ within, `beyond` those of the shorter row that continue where the longer ends.
    `alike` is True if the rows share too many words in a row for two separate statements.
    """

    blocks: tuple[Block, ...]
    shorter: int
    edits: int = 0
    beyond: int = 0
    same: bool = True
    alike: bool = True

    @property
    def matched(self) -> int:
        """The number of shared words."""
        return sum(block[2] for block in self.blocks)

    @property
    def verbatim(self) -> bool:
        """Whether the longer row contains the shorter without a gap."""
        return self.blocks[0][2] == self.shorter

    @property
    def score(self) -> float:
        """The quality of the match, to choose among several; at most 1."""
        return (self.matched - self.edits) / self.shorter


def align(one: Row, other: Row) -> Alignment | None:
    """Compare two rows of words.

    Args:
        one: a row.
        other: another, longer or shorter.

    Returns:
        Their alignment, with `same` True if they are the same statement; None if that is impossible.
    """
    if len(one.words) <= len(other.words):
        return _align(one, other)
    found = _align(other, one)
    return found and evolve(found, blocks=tuple((b, a, size) for a, b, size in found.blocks))


def _align(short: Row, long: Row) -> Alignment | None:
    size = len(short.words)
    over, whole = max(LEAST_OVERLAP, int(size * OVERLAP_SHARE)), ceil(size * LEAST_SHARED)
    shared = LCSseq.similarity(short.words, long.words, score_cutoff=min(over, whole)) if size else 0
    if shared < whole and (shared < over or not _share_a_run(short.words, long.words)):
        return None
    if (start := long.words.find(short.words)) >= 0:
        return Alignment(((0, start, size),), size)
    blocks = SequenceMatcher(None, long.words, short.words, autojunk=False).get_matching_blocks()[:-1]
    kept, edits = _best(_slid([(b.b, b.a, b.size) for b in blocks], short, long), short, long)
    return _judged(kept, edits, short, long)


def _share_a_run(short: str, long: str) -> bool:
    """Return whether two rows share a run of words, as overlapping rows do: one edit in five leaves runs of four."""
    return any(short[n : n + _OVERLAP_RUN] in long for n in range(len(short) - _OVERLAP_RUN + 1))


def _slid(blocks: list[Block], short: Row, long: Row) -> list[Block]:
    """Move words that only one row has to an adjacent break, if the words allow it.

    “… a hard time … and I paid” against "a hard time and I read it and I paid": left out is "and I read it", not "read
    it and I", which shares as many words.
    """
    for n in range(len(blocks) - 1 if short.breaks or long.breaks else 0):
        (a, c, size), (b, d, behind) = blocks[n], blocks[n + 1]
        end, stop = a + size, c + size
        if (end < b and stop < d) or (end if end == b else stop) in (short.breaks if end == b else long.breaks):
            continue
        for step in sorted(range(1 - size, behind), key=abs):
            fits = (
                short.words[b + step : b] == long.words[d + step : d]
                if step < 0
                else short.words[end : end + step] == long.words[stop : stop + step]
            )
            if fits and (end + step in short.breaks if end == b else stop + step in long.breaks):
                blocks[n : n + 2] = [(a, c, size + step), (b + step, d + step, behind - step)]
                break
    return blocks


def _best(blocks: list[Block], short: Row, long: Row) -> tuple[list[Block], int]:
    """Return the run of blocks with most shared words and fewest edits between them, and those edits.

    A lone "the" far from the rest costs more than it gains, and is dropped.
    """
    best = (0, 0, 0, 0)
    gain = edits = begin = 0
    for number, block in enumerate(blocks):
        before = blocks[number - 1]
        cost = _between(before, block, short, long) if number else 0
        if number and 1 in (block[2], before[2]) and _free(before, block, short, long):
            gain -= _CHANCE  # a lone word before or after an ellipsis
        gain, edits = gain + block[2] - cost, edits + cost
        if number == 0 or gain < block[2]:
            gain, edits, begin = block[2], 0, number
        if gain > best[0]:
            best = gain, edits, begin, number
    return blocks[best[2] : best[3] + 1], best[1]


def _between(left: Block, right: Block, short: Row, long: Row) -> int:
    """Return how many words differ between two blocks, without marked omissions and edits."""
    a, b = left[0] + left[2], right[0]
    c, d = left[1] + left[2], right[1]
    if _bracketed(short, a, b, d - c) or _bracketed(long, c, d, b - a):
        return 0
    ours = 0 if _broken(long, c, d) else b - a
    theirs = 0 if _broken(short, a, b) else d - c
    return max(ours, theirs)


def _free(left: Block, right: Block, short: Row, long: Row) -> bool:
    """Return whether there is a break between two blocks."""
    return _broken(short, left[0] + left[2], right[0]) or _broken(long, left[1] + left[2], right[1])


def _broken(row: Row, low: int, high: int) -> bool:
    return not row.breaks.isdisjoint(range(low, high + 1))


def _bracketed(row: Row, low: int, high: int, replaced: int) -> bool:
    return low < high and replaced <= _BRACKETED and row.edited.issuperset(range(low, high))


def _judged(blocks: list[Block], edits: int, short: Row, long: Row) -> Alignment:
    size, matched, beyond = len(short.words), sum(block[2] for block in blocks), 0
    (a, c, _), (b, d, last) = blocks[0], blocks[-1]
    edges = (0, a, c, a, c), (b + last, size - b - last, len(long.words) - d - last, b + last, d + last)
    for low, ours, theirs, here, there in edges:
        if not _bracketed(short, low, low + ours, min(theirs, 1)):
            # Words against other words are an edit; words past an end or a break of the longer one, or in another
            # fragment of a split quotation, are beyond it.
            facing = 0 if here in short.breaks or there in long.breaks else min(ours, theirs)
            edits += facing
            beyond += ours - facing
    whole = matched >= LEAST_SHARED * size and max(edits, beyond) <= MOST_EDITS * size
    over = beyond > 0 and matched >= max(LEAST_OVERLAP, OVERLAP_SHARE * size) and edits <= OVERLAP_EDITS * matched
    alike = max(block[2] for block in blocks) >= max(LEAST_OVERLAP, OVERLAP_SHARE * size)
    return Alignment(tuple(blocks), size, edits, beyond, same=whole or over, alike=whole or over or alike)
