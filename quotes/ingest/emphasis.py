"""Which lines of a page are bold, italic or headings, or begin so: the questions of interviews, often."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from quotes.ingest.lines import lines
from quotes.records import Span

_STRONG = frozenset(("b", "strong", "em", "i"))
_HEADINGS = ("h2", "h3", "h4", "h5", "h6", "dt")
_TEXTS = ("p", "div", "li")
# What may stand within a line; an element that holds anything else is no paragraph.
_INLINE = frozenset(
    (*_STRONG, "a", "br", "span", "u", "small", "font", "mark", "sub", "sup", "q", "cite", "abbr", "code")
)
# Longer paragraphs are bold by accident; a page of so many is no interview.
_LONGEST, _MOST = 900, 2_000
_BULLETS = "-–—•* "


def emphasised(tree: Any) -> frozenset[str]:
    """Return the words of the lines of a page that are emphasised as a whole, or with which a line begins so.

    Args:
        tree: the page as lxml parsed it; it is not changed.
    """
    found: set[str] = set()
    for element in tree.iter(*_HEADINGS, *_TEXTS):
        if len(found) >= _MOST:
            break
        if element.tag in _HEADINGS:
            found.add(" ".join("".join(element.itertext()).split()))
        else:
            found.update(_leads(element))
    return frozenset(w for w in found if 0 < len(w) <= _LONGEST)


def places(text: str, words: frozenset[str]) -> tuple[Span, ...]:
    """Return where the emphasised words stand in the text that was made of a page."""
    sizes = sorted({len(w) for w in words}, reverse=True)
    return tuple(span for line in lines(text) if words and (span := _place(line.start, line.end, text, words, sizes)))


def _place(low: int, high: int, text: str, words: frozenset[str], sizes: list[int]) -> Span | None:
    while low < high and text[low] in _BULLETS:
        low += 1
    line = text[low : min(high, low + _LONGEST + 1)]
    whole = " ".join(line.split())
    if whole in words:
        return Span(low, high)
    # Only what ends as a sentence does is a question or a heading of its own: bold names begin lines, too.
    leads = (n for n in sizes if n < len(line) and line[n].isspace() and line[n - 1] in ".?!…" and line[:n] in words)
    size = next(leads, 0)
    return Span(low, low + size) if size else None


def _leads(element: Any) -> Iterator[str]:
    """Yield the emphasised words with which each line of a paragraph begins; nothing if it is no paragraph."""
    strong, still = "italic" in (element.get("class") or "").split(), True
    words: list[str] = []
    if not all(child.tag in _INLINE for child in element.iterdescendants() if isinstance(child.tag, str)):
        return
    for part, told in _parts(element, strong):
        if part is None:  # a line's end
            yield " ".join("".join(words).split())
            words, still = [], True
        elif not part.strip() or (still and told):
            words.append(part if still else "")
        else:
            still = False
    yield " ".join("".join(words).split())


def _parts(element: Any, strong: bool) -> Iterator[tuple[str | None, bool]]:
    """Yield the texts of an element, each with whether it is emphasised, and None for each line's end."""
    yield element.text or "", strong
    for child in element:
        if child.tag == "br":
            yield None, False
        elif isinstance(child.tag, str):
            yield from _parts(child, strong or child.tag in _STRONG)
        yield child.tail or "", strong
