"""Find pairs of sources worth comparing by indices of their names, and how the names agree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from quotes.comparison.libraries import Levenshtein
from quotes.comparison.sources.evidence import Evidence
from quotes.comparison.sources.names import Name, Names, Words

# Words this long may be spelt in two ways: "Bornstein" and "Bornsten".
LONG = 6
# Larger blocks show nothing: their members are compared only if another index pairs them.
MOST = 600


def pairs(sources: Sequence[Evidence], names: Names) -> Iterator[tuple[int, int]]:
    """Yield the pairs of people whose full names are worth comparing, by number, each once.

    Args:
        sources: people whose names have two words or more.
        names: reads names.
    """
    blocks: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, source in enumerate(sources):
        for key in _keys(source.name, names):
            blocks[key].append(number)
    done: set[tuple[int, int]] = set()
    for _, block in sorted(blocks.items()):
        if len(block) > MOST:
            continue
        for at, one in enumerate(block):
            for other in block[at + 1 :]:
                if (one, other) not in done and one != other:
                    done.add((one, other))
                    yield one, other


def _keys(name: Name, names: Names) -> set[tuple[str, ...]]:
    first, last = names.sound(name.first), names.sound(name.last)
    found: set[tuple[str, ...]] = {("words", *sorted(names.sound(w) for w in name.words))}
    # Given names and their short forms, and the initial alone, with the surname.
    found |= {("given", names.sound(g), last) for g in names.given(name.first)}
    if len(name.first) == 1:
        found.add(("initial", first, last))
    else:
        found.add(("initial", first[:1], last))
    # One of the two words may be spelt differently.
    found.add(("given and more", first, last[:2], str(len(last) // 3)))
    found.add(("given and more", first, last[:2], str((len(last) + 1) // 3)))
    if len(name.words) > 2:
        found.add(("given", names.sound(name.words[1]), last))
        found.add(("given", first, names.sound(name.words[1])))
    return found


def relation(one: Name, other: Name, names: Names) -> str | None:
    """Return how two full names agree, or None if they belong to two people.

    `same` (all words of the shorter, first and last alike), `order`, `sound`, `nickname`, `part` ("Hillary Clinton" at
    the end of a longer name, or two first of three names), `initial`, `spelling`.
    """
    if one.generation and other.generation and one.generation != other.generation:
        return None
    if one.words == other.words:
        return "same"
    if one.first == other.first and one.last == other.last:
        return "same" if _middles_fit(one.middle, other.middle) else None
    short, long = sorted((one.words, other.words), key=len)
    if sorted(short) == sorted(long):
        return "order"
    if len(short) > 1 and len(long) > len(short) and short in (long[-len(short) :], long[: len(short)]):
        return "part"
    alike = [names.sound(w) for w in one.words] == [names.sound(w) for w in other.words]
    if alike:
        return "sound"
    return _looser(one, other, names)


def _looser(one: Name, other: Name, names: Names) -> str | None:
    same_last = names.sound(one.last) == names.sound(other.last)
    if same_last and _middles_fit(one.middle, other.middle):
        if names.given(one.first) & names.given(other.first):
            return "nickname"
        if 1 in (len(one.first), len(other.first)):
            return "initial" if one.first[0] == other.first[0] else None
        return "spelling" if _close(one.first, other.first) and one.first[0] == other.first[0] else None
    if one.first == other.first and one.last[0] == other.last[0] and _close(one.last, other.last):
        return "spelling"
    return None


def _close(one: str, other: str) -> bool:
    if min(len(one), len(other)) < LONG:
        return False
    return bool(Levenshtein.distance(one, other, score_cutoff=1) <= 1)


def _middles_fit(one: Words, other: Words) -> bool:
    """Return whether middle names can belong to one person: "J." and "John", or none on one side."""
    fits = (a == b or (a[0] == b[0] and 1 in (len(a), len(b))) for a, b in zip(one, other, strict=False))
    return not one or not other or all(fits)


def by_part(sources: Iterable[tuple[int, Evidence]], names: Names) -> dict[str, list[int]]:
    """Return people by each word that alone may mean them: surname, given name, middle names.

    Args:
        sources: people with full names, by number.
        names: reads names.
    """
    found: dict[str, set[int]] = defaultdict(set)
    for number, source in sources:
        for words in source.names:
            for word in words:
                if len(word) > 1:
                    found[names.sound(word)].add(number)
    return {word: sorted(numbers) for word, numbers in found.items()}
