"""Split an article into words, sentences and paragraphs without a parse, and look up its words in the channel lists."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache

from attrs import define, field, frozen

from quotes.lexicon import Lexicon
from quotes.records import ChannelKind
from quotes.text.sentences import sentence_end

_SENTENCE_END = sentence_end(opens="capital", lines=False)
_LINE = re.compile(r"[\r\n]+")
# The most words before the last one of a noun phrase that names a channel.
_LONGEST = 7
# The fewest letters of a noun whose plural is known.
_INFLECTED = 3
# The lists of nouns of each kind; of two lists with one noun, the first counts.
NOUNS: tuple[tuple[str, ChannelKind], ...] = (
    ("loose-programmes", "programme"), ("loose-platforms", "platform"), ("audiences", "audience"),
    ("loose-audiences", "audience"), ("documents", "document"), ("loose-documents", "document"),
    ("occasions", "occasion"), ("loose-occasions", "occasion"),
)  # fmt: skip


@frozen(eq=False)
class Vocabulary:
    """The words for channels in one language; empty if it has none.

    `nouns` gives the kind of each noun that may head a channel's name, `bases` the base form of each printed form.
    """

    nouns: dict[str, ChannelKind]
    bases: dict[str, str]
    sets: dict[str, frozenset[str]]
    token: re.Pattern[str]

    def __getitem__(self, name: str) -> frozenset[str]:
        return self.sets.get(name, frozenset())


@lru_cache(maxsize=8)
def vocabulary(lexicon: Lexicon) -> Vocabulary:
    """Return the vocabulary of a lexicon, built once."""
    prefix = f"{lexicon.language}-"
    sets = {name.removeprefix(prefix): frozenset(w) for name, w in lexicon.words.items() if name.startswith(prefix)}
    nouns = {word: kind for name, kind in reversed(NOUNS) for word in sets.get(name, ())}
    bases: dict[str, str] = {}
    for ending, plural in (("", "s"), ("", "es"), ("y", "ies")):  # of two readings of a form the last counts
        long = (noun for noun in nouns if len(noun) >= _INFLECTED and noun.endswith(ending))
        bases |= {noun.removesuffix(ending) + plural: noun for noun in long}
    short = lexicon.words.get("names-abbreviation", ())
    abbreviations = "|".join(sorted(map(re.escape, short))) or "(?!)"
    # The list is looked through only where a full stop follows.
    listed = rf"(?=[\w.-]{{1,{max(map(len, short), default=1)}}}\.)(?i:{abbreviations})"
    plain = r"[^\W_]++(?:[-&][^\W_]++)*+(?!\.)"  # most words; first, because nothing else can match there
    token = rf"{plain}|(?:[^\W\d_]\.){{2,}}|\b{listed}\.|[^\W_]+(?:[-&][^\W_]+)*|['’]s\b|[^\w\s]|_"
    return Vocabulary(nouns, bases | {noun: noun for noun in nouns}, sets, re.compile(token))


@frozen
class Phrase:
    """A noun phrase: its first and last word, the determiner before it ("" for none), and the words around it.

    `before` are the three words before the determiner, the nearest first; `after` the two words after it; "^" and "$"
    mark the sentence's ends.
    """

    first: int
    last: int
    determiner: str
    before: tuple[str, str, str]
    after: tuple[str, str]


@define(eq=False)
class ArticleWords:
    """The words of an article with their places."""

    text: str
    start: int
    end: int
    known: Vocabulary
    starts: list[int] = field(init=False)
    words: list[str] = field(init=False)
    lower: list[str] = field(init=False)
    _joins: list[bool] = field(init=False)
    _sentences: list[int] = field(init=False)
    _paragraphs: list[int] = field(init=False)

    def __attrs_post_init__(self) -> None:
        matches = list(self.known.token.finditer(self.text, self.start, self.end))
        self.starts, self.words = [m.start() for m in matches], [m.group() for m in matches]
        self.lower = [w.lower() for w in self.words]
        ends = [m.end() for m in matches]
        self._joins = [start - end <= 1 for start, end in zip(self.starts, [self.start - 2, *ends], strict=False)]
        self._paragraphs = [self.start, *(m.end() for m in _LINE.finditer(self.text, self.start, self.end))]
        self._sentences = sorted({*self._paragraphs, *self._stops(), self.end})

    def _stops(self) -> Iterator[int]:
        for match in _SENTENCE_END.finditer(self.text, self.start, self.end):
            word = self.words[self.at(match.start())]
            if not (len(word) > 1 and word.endswith(".")):  # Mr. Roe, U.S. Congress
                yield match.end()

    def __len__(self) -> int:
        return len(self.words)

    def at(self, offset: int) -> int:
        """Return the number of the word at an offset, or of the last one before it."""
        return max(0, bisect_right(self.starts, offset) - 1)

    def stop(self, number: int) -> int:
        """Return the offset after a word."""
        return self.starts[number] + len(self.words[number])

    def sentence(self, offset: int) -> int:
        """Return the number of the sentence that contains an offset."""
        return bisect_right(self._sentences, offset) - 1

    def paragraph(self, offset: int) -> int:
        """Return the number of the paragraph that contains an offset."""
        return bisect_right(self._paragraphs, offset) - 1

    def sentence_text(self, number: int) -> str:
        """Return a sentence in lower case."""
        low = max(0, number)
        high = self._sentences[low + 1] if low + 1 < len(self._sentences) else self.end
        return self.text[self._sentences[low] : high].lower()

    def sentence_start(self, number: int) -> int:
        """Return where a sentence begins."""
        return self._sentences[max(0, number)]

    def joined(self, number: int) -> bool:
        """Return whether a word directly follows the one before it."""
        return 0 < number < len(self.words) and self._joins[number]

    def _name_before(self, number: int) -> int:
        """Return the first word of a name that goes on with a word behind "of": State of the |Union address."""
        first, links = number - 1, self.known["name-links"] - self.known["articles"]
        if not self.words[number][0].isupper():
            return number
        if first and self.lower[first - 1] in links:
            first -= 1
        named = first and self.lower[first] in links and self.words[first - 1][0].isupper()
        return first - 1 if named and self.joined(first) else number

    def phrase(self, last: int) -> Phrase:
        """Return the noun phrase that ends with a word, back to a word that opens or breaks one."""
        first, links = last, self.known["name-links"]
        while first and last - first < _LONGEST and self.joined(first):
            before = self.lower[first - 1]
            if before in links and (name := self._name_before(first)) < first:
                first = name
                continue
            if before in self.known["possessive"] or before in self.known["determiners"]:
                return self.around(first, last, before)
            if before in self.known["phrase-stops"] or not before[0].isalnum():
                break
            first -= 1
        return self.around(first, last, "")

    def around(self, first: int, last: int, determiner: str | None = None) -> Phrase:
        """Return a phrase with its context."""
        if determiner is None:
            determiner = self.lower[first - 1] if first and self.lower[first - 1] in self.known["determiners"] else ""
        outer = first - 1 - bool(determiner)
        if outer >= 0 and self.lower[outer] in self.known["all"]:
            outer -= 1
        own = self.sentence(self.starts[last])
        near, beyond, third = (self._inside(outer - n, own) or "^" for n in range(3))
        after, second = (self._inside(last + n, own) or "$" for n in (1, 2))
        return Phrase(first, last, determiner, (near, beyond, third), (after, second))

    def _inside(self, number: int, sentence: int) -> str | None:
        if 0 <= number < len(self) and self.sentence(self.starts[number]) == sentence:
            return self.lower[number]
        return None
