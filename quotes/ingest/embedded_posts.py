"""Embedded posts of a web page: write each as its words and a signature, as a plain text prints it.

A page embeds a post as a quotation with the platform's name in its class or the post's address in its attributes. Line
breaks, buttons and the way of signing differ: "— Ana Sorel (@sorel) March 3, 2026", "A post shared by Ana Sorel
(@sorel)", "Posted by Sorel Bakery on Tuesday, March 3, 2026", or only "@sorel" above. The platform, which no text
names, is written into the signature: "— Ana Sorel (@sorel) on Threads, March 3, 2026".
"""

from __future__ import annotations

import re
from typing import Any

from attrs import evolve, frozen

from quotes.ingest.dom import blocks, writable
from quotes.lexicon import Lexicon, load_lexicon
from quotes.lexicon.platforms import platform_at, platform_named
from quotes.lexicon.tables import PlatformEntry

_NAME = re.compile(r"[a-z]+")
# The most characters of a post; more is an article in an element that is named like one.
_LONGEST = 8_000
# How far above a quotation an element may be that only frames it.
_FRAMES = 3


@frozen
class _Post:
    """What a post prints: its words, its author's name, handle, and when it was posted."""

    words: str
    name: str
    handle: str = ""
    when: str = ""

    def signature(self, platform: str = "") -> str:
        """Return the line that signs the post: — Ana Sorel (@sorel) on Threads, March 3, 2026."""
        handle = f"({self.handle})" if self.handle and self.name != self.handle else ""
        signed = " ".join(filter(None, ("—", self.name, handle)))
        if not platform:
            return f"{signed} {self.when}".rstrip()
        # Without the comma, "on Facebook" would be a part of the name.
        return ", ".join(filter(None, (f"{signed}{' ' if self.handle else ', '}on {platform}", self.when)))


def write_posts(tree: Any) -> None:
    """Rewrite the embedded posts of a page as two paragraphs each, the words and the signature.

    A quotation without words, without an author or without a known platform is left as it is.
    """
    lexicon = load_lexicon()
    for quotation in tree.xpath("//blockquote[not(ancestor::blockquote)]"):
        platform = _platform(quotation, lexicon)
        lines = [writable(block.words) for block in blocks(quotation)] if platform is not None else []
        if platform is not None and 0 < sum(map(len, lines)) <= _LONGEST:
            post = _post(lines, lexicon)
            if post is not None:
                _write(quotation, post.words, _signature(post, platform, lexicon))


def _platform(quotation: Any, lexicon: Lexicon) -> PlatformEntry | None:
    """Return the platform of a quotation: by its class, by an address in its attributes, or by its signature's link."""
    for name in _NAME.findall((quotation.get("class") or "").lower()):
        if (platform := platform_named(name, lexicon=lexicon, weak=False)) is not None:
            return platform
    links = [a.get("href") for a in quotation.iter("a")][-1:] if "(@" in "".join(quotation.itertext()) else []
    found = (platform_at(address, lexicon=lexicon) for address in (*quotation.attrib.values(), *links))
    return next((platform for platform in found if platform is not None), None)


def _post(lines: list[str], lexicon: Lexicon) -> _Post | None:
    """Return the post that lines print, or None if they name no author or hold no other words."""
    furniture = lexicon.regex(f"{lexicon.language}-embed-furniture")
    lines = list(filter(None, (furniture.sub("", line) for line in lines)))
    credit = lexicon.regex(f"{lexicon.language}-embed-credit").match(lines[-1]) if lines else None
    if credit is not None and (credit["name"] or credit["handle"]):
        name, handle = credit["name"] or credit["handle"], credit["handle"] or ""
        post, lines = _Post("", name, handle, credit["when"] or ""), lines[:-1]
    else:
        author = lexicon.regex(f"{lexicon.language}-embed-author").match(lines[0]) if lines else None
        if author is None:
            return None
        post, lines = _Post("", author["handle"], author["handle"]), [lines[0][author.end() :], *lines[1:]]
    words = " ".join(filter(None, lines))
    return evolve(post, words=words) if any(c.isalnum() for c in words) else None


def _signature(post: _Post, platform: PlatformEntry, lexicon: Lexicon) -> str:
    """Return a post's signature, with the platform unless the handle shows it."""
    shape, plain = f"post-{platform.id}", post.signature()
    shown = shape in lexicon.regexes and lexicon.regex(shape).match(plain)
    return plain if shown else post.signature(platform.name)


def _write(quotation: Any, *lines: str) -> None:
    """Replace a quotation by paragraphs, and rename the elements that frame nothing else."""
    from lxml import etree  # type: ignore[import-untyped]

    element = quotation
    for _ in range(_FRAMES):
        element.tag = "div"
        element.attrib.clear()
        above = element.getparent()
        if above is None or above.tag not in ("div", "figure") or "".join(above.itertext()).strip() != _text(element):
            break
        element = above
    for child in list(quotation):
        quotation.remove(child)
    quotation.text = None
    for line in lines:
        etree.SubElement(quotation, "p").text = line


def _text(element: Any) -> str:
    return "".join(element.itertext()).strip()
