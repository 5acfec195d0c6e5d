"""Find line ends that the writer did not set: of pages, columns and wrapped lines. See `cleaning`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from attrs import frozen

from quotes.ingest.dirty_characters import Edit
from quotes.ingest.lean_textacy import normalize
from quotes.lexicon import Lexicon

_PAGE = re.compile(r"[^\f]+")
_LINE = re.compile(r"[^\r\n\f]+")
_ROW = re.compile(r"([^\r\n]*)(\r\n|\n|\r|\Z)")
_NUMBER = re.compile(r"\d{1,6}")
_PAGE_NUMBER = re.compile(r"[\W_]{0,9}#(?:\s{0,3}/\s{0,3}#)?[\W_]{0,9}")
# The most lines of a running head, and the most characters of one.
_HEADS, _LONGEST_HEAD = 3, 100
_BREAK = re.compile(r"\f[ \t\r\n\f]*")
_BLANK = frozenset(" \t\r\n")
_ENDED = re.compile(r"[.!?…:]['\"”’»)\]]{0,3}$")
_HYPHEN = re.compile(r"[^\W\d_]-$")
_HYPHENATED = re.compile(r"(?<![^\W_])([^\W\d_]{2,40})-[ \t]{0,99}(?:\r\n|\n|\r)[ \t]{0,99}([^\W\d_]{2,40})")
_BULLETS = re.compile(r"[ \t]{0,99}([^\w\s\x00-\x7f])")
# Word's symbol font has its own bullets.
_SYMBOL_BULLETS = {"\uf0a7": "•", "\uf0b7": "•", "\uf0d8": "•"}
# Beginnings of separate lines: a list item, a quoted mail line, a Markdown heading, a speaker's label.
_ITEM = re.compile(r"[-*•>#|]|\d{1,3}[.)]\s|[^\W\d_]{1,3}[.)]\s|(?:[\w.'’-]{1,20} ){0,3}[\w.'’-]{1,20}:\s|[—–]")
_FIRST_WORD = re.compile(r"\S{1,60}")
# Typewriters, mail and terminals wrap at 60 to 80 characters, columns of print at 30 to 45.
_NARROWEST, _WIDEST = 28, 130
# The share of run-on lines that must be full; a line is full if the next word would not, or hardly, have fitted: print
# has letters of unequal width.
_MOST, _FULL, _BRIMFUL, _USUAL = 0.7, 0.8, 0.95, 1.3
# In wrapped text two of three lines run on in small letters; in a text with one broken sentence, few do.
_WRAPPED = 0.35


def page_furniture(text: str, _: Lexicon | None) -> Iterator[Edit]:
    """Find running heads and feet: first and last lines of pages that repeat, numbers aside."""
    if "\f" not in text:
        return
    pages = [list(_LINE.finditer(text, *page.span())) for page in _PAGE.finditer(text)]
    pages = [[line for line in page if not line[0].isspace()] for page in pages]
    for way in (1, -1):
        for place in range(_HEADS):
            known = Counter(_key(page[::way][place][0]) for page in pages if len(page) > place + 1)
            known_all = {key for key, count in known.items() if count > 1 or _PAGE_NUMBER.fullmatch(key)}
            lines = [page[::way][place] for page in pages if len(page) > place + 1]
            found = [line for line in lines if len(line[0]) <= _LONGEST_HEAD and _key(line[0]) in known_all]
            yield from (Edit(line.start(), line.end(), "") for line in found)
            if len(found) < len(lines) / 2:
                break


def _key(line: str) -> str:
    return _NUMBER.sub("#", " ".join(line.split())).casefold()


def page_breaks(text: str, _: Lexicon | None) -> Iterator[Edit]:
    """Find page breaks: within a sentence they become a blank, elsewhere the end of a paragraph."""
    for match in _BREAK.finditer(text):
        start, end = match.span()
        while start > 0 and text[start - 1] in _BLANK:
            start -= 1
        before, after = text[max(0, start - 4) : start], text[end : end + 1]
        if not before or not after:
            yield Edit(start, end, "")
        elif _HYPHEN.search(before):
            yield Edit(start, end, "\n")
        else:
            yield Edit(start, end, "\n\n" if _ENDED.search(before) else " ")


def hyphenated(text: str, lexicon: Lexicon | None) -> Iterator[Edit]:
    """Find words hyphenated at a line's end: "har-⏎bour".

    A compound keeps its hyphen: if the text has it elsewhere ("long-term"), if a capital follows ("Anglo-⏎Saxon"), or
    after a word that compounds begin with.
    """
    found = list(_HYPHENATED.finditer(text))
    if not found:
        return
    printed = set(re.findall(r"[^\W_]{1,40}-[^\W_]{1,40}", text.casefold()))
    beginnings, endings = (_words(lexicon, name) for name in ("compound-beginnings", "word-endings"))
    for match in found:
        whole = f"{match[1]}-{match[2]}"
        compound = match[1].casefold() in beginnings and match[2] not in endings
        if compound or match[2][0].isupper() or whole.casefold() in printed:
            yield Edit(*match.span(), whole)
        else:
            yield Edit(*match.span(), normalize().hyphenated_words(match[0]))


def _words(lexicon: Lexicon | None, name: str) -> frozenset[str]:
    return frozenset(lexicon.words.get(f"{lexicon.language}-{name}", ()) if lexicon else ())


def bullets(text: str, _: Lexicon | None) -> Iterator[Edit]:
    """Find signs other than a hyphen before list items."""
    if text.isascii():
        return
    for line in _LINE.finditer(text):
        if match := _BULLETS.match(line[0]):
            sign = normalize().bullet_points(_SYMBOL_BULLETS.get(match[1], match[1]))
            if sign == "-":
                yield Edit(line.start() + match.start(1), line.start() + match.end(1), sign)


@frozen
class _Row:
    """A line: its trimmed text, its indentation, and its line end."""

    words: str
    indent: int
    start: int
    end: int

    @property
    def ended(self) -> bool:
        return _ENDED.search(self.words[-4:]) is not None


def hard_wraps(text: str, _: Lexicon | None) -> Iterator[Edit]:
    """Find the line ends of hard-wrapped paragraphs; those that split a word are left to `hyphenated`.

    A text counts as wrapped if sentences run on over line ends in small letters, and most of these lines are full. If
    that is the rule, a full line continues in the next, and one that is not full ends its paragraph; if it is the
    exception, only those sentences are joined.
    """
    rows = list(_rows(text))
    beside = [(a, b) for a, b in pairwise(rows) if a.words and b.words]
    run_on = [(a, b) for a, b in beside if b.words[0].islower() and not a.ended]
    width = _width(run_on)
    if width is None:
        return
    blank = any(not a.words for a in rows[1:-1])
    for a, b in beside if len(run_on) >= _WRAPPED * len(beside) else run_on:
        # A hyphenated word is joined by `hyphenated`, but still shows the width of the lines.
        if _HYPHEN.search(a.words[-2:]) and b.words[0].isalpha():
            continue
        if _goes_on(a, b, width, blank=blank):
            tight = a.words.endswith(("—", "–")) and not a.words[:-1].endswith(" ")
            yield Edit(a.end, b.start, "" if tight else " ")


def _rows(text: str) -> Iterator[_Row]:
    for match in _ROW.finditer(text):
        words = match[1].strip()
        indent = len(match[1]) - len(match[1].lstrip())
        start = match.start() + indent
        yield _Row(words, indent, start, start + len(words))
        if not match[2]:
            return


def _width(run_on: list[tuple[_Row, _Row]]) -> int | None:
    """Return the line width of a wrapped text, or None if it is not wrapped."""
    if not run_on:
        return None
    usual = sorted(len(a.words) for a, _ in run_on)[len(run_on) // 2] * _USUAL
    width = max((len(a.words) for a, _ in run_on if len(a.words) <= usual), default=0)
    full = sum(1 for a, b in run_on if not _fits(a, b, int(width * _FULL)))
    return width if _NARROWEST <= width <= _WIDEST and full >= _MOST * len(run_on) else None


def _fits(a: _Row, b: _Row, width: int) -> bool:
    """Return whether the first word of a line would have fitted on the line before."""
    word = _FIRST_WORD.match(b.words)
    return len(a.words) + 1 + (word.end() if word else 0) <= width


def _goes_on(a: _Row, b: _Row, width: int, *, blank: bool) -> bool:
    if b.words[0].islower() and not a.ended:
        return True
    if b.indent > a.indent or (a.ended and _ITEM.match(b.words)):
        return False
    # If blank lines separate paragraphs, a sentence that ends with its line is seldom the last.
    return not _fits(a, b, int(width * (_FULL if blank or not a.ended else _BRIMFUL)))
