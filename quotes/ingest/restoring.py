"""Restore parts of a page's article that trafilatura lost: paragraphs, captions, headline, standfirst.

It looks for one body of text, and drops what is beside it: the second and third part of a long article, a list, a
paragraph in a box, a caption. The text that it found shows where the article is; missing parts are put back in their
place, in the order of the page, once each.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from typing import Any

from attrs import define, field, frozen

from quotes.ingest.dom import Block, blocks
from quotes.ingest.lines import lines
from quotes.lexicon import load_lexicon

_WORD = re.compile(r"[^\W_]+")
_IN_WORDS = re.compile("[’'‘\xad\u200b]")
_NAME = re.compile(r"[a-z]+")
# A pair of quotation marks with words between.
_QUOTATION = re.compile(r"[\"“„«][^\"“”„«»]{2,2000}[\"”“»]|[‘'][^‘’'\"]{12,2000}[’'](?!\w)")
_ENDED = re.compile(r"[.!?…:;,][\"'”’»)\]]{0,2}$|\)$")
# The fewest characters of a block that locates the article; shorter ones may be anywhere.
_PROSE = 60
# The least share of the text found that is in the article's element.
_WITHIN = 0.8
# The fewest words of a paragraph, of a standfirst, and of a caption without a full stop that is not a video's title.
_FEW, _SOME, _CAPTION = 5, 8, 12
# The fewest words of a headline; shorter ones may be the site's name.
_HEADLINE = 4
_CAPTIONED = re.compile(r"caption|(?<![a-z])(?:photo|image|picture)(?![a-z])")
# A block with a larger share of its characters in links is a list of other articles.
_LINKED = 0.5
# How far above the text found to look for the article's element if nothing names it.
_CLIMB = 3
# The most work, blocks times characters: a second.
_COMPARED = 400_000_000
_MAIN = ("article", "main")


@frozen
class Restored:
    """A page's restored text, whether most of it had been lost, and the headline above it."""

    text: str
    most: bool = False
    headline: str | None = None


def restored(text: str, tree: Any, *, title: str | None) -> Restored:
    """Return a page's text with the missing parts of its article.

    Args:
        text: the text found, one line per paragraph.
        tree: the page, prepared by `dom.prepare` and not yet changed by the search for the text.
        title: the article's title, if the page states it.
    """
    found = _Found.of(text)
    page = [_Seen.of(block) for block in blocks(tree)]
    if not page or len(page) * len(found.words) > _COMPARED:
        return Restored(text)
    kept = [seen for seen in page if found.has(seen.words)]
    scope = _scope(kept)
    if scope is None:
        return Restored(text)
    lost, head = _lost(page, kept, scope, title)
    place = 0
    inserted: list[tuple[int, str]] = []
    for seen in page:
        if found.has(seen.words):
            place = found.place(seen.words, place)
        elif id(seen.block) in lost and not found.has(seen.words):
            inserted.append((place, seen.block.words))
            found.add(seen.words)
    rows = list(found.rows)
    for at, words in reversed(inserted):
        rows.insert(at, words)
    more = sum(len(words) for _, words in inserted)
    return Restored("\n".join(rows), more > len(text), head.words if head is not None else None)


@define
class _Found:
    """The lines of a text, to look up words in."""

    rows: list[str]
    keys: list[str]
    words: str
    _more: list[str] = field(factory=list)

    @classmethod
    def of(cls, text: str) -> _Found:
        rows = [text[line.start : line.end] for line in lines(text)]
        keys = [_words(row) for row in rows]
        return cls(rows, keys, " ".join(keys))

    def has(self, words: str) -> bool:
        return words in self.words or any(words in more for more in self._more)

    def add(self, words: str) -> None:
        self._more.append(words)

    def place(self, words: str, start: int) -> int:
        """Return the number of the line after the one with these words, from `start` on; else `start`."""
        for number in range(start, len(self.keys)):
            key = self.keys[number]
            if words in key or (len(key) > _PROSE and key in words):
                return number + 1
        return start


@frozen
class _Seen:
    """A block of the page, and its words in a normalised form."""

    block: Block
    words: str

    @classmethod
    def of(cls, block: Block) -> _Seen:
        return cls(block, _words(block.words))

    @property
    def linked(self) -> bool:
        return self.block.linked > _LINKED * len(self.block.words)

    @property
    def quotes(self) -> bool:
        return _QUOTATION.search(self.block.words) is not None

    @property
    def prose(self) -> bool:
        """Whether it reads as a sentence."""
        return self.words.count(" ") > _FEW and (_ENDED.search(self.block.words) is not None or self.quotes)


def _words(text: str) -> str:
    return f" {' '.join(_WORD.findall(_IN_WORDS.sub('', text.lower())))} "


def _scope(kept: Sequence[_Seen]) -> Any:
    """Return the element of the article, which contains nearly all of the text found; None if nothing was found."""
    sizes: Counter[Any] = Counter()
    for seen in kept:
        if len(seen.words) >= _PROSE:
            sizes["all"] += len(seen.words)
            for element in (seen.block.element, *seen.block.element.iterancestors()):
                sizes[element] += len(seen.words)
    if not sizes:
        return None
    whole = sizes.pop("all")
    holding = [element for element, size in sizes.items() if size >= _WITHIN * whole]
    inner = max(holding, key=_depth, default=None)
    if inner is None:
        return None
    above = [inner, *inner.iterancestors()]
    for tag in _MAIN:
        named = [e for e in above if e.tag == tag or e.get("role") == tag]
        if named:
            return named[0]
    return next((e for e in reversed(above[: _CLIMB + 1]) if e.tag not in ("body", "html")), inner)


def _depth(element: Any) -> int:
    return sum(1 for _ in element.iterancestors())


def _lost(
    page: Sequence[_Seen], kept: Sequence[_Seen], scope: Any, title: str | None
) -> tuple[set[int], Block | None]:
    """Return the ids of the article's blocks that its text lacks, and the headline's block."""
    known = {id(seen.block) for seen in kept}
    prose = [seen for seen in kept if len(seen.words) >= _PROSE]
    shapes = {_shape(seen.block.element) for seen in prose}
    inside = range(0)
    if found := [n for n, seen in enumerate(page) if _is_within(seen.block.element, scope)]:
        inside = range(found[0], found[-1] + 1)
    at = [n for n in inside if id(page[n].block) in known and len(page[n].words) >= _PROSE]
    if not at:
        return set(), None
    first, last = at[0], at[-1]
    head = _headline(page[:first], title)
    top = _holder(page[head].block.element) if head is not None else None
    lost: set[int] = set()
    apart = _Apart(scope)
    for n, seen in enumerate(page):
        if id(seen.block) in known or not seen.words.strip():
            continue
        if n == head:
            lost.add(id(seen.block))
            continue
        below_head = head is not None and head < n < first and (n in inside or _is_within(seen.block.element, top))
        if not (n in inside or below_head) or seen.linked or apart(seen.block.element):
            continue
        if _is_of_article(seen, shapes, between=first < n < last, below_head=below_head):
            lost.add(id(seen.block))
    return lost, page[head].block if head is not None else None


def _is_of_article(seen: _Seen, shapes: set[tuple[str, ...]], *, between: bool, below_head: bool) -> bool:
    if _shape(seen.block.element) in shapes and seen.words.count(" ") > _FEW:
        return True
    if _is_caption(seen.block.element):
        return seen.words.count(" ") > (_FEW if _ENDED.search(seen.block.words) else _CAPTION)
    if below_head:
        return seen.words.count(" ") > _SOME and seen.block.linked == 0
    return between and seen.prose


def _shape(element: Any) -> tuple[str, ...]:
    """Return the shape of an element: its tag and class, and those of its parent."""
    parent = element.getparent()
    above = (str(parent.tag), _class(parent)) if parent is not None else ("", "")
    return (str(element.tag), _class(element), *above)


def _class(element: Any) -> str:
    return str(element.get("class") or "")


def _is_caption(element: Any) -> bool:
    holders = [element, *islice(element.iterancestors(), 3)]
    return any(e.tag == "figcaption" or _CAPTIONED.search(_class(e).lower()) for e in holders)


def _is_within(element: Any, scope: Any) -> bool:
    return element is scope or any(above is scope for above in element.iterancestors())


def _headline(above: Sequence[_Seen], title: str | None) -> int | None:
    """Return the number of the headline's block above an article's text: one like its title, or the only one."""
    of_title = set(_words(title or "").split())
    headings = [n for n, seen in enumerate(above) if _is_heading(seen.block.element)]
    for number in reversed(headings):
        own = set(above[number].words.split())
        if own and (not of_title or len(own & of_title) >= len(own) / 2):
            return number
    return headings[0] if len(headings) == 1 and above[headings[0]].words.count(" ") > _HEADLINE else None


def _is_heading(element: Any) -> bool:
    return any(e.tag == "h1" for e in (element, *islice(element.iterancestors(), 2)))


def _holder(heading: Any) -> Any:
    """Return the element that contains a headline and the text below it."""
    inner = next(e for e in (heading, *heading.iterancestors()) if e.tag == "h1")
    return next(islice(inner.iterancestors(), 0, 1), inner)


class _Apart:
    """Tests whether an element in the article is not part of it: menus, other articles, comments, adverts."""

    def __init__(self, scope: Any) -> None:
        self._scope = scope
        self._known: dict[Any, bool] = {}
        self._names = load_lexicon().word_set("page-parts-apart")
        self._tags = frozenset({"nav", "aside", "footer", "form", "button", "select", "template", "dialog"})

    def __call__(self, element: Any) -> bool:
        path: list[Any] = []
        apart = False
        for above in (element, *element.iterancestors()):
            if above is self._scope:
                break
            if above in self._known:
                apart = self._known[above]
                break
            path.append(above)
        for each in reversed(path):
            apart = apart or self._is_apart(each)
            self._known[each] = apart
        return apart

    def _is_apart(self, element: Any) -> bool:
        if element.tag in self._tags or element.get("aria-hidden") == "true" or element.get("hidden") is not None:
            return True
        names = f"{_class(element)} {element.get('id') or ''} {element.get('data-testid') or ''}".lower()
        return not self._names.isdisjoint(_NAME.findall(names))
