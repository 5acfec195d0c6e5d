"""Count the pronouns that refer to a name, "he", "she" or "it", in the article's own words only."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from quotes.extraction.speakers.model import Layout, Mention
from quotes.lexicon import Lexicon

# How far back, in characters, a pronoun refers to a name.
PRONOUN_FAR = 200


def counts(layout: Layout, placed: Sequence[tuple[Mention, int]], lexicon: Lexicon) -> dict[int, Counter[str]]:
    """Return for each group how often "he" (`m`), "she" (`f`) and "it" refer to its name.

    A pronoun votes for the last name before it in its own or the last sentence, outside quotation marks.
    """
    named = [(m, key) for m, key in placed if not m.quoted and not m.possessive]
    starts = [m.start for m, _ in named]
    found: dict[int, Counter[str]] = {}
    sorts = _pronouns(lexicon)
    for word in _pronoun_regex(lexicon).finditer(layout.text, layout.body.start, layout.body.end):
        at = bisect_right(starts, word.start()) - 1
        if at < 0 or word.start() - named[at][0].end > PRONOUN_FAR or layout.quoted(word.start()):
            continue
        mention, key = named[at]
        sort = sorts[word.group().lower()]
        if (sort == "it" and mention.kind == "person") or (sort != "it" and mention.kind not in ("person", "unknown")):
            continue
        alone = at == 0 or named[at - 1][1] == key or layout.sentence(word.start()) - named[at - 1][0].sentence > 1
        if layout.sentence(word.start()) - mention.sentence <= 1 and (mention.subject or (alone and sort != "it")):
            found.setdefault(key, Counter())[sort] += 1
    return found


def shares(found: Counter[str]) -> tuple[float, float]:
    """Return how much more often "he" than "she" refers to a name, -1 to 1, and how often "it" does, 0 to 1."""
    return (found["m"] - found["f"]) / (found.total() + 1), found["it"] / (found.total() + 1)


@lru_cache(maxsize=8)
def _pronouns(lexicon: Lexicon) -> dict[str, str]:
    return {word: sort for sort in ("m", "f", "it") for word in lexicon.word_set(f"names-pronoun-{sort}")}


@lru_cache(maxsize=8)
def _pronoun_regex(lexicon: Lexicon) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(_pronouns(lexicon))))})\b", re.IGNORECASE)
