"""Words of names, titles before a name, and the gender they show: Datuk Seri, Ms., the Most Rev. Dr."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from functools import lru_cache
from typing import Literal

from quotes.lexicon import Lexicon
from quotes.text.letters import unaccented

Gender = Literal["f", "m"]

# "Baghaei", "O’Brien", "G.K", "Al-Assad", "Trump's": a full stop joins single letters only.
WORD = re.compile(r"[^\W_]+(?:(?:['’&-]|(?<=\b[^\W\d_])\.(?=[^\W\d_]\b))[^\W_]+)*")
# Zelenskyy, Zelenskiy, Zelenskij and Zelensky are the same.
_SKY = re.compile(r"sk[iyj]{1,2}\Z")
# Finders look back at most so many words; that many letters nearly always hold them.
MOST_WORDS, _NEAR = 12, 160
SPACES = (" ", "\u00a0", "\u2009", "\u202f")


@lru_cache(maxsize=1 << 16)
def folded(word: str) -> str:
    """Return a word in lower case without accents and strokes: Łącka is lacka."""
    low = word.lower()
    if not low.isascii():
        low = unaccented(low, stroked=True)
    return _SKY.sub("sky", low)


@lru_cache(maxsize=8)
def title_words(lexicon: Lexicon) -> dict[str, Gender | None]:
    """Return the last word of every title, in lower case without its full stop, with the gender that it shows."""
    found: dict[str, Gender | None] = {}
    for title in lexicon.titles:
        for phrase in title.words:
            word = phrase.rsplit(" ", 1)[-1].rstrip(".").lower()
            # "Datuk Seri" and "Datin Seri": the word before shows it.
            found[word] = title.gender if found.get(word, title.gender) == title.gender else None
    return found


@lru_cache(maxsize=8)
def courtesies(lexicon: Lexicon) -> frozenset[str]:
    """Return the honorifics that are not roles."""
    return frozenset(w.rstrip(".").lower() for t in lexicon.titles if t.kind == "honorific" for w in t.words)


@lru_cache(maxsize=8)
def _courtesy_words(lexicon: Lexicon) -> frozenset[str]:
    return frozenset(part.rstrip(".") for phrase in courtesies(lexicon) for part in phrase.split(" "))


@lru_cache(maxsize=64)
def words_before(text: str, low: int, end: int) -> Sequence[re.Match[str]]:
    """Return the last words of a slice that ends with a name's beginning: at least twelve, if it has them.

    Several finders ask for the same in a row.
    """
    near = max(low, end - _NEAR)
    while near > low and not text[near - 1].isspace():
        near -= 1
    words = tuple(WORD.finditer(text, near, end))
    return words if near == low or len(words) >= MOST_WORDS else tuple(WORD.finditer(text, low, end))


def courtesy_start(text: str, start: int, low: int, lexicon: Lexicon) -> int:
    """Return where the courtesies before a name begin: "Minister Datuk Seri Ali", "the Most Rev. Dr. Mensah"."""
    return _start_of(text, start, low, _courtesy_words(lexicon))


def title_start(text: str, start: int, low: int, lexicon: Lexicon) -> int:
    """Return where the titles before a name begin: "the Minister of Works, Senator Dave Umahi"."""
    return _start_of(text, courtesy_start(text, start, low, lexicon), low, title_words(lexicon))


def _start_of(text: str, edge: int, low: int, known: Container[str]) -> int:
    """Return where the capitalised words of a list begin before a name: at most five."""
    for found in reversed(words_before(text, low, edge)[-5:]):
        gap = text[found.end() : edge].lstrip(".'’")
        if not found.group()[0].isupper() or found.group().lower() not in known or gap not in SPACES:
            break
        edge = found.start()
    return edge


@lru_cache(maxsize=8)
def cue_forms(lexicon: Lexicon) -> frozenset[str]:
    """Return past and present forms of words of saying: "sighed her colleague Nell Osei"."""
    found: set[str] = set()
    for lemma in lexicon.cue_words(takes="direct", pos="verb", kind="speech"):
        verb = lemma.split(" ")[0]
        stem = verb[:-1] if verb.endswith(("e", "y")) else verb
        found |= {verb + "s", verb + "es", stem + "ed", stem + "ied", stem + "ies", verb + verb[-1] + "ed"}
    return frozenset(found - lexicon.names.also_nouns)


@lru_cache(maxsize=8)
def given_gender(lexicon: Lexicon) -> dict[str, Gender]:
    """Return the gender suggested by given names."""
    pairs: list[tuple[str, Gender]] = [(w, "f") for w in lexicon.words["names-given-f"]]
    pairs += [(w, "m") for w in lexicon.words["names-given-m"]]
    return dict(pairs)
