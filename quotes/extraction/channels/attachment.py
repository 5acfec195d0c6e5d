"""Find the statement to which a channel's words belong: the one whose cue governs them in the parse."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from attrs import define, frozen

from quotes.extraction.channels.sentences import Hit
from quotes.extraction.parsing.masking import Reading
from quotes.lexicon import Lexicon
from quotes.records import ChannelKind, Relation

if TYPE_CHECKING:
    from spacy.tokens import Token

Kind = ChannelKind | Literal["lookup"]
SUBJECTS = frozenset({"nsubj", "nsubjpass"})
# The deepest nesting of a readable sentence.
DEEPEST = 30


@frozen
class Words:
    """Words that may name a channel: their first and last token in a reading, and the channel."""

    first: int
    last: int
    relation: Relation
    kind: Kind

    @classmethod
    def of(cls, hit: Hit) -> Words:
        """Return the words of a pattern's match."""
        return cls(hit.first, hit.last, hit.pattern.relation, hit.pattern.kind)


@define(eq=False)
class Governing:
    """The words of a language that show whether a clause is part of the act of speaking."""

    lexicon: Lexicon

    def owner(self, hit: Words, reading: Reading, cues: Mapping[int, int]) -> int | None:
        """Return the statement whose cue governs the words, else the nearest one.

        None if they tell of something else: Lee, who appears in the film, said so; after he wrote on X, Lee said so.

        Args:
            hit: the words of a channel.
            reading: the parsed segment that contains them.
            cues: the tokens of its sentence's cues, with their statements.
        """
        inside = [token for token in cues if hit.first <= token <= hit.last]
        if inside:
            return cues[inside[0]]
        acting = hit.kind == "lookup" and hit.relation == "on"
        token, described = reading.doc[hit.first], False
        for _ in range(DEEPEST):
            if token.i in cues:
                return None if described else cues[token.i]
            if self._speaks(token, hit):
                token, acting = token.head.head, False
                continue
            acting = acting or token.pos_ == "VERB"
            described = described or token.dep_ == "relcl" or (acting and token.dep_ in SUBJECTS) or self._when(token)
            if token.head.i == token.i:
                break
            token = token.head
        return cues[min(cues, key=lambda t: (min(abs(t - hit.first), abs(t - hit.last)), t))]

    def beside(self, first: int, reading: Reading, cues: Mapping[int, int], index: int) -> bool:
        """Return whether words at either end of a statement belong to the cue: in court, Lee noted the rule on X.

        If no clause was said, they are hard to separate from the object's words: only those attached to the cue count.
        """
        token = reading.doc[first]
        fronted = token.dep_ == "advcl" and token.tag_ == "VBG" and token.i < token.head.i
        return (token.dep_ == "prep" or fronted) and cues.get(token.head.i) == index

    def _speaks(self, token: Token, hit: Words) -> bool:
        """Return whether a clause says how the subject spoke: Lee, speaking to reporters, said so; he who spoke to CNN.

        A film in which a person appears is not how the person spoke.
        """
        if token.dep_ == "relcl" and token.lemma_.lower() in self.lexicon.own_set("disclosing"):
            return token.head.dep_ in (*SUBJECTS, "appos")  # the spokesman, who disclosed this in a statement, said so
        if token.head.dep_ not in SUBJECTS or token.lemma_.lower() not in self.lexicon.own_set("speaking"):
            return False
        if token.dep_ == "relcl":
            return hit.relation == "to"
        return token.dep_ == "acl" and token.tag_ == "VBG" and hit.kind != "document"

    def _when(self, token: Token) -> bool:
        """Return whether a verb's clause is about another occasion: after she wrote on X, when he spoke at the rally.

        When he was asked on CNN, and as he left the court, he spoke.
        """
        if token.dep_ != "advcl" or token.lemma_.lower() in self.lexicon.own_set("asking"):
            return False
        marks = [c for c in token.lefts if c.dep_ == "mark" or c.tag_ == "WRB"]
        subjects = [c for c in token.children if c.dep_ in SUBJECTS]
        if all(m.lower_ in self.lexicon.own_set("same-time") for m in marks):
            return bool(marks) and not all(s.pos_ == "PRON" for s in subjects)
        return True

    def apart(self, reading: Reading, low: int, high: int, cues: Mapping[int, int]) -> set[int]:
        """Return the statements of a sentence that were made at another time: he previously said so, he has said so."""
        found = {cues[t] for t in cues if any(c.lemma_ == "have" and c.dep_ == "aux" for c in reading.doc[t].children)}
        # "He liked to say" is not about that day.
        found |= {i for t, i in cues.items() if reading.doc[t].head.lemma_ in self.lexicon.own_set("habits")}
        others = self.lexicon.own_set("other-time")
        for token in reading.doc[low:high]:
            if token.lower_ in others:
                found.add(cues.get(self._governing(token, cues), cues[min(cues)]))
        return found

    def _governing(self, token: Token, cues: Mapping[int, int]) -> int:
        for _ in range(DEEPEST):
            if token.i in cues or token.head.i == token.i:
                break
            token = token.head
        return token.i
