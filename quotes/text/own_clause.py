"""Decide whether a quotation has its own clause, and so continues no other: “That is a scandal,” ran the banner."""

from __future__ import annotations

from collections.abc import Iterable

from quotes.records import MarkedSpan
from quotes.text.sentences import sentence_end, sentence_start
from quotes.text.spans import HasBounds

# How far to look for a clause before and after a quotation, in characters.
_REACH = 240
_STOPS = frozenset(".!?…")
_SENTENCE_END = sentence_end(opens="ascii", lines=True)
_INTRODUCES = (":", ",")


def is_complete(text: str, mark: MarkedSpan) -> bool:
    """Return whether a quotation ends like a sentence, and another follows: “The lorry is late.” Vik nodded."""
    inner = text[mark.inner.start : mark.inner.end].rstrip()
    after = text[mark.end : mark.end + _REACH].lstrip(" \u00a0")
    return inner[-1:] in _STOPS and not (after[:1].islower() or after[:1] in ",;—–-")


def has_own_clause(text: str, mark: MarkedSpan, credits: Iterable[HasBounds] = ()) -> bool:
    """Return whether words of a quotation's own sentence introduce or continue it, and so credit another speaker.

    Args:
        text: the source's text.
        mark: the quotation.
        credits: cue and mention of the statement that it may belong to; if they are in its sentence, they are its own.
    """
    low, high = _sentence(text, mark)
    if any(c.start < high and low < c.end for c in credits):
        return False
    before, after = text[low : mark.start], text[mark.end : high]
    if before.rstrip().endswith(_INTRODUCES) and any(map(str.isalpha, before)):
        return True
    if is_complete(text, mark) or not any(map(str.isalpha, after)):
        return False
    inner = text[mark.inner.start : mark.inner.end].rstrip()
    return inner.endswith(",") or after.lstrip(" ,—–-\u00a0")[:1].islower()


def _sentence(text: str, mark: MarkedSpan) -> tuple[int, int]:
    """Return the bounds of the sentence that contains a quotation, within its line."""
    low = sentence_start(text, mark.start, ends=_SENTENCE_END, reach=_REACH)
    if is_complete(text, mark):
        return low, mark.end
    end = _SENTENCE_END.search(text, mark.end, mark.end + _REACH)
    return low, end.start() + 1 if end else mark.end + _REACH
