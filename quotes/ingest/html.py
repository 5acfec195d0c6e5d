"""Web pages: trafilatura finds the article's text, the page's metadata give the rest."""

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
from quotes.ingest.embedded_posts import write_posts
from quotes.ingest.emphasis import emphasised, places
from quotes.ingest.lines import lines
from quotes.ingest.metadata import Metadata, metadata
from quotes.ingest.restoring import Restored, restored
from quotes.ingest.text import decode, marked_encoding
from quotes.records import SourceText
from quotes.text.pull_quotes import pulled

_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s{0,5}=\s{0,5}["']?\s{0,5}([\w.:-]{2,40})""", re.IGNORECASE)
# lxml refuses a declaration in a decoded string.
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,300}\?>")
_DROPPED = (*SILENT, "nav", "header", "footer", "form")
# How a page's text was found: by trafilatura, mostly restored from what it lost, or from the page's paragraphs.
EXTRACTED, RESTORED, PLAINLY = "trafilatura", "restored", "paragraphs"
# Deeper nesting is flattened (news nests 30 or 40 deep, browsers stop at 512), since the search for the article takes
# time quadratic in the depth.
_DEEPEST = 100
# Only embedded pictures and data make a tag longer, and the parser compares each attribute with all before it.
_LONG_TAG = re.compile(r"<([A-Za-z][A-Za-z0-9]{0,15})[^<>]{20000,}>")
# Shorter finds of trafilatura are as often a page's frame as its article (its own minimum is 250).
_SHORT = 250
# With half of the words in links, it is a list of headlines.
_LINKED = 0.5


def read_html(data: bytes, *, name: str) -> SourceText:
    """Return the article of a web page with the page's metadata.

    Args:
        data: the page.
        name: its path or address.

    Raises:
        InputError: if the page has no article or cannot be read.
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
        raise InputError("the page has no text; save the article itself, or its text as .txt") from None
    known = metadata(tree)
    strong = emphasised(tree)
    _flatten(tree)
    write_posts(tree)
    prepare(tree)
    found = _found(tree, known.title)
    text, way = found.text, RESTORED if found.most else EXTRACTED
    if len(text) < _SHORT:
        # trafilatura misses pages of two short paragraphs, and takes lists of links for text: read it plainly.
        plain = "\n".join(_paragraphs(tree))
        text, way = ((text, way) if text else (plain, PLAINLY)) if plain else ("", way)
    if not text.strip():
        raise InputError("the page has no article text; save the article itself, or its text as .txt")
    # The printed headline is above the text, and the metadata may word it differently.
    title = found.headline if found.headline and not same_title(found.headline, known.title or "") else known.title
    found_by = None if way == EXTRACTED else way
    return evolve(_source(name, text, known), title=title, emphasis=places(text, strong), found_by=found_by)


def _found(tree: Any, title: str | None) -> Restored:
    """Return the article's text as trafilatura finds it, with the parts that it lost restored."""
    from trafilatura import bare_extraction

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # its log entries are error records here
    try:
        # It changes its tree.
        said: Any = bare_extraction(deepcopy(tree), include_comments=False, include_tables=True, with_metadata=False)
        text = (said.text or "") if said is not None else ""
    except (RecursionError, ValueError, TypeError, AttributeError, KeyError, IndexError):
        text = ""  # trafilatura fails on this page: read its paragraphs
    found = restored(text, tree, title=title) if text else Restored("")
    return evolve(found, text=_once(found.text))


def _tree(page: str) -> Any:
    from lxml import html as parser

    form = parser.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True)
    return parser.document_fromstring(page, parser=form)


def _source(name: str, text: str, known: Metadata) -> SourceText:
    return SourceText(
        name=name,
        text=text,
        title=known.title,
        byline=known.byline,
        published=known.published,
        url=known.url,
        outlet=known.outlet,
        language=known.language,
        wire=known.wire,
    )


def _decoded(data: bytes) -> str:
    """Decode a page: by byte order mark, as UTF-8, as declared, or as guessed."""
    if marked_encoding(data) is None:
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            pass
        match = _CHARSET.search(data, 0, 4096)
        if match:
            try:
                declared = codecs.lookup(match[1].decode("ascii")).name
                # Browsers, and so authors, take ISO-8859-1 for Windows-1252 (WHATWG Encoding Standard).
                return data.decode("cp1252" if declared in ("iso8859-1", "ascii") else declared, "replace")
            except (LookupError, UnicodeDecodeError):
                pass
    return decode(data)


def _once(text: str) -> str:
    """Return the text without pull quotes in marks, whose words stand in another paragraph."""
    paragraphs = [text[line.start : line.end] for line in lines(text)]
    again = pulled(paragraphs)
    return "\n".join(p for n, p in enumerate(paragraphs) if n not in again)


def _paragraphs(tree: Any) -> Iterator[str]:
    """Yield the texts of the page's innermost blocks, without furniture; nothing for a page of links."""
    for element in list(tree.iter(*_DROPPED)):
        if element.getparent() is not None:
            element.clear(keep_tail=True)  # dropping it would rewrite its tail, which may fail
    found = list(blocks(tree))
    if sum(block.linked for block in found) < _LINKED * sum(len(block.words) for block in found):
        yield from (block.words for block in found)


def _flatten(tree: Any) -> None:
    """Flatten deep nesting: the words stay, in order, one paragraph per block."""
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
