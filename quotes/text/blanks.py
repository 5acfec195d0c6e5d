"""What nobody sees around words: the one way to trim a stretch of text."""

from __future__ import annotations

# What str.isspace() leaves: zero-width characters, and the mark that begins some files in the middle of a page.
_ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff"


def is_blank(character: str) -> bool:
    """Return whether a character is white space or has no width."""
    return character.isspace() or character in _ZERO_WIDTH


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a stretch without the space, line ends and zero-width characters around it; it may be empty."""
    while start < end and is_blank(text[start]):
        start += 1
    while end > start and is_blank(text[end - 1]):
        end -= 1
    return start, end
