"""Cut a text that is far longer than any article into parts, so that reading it takes no more memory than one part.

A year's archive in one file, an export without line ends: no article has three hundred thousand letters. What is longer
is read as consecutive articles, parted where a paragraph ends, else a line, a sentence, a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from attrs import evolve

from quotes.records import Slice

# Letters an article may have (some 50,000 words, a hearing of a day); a part ends in the last quarter of so many.
LONGEST = 300_000
_ENDS = tuple(map(re.compile, (r"\n\s*\n|\u2029", r"\n|\r", r"[.!?…][\"”’»')\]]{0,2}\s+", r"\s")))


def parts(text: str, piece: Slice, *, longest: int = LONGEST) -> Iterator[Slice]:
    """Yield an article whole, or in parts of at most `longest` letters if it has more.

    Args:
        text: the source's text.
        piece: an article; its title, outlet and what else its furniture told holds for all parts.
        longest: letters of a part.
    """
    low = piece.start
    while piece.end - low > longest:
        high = _end(text, low + longest * 3 // 4, low + longest)
        yield _part(piece, low, high)
        low = high
    yield piece if low == piece.start else _part(piece, low, piece.end)


def _end(text: str, soonest: int, latest: int) -> int:
    """Return the last place to part the text between two offsets."""
    for end in _ENDS:
        found = 0
        for match in end.finditer(text, soonest, latest):
            found = match.end()
        if found:
            return found
    return latest


def _part(piece: Slice, low: int, high: int) -> Slice:
    skips = tuple(s for s in piece.skips if low <= s.start and s.end <= high)
    return evolve(piece, start=low, end=high, headline=piece.headline if low == piece.start else None, skips=skips)
