"""Mark the names of unlisted outlets by their form: Clare FM, the Kyrna Gazette, the news agency OSTA.

A branch adds a word to a listed outlet's name (CNBC Arabia); a station's name begins or ends with a word like Radio
(Radio Okapi); a paper has an article and one of a few last words; or a common noun beside a name says what it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from attrs import define

from quotes.lexicon import Lexicon
from quotes.lexicon.gazetteer import Press

if TYPE_CHECKING:
    from spacy.tokens import Token

_WHOLE = ("OUTLET", "BROADCASTER")
# The most words of an outlet's name.
_LONGEST = 6


@define(eq=False)
class OutletShapes:
    """The words of a language that mark a name as an outlet's."""

    lexicon: Lexicon
    press: Press

    def mark(self, words: Sequence[str], tokens: Sequence[Token], labels: list[str]) -> None:
        """Add the outlets known only by their form to the IOB tags of a sentence's words.

        Args:
            words: the words of the frame.
            tokens: the parsed token of each.
            labels: the tag of each, with listed names; changed in place.
        """
        if self._telling.isdisjoint(words):
            return
        sentence = _Sentence(words, tokens, labels)
        for at, word in enumerate(words):
            if labels[at] != "O":
                self._branch(sentence, at)
            elif word in self._words("outlet-tails") and self._is_weak(sentence, at - 1):
                sentence.put(at - 1, at + 1, "BROADCASTER")
            elif word in self._words("air-heads"):
                self._station(sentence, at)
            elif word in self._words("paper-heads"):
                self._paper(sentence, at)
            elif word in self._words("outlet-kinds") and self._is_press(sentence, at):
                self._described(sentence, at)

    def _is_weak(self, s: _Sentence, at: int) -> bool:
        """Return whether a word alone is a weak name: ABC is ambiguous, ABC Grandstand is not."""
        known = at >= 0 and s.labels[at] == "O" and self.press.expects(s.words[at])
        return known and not s.owned(at) and s.run_before(at + 1) == at

    def _branch(self, s: _Sentence, at: int) -> None:
        """Mark a listed outlet's branch: CNBC Arabia, BBC Radio Scotland."""
        label = s.labels[at][2:]
        if at + 1 < len(s.words) and label in _WHOLE and s.words[at + 1] in self._words("outlet-tails"):
            s.put(at + 1, at + 2, label, goes_on=True)

    def _station(self, s: _Sentence, at: int) -> None:
        """Mark a station: Clare FM, Wisconsin Public Radio, Radio Okapi."""
        low, high = s.run_before(at), s.run_after(at + 1)
        label = "PROGRAMME" if s.owned(low) else "BROADCASTER"
        if s.words[at] in self._words("air-openers") and high > at + 1:
            s.put(at, high, label)
        elif low < at and high == at + 1:
            s.put(low, at + 1, label)

    def _paper(self, s: _Sentence, at: int) -> None:
        """Mark a paper by its article and its last word: the Kyrna Gazette."""
        low, high = s.run_before(at), s.run_after(at)
        last = s.words[high - 1] in self._words("paper-heads")
        if 0 < low < at and s.words[low - 1].lower() in self.lexicon.names.article and last:
            s.put(low, high, "OUTLET")

    def _is_press(self, s: _Sentence, at: int) -> bool:
        """Return whether a noun means the press: a news agency, not any agency."""
        doubtful = s.words[at] in self._words("doubtful-kinds")
        return not doubtful or (at > 0 and s.words[at - 1].lower() in self._words("press-kinds"))

    def _described(self, s: _Sentence, at: int) -> None:
        """Mark a name beside its noun: the newspaper Aravia Post, Kan public radio."""
        start = at + 1 + (at + 1 < len(s.words) and s.words[at + 1].lower() in self.lexicon.names.article)
        high = s.run_after(start)
        if high > start:
            last = s.tokens[high - 1]
            inside = range(s.tokens[start].i, last.i + 1)
            if last.head.i == s.tokens[at].i or s.tokens[at].head.i in inside:
                s.put(start, high, "OUTLET")
            return
        first = at
        while first > 0 and s.words[first - 1] in self._words("press-kinds"):
            first -= 1
        low = s.run_before(first)
        if low < first:
            s.put(low, at + 1, "OUTLET")

    @cached_property
    def _telling(self) -> frozenset[str]:
        """All words that may identify an outlet by the form of its name."""
        return frozenset().union(*map(self._words, ("outlet-tails", "air-heads", "paper-heads", "outlet-kinds")))

    def _words(self, name: str) -> frozenset[str]:
        """Return a word list; empty if the language has none, so that no name is recognised by its form."""
        known = f"{self.lexicon.language}-{name}"
        return self.lexicon.word_set(known) if known in self.lexicon.words else frozenset()


@define(eq=False)
class _Sentence:
    words: Sequence[str]
    tokens: Sequence[Token]
    labels: list[str]

    def _named(self, at: int) -> bool:
        """Return whether a word is part of an unknown name."""
        word = self.words[at]
        if word == "-":
            return self.labels[at] == "O"
        proper = self.tokens[at].pos_ == "PROPN" or (word.isupper() and len(word) > 2)
        return self.labels[at] == "O" and proper and word[:1].isalpha() and not word.islower()

    def run_before(self, end: int) -> int:
        """Return the beginning of the name that ends here."""
        start = end
        while start > 0 and end - start < _LONGEST and self._named(start - 1):
            start -= 1
        return start + (start < end and self.words[start] == "-")

    def run_after(self, start: int) -> int:
        """Return the end of the name that begins here."""
        end = start
        while end < len(self.words) and end - start < _LONGEST and self._named(end):
            end += 1
        return end - (start < end and self.words[end - 1] == "-")

    def owned(self, at: int) -> bool:
        """Return whether a name is a programme's, with its outlet before it: CBC's Information Radio."""
        return at > 1 and self.tokens[at - 1].tag_ == "POS" and self.labels[at - 2] != "O"

    def put(self, start: int, end: int, label: str, *, goes_on: bool = False) -> None:
        for at in range(start, end):
            self.labels[at] = f"{'I' if at > start or goes_on else 'B'}-{label}"
