"""Cut a text into word pieces, the input of the role reader: ids, two features of each, exact offsets.

The features tell what the vocabulary, which is all small letters, cannot: how a piece is cased, and whether it stands
in quotation marks. The network learned from this very input, so a change here asks for new weights.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from attrs import frozen

from quotes.records import Span

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]
# Gives the vocabulary's ids of a line's pieces, and where each lies in the line.
Encode = Callable[[str], tuple[Sequence[int], Sequence[tuple[int, int]]]]

# Two ids that the vocabulary leaves unused: one end of a line, several.
LINE_PIECE, PARAGRAPH_PIECE = 1, 2
CASES = 3  # small or none, Initial, CAPITALS
STATES = 3  # outside marks, inside a pair, inside marks that nothing closes

_OPEN, _CLOSE, _EITHER = "“„«‹‟", "”»›", '"″＂'
_MARK = re.compile(f"[{_OPEN}{_CLOSE}{_EITHER}]")
_PARAGRAPH_END = re.compile(r"\n\s*\n")
_LINE_END = re.compile(r"\n")
_LINE = re.compile(r"[^\n]+")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_ALIKE = str.maketrans({"―": "—", "–": "—", "\xa0": " ", "\u202f": " ", "`": "'", "‚": "‘", "‛": "‘"})
# With so many empty lines, it is they that part the paragraphs, and a quotation may run over a line's end.
_EMPTY_LINES = 3
# Text is judged in stretches of so many characters. One of prose has about 170 words of 5 letters, 110 of them
# different; beyond these bounds it is the same words over and over, or no words at all, and nobody says anything in it.
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

    def part(self, low: int, high: int) -> Pieces:
        """Return pieces `low` to `high`."""
        return Pieces(self.ids[low:high], self.types[low:high], self.starts[low:high], self.ends[low:high])


def encoder(tokenizer: Tokenizer) -> Encode:
    """Make a line's encoder of a tokenizer, without the marks that it sets at both ends."""
    tokenizer.no_truncation()
    tokenizer.no_padding()

    def encode(line: str) -> tuple[Sequence[int], Sequence[tuple[int, int]]]:
        encoded: Any = tokenizer.encode(line, add_special_tokens=False)
        return encoded.ids, encoded.offsets

    return encode


def cut(text: str, *, encode: Encode, body: Span | None = None, skips: Sequence[Span] = ()) -> Pieces:
    """Cut a text into word pieces, line ends included.

    Args:
        text: the source's text.
        encode: gives the pieces of a line.
        body: the part to read; all of it where None.
        skips: spans to leave out, ordered and disjoint.

    Returns:
        The pieces, with offsets that hold for `text` itself.
    """
    base = body or Span(0, len(text))
    shown = _shown(text, base, skips)
    plain, state = read_marks(shown)
    plain = plain.translate(_ALIKE)
    ids: list[int] = []
    starts: list[int] = []
    ends: list[int] = []
    for low, high in _lines(shown):
        if low < 0:
            ids.append(-low)
            starts.append(ends[-1] if ends else 0)
            ends.append(high)
            continue
        found, offsets = encode(plain[low:high])
        ids += found
        starts += [low + a for a, _ in offsets]
        ends += [low + b for _, b in offsets]
    types = [state[a] * CASES + _case(shown[a:b]) for a, b in zip(starts, ends, strict=True)]
    places = (np.asarray(x, dtype=np.int64) for x in (starts, ends))
    return Pieces(np.asarray(ids, dtype=np.int64), np.asarray(types, dtype=np.int64), *(x + base.start for x in places))


def _shown(text: str, base: Span, skips: Sequence[Span]) -> str:
    """Return the part to read, of the same length, with blanks for what is skipped and what is no prose."""
    shown = _SURROGATE.sub("\ufffd", text[base.start : base.end])
    blank = [(max(0, s.start - base.start), min(len(shown), s.end - base.start)) for s in skips]
    blank += _repetitive(shown)
    for low, high in blank:
        if low < high:
            shown = shown[:low] + re.sub(r"[^\n]", " ", shown[low:high]) + shown[high:]
    return shown


def _repetitive(text: str) -> Iterator[tuple[int, int]]:
    """Yield the stretches that are no prose, adjoining ones in one; a text of one stretch is always read."""
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


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """Yield the bounds of each line without the white space around it, and between lines (-piece, end of the gap)."""
    at = 0
    for match in _LINE.finditer(text):
        line = match.group()
        inner = line.strip()
        if not inner:
            continue
        low = match.start() + len(line) - len(line.lstrip())
        if breaks := text.count("\n", at, low):
            yield -(PARAGRAPH_PIECE if breaks > 1 else LINE_PIECE), low
        at = low + len(inner)
        yield low, at
    if breaks := text.count("\n", at):
        yield -(PARAGRAPH_PIECE if breaks > 1 else LINE_PIECE), len(text)


def read_marks(text: str) -> tuple[str, bytearray]:
    """Print every double mark as “ or ”, and tell each character's state.

    This is no second `marks.find`: it tells the network what stands in marks as plainly as it was told in training,
    where it also learned what to make of the mistakes.

    Args:
        text: what is read.

    Returns:
        The text, of the same length; and for each character 0 outside marks, 1 in a pair, 2 in marks left open.
    """
    out = list(text)
    state = bytearray(len(text))
    parting = _PARAGRAPH_END if text.count("\n\n") >= _EMPTY_LINES else _LINE_END
    start = 0
    for low, high in [*(m.span() for m in parting.finditer(text)), (len(text), len(text))]:
        opened: int | None = None
        for match in _MARK.finditer(text, start, low):
            i = match.start()
            opens = _opens(text, i, inside=opened is not None)
            out[i] = "“" if opens else "”"
            if opened is not None:
                state[opened:i] = (b"\2" if opens else b"\1") * (i - opened)
            elif not opens and text[i] in _EITHER:
                out[i] = '"'
            opened = i if opens else None
        if opened is not None:
            state[opened:low] = b"\2" * (low - opened)
        start = high
    return "".join(out), state


def _opens(text: str, i: int, *, inside: bool) -> bool:
    """Tell whether the double mark at `i` opens a quotation."""
    mark = text[i]
    if mark == "„":
        return True
    if mark in "“‟" and inside and not text[i - 1].isspace():
        return False  # „so“ closes with the mark that opens in English
    if mark in _OPEN:
        return True
    if mark in _CLOSE:
        return mark in "»›" and not inside and text[i + 1 : i + 2].isalnum()  # »so« as German books print it
    before, after = text[i - 1 : i], text[i + 1 : i + 2]
    left = not before or before.isspace() or before in "([—–-"
    right = not after or after.isspace() or after in ".,;:!?)]—–-"
    return left if left != right else not inside


def _case(piece: str) -> int:
    if not piece[:1].isupper():
        return 0
    return 2 if len(piece) > 1 and piece.isupper() else 1
