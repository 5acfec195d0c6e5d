"""Letters without their accents, for whoever compares names."""

from __future__ import annotations

import unicodedata


def unaccented(text: str) -> str:
    """Return a text with its letters taken apart (NFKD) and their accents dropped: Núñez is Nunez, Łukasz stays."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
