"""Which paragraphs of a page are bold, italic or headings from their first word to their last: questions, often."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from quotes.ingest.lines import lines
from quotes.records import Span

_STRONG = frozenset(("b", "strong", "em", "i"))
_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_TEXTS = ("p", "div", "dt", "li", "span")
# Longer paragraphs are bold by accident; a page of so many is no interview.
_LONGEST, _MOST = 900, 2_000


def emphasised(tree: Any) -> frozenset[str]:
    """Return the words of the paragraphs of a page that are emphasised as a whole.

    Args:
        tree: the page as lxml parsed it; it is not changed.
    """
    found: set[str] = set()
    for element in tree.iter(*_HEADINGS, *_TEXTS):
        if len(found) >= _MOST:
            break
        if element.tag in _HEADINGS:
            found.add(_words(element.itertext()))
        elif words := _whole(element):
            found.add(words)
    return frozenset(w for w in found if 0 < len(w) <= _LONGEST)


def places(text: str, words: frozenset[str]) -> tuple[Span, ...]:
    """Return where emphasised paragraphs stand in the text that was made of a page."""
    return tuple(Span(x.start, x.end) for x in lines(text) if words and _words([text[x.start : x.end]]) in words)


def _whole(element: Any) -> str:
    """Return the words of an element all of which stand in bold or italic; "" where some do not."""
    children = list(element)
    strong = element.tag in _TEXTS and "italic" in (element.get("class") or "").split()
    if not strong and ((element.text or "").strip() or not children):
        return ""
    for child in children:
        if not strong and not (child.tag in _STRONG or child.tag == "br" or _nested(child)):
            return ""
        if not strong and (child.tail or "").strip():
            return ""
    return _words(element.itertext())


def _nested(element: Any) -> bool:
    """Return whether bold stands within a span or link: <span><b>Why?</b></span>."""
    return element.tag in ("span", "a") and not (element.text or "").strip() and bool(_whole(element))


def _words(parts: Iterable[str] | Iterator[str]) -> str:
    return " ".join("".join(parts).split())
