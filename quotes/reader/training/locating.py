"""Find printed words in a text, ignoring marks, case and white space, for annotations without offsets."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

from quotes.reader.training.articles import Bounds

_WORD = re.compile(r"[^\W_]+(?:[’'‘\xad\u200b][^\W_]+)*")
_JOINERS = re.compile("[’'‘\xad\u200b]")
# Marks that belong to a statement, before and after it: an opening mark, a full stop and a closing mark.
_OPENS = re.compile(r"(?<![“\"‘'«„`])[“\"‘'«„`]+\Z")
_CLOSES = re.compile(r"[.,!?…;—–-]*[”\"’'»]+")


class Words:
    """The words of a text with their places, for look-ups."""

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
        """Return the places of words, in order, ignoring marks and white space between them."""
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
        """Widen a statement to the quotation marks around it, and a stop before the closing one."""
        low, high = bounds
        opens = _OPENS.search(self.text, max(0, low - 3), low)
        closes = _CLOSES.match(self.text, high, high + 4)
        return (opens.start() if opens else low), (closes.end() if closes else high)

    def paragraph(self, at: int) -> Bounds:
        """Return the line that contains an offset."""
        low = self.text.rfind("\n", 0, at) + 1
        high = self.text.find("\n", at)
        return low, (high if high >= 0 else len(self.text))

    def count_between(self, low: int, high: int) -> int:
        """Count the words that begin between two offsets."""
        return bisect_left(self._starts, high) - bisect_left(self._starts, low)


def _plain(word: str) -> str:
    return _JOINERS.sub("", word).lower()


def gap(one: Bounds, other: Bounds) -> int:
    """Return how many characters are between two spans; 0 if they touch or overlap."""
    return max(0, other[0] - one[1], one[0] - other[1])


def overlap(one: Bounds, other: Bounds) -> bool:
    """Return whether two spans overlap."""
    return one[0] < other[1] and other[0] < one[1]


def nearest(places: Iterable[Bounds], to: Sequence[Bounds], *, within: int) -> Bounds | None:
    """Return the place nearest to any of the spans that overlaps none, if near enough."""
    best, least = None, within + 1
    for place in places:
        if any(overlap(place, other) for other in to):
            continue
        far = min(gap(place, other) for other in to)
        if far < least:
            best, least = place, far
    return best


def in_order(parts: Sequence[Sequence[Bounds]], *, after: int) -> tuple[Bounds, ...]:
    """Choose one place for each part, each as near as possible after the one before; none if a part has none.

    Args:
        parts: the places of each part.
        after: the earliest place of the first part; an earlier one is used only if none follows.
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
