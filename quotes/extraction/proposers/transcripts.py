"""Transcripts: a label at the beginning of a line, LEE: or Q:, credits what follows up to the next label.

Part of the stage `layouts`. A line that begins with a word and a colon may be a heading, a dateline or an item of a
list; labels count only where they bear one another out.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator

from quotes.extraction.proposers.lines import LABEL, LINE, Hit, Page
from quotes.records import Candidate, Span

# Unlabelled paragraphs that go on with a turn, before the next label; more of them are a reporter's.
_MOST_CARRIED = 3


def turns(page: Page) -> Iterator[Candidate]:
    """Yield the turns of a transcript, each with the paragraphs that go on with it."""
    labels = _labels(page)
    order = sorted(labels)
    for position, at in enumerate(order):
        hit = labels[at]
        spans = [page.content(hit.span().end, page.paragraphs[at].end)]
        after = order[position + 1] if position + 1 < len(order) else at
        if 1 < after - at <= _MOST_CARRIED + 1:
            spans += _carried(page, range(at + 1, after))
        spans = [s for s in spans if page.words(s.start, s.end)]
        if spans:
            yield page.candidate(spans, hit, "label", "colon", None)


def _carried(page: Page, between: range) -> list[Span]:
    """Take the paragraphs between two labels that go on with the turn; none if a reporter's is among them."""
    stage = page.lexicon.regex("stage-direction")
    saying = page.lexicon.regex(f"{page.lexicon.language}-saying")
    voice = page.lexicon.regex(f"{page.lexicon.language}-own-voice")
    own = [p for p in (page.paragraphs[n] for n in between) if not stage.match(page.text[p.start : p.end])]
    for p in own:
        if saying.search(page.text, p.start, p.end) and not voice.search(page.text, p.start, p.end):
            return []
        if page.match("label-capitals", p.start, p.end):
            return []  # VIDEO: who speaks there is another
    return [Span(_after_mark(page, p), p.end) for p in own]


def _after_mark(page: Page, paragraph: Span) -> int:
    """Leave out the mark with which each paragraph of a quoted transcript opens, and which never closes."""
    number = bisect_left(page.marked, paragraph.start, key=lambda m: m.start)
    if number < len(page.marked) and page.marked[number].start == paragraph.start and not page.marked[number].closed:
        return page.marked[number].inner.start
    return paragraph.start


def _labels(page: Page) -> dict[int, Hit]:
    """Find the labelled paragraphs of a transcript: none, unless they bear one another out."""
    capitals, asked, names = "label-capitals", f"{page.lexicon.language}-label-question", "label-name"
    found: dict[str, dict[int, Hit]] = {asked: {}, capitals: {}, names: {}}
    for at, p in enumerate(page.paragraphs):
        if page.text.find(":", p.start, min(p.end, p.start + LABEL)) < 0:
            continue
        for shape, lines in found.items():
            hit = page.match(shape, p.start, p.end)
            if hit and (shape == asked or page.is_label(hit["label"])):
                lines[at] = hit
                break
    found[names].pop(0, None)  # a headline: "Lind: bridge stays shut"
    fewest = {asked: 2, capitals: 2, names: 3}
    return {
        at: hit
        for shape, lines in found.items()
        if len(lines) >= fewest[shape] and _is_transcript(page, lines, shape)
        for at, hit in lines.items()
    }


def _is_transcript(page: Page, lines: dict[int, Hit], shape: str) -> bool:
    """Return whether labelled lines make a transcript: most are sentences, and a speaker comes again, or asks."""
    words = [page.text[max(h.span().end, page.paragraphs[at].end - LINE) : page.paragraphs[at].end].strip()
             for at, h in lines.items()]  # fmt: skip
    sentences = [w for w in words if w[-1:] in '.!?…"”’)]-—–' and " " in w and any(c.isalpha() for c in w)]
    if len(sentences) * 2 < len(words):
        return False
    counts = Counter(h["label"] for h in lines.values())
    repeated = max(counts.values()) > 1
    if shape != "label-capitals":
        return len(counts) > 1 and (repeated or shape != "label-name")
    asked = any(w.rstrip('"”’.').endswith("?") for w in words)
    return repeated or asked or any(page.is_known(label) for label in counts)
