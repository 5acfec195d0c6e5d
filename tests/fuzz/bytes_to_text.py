"""Map bytes to texts made of parts: a changed byte is another word or mark, so that the fuzzer varies news."""

from __future__ import annotations

from collections.abc import Sequence

from .news import CUES, GAPS, LINES, MARKS, NAMES, ODD, STOPS, WORDS

_SURROGATES = ["\ud83d", "\udc00"]
# One byte per part. Spaces come first and often, so that an input of zeros is blank and not odd.
NEWS = [" ", *GAPS, *MARKS, *STOPS, *NAMES, *CUES, *WORDS, *LINES, *ODD, *_SURROGATES, "a", "A", "1"]
# Above the parts: the bytes up to the next of these stand for themselves, as UTF-8.
_RAW = 0xFF


def text_of(data: bytes, *, pieces: Sequence[str] = NEWS) -> str:
    """Return the text that the bytes spell, a piece a byte; bytes between two 0xFF are characters of their own.

    Args:
        data: any bytes.
        pieces: at most 255 of them; a byte beyond the last counts round from the first.
    """
    parts = []
    for number, run in enumerate(data.split(bytes([_RAW]))):
        if number % 2:
            parts.append(run.decode("utf-8", "replace"))
        else:
            parts += [pieces[byte % len(pieces)] for byte in run]
    # Two halves of a pair that adjoin are one character, as they would be to whoever decodes a file or JSON.
    return "".join(parts).encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
