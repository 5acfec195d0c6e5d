"""Choose and mask the text for the parser, and map its tokens back to the source.

A paragraph without a quotation mark or a word of saying is not parsed at all; a long quotation is replaced by a short
sentence, since only the grammar around it matters. A Reading keeps the mapping: every token knows its slice of the
source.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from attrs import define, field, frozen

from quotes.extraction.article_text import ArticleText
from quotes.lexicon import Lexicon
from quotes.lexicon.tables import StatementPattern
from quotes.records import Candidate, MarkedSpan, Span
from quotes.text.sentences import sentence_end
from quotes.text.spans import held, touching

if TYPE_CHECKING:
    from spacy.tokens import Doc

# A quotation of at least this many words that is a sentence is masked; shorter ones parse well.
_MASK_WORDS = 4
# A longer fragment is cut to its first words, which the parser needs.
_FRAGMENT_WORDS = 24
_FRAGMENT_KEPT = 12
# A longer paragraph is parsed in segments, cut at the end of a sentence if possible.
_PIECE_CHARS = 4_000
# A longer segment is parsed only if it looks like prose.
_PROSE_CHARS = 1_000
# Characters hidden from the parser: zero-width ones, and blanks that its tokeniser does not know.
_UNSEEN = "[\u00ad\u200b-\u200f\u2060\ufeff]"
_VISIBLE = re.compile(f"[^{_UNSEEN[1:]}+")
_SPACES = dict.fromkeys(map(ord, "\t\u00a0\u1680\u202f\u205f\u3000"), " ") | dict.fromkeys(range(0x2000, 0x200B), " ")
_SPACES |= dict.fromkeys(range(0xD800, 0xE000), "\ufffd")  # lone surrogates, which spaCy cannot take
_MASK = "This is so"
Segment = tuple[int, int, int, int, bool]
_SENTENCE_END = sentence_end(opens="ascii", lines=False)


@frozen
class Piece:
    """Text for the parser, and the mapping to the source.

    Each segment is (offset in `text`, offset in the source, length in the source, number of the quotation or -1,
    whether it is masked).
    """

    text: str
    paragraph: Span
    segments: tuple[Segment, ...]


@define(eq=False)
class Reading:
    """A parsed segment, its paragraph, the quotations in it, and the mapping from tokens to the source.

    `starts[i]`, `ends[i]` bound the slice of the source for token i; `inside[i]` is the number (in the article's list
    of marked spans) of the quotation that contains it, or -1.
    """

    doc: Doc
    paragraph: Span
    starts: list[int]
    ends: list[int]
    inside: list[int]
    spans: range = field(default=range(0))


@lru_cache(maxsize=16)
def _trigger(lexicon: Lexicon) -> re.Pattern[str]:
    """Return a regular expression that matches in every statement: stems and irregular forms of all cues."""
    asked = [_asked(pattern) for pattern in lexicon.statements if pattern.content != "next"]  # a quotation comes next
    if not all(asked):
        return re.compile(r"\w")  # a pattern without a list of cues may have any
    words = {word for listed in asked for word in listed}
    stems = {_stem(word) for word in words if word[0].isalpha()}
    signs = {re.escape(word) for word in words if not word[0].isalpha()}
    odd = {re.escape(w) for w in lexicon.words.get(f"{lexicon.language}-irregular-forms", ())}
    found = rf"\b(?:(?:{'|'.join(sorted(stems))})[a-z]{{0,5}}|(?:{'|'.join(sorted(odd))}))\b"
    return re.compile("|".join([found, _UNSEEN, *sorted(signs)]), re.IGNORECASE)


def _asked(pattern: StatementPattern) -> list[str]:
    """Return the words that a pattern accepts as its cue: all verbs of saying, or according."""
    nodes = [n.get("RIGHT_ATTRS", {}) for n in pattern.dependency if n["RIGHT_ID"] == "cue"]
    nodes += [t for t, role in zip(pattern.pattern, pattern.roles, strict=True) if role == "cue"]
    values = [node.get(key, ()) for node in nodes for key in ("LOWER", "TEXT", "ORTH", "LEMMA")]
    listed = [value.get("IN", ()) if isinstance(value, Mapping) else (value,) for value in values if value]
    return [word for words in listed for word in words if isinstance(word, str) and word]


def _stem(word: str) -> str:
    return re.escape(word[:-1] if word[-1] in "ey" and len(word) > 3 else word)


def worth(article: ArticleText, told: Sequence[Candidate], *, lexicon: Lexicon, attitudes: bool) -> list[Span]:
    """Choose the paragraphs to parse after the reader has read them all.

    Args:
        article: its text and parts.
        told: the reader's candidates.
        lexicon: the patterns, with the words of saying; an attitude without one stays an attitude.
        attitudes: whether attitudes are wanted, too.

    Returns:
        The paragraphs with a quotation or a part of a candidate, in order.
    """
    text, paragraphs, trigger = article.text, article.paragraphs, _trigger(lexicon)
    wanted = {n for m in article.quotations for n in touching(paragraphs, m.start, m.end)}
    heard = lexicon.regex(f"{lexicon.language}-overlooked").finditer(text, article.body.start, article.body.end)
    wanted |= {n for match in heard for n in touching(paragraphs, *match.span())}
    for candidate in told:
        cue = candidate.cue
        if candidate.type == "attitude" and not attitudes and cue and not trigger.search(text, cue.start, cue.end):
            continue
        places = [*candidate.spans, *(p for p in (candidate.cue, candidate.mention) if p is not None)]
        wanted |= {n for place in places for n in touching(paragraphs, place.start, place.end)}
    return [p for n, p in enumerate(paragraphs) if n in wanted]


def pieces(
    article: ArticleText, paragraphs: Sequence[Span], *, lexicon: Lexicon, chosen: bool = False
) -> Iterator[Piece]:
    """Yield the segments to parse.

    Args:
        article: the article's text and parts; its furniture is hidden from the parser.
        paragraphs: the paragraphs to parse, in order.
        lexicon: the patterns, with the words of saying.
        chosen: whether the paragraphs are known to have statements, so that no word of saying is required.

    Yields:
        Segments in order, each within one paragraph.
    """
    text, marked, trigger = article.text, article.quotations, _trigger(lexicon)
    for paragraph in paragraphs:
        inside = touching(marked, paragraph.start, paragraph.end)
        if not inside and not chosen and not trigger.search(text, paragraph.start, paragraph.end):
            continue
        if len(inside) == 1 and _is_all(text, paragraph, marked[inside[0]]):
            continue
        for low, high in _cuts(text, paragraph, marked):
            own = touching(marked, low, high)
            if not own and not chosen and not trigger.search(text, low, high):
                continue
            if high - low > _PROSE_CHARS and not _is_prose(text[low:high], trigger):
                continue
            yield _piece(article, Span(low, high), paragraph, own)


def _is_prose(text: str, trigger: re.Pattern[str]) -> bool:
    """Return whether a text is prose, not a list of repeated words, which cannot be parsed."""
    words = text.split()
    return len(words) < 40 or (len(set(words)) * 6 > len(words) and len(trigger.findall(text)) * 3 < len(words))


def _is_all(text: str, paragraph: Span, span: MarkedSpan) -> bool:
    return span.start == paragraph.start and not any(c.isalnum() for c in text[span.end : paragraph.end])


def _cuts(text: str, paragraph: Span, marked: Sequence[MarkedSpan]) -> Iterator[tuple[int, int]]:
    """Split a paragraph that is too long for one parse, outside quotations, at the end of a sentence if possible."""
    low = paragraph.start
    while paragraph.end - low > _PIECE_CHARS:
        best = -1
        for match in _SENTENCE_END.finditer(text, low, low + _PIECE_CHARS):
            if not held(marked, match.end()) or not held(marked, match.end() - 1):
                best = match.end()
        if best <= low:
            space = text.rfind(" ", low + 1, low + _PIECE_CHARS)
            best = space + 1 if space > low else low + _PIECE_CHARS
        yield low, best
        low = best
    yield low, paragraph.end


def _piece(article: ArticleText, part: Span, paragraph: Span, own: range) -> Piece:
    text, marked, skips = article.text, article.quotations, article.skips
    out: list[str] = []
    segments: list[Segment] = []
    length = 0

    def put(shown: str, low: int, high: int, number: int, masked: bool = False) -> None:
        nonlocal length
        if shown:
            segments.append((length, low, high - low, number, masked))
            out.append(shown)
            length += len(shown)

    def put_own(low: int, high: int, number: int) -> None:
        for match in _VISIBLE.finditer(text, low, high):
            put(match.group().translate(_SPACES), match.start(), match.end(), number)

    def put_plain(low: int, high: int) -> None:
        for number in touching(skips, low, high):
            put_own(low, max(low, skips[number].start), -1)
            low = min(skips[number].end, high)
        put_own(low, high, -1)

    at = part.start
    for number in own:
        span = marked[number]
        if span.start < at:
            continue
        put_plain(at, span.start)
        if length and not out[-1][-1].isspace():
            put(" ", span.start, span.start, -1)
        shown = _masked(text, span, followed=text[span.end : min(span.end + 60, part.end)])
        if shown is None:
            put("“", span.start, span.inner.start, number)
            put_own(span.inner.start, span.inner.end, number)
            put("”", span.inner.end, max(span.end, span.inner.end), number)
        else:
            put(shown, span.start, span.end, number, masked=True)
        at = min(span.end, part.end) if span.end > part.end else span.end
        if at < part.end and text[at].isalnum():
            put(" ", at, at, -1)
    put_plain(at, part.end)
    return Piece("".join(out), paragraph, tuple(segments))


def _masked(text: str, span: MarkedSpan, *, followed: str) -> str | None:
    """Return the replacement of a quotation for the parser, or None if it reads the quotation itself.

    “Why?” the mayor asked: the parser would end the sentence at the question mark, so it gets a comma instead.
    """
    inner = text[span.inner.start : span.inner.end].strip()
    words = inner.count(" ") + 1
    first = next((c for c in inner if c.isalnum()), "")
    stop = inner[-1:] if inner[-1:] in ",.!?" else ""
    if stop in ("!", "?") and followed.lstrip()[:1].isalpha():
        stop = ","
    if words >= _MASK_WORDS and (first.isupper() or first.isdigit()) and (stop or words > _FRAGMENT_WORDS):
        return f"“{_MASK}{stop}”"
    if words > _FRAGMENT_WORDS:
        kept = " ".join(inner.split(None, _FRAGMENT_KEPT)[:_FRAGMENT_KEPT])
        return f"“{''.join(_VISIBLE.findall(kept)).translate(_SPACES)}{stop}”"
    return None


def read(parts: Iterable[Piece], *, parse: Callable[[Iterable[str]], Iterable[Doc]]) -> Iterator[Reading]:
    """Parse segments and map their tokens back.

    Args:
        parts: the segments from `pieces`.
        parse: returns a parsed Doc for each text, in order.
    """
    kept = list(parts)
    for part, doc in zip(kept, parse([p.text for p in kept]), strict=True):
        yield _mapped(part, doc)


def _mapped(part: Piece, doc: Doc) -> Reading:
    segments, offsets = part.segments, [segment[0] for segment in part.segments]
    starts, ends, inside = [], [], []
    places: Any = doc.to_array(["IDX", "LENGTH"])
    for at, length in places.tolist():
        first = segments[bisect_right(offsets, at) - 1]
        last = segments[bisect_right(offsets, at + max(length, 1) - 1) - 1]
        starts.append(_source_offset(first, at, end=False))
        ends.append(_source_offset(last, at + length, end=True))
        inside.append(first[3])
    return Reading(doc, part.paragraph, starts, ends, inside, _numbers(inside))


def _numbers(inside: Sequence[int]) -> range:
    """Return the numbers of the quotations in a reading."""
    numbers = [n for n in inside if n >= 0]
    return range(min(numbers), max(numbers) + 1) if numbers else range(0)


def _source_offset(segment: Segment, offset: int, *, end: bool) -> int:
    at, source, length, _, masked = segment
    if masked:
        return source + length if end else source
    return source + min(offset - at, length)


def given(doc: Doc, paragraphs: Sequence[Span], marked: Sequence[MarkedSpan]) -> Iterator[Reading]:
    """Yield the paragraphs of a Doc that is already parsed, without masks.

    Args:
        doc: a parsed Doc whose text is the source's.
        paragraphs: the article's paragraphs, in order.
        marked: its quotations, in order.
    """
    number = 0
    for paragraph in paragraphs:
        span = doc.char_span(paragraph.start, paragraph.end, alignment_mode="expand")
        if span is None:
            continue
        part = span.as_doc()
        starts = [doc[span.start + t.i].idx for t in part]
        ends = [low + len(t.text) for low, t in zip(starts, part, strict=True)]
        inside = []
        for low in starts:
            while number < len(marked) and marked[number].end <= low:
                number += 1
            inside.append(number if number < len(marked) and marked[number].start <= low else -1)
        yield Reading(part, paragraph, starts, ends, inside, _numbers(inside))
