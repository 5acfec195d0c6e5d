"""Split a text that is far longer than any article into parts, to bound the memory for reading it.

A year's archive in one file, an export without line ends: no article has three hundred thousand characters. A longer
one is read as consecutive articles, split at the end of a paragraph, else of a line, a sentence, a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from attrs import evolve

from quotes.records import Slice

# The most characters of an article (some 50,000 words, a day's hearing); a part ends in the last quarter of them.
LONGEST = 300_000
_ENDS = tuple(map(re.compile, (r"\n\s*\n|\u2029", r"\n|\r", r"[.!?…][\"”’»')\]]{0,2}\s+", r"\s")))


def parts(text: str, article: Slice, *, longest: int = LONGEST) -> Iterator[Slice]:
    """Yield an article, or its parts of at most `longest` characters if it has more.

    Args:
        text: the source's text.
        article: the article; its title, outlet and other metadata hold for all parts.
        longest: the most characters of a part.
    """
    low = article.start
    while article.end - low > longest:
        high = _end(text, low + longest * 3 // 4, low + longest)
        yield _part(article, low, high)
        low = high
    yield article if low == article.start else _part(article, low, article.end)


def _end(text: str, soonest: int, latest: int) -> int:
    """Return the last place between two offsets to split the text."""
    for end in _ENDS:
        found = 0
        for match in end.finditer(text, soonest, latest):
            found = match.end()
        if found:
            return found
    return latest


def _part(article: Slice, low: int, high: int) -> Slice:
    skips = tuple(s for s in article.skips if low <= s.start and s.end <= high)
    headline = article.headline if low == article.start else None
    return evolve(article, start=low, end=high, headline=headline, skips=skips)
