"""Find the stance of a statement: said, denied, hypothetical, asked.

“We failed,” nobody said; he denied saying “we failed”; if she had said “we failed”. The patterns
(`patterns/<lang>/stance.toml`) match the words around a cue, from any proposer, or its sentence's parse.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from attrs import define, evolve, field

from quotes.extraction.article_text import ArticleText
from quotes.extraction.parsing.masking import Reading
from quotes.lexicon import Lexicon
from quotes.lexicon.matchers import Patterns
from quotes.lexicon.tables import StancePattern
from quotes.records import Candidate, Cue, MarkedSpan
from quotes.text.sentences import sentence_end, sentence_start
from quotes.text.spans import touching

if TYPE_CHECKING:
    from spacy.vocab import Vocab

# Characters of a cue's sentence to examine, before it and from it on.
_BEFORE, _BEHIND = 240, 100
_PLACE, _HIDDEN = "‸", "█"
# The most words before an earlier quotation that still show what it is: in the film “Low Water”, a nurse says.
_MOST_OPENING = 5
_WORD = re.compile(r"[\w’'-]+")
_SENTENCE_END = sentence_end(opens="capital", lines=True)
# Marks that end a cue's reach, except directly before the quotation that it introduces.
_PARTED = re.compile(r"[,;—–]")
_OPENS = " ,:“‘\"'«„"
# The most words between the cue of a statement and its first words: said, told the council that.
_MOST_BETWEEN = 7


@define(eq=False)
class StanceMatchers:
    """The compiled stance patterns of a lexicon; those over the parse need a vocabulary."""

    lexicon: Lexicon
    vocab: Vocab | None = None

    @cached_property
    def _windows(self) -> list[tuple[StancePattern, re.Pattern[str]]]:
        return [(p, p.compile()) for p in self.lexicon.stances if p.window]

    @cached_property
    def _order(self) -> Mapping[str, int]:
        return {p.id: number for number, p in enumerate(self.lexicon.stances)}

    @cached_property
    def _parsed(self) -> Patterns | None:
        if self.vocab is None:
            return None
        nodes = {p.id: p.dependency for p in self.lexicon.stances if p.dependency}
        return Patterns(self.vocab, tokens={}, dependency=nodes)

    def in_window(self, text: str, at: int, marked: Sequence[MarkedSpan]) -> StancePattern | None:
        """Return the first pattern that matches around a word of saying.

        Args:
            text: the source's text.
            at: where the word begins.
            marked: the article's quotations, in order.
        """
        window = _window(text, at, marked)
        return next((p for p, regex in self._windows if regex.search(window)), None)

    def in_parse(self, reading: Reading) -> dict[int, StancePattern]:
        """Return the patterns that match in a reading, by the token of the cue."""
        found: dict[int, StancePattern] = {}
        if self._parsed is None:
            return found
        for name, tokens, _ in self._parsed.matches(reading.doc):
            pattern = self.lexicon.stances[self._order[name]]
            cue = next(t for t, node in zip(tokens, pattern.dependency, strict=True) if node["RIGHT_ID"] == "cue")
            if any(reading.inside[token] != reading.inside[cue] for token in tokens):
                continue
            if cue not in found or self._order[found[cue].id] > self._order[name]:
                found[cue] = pattern
        return found

    def before(self, text: str, at: int, marked: Sequence[MarkedSpan]) -> StancePattern | None:
        """Return the pattern that matches a cue shortly before some words: I never said “it is lost”.

        Args:
            text: the source's text.
            at: where the words begin.
            marked: the quotations in it, in order.
        """
        name = f"{self.lexicon.language}-speech-verb"
        if name not in self.lexicon.regexes:
            return None
        low = sentence_start(text, at, ends=_SENTENCE_END, reach=_BEFORE)
        words = list(_WORD.finditer(text, low, at))[-_MOST_BETWEEN:]
        saying = self.lexicon.regex(name)
        for word in reversed(words):
            if _PARTED.search(text[word.end() : at].rstrip(_OPENS)):
                return None
            if saying.fullmatch(word.group()) and (found := self.in_window(text, word.start(), marked)):
                return found
        return None


def _window(text: str, at: int, marked: Sequence[MarkedSpan]) -> str:
    """Return the words of a sentence around a word of saying, with its place marked, without earlier quotations.

    A quotation after its sentence's first few words is a sign: in the film █, a nurse ‸tells.
    """
    low = sentence_start(text, at, ends=_SENTENCE_END, reach=_BEFORE)
    opening = ""
    for number in touching(marked, low, at):
        mark = marked[number]
        within = text[low : mark.start]
        opening = f"{within}{_HIDDEN}" if 0 < len(within.split()) <= _MOST_OPENING and mark.end <= at else ""
        low = max(low, mark.end if mark.end <= at else mark.inner.start)
    end = _SENTENCE_END.search(text, at, at + _BEHIND)
    before = " ".join((opening + text[low:at]).split())
    behind = " ".join(text[at : end.end() if end else at + _BEHIND].split())
    return f"{before}{' ' if before else ''}{_PLACE}{behind}"


def marked(
    article: ArticleText, candidates: Iterable[Candidate], readings: Sequence[Reading], *, matchers: StanceMatchers
) -> list[Candidate]:
    """Return candidates with their stances, without those that are not statements.

    Args:
        article: their article.
        candidates: the proposers' candidates.
        readings: the article's parsed segments.
        matchers: the compiled patterns.
    """
    stances = Stances(article, readings, matchers)
    found = []
    for candidate in candidates:
        pattern = stances.of(candidate)
        if pattern is None:
            found.append(candidate)
        elif pattern.stance != "none":
            found.append(evolve(candidate, stance=pattern.stance))
    return found


@define(eq=False)
class Stances:
    """The stances of an article's statements; each parsed segment is matched once."""

    article: ArticleText
    readings: Sequence[Reading]
    matchers: StanceMatchers
    _seen: dict[int, dict[int, StancePattern]] = field(factory=dict, init=False)
    _known: dict[int, StancePattern | None] = field(factory=dict, init=False)

    def of(self, candidate: Candidate) -> StancePattern | None:
        """Return the pattern that decides a candidate's stance; None if it is simply said."""
        cue, text = candidate.cue, self.article.text
        if cue is None or not any(map(str.isalnum, cue.text)):
            return None
        places = sorted({_last_word(text, cue), cue.start}, reverse=True)
        found = next((p for at in places if (p := self._around(at)) is not None), None) or self._parsed(cue)
        if found is not None and found.stance == "asked" and candidate.type in ("direct", "post"):
            return None
        return found

    def _around(self, at: int) -> StancePattern | None:
        """Return the first pattern that matches around a word of saying."""
        if at not in self._known:
            self._known[at] = self.matchers.in_window(self.article.text, at, self.article.quotations)
        return self._known[at]

    @cached_property
    def _ordered(self) -> list[Reading]:
        return sorted((r for r in self.readings if r.starts), key=lambda r: r.starts[0])

    @cached_property
    def _starts(self) -> list[int]:
        return [r.starts[0] for r in self._ordered]

    def _parsed(self, cue: Cue) -> StancePattern | None:
        """Return the pattern that matches in the parse at one of a cue's words."""
        number = bisect_right(self._starts, cue.start) - 1
        if number < 0:
            return None
        reading = self._ordered[number]
        if number not in self._seen:
            self._seen[number] = self.matchers.in_parse(reading)
        seen = self._seen[number]
        return next((p for t, p in seen.items() if reading.starts[t] < cue.end and cue.start < reading.ends[t]), None)


def _last_word(text: str, cue: Cue) -> int:
    words = list(_WORD.finditer(text, cue.start, cue.end))
    return words[-1].start() if words else cue.start
