"""Letters without their accents and strokes, to compare names."""

from __future__ import annotations

import unicodedata

# Letters without a decomposition.
_STROKED = str.maketrans(
    {
        "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h",
        "Ł": "L", "Ø": "O", "Đ": "D", "Ð": "D", "Þ": "Th", "ẞ": "SS", "Æ": "Ae", "Œ": "Oe", "Ħ": "H",
    }
)  # fmt: skip


def unaccented(text: str, *, stroked: bool = False) -> str:
    """Return a text decomposed (NFKD) and without accents: Núñez is Nunez.

    Args:
        text: names or words.
        stroked: whether strokes and ligatures go as well: Łukasz is Lukasz, Æthel is Aethel.
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return plain.translate(_STROKED) if stroked else plain
