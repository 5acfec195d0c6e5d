"""Prepare a sentence for the channel patterns: its words without quoted content, with outlets marked.

A frame is a small Doc of one sentence. Quoted content is replaced by one sign, so that no pattern matches in it, and
names of outlets, programmes and platforms are its entities, so that a pattern can ask for `ENT_TYPE = "OUTLET"`. If a
pattern asks for roles, `_ = { quotes_role = "cue" }`, each token has its role: cue, speaker or content.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

from attrs import define, frozen

from quotes.extraction.channels import unlisted_outlets
from quotes.extraction.channels.article_words import Vocabulary, vocabulary
from quotes.extraction.parsing.masking import Reading
from quotes.lexicon import Lexicon
from quotes.lexicon.gazetteer import Press, press_of
from quotes.lexicon.matchers import Patterns
from quotes.lexicon.tables import ROLE_ATTRIBUTE, ChannelPattern
from quotes.records import Span

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token
    from spacy.vocab import Vocab

_HIDDEN = "█"
_TITLE_WORD = re.compile(r"[^\W_]+|[^\w\s]|_")


@frozen
class Hit:
    """A pattern's match: its first and last token in the reading, and the span of the channel's name.

    `before` is the word before the name, `label` the kind of the name, if it is listed.
    """

    pattern: ChannelPattern
    first: int
    last: int
    name: Span
    before: str
    label: str


@define(eq=False)
class _Word:
    """A word of a frame, its token in the reading, and its IOB tag; `own` is False for part of a token."""

    text: str
    token: Token
    slice: Span
    space: bool
    own: bool = True
    hidden: bool = False
    label: str = "O"

    @property
    def lemma(self) -> str:
        return self.token.lemma_.lower() if self.own else self.text.lower()

    @property
    def pos(self) -> str:
        if self.hidden:
            return "X"
        if not self.own and not self.text[0].isalnum() and self.label == "O":
            return "PUNCT"
        return "PROPN" if not self.own or (self.label != "O" and self.token.pos_ != "PART") else self.token.pos_


@define(eq=False)
class ChannelMatchers:
    """The channel patterns of a lexicon, compiled once for a vocabulary."""

    lexicon: Lexicon
    vocab: Vocab

    @cached_property
    def press(self) -> Press:
        """The names of the lexicon's outlets, programmes and platforms."""
        return press_of(self.lexicon)

    @cached_property
    def _known(self) -> Vocabulary:
        return vocabulary(self.lexicon)

    @cached_property
    def _asks_roles(self) -> bool:
        """Whether a pattern asks for roles; the token extension is then registered with spaCy."""
        from spacy.tokens import Token

        asked = any(ROLE_ATTRIBUTE in str((p.pattern, p.dependency)) for p in self.lexicon.channels)
        if asked and not Token.has_extension(ROLE_ATTRIBUTE):
            Token.set_extension(ROLE_ATTRIBUTE, default="")
        return asked

    @cached_property
    def _numbered(self) -> Mapping[str, tuple[int, ChannelPattern]]:
        return {p.id: (number, p) for number, p in enumerate(self.lexicon.channels)}

    @cached_property
    def _compiled(self) -> Patterns:
        return Patterns.of(self.vocab, self.lexicon.channels)

    def hits(
        self,
        reading: Reading,
        sentence: range,
        *,
        hidden: Collection[int],
        titles: Mapping[int, tuple[int, str]],
        roles: Callable[[Span], str],
    ) -> Iterator[Hit]:
        """Yield the matches of all patterns in a sentence, in the order of the patterns; a name is used once.

        Args:
            reading: a parsed segment.
            sentence: the numbers of the sentence's tokens.
            hidden: numbers of the quotations that are speech.
            titles: offset and text of those that are a programme's name, by number.
            roles: returns the role of a slice of the source; called if a pattern asks for roles.
        """
        words = list(_words(reading, sentence, hidden, titles, self.press))
        self._label(words)
        texts, lemmas = [w.text for w in words], [w.lemma for w in words]
        if not self._compiled.may_match(words=texts, lemmas=lemmas, entities={w.label[2:] for w in words}):
            return
        doc = _doc(self.vocab, words)
        if self._asks_roles:
            for token, word in zip(doc, words, strict=True):
                token._.set(ROLE_ATTRIBUTE, "content" if word.hidden else roles(word.slice))
        found: list[tuple[int, int, int, int, int, ChannelPattern]] = []
        for pattern_id, tokens, nodes in self._compiled.matches(doc):
            order, pattern = self._numbered[pattern_id]
            named = [token for token, node in zip(tokens, nodes, strict=True) if node in pattern.name]
            if named:
                found.append((order, min(tokens), max(tokens), min(named), max(named), pattern))
        # An occasion's or a document's name may contain an outlet's: in a Wall Street Journal essay.
        claimed: dict[bool, set[int]] = {True: set(), False: set()}
        for _, first, last, low, high, pattern in sorted(found, key=lambda f: f[:5]):
            while high > low and doc[high].is_punct:
                high -= 1
            taken = claimed[pattern.relation == "in"]
            if taken.isdisjoint(range(low, high + 1)):
                taken.update(range(low, high + 1))
                name = Span(words[low].slice.start, words[high].slice.end)
                before = doc[low - 1].lower_ if low else ""
                yield Hit(pattern, words[first].token.i, words[last].token.i, name, before, doc[low].ent_type_)

    def _label(self, words: Sequence[_Word]) -> None:
        """Give each word of a name of the press its IOB tag."""
        offsets = list(accumulate((len(w.text) + w.space for w in words), initial=0))
        for start, end, label in self.press.scan("".join(w.text + " " * w.space for w in words)):
            low, high = bisect_left(offsets, start), bisect_left(offsets, end)
            if offsets[low] == start:
                for word in words[low:high]:
                    word.label = f"I-{label}"
                words[low].label = f"B-{label}"
        unlisted_outlets.mark(words, self._known, listed=self.press.expects)


def _words(
    reading: Reading, sentence: range, hidden: Collection[int], titles: Mapping[int, tuple[int, str]], press: Press
) -> Iterator[_Word]:
    """Yield a sentence's words: hide quotations, restore titles that were masked for the parser, split "X."."""
    shown: set[int] = set()
    for i in sentence:
        token, start, end, number = reading.doc[i], reading.starts[i], reading.ends[i], reading.inside[i]
        space, masked = bool(token.whitespace_), end - start != len(token.text)
        if token.is_space or (masked and number in shown):
            continue
        if masked and number in titles:
            shown.add(number)
            at, title = titles[number]
            yield _Word("“", token, Span(start, at), False)
            for match in _TITLE_WORD.finditer(title):
                word = Span(at + match.start(), at + match.end())
                yield _Word(match.group(), token, word, match.end() < len(title), own=False)
            yield _Word("”", token, Span(at + len(title), end), True, own=False)
        elif masked or number in hidden:
            yield _Word(_HIDDEN, token, Span(start, end), space, hidden=True)
        elif len(token.text) == 2 and token.text[1] == "." and press.expects(token.text[0]):
            # The tokenizer takes a sentence's last word and its period for an initial: he wrote on X.
            yield _Word(token.text[0], token, Span(start, start + 1), False)
            yield _Word(".", token, Span(start + 1, end), space, own=False)
        else:
            yield _Word(token.text, token, Span(start, end), space)


def _doc(vocab: Vocab, words: Sequence[_Word]) -> Doc:
    """Return the frame: a Doc of the words with what the parser said of their tokens."""
    from spacy.tokens import Doc

    place = {word.token.i: number for number, word in reversed(list(enumerate(words)))}
    pos = [w.pos for w in words]
    for n in range(1, len(words) - 1):
        if pos[n] == "ADP" and words[n - 1].text == words[n + 1].text == "-":
            pos[n] = "NOUN"  # Commander-in-Chief
    return Doc(
        vocab,
        words=[w.text for w in words],
        spaces=[w.space for w in words],
        tags=[w.token.tag_ if w.own and not w.hidden else "" for w in words],
        pos=pos,
        lemmas=[w.lemma for w in words],
        deps=[w.token.dep_ if w.own else "punct" for w in words],
        heads=[place.get(w.token.head.i, n) if w.own else place[w.token.i] for n, w in enumerate(words)],
        ents=[w.label for w in words],
    )
