"""Interviews without labels: separate or emphasised lines with questions, and the answers below them.

Part of the layout proposer. Articles may ask rhetorical questions, too: it is an interview if title or introduction
say so, or the questions are emphasised, and if most answers are in the first person and without quotation marks.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise

from attrs import frozen

from quotes.extraction.proposers.lines import Page
from quotes.extraction.proposers.transcripts import is_reporters, said
from quotes.records import Candidate, Span
from quotes.text.spans import held

# The most characters of a question; longer paragraphs that end with one are answers.
_LONGEST = 700
_FEWEST = 2
# Characters to search for words that announce an interview, above the first question and at the end.
_TOLD = 2_500
_MARKS = "“\"‘'«„"
_CLOSERS = "*_ )]”\"’'"


@frozen(eq=False)
class _Exchange:
    """Paragraphs that ask, and those that answer them, by number."""

    asked: range
    answered: range


def turns(page: Page, *, title: str | None = None, emphasis: Sequence[Span] = ()) -> Iterator[Candidate]:
    """Yield the questions and the answers of an interview without labels.

    Args:
        page: the article.
        title: its headline, which may not be in the text.
        emphasis: the spans that are bold, italic or headings throughout.
    """
    page = _cut(page, emphasis)
    lines = [n for n in range(len(page.paragraphs)) if _is_emphasised(page, n, emphasis)]
    lines = [n for n in lines if n or not title]
    asking = [n for n in lines if _asks(page, n)]
    between = [n for n in lines if asking and asking[0] <= n <= asking[-1]]
    marked = len(asking) >= _FEWEST and len(asking) * 2 >= len(between)
    if marked:
        asking = [n for n in lines if n >= asking[0]]
    else:
        asking = [n for n in range(1, len(page.paragraphs)) if _asks(page, n)]
    exchanges = list(_exchanges(page, asking))
    if not _is_interview(page, exchanges, title, marked=marked):
        return
    pattern = f"{page.lexicon.language}-interview"
    for exchange in exchanges:
        for turn, numbers in (("question", exchange.asked), ("answer", exchange.answered)):
            spans = [s for n in numbers for s in said(page, page.paragraphs[n])]
            if spans:
                yield page.turn(spans, "question" if turn == "question" else "answer", pattern)


def _cut(page: Page, emphasis: Sequence[Span]) -> Page:
    """Split off emphasised beginnings of paragraphs as separate paragraphs: **Why?** Because it rained."""
    pieces: list[Span] = []
    for p in page.paragraphs:
        at = bisect_left(emphasis, p.start, key=lambda s: s.start)
        lead = emphasis[at] if at < len(emphasis) else None
        if lead is not None and lead.end < p.end and page.words(lead.end, p.end):
            pieces += [lead, page.content(lead.end, p.end)]
        else:
            pieces.append(p)
    return Page(page.text, page.body, page.marked, pieces, page.lexicon)


def _is_emphasised(page: Page, number: int, emphasis: Sequence[Span]) -> bool:
    p = page.paragraphs[number]
    at = bisect_left(emphasis, p.start, key=lambda s: s.start)
    if at < len(emphasis) and emphasis[at].start < p.end <= emphasis[at].end:
        return True
    return bool(page.lexicon.regex("emphasised-line").match(page.text[p.start : p.end]))


def _asks(page: Page, number: int) -> bool:
    p = page.paragraphs[number]
    words = page.text[p.start : p.end] if p.end - p.start <= _LONGEST else ""
    return words.rstrip(_CLOSERS).endswith("?") and words[0] not in _MARKS


def _exchanges(page: Page, asking: Sequence[int]) -> Iterator[_Exchange]:
    """Yield each question with the paragraphs below it; consecutive questions are one."""
    start = 0
    for one, two in pairwise([*asking, len(page.paragraphs)]):
        start = start or one
        if two == one + 1 and two < len(page.paragraphs):
            continue
        answered = range(one + 1, two)
        if two == len(page.paragraphs):
            answered = range(one + 1, _end(page, answered))
        if not answered:
            return  # a note that is emphasised, too
        yield _Exchange(range(start, one + 1), answered)
        start = 0


def _end(page: Page, last: range) -> int:
    """Return where the last answer ends: at a note, or where the article mentions the speaker again."""
    language = page.lexicon.language
    note = page.lexicon.regex(f"{language}-interview-note")
    voice = page.lexicon.regex(f"{language}-first-person")
    own = last.start
    for number in last:
        p = page.paragraphs[number]
        if note.match(page.text[p.start : p.end]):
            break
        if number == last.start or voice.search(page.text, p.start, p.end):
            own = number + 1
    return own


def _is_interview(page: Page, exchanges: Sequence[_Exchange], title: str | None, *, marked: bool) -> bool:
    """Return whether questions and the paragraphs below them are an interview."""
    blocks = [[page.paragraphs[n] for n in e.answered] for e in exchanges if e.answered]
    if len(exchanges) < _FEWEST or len(blocks) < _FEWEST:
        return False
    if not marked and len(exchanges) <= _FEWEST:
        return False  # an article may ask its readers twice
    voice = page.lexicon.regex(f"{page.lexicon.language}-{'first-person' if marked else 'singular-voice'}")
    own = sum(any(_speaks(page, p, voice) for p in block) for block in blocks)
    quoted = sum(page.text[block[0].start] in _MARKS for block in blocks)
    told_of = sum(any(is_reporters(page, p, _anybody(page, p)) for p in block) for block in blocks)
    if own * 2 < len(blocks) or quoted * 3 > len(blocks) or told_of * 3 > len(blocks):
        return False
    return _is_told(page, exchanges[0].asked.start, title) or (marked and len(exchanges) > _FEWEST)


def _speaks(page: Page, paragraph: Span, voice: re.Pattern[str]) -> bool:
    """Return whether a paragraph has first-person words outside quotation marks."""
    found = voice.finditer(page.text, paragraph.start, paragraph.end)
    return any(not held(page.marked, match.start()) for match in found)


def _anybody(page: Page, paragraph: Span) -> set[str]:
    """Return the words of a paragraph, which may name people whom a reporter quotes."""
    return {w.strip(".,;:!?”“\"'’").casefold() for w in page.text[paragraph.start : paragraph.end].split()}


def _is_told(page: Page, first: int, title: str | None) -> bool:
    """Return whether title, introduction or closing note announce an interview."""
    regex = page.lexicon.regex(f"{page.lexicon.language}-interview")
    low = page.paragraphs[first].start
    above = page.text[max(page.body.start, low - _TOLD) : low]
    below = page.text[max(low, page.paragraphs[-1].start) : page.body.end][:_TOLD]
    return bool(regex.search(above) or (title and regex.search(title)) or regex.search(below))
