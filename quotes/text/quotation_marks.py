"""Find the spans between quotation marks: strings only, one pass per paragraph, linear in the text.

A mark opens or closes by its shape and its neighbours; if both are unclear, by whether a quotation is open. One bad
mark costs at most its paragraph: every paragraph starts afresh, unless the previous one ended inside a quotation and
this one reopens it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from attrs import evolve

from quotes.lexicon import Lexicon
from quotes.records import MarkedSpan, Slice, Span
from quotes.text.blanks import trimmed
from quotes.text.spans import held, touching

# The most characters of the credit after a quotation that is never closed: name, office, verb, day.
_LONGEST_CREDIT = 160
# The fewest marks in a row that count as an ornament, and how many at each end to examine: a page may be one such row.
_ROW, _ROW_END = 48, 16
Side = Literal["open", "close", "either"]

_PARAGRAPH = re.compile(r"[^\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
# Characters besides white space that may precede an opening mark: brackets, dashes, slashes, other marks.
_BEFORE_OPEN = frozenset("([{<—–-―‐‑/|:;=*_…\u200b\u200e\u200f\ufeff>")
_AFTER_CLOSE = frozenset(")]}>—–-―‐‑/|:;,.!?…*_")
# What follows a closing mark only, also one after a blank: « No », said Lee.
_PAUSES = frozenset(",;:!?")
_ENDS_SPEECH = frozenset(",.!?…—–-;:")
# A quotation without a closing mark ends at the last stop if at most this many words follow before the next opening
# mark: room for "he said on Tuesday in a long statement to reporters".
_CREDIT_WORDS = 14


class _Mark(NamedTuple):  # a tuple, since a page may have millions
    start: int
    end: int
    side: Side
    single: bool
    text: str


def paragraphs(text: str, *, start: int = 0, end: int | None = None) -> Iterator[Span]:
    """Yield the lines of a text, trimmed of white space and zero-width characters, without blank ones.

    Args:
        text: the source's text.
        start: offset to begin at.
        end: offset to stop at; the text's end if None.
    """
    for match in _PARAGRAPH.finditer(text, start, len(text) if end is None else end):
        low, high = trimmed(text, *match.span())
        if low < high:
            yield Span(low, high)


def of_article(text: str, article: Slice) -> list[Span]:
    """Return an article's paragraphs, headline first, without furniture.

    Args:
        text: the source's text.
        article: the article's slice of it.
    """
    found = [article.headline] if article.headline else []
    found += paragraphs(text, start=article.start, end=article.end)
    skips = [touching(article.skips, p.start, p.end) for p in found]
    return [p for p, near in zip(found, skips, strict=True) if not any(_holds(article.skips[n], p) for n in near)]


def _holds(outer: Span, inner: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def find(
    text: str, *, lexicon: Lexicon, start: int = 0, end: int | None = None, skips: Sequence[Span] = ()
) -> list[MarkedSpan]:
    """Find the spans between quotation marks, outermost only, in order.

    Args:
        text: the source's text.
        lexicon: the patterns, with the marks and the words that begin with an apostrophe.
        start: offset of the article's first character.
        end: offset past its last.
        skips: spans of page furniture, whose marks are ignored.

    Returns:
        Spans with their marks, without those that have no letter or digit.
    """
    found: list[MarkedSpan] = []
    open_before: str | None = None
    for whole in paragraphs(text, start=start, end=end):
        tail = _tail(text, whole, lexicon, skips) if open_before else None
        paragraph = Span(tail.end, whole.end) if tail else whole
        spans = _in_paragraph(text, paragraph, lexicon, skips)
        if tail:
            found.append(tail)
        # A quotation continues with the sign that it began with: "He came in. ¶ “Sit down,” she said.
        if spans and spans[0].start == paragraph.start and text[spans[0].start : spans[0].inner.start] == open_before:
            spans[0] = evolve(spans[0], continues=True)
        left_open = bool(spans) and not spans[-1].closed and spans[-1].end == paragraph.end
        open_before = text[spans[-1].start : spans[-1].inner.start] if left_open else None
        found += [s for s in spans if _has_word(text, s.inner)]
    return _without_false_runs(text, found)


def _tail(text: str, paragraph: Span, lexicon: Lexicon, skips: Sequence[Span]) -> MarkedSpan | None:
    """Return the rest of a quotation that the previous paragraph left open, if it is closed without being reopened."""
    first = next((m for m in _marks(text, paragraph, lexicon, skips) if not m.single), None)
    if first is None or first.side != "close" or _is_inches(text, first) or first.start == paragraph.start:
        return None
    if text[first.start - 1] not in _ENDS_SPEECH or not _has_word(text, Span(paragraph.start, first.start)):
        return None
    return MarkedSpan(paragraph.start, first.end, Span(paragraph.start, first.start), continues=True)


def _has_word(text: str, span: Span) -> bool:
    return any(text[i].isalnum() for i in range(span.start, span.end))


def _without_false_runs(text: str, spans: list[MarkedSpan]) -> list[MarkedSpan]:
    """Drop single quotations that never close and that the next paragraph does not reopen: probably apostrophes."""
    kept = []
    for number, span in enumerate(spans):
        reopened = number + 1 < len(spans) and spans[number + 1].continues
        if span.mark == "single" and not span.closed and not reopened:
            continue
        kept.append(span)
    return kept


@lru_cache(maxsize=16)
def _mark_table(lexicon: Lexicon) -> tuple[re.Pattern[str], re.Pattern[str], dict[str, tuple[Side, bool]]]:
    """Return patterns for a mark and for a long row of marks, and the side and kind of each mark."""
    sides: dict[str, tuple[Side, bool]] = {}
    for name, side, single in (
        ("marks-open", "open", False),
        ("marks-close", "close", False),
        ("marks-either", "either", False),
        ("marks-single-open", "open", True),
        ("marks-single-close", "close", True),
        ("marks-single-either", "either", True),
    ):
        for mark in lexicon.words[name]:
            sides[mark] = (side, single)  # type: ignore[assignment]
    longest_first = sorted(sides, key=len, reverse=True)
    row = re.compile(f"[{re.escape(''.join(sorted(set(''.join(sides)))))}]{{{_ROW},}}")
    return re.compile("|".join(map(re.escape, longest_first))), row, sides


def _marks(text: str, paragraph: Span, lexicon: Lexicon, skips: Sequence[Span]) -> Iterator[_Mark]:
    """Yield the paragraph's marks, each with its possible sides, without apostrophes and inches."""
    sides = _mark_table(lexicon)[-1]
    dropped_letters = lexicon.regex(f"{lexicon.language}-leading-apostrophe")
    for match in _mark_matches(text, paragraph, lexicon):
        low, high = match.span()
        if skips and held(skips, low):
            continue
        side, single = sides[match.group()]
        before = text[low - 1] if low > paragraph.start else " "
        after = text[high] if high < paragraph.end else " "
        stopped = after in _PAUSES or (after == "." and not text[high + 1 : min(high + 2, paragraph.end)].strip())
        can_open = not (after.isspace() or stopped) and (before.isspace() or before in _BEFORE_OPEN or before in sides)
        can_close = (stopped or not before.isspace()) and (after.isspace() or after in _AFTER_CLOSE or after in sides)
        if single:
            if side != "open" and (before.isalnum() and after.isalnum()):
                continue
            if side != "close" and dropped_letters.match(text, low, paragraph.end):
                continue
            if before.isdigit() and side == "either" and not can_close:
                continue
            if not can_open and not can_close:
                continue
            shown: Side = "open" if side == "open" else _by_place(can_open, can_close, side)
        else:
            shown = _by_place(can_open, can_close, side)
        yield _Mark(low, high, shown, single, match.group())


def _mark_matches(text: str, paragraph: Span, lexicon: Lexicon) -> Iterator[re.Match[str]]:
    pattern, rows, _ = _mark_table(lexicon)
    low = paragraph.start
    for row in rows.finditer(text, paragraph.start, paragraph.end):
        yield from pattern.finditer(text, low, row.start() + _ROW_END)
        low = row.end() - _ROW_END
    yield from pattern.finditer(text, low, paragraph.end)


def _by_place(can_open: bool, can_close: bool, side: Side) -> Side:
    """Decide a mark's side by shape and place: ”Mr. Lee opens, whatever its shape, but “ before a space does not."""
    if can_open and not can_close:
        return "open"
    if can_close and not can_open:
        return "close" if side != "open" else "either"
    return side


def _in_paragraph(text: str, paragraph: Span, lexicon: Lexicon, skips: Sequence[Span]) -> list[MarkedSpan]:
    marks = list(_marks(text, paragraph, lexicon, skips))
    if not marks:
        return []
    credit = lexicon.regex(f"{lexicon.language}-open-credit")
    doubles = _pair_doubles(text, paragraph, [m for m in marks if not m.single], credit)
    singles = _pair_singles(text, paragraph, [m for m in marks if m.single], doubles)
    return _outermost(doubles, singles)


def _pair_doubles(text: str, paragraph: Span, marks: list[_Mark], credit: re.Pattern[str]) -> list[MarkedSpan]:
    """Pair double marks from left to right; a second opening mark nests if enough marks follow to close both."""
    spans: list[MarkedSpan] = []
    stack: list[_Mark] = []
    closers_left = _closers_after(marks)
    for number, mark in enumerate(marks):
        closes = mark.side == "close" or (mark.side == "either" and bool(stack))
        if closes and stack and _measures(text, marks, number, len(stack)):
            continue
        if closes and stack:
            opener = stack.pop()
            if not stack:
                spans.append(_span(opener, mark))
        elif closes:
            if mark.side == "close" and not spans and mark.start == paragraph.start:
                stack.append(mark)  # a closing mark at the beginning of a paragraph opens it
        elif _is_inches(text, mark) and not stack:
            continue
        elif stack and _nests(stack[0], mark, len(stack), closers_left[number]):
            stack.append(mark)
        else:
            if stack:
                spans += _ended_early(text, stack[0], mark)
            stack = [mark]
    if stack:
        spans.append(_left_open(text, stack[0], paragraph, credit))
    return spans


def _left_open(text: str, opener: _Mark, paragraph: Span, credit: re.Pattern[str]) -> MarkedSpan:
    """End a quotation that is never closed at the credit at the end of its paragraph, or with the paragraph."""
    end = paragraph.end
    tail = max(opener.end, end - _LONGEST_CREDIT)
    for match in credit.finditer(text, tail, end):
        if not any(c in ".!?" for c in text[match.end() : end - 1]):
            end = match.start() + 1
            break
    return MarkedSpan(opener.start, end, Span(opener.end, end), "double", False)


def _closers_after(marks: list[_Mark]) -> list[int]:
    """Count, for each mark, the closing minus the opening marks after it."""
    counts, balance = [0] * len(marks), 0
    for number in range(len(marks) - 1, -1, -1):
        counts[number] = balance
        if marks[number].side == "close":
            balance += 1
        elif marks[number].side == "open":
            balance = max(0, balance - 1)
    return counts


def _nests(outer: _Mark, mark: _Mark, depth: int, closers_left: int) -> bool:
    return closers_left > depth and depth < 8 and mark.start > outer.end


def _is_inches(text: str, mark: _Mark) -> bool:
    """Return whether a mark means inches: 6'2\" and 21″."""
    return mark.start > 0 and text[mark.start - 1].isdigit() and mark.text in ('"', "″", "''", "”")


def _measures(text: str, marks: Sequence[_Mark], number: int, depth: int) -> bool:
    """Return whether a mark after a number means inches within a quotation, since another closes it: "a 10" gap,"."""
    if depth > 1 or not _is_inches(text, marks[number]) or number + 1 >= len(marks):
        return False
    return marks[number + 1].side == "close"


def _ended_early(text: str, opener: _Mark, following: _Mark) -> list[MarkedSpan]:
    """End a quotation without a closing mark at the last stop before its credit, or drop it."""
    between = text[opener.end : following.start]
    stop = max(between.rfind(c) for c in ",.!?…")
    if stop < 1 or len(between[stop + 1 :].split()) > _CREDIT_WORDS or len(between[:stop].split()) < 3:
        return []
    end = opener.end + stop + 1
    return [MarkedSpan(opener.start, end, Span(opener.end, end), "double", False)]


def _pair_singles(text: str, paragraph: Span, marks: list[_Mark], doubles: list[MarkedSpan]) -> list[MarkedSpan]:
    """Pair single marks: an opener with the first closing mark after a stop, else with the first one.

    ‘The dogs’ bowl was empty,’ he said: the mark after a stop closes, although the one after "dogs" could. A new
    opening mark ends the search, and marks inside double quotations are ignored, unless those contain all of them.
    """
    spans: list[MarkedSpan] = []
    opener: _Mark | None = None
    first: _Mark | None = None
    inside = iter(doubles)
    current = next(inside, None)
    for mark in marks:
        while current is not None and current.end <= mark.start:
            current = next(inside, None)
        if current is not None and current.start < mark.start < current.end and current.closed:
            continue
        if mark.side == "open" or (mark.side == "either" and opener is None):
            if opener is not None and first is not None:
                spans.append(_span(opener, first, "single"))
            opener, first = mark, None
        elif opener is not None:
            if text[mark.start - 1] in _ENDS_SPEECH:
                spans.append(_span(opener, mark, "single"))
                opener, first = None, None
            elif first is None:
                first = mark
    if opener is not None and first is not None:
        spans.append(_span(opener, first, "single"))
    elif opener is not None and opener.text == "‘":
        spans.append(MarkedSpan(opener.start, paragraph.end, Span(opener.end, paragraph.end), "single", closed=False))
    return spans


def _span(opener: _Mark, closer: _Mark, mark: Literal["double", "single"] = "double") -> MarkedSpan:
    return MarkedSpan(opener.start, closer.end, Span(opener.end, closer.start), mark)


def _outermost(doubles: list[MarkedSpan], singles: list[MarkedSpan]) -> list[MarkedSpan]:
    """Merge both kinds in order; a span inside another, or crossing one, gives way to the wider."""
    merged: list[MarkedSpan] = []
    for span in sorted([*doubles, *singles], key=lambda s: (s.start, -s.end)):
        if merged and span.start < merged[-1].end:
            holds = merged[-1].mark == "single" and not merged[-1].closed
            if holds and span.mark == "double":
                merged[-1] = span
            continue
        merged.append(span)
    return merged
