"""Characters without a visible form: trim them off a span, or print spaces for them."""

from __future__ import annotations

from unicodedata import category

# Not in str.isspace(): zero-width characters, and byte order marks in the middle of a page.
_ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff"
# Control characters, lone surrogates, and the separators of lines and paragraphs.
_UNPRINTABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})


def is_blank(character: str) -> bool:
    """Return whether a character is white space or zero-width."""
    return character.isspace() or character in _ZERO_WIDTH


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a span without white space and zero-width characters around it; it may be empty."""
    while start < end and is_blank(text[start]):
        start += 1
    while end > start and is_blank(text[end - 1]):
        end -= 1
    return start, end


def printable(line: str) -> str:
    """Return the line with line ends and control characters replaced by spaces."""
    return "".join(" " if category(c) in _UNPRINTABLE else c for c in line)
