"""Lines of a text with their places, without blank ones; long lines are not copied."""

from __future__ import annotations

import re
from collections.abc import Iterator

from attrs import frozen

from quotes.text.blanks import trimmed

# Longer lines are body: rules for page furniture skip them, so a page of one 50 MB line costs nothing.
SHORT = 320

_LINE = re.compile(r"[^\r\n\x85\u2028\u2029]+")
_CLOSERS = "\"'”’»)]"


@frozen
class Line:
    """A trimmed line; `text` is "" if it is longer than SHORT."""

    start: int
    end: int
    text: str

    @property
    def sentence(self) -> bool:
        """Whether it is running text: long, or with a full stop, comma, semicolon or colon at its end."""
        return not self.text or (self.text.rstrip(_CLOSERS).endswith((".", ",", ";", ":")) and not self.cut)

    @property
    def cut(self) -> bool:
        """Whether it ends in an ellipsis, like a shortened headline."""
        return self.text.endswith(("...", "…"))


def lines(text: str, *, start: int = 0, end: int | None = None) -> Iterator[Line]:
    """Yield the lines of `text[start:end]` that are not blank, in order.

    Args:
        text: the source's text.
        start: where to begin.
        end: where to stop; the text's end by default.
    """
    for match in _LINE.finditer(text, start, len(text) if end is None else end):
        low, high = trimmed(text, match.start(), match.end())
        if low < high:
            yield Line(low, high, text[low:high] if high - low <= SHORT else "")


def backwards(text: str, *, start: int, end: int, limit: int) -> list[Line]:
    """Return the last lines of `text[start:end]`, the last one first, within the last `limit` characters."""
    begin = max(start, end - limit)
    found = list(lines(text, start=begin, end=end))
    # The first of them may be the rest of a longer line, so its text is not used.
    if found and found[0].start == begin and begin > start:
        found[0] = Line(found[0].start, found[0].end, "")
    return found[::-1]
