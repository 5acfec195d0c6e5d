"""The tree of a web page: write into its text what only its markup shows, and read its blocks in order.

A browser prints marks around `<q>`, indents a quotation, and raises note marks. A plain text has none of these: the
marks are written, the notes dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from attrs import frozen

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
TEXTS = ("p", "li", "blockquote", "pre", "td", "th", "dd", "dt", "figcaption", "caption", "summary")
BLOCKS = frozenset((
    *HEADINGS, *TEXTS, "div", "section", "article", "main", "body", "header", "footer", "aside", "nav", "figure", "tr",
    "table", "ul", "ol", "dl", "hr", "address", "form", "fieldset", "details",
))  # fmt: skip
SILENT = frozenset({"script", "style", "noscript", "template", "svg", "iframe", "head", "select", "button", "textarea"})
MARKS = "\"“”„‟«»‹›‘’‚‛'`"
_CLOSING = "\"”»’'"
_OPENING = "\"“„«‘'"
# Characters that a page may contain but lxml does not write.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NOTE = re.compile(
    r"\s*+[\[(]?\s*+(?:\d{1,3}|[a-z]{1,2}|note \d{1,3}|citation needed|[*†‡])\s*+[\])]?\s*+", re.IGNORECASE
)
_NOTED = re.compile(r"cite|foot|note|ref", re.IGNORECASE)
# Embedded posts, which have their own signature.
_POST = re.compile(r"tweet|twitter|instagram|tiktok|bluesky|fb-|facebook|mastodon|reddit|threads|telegram|imgur|embed")
# Elements that are set apart to catch the eye.
_PULLED = re.compile(r"pull(?:ed)?[-_ ]?quote|quote[-_ ]?pull|(?<![\w-])pull(?![\w-])")
_LONGEST_PULLED = 600
_CREDIT = re.compile(r"attribution|author|credit|cite|citation|speaker|quotee|byline|source|signature")
_DASHED = re.compile(r"(?<!\s)\s*+(?:[—–―-]{1,2}|by\s)\s*", re.IGNORECASE)
# The deepest nesting of quotations that is marked.
_DEEPEST = 4
# The most paragraphs of a block quotation.
_LONGEST_QUOTATION = 8_000
# The most words of a credit: a name and a trade; anything longer is a sentence.
_LONGEST_CREDIT = 160


@frozen
class Block:
    """One line of a page: its words, how many of its characters are in links, and its element."""

    words: str
    linked: int
    element: Any


def text_content(element: Any) -> str:
    """Return all words of an element in one line, without invisible ones."""
    return " ".join(block.words for block in blocks(element))


def blocks(root: Any) -> Iterator[Block]:
    """Yield the lines of an element in order: its blocks, split at line breaks.

    Words before, between and after nested blocks are separate lines: nothing is read twice.

    Args:
        root: an element; its tail is ignored.
    """
    from lxml import etree  # type: ignore[import-untyped]

    parts: list[str] = []
    linked = links = silent = 0
    holders = [root]
    for event, element in etree.iterwalk(root, events=("start", "end")):
        step = 1 if event == "start" else -1
        if element.tag in BLOCKS:
            yield from _lines(parts, linked, holders[-1])
            parts, linked = [], 0
            if event == "start":
                holders.append(element)
            else:
                holders.pop()
        links += step * (element.tag == "a")
        silent += step * (element.tag in SILENT)
        if event == "start" and element.tag == "br" and not silent:
            parts.append("\n")
        text = element.text if event == "start" else element.tail if element is not root else None
        if text and not silent and isinstance(element.tag, str):
            parts.append(" ".join(text.split("\n")))
            linked += len(" ".join(text.split())) if links else 0
    yield from _lines(parts, linked, root)


def _lines(parts: list[str], linked: int, element: Any) -> Iterator[Block]:
    found = [" ".join(line.split()) for line in "".join(parts).split("\n")]
    for line in filter(None, found):
        yield Block(line, min(linked, len(line)), element)


def writable(words: str) -> str:
    """Return words without the characters that lxml does not write."""
    return _UNWRITABLE.sub(" ", words)


def prepare(tree: Any) -> None:
    """Write into a page's text what only its markup shows: the marks of quotations, and their credits."""
    _lay_out(tree)
    _drop_notes(tree)
    _mark_q(tree)
    _tighten(tree)
    _set_pull_quotes(tree)
    for quotation in tree.xpath("//blockquote[not(ancestor::blockquote)]"):
        if quotation.getparent() is not None:
            _mark_quotation(quotation)


def _lay_out(tree: Any) -> None:
    """Unwrap tables that only lay out the page: their cells hold headings and paragraphs."""
    for table in tree.xpath("//table[.//td//p or .//td//div or .//td//h1 or .//td//h2]"):
        for part in table.iter("table", "tbody", "thead", "tfoot", "tr", "td", "th"):
            part.tag = "div"


def _drop_notes(tree: Any) -> None:
    """Drop note marks: `<sup><a href="#n2">[2]</a></sup>`."""
    for note in list(tree.iter("sup")):
        words = "".join(note.itertext())
        if not _NOTE.fullmatch(words) or note.getparent() is None:
            continue
        links = any((a.get("href") or "").startswith("#") for a in note.iter("a"))
        named = any(_NOTED.search(f"{e.get('class', '')} {e.get('id', '')}") for e in note.iter())
        if links or named or words.strip().startswith("["):
            _remove(note)


def _mark_q(tree: Any) -> None:
    """Write the marks of `<q>` as browsers do; nested ones are single."""
    from lxml import etree

    depth, found = 0, []
    for event, q in etree.iterwalk(tree, events=("start", "end"), tag="q"):
        if event == "start":
            found.append((q, depth))
        depth += 1 if event == "start" else -1
    for q, depth in found:
        words = "".join(q.itertext()).strip() if depth < _DEEPEST else ""
        q.tag = "span"
        if not words or words[0] in MARKS or _before(q)[-1:] in tuple(_OPENING):
            continue
        left, right = ("“", "”") if depth % 2 == 0 else ("‘", "’")
        q.text = left + (q.text or "").lstrip()
        if len(q):
            q[-1].tail = (q[-1].tail or "").rstrip() + right
        else:
            q.text = q.text.rstrip() + right


def _tighten(tree: Any) -> None:
    """Drop the space before a mark in its own element: `decade<span> '</span> and`."""
    for element in tree.iter("span", "i", "em", "b", "strong", "font"):
        words = element.text or ""
        if len(element) or len(words) == len(words.strip()) or words.strip() not in tuple(MARKS):
            continue
        before, after = _before(element), element.tail or ""
        if words[:1].isspace() and before and not before[-1].isspace() and not after[:1].isalnum():
            element.text = words.lstrip()
        elif words[-1:].isspace() and after[:1].isalnum():
            element.text = words.rstrip()


def _before(element: Any) -> str:
    """Return the text directly before an element within its parent."""
    previous = element.getprevious()
    if previous is None:
        parent = element.getparent()
        return (parent.text or "") if parent is not None else ""
    return str(previous.tail or ("".join(previous.itertext()) if isinstance(previous.tag, str) else ""))


def _mark_quotation(quotation: Any) -> None:
    """Write marks around a block quotation, and its credit after a dash.

    Marks are written only if there is a credit, below it or in a line before it that ends in a colon, since nothing
    else shows that it is speech.
    """
    names = f"{quotation.get('class', '')} {quotation.get('id', '')} {quotation.get('cite', '')}".lower()
    words = text_content(quotation)
    if _POST.search(names) or "(@" in words or not 0 < len(words) <= _LONGEST_QUOTATION:
        return
    credit = _credit(quotation)
    lines = [writable(block.words) for block in blocks(quotation)]
    if not lines or (not credit and not _led_in(quotation)):
        return
    lines = _marked(lines)
    if credit:
        lines[-1] = f"{lines[-1]} — {writable(credit)}"
    _rewrite(quotation, lines)


def _set_pull_quotes(tree: Any) -> None:
    """Write marks around a pull quote, and its credit after a dash; drop one without a credit.

    It repeats, often shortened, what the article quotes, or nothing says whose words they are.
    """
    for element in list(tree.iter("blockquote", "aside", "figure", "div", "section", "p", "span")):
        name = (element.get("class") or "").lower()
        if not (_PULLED.search(name) or (element.tag == "figure" and "quote" in name)) or element.getparent() is None:
            continue
        words = text_content(element)
        if not 0 < len(words) <= _LONGEST_PULLED or _POST.search(name) or "(@" in words or _led_in(element):
            continue
        credit = _credit(element)
        lines = [writable(block.words) for block in blocks(element)]
        if credit is None and (credit := _last_credit(lines)) is not None:
            lines.pop()
        if credit and lines:
            lines = _marked(lines)
            _rewrite(element, [*lines[:-1], f"{lines[-1]} — {writable(credit)}"])
            element.tag = "div"
            element.attrib.clear()
        else:
            _remove(element)


def _last_credit(lines: list[str]) -> str | None:
    """Return the credit in the last line of a pull quote: — Ada Fell; below closing marks also Ada Fell, engineer."""
    words = lines[-1] if len(lines) > 1 else ""
    if not 0 < len(words) <= _LONGEST_CREDIT or any(mark in words for mark in "“”\""):
        return None
    dashed = _DASHED.match(words)
    if dashed is None and (lines[-2][-1] not in _CLOSING or words[-1] in ".!?" or not words[0].isupper()):
        return None
    return words[dashed.end() if dashed else 0 :].strip(" ,") or None


def _marked(lines: list[str]) -> list[str]:
    """Return the lines of a quotation with marks: one opens each line, the last is closed."""
    if any(mark in line for line in lines for mark in "\"“”«»„") or lines[0][0] in MARKS:
        return lines
    return [f"“{line}" for line in lines[:-1]] + [f"“{lines[-1]}”"]


def _rewrite(element: Any, lines: list[str]) -> None:
    from lxml import etree

    del element[:]
    element.text = None
    for line in lines:
        etree.SubElement(element, "p").text = line


def _credit(quotation: Any) -> str | None:
    """Remove and return the credit of a quotation: a footer, a `<cite>`, a figure's caption, an element named so."""
    found = [e for e in quotation.iter("footer", "figcaption") if _is_credit(e)]
    found = found or [e for e in quotation.iter("cite") if _ends(e, quotation)]
    found = found or [
        e for e in quotation.iter("p", "span", "div", "small", "strong", "address")
        if _CREDIT.search((e.get("class") or "").lower()) and _is_credit(e) and _ends(e, quotation)
    ]  # fmt: skip
    figure = quotation.getparent()
    if not found and figure is not None and figure.tag == "figure":
        found = [e for e in figure.iter("figcaption") if _is_credit(e)]
    for element in found[:1]:
        words = _DASHED.sub("", text_content(element), count=1)
        _undash(element)
        _remove(element)
        return words.strip(" ,") or None
    return None


def _is_credit(element: Any) -> bool:
    words = text_content(element)
    return 0 < len(words) <= _LONGEST_CREDIT and not any(mark in words for mark in "“”\"")


def _ends(element: Any, quotation: Any) -> bool:
    """Return whether a quotation ends with an element."""
    words, whole = text_content(element), text_content(quotation)
    return _is_credit(element) and whole.endswith(words) and len(words) < len(whole)


def _undash(element: Any) -> None:
    """Drop the dash before an element: `— <cite>Ana Sorel</cite>`."""
    previous = element.getprevious()
    if previous is not None and previous.tail:
        previous.tail = re.sub(r"\s*[—–―-]{1,2}\s*$", "", previous.tail)
    elif previous is None and (parent := element.getparent()) is not None and parent.text:
        parent.text = re.sub(r"\s*[—–―-]{1,2}\s*$", "", parent.text)


def _led_in(quotation: Any) -> bool:
    """Return whether the words before a quotation introduce it: "In her report, Sorel wrote:"."""
    previous, element = quotation.getprevious(), quotation
    while previous is None and element.getparent() is not None and element.getparent().tag in ("div", "figure"):
        element = element.getparent()
        previous = element.getprevious()
    if previous is None or not isinstance(previous.tag, str):
        return False
    before = (previous.tail or "").strip() or text_content(previous)
    return before.rstrip().endswith(":")


def _remove(element: Any) -> None:
    """Remove an element, but keep its tail."""
    parent, tail = element.getparent(), element.tail
    if tail:
        previous = element.getprevious()
        if previous is None:
            parent.text = (parent.text or "") + tail
        else:
            previous.tail = (previous.tail or "") + tail
    element.tail = None
    parent.remove(element)
