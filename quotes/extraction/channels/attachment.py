"""Find the statement to which a channel's words belong: the one whose cue governs them in the parse."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from attrs import define, field

from quotes.extraction.parsing.masking import Reading
from quotes.lexicon import Lexicon
from quotes.records import Relation

if TYPE_CHECKING:
    from spacy.tokens import Token

_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
# The deepest nesting of a readable sentence.
_DEEPEST = 30


@define(eq=False)
class Sentence:
    """A parsed sentence: its tokens in a reading, and the tokens of the cues in it with their statements."""

    reading: Reading
    tokens: range
    lexicon: Lexicon
    cues: dict[int, int] = field(factory=dict)

    @property
    def start(self) -> int:
        """The offset of its first character."""
        return self.reading.starts[self.tokens.start]

    def token_at(self, offset: int) -> int:
        """Return the last token that begins at an offset or before it."""
        return bisect_right(self.reading.starts, offset, self.tokens.start, self.tokens.stop) - 1

    def owner(self, first: int, last: int, *, relation: Relation, kind: str) -> int | None:
        """Return the statement whose cue governs a channel's words, else the nearest one.

        None if they tell of something else: Lee, who appears in the film, said so; after he wrote on X, Lee said so.

        Args:
            first: the first token of the words.
            last: the last one.
            relation: of the channel.
            kind: of the channel; "lookup" if the press has yet to be looked up.
        """
        inside = [statement for token, statement in self.cues.items() if first <= token <= last]
        if inside:
            return inside[0]
        acting = kind == "lookup" and relation == "on"
        token, described = self.reading.doc[first], False
        for _ in range(_DEEPEST):
            if token.i in self.cues:
                return None if described else self.cues[token.i]
            if self._speaks(token, relation, kind):
                token, acting = token.head.head, False
                continue
            acting = acting or token.pos_ == "VERB"
            subject = acting and token.dep_ in _SUBJECTS
            described = described or token.dep_ == "relcl" or subject or self._is_other_time(token)
            if token.head.i == token.i:
                break
            token = token.head
        return self.cues[min(self.cues, key=lambda t: (min(abs(t - first), abs(t - last)), t))]

    def attached(self, first: int, statement: int) -> bool:
        """Return whether words at either end of a statement belong to its cue: in court, Lee noted the rule on X.

        If no clause was said, they are hard to separate from the object's words: only those attached to the cue count.
        """
        token = self.reading.doc[first]
        fronted = token.dep_ == "advcl" and token.tag_ == "VBG" and token.i < token.head.i
        return (token.dep_ == "prep" or fronted) and self.cues.get(token.head.i) == statement

    def _speaks(self, token: Token, relation: Relation, kind: str) -> bool:
        """Return whether a clause says how the subject spoke: Lee, speaking to reporters, said so; he who spoke to CNN.

        A film in which a person appears is not how the person spoke.
        """
        if token.dep_ == "relcl" and token.lemma_.lower() in self.lexicon.own_set("disclosing"):
            return token.head.dep_ in (*_SUBJECTS, "appos")  # the spokesman, who disclosed this in a statement, said so
        if token.head.dep_ not in _SUBJECTS or token.lemma_.lower() not in self.lexicon.own_set("speaking"):
            return False
        if token.dep_ == "relcl":
            return relation == "to"
        return token.dep_ == "acl" and token.tag_ == "VBG" and kind != "document"

    def _is_other_time(self, token: Token) -> bool:
        """Return whether a verb's clause is about another occasion: after she wrote on X, when he spoke at the rally.

        When he was asked on CNN, and as he left the court, he spoke.
        """
        if token.dep_ != "advcl" or token.lemma_.lower() in self.lexicon.own_set("asking"):
            return False
        marks = [c for c in token.lefts if c.dep_ == "mark" or c.tag_ == "WRB"]
        if any(m.lower_ not in self.lexicon.own_set("same-time") for m in marks):
            return True
        return bool(marks) and any(c.dep_ in _SUBJECTS and c.pos_ != "PRON" for c in token.children)

    def apart(self) -> set[int]:
        """Return the statements that were made at another time: he previously said so, he has said so."""
        doc, cues, found = self.reading.doc, self.cues, set()
        for token, statement in cues.items():
            perfect = any(c.lemma_ == "have" and c.dep_ == "aux" for c in doc[token].children)
            # "He liked to say" is not about that day.
            if perfect or doc[token].head.lemma_ in self.lexicon.own_set("habits"):
                found.add(statement)
        others = self.lexicon.own_set("other-time")
        for word in (doc[n] for n in self.tokens if doc[n].lower_ in others):
            governing = (cues[t.i] for t in (word, *word.ancestors) if t.i in cues)
            found.add(next(governing, cues[min(cues)]))
        return found
