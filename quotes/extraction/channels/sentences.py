"""Prepare a sentence for the channel patterns: its words without quoted content, with outlets marked.

A frame is a small Doc of one sentence. Quoted content is replaced by one sign, so that no pattern matches in it, and
names of outlets, programmes and platforms are its entities, so that a pattern can ask for `ENT_TYPE = "OUTLET"`. If a
pattern asks for roles, `_ = { quotes_role = "cue" }`, each token has its role: cue, speaker or content.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from attrs import define, frozen

from quotes.extraction.channels.unlisted_outlets import OutletShapes
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


@frozen
class _Word:
    """A word of a frame, and its token in the reading; `own` is False for part of a token."""

    text: str
    token: int
    slice: Span
    space: bool
    own: bool = True
    hidden: bool = False


@define(eq=False)
class Frame:
    """A sentence prepared for the channel patterns; `tokens[i]` is the index of token i in the reading."""

    doc: Doc
    tokens: list[int]
    slices: list[Span]


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
    def _shapes(self) -> OutletShapes:
        return OutletShapes(self.lexicon, self.press)

    @cached_property
    def asks_roles(self) -> bool:
        """Whether a pattern asks for roles; the token extension is then registered with spaCy."""
        from spacy.tokens import Token

        asked = any("_" in token for pattern in self.lexicon.channels for token in _nodes(pattern))
        if asked and not Token.has_extension(ROLE_ATTRIBUTE):
            Token.set_extension(ROLE_ATTRIBUTE, default="")
        return asked

    @cached_property
    def _order(self) -> Mapping[str, int]:
        return {p.id: n for n, p in enumerate(self.lexicon.channels)}

    @cached_property
    def _by_id(self) -> Mapping[str, ChannelPattern]:
        return {p.id: p for p in self.lexicon.channels}

    @cached_property
    def _compiled(self) -> Patterns:
        return Patterns.of(self.vocab, self.lexicon.channels)

    def frame(
        self,
        reading: Reading,
        low: int,
        high: int,
        *,
        hidden: Collection[int],
        titles: Mapping[int, tuple[int, str]],
        roles: Callable[[Span], str] | None = None,
    ) -> Frame | None:
        """Frame the tokens low to high of a reading; return None if no pattern can match there.

        Args:
            reading: a parsed segment.
            low: the sentence's first token.
            high: after its last.
            hidden: numbers of the quotations that are speech.
            titles: offset and text of those that are a programme's name, by number.
            roles: returns the role of a slice of the source; called if `asks_roles`.
        """
        words = list(_words(reading, low, high, hidden, titles, self.press))
        texts = [w.text for w in words]
        tokens = [reading.doc[w.token] for w in words]
        labels = self._labels(texts, [w.space for w in words])
        self._shapes.mark(texts, tokens, labels)
        lemmas = [t.lemma_.lower() if w.own else w.text.lower() for w, t in zip(words, tokens, strict=True)]
        if not self._compiled.may_match(words=texts, lemmas=lemmas, entities={label[2:] for label in labels}):
            return None
        doc = _doc(self.vocab, words, tokens, labels, lemmas)
        if roles is not None and self.asks_roles:
            for token, word in zip(doc, words, strict=True):
                token._.set(ROLE_ATTRIBUTE, "content" if word.hidden else roles(word.slice))
        return Frame(doc, [w.token for w in words], [w.slice for w in words])

    def _labels(self, words: list[str], spaces: list[bool]) -> list[str]:
        """Return the IOB tag of each word."""
        offsets, at = [], 0
        for word, space in zip(words, spaces, strict=True):
            offsets.append(at)
            at += len(word) + space
        sentence = "".join(w + " " * s for w, s in zip(words, spaces, strict=True))
        labels = ["O"] * len(words)
        place = {offset: n for n, offset in enumerate(offsets)}
        for start, end, label in self.press.scan(sentence):
            number = place.get(start)
            if number is None:
                continue
            prefix = "B"
            while number < len(words) and offsets[number] < end:
                labels[number] = f"{prefix}-{label}"
                prefix, number = "I", number + 1
        return labels

    def hits(self, frame: Frame) -> Iterator[Hit]:
        """Yield the matches of all patterns in a frame, in the order of the patterns; a name is used once."""
        found: list[tuple[int, int, int, int, int, ChannelPattern]] = []
        for name, tokens, nodes in self._compiled.matches(frame.doc):
            pattern = self._by_id[name]
            own = sorted(token for token, node in zip(tokens, nodes, strict=True) if node in pattern.name)
            if own:
                found.append((self._order[name], min(tokens), max(tokens), own[0], own[-1], pattern))
        # An occasion's or a document's name may contain an outlet's: in a Wall Street Journal essay.
        claimed: dict[bool, set[int]] = {True: set(), False: set()}
        for _, first, last, low, high, pattern in sorted(found, key=lambda f: f[:5]):
            while high > low and frame.doc[high].is_punct:
                high -= 1
            own_claims = claimed[pattern.relation == "in"]
            if not own_claims.isdisjoint(range(low, high + 1)):
                continue
            own_claims.update(range(low, high + 1))
            span = Span(frame.slices[low].start, frame.slices[high].end)
            before = frame.doc[low - 1].lower_ if low else ""
            yield Hit(pattern, frame.tokens[first], frame.tokens[last], span, before, frame.doc[low].ent_type_)


def _nodes(pattern: ChannelPattern) -> Iterator[Mapping[str, Any]]:
    yield from pattern.pattern
    for node in pattern.dependency:
        yield node.get("RIGHT_ATTRS", {})


def _words(
    reading: Reading,
    low: int,
    high: int,
    hidden: Collection[int],
    titles: Mapping[int, tuple[int, str]],
    press: Press,
) -> Iterator[_Word]:
    """Yield a sentence's words: hide quotations, restore titles that were masked for the parser, split "X."."""
    shown: set[int] = set()
    for i in range(low, high):
        token, start, end, number = reading.doc[i], reading.starts[i], reading.ends[i], reading.inside[i]
        if token.is_space:
            continue
        masked = end - start != len(token.text)
        if masked and number in titles:
            if number not in shown:
                shown.add(number)
                at, title = titles[number]
                yield _Word("“", i, Span(start, at), False)
                for match in _TITLE_WORD.finditer(title):
                    word = Span(at + match.start(), at + match.end())
                    yield _Word(match.group(), i, word, match.end() < len(title), own=False)
                yield _Word("”", i, Span(at + len(title), end), True, own=False)
        elif masked or number in hidden:
            yield _Word(_HIDDEN, i, Span(start, end), bool(token.whitespace_), hidden=True)
        elif len(token.text) == 2 and token.text[1] == "." and press.expects(token.text[0]):
            # The tokenizer takes a sentence's last word and its period for an initial: he wrote on X.
            yield _Word(token.text[0], i, Span(start, start + 1), False)
            yield _Word(".", i, Span(start + 1, end), bool(token.whitespace_), own=False)
        else:
            yield _Word(token.text, i, Span(start, end), bool(token.whitespace_))


def _doc(vocab: Vocab, words: list[_Word], tokens: list[Token], labels: list[str], lemmas: list[str]) -> Doc:
    from spacy.tokens import Doc

    place: dict[int, int] = {}
    for number, word in enumerate(words):
        place.setdefault(word.token, number)
    pos = []
    for number, (word, token) in enumerate(zip(words, tokens, strict=True)):
        part = "X" if word.hidden else token.pos_ if word.own else "PUNCT" if not word.text[0].isalnum() else "PROPN"
        if labels[number] != "O" and part != "PART":
            part = "PROPN"
        elif part == "ADP" and 0 < number < len(words) - 1 and words[number - 1].text == words[number + 1].text == "-":
            part = "NOUN"  # Commander-in-Chief
        pos.append(part)
    return Doc(
        vocab,
        words=[w.text for w in words],
        spaces=[w.space for w in words],
        tags=["" if w.hidden or not w.own else t.tag_ for w, t in zip(words, tokens, strict=True)],
        pos=pos,
        lemmas=lemmas,
        deps=[t.dep_ if w.own else "punct" for w, t in zip(words, tokens, strict=True)],
        heads=[
            place.get(t.head.i, n) if w.own else place[w.token]
            for n, (w, t) in enumerate(zip(words, tokens, strict=True))
        ],
        ents=labels,
    )
