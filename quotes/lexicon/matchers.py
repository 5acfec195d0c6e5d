"""Patterns compiled for a vocabulary: spaCy's matchers, run only on texts that can match.

A Matcher tries every pattern at every token, though few can match a given sentence. So each test of a single token is
computed once for each kind of token (its tags, its dependency, and the word if a pattern names it), and cached. A
pattern's matcher runs only if each of its tests passes somewhere, and two tokens are head and child, or neighbours, as
the pattern has them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import define, field, frozen

from quotes.lexicon.tables import ChannelPattern, StatementPattern

if TYPE_CHECKING:
    from spacy.matcher import DependencyMatcher, Matcher
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

# The attributes of a token that are words, of which only those that a pattern names matter, and the other attributes.
_WORDS = {"ORTH": "ORTH", "TEXT": "ORTH", "LOWER": "LOWER", "LEMMA": "LEMMA", "NORM": "NORM"}
_PLAIN = frozenset(
    {"POS", "TAG", "DEP", "MORPH", "ENT_TYPE", "ENT_IOB", "IS_PUNCT", "IS_ALPHA", "IS_DIGIT", "IS_SPACE", "IS_TITLE"}
)
# The attributes by which most texts are ruled out, the rarest first.
_SCREENED = ("ENT_TYPE", "LOWER", "LEMMA", "TEXT")
_NOT_NEEDED = ("?", "*", "!", "{0", "{,")
# The most kinds of token to cache before the cache is cleared.
_MOST_KINDS = 100_000
# A pattern's description of a token.
Node = Mapping[str, Any]
# A kind of token: the attributes at which the tests look.
Kind = tuple[int, ...]
# The tokens of a text that pass each test, by the test's number.
Places = dict[int, list[int]]
Pairs = tuple[tuple[int, int], ...]


@frozen(eq=False)
class _Needs:
    """A pattern's needs: tests as a bit mask, and pairs of tests on head and child, or on neighbouring tokens."""

    tests: int
    hanging: Pairs = ()
    adjoining: Pairs = ()

    @classmethod
    def of(cls, tests: Iterable[int | None], *, hanging: Pairs = (), adjoining: Pairs = ()) -> _Needs:
        return cls(_mask(t for t in tests if t is not None), hanging, adjoining)

    def met(self, held: int, places: Places, heads: Sequence[int]) -> bool:
        """Return whether a text may match, by the tests that hold in it, their tokens, and the head of each token."""
        return (
            self.tests & held == self.tests
            and all(_meet(places[above], (heads[t] for t in places[below])) for above, below in self.hanging)
            and all(_meet(places[right], (t + 1 for t in places[left])) for left, right in self.adjoining)
        )


@frozen(eq=False)
class _Tree:
    """A pattern of heads and children only: each node's test, and the number of the node above it, -1 for the first."""

    tests: tuple[int, ...]
    above: tuple[int, ...]

    @classmethod
    def of(cls, nodes: Sequence[Node], tests: Sequence[int | None]) -> _Tree | None:
        """Return a pattern's tree; None if it has other relations, or tests that cannot be cached."""
        known = [test for test in tests if test is not None]
        numbers = {node["RIGHT_ID"]: number for number, node in enumerate(nodes)}
        above = [numbers[node["LEFT_ID"]] if "REL_OP" in node else -1 for node in nodes]
        hanging = all(node.get("REL_OP", ">") == ">" for node in nodes)
        if not hanging or len(known) < len(nodes) or any(over >= number for number, over in enumerate(above)):
            return None
        return cls(tuple(known), tuple(above))

    def matches(self, places: Places, heads: Sequence[int]) -> list[list[int]]:
        """Return the tokens of each match, in the order of spaCy's DependencyMatcher."""
        found: list[list[int]] = [[]]
        for test, over in zip(self.tests, self.above, strict=True):
            fits = places[test]
            found = [[*m, t] for m in found for t in fits if over < 0 or (heads[t] == m[over] and t != m[over])]
        return found


def _mask(tests: Iterable[int]) -> int:
    """Return tests as a bit mask."""
    mask = 0
    for test in tests:
        mask |= 1 << test
    return mask


def _meet(one: Sequence[int], other: Iterator[int]) -> bool:
    return not set(one).isdisjoint(other)


@define(eq=False)
class _Screen:
    """The words and entities that patterns need, to rule out most texts before they are made a Doc."""

    _words: dict[str, dict[str, int]] = field(factory=lambda: {name: {} for name in _SCREENED}, init=False)
    _free: int = field(default=0, init=False)
    _needs: set[int] = field(factory=set, init=False)

    def add_test(self, number: int, node: Node) -> None:
        """Note one of the words or entities that a test asks for, if it lists them."""
        for name in _SCREENED:
            value = node.get(name)
            listed = value.get("IN") if isinstance(value, Mapping) else value and [value]
            if listed:
                held = self._words[name]
                held.update({word: held.get(word, 0) | 1 << number for word in listed})
                return
        self._free |= 1 << number

    def add_pattern(self, tests: int) -> None:
        """Note the tests that a pattern needs, as a bit mask."""
        self._needs.add(tests)

    def passes(self, held: Mapping[str, Iterable[str]]) -> bool:
        """Return whether a text with these words and entities may match a pattern."""
        mask = self._free
        for name, values in held.items():
            known = self._words[name]
            for value in known.keys() & values:
                mask |= known[value]
        return any(needs & mask == needs for needs in self._needs)


@define(eq=False)
class _Tests:
    """The patterns' tests of single tokens, and the tests that each kind of token passes."""

    vocab: Vocab
    _numbers: dict[str, int] = field(factory=dict, init=False)
    nodes: list[Node] = field(factory=list, init=False)
    _named: dict[int, int] = field(factory=dict, init=False)
    _passed: dict[Kind, tuple[int, ...]] = field(factory=dict, init=False)
    _seen: dict[Kind, tuple[int, ...]] = field(factory=dict, init=False)
    """As `_passed`, but with every word: found faster."""

    def add(self, node: Node) -> int | None:
        """Add a test, and return its number; None if its attributes cannot be cached."""
        node = {name.upper(): value for name, value in node.items() if name.upper() != "OP"}
        words = {name: value for name, value in node.items() if name in _WORDS}
        plain = node.keys() <= _PLAIN | _WORDS.keys()
        if not plain or not all(isinstance(v, str) or set(v) <= {"IN", "NOT_IN"} for v in words.values()):
            return None
        for value in words.values():
            for word in [value] if isinstance(value, str) else [w for listed in value.values() for w in listed]:
                number = self.vocab.strings.add(word)
                self._named[number] = number
        spelt = json.dumps(node, sort_keys=True)
        if spelt not in self._numbers:
            self._numbers[spelt] = len(self.nodes)
            self.nodes.append(node)
        return self._numbers[spelt]

    @cached_property
    def _matcher(self) -> Matcher:
        from spacy.matcher import Matcher

        matcher = Matcher(self.vocab)
        for number, node in enumerate(self.nodes):
            matcher.add(str(number), [[dict(node)]])
        return matcher

    @cached_property
    def _looks_at(self) -> tuple[list[str], list[str]]:
        """The attributes that the tests use: words, and others."""
        seen = {name for node in self.nodes for name in node}
        return sorted({_WORDS[name] for name in seen if name in _WORDS}), sorted(seen & _PLAIN)

    def places(self, doc: Doc) -> tuple[Places, list[int]]:
        """Return the tokens that pass each test, and the head of each token."""
        words, others = self._looks_at
        rows: Any = doc.to_array([*words, *others, "HEAD"]).reshape(len(doc), -1)
        found: Places = {}
        for at, row in enumerate(map(tuple, rows[:, :-1].tolist())):
            tests = self._seen.get(row)
            if tests is None:
                tests = self._look_up(doc, at, row)
            for test in tests:
                found.setdefault(test, []).append(at)
        heads = rows[:, -1].view(np.int64) + np.arange(len(doc))
        return found, heads.tolist()

    def _look_up(self, doc: Doc, at: int, row: Kind) -> tuple[int, ...]:
        """Return the tests that a token passes, by its attributes; of its words only those that a test names matter."""
        count = len(self._looks_at[0])
        kind = (*(self._named.get(word, 0) for word in row[:count]), *row[count:])
        tests = self._passed.get(kind)
        if tests is None:
            tests = self._ask(doc, at, kind)
        if len(self._seen) >= _MOST_KINDS:
            self._seen.clear()
        return self._seen.setdefault(row, tests)

    def _ask(self, doc: Doc, at: int, kind: Kind) -> tuple[int, ...]:
        """Return the tests that a token passes, by spaCy."""
        if not self.nodes:
            return ()
        if len(self._passed) >= _MOST_KINDS:
            self._passed.clear()
        strings = self.vocab.strings
        matches = self._matcher(doc[at : at + 1], allow_missing=True)
        return self._passed.setdefault(kind, tuple(sorted(int(strings[match[0]]) for match in matches)))


class Patterns:
    """Patterns over tokens and over the parse, compiled.

    Args:
        vocab: the vocabulary of the texts.
        tokens: patterns for spaCy's Matcher, by id; of overlapping matches the longest counts.
        dependency: patterns for its DependencyMatcher, by id.
    """

    def __init__(
        self, vocab: Vocab, *, tokens: Mapping[str, Sequence[Node]], dependency: Mapping[str, Sequence[Node]]
    ) -> None:
        from spacy.matcher import DependencyMatcher, Matcher

        self._tests = _Tests(vocab)
        self._tokens: list[tuple[str, _Needs, Matcher]] = []
        self._dependency: list[tuple[str, _Needs, _Tree | DependencyMatcher]] = []
        for name, nodes in tokens.items():
            over_tokens = Matcher(vocab)
            over_tokens.add(name, [[dict(node) for node in nodes]], greedy="LONGEST")
            self._tokens.append((name, self._needs_of_tokens(nodes), over_tokens))
        for name, nodes in dependency.items():
            tests = [self._tests.add(node["RIGHT_ATTRS"]) for node in nodes]
            tree = _Tree.of(nodes, tests)
            if tree is None:
                by_spacy = DependencyMatcher(vocab)
                by_spacy.add(name, [[dict(node) for node in nodes]])
            self._dependency.append((name, self._needs_of_parse(nodes, tests), tree or by_spacy))

    @classmethod
    def of(cls, vocab: Vocab, entries: Sequence[StatementPattern | ChannelPattern]) -> Patterns:
        """Compile the patterns of a lexicon, each under its id."""
        return cls(
            vocab,
            tokens={entry.id: entry.pattern for entry in entries if entry.pattern},
            dependency={entry.id: entry.dependency for entry in entries if entry.dependency},
        )

    def _needs_of_tokens(self, nodes: Sequence[Node]) -> _Needs:
        """Add a token pattern's tests. An optional token has none, and its neighbours need not adjoin."""
        tests = [None if str(n.get("OP", "1")).startswith(_NOT_NEEDED) else self._tests.add(n) for n in nodes]
        pairs = [(one, two) for one, two in pairwise(tests) if one is not None and two is not None]
        return _Needs.of(tests, adjoining=tuple(pairs))

    def _needs_of_parse(self, nodes: Sequence[Node], tests: Sequence[int | None]) -> _Needs:
        named = {node["RIGHT_ID"]: test for node, test in zip(nodes, tests, strict=True)}
        pairs = [(named[n["LEFT_ID"]], named[n["RIGHT_ID"]]) for n in nodes if n.get("REL_OP") == ">"]
        known = tuple((one, two) for one, two in pairs if one is not None and two is not None)
        return _Needs.of(tests, hanging=known)

    @cached_property
    def _screen(self) -> _Screen:
        screen = _Screen()
        for number, node in enumerate(self._tests.nodes):
            screen.add_test(number, node)
        for _, needs, _ in (*self._tokens, *self._dependency):
            screen.add_pattern(needs.tests)
        return screen

    def may_match(self, *, words: Iterable[str], lemmas: Iterable[str], entities: Iterable[str]) -> bool:
        """Return whether a text may match a pattern, by its words, their lemmas and the types of its entities."""
        texts = list(words)
        lower = {text.lower() for text in texts}
        return self._screen.passes({"ENT_TYPE": entities, "LOWER": lower, "LEMMA": set(lemmas), "TEXT": texts})

    def matches(self, doc: Doc) -> Iterator[tuple[str, list[int], list[int]]]:
        """Match a tagged and parsed text.

        Yields:
            For each match the pattern's id, the tokens, and for each of them the number of its node in the pattern.
        """
        if not len(doc):
            return
        places, heads = self._tests.places(doc)
        held = _mask(places)
        for name, needs, over_parse in self._dependency:
            if not needs.met(held, places, heads):
                continue
            if isinstance(over_parse, _Tree):
                found = over_parse.matches(places, heads)
            else:
                found = [tokens for _, tokens in over_parse(doc)]
            for tokens in found:
                yield name, tokens, list(range(len(tokens)))
        for name, needs, over_tokens in self._tokens:
            if needs.met(held, places, heads):
                matched: Any = over_tokens(doc, with_alignments=True)  # its stub knows no alignments
                for _, start, end, alignment in matched:
                    yield name, list(range(start, end)), alignment
