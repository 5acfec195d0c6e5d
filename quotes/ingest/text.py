"""Plain text: bytes to the very characters that they encode; nothing is normalised."""

from __future__ import annotations

import codecs
import re

from quotes.errors import InputError

# UTF-32 before UTF-16: the one's mark begins with the other's.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# How much of a text is shown to charset_normalizer.
_SAMPLE = 50_000
# Of ten characters outside ASCII, nine are well-formed UTF-8: the tenth is a bad spot, not another encoding.
_MOSTLY = 9
# English has under 2 % of bytes outside ASCII in Windows-1252, French 4 %; Turkish and Czech, in theirs, over 7 %.
_WESTERN = 0.05
_FEW = 3
_UNDEFINED = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
# charset_normalizer's measure of how like a language the letters are: random bytes have 0, short texts 0.3 and more.
_COHERENT = 0.3
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_VISIBLE = re.compile(r"[^\s\x00\ufeff\u200b-\u200f\u2060]")
_NEXT = "save it as UTF-8 and try again"


def decode(data: bytes) -> str:
    """Return the text that the bytes encode, without its byte order mark; line ends stay as they are.

    A few bad bytes in what is UTF-8 otherwise become U+FFFD each.

    Raises:
        InputError: if the encoding is broken or cannot be told; the message names the next step.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _marked(data[len(mark) :], encoding)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        first = error.start
    likely = guess(data, first=first)
    if likely == "utf-8":
        return data.decode("utf-8", "replace")
    if likely is None:
        raise InputError(f"the encoding cannot be told (byte {first} is not UTF-8); {_NEXT}")
    try:
        return data.decode(likely)
    except UnicodeDecodeError:
        raise InputError(f"neither UTF-8 nor {likely} (byte {first}); {_NEXT}") from None


def is_blank(text: str) -> bool:
    """Return whether a text holds nothing to read: white space and characters without width."""
    return _VISIBLE.search(text) is None


def marked_encoding(head: bytes) -> str | None:
    """Return the encoding that the byte order mark names, or None if there is no mark."""
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return {"utf-8": "utf-8-sig"}.get(encoding, encoding[:6])
    return None


def guess(data: bytes, *, first: int) -> str | None:
    """Return the likely encoding of bytes that are not clean UTF-8, or None if none is likely enough.

    Args:
        data: the bytes, or the first of them.
        first: the offset of the first byte that is not UTF-8.
    """
    sample = data[max(0, first - _SAMPLE // 2) : first + _SAMPLE // 2]
    good = _MULTIBYTE.findall(sample)
    bad = len(re.findall(rb"[\x80-\xff]", sample)) - sum(map(len, good))
    if len(good) >= _MOSTLY * max(1, bad) or (first >= len(data) - 3 and good):
        return "utf-8"
    high = len(re.findall(rb"[\x80-\xff]", sample))
    # Where nearly all is ASCII the encodings of the West differ in a few letters only; a newsroom's is Windows'.
    if high <= max(_FEW, _WESTERN * len(sample)) and not _UNDEFINED.search(sample):
        return "cp1252"
    from charset_normalizer import from_bytes

    best = from_bytes(sample, threshold=0.15).best()
    if best is None or best.coherence < _COHERENT:
        return None
    return best.encoding


def _marked(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding == "utf-8":
            # The mark says UTF-8; what is not, is a bad spot.
            return data.decode("utf-8", "replace")
        return _broken(encoding, error)


def _broken(encoding: str, error: UnicodeDecodeError) -> str:
    name = encoding.removesuffix("-le").removesuffix("-be").upper()
    raise InputError(f"broken {name}: byte {error.start} ({error.reason}); {_NEXT}")
