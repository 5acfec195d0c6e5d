"""Leave out a statement that only passes on another before it: “No,” Ana Lee said, according to Reuters.

It is Lee's statement, via Reuters. An outlet that stands first makes a statement of its own: Reuters reported that Lee
said no.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from quotes.extraction.statement import Statement
from quotes.records import Channel, Span
from quotes.text.spans import coalesced

# The most words beside a statement and its credit: “No,” Ana Lee said at the harbour on Monday, according to Reuters.
_BESIDE = 8
_WORD = re.compile(r"\w[\w’'-]*")


def left_out(text: str, statements: Sequence[Statement]) -> list[Statement]:
    """Return statements without those that only pass on another one, which has their source as a channel.

    Args:
        text: the source's text.
        statements: the statements of one article, with channels.
    """
    relayed = [(s, via) for s in statements if (via := [c for _, c in s.channels if c.relation == "via" and c.mention])]
    return [s for s in statements if not any(_passes_on(text, s, other, via) for other, via in relayed)]


def _passes_on(text: str, outer: Statement, inner: Statement, via: Sequence[Channel]) -> bool:
    """Return whether a statement is another's words and credit, and little more, from the other's channel."""
    by, cue, who = outer.candidate.mention, inner.candidate.cue, inner.candidate.mention
    if outer is inner or by is None or cue is None or who is None or by.start < outer.spans[-1].end:
        return False
    if not any(c.mention and c.mention.start < by.end and by.start < c.mention.end for c in via):
        return False
    held = coalesced([*inner.spans, Span(cue.start, cue.end), who])
    if any(p.start < outer.spans[0].start or outer.spans[-1].end < p.end for p in (*inner.spans, who)):
        return False
    words = [w.start() for s in outer.spans for w in _WORD.finditer(text, s.start, s.end)]
    return sum(not any(p.start <= at < p.end for p in held) for at in words) <= _BESIDE
