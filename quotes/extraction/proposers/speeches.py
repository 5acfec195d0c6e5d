"""Speeches, statements and letters printed in full, and headlines of a live report's entries.

Part of the layout proposer. "Read the king's speech in full" announces the speaker's paragraphs, until the article
mentions the speaker again. An entry's headline that is one quotation has the same speaker as the entry's quotations.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from quotes.extraction.proposers.lines import LINE, Page
from quotes.extraction.proposers.transcripts import is_reporters, said
from quotes.records import Candidate, Span

# The fewest paragraphs of a speech, and how many of ten are in the first person.
_FEWEST, _OWN = 3, 4
# The most paragraphs between a title that announces a speech and its salutation.
_MOST_ABOVE = 12
# The most unsuccessful lines that announce a speech.
_MOST_TRIES = 5
_SENTENCE = ".!?…”’\"'"


def turns(page: Page, *, title: str | None = None) -> Iterator[Candidate]:
    """Yield the paragraphs of speeches printed in full.

    Args:
        page: the article.
        title: its headline, which may not be in the text.
    """
    whole = page.lexicon.regex(f"{page.lexicon.language}-speech-whole")
    below, tries = -1, 0
    lines = [(n, page.text[p.start : p.end]) for n, p in enumerate(page.paragraphs) if p.end - p.start <= LINE]
    for number, words in [(-1, title or ""), *lines]:
        if number < below or tries > _MOST_TRIES or not whole.search(words):
            continue
        tries += 1
        top = number < 0 or (number == 0 and not words.rstrip().endswith(":"))
        start = _opening(page, number + 1) if top else number + 1
        if start is None:
            continue
        block = list(_block(page, start))
        if not _is_speech(page, block):
            continue
        below, tries = start + len(block), 0
        line = page.paragraphs[max(number, 0)].start
        for p in block:
            yield _turn(page, said(page, p), line)


def _turn(page: Page, spans: Sequence[Span], line: int) -> Candidate:
    pattern = f"{page.lexicon.language}-speech-whole"
    features = (("layout", 1.0), (f"pattern_{pattern}", 1.0))
    return Candidate(tuple(spans), "direct", pattern, anchor=line, turn="speech", features=features)


def _opening(page: Page, start: int) -> int | None:
    """Return where a speech announced by the title begins: with a salutation, or at once with I or my."""
    salutation = page.lexicon.regex(f"{page.lexicon.language}-salutation")
    voice = page.lexicon.regex(f"{page.lexicon.language}-singular-voice")
    for number in range(start, min(len(page.paragraphs), start + _MOST_ABOVE)):
        p = page.paragraphs[number]
        if salutation.match(page.text[p.start : p.end]):
            return number
    top = page.paragraphs[start : start + 2]
    return start if any(voice.search(page.text, p.start, p.end) for p in top) else None


def _block(page: Page, start: int) -> Iterator[Span]:
    """Yield the paragraphs of a speech, up to the first by the reporter or of the page."""
    language = page.lexicon.language
    note = page.lexicon.regex(f"{language}-interview-note")
    voice = page.lexicon.regex(f"{language}-own-voice")
    marks = page.mark_starts
    quoted = start < len(page.paragraphs) and page.paragraphs[start].start in marks
    for number in range(len(page.paragraphs) - start):
        p = page.paragraphs[start + number]
        if quoted and p.start not in marks:
            return  # each paragraph of a quoted speech opens with a mark
        words = page.text[p.start : p.end]
        everybody = {w.strip(_SENTENCE + ",;:").casefold() for w in words.split()}
        sentence = words[-1] in _SENTENCE + ":,;—–"
        if note.match(words) or is_reporters(page, p, everybody):
            return
        if not sentence and not voice.search(words) and number:
            return  # a heading or the page's furniture
        if said(page, p):
            yield p


def _is_speech(page: Page, block: Sequence[Span]) -> bool:
    voice = page.lexicon.regex(f"{page.lexicon.language}-first-person")
    own = sum(bool(voice.search(page.text, p.start, p.end)) for p in block)
    return len(block) >= _FEWEST and own * 10 >= len(block) * _OWN


def headlines(page: Page) -> Iterator[Candidate]:
    """Yield the headlines of a live report's entries that are one quotation."""
    stamp = page.lexicon.regex("entry-time")
    quoted = {m.start: m.end for m in page.marked if m.closed}
    for at, p in enumerate(page.paragraphs):
        match = stamp.match(page.text[p.start : min(p.end, p.start + LINE)])
        if match is None:
            continue
        line = Span(p.start + match.end(), p.end)
        if match["gap"] is None:
            line = page.paragraphs[at + 1] if at + 1 < len(page.paragraphs) else line
        if quoted.get(line.start) == line.end and page.text[line.end - 2] not in ".,":
            yield page.turn([line], "headline", "entry-time")
