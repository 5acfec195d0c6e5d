"""Assign one of a few colours to each speaker, so that speakers in one article seldom share one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

COLOURS = 12


def assign(articles: Iterable[Sequence[int]]) -> dict[int, int]:
    """Return a colour, from 0, for each speaker: a greedy colouring of the graph of speakers in the same article.

    The most quoted choose first, so that the least quoted share colours.

    Args:
        articles: for each article, the numbers of the speakers of its quotes, one per quote.
    """
    counts: Counter[int] = Counter()
    beside: dict[int, Counter[int]] = defaultdict(Counter)
    for speakers in articles:
        counts.update(speakers)
        present = sorted(set(speakers))
        for speaker in present:
            beside[speaker].update(other for other in present if other != speaker)
    colour: dict[int, int] = {}
    used: Counter[int] = Counter()
    for speaker in sorted(counts, key=lambda s: (-counts[s], s)):
        clashes: Counter[int] = Counter()
        for other, times in beside[speaker].items():
            if other in colour:
                clashes[colour[other]] += times
        colour[speaker] = min(range(COLOURS), key=lambda c: (clashes[c], used[c], c))
        used[colour[speaker]] += 1
    return colour
