"""Credit words that an outlet passes on to the person who said them: Lark said the bridge was unsafe, radio reported.

The whole sentence is what the outlet reports, but behind it the outlet's credit is only the way the words came: one
statement, Lark's, with the outlet as its relay. An outlet that stands first makes a statement of its own: Reuters
reported that Lark said so. `relays` leaves out what is still passed on once the channels are known.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from quotes.extraction.article_text import ArticleText
from quotes.extraction.parsing.masking import Reading
from quotes.lexicon import Lexicon
from quotes.lexicon.gazetteer import press_of
from quotes.records import Candidate, Cue, Span
from quotes.text.spans import coalesced, type_of

if TYPE_CHECKING:
    from spacy.tokens import Token

# The most words of what an outlet reports that are neither said nor credit: Lee said at the harbour on Monday.
_BESIDE = 8
_WORD = re.compile(r"\w[\w’'-]*")
_AROUND = " ,;–—-"
# Clauses that only describe what the outlet reports itself (the firm that said it would build has failed), and those
# that only date or continue it, if more than the inner statement stands before them.
_DESCRIBING = frozenset({"relcl", "acl"})
_DEPENDENT = frozenset({"advcl", "conj", "pcomp"})


@frozen
class Inner:
    """A statement within what an outlet reports: its clause, which is cue and speaker, and its words."""

    candidate: Candidate
    cue: Cue
    clause: Span
    spans: tuple[Span, ...]
    covered: int
    """How many words of the outer statement it explains."""


def credited(
    article: ArticleText, found: Sequence[Candidate], told: Sequence[Candidate], *,
    readings: Sequence[Reading], lexicon: Lexicon,
) -> tuple[list[Candidate], list[Candidate]]:  # fmt: skip
    """Return both proposers' candidates, with words that an outlet passes on credited to their speakers only.

    Args:
        article: their article.
        found: the candidates of the patterns.
        told: the candidates of the reader.
        readings: the parsed segments, in order.
        lexicon: the patterns, with outlets and words for the press.
    """
    everything, relays = [*found, *told], Relays(article, readings, lexicon)
    made: dict[int, Candidate] = {}
    gone: set[int] = set()
    for outer in everything:
        if outer.cue is None or outer.mention is None or not relays.by_press(outer):
            continue
        within = max(relays.within(outer, everything), key=lambda i: i.covered, default=None)
        if within is not None:
            gone |= {outer.cue.start, within.cue.start}
            made.setdefault(within.cue.start, relays.relayed(outer, within))
    if not made:
        return list(found), list(told)
    found, told = ([c for c in each if c.cue is None or c.cue.start not in gone] for each in (found, told))
    return [*found, *made.values()], told


@frozen(eq=False)
class Relays:
    """Finds the statements that outlets pass on in one article."""

    article: ArticleText
    readings: Sequence[Reading]
    lexicon: Lexicon

    def by_press(self, candidate: Candidate) -> bool:
        """Return whether an outlet's credit stands behind a statement or in it: …, the Gazette reported."""
        assert candidate.cue is not None
        assert candidate.mention is not None
        first, mention = candidate.spans[0].start, candidate.mention
        if first >= min(candidate.cue.start, mention.start):
            return False
        words, token = self.article.text[mention.start : mention.end], self._token(candidate.cue.end - 1)
        reports = token is not None and token.lemma_.lower() in self.lexicon.own_set("relaying")
        return self._is_press(words) or (reports and self._is_name(words))

    def _is_press(self, words: str) -> bool:
        """Return whether a mention is an outlet's name, or ends in what it is: state television, the OSTA agency."""
        own, parts = self.lexicon.own_set, words.split()
        if not self.lexicon.names.function_word.isdisjoint(parts):
            return False  # leaks from a meeting, carried by Channel 12
        if any(end == len(words) and label != "PLATFORM" for _, end, label in press_of(self.lexicon).scan(words)):
            return True
        last = max((n for n, part in enumerate(parts) if part.islower()), default=-1)
        named, noun = parts[last + 1 :], parts[last] if last >= 0 else ""
        titled = parts[0].lower() in self.lexicon.names.article and named and named[-1] in own("paper-heads")
        if titled or (named and (named[-1] in own("air-heads") or named[0] in own("air-openers"))):
            return True
        beside = last > 0 and parts[last - 1] in own("press-kinds")
        kinds = own("outlet-kinds") if beside else own("outlet-kinds") - own("doubtful-kinds")
        return noun in own("press-bodies") | kinds

    def _is_name(self, words: str) -> bool:
        """Return whether a mention is a name, with or without an article, but no person's: Marca, the Aravian Voice."""
        names = self.lexicon.names
        parts = words.split()
        named = parts[parts[0].lower() in names.article :]
        person = len(named) > 1 and named == parts and named[0].lower() in names.given_f | names.given_m
        return bool(named) and all(part[0].isupper() for part in named) and not person

    def within(self, outer: Candidate, candidates: Iterable[Candidate]) -> Iterator[Inner]:
        """Yield the statements of which a statement of the press consists, up to a few words."""
        assert outer.cue is not None
        assert outer.mention is not None
        text, credit = self.article.text, _hull(outer.cue, outer.mention)
        low = outer.spans[0].start
        words = [w.start() for s in outer.spans for w in _WORD.finditer(text, s.start, s.end)]
        for inner in candidates:
            cue, who = inner.cue, inner.mention
            if cue is None or who is None or cue.start == outer.cue.start or inner.type in ("post", "attitude"):
                continue
            clause = _hull(cue, inner.source or who)
            # Lee said prices rose, it reported: the outer credit is at the end of what Lee said.
            around = any(s.start <= low and credit.end <= s.end for s in inner.spans)
            if clause.end > credit.start or not (around or low <= min(cue.start, who.start)):
                continue
            if self._is_press(text[who.start : who.end]):
                continue
            spans = self._said(inner, outer, clause, credit)
            kept = coalesced([*spans, clause])
            left = [at for at in words if not any(s.start <= at < s.end for s in kept)]
            if not spans or len(left) > _BESIDE or "\n" in text[clause.end : credit.start]:
                continue
            before = any(at < min(clause.start, spans[0].start) for at in left)
            token = self._token(cue.start)
            if token is not None and token.dep_ in (_DESCRIBING | _DEPENDENT if before else _DESCRIBING):
                continue
            yield Inner(inner, cue, clause, spans, len(words) - len(left))

    def _said(self, inner: Candidate, outer: Candidate, clause: Span, credit: Span) -> tuple[Span, ...]:
        """Return the words of an inner statement without the outlet's credit; else those before its own clause."""
        text, last = self.article.text, outer.spans[-1].end
        parts = [
            self._trimmed(*part)
            for s in inner.spans
            for part in ((s.start, min(s.end, credit.start)), (max(s.start, credit.end), min(s.end, last)))
        ]
        found = tuple(p for p in parts if any(map(str.isalnum, text[p.start : p.end])))
        if found and text[found[0].start : found[0].end].lower() in self.lexicon.own_set("that"):
            return ()  # she said that, according to the Gazette, it was safe: the credit is hers
        if found or outer.spans[-1].end > credit.start:
            return found
        before = self._trimmed(outer.spans[0].start, clause.start)
        return (before,) if text[before.start : before.end].count(" ") else ()

    def _trimmed(self, low: int, high: int) -> Span:
        """Return a span without marks and blanks at its ends."""
        text = self.article.text
        while low < high and text[low] in _AROUND:
            low += 1
        while high > low and text[high - 1] in _AROUND:
            high -= 1
        return Span(low, max(low, high))

    def relayed(self, outer: Candidate, within: Inner) -> Candidate:
        """Return an inner statement with the outlet as its relay."""
        inner = within.candidate
        features = dict(inner.features) | {"certain": 1.0, "relayed": 1.0}
        kind = type_of(self.article.text, within.spans, self.article.quotations) or inner.type
        return evolve(inner, spans=within.spans, type=kind, relay=outer.mention, features=tuple(features.items()))

    def _token(self, at: int) -> Token | None:
        """Return the parsed token at an offset, if it was parsed."""
        begun = [r for r in self.readings if r.starts and r.starts[0] <= at < r.ends[-1]]
        return next((r.doc[bisect_right(r.starts, at) - 1] for r in begun), None)


def _hull(*spans: Cue | Span) -> Span:
    return Span(min(s.start for s in spans), max(s.end for s in spans))
