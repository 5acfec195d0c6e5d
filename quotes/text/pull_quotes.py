"""Pull quotes: paragraphs that repeat what another paragraph quotes, set apart to catch the eye.

A pull quote has no speaker, or only a signature, and would be counted twice. It is often shortened, and has other marks
and apostrophes than its source: “Nobody asked […] Nobody came.”
"""

from __future__ import annotations

import re
from collections.abc import Sequence

# The most and the fewest characters of a pull quote, a sentence or two; longer repetitions are the page's own.
_PULLED = range(30, 400)
# The fewest characters of one of its pieces that is not found by chance.
_FEWEST = 25
_MARKS = "\"'“”‘’«»„ "
_OPENERS = tuple("\"'“”‘«„")
_SIGNATURE = re.compile(r"(?<=[\"”’»])\s{0,3}[—–-]\s{0,3}[^\"“”«»—–]{2,160}$")
_CLOSED = re.compile(r"[\"”’»'][.,]?$")
_STOPPED = re.compile(r"[.!?…][\"”’»')\]]{0,3}$")
# Where one may be shortened: between sentences, at dots, at words in brackets.
_CUT = re.compile(r"(?<![.!?…;])[.!?…;]++[\"”’»']{0,2}(?:\s|$)|\.{3}|…|\[[^\[\]]{0,80}\]")
_QUOTED = re.compile(r"[\"“„«][^\"“”„«»]{20,2000}[\"”“»]")
_WORD = re.compile(r"[^\W_]+")
_IN_WORDS = re.compile("[’'‘\xad\u200b]")
# The most work, pull quotes times characters: a second at most.
_LOOKED_UP = 500_000_000


def pulled(paragraphs: Sequence[str]) -> set[int]:
    """Return the numbers of the paragraphs that are pull quotes.

    All of it is a quotation, or it has no marks at all; its sentences stand in one other paragraph, of a paragraph
    without marks within that one's quotations. A line below a colon is none, nor is the source a headline.

    Args:
        paragraphs: an article's paragraphs in order, without blanks around them.
    """
    found = {n: pieces for n in range(len(paragraphs)) if (pieces := _pieces(paragraphs, n))}
    if not found or len(found) * sum(map(len, paragraphs)) > _LOOKED_UP:
        return set()
    sources = [n for n, p in enumerate(paragraphs) if _STOPPED.search(p) and any(mark in p for mark in _MARKS[:-1])]
    whole = {n: _words(paragraphs[n]) for n in sources}
    quoted = {n: " ".join(_words(m.group()) for m in _QUOTED.finditer(paragraphs[n])) for n in sources}
    return {n for n, pieces in found.items() if _is_repeated(pieces, whole if paragraphs[n][0] in _MARKS else quoted)}


def _pieces(paragraphs: Sequence[str], number: int) -> list[str]:
    """Return what a pull quote's source must contain: its sentences, normalised; nothing for another paragraph."""
    paragraph = paragraphs[number]
    above = paragraphs[number - 1] if number else ":"
    if above.endswith(":") or len(paragraph) > 2 * _PULLED.stop:
        return []
    words = _SIGNATURE.sub("", paragraph)
    marked = words.startswith(_OPENERS)
    inner = words[1:].rstrip(".,")[:-1] if marked else words
    if marked != bool(_CLOSED.search(words)) or any(mark in inner for mark in "\"“”«»"):
        return []
    pieces = [piece for piece in map(_words, _CUT.split(words.strip(_MARKS))) if piece.strip()]
    long = max(map(len, pieces), default=0) >= _FEWEST
    return pieces if long and sum(map(len, pieces)) in _PULLED else []


def _is_repeated(pieces: Sequence[str], sources: dict[int, str]) -> bool:
    """Return whether another paragraph has all pieces, and more words than these."""
    size = sum(map(len, pieces)) - len(pieces) + 1
    return any(len(source) > size and all(piece in source for piece in pieces) for source in sources.values())


def _words(text: str) -> str:
    return f" {' '.join(_WORD.findall(_IN_WORDS.sub('', text.lower())))} "
