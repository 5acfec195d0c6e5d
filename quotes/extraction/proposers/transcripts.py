"""Transcripts: a label, LEE: or Q or Mr. LEE., credits all words up to the next label.

Part of the layout proposer; `labels` finds the labels. Stage directions, time codes and a reporter's words between
turns are not speech.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from attrs import evolve

from quotes.extraction.proposers.labels import Labelled, find
from quotes.extraction.proposers.lines import LABEL, Page
from quotes.records import Candidate, Span
from quotes.text.blanks import trimmed

_BULLETS = "-–—•*"
_STOPS = ".!?…\"”’"


def turns(page: Page) -> Iterator[Candidate]:
    """Yield the turns of a transcript, each with the paragraphs that continue it."""
    labels = find(page)
    order = sorted(labels)
    cast = {line.label.surname for line in labels.values()} - {""}
    # Only titles are above the first turn: the whole text is the transcript.
    bare = all(page.text[p.end - 1] not in _STOPS for p in page.paragraphs[: order[0] if order else 0])
    asker: Span | None = None  # BY MR. LEE: the asker of the following questions
    by = page.lexicon.regex(f"{page.lexicon.language}-label-by")
    going_on = False  # whether turns of this transcript continue over paragraphs
    for position, at in enumerate(order):
        line = labels[at]
        if line.family == "nobody":
            continue
        after = order[position + 1] if position + 1 < len(order) else None
        own = said(page, Span(line.start, page.paragraphs[at].end))
        rest = list(_rest(page, range(at + 1, len(page.paragraphs) if after is None else after), cast))
        if after is None and not (going_on and bare):
            rest = _own_voiced(page, rest) if own else rest[:1] + _own_voiced(page, rest[1:])
        question = None
        if rest and after is not None and own and labels[after].key == line.key and line.family != "unnamed":
            question = rest.pop() if page.text[rest[-1].end - 1] == "?" else None
        going_on = going_on or (bool(rest) and after is not None)
        spans = [*own, *(s for p in rest for s in said(page, p))]
        if line.hit is not None and not own and by.match(line.hit["label"]):
            asker, spans = line.hit.span("label"), []
        if spans:
            yield _turn(page, line, spans, asker)
        if question is not None:
            yield page.turn(said(page, question), "question", f"{page.lexicon.language}-interview")


def _turn(page: Page, line: Labelled, spans: Sequence[Span], asker: Span | None) -> Candidate:
    if line.hit is None:
        return page.turn(spans, "unnamed", "label-lead")
    cue = "colon" if line.hit["colon"] else None
    candidate = page.candidate(spans, line.hit, "label", cue, None)
    asks = page.lexicon.own_set("label-question-word")
    source = asker if asker and line.hit["label"].lower() in asks else candidate.source
    return evolve(candidate, type="direct", turn="label", source=source)


def said(page: Page, paragraph: Span) -> list[Span]:
    """Return the spoken spans of a paragraph, without stage directions and repeated opening marks."""
    low, found = _after_mark(page, paragraph), []
    while low + 1 < paragraph.end and page.text[low] in _BULLETS and page.text[low + 1].isspace():
        low = page.content(low + 1, paragraph.end).start
    high = paragraph.end
    emphasis = page.lexicon.regex("emphasised-line").match(page.text[low:high])
    if emphasis is not None:
        low, high = low + emphasis.start("words"), low + emphasis.end("words")
    for match in page.lexicon.regex(f"{page.lexicon.language}-stage-direction").finditer(page.text, low, high):
        found.append(Span(low, match.start()))
        low = match.end()
    pieces = [Span(*trimmed(page.text, s.start, s.end)) for s in (*found, Span(low, high)) if s.start < s.end]
    return [s for s in pieces if s.start < s.end and page.words(s.start, s.end)]


def _rest(page: Page, between: range, cast: set[str]) -> Iterator[Span]:
    """Yield the paragraphs after a label that continue the turn."""
    lexicon = page.lexicon
    times = lexicon.regex("time-line")
    others = [lexicon.regex(f"{lexicon.language}-{name}") for name in ("interjecting", "interview-note")]
    for p in (page.paragraphs[n] for n in between):
        words = page.text[p.start : min(p.end, p.start + LABEL * 2)]
        if any(regex.match(words) for regex in others) or is_reporters(page, p, cast):
            return
        if not times.match(words) and said(page, p):
            yield p


def is_reporters(page: Page, paragraph: Span, cast: set[str]) -> bool:
    """Return whether a paragraph is the reporter's: it mentions the speakers, in the third person."""
    language = page.lexicon.language
    if page.lexicon.regex(f"{language}-own-voice").search(page.text, paragraph.start, paragraph.end):
        return False
    if not page.lexicon.regex(f"{language}-saying").search(page.text, paragraph.start, paragraph.end):
        return False
    words = {w.casefold() for w in re.findall(r"[^\W_]+", page.text[paragraph.start : paragraph.end])}
    return bool(words & cast)


def _own_voiced(page: Page, paragraphs: Sequence[Span]) -> list[Span]:
    """Return the paragraphs below an article's last label up to the last one with I or we."""
    voice = page.lexicon.regex(f"{page.lexicon.language}-first-person")
    own = [n for n, p in enumerate(paragraphs) if voice.search(page.text, p.start, p.end)]
    return list(paragraphs[: own[-1] + 1]) if own else []


def _after_mark(page: Page, paragraph: Span) -> int:
    """Leave out the opening mark of each paragraph of a quoted transcript, which never closes."""
    number = bisect_left(page.marked, paragraph.start, key=lambda m: m.start)
    if number < len(page.marked) and page.marked[number].start == paragraph.start and not page.marked[number].closed:
        return page.marked[number].inner.start
    return paragraph.start
