"""Cut a text into word pieces, the input of the reader: ids, two features of each, exact offsets.

The features add what the lower-case vocabulary lacks: the case of a piece, and whether it is in quotation marks. The
network was trained on exactly this input, so a change here needs new weights.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from attrs import frozen

from quotes.records import MarkedSpan, Span
from quotes.text.spans import touching

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]
# Returns the ids of a line's pieces, and their places in the line.
Encode = Callable[[str], tuple[Sequence[int], Sequence[tuple[int, int]]]]

# Two unused ids of the vocabulary: one line end, several.
LINE_PIECE, PARAGRAPH_PIECE = 1, 2
CASES = 3  # small or none, Initial, CAPITALS
STATES = 3  # outside marks, inside a pair, inside marks that nothing closes

_NOT_A_BREAK = re.compile(r"[^\r\n]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_ALIKE = str.maketrans({"―": "—", "–": "—", "\xa0": " ", "\u202f": " ", "`": "'", "‚": "‘", "‛": "‘"})
# Text is judged in blocks of this many characters. A block of prose has about 170 words of 5 letters, 110 of them
# different; outside these bounds it is repetitive or has no words, and so no statements.
_STRETCH = 1_000
_LONGEST_WORDS, _MOST_REPEATS = 20, 6


@frozen(eq=False)
class Pieces:
    """Word pieces: ids, feature types, and offsets into the source's text (end exclusive)."""

    ids: Ints
    types: Ints
    starts: Ints
    ends: Ints

    def __len__(self) -> int:
        """Count the pieces."""
        return len(self.ids)

    @property
    def states(self) -> Ints:
        """Where each piece stands: 0 outside marks, 1 inside a pair, 2 inside marks that nothing closes."""
        return self.types // CASES

    def part(self, low: int, high: int) -> Pieces:
        """Return pieces `low` to `high`."""
        return Pieces(self.ids[low:high], self.types[low:high], self.starts[low:high], self.ends[low:high])


def encoder(tokenizer: Tokenizer) -> Encode:
    """Return a line's encoder from a tokenizer, without its special tokens."""
    tokenizer.no_truncation()
    tokenizer.no_padding()

    def encode(line: str) -> tuple[Sequence[int], Sequence[tuple[int, int]]]:
        encoded: Any = tokenizer.encode(line, add_special_tokens=False)
        return encoded.ids, encoded.offsets

    return encode


def cut(
    text: str,
    *,
    encode: Encode,
    body: Span,
    paragraphs: Sequence[Span],
    marked: Sequence[MarkedSpan],
    skips: Sequence[Span] = (),
) -> Pieces:
    """Cut paragraphs into word pieces, with a piece for the line end or the empty line between two.

    Args:
        text: the source's text.
        encode: returns the pieces of a line.
        body: the span of all paragraphs.
        paragraphs: the paragraphs to read, in order.
        marked: the quotations, in order.
        skips: spans to leave out, ordered and disjoint.

    Returns:
        The pieces, with offsets into `text`.
    """
    shown = _shown(text, body, skips)
    plain, state = _with_marks(shown, marked, body.start)
    plain = plain.translate(_ALIKE)
    ids: list[int] = []
    starts: list[int] = []
    ends: list[int] = []
    before = None
    spaced = is_spaced(plain, paragraphs, base=body.start)
    for paragraph in paragraphs:
        low, high = paragraph.start - body.start, paragraph.end - body.start
        found, offsets = encode(plain[low:high])
        if not found:
            continue
        if before is not None:
            ids.append(_gap_piece(plain[before:low]) if spaced else PARAGRAPH_PIECE)
            starts.append(before)
            ends.append(low)
        ids += found
        starts += [low + a for a, _ in offsets]
        ends += [low + b for _, b in offsets]
        before = high
    types = [state[a] * CASES + _case(shown[a:b]) for a, b in zip(starts, ends, strict=True)]
    places = (np.asarray(x, dtype=np.int64) + body.start for x in (starts, ends))
    return Pieces(np.asarray(ids, dtype=np.int64), np.asarray(types, dtype=np.int64), *places)


def _shown(text: str, body: Span, skips: Sequence[Span]) -> str:
    """Return the text to read, of the same length, with blanks for skipped parts and parts that are not prose."""
    shown = _SURROGATE.sub("\ufffd", text[body.start : body.end])
    blank = [(max(0, s.start - body.start), min(len(shown), s.end - body.start)) for s in skips]
    parts: list[str] = []
    at = 0
    for low, high in sorted([*blank, *_repetitive(shown)]):
        parts.append(shown[at:low])
        parts.append(_NOT_A_BREAK.sub(" ", shown[max(at, low) : high]))
        at = max(at, high)
    return "".join([*parts, shown[at:]])


def _repetitive(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans that are not prose, adjacent ones merged; a text of one block is always read."""
    low, start = 0, -1
    while len(text) - low > _STRETCH:
        high = max(text.rfind(" ", low + 1, low + _STRETCH), text.rfind("\n", low + 1, low + _STRETCH)) + 1
        high = high or low + _STRETCH
        words = text[low:high].split()
        letters = sum(map(len, words))
        if letters > _LONGEST_WORDS * len(words) or len(set(words)) * _MOST_REPEATS <= len(words):
            start = low if start < 0 else start
        elif start >= 0:
            yield start, low
            start = -1
        low = high
    if start >= 0:
        yield start, low


def is_spaced(text: str, paragraphs: Sequence[Span], *, base: int = 0) -> bool:
    """Return whether empty lines separate an article's paragraphs; if few do, a line is a paragraph.

    Args:
        text: the source's text, or its part from `base` on.
        paragraphs: the article's lines, in order.
        base: offset of `text` in the source.
    """
    gaps = [text[a.end - base : b.start - base] for a, b in pairwise(paragraphs)]
    return 3 * sum(_gap_piece(gap) == PARAGRAPH_PIECE for gap in gaps) >= len(gaps)


def _gap_piece(gap: str) -> int:
    """Return the id for one line end, or for several, which leave an empty line."""
    breaks = max(gap.count("\n"), gap.count("\r"))
    return PARAGRAPH_PIECE if breaks > 1 else LINE_PIECE


def _with_marks(text: str, marked: Sequence[MarkedSpan], base: int) -> tuple[str, bytearray]:
    """Change the double marks of quotations to “ and ”, and return each character's state.

    Single marks and marks of two characters stay as printed, as in training.

    Args:
        text: the text to read.
        marked: the quotations, in order.
        base: offset of `text` in the source.

    Returns:
        The text, of the same length; and for each character 0 outside marks, 1 in a pair, 2 in marks left open.
    """
    out = list(text)
    state = bytearray(len(text))
    for number in touching(marked, base, base + len(text)):
        mark = marked[number]
        low, high = mark.start - base, min(len(text), mark.inner.end - base)
        if mark.mark != "double" or mark.inner.start - mark.start != 1 or low < 0 or text[low].isspace():
            continue  # white space replaces text that is not read
        state[low:high] = (b"\1" if mark.closed else b"\2") * (high - low)
        out[low] = "“"
        if mark.closed and high < len(text) and not text[high].isspace():
            out[high] = "”"
    return "".join(out), state


def _case(piece: str) -> int:
    if not piece[:1].isupper():
        return 0
    return 2 if len(piece) > 1 and piece.isupper() else 1
