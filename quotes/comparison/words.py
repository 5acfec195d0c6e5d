"""The words of a quote, without marks, case, dashes and spacing.

Two texts with the same norms say the same words. Numbers, currency signs, "%", "n't" and a minus are words here: to
change one of them is to change the statement.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from attrs import frozen

from quotes.comparison.libraries import Levenshtein


def _classes() -> tuple[str, str]:
    """Return character classes of combining marks, which \\w lacks, and of currency signs."""
    marks, money = [], []
    for number in range(0x300, 0x11000):
        kind = unicodedata.category(chr(number))
        if kind in ("Mn", "Mc"):
            marks.append(chr(number))
        elif kind == "Sc":
            money.append(chr(number))
    return "".join(marks), "$¢£¤¥" + "".join(money)


_MARKS, _MONEY = _classes()
# Soft hyphens and zero-width characters are invisible inside words on web pages.
_UNSEEN = "\u00ad\u200b-\u200d\u2060\ufeff"
_LETTER = r"[^\W\d_]"
_APOSTROPHE = "['’‘ʼ＇´`]"
_ELLIPSIS = r"…|⋯|\.(?:\s?\.){2,}"
_TOKEN = re.compile(
    rf"(?P<gap>\[\s*(?:{_ELLIPSIS})\s*\]|\(\s*(?:{_ELLIPSIS})\s*\)|{_ELLIPSIS})"
    # “A,” “B.”: the seam of a split quotation, where the reporter broke in and may have dropped words.
    r"|(?P<seam>[”\"»][\s]+[“\"«„](?=\S)|''\s+(?:``|'')(?=\S)|’\s+‘(?=\S))"
    rf"|(?P<number>(?:(?<![^\s(\[\"“'‘])[-−])?\d+(?:[.,]\d+)*)"
    rf"|(?P<clitic>(?<!\d){_APOSTROPHE}(?:s|t|re|ve|ll|d|m)(?![^\W_]))"
    # "[w]e", "look[ed]": the brackets of an editor inside a word.
    rf"|(?P<word>(?:\[{_LETTER}+\](?={_LETTER}))?{_LETTER}(?:{_LETTER}|[{_MARKS}{_UNSEEN}])*(?:\[{_LETTER}+\])?)"
    rf"|(?P<sign>[{re.escape(_MONEY)}%‰&+=<>°§])"
    r"|(?P<open>\[)|(?P<close>\])",
    re.IGNORECASE,
)
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d+)?")
_DROPPED = re.compile(rf"[\[\]{_UNSEEN}]")
_WITH_N = frozenset({"can", "n"})
# Marks that join the parts of one printed word.
_GLUE = frozenset("-\u2010\u2011/'’")
# Typographic marks around a whole quote, which were not said.
_OUTER = " \t\r\n\xa0\"“”„«»‹›‘’'`"


@frozen
class Wording:
    """The words of a text, in order, with their places.

    `gaps` are the indices of words before which an omission is marked (the number of words means the end); `seams`
    those at which a split quotation continues. `edited` are the words in square brackets.
    """

    text: str
    norms: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    gaps: frozenset[int] = frozenset()
    seams: frozenset[int] = frozenset()
    edited: frozenset[int] = frozenset()

    def __len__(self) -> int:
        return len(self.norms)

    def printed(self, low: int, high: int) -> str:
        """Return the words from `low` to before `high` as printed."""
        return self.text[self.spans[low][0] : self.spans[high - 1][1]] if low < high else ""

    def whole(self, low: int, high: int) -> tuple[int, int]:
        """Widen a range to whole printed words: "can" to "can't", "violent" to "non-violent"."""
        while low > 0 and self._glued(low):
            low -= 1
        while high < len(self) and self._glued(high):
            high += 1
        return low, high

    def _glued(self, word: int) -> bool:
        """Return whether a word is printed as one with the word before."""
        end, start = self.spans[word - 1][1], self.spans[word][0]
        return end == start or (start == end + 1 and self.text[end] in _GLUE)


def wording(text: str) -> Wording:
    """Read the words of a text.

    >>> wording("“We’ll pay $1,500 … to [every] village,” “Not more.”").norms
    ('we', "'ll", 'pay', '$', '1500', 'to', 'every', 'village', 'not', 'more')
    """
    norms: list[str] = []
    spans: list[tuple[int, int]] = []
    gaps: set[int] = set()
    seams: set[int] = set()
    edited: set[int] = set()
    bracket: int | None = None
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind == "gap":
            gaps.add(len(norms))
        elif kind == "seam":
            seams.add(len(norms))
        elif kind == "open":
            bracket = len(norms)
        elif kind == "close":
            if bracket is not None:
                edited.update(range(bracket, len(norms)))
            bracket = None
        else:
            if "[" in match[0]:
                edited.add(len(norms))
            word, (start, end) = norm(match[0]), match.span()
            if word == "'t" and norms and spans[-1][1] == start and norms[-1][-1] == "n" and norms[-1] not in _WITH_N:
                # "don't" is "do" and "n't", so that the two differ by one word; "can't" is "can" and "'t".
                norms[-1], spans[-1] = norms[-1][:-1], (spans[-1][0], start - 1)
                word, start = "n't", start - 1
            norms.append(word)
            spans.append((start, end))
    return Wording(text, tuple(norms), tuple(spans), frozenset(gaps), frozenset(seams), frozenset(edited))


@lru_cache(maxsize=1 << 16)
def norm(word: str) -> str:
    """Return a word without punctuation, case and encoding variants: "It’S" and "it's" are the same."""
    if word.isascii() and word.isalpha():
        return word.lower()
    if word[-1:].isdigit():
        word = word.replace("−", "-")
        return unicodedata.normalize("NFKC", word.replace(",", "") if _THOUSANDS.fullmatch(word.lstrip("-")) else word)
    word = re.sub(_APOSTROPHE, "'", _DROPPED.sub("", word))
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", word).casefold())


def bare(text: str) -> str:
    """Return a quote without the white space and marks around it."""
    return text.strip(_OUTER)


def opcodes(one: Sequence[str], other: Sequence[str]) -> list[tuple[str, int, int, int, int]]:
    """Return the steps from one row of words to another, as difflib gives them: (op, low, high, low, high)."""
    steps = Levenshtein.opcodes(one, other)
    return [(s.tag, s.src_start, s.src_end, s.dest_start, s.dest_end) for s in steps]
