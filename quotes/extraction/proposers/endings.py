"""Let a reported statement of the reader end with its sentence, not amid a phrase, and add features of how it ends.

The network tags word pieces, and now and then stops too soon: The board said that Orbit.io | had lost two customers.
Nothing ends a statement there, neither a mark nor a word that may begin another clause; so the rest of the sentence
belongs to it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterator, Sequence

from attrs import evolve

from quotes.extraction.article_text import ArticleText
from quotes.lexicon import Lexicon
from quotes.records import Candidate, Span
from quotes.text.sentences import sentence_end
from quotes.text.spans import touching

_SENTENCE_END = sentence_end(opens="capital", lines=True)
# The most characters that are added.
_FARTHEST = 500
# Marks after which, or words with which, another clause may begin; a stop within a name or number is none.
_PAUSE = re.compile(r"\s{0,4}(?:[,;:—–(]| - |[.!?…](?!\s?[a-z0-9]))")
_NEXT_WORD = re.compile(r"\s{1,4}([A-Za-z’']{1,30})")
# What follows a statement that ends with its sentence or line, and what is before one that begins it.
_STOP = re.compile(r"\s{0,2}(?:[.!?\r\n]|\Z)")
_SENTENCE_BEFORE = re.compile(r"(?:^|[.!?”\"’]\s+|\n\s*)\Z")
_LONGEST_BLANK = 4
_STOPS = frozenset(".!?… ")
_REPORTED = ("indirect", "attitude")


def complete(article: ArticleText, candidates: Sequence[Candidate], *, lexicon: Lexicon) -> list[Candidate]:
    """Extend reported statements that end amid a phrase to the end of their sentence, and add features of both ends.

    Args:
        article: the article's text and parts.
        candidates: the reader's candidates of the article, in any order.
        lexicon: the patterns, with the words that may begin another clause.

    Returns:
        The candidates, some of them longer; none takes in a cue, a source or a quotation behind it.
    """
    parts = sorted(part.start for c in candidates for part in (c.cue, c.source) if part)
    joins = lexicon.own_set("clause-openers")
    found = (_completed(article, candidate, parts, joins) for candidate in candidates)
    return [evolve(c, features=(*c.features, *_features(article.text, c))) for c in found]


def _features(text: str, candidate: Candidate) -> Iterator[tuple[str, float]]:
    """Yield how a reported statement begins and ends: whole sentences are more often right, those with a name less."""
    if candidate.type not in _REPORTED:
        return
    start, end, mention = candidate.spans[0].start, candidate.spans[-1].end, candidate.mention
    if _SENTENCE_BEFORE.search(text[max(0, start - _LONGEST_BLANK) : start]):
        yield "roles_begins_sentence", 1.0
    if _STOP.match(text, end):
        yield "roles_ends_sentence", 1.0
    if mention is not None and any(s.start <= mention.start < s.end for s in candidate.spans):
        yield "roles_around_mention", 1.0


def _completed(article: ArticleText, candidate: Candidate, parts: Sequence[int], joins: Container[str]) -> Candidate:
    text, last = article.text, candidate.spans[-1]
    if candidate.type not in _REPORTED or candidate.cue is None:
        return candidate
    stop = _sentence_stop(text, last.end, _paragraph_end(article, last))
    if stop is None or _may_end(text, last.end, stop, joins):
        return candidate
    at = bisect_left(parts, last.end)
    if (at < len(parts) and parts[at] < stop) or touching(article.quotations, last.end, stop):
        return candidate
    return evolve(candidate, spans=(*candidate.spans[:-1], Span(last.start, stop)))


def _paragraph_end(article: ArticleText, span: Span) -> int:
    """Return where the paragraph around a span ends."""
    paragraph = article.paragraphs[bisect_right(article.paragraphs, span.start, key=lambda p: p.start) - 1]
    return paragraph.end if paragraph.start <= span.start else article.body.end


def _sentence_stop(text: str, at: int, high: int) -> int | None:
    """Return where the sentence around an offset ends, at most at `high`, without its stop; None if that is far."""
    found = _SENTENCE_END.search(text, max(0, at - 1), min(high, at + _FARTHEST))
    if found is None and high - at > _FARTHEST:
        return None
    stop = found.start() if found else high
    while stop > at and text[stop - 1] in _STOPS:
        stop -= 1
    return stop


def _may_end(text: str, at: int, stop: int, joins: Container[str]) -> bool:
    """Return whether a statement may end at an offset: with the sentence, at a pause, before a word that joins."""
    if stop - at <= 2 or _PAUSE.match(text, at):
        return True
    word = _NEXT_WORD.match(text, at)
    return word is not None and word.group(1).lower() in joins
