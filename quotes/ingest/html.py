"""Web pages: trafilatura finds the article's text, the page's own metadata tell the rest."""

from __future__ import annotations

import codecs
import logging
import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from attrs import evolve

from quotes.errors import InputError
from quotes.ingest.credits import same_title
from quotes.ingest.dom import SILENT, blocks, prepare, writable
from quotes.ingest.emphasis import emphasised, places
from quotes.ingest.lines import lines
from quotes.ingest.metadata import Metadata, metadata
from quotes.ingest.restoring import Restored, restored
from quotes.ingest.text import decode, marked_encoding
from quotes.lexicon.outlets import key
from quotes.records import SourceText

_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s{0,5}=\s{0,5}["']?\s{0,5}([\w.:-]{2,40})""", re.IGNORECASE)
# lxml refuses a declaration in a decoded string.
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,300}\?>")
_DROPPED = (*SILENT, "nav", "header", "footer", "form")
# How a page's text was got: by trafilatura, by it and mostly from what it lost, from the page's paragraphs alone.
EXTRACTED, RESTORED, PLAINLY = "trafilatura", "restored", "paragraphs"
# A pull quote has a sentence or two; what is longer and stands twice is the page's own doing.
_PULLED = range(30, 400)
_MARKS = "\"'“”‘’«» "
_SIGNATURE = re.compile(r"(?<=[\"”’»])\s{0,3}[—–-]\s{0,3}[^\"“”«»—–]{2,160}$")
# Looking each pull quote up in the whole text is worth it for an article, not for a page of thousands: their number
# times the text's length stays under this, a second of work at most.
_LOOKED_UP = 500_000_000
# What is nested deeper than this is laid flat (news nests 30 or 40 deep, browsers stop at 512): looking for the article
# takes time that grows with the square of the depth.
_DEEPEST = 100
# Only pictures and data in attributes make a tag so long, and the parser compares each attribute with all before it.
_LONG_TAG = re.compile(r"<([A-Za-z][A-Za-z0-9]{0,15})[^<>]{20000,}>")
# Below this trafilatura's finds are as often a page's frame as its article (its own least size is 250).
_SHORT = 250
# Half of the words in links: a list of headlines, not an article.
_LINKED = 0.5


def read_html(data: bytes, *, name: str) -> SourceText:
    """Return the article of a web page and what the page says of it.

    Args:
        data: the page.
        name: its path or address.

    Raises:
        InputError: if the page holds no article's text or cannot be read.
    """
    try:
        import trafilatura  # noqa: F401
        from lxml import etree  # type: ignore[import-untyped]
    except ImportError as error:
        raise InputError(f"web pages need trafilatura ({error}); install quotes anew") from None
    page = _LONG_TAG.sub(r"<\1>", _DECLARATION.sub("", _decoded(data), count=1))
    try:
        tree = _tree(page)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise InputError("the page holds no text; save the article itself, or its text as .txt") from None
    told = metadata(tree)
    strong = emphasised(tree)
    _flatten(tree)
    prepare(tree)
    found = _found(tree, told.title)
    text, way = found.text, RESTORED if found.most else EXTRACTED
    if len(text) < _SHORT:
        # trafilatura takes a page of two short paragraphs for none, and one of links for a text: read again, plainly.
        plain = "\n".join(_paragraphs(tree))
        text, way = ((text, way) if text else (plain, PLAINLY)) if plain else ("", way)
    if not text.strip():
        raise InputError("the page holds no article's text; save the article itself, or its text as .txt")
    # The headline that the page prints stands above the text, and what its metadata call it may be put otherwise.
    title = found.headline if found.headline and not same_title(found.headline, told.title or "") else told.title
    found_by = None if way == EXTRACTED else way
    return evolve(_source(name, text, told), title=title, emphasis=places(text, strong), found_by=found_by)


def _found(tree: Any, title: str | None) -> Restored:
    """Return the article's text as trafilatura finds it, with what it lost."""
    from trafilatura import bare_extraction

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it logs what is an error record here
    try:
        # It changes the tree that it is given.
        said: Any = bare_extraction(deepcopy(tree), include_comments=False, include_tables=True, with_metadata=False)
        text = (said.text or "") if said is not None else ""
    except (RecursionError, ValueError, TypeError, AttributeError, KeyError, IndexError):
        text = ""  # one page that trafilatura stumbles over: the paragraphs themselves are read
    found = restored(text, tree, title=title) if text else Restored("")
    return evolve(found, text=_once(found.text))


def _tree(page: str) -> Any:
    from lxml import html as parser

    form = parser.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True)
    return parser.document_fromstring(page, parser=form)


def _source(name: str, text: str, told: Metadata) -> SourceText:
    return SourceText(
        name=name,
        text=text,
        title=told.title,
        byline=told.byline,
        published=told.published,
        url=told.url,
        outlet=told.outlet,
        language=told.language,
        wire=told.wire,
    )


def _decoded(data: bytes) -> str:
    """Return the page as text: by its mark, as UTF-8, as it declares, or as it looks."""
    if marked_encoding(data) is None:
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            pass
        match = _CHARSET.search(data, 0, 4096)
        if match:
            try:
                declared = codecs.lookup(match[1].decode("ascii")).name
                # Browsers read ISO-8859-1 as Windows-1252, and so do those who write it (WHATWG Encoding Standard).
                return data.decode("cp1252" if declared in ("iso8859-1", "ascii") else declared, "replace")
            except (LookupError, UnicodeDecodeError):
                pass
    return decode(data)


def _once(text: str) -> str:
    """Return the text without its pull quotes: paragraphs whose words stand again inside another.

    A pull quote has no speaker of its own, or only signs what is credited in the running text; its words would be
    counted twice. It is often set with other quotation marks and apostrophes, so both are compared normalised.
    """
    paragraphs = [text[line.start : line.end] for line in lines(text)]
    pulled = [p for p in paragraphs if p[0] in _MARKS and len(key(_quoted(p))) in _PULLED]
    if not pulled or len(set(pulled)) * len(text) > _LOOKED_UP:
        return "\n".join(paragraphs)
    whole = " ".join(map(_plain, paragraphs))
    again = {p for p in set(pulled) if _inside(p, whole)}
    return "\n".join(p for p in paragraphs if p not in again)


def _plain(words: str) -> str:
    """Return words as textacy normalises them: one kind of quotation mark and apostrophe, composed characters."""
    from textacy.preprocessing import normalize  # a second to load, and few pages have a pull quote

    return key(normalize.unicode(normalize.quotation_marks(words)))


def _quoted(paragraph: str) -> str:
    """Return the words of a pull quote, without its marks and its signature: `“We stay” — Ann Poe`."""
    return _SIGNATURE.sub("", paragraph).strip(_MARKS)


def _inside(paragraph: str, whole: str) -> bool:
    """Return whether a paragraph's words stand once more, as a part of a longer paragraph."""
    words, alone = _plain(_quoted(paragraph)), _plain(paragraph)
    if _SIGNATURE.search(paragraph):
        return whole.count(words) > 1
    return whole.count(words) > whole.count(alone) and whole.count(words) > 1


def _paragraphs(tree: Any) -> Iterator[str]:
    """Yield the texts of the page's innermost blocks, furniture left out; nothing if it is a page of links."""
    for element in list(tree.iter(*_DROPPED)):
        if element.getparent() is not None:
            element.clear(keep_tail=True)  # dropped, its tail would be written anew, which may not be possible
    found = list(blocks(tree))
    if sum(block.linked for block in found) < _LINKED * sum(len(block.words) for block in found):
        yield from (block.words for block in found)


def _flatten(tree: Any) -> None:
    """Lay flat what is nested too deep: its words stay, in order, a paragraph a block."""
    from lxml import etree

    depth, deep = 0, []
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if event == "start" and depth == _DEEPEST and len(element):
            deep.append(element)
    for element in deep:
        found = [writable(block.words) for block in blocks(element)]
        element.text = found[0] if len(found) == 1 else None
        del element[:]
        for words in found if len(found) > 1 else ():
            etree.SubElement(element, "p").text = words
