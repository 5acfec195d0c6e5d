"""Find where statements end because the next one begins, and join fragments over sentences and paragraphs.

“A,” he said. “B.” is one statement of two fragments. A paragraph that opens with its own quotation continues the run of
the paragraph before it, as a separate statement without cue and mention. Any other paragraph ends the run.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import pairwise

from attrs import define, evolve, field

from quotes.extraction.article_text import ArticleText
from quotes.extraction.statement import Statement, in_order
from quotes.lexicon import Lexicon
from quotes.reader.word_pieces import is_spaced
from quotes.records import Candidate, Cue, MarkedSpan, Span
from quotes.text.blanks import trimmed
from quotes.text.own_clause import has_own_clause
from quotes.text.spans import HasBounds, held, touching, type_of

# A fragment of fewer words is more likely a scare quote or a title than a sentence of a run.
_FEWEST_WORDS = 3
# The most bullets, dashes and brackets before the quotation that opens a paragraph.
_LONGEST_LEAD = 20
# The most characters of a credit that splits a quotation: name, office, verb, day.
_LONGEST_CREDIT = 160
# The most words between "and" and a speaker's next cue: and has also said.
_MOST_BETWEEN = 2
_WORD = re.compile(r"[^\W_]+|[^\w\s]")
# The least probability of a statement that ends another with its mention. Above it, 18 of 19 are right in the training
# articles; below it, 5 of 6 there and 1 of 2 in the development articles.
_SURE = 0.75
_PAUSES = frozenset(",;—–-")
_ENDS_SENTENCE = frozenset(".!?:;,…”\"’'»)")


def part(article: ArticleText, statements: Sequence[Statement], *, lexicon: Lexicon) -> list[Statement]:
    """End a statement where the same speaker's next one begins: said the road was shut | and added, “Not for long.”

    The parser may coordinate "added" with "was", so that the rest seems to belong to the first statement.

    Args:
        article: the article's text and parts.
        statements: the chosen statements, in order.
        lexicon: the patterns, with the words that such a statement begins with.

    Returns:
        The statements, some of them shorter, in order; without those of which only another one's words would be left.
    """
    taken = {s.spans for s in statements}
    credits = {pattern.id for pattern in lexicon.statements if pattern.content == "rest"}
    text, marked = article.text, article.quotations
    cued = sorted((s for s in statements if s.candidate.cue), key=lambda s: _cue(s.candidate).start)
    starts = [_cue(s.candidate).start for s in cued]
    parted = []
    for statement in statements:
        outer = statement.candidate
        low = bisect_right(starts, outer.cue.start if outer.cue else outer.spans[-1].end)
        high = bisect_left(starts, outer.spans[-1].end)
        cuts = (_seam(text, outer, cued[n], lexicon) for n in range(low, high) if not held(marked, starts[n]))
        cut = None if outer.pattern in credits else next((c for c in cuts if c is not None), None)
        shorter = statement if cut is None else _ending(text, statement, cut, marked)
        if shorter is statement or shorter.spans not in taken:
            parted.append(shorter)
            taken.add(shorter.spans)
    return in_order(parted)


def _cue(statement: Candidate) -> Cue:
    assert statement.cue is not None
    return statement.cue


def _seam(text: str, outer: Candidate, other: Statement, lexicon: Lexicon) -> int | None:
    """Return where a statement ends because another one, whose cue is inside, is not part of it; None if it is.

    Either both share their mention: and added, “…”; or the speaker comments on the first: , which she called “…”.
    """
    inner, p = other.candidate, other.probability
    at = _cue(inner).start
    span = next((s for s in outer.spans if s.start < at < s.end), None)
    if span is None or outer.mention is None or inner.mention is None:
        return None
    if p >= _SURE and inner.mention.start < outer.mention.end and outer.mention.start < inner.mention.end:
        openers, before, most = lexicon.own_set("carries-on"), at, _MOST_BETWEEN
    elif span.start < inner.mention.start < at:
        openers, before, most = lexicon.own_set("remarks"), inner.mention.start, 0
    else:
        return None
    words = list(_WORD.finditer(text, span.start, before))[-most - 2 :]
    for number in range(len(words) - 1, max(-1, len(words) - most - 2), -1):
        word = words[number].group().lower()
        comma = number > 0 and words[number - 1].group() in _PAUSES
        if word in openers and (comma or most):
            return words[number - comma].start()
        if word == "," and number == len(words) - 1 and most:
            return words[number].start()
        if not word[0].isalnum():
            return None
    return None


def _ending(text: str, statement: Statement, end: int, marked: Sequence[MarkedSpan]) -> Statement:
    """End a statement before an offset, and set its type again; one that would lose all words stays unchanged."""
    spans = [Span(s.start, min(s.end, end)) for s in statement.spans if s.start < end]
    last = spans[-1]
    spans[-1] = Span(last.start, last.start + len(text[last.start : last.end].rstrip()))
    kind = type_of(text, spans, marked)
    if kind is None:
        return statement
    return statement.with_words(tuple(spans), type=kind)


def extend(article: ArticleText, statements: Sequence[Statement], *, across: bool = True) -> list[Statement]:
    """Add the quotations that no candidate claims to the statements that they continue.

    Args:
        article: the article's text and parts.
        statements: the chosen statements, in order.
        across: whether a paragraph that opens with its own closed quotation may continue the one before it; not needed
            if the reader has decided that.

    Returns:
        The statements, some with more fragments, in order.
    """
    return _Run(article.text, statements, article.quotations, article.paragraphs, across=across).extended()


@define(eq=False)
class _Run:
    text: str
    statements: Sequence[Statement]
    marked: Sequence[MarkedSpan]
    paragraphs: Sequence[Span]
    across: bool = True
    given: dict[int, list[Span]] = field(factory=dict)  # additions to each statement, applied at the end

    @cached_property
    def _starts(self) -> list[int]:
        return [
            min(s.spans[0].start, *(g.start for g in self.given.get(n, s.spans))) for n, s in enumerate(self.statements)
        ]

    def extended(self) -> list[Statement]:
        self.statements = _in_turn(self.statements, self.marked)
        claimed = self._claimed()
        before: int | None = None  # the last statement of the paragraph before
        number = 0
        for paragraph in self.paragraphs:
            inside = []
            while number < len(self.marked) and self.marked[number].start < paragraph.end:
                if self.marked[number].start >= paragraph.start:
                    inside.append(number)
                number += 1
            before = self._paragraph(paragraph, inside, claimed, before)
        return in_order([self._with_given(n) for n in range(len(self.statements))])

    def _claimed(self) -> dict[int, int]:
        """Map each quotation to the first statement that contains it."""
        claimed: dict[int, int] = {}
        low = 0
        for index, statement in enumerate(self.statements):
            while low < len(self.marked) and self.marked[low].end <= statement.spans[0].start:
                low += 1
            for number in range(low, len(self.marked)):
                span = self.marked[number]
                if span.start >= statement.spans[-1].end:
                    break
                if any(s.start < span.end and span.start < s.end for s in statement.spans):
                    claimed.setdefault(number, index)
        return claimed

    def _paragraph(
        self, paragraph: Span, inside: Sequence[int], claimed: dict[int, int], before: int | None
    ) -> int | None:
        """Assign one paragraph's quotations; return its last statement."""
        here: int | None = None
        self._join_split(inside, claimed)
        for number in inside:
            span = self.marked[number]
            if number in claimed:
                here = claimed[number]
                self._reach_back(number, here, claimed)
                if self.statements[here].candidate.stance != "said":
                    here = None  # the words after it may still be speech
                continue
            carrier = here
            if carrier is None and (span.continues or (self.across and self._opens(paragraph, span))):
                carrier = before
            if carrier is None:
                carrier = self._told_before(paragraph, span)
            if carrier is None or not self._sentence(span) or not self._after_stop(paragraph, span):
                continue
            if has_own_clause(self.text, span, self._credits(carrier)):
                continue
            self._give(number, carrier, claimed)
            here = carrier
        return here

    def _credits(self, index: int) -> list[HasBounds]:
        candidate = self.statements[index].candidate
        return [part for part in (candidate.cue, candidate.mention) if part is not None]

    def _join_split(self, inside: Sequence[int], claimed: dict[int, int]) -> None:
        """Join a quotation that its credit splits: “The pump,” she said, “stopped at four.”"""
        for one, two in pairwise(inside):
            if (one in claimed) == (two in claimed):
                continue
            owner = claimed[one] if one in claimed else claimed[two]
            cue = self.statements[owner].candidate.cue
            low, high = self.marked[one].end, self.marked[two].start
            if cue is None or not low <= cue.start < high or high - low > _LONGEST_CREDIT:
                continue
            inner = self.text[self.marked[one].inner.start : self.marked[one].inner.end].rstrip()
            gap = self.text[low:high].rstrip()
            if inner.endswith(",") and gap.endswith(",") and not any(c in gap for c in ".!?;"):
                self._give(two if one in claimed else one, owner, claimed)

    def _reach_back(self, number: int, owner: int, claimed: dict[int, int]) -> None:
        """Add the paragraphs in which a quotation began to the statement whose cue is in its last paragraph."""
        while number and self.marked[number].continues and number - 1 not in claimed:
            number -= 1
            self._give(number, owner, claimed)

    def _give(self, number: int, owner: int, claimed: dict[int, int]) -> None:
        span = self.marked[number]
        if self.statements[owner].candidate.turn:
            return  # the layout decides how long a turn is
        self.given.setdefault(owner, []).append(Span(span.start, span.end))
        claimed[number] = owner

    def _with_given(self, index: int) -> Statement:
        statement = self.statements[index]
        if index not in self.given:
            return statement
        spans = tuple(sorted([*statement.spans, *self.given[index]], key=lambda s: s.start))
        return statement.with_words(spans, type="mixed" if statement.candidate.type == "indirect" else None)

    def _told_before(self, paragraph: Span, span: MarkedSpan) -> int | None:
        """Return the last statement that begins in this paragraph before a quotation."""
        index = bisect_left(self._starts, span.start) - 1
        if index < 0 or self._starts[index] < paragraph.start or self.statements[index].candidate.stance != "said":
            return None
        return index

    def _opens(self, paragraph: Span, span: MarkedSpan) -> bool:
        if span.start - paragraph.start > _LONGEST_LEAD:
            return False
        return not any(c.isalnum() for c in self.text[paragraph.start : span.start])

    def _sentence(self, span: MarkedSpan) -> bool:
        inner = self.text[span.inner.start : span.inner.end].strip()
        first = next((c for c in inner if c.isalnum()), "")
        begins = first.isupper() or first.isdigit() or inner[:1] in ("…", ".")
        return begins and (inner.count(" ") + 1 >= _FEWEST_WORDS or inner[-1:] in tuple(".!?…"))

    def _after_stop(self, paragraph: Span, span: MarkedSpan) -> bool:
        """Return whether a quotation begins its own sentence."""
        if self._opens(paragraph, span):
            return True
        at = span.start
        while at > paragraph.start and self.text[at - 1].isspace():
            at -= 1
        return at == paragraph.start or self.text[at - 1] in _ENDS_SENTENCE


def _in_turn(statements: Sequence[Statement], marked: Sequence[MarkedSpan]) -> list[Statement]:
    """Give the end of a statement to the one before it: “A,” Kell said. She asked, “B?” | “C.”"""
    held = list(statements)
    for number, statement in enumerate(held):
        spans = statement.spans
        for at in range(1, len(spans)):
            if not touching(marked, spans[at].start, spans[at].end):
                continue
            between = [
                n for n, other in enumerate(held)
                if n != number and other.candidate.type == "direct" and other.candidate.stance == "said"
                and spans[at - 1].end <= other.spans[0].start and other.spans[-1].end <= spans[at].start
            ]  # fmt: skip
            cue = statement.candidate.cue
            if not between or (cue is not None and cue.start > spans[at - 1].end):
                continue
            held[between[-1]] = held[between[-1]].with_words((*held[between[-1]].spans, *spans[at:]))
            held[number] = statement.with_words(spans[:at])
            break
    return held


def apart(article: ArticleText, statements: Sequence[Statement]) -> list[Statement]:
    """Split off each further paragraph that is one quotation as a statement with the same speaker and no cue.

    Args:
        article: the article's text and parts.
        statements: the chosen statements, in order.

    Returns:
        The statements, more of them, in order.
    """
    text, marked, starts = article.text, article.quotations, _block_starts(article)
    found: list[Statement] = []
    for statement in statements:
        candidate = statement.candidate
        if candidate.turn:
            found.append(statement)
            continue
        blocks: dict[int, list[Span]] = {}
        for span in statement.spans:
            blocks.setdefault(bisect_right(starts, span.start), []).append(span)
        own = bisect_right(starts, candidate.cue.start) if candidate.cue else -1
        own = own if own in blocks else min(blocks)
        for block, spans in blocks.items():
            if block != own and type_of(text, spans, marked) != "direct":
                cue = statement.candidate.cue
                if block < own and cue and cue.text[0].isalnum():
                    continue  # a paragraph of narration before the one with the cue
                blocks[own] = sorted([*blocks[own], *spans], key=lambda s: s.start)
        for block, spans in blocks.items():
            if block == own:
                kind = candidate.type if len(blocks) == 1 else type_of(text, spans, marked)
                found.append(statement.with_words(tuple(spans), type=kind))
            elif type_of(text, spans, marked) == "direct":
                rest = evolve(candidate, spans=tuple(spans), type="direct", cue=None, mention=None, source=None)
                found.append(evolve(statement, candidate=evolve(rest, anchor=spans[0].start)))
    return in_order(found)


def without_furniture(article: ArticleText, statements: Sequence[Statement]) -> list[Statement]:
    """Cut page furniture and the line ends around it out of statements; drop statements with nothing else."""
    cut = [s.with_words(tuple(_left(article, s.spans))) for s in statements]
    return [s for s in cut if s.spans]


def _left(article: ArticleText, spans: Sequence[Span]) -> Iterator[Span]:
    """Yield fragments without the furniture in them."""
    text, skips = article.text, article.skips
    for span in spans:
        at, left = span.start, []
        cuts = touching(skips, span.start, span.end)
        for number in cuts:
            left.append(Span(*trimmed(text, at, max(at, skips[number].start))))
            at = min(skips[number].end, span.end)
        left.append(Span(*trimmed(text, at, span.end)) if cuts else span)
        yield from (s for s in left if s.end > s.start)


def _block_starts(article: ArticleText) -> list[int]:
    """Return the starts of paragraphs; in a text with empty lines, only these separate paragraphs."""
    text, paragraphs = article.text, article.paragraphs
    spaced = is_spaced(text, paragraphs)
    starts = [p.start for p in paragraphs[:1]]
    for one, two in pairwise(paragraphs):
        if not spaced or text.count("\n", one.end, two.start) > 1 or text.count("\r", one.end, two.start) > 1:
            starts.append(two.start)
    return starts
