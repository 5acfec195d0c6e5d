"""Organizations and documents: which names mean the same body."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from quotes.comparison.sources.appearance import Appearance
from quotes.comparison.sources.names import Names, Words

if TYPE_CHECKING:
    from quotes.comparison.sources.merging import Merger

# Shorter acronyms are ambiguous.
SHORTEST = 3
LONGEST = 6


def body_key(one: Appearance, words: Words, names: Names) -> tuple[str, ...]:
    """Return a key shared by the mentions of one body: its listed name, or its words.

    A body that every town has, such as a city council, is the same only within an outlet or, if none is known, within
    an article.
    """
    known = names.canonical(words)
    if known is not None and (len(words) > 1 or words[0] not in names.lexicon.word_set("sources-nobody")):
        return ("known", known)
    if " ".join(words) in names.lexicon.word_set("sources-shared-body"):
        return (" ".join(words), "in", one.outlet or one.article)
    return (" ".join(words), "acronym" if _is_acronym(one.name) else "")


def _is_acronym(name: str) -> bool:
    plain = name.replace(".", "").removeprefix("The ").removeprefix("the ")
    return plain.isupper() and plain.isalpha() and SHORTEST <= len(plain) <= LONGEST


def merge_bodies(merger: Merger) -> None:
    """Merge acronyms with the only name that they can be short for, and names with the same words in another order."""
    by_letters: dict[str, list[int]] = defaultdict(list)
    by_words: dict[tuple[str, ...], list[int]] = defaultdict(list)
    gaps = merger.names.lexicon.word_set("comparison-acronym-gap")
    for number, source in enumerate(merger.sources):
        words = source.name.words
        if len(words) > 1 and "in" not in source.key:
            by_letters[merger.names.acronym(words)].append(number)
            by_words[tuple(sorted(w for w in words if w not in gaps))].append(number)
    for _, numbers in sorted(by_words.items()):
        for other in numbers[1:]:
            _join(merger, numbers[0], other, "order")
    for number, source in enumerate(merger.sources):
        if "acronym" in source.key:
            meant = {merger.root(n) for n in by_letters.get(source.name.words[0].replace(".", ""), ())}
            if len(meant) == 1:
                _join(merger, meant.pop(), number, "acronym")


def _join(merger: Merger, one: int, other: int, how: str) -> None:
    one, other = merger.root(one), merger.root(other)
    if one != other and not merger.barred(one, other):
        merger.join(one, other, how, {how: 1.0}, 0.0)
