"""Decide from printed names whether two credits can mean the same speaker: "Modi" and "Narendra Modi" can."""

from __future__ import annotations

import re
from functools import lru_cache

from quotes.comparison.libraries import Levenshtein
from quotes.lexicon import load_lexicon
from quotes.records import Speaker
from quotes.text.letters import unaccented

# Credits of these kinds are not names: two of them neither agree nor disagree.
_NAMELESS = frozenset({"anonymous", "author", "unknown", "document", "group"})
_NAMED = frozenset({"person", "organization"})
_WORD = re.compile(r"[^\W_]+")
# Names this long may be spelt in two ways: "Bornstein" and "Bornsten".
_LONG_NAME = 6


@lru_cache(maxsize=8)
def _list(name: str) -> frozenset[str]:
    """Return a word list of English, so far the only language of comparison."""
    return load_lexicon("en").word_set(name)


def agree(one: Speaker | None, other: Speaker | None) -> bool | None:
    """Return whether two speakers are the same: True, False, or None if it cannot be known.

    Two ids or two handles decide. Names agree if each word of the shorter is in the longer; a person and an
    organisation, a pronoun, an unnamed source and a missing speaker are not compared.

    >>> agree(Speaker("Modi", "person"), Speaker("Narendra Modi", "person"))
    True
    >>> agree(Speaker("Bill Clinton", "person"), Speaker("Hillary Clinton", "person"))
    False
    >>> agree(Speaker("she", "unknown"), Speaker("Hillary Clinton", "person")) is None
    True
    """
    if one is None or other is None:
        return None
    for name in ("id", "handle"):
        mine, yours = getattr(one, name), getattr(other, name)
        if mine and yours:
            return bool(mine.casefold() == yours.casefold())
    if one.kind in _NAMELESS or other.kind in _NAMELESS:
        return True if names_agree(one.name, other.name) and _whole(one.name, other.name) else None
    if one.kind != other.kind:
        return True if names_agree(one.name, other.name) and _whole(one.name, other.name) else None
    return names_agree(one.name, other.name)


@lru_cache(maxsize=1 << 16)
def names_agree(one: str, other: str) -> bool | None:
    """Return whether two names can be the same: True, False, or None if one is not a name or an initial differs.

    >>> names_agree("Donald J. Trump", "Trump"), names_agree("Joe Biden", "Joseph Biden"), names_agree("he", "Biden")
    (True, None, None)
    """
    mine, yours = _words(one), _words(other)
    if not mine or not yours or (set(mine) | set(yours)) & _list("comparison-pronoun"):
        return None
    short, long = sorted((mine, yours), key=len)
    if all(any(_same(a, b) for b in long) for a in short):
        return True
    if _acronym(short, long) or _acronym(long, short):
        return True
    if _same(short[-1], long[-1]) and len(short) > 1 and short[0][0] == long[0][0]:
        # "Joe Biden" and "Joseph Biden", "J. Biden" and "Jill Biden": perhaps.
        return True if short[0] in (long[0], long[0][0]) or long[0] == short[0][0] else None
    return False


@lru_cache(maxsize=1 << 16)
def surname(name: str) -> str | None:
    """Return the last word of a name, to find names that can agree; None for a pronoun."""
    found = _words(name)
    return None if not found or set(found) & _list("comparison-pronoun") else found[-1]


def known(speaker: Speaker | None) -> bool:
    """Return whether a credit names a person or an organisation."""
    return speaker is not None and speaker.kind in _NAMED and surname(speaker.name) is not None


def _whole(one: str, other: str) -> bool:
    return _words(one) == _words(other)


@lru_cache(maxsize=1 << 16)
def _words(name: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(unaccented(name).casefold()))


def _same(one: str, other: str) -> bool:
    return one == other or (
        min(len(one), len(other)) >= _LONG_NAME and Levenshtein.distance(one, other, score_cutoff=1) <= 1
    )


def _acronym(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """Return whether "FBI" is short for "Federal Bureau of Investigation"."""
    gaps = _list("comparison-acronym-gap")
    return len(short) == 1 and len(long) > 1 and short[0] == "".join(word[0] for word in long if word not in gaps)
