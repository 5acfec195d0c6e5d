"""Find the extent of a statement in a parse: the words that its cue governs, that it interrupts, or beside it.

This is grammar only, by the labels of spaCy's English models (ClearNLP); vocabulary is in `patterns/`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from attrs import define, frozen

from quotes.extraction.parsing.complete import closed
from quotes.extraction.parsing.masking import Reading
from quotes.lexicon import Lexicon
from quotes.lexicon.tables import Cue as CueEntry
from quotes.records import MarkedSpan, QuoteType, Span
from quotes.text.own_clause import is_complete
from quotes.text.spans import outside

if TYPE_CHECKING:
    from spacy.tokens import Token

# The most words between a quotation and the cue's clause: before the clause there is only the subject, after it there
# may be an addressee and a day.
_NEAR_BEFORE, _NEAR_AFTER = 12, 20
# The most tokens of a credit after a full stop.
_LOOSE = 8
# Extra words of distance for a quotation beside a cue without a comma, colon or stop between them.
_UNLINKED = 5.0
SUBJECTS = frozenset({"nsubj", "nsubjpass"})
_CLAUSES = frozenset({"ccomp", "parataxis"})
_OPEN_CLAUSES = frozenset({"xcomp"})
_OBJECTS = frozenset({"dobj", "oprd", "attr", "dative", "obj", "nsubjpass"})
_PARTICLES = frozenset({"prt", "advmod", "prep", "dobj"})
_TRAILING = frozenset({",", ".", ";", ":", "-", "--", "—", "–", "?", "!", "...", "…"})
_CURRENCY_AND_BRACKETS = frozenset("($£€¥₹#")


@frozen
class Content:
    """A candidate's content: spans of the source, and their relation to the cue."""

    regions: tuple[Span, ...]
    how: str
    distance: float = 0.0


@define(eq=False)
class Clause:
    """A cue in its sentence, with the speaker from a pattern.

    `carried` maps participles that continue a statement to their speaker, `credits` are cues such as "according", which
    credit the whole sentence.
    """

    text: str
    reading: Reading
    marked: Sequence[MarkedSpan]
    lexicon: Lexicon
    cue: Token
    speaker: Token | None
    carried: Mapping[int, int]
    credits: frozenset[int]

    @cached_property
    def _pos(self) -> Literal["noun", "verb"]:
        return "noun" if self.cue.pos_ == "NOUN" else "verb"

    def _credits_loosely(self, number: int) -> bool:
        """Return whether a sentence after a whole quotation credits it: “Who knows?” Ana Lee asked. “So.” Roe said.

        After a full stop only the credit may follow; an act is not one: “So.” Roe nodded.
        """
        if self.cue.lower_ in self.lexicon.own_set("silent-acts"):
            return False
        inner = self.text[self.marked[number].inner.start : self.marked[number].inner.end].rstrip()
        short = len(self.cue.sent) <= _LOOSE and self.cue.lemma_.lower() in self.lexicon.own_set("plainest")
        return not inner.endswith(".") or short or self.speaker is None

    @cached_property
    def particle(self) -> Token | None:
        """The particle, preposition or object of a two-word cue: point out, call for, put it."""
        lemma = self.cue.lemma_.lower()
        for child in self.cue.rights:
            if child.dep_ in _PARTICLES and any(self._listed(f"{lemma} {child.lower_}")):
                return child
        return None

    def _listed(self, phrase: str) -> tuple[CueEntry, ...]:
        """Return the entries of two words: as a verb, or as a phrase, whose verb alone says nothing: heard from."""
        lists = (self._pos, "phrase")
        return next((found for pos in lists if (found := self.lexicon.cue_entries(phrase, pos=pos))), ())

    @cached_property
    def entries(self) -> tuple[CueEntry, ...]:
        """The cue's entries: of "point out" if a particle follows, else of the bare lemma."""
        lemma = self.cue.lemma_.lower()
        if self.particle is None:
            return self.lexicon.cue_entries(lemma, pos=self._pos)
        return self._listed(f"{lemma} {self.particle.lower_}")

    @cached_property
    def takes(self) -> frozenset[str]:
        """The kinds of content that the cue takes."""
        return frozenset(t for entry in self.entries for t in entry.takes)

    def shares_subject(self) -> bool:
        """Return whether there is no nearer subject on the path up from the cue to the verb with the subject.

        A participle after a comma (“…,” she said, adding that) has the subject of the statement that it continues,
        whatever clause the parser attaches it to.
        """
        if self.speaker is None:
            return False
        if (carried := self.carried.get(self.cue.i)) is not None:
            return carried == self.speaker.i
        token = self.cue
        for _ in range(6):  # a longer chain of verbs without a subject is a parsing error
            if token.i == self.speaker.head.i:
                return True
            if token.i != self.cue.i and any(c.dep_ in SUBJECTS for c in token.children):
                return False
            if token.head.i == token.i or token.dep_ == "relcl":
                return False
            token = token.head
        return False

    def governed(self) -> Content | None:
        """Return the content governed by the cue: clause, infinitive, object or as-phrase, as the cue takes it."""
        before: list[Span] = []
        after: list[tuple[Span, str]] = []
        strayed = self._strayed()
        for child in (*self.cue.children, *strayed):
            clause = child.dep_ in _CLAUSES or (child.dep_ == "acl" and self._pos == "noun") or child in strayed
            if self._is_speaker(child) or not (clause or child.dep_ in _OPEN_CLAUSES):
                continue
            if not clause and "infinitive" not in self.takes and self.lexicon.cue_entries(child.lemma_.lower()):
                continue  # went on to say: the words belong to "say"
            span = self._complement(child)
            bare = "that" in self.takes and not self._opens_with_that(child)
            if span is None or (bare and not self._quoted(span)):
                continue
            wanted = {"clause", "question", "that"} if clause else {"infinitive"}
            if not self.takes & wanted and not self._quoted(span):
                continue
            if child.i < self.cue.i:
                before.append(span)
            else:
                after.append((span, "clause" if clause else "infinitive"))
        if before and after and self._all_quoted(before[0]):
            return Content((before[0], after[0][0]), "both")
        if after:
            return Content((after[0][0],), after[0][1])
        if before:
            return Content((before[-1],), "fronted")
        return self._object()

    def _strayed(self) -> list[Token]:
        """Return a clause of what is said that the parser attached to the noun before it, which hears or says it.

        The inquest was told by a nurse | that the ward was full; she told a hearing | that it was.
        """
        heard = [c for c in self.cue.children if c.dep_ == "dobj" and "addressee" in self.takes]
        by = [self.speaker] if self.speaker is not None and self.speaker.dep_ == "pobj" else []
        above = [self.cue.head] if by and self.cue.dep_ == "acl" else []  # the inquest, heard from a nurse
        clauses = [c for noun in (*heard, *by, *above) for c in noun.rights if c.dep_ in ("acl", "relcl", "ccomp")]
        return [c for c in clauses if c.left_edge.i > self.cue.i and self._opens_with_that(c)]

    def _opens_with_that(self, clause: Token) -> bool:
        first = clause.left_edge
        return first.lower_ in self.lexicon.own_set("that") and first.dep_ not in SUBJECTS

    def surrounding(self) -> Content | None:
        """Return the clause that the cue's clause interrupts: Perhaps, he said, this “small town” has grown."""
        head = self.cue.head
        if head.i == self.cue.i:
            return None
        left, right = self._edges()
        low, high = head.left_edge.i, head.right_edge.i + 1
        sides = [(low, left), (right, high)]
        if self.lexicon.cue_entries(head.lemma_.lower()) and any(c.dep_ in SUBJECTS for c in head.children):
            # “…,” Roe said, Reuters reported: the outer credit is not part of Roe's statement.
            sides = [(a, b) for a, b in sides if not a <= head.i < b]
        return self._content([self.span(a, b) for a, b in sides], "surrounding")

    def rest(self) -> Content | None:
        """Return the sentence without the crediting phrase: one span, or two if the phrase is in the middle."""
        sentence = self.cue.sent
        left, right = self._edges()
        return self._content([self.span(sentence.start, left), self.span(right, sentence.end)], "rest")

    def following(self) -> Content | None:
        """Return the quotation directly after the cue, on its line or the next: the builders had a message: “…”."""
        end = self.reading.ends[self.cue.i]
        number = bisect_right(self.marked, end - 1, key=lambda m: m.start)
        if number >= len(self.marked) or self.text[end : self.marked[number].start].strip():
            return None
        return Content((Span(self.marked[number].start, self.marked[number].end),), "colon")

    def beside(self) -> Content | None:
        """Return the quotation next to the cue's clause, before or after it."""
        if not self.reading.spans or "direct" not in self.takes:
            return None
        low = self.cue.i if self.speaker is None else min(self.cue.i, self.speaker.left_edge.i)
        high = self.cue.i if self.speaker is None else max(self.cue.i, self._speaker_end())
        options = [*self._before(self.reading.starts[low]), *self._after(self.reading.ends[high])]
        if not options:
            return None
        distance, number, side = min(options)
        return Content((Span(self.marked[number].start, self.marked[number].end),), side, distance)

    def fragments(self, content: Content) -> tuple[tuple[Span, ...], QuoteType]:
        """Split content into fragments, and return them with their type: direct if every word is in quotation marks."""
        quoted = [self.marked[n] for n in self.reading.spans]
        spans: list[Span] = []
        any_outside = any_inside = False
        for region in content.regions:
            held = [m for m in quoted if m.start < region.end and region.start < m.end]
            any_inside |= bool(held)
            start = min([region.start, *(m.start for m in held)])
            end = max([region.end, *(m.end for m in held)])
            if held and not any(c.isalnum() for c in outside(self.text, Span(start, end), held)):
                spans += [Span(m.start, m.end) for m in held]
            else:
                any_outside = True
                spans.append(Span(start, end))
        kind: QuoteType = "indirect" if not any_inside else "mixed" if any_outside else "direct"
        return tuple(spans), kind

    def span(self, low: int, high: int) -> Span:
        """Return the span of tokens low to high, without punctuation and white space outside quotation marks."""
        doc, inside = self.reading.doc, self.reading.inside
        while low < high and inside[low] < 0 and self._leads(doc[low]):
            low += 1
        while high > low and inside[high - 1] < 0 and (doc[high - 1].is_space or doc[high - 1].text in _TRAILING):
            high -= 1
        if low >= high:
            return Span(0, 0)
        start, end = self.reading.starts[low], self.reading.ends[high - 1]
        if inside[low] >= 0:
            start = min(start, self.marked[inside[low]].start)
        if inside[high - 1] >= 0:
            end = max(end, self.marked[inside[high - 1]].end)
        return Span(start, end)

    def _leads(self, token: Token) -> bool:
        return bool(token.is_space or (token.is_punct and token.text not in _CURRENCY_AND_BRACKETS))

    def _content(self, spans: Sequence[Span], how: str) -> Content | None:
        # Fewer than four characters are an initial or a stray word.
        kept = tuple(s for s in spans if s.end - s.start > 3)
        return Content(kept, how) if kept else None

    def _edges(self) -> tuple[int, int]:
        """Return the bounds of the cue's clause, in tokens, high exclusive."""
        left, right = self.cue.left_edge.i, self.cue.right_edge.i + 1
        if self.speaker is not None:
            left, right = min(left, self.speaker.left_edge.i), max(right, self.speaker.right_edge.i + 1)
        return left, right

    def _speaker_end(self) -> int:
        """Return the last token of the speaker's noun phrase before any quotation that the parser attached to it."""
        assert self.speaker is not None
        last = self.speaker.i
        while last < self.speaker.right_edge.i and self.reading.inside[last + 1] < 0:
            last += 1
        while last > self.speaker.i and self.reading.doc[last].is_punct:
            last -= 1
        return last

    def _is_speaker(self, token: Token) -> bool:
        return self.speaker is not None and token.i == self.speaker.i

    def _object(self) -> Content | None:
        """Return the object with its complements: called him “a friend” and “a neighbour”, denied any role.

        An object without quotation marks counts only for cues that take one.
        """
        right = [c for c in self.cue.rights if not self._is_speaker(c)]
        with_prepositions = bool(self.takes & {"as", "quoted-object"})
        parts = [c for c in right if c.dep_ in _OBJECTS or (c.dep_ == "prep" and with_prepositions)]
        objects = [c for c in parts if c.dep_ in _OBJECTS]
        held = [c for c in parts if self._quoted(self.span(c.left_edge.i, c.right_edge.i + 1))]
        if held and self._holds_statement(held[0]):
            return None
        if held:
            first = min([*objects, *held], key=lambda c: c.i)
            low = first.left_edge.i + (first.dep_ == "prep")
            how = "object" if held[0].dep_ != "prep" else "preposition"
            content = self.span(low, closed(self.reading, low, max(c.right_edge.i for c in held) + 1, marks=_TRAILING))
            named = [self.span(c.left_edge.i, c.right_edge.i + 1) for c in self.cue.lefts if c.dep_ == "nsubjpass"]
            return Content((*named, content), how)
        if "object" not in self.takes:
            return None
        if self.particle is not None and self.particle.dep_ == "prep":
            return self._content([self.span(self.particle.i + 1, self.particle.right_edge.i + 1)], "object")
        if not objects or self._holds_statement(objects[0]):
            return None
        low, high = objects[0].left_edge.i, objects[0].right_edge.i + 1
        for child in parts:
            if child.left_edge.i == high:
                high = child.right_edge.i + 1
        return self._content([self.span(low, high)], "object")

    def _holds_statement(self, noun: Token) -> bool:
        """Return whether an object is a noun of saying with its own content: repeated her claim that …"""
        return bool(self.lexicon.cue_entries(noun.lemma_.lower(), pos="noun")) and any(
            c.dep_ == "acl" for c in noun.rights
        )

    def _complement(self, head: Token) -> Span | None:
        """Return the bounds of a content head's subtree, up to words that continue or credit the whole statement."""
        low, high = head.left_edge.i, head.right_edge.i + 1
        if low <= self.cue.i < high:
            return None
        if low > self.cue.i:
            low = self._leftmost(low)
            doc = self.reading.doc
            if doc[low].dep_ == "advmod" and doc[low + 1].lower_ in self.lexicon.own_set("that"):
                low += 1  # would say only | that
            if self.reading.inside[low] < 0 and self._begins_sentence(doc[low]) and doc[low - 1].text != ":":
                return None  # torn text: … the post said It said
            ends = [c for c in self.carried if low < c < high]
            ends += [c for c in self.credits if low + 1 < c < high and doc[c - 1].text == ","]
            high = min([high, *ends])
        else:
            low = max([low, *(c.right_edge.i + 1 for c in head.lefts if self._credits_quotation(c))])
        return self.span(low, closed(self.reading, low, high, marks=_TRAILING))

    def _credits_quotation(self, token: Token) -> bool:
        """Return whether a clause beside a content's head credits a quotation: “…,” it said, prices have risen.

        These are two sentences run together; the words between quotation and head belong to the first.
        """
        if token.dep_ not in _CLAUSES or self.reading.inside[token.left_edge.i] < 0:
            return False
        cue = self.lexicon.cue_entries(token.lemma_.lower(), pos="verb")
        return bool(cue) and self.reading.inside[token.i] < 0 and any(c.dep_ in SUBJECTS for c in token.children)

    def _begins_sentence(self, token: Token) -> bool:
        return token.pos_ in ("PRON", "DET") and token.text.istitle() and len(token.text) > 1

    def _leftmost(self, low: int) -> int:
        """Include a subject that the parser attached to the cue: they state their goal is to grow."""
        if "addressee" in self.takes:
            return low
        for child in self.cue.rights:
            beside = child.right_edge.i + 1 == low
            if child.dep_ in ("dobj", "nsubj") and beside and not self._is_speaker(child):
                return int(child.left_edge.i)
        return low

    def _before(self, start: int) -> Iterator[tuple[float, int, str]]:
        """“…,” the mayor said: the words between quotation and clause, and whether a comma links the two."""
        number = max((n for n in self.reading.spans if self.marked[n].end <= start), default=None)
        if number is None:
            return
        gap = self.text[self.marked[number].end : start]
        words = len(gap.split())
        if is_complete(self.text, self.marked[number]) and not self._credits_loosely(number):
            return
        if words <= _NEAR_BEFORE and not any(c in gap for c in ".!?;:\n"):
            last = self.text[self.marked[number].inner.end - 1]
            linked = last in ",?!.—-…" or gap.lstrip()[:1] in tuple(",—-")
            yield words + (0.0 if linked else _UNLINKED), number, "before"

    def _after(self, end: int) -> Iterator[tuple[float, int, str]]:
        """The mayor said on Monday, “…”: as `_before`; words after the cue weigh half, an addressee may be there."""
        number = min((n for n in self.reading.spans if self.marked[n].start >= end), default=None)
        if number is None:
            return
        gap = self.text[end : self.marked[number].start]
        words = len(gap.split())
        if words <= _NEAR_AFTER and not any(c in gap.rstrip() for c in ".!?;\n"):
            linked = gap.rstrip().endswith((",", ":"))
            yield words * 0.5 + (0.0 if linked else _UNLINKED), number, "after"

    def _all_quoted(self, span: Span) -> bool:
        return any(self.marked[n].start <= span.start and span.end <= self.marked[n].end for n in self.reading.spans)

    def _quoted(self, span: Span) -> bool:
        return any(self.marked[n].start < span.end and span.start < self.marked[n].end for n in self.reading.spans)
