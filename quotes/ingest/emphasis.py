"""Find lines of a page that are bold, italic or headings, or begin so: often an interview's questions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from quotes.ingest.lines import lines
from quotes.records import Span

_STRONG = frozenset(("b", "strong", "em", "i"))
_HEADINGS = ("h2", "h3", "h4", "h5", "h6", "dt")
_TEXTS = ("p", "div", "li")
# Elements within a line; an element with any other child is not a paragraph.
_INLINE = frozenset(
    (*_STRONG, "a", "br", "span", "u", "small", "font", "mark", "sub", "sup", "q", "cite", "abbr", "code")
)
# Longer paragraphs are bold by accident; a page with more of them is not an interview.
_LONGEST, _MOST = 900, 2_000
_BULLETS = "-–—•* "


def emphasised(tree: Any) -> frozenset[str]:
    """Return the words of emphasised lines, and the emphasised beginnings of others.

    Args:
        tree: the page's tree, which is not changed.
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
    """Return the spans of the emphasised words in a page's extracted text."""
    sizes = sorted({len(w) for w in words}, reverse=True)
    return tuple(span for line in lines(text) if words and (span := _place(line.start, line.end, text, words, sizes)))


def _place(low: int, high: int, text: str, words: frozenset[str], sizes: list[int]) -> Span | None:
    while low < high and text[low] in _BULLETS:
        low += 1
    line = text[low : min(high, low + _LONGEST + 1)]
    whole = " ".join(line.split())
    if whole in words:
        return Span(low, high)
    # Only a beginning that ends like a sentence is a question or heading: bold names begin lines, too.
    leads = (n for n in sizes if n < len(line) and line[n].isspace() and line[n - 1] in ".?!…" and line[:n] in words)
    size = next(leads, 0)
    return Span(low, low + size) if size else None


def _leads(element: Any) -> Iterator[str]:
    """Yield the emphasised words at the beginning of each line of a paragraph; nothing if it is not one."""
    strong, still = "italic" in (element.get("class") or "").split(), True
    words: list[str] = []
    if not all(child.tag in _INLINE for child in element.iterdescendants() if isinstance(child.tag, str)):
        return
    for part, is_strong in _parts(element, strong):
        if part is None:  # a line's end
            yield " ".join("".join(words).split())
            words, still = [], True
        elif not part.strip() or (still and is_strong):
            words.append(part if still else "")
        else:
            still = False
    yield " ".join("".join(words).split())


def _parts(element: Any, strong: bool) -> Iterator[tuple[str | None, bool]]:
    """Yield the texts of an element, each with whether it is emphasised, and None at each line's end."""
    yield element.text or "", strong
    for child in element:
        if child.tag == "br":
            yield None, False
        elif isinstance(child.tag, str):
            yield from _parts(child, strong or child.tag in _STRONG)
        yield child.tail or "", strong
