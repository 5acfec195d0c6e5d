"""Cache spaCy's AttributeRuler per kind of token.

spaCy's AttributeRuler turns fine tags into parts of speech and morphology by some two hundred Matcher patterns, which
takes a third of a parse. Nearly all of them look at one token: its tag, its dependency and, for a few words, the word.
So the ruler is asked once for each such kind of token, by a text of that token alone; where patterns of several tokens
change it, they belong to its kind, and the ruler is asked about the whole text.
A text with white space tokens goes to the ruler itself, and so does every text of a model whose patterns look at other
attributes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from spacy.pipeline import AttributeRuler
    from spacy.tokens import Doc

_SEEN = ("TAG", "LOWER", "DEP", "IS_SPACE")
_GIVEN = ("POS", "MORPH", "LEMMA")
# The most words to cache before the cache is cleared: an archive has any number of words.
_MOST_WORDS = 100_000

Numbers = tuple[int, ...]
# The attributes of a token at which the patterns look, and the patterns of several tokens that change it.
Kind = tuple[int, int, int, Numbers]


class Rulings:
    """An attribute ruler with a cache of its answers.

    Args:
        ruler: the component of a loaded model.
    """

    def __init__(self, ruler: AttributeRuler) -> None:
        from spacy.matcher import Matcher

        self._ruler = ruler
        self._said: dict[Kind, Numbers] = {}
        self._words: set[int] = set()
        self._shapes: list[re.Pattern[str]] = []
        self._known: dict[int, int] = {}  # every word seen: itself if a pattern names it, else 0
        self._longer: list[tuple[frozenset[tuple[str, int]], list[re.Pattern[str]]]] = []
        self._places: list[int] = []  # of the token that each pattern of several tokens changes
        self._matcher = Matcher(ruler.vocab)  # of these patterns
        listed: Sequence[Mapping[str, Any]] = ruler.patterns
        entries = [(pattern, entry) for entry in listed for pattern in entry["patterns"]]
        self._simple = all(self._learn(pattern, entry["attrs"], entry["index"]) for pattern, entry in entries)

    def _learn(self, pattern: Sequence[Mapping[str, Any]], attrs: Mapping[str, Any], place: int) -> bool:
        """Note a pattern's attributes; return whether its answers can be cached."""
        strings = self._ruler.vocab.strings
        if len(pattern) == 1 and pattern[0].get("IS_SPACE"):
            return True  # texts with white space tokens do not use the cache
        if not set(attrs) <= set(_GIVEN):
            return False
        if len(pattern) > 1:
            needs = {(name, strings.add(token[name])) for token in pattern for name in ("LOWER", "DEP")
                     if isinstance(token.get(name), str)}  # fmt: skip
            shapes = [t["LOWER"]["REGEX"] for t in pattern if "REGEX" in (t.get("LOWER") or ())]
            self._matcher.add(str(len(self._longer)), [[dict(token) for token in pattern]])
            self._longer.append((frozenset(needs), [re.compile(shape) for shape in shapes]))
            self._places.append(place)
            return bool(needs)
        [token] = pattern
        if not set(token) <= set(_SEEN):
            return False
        word = token.get("LOWER") or {}
        if isinstance(word, str):
            word = {"IN": [word]}
        if not set(word) <= {"IN", "NOT_IN", "REGEX"}:
            return False
        if "REGEX" in word:
            self._shapes.append(re.compile(word["REGEX"]))
        self._words |= {strings.add(w) for w in (*word.get("IN", ()), *word.get("NOT_IN", ()))}
        return True

    def _named(self, word: int) -> int:
        """Return a word if some pattern names it, else 0."""
        text = self._ruler.vocab.strings[word]
        found = word in self._words or any(shape.search(text) for shape in self._shapes)
        if len(self._known) >= _MOST_WORDS:
            self._known.clear()
        return self._known.setdefault(word, word if found else 0)

    def pipe(self, docs: Iterable[Doc], **_: Any) -> Iterator[Doc]:
        """Set part of speech and morphology of each token of tagged and parsed texts, in place.

        Args:
            docs: the parser's output, without lemmas.
        """
        for doc in docs:
            yield self._ruled(doc) if self._simple and len(doc) else self._ruler(doc)

    def _ruled(self, doc: Doc) -> Doc:
        known_words, said = self._known, self._said
        seen = _rows(doc, _SEEN)
        kinds: list[Kind] = []
        for tag, word, dep, space in seen:
            if space:
                return self._ruler(doc)
            named = known_words.get(word)
            kinds.append((tag, self._named(word) if named is None else named, dep, ()))
        if self._may_hold_longer(seen):
            for number, at in self._changed(doc):
                tag, word, dep, others = kinds[at]
                kinds[at] = tag, word, dep, (*others, number)
        unknown = {kind: at for at, kind in enumerate(kinds) if kind not in said}
        if any(others for *_, others in unknown):
            doc = self._ruler(doc)
            said.update(zip(kinds, map(tuple, _rows(doc, _GIVEN)), strict=True))
            return doc
        for kind, at in unknown.items():
            said[kind] = self._said_of(doc, at)
        values: Any = np.array([said[kind] for kind in kinds], dtype=np.uint64)
        return doc.from_array(list(_GIVEN), values)

    def _said_of(self, doc: Doc, at: int) -> Numbers:
        """Return what the ruler says of a token by itself."""
        from spacy.tokens import Doc

        token = doc[at]
        alone = Doc(doc.vocab, [token.text], tags=[token.tag_], heads=[0], deps=[token.dep_])
        [row] = _rows(self._ruler(alone), _GIVEN)
        return tuple(row)

    def _changed(self, doc: Doc) -> list[tuple[int, int]]:
        """Return the patterns of several tokens that match, with the token that each changes."""
        strings = self._ruler.vocab.strings
        found = [(int(strings[name]), start, end) for name, start, end in self._matcher(doc, allow_missing=True)]
        return sorted({(n, (start if self._places[n] >= 0 else end) + self._places[n]) for n, start, end in found})

    def _may_hold_longer(self, seen: Sequence[Sequence[int]]) -> bool:
        """Return whether a text has the words and dependencies of a pattern of several tokens."""
        held = {"LOWER": {row[1] for row in seen}, "DEP": {row[2] for row in seen}}
        strings = self._ruler.vocab.strings
        return any(
            all(value in held[name] for name, value in needs)
            and all(any(shape.search(strings[row[1]]) for row in seen) for shape in shapes)
            for needs, shapes in self._longer
        )


def _rows(doc: Doc, names: Sequence[str]) -> list[list[int]]:
    """Return attributes of each token as plain numbers."""
    values: Any = doc.to_array(list(names))
    return list(values.tolist())
