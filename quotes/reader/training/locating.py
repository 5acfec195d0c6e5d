"""Find printed words in a text, whatever its marks, case and white space are: where annotation quotes, not counts."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

from quotes.reader.training.articles import Bounds

_WORD = re.compile(r"[^\W_]+(?:[’'‘\xad\u200b][^\W_]+)*")
_JOINERS = re.compile("[’'‘\xad\u200b]")
# What belongs to words said, before and behind them: an opening mark, a full stop and a closing mark.
_OPENS = re.compile(r"(?<![“\"‘'«„`])[“\"‘'«„`]+\Z")
_CLOSES = re.compile(r"[.,!?…;—–-]*[”\"’'»]+")


class Words:
    """The words of a text with their places, to look words up."""

    def __init__(self, text: str) -> None:
        self.text = text
        found = list(_WORD.finditer(text))
        self.words = [_plain(m.group()) for m in found]
        self.places: list[Bounds] = [m.span() for m in found]
        self._starts = [low for low, _ in self.places]
        self._at: dict[str, list[int]] = defaultdict(list)
        for number, word in enumerate(self.words):
            self._at[word].append(number)

    def find(self, printed: str) -> list[Bounds]:
        """Return where words stand, in order; marks and white space between them count nothing."""
        wanted = [_plain(m.group()) for m in _WORD.finditer(printed)]
        if not wanted:
            return self._signs(printed)
        size = len(wanted)
        firsts = [n for n in self._at.get(wanted[0], ()) if self.words[n : n + size] == wanted]
        return [(self.places[n][0], self.places[n + size - 1][1]) for n in firsts]

    def _signs(self, printed: str) -> list[Bounds]:
        sign = printed.strip()
        return [m.span() for m in re.finditer(re.escape(sign), self.text)] if sign else []

    def quoted(self, bounds: Bounds) -> Bounds:
        """Widen what was said to the quotation marks around it, and what stands before the closing one."""
        low, high = bounds
        opens = _OPENS.search(self.text, max(0, low - 3), low)
        closes = _CLOSES.match(self.text, high, high + 4)
        return (opens.start() if opens else low), (closes.end() if closes else high)

    def paragraph(self, at: int) -> Bounds:
        """Return the line that an offset lies in."""
        low = self.text.rfind("\n", 0, at) + 1
        high = self.text.find("\n", at)
        return low, (high if high >= 0 else len(self.text))

    def count_between(self, low: int, high: int) -> int:
        """Count the words that begin between two offsets."""
        return bisect_left(self._starts, high) - bisect_left(self._starts, low)


def _plain(word: str) -> str:
    return _JOINERS.sub("", word).lower()


def gap(one: Bounds, other: Bounds) -> int:
    """Return how many characters part two stretches; 0 where they touch or overlap."""
    return max(0, other[0] - one[1], one[0] - other[1])


def overlap(one: Bounds, other: Bounds) -> bool:
    """Return whether two stretches share a character."""
    return one[0] < other[1] and other[0] < one[1]


def nearest(places: Iterable[Bounds], to: Sequence[Bounds], *, within: int) -> Bounds | None:
    """Return the place that is nearest to any of some stretches and overlaps none, if it is near enough."""
    best, least = None, within + 1
    for place in places:
        if any(overlap(place, other) for other in to):
            continue
        far = min(gap(place, other) for other in to)
        if far < least:
            best, least = place, far
    return best


def in_order(parts: Sequence[Sequence[Bounds]], *, after: int) -> tuple[Bounds, ...]:
    """Choose one place for each part, each behind the one before and as near to it as can be; none where one has none.

    Args:
        parts: where each part stands.
        after: where the first is expected, or behind; one before it is taken only where none follows.
    """
    chosen: list[Bounds] = []
    for number, places in enumerate(parts):
        at = chosen[-1][1] if chosen else after
        later = [p for p in places if p[0] >= at]
        if not later and (number or not places):
            return ()
        chosen.append(later[0] if later else max(places))
    assert all(a[1] <= b[0] for a, b in pairwise(chosen))
    return tuple(chosen)
