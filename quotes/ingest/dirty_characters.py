"""Find wrong characters in a text: escapes, entities, mojibake, invisible characters. See `cleaning`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape
from html.entities import html5
from typing import NamedTuple
from unicodedata import normalize

from quotes.lexicon import Lexicon


class Edit(NamedTuple):
    """A place in a text, and its replacement."""

    start: int
    end: int
    text: str


# A finder takes a text and the patterns of its language, if known.
Finder = Callable[[str, Lexicon | None], Iterator[Edit]]

# Escapes of JSON or a programming language, escaped once or several times: \n, \r\n, \\n, \", \u201c, \xe2\x80\x99.
_ESCAPE = re.compile(
    r"""(?P<code>(?:\\{1,8}(?:u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}))+)|(?P<line>(?:\\{1,8}r)?\\{1,8}n|\\{1,8}r)"""
    r"""|\\{1,8}(?P<mark>["'“”‘’])|\\{1,8}(?P<other>[t/])"""
)
_CODE = re.compile(r"[ux]([0-9a-fA-F]+)")
# A path or a macro continues in small letters: C:\news, \noindent.
_SMALL = re.compile("[a-z]")
_AMPERSAND = r"(?:(?:amp|AMP|#0{0,3}38|#[xX]0{0,3}26);)"
_ENTITY = re.compile(rf"&{_AMPERSAND}*(#\d{{2,7}}|#[xX][0-9a-fA-F]{{2,6}}|[A-Za-z]{{2,31}}\d{{0,2}});")
# Characters that an entity may not mean: parts of another entity.
_PARTS = re.compile(r"[A-Za-z0-9#;]")
# Windows-1252 leaves five codes unused.
_C1 = re.compile(r"(?<![\xc2-\xf4\x80-\xbf])[\x80\x82-\x8c\x8e\x91-\x9c\x9e\x9f]")
# UTF-8 read as Windows-1252 or Latin-1: “ is â€œ, é is Ã©. After a capital, closing marks may be right.
_MISREAD = re.compile(
    r"[ÂÃÄÅ](?:[\x80-\x9f¡-ª¬-º¼-¿€‚ƒ„†‡ˆ‰Š‹ŒŽ•˜™š›œžŸ]|[’”…–—»‘“](?=[a-z]))"
    r"|Â\xa0|â(?:€|\x80).|ï»¿|ðŸ|A[\u0302\u0303](?=[\x80-¿])"
)
_NON_ASCII = re.compile(r"[^\x00-\x7f]+")
_LINE = re.compile(r"[^\r\n\f]+")
_SOFT_HYPHENS = re.compile("\xad+(?:[ \t]{0,99}\r?\n[ \t]{0,99}(?=\\w))?")
# Joiners between letters; between the parts of an emoji they are right.
_JOINERS = r"(?<=[A-Za-z\u00c0-\u024f])[\u200c\u200d]+(?=[A-Za-z\u00c0-\u024f])"
_INVISIBLE = re.compile(
    rf"[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffc\x00-\x08\x0e-\x1f\x7f]+|\x0b|{_JOINERS}"
)
_LIGATURES = re.compile("[\ufb00-\ufb06]")
# A longer row of accents is an ornament. Mojibake can be split as well: è is Ã¨, with an accent above a blank; ü is Ã¼,
# with 1⁄4.
_SPLIT = re.compile(
    r"([ÂÃ]|A[\u0302\u0303])( [\u0301\u0304\u0308\u0327]|1\u20444|1\u20442|3\u20444)"
    r"|[^\W\d_][\u0300-\u036f]{1,4}(?![\u0300-\u036f])"
)
_WHOLE = {" \u0301": "´", " \u0304": "¯", " \u0308": "¨", " \u0327": "¸", "1⁄4": "¼", "1⁄2": "½", "3⁄4": "¾"}
_BLANK = " \t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
_SPACES = re.compile(rf"(?<=\S)(?:[{_BLANK}]{{2,}}|[{_BLANK[2:]}])(?=\S)")


def escapes(text: str, _: Lexicon | None) -> Iterator[Edit]:
    """Find literal escapes in a text; all of them if no other backslash makes them doubtful."""
    if "\\" not in text:
        return
    found = list(_ESCAPE.finditer(text))
    certain = [_is_certain(text, match) for match in found]
    every = any(certain) and "\\" not in _ESCAPE.sub("", text)
    for match, sure in zip(found, certain, strict=True):
        if sure or every:
            yield Edit(match.start(), match.end(), _unescaped(match))


def _is_certain(text: str, match: re.Match[str]) -> bool:
    if match["line"]:
        return not _SMALL.match(text, match.end())
    return bool(match["code"] or match["mark"])


def _unescaped(match: re.Match[str]) -> str:
    if match["code"]:
        characters = "".join(chr(int(code, 16)) for code in _CODE.findall(match["code"]))
        return characters.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if match["line"]:
        return "\n"
    return match["mark"] or match["other"].replace("t", "\t")


def entities(text: str, _: Lexicon | None) -> Iterator[Edit]:
    """Find HTML entities, escaped once or several times ("&amp;quot;")."""
    if "&" not in text:
        return
    for match in _ENTITY.finditer(text):
        name = match[1]
        if name.startswith("#") or f"{name};" in html5:
            character = unescape(f"&{name};")
            if not _PARTS.search(character):
                yield Edit(match.start(), match.end(), character)


def c1_controls(text: str, _: Lexicon | None) -> Iterator[Edit]:
    """Find control characters that mean those of Windows-1252: U+0093 for “."""
    if text.isascii():
        return
    for match in _C1.finditer(text):
        yield Edit(match.start(), match.end(), match[0].encode("latin-1").decode("cp1252"))


def mojibake(text: str, _: Lexicon | None) -> Iterator[Edit]:
    """Find UTF-8 that was read in another encoding, line by line, as ftfy does (Speer 2019)."""
    if text.isascii():
        return
    from ftfy import TextFixerConfig, fix_encoding

    config = TextFixerConfig(explain=False)
    for line in _LINE.finditer(text):
        if line[0].isascii():
            continue
        fixed = fix_encoding(line[0], config)
        if fixed != line[0]:
            yield from _differences(line, fixed)


def _differences(line: re.Match[str], fixed: str) -> Iterator[Edit]:
    """Yield the non-ASCII characters that differ; the whole line if ASCII characters differ, too."""
    before, after = list(_NON_ASCII.finditer(line[0])), _NON_ASCII.findall(fixed)
    if _NON_ASCII.sub("\0", line[0]) != _NON_ASCII.sub("\0", fixed):
        yield Edit(line.start(), line.end(), fixed)
        return
    for run, good in zip(before, after, strict=True):
        if run[0] != good:
            yield Edit(line.start() + run.start(), line.start() + run.end(), good)


def misread(text: str, _: Lexicon | None) -> Iterator[Edit]:
    """Find the most common mojibake, without ftfy and without replacements."""
    if not text.isascii():
        yield from (Edit(*match.span(), "") for match in _MISREAD.finditer(text))


def soft_hyphens(text: str, _: Lexicon | None) -> Iterator[Edit]:
    """Find soft hyphens, with the line end after one that splits a word."""
    yield from (Edit(*match.span(), "") for match in _SOFT_HYPHENS.finditer(text))


def invisible(text: str, _: Lexicon | None) -> Iterator[Edit]:
    """Find invisible characters: zero-width, of writing direction, control characters."""
    for match in _INVISIBLE.finditer(text):
        yield Edit(*match.span(), "\n" if match[0] == "\x0b" else "")  # a line break of Word


def ligatures(text: str, _: Lexicon | None) -> Iterator[Edit]:
    """Find typesetters' ligatures: "oﬃce"."""
    if not text.isascii():
        yield from (Edit(*match.span(), normalize("NFKC", match[0])) for match in _LIGATURES.finditer(text))


def split_letters(text: str, _: Lexicon | None) -> Iterator[Edit]:
    """Find letters whose accent is a separate character, as in file names of macOS."""
    if text.isascii():
        return
    for match in _SPLIT.finditer(text):
        whole = normalize("NFC", match[1]) + _WHOLE[match[2]] if match[2] else normalize("NFC", match[0])
        if whole != match[0]:
            yield Edit(*match.span(), whole)


def spaces(text: str, _: Lexicon | None) -> Iterator[Edit]:
    """Find repeated blanks between words, and blanks other than the space."""
    yield from (Edit(*match.span(), " ") for match in _SPACES.finditer(text))
