"""Plain text: decode bytes, without any normalisation."""

from __future__ import annotations

import codecs
import re
from math import sqrt

from quotes.errors import InputError

# UTF-32 before UTF-16, whose mark is a prefix of the other's.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Bytes of a text given to charset_normalizer.
_SAMPLE = 50_000
# Non-ASCII bytes: under 2 % in English in Windows-1252, 4 % in French; over 7 % in Turkish and Czech in theirs. A short
# text may have more by chance: twice the deviation of a count.
_WESTERN = 0.05
_FEW = 3
# In an alphabet of its own most bytes are not ASCII, and up to 0.42 of them look like UTF-8 by chance (EUC-JP).
_LATIN = 0.2
_MOSTLY = 0.9
_UNDEFINED = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
# charset_normalizer's coherence with a language: 0 for random bytes, 0.3 and more for short texts.
_COHERENT = 0.3
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
# Bytes that are not UTF-8, as `surrogateescape` decodes them.
_STRAY = re.compile(r"[\udc80-\udcff]+")
# The beginning of a UTF-8 character, but not a letter of Windows-1252 before a mark: é”
_TORN = re.compile(rb"[\xc2-\xdf]\Z|[\xe0-\xf4](?![\x85\x91-\x97\xa0\xab\xbb])[\x80-\xbf]{0,2}\Z")
_VISIBLE = re.compile(r"[^\s\x00\ufeff\u200b-\u200f\u2060]")
_NEXT = "save it as UTF-8 and try again"


def decode(data: bytes) -> str:
    """Decode bytes, without a byte order mark; line ends stay unchanged.

    Bytes that are not UTF-8, in a text that mostly is, are read as Windows-1252: two programs wrote it. Torn ones
    become U+FFFD.

    Raises:
        InputError: if the text is broken or its encoding unknown; the message names the next step.
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
        return _mended(data)
    if likely is None:
        raise InputError(f"the encoding is unknown (byte {first} is not UTF-8); {_NEXT}")
    try:
        return data.decode(likely)
    except UnicodeDecodeError:
        raise InputError(f"neither UTF-8 nor {likely} (byte {first}); {_NEXT}") from None


def is_blank(text: str) -> bool:
    """Return whether a text has only white space and zero-width characters."""
    return _VISIBLE.search(text) is None


def marked_encoding(head: bytes) -> str | None:
    """Return the encoding of the byte order mark, or None if there is none."""
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
    good = sum(map(len, _MULTIBYTE.findall(sample)))
    high = len(re.findall(rb"[\x80-\xff]", sample))
    share = 0.5 if high <= _LATIN * len(sample) else _MOSTLY
    if good and (good >= share * high or first >= len(data) - 3):
        return "utf-8"
    # If nearly all is ASCII, Western encodings differ in a few letters only; newsrooms use Windows.
    usual = _WESTERN * len(sample)
    if high <= max(_FEW, usual + 2 * sqrt(usual)) and not _UNDEFINED.search(sample):
        return "cp1252"
    from charset_normalizer import from_bytes

    best = from_bytes(sample, threshold=0.15).best()
    if best is None or best.coherence < _COHERENT:
        return None
    return best.encoding


def _mended(data: bytes) -> str:
    """Decode UTF-8 with strays of Windows-1252."""
    text = data.decode("utf-8", "surrogateescape")

    def mended(stray: re.Match[str]) -> str:
        found = stray[0].encode("utf-8", "surrogateescape")
        followed = text[stray.end() : stray.end() + 1].isalpha() or text[stray.start() - 1 : stray.start()].isalpha()
        alone = len(found) == 1 and followed
        return "\ufffd" if _TORN.match(found) and not alone else found.decode("cp1252", "replace")

    return _STRAY.sub(mended, text)


def _marked(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding == "utf-8":
            return _mended(data)
        return _broken(encoding, error)


def _broken(encoding: str, error: UnicodeDecodeError) -> str:
    name = encoding.removesuffix("-le").removesuffix("-be").upper()
    raise InputError(f"broken {name}: byte {error.start} ({error.reason}); {_NEXT}")
