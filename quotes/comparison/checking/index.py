"""Find sequences of words in many texts, exactly or nearly.

All words are in one array of numbers, with a zero between texts. Every trigram is hashed and sorted, so that a sequence
is looked up by its rarest trigram, and a claim that differs in a word by the trigrams that it still shares.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from attrs import define, field, frozen

from quotes.comparison.libraries import Levenshtein

GRAM = 3
# The fewest words of a claim with near matches, and the number of words per allowed difference.
LEAST_NEAR, ONE_IN = 5, 5
# The most occurrences of a trigram to look at for a near match, and the most places to compare.
MOST_OCCURRENCES, MOST_PLACES = 5_000, 25
# Places that begin this close together count as one.
_REACH = 8

Numbers = npt.NDArray[np.int64]


@frozen
class Near:
    """A near match: the words from `low` to before `high`, and how many of them differ."""

    low: int
    high: int
    edits: int


def _hashed(words: npt.NDArray[np.int32]) -> npt.NDArray[np.uint64]:
    """Hash each trigram."""
    wide = words.astype(np.uint64)
    with np.errstate(over="ignore"):
        value = wide[:-2] * np.uint64(0x9E3779B97F4A7C15) + wide[1:-1] * np.uint64(0xC2B2AE3D27D4EB4F)
        value += wide[2:] * np.uint64(0x165667B19E3779F9)
    hashes: npt.NDArray[np.uint64] = value
    return hashes


@define(eq=False)
class Index:
    """Texts as sequences of numbered words; add all of them, then search."""

    _words: array[int] = field(factory=lambda: array("i"))
    _numbers: dict[str, int] = field(factory=dict)
    _built: tuple[npt.NDArray[np.int32], npt.NDArray[np.uint64], Numbers] | None = None

    def add(self, norms: Sequence[str]) -> int:
        """Add a text's words and return the position of the first."""
        start = len(self._words)
        self._words.extend(self._numbers.setdefault(norm, len(self._numbers) + 1) for norm in norms)
        self._words.append(0)
        self._built = None
        return start

    def find(self, norms: Sequence[str]) -> Numbers:
        """Return all positions of these words in a row, in order."""
        numbers = self.numbers(norms)
        if not numbers or 0 in numbers:
            return np.empty(0, np.int64)
        words, grams, order = self._arrays()
        if len(numbers) < GRAM:
            return self._checked(np.flatnonzero(words == numbers[0]), numbers)
        low, high = self._ranges(numbers, grams)
        rarest = int(np.argmin(high - low))
        return self._checked(np.sort(order[low[rarest] : high[rarest]]) - rarest, numbers)

    def longest(self, norms: Sequence[str]) -> int:
        """Return the length of the longest prefix found in any text; fewer than three words count as none."""
        numbers = self.numbers(norms)
        words, grams, order = self._arrays()
        if len(numbers) < GRAM or 0 in numbers[:GRAM]:
            return 0
        low, high = self._ranges(numbers[:GRAM], grams)
        found = self._checked(order[low[0] : high[0]], numbers[:GRAM])
        size = GRAM
        while len(found) and size < len(numbers) and numbers[size]:
            found = found[words[np.minimum(found + size, len(words) - 1)] == numbers[size]]
            size += bool(len(found))
            if not len(found):
                break
        return size if len(found) or size > GRAM else 0

    def near(self, norms: Sequence[str]) -> list[Near]:
        """Return the near matches of these words, the closest first.

        At most one word in `ONE_IN` may be replaced, missing or extra; an exact match is not a near one.
        """
        numbers, most = self.numbers(norms), len(norms) // ONE_IN
        if len(numbers) < LEAST_NEAR:
            return []
        begins = self._begins(numbers)
        found = [self._closest(numbers, low, high, most) for low, high in begins]
        kept: dict[int, Near] = {}
        for near in sorted((n for n in found if n), key=lambda n: (n.edits, n.low)):
            if near.edits and all(near.low >= k.high or near.high <= k.low for k in kept.values()):
                kept[near.low] = near
        return list(kept.values())

    def _begins(self, numbers: list[int]) -> list[tuple[int, int]]:
        """Return the ranges of positions where a near match may begin, those with most in common first."""
        words, grams, order = self._arrays()
        if len(numbers) == LEAST_NEAR:
            # One different word of five may break every trigram: any two words in a row will do.
            pairs = [np.flatnonzero((words[:-1] == a) & (words[1:] == b))[:MOST_OCCURRENCES] - n
                     for n, (a, b) in enumerate(pairwise(numbers)) if a and b]  # fmt: skip
        else:
            low, high = self._ranges(numbers, grams)
            pairs = [order[a : min(b, a + MOST_OCCURRENCES)] - n
                     for n, (a, b) in enumerate(zip(low.tolist(), high.tolist(), strict=True)) if a < b]  # fmt: skip
        if not any(map(len, pairs)):
            return []
        begins = np.sort(np.concatenate(pairs))
        breaks = np.flatnonzero(np.diff(begins) > _REACH) + 1
        groups = np.split(begins, breaks)
        groups.sort(key=lambda group: (-len(group), group[0]))
        return [(int(group[0]), int(group[-1])) for group in groups[:MOST_PLACES]]

    def _closest(self, numbers: list[int], first: int, last: int, most: int) -> Near | None:
        """Return the words in this range that need the fewest edits to become the claim, if few enough."""
        words, _, _ = self._arrays()
        best: tuple[int, int, int, int] | None = None
        for low in range(max(0, first - most), min(last + most, first + _REACH + 2 * most) + 1):
            row = words[low : low + len(numbers) + most].tolist()
            row = row[: row.index(0)] if 0 in row else row
            for size in range(max(GRAM, len(numbers) - most), len(row) + 1):
                edits = Levenshtein.distance(numbers, row[:size], score_cutoff=most)
                # Among equal matches, prefer one that begins and ends as the claim does.
                ends = (row[0] != numbers[0]) + (row[size - 1] != numbers[-1])
                if edits <= most and (best is None or (edits, ends, low, low + size) < best):
                    best = edits, ends, low, low + size
        return None if best is None else Near(best[2], best[3], best[0])

    def numbers(self, norms: Iterable[str]) -> list[int]:
        """Return words as numbers; a word in no text is 0."""
        return [self._numbers.get(norm, 0) for norm in norms]

    def _ranges(self, numbers: list[int], grams: npt.NDArray[np.uint64]) -> tuple[Numbers, Numbers]:
        wanted = _hashed(np.array(numbers, dtype=np.int32))
        return np.searchsorted(grams, wanted, "left"), np.searchsorted(grams, wanted, "right")

    def _checked(self, starts: Numbers, numbers: list[int]) -> Numbers:
        """Keep the positions where all the words match, since hashes collide."""
        words, _, _ = self._arrays()
        starts = starts[(starts >= 0) & (starts + len(numbers) <= len(words))]
        for n, number in enumerate(numbers):
            starts = starts[words[starts + n] == number]
        return starts

    def _arrays(self) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.uint64], Numbers]:
        if self._built is None:
            words = np.array(self._words, dtype=np.int32)
            hashes = _hashed(words) if len(words) >= GRAM else np.empty(0, np.uint64)
            order = np.argsort(hashes, kind="stable")
            self._built = words, hashes[order], order
        return self._built
