"""Dialogues printed with dashes instead of marks: – Where were you? – At home, said Ruiz.

Part of the layout proposer. A dash may as well begin the item of a list. It is a dialogue only if all that dashes begin
are turns, with a credit or a question before such a turn, and if somebody asks or speaks of himself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from attrs import evolve

from quotes.extraction.proposers.lines import Hit, Page
from quotes.records import Candidate, Span

_DASH = re.compile(r"[–—―-][ \u00a0]")
# Where the next turn begins within a line.
_NEXT = re.compile(r"[.?!…][ \u00a0]{1,2}(?=[–—―][ \u00a0])")
# A credit with the verb before the speaker, and behind.
_SHAPES = ("dash-credit", "dash-speaker")
_FEWEST = 2


def turns(page: Page) -> Iterator[Candidate]:
    """Yield the turns of a dialogue with dashes; none if one of the article's dashes begins something else."""
    pieces = list(_pieces(page))
    hits = [_credited(page, piece) for piece in pieces]
    asks = [page.text[piece.end - 1] == "?" for piece in pieces]
    if len(pieces) < _FEWEST or not (any(asks) or any(_speaks(page, piece) for piece in pieces)):
        return
    if not all(hit or (asked and after) for hit, asked, after in zip(hits, asks, (*hits[1:], None), strict=False)):
        return
    for piece, hit in zip(pieces, hits, strict=True):
        if hit is not None:
            yield evolve(page.candidate([hit.span("words")], hit, "name", "cue", None), type="direct")
        else:
            words = page.content(piece.start + 1, piece.end)
            yield page.turn([words], "question", f"{page.lexicon.language}-interview")


def _pieces(page: Page) -> Iterator[Span]:
    """Yield the lines that begin with a dash, cut where another turn begins."""
    for p in page.paragraphs:
        if not _DASH.match(page.text, p.start, p.end):
            continue
        low = p.start
        for match in _NEXT.finditer(page.text, p.start, p.end):
            yield Span(low, match.start() + 1)
            low = match.end()
        yield Span(low, p.end)


def _speaks(page: Page, piece: Span) -> bool:
    voice = page.lexicon.regex(f"{page.lexicon.language}-own-voice")
    return voice.search(page.text, piece.start, piece.end) is not None


def _credited(page: Page, piece: Span) -> Hit | None:
    """Return the match of a turn with a credit, in either order."""
    words = page.text[piece.start : piece.end]
    for name in _SHAPES:
        shape = f"{page.lexicon.language}-{name}"
        match = page.lexicon.regex(shape).match(words)
        if match is not None:
            return Hit(match, shape, piece.start)
    return None
