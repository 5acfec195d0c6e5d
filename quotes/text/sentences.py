"""Where a sentence ends, without a parse: a stop, closing marks, white space."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

# What the next sentence must begin with.
Opening = Literal["ascii", "capital", "any"]
_OPENS = {
    "ascii": r"(?=[\"“‘«(\[]?[A-Z0-9])",
    "capital": r"(?=[\"“‘«(\[]?[^\W\d_a-z])",
    "any": "",
}


@lru_cache(maxsize=16)
def sentence_end(*, opens: Opening, lines: bool, closing: int = 2) -> re.Pattern[str]:
    """Return the pattern of a sentence's end; the match reaches up to the next sentence.

    Args:
        opens: what the next sentence begins with, after an opening mark: an ASCII capital or digit; a letter that is
            no small ASCII letter; anything, with one blank between.
        lines: whether the end of a line ends a sentence, too.
        closing: the most closing marks between stop and blank.
    """
    blanks = r"\s" if opens == "any" else r"\s+"
    end = rf"[.!?…][\"”’»')\]]{{0,{closing}}}{blanks}{_OPENS[opens]}"
    return re.compile(rf"{end}|[\n\r]" if lines else end)


def sentence_start(text: str, at: int, *, ends: re.Pattern[str], reach: int) -> int:
    """Return where the sentence begins that holds an offset, `reach` characters before it at the most."""
    low = max(0, at - reach)
    found = (m.end() for m in ends.finditer(text, low, at + 2))
    return max((end for end in found if end <= at), default=low)
