"""HTML where a text was expected: in a field of a table, an item of a feed, a part of a mail."""

from __future__ import annotations

import re
from html import unescape

from quotes.records import Span

_TAGS = (
    "p|br|div|span|a|b|i|u|em|strong|h[1-6]|ul|ol|li|blockquote|q|cite|figure|figcaption|img|table|tr|td|section|article|"
    "body|small|sup|sub|font|iframe|aside|header|footer|pre|center|hr|picture|video|del|ins|mark|time|script|style"
)
# An HTML tag with only attributes in it. <a> alone is an arrow's label; an opening <p> is a paragraph.
_TAG = re.compile(
    rf"</(?:{_TAGS})\s*>|<(?:p|br|hr|div|h[1-6]|ul|li|blockquote)\s*/?>|<(?:{_TAGS})\s[^<>]{{0,2000}}>", re.IGNORECASE
)
_PAGE = re.compile(r"\s{0,99}(?:<\?xml[^<>]{0,200}>\s{0,99})?(?:<!doctype\s+html|<html[\s>])", re.IGNORECASE)
_REFERENCE = re.compile(r"&(?:#\d{2,7}|#[xX][0-9a-fA-F]{2,6}|[A-Za-z]{2,31}\d{0,2});")
# Tags that end lines. A text with other tags only has its own line ends, as in WordPress.
_BLOCK = re.compile(r"<(?:p|br|div|h[1-6]|li|blockquote|tr|section|article|figure)[\s/>]", re.IGNORECASE)
_LINE_END = re.compile(r"\r\n?|\n")
# The most times that references are decoded again.
_TIMES = 3
# Escaped tags: &lt;p&gt;.
_ESCAPED = re.compile(rf"&lt;/?(?:{_TAGS})(?:\s[^<>]{{0,2000}}?)?/?&gt;", re.IGNORECASE)


def is_markup(text: str) -> bool:
    """Return whether a field's text is HTML: it has tags, or references to characters."""
    return bool(("<" in text and _TAG.search(text)) or ("&" in text and _REFERENCE.search(text)))


def is_page(text: str) -> bool:
    """Return whether a field is a whole web page."""
    return _PAGE.match(text) is not None


def plain(text: str) -> str:
    """Return the text of HTML, one line per block; other text is returned unchanged.

    Args:
        text: the text of a field.
    """
    return opened(text)[0]


def opened(text: str) -> tuple[str, tuple[Span, ...]]:
    """Return the text of HTML, and the spans of paragraphs that are bold, italic or headings throughout.

    Args:
        text: the text of a field.
    """
    if not is_markup(text):
        return text, ()
    if not _TAG.search(text):
        decoded = _decoded(text)
        return opened(decoded) if _ESCAPED.search(text) else (_written(decoded), ())
    from lxml import etree, html  # type: ignore[import-untyped]

    from quotes.ingest.dom import blocks, prepare
    from quotes.ingest.emphasis import emphasised, places

    if not _BLOCK.search(text):
        text = _LINE_END.sub("<br>", text)
    form = html.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True, encoding="utf-8")
    try:
        tree = html.document_fromstring(f"<div>{text}</div>".encode("utf-8", "replace"), parser=form)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return "", ()
    strong = emphasised(tree)
    prepare(tree)
    shown = _written(_decoded("\n\n".join(block.words for block in blocks(tree))))
    return shown, places(shown, strong)


def _decoded(text: str) -> str:
    """Return the text with its references decoded; some programs escape them twice: &amp;#8220;."""
    for _ in range(_TIMES):
        if "&" not in text or not _REFERENCE.search(text):
            break
        text = unescape(text)
    return text


def _written(text: str) -> str:
    """Return the text without lone surrogates, from references like &#xD83D;."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "")
