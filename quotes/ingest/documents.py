"""Documents of word processors: .docx by python-docx, .odt from its XML, paragraph by paragraph.

Deleted text, comments and notes are left out; inserted text is read.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any

from quotes.errors import InputError, short
from quotes.files.compressed import LIMIT, read_all, too_long
from quotes.ingest.reading import Found, Input
from quotes.ingest.text import is_blank
from quotes.ingest.whole import empty
from quotes.records import SourceText, Span

# The most members of a package: a document has some twenty, and a few more per picture.
_MEMBERS = 10_000
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
# Elements in a paragraph of Word that are not its text: deleted, moved away, or for older programs.
_GONE = frozenset({f"{_W}del", f"{_W}moveFrom", f"{_MC}Fallback", f"{_W}instrText", f"{_W}delText"})
_WORDS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "\u2011"}
_HEADING = re.compile(r"Heading[2-6]")
_OFF = ("0", "false", "none")
_O = "urn:oasis:names:tc:opendocument:xmlns:"
_TEXT, _OFFICE = f"{{{_O}text:1.0}}", f"{{{_O}office:1.0}}"
_NOT_READ = frozenset({
    f"{_TEXT}note", f"{_OFFICE}annotation", f"{_TEXT}tracked-changes", f"{_TEXT}ruby-text", f"{_OFFICE}forms",
})  # fmt: skip
_NO_DOCUMENT = "not a {kind} document, or a damaged one ({why}); open it, and save it again"


def package(given: Input, *, most: int | None = None) -> io.BytesIO:
    """Return a document that is a ZIP package, held in memory, after checking the size of its parts.

    Args:
        given: the document as a stream.
        most: the most bytes of all parts decompressed; `LIMIT` if None.

    Raises:
        InputError: if there are more, or it is not a package.
    """
    stream = io.BytesIO(read_all(given.stream, what="the document"))
    try:
        with zipfile.ZipFile(stream) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise InputError(f"the file is no document, or a damaged one ({error}); open it, and save it again") from None
    size = sum(p.file_size for p in parts if p.filename.endswith((".xml", ".rels")))  # pictures are not decompressed
    if len(parts) > _MEMBERS or size > (most or LIMIT):
        raise too_long("the document")
    stream.seek(0)
    return stream


def read_docx(given: Input) -> Iterator[Found]:
    """Yield the text of a Word document, or its error.

    Args:
        given: the document as a stream.
    """
    try:
        import docx
    except ImportError:
        yield given.error("library", "Word documents need python-docx: .venv/bin/pip install python-docx")
        return
    try:
        document = docx.Document(package(given))
        body, about = document.element.body, document.core_properties
        paragraphs = [(words, _is_strong(p)) for p in body.iter(f"{_W}p") if (words := _paragraph(p))]
        text = "\n\n".join(words for words, _ in paragraphs)
        title = _styled(document) or (about.title or "").strip() or None
    except InputError as error:
        yield given.error("broken", str(error))
        return
    except Exception as error:  # python-docx, lxml and zipfile raise all sorts for damaged files
        yield given.error("broken", _NO_DOCUMENT.format(kind="Word", why=short(error)))
        return
    if is_blank(text):
        yield empty(given.name)
        return
    yield SourceText(given.name, text, title=title, emphasis=tuple(_emphasis(paragraphs)))


def _emphasis(paragraphs: Sequence[tuple[str, bool]]) -> Iterator[Span]:
    """Yield the spans of paragraphs that are bold, italic or headings throughout."""
    at = 0
    for words, strong in paragraphs:
        if strong:
            yield Span(at, at + len(words))
        at += len(words) + len("\n\n")


def _is_strong(paragraph: Any) -> bool:
    """Return whether a paragraph of Word is bold or italic throughout, or styled as a heading."""
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    if style is not None and _HEADING.match(style.get(f"{_W}val") or ""):
        return True
    runs = [run for run in paragraph.iter(f"{_W}r") if "".join(t.text or "" for t in run.iter(f"{_W}t")).strip()]
    return bool(runs) and all(
        any((mark := run.find(f"{_W}rPr/{_W}{name}")) is not None and mark.get(f"{_W}val") not in _OFF for name in "bi")
        for run in runs
    )


def _paragraph(paragraph: Any) -> str:
    """Return the words of a paragraph of Word, including links, fields and insertions."""
    parts: list[str] = []
    todo = list(reversed(paragraph))
    while todo:
        node = todo.pop()
        if node.tag in _GONE or node.tag == f"{_W}p":  # a nested paragraph is a text box, read separately
            continue
        if node.tag == f"{_W}t":
            parts.append(node.text or "")
        elif node.tag in _WORDS:
            parts.append(_WORDS[node.tag])
        else:
            todo.extend(reversed(node))
    return "".join(parts).strip()


def _styled(document: Any) -> str | None:
    """Return the paragraph styled as a title."""
    for paragraph in document.paragraphs[:20]:
        style = paragraph.style.style_id if paragraph.style is not None else ""
        if style in ("Title", "Heading1") and paragraph.text.strip():
            return " ".join(paragraph.text.split())
    return None


def read_odt(given: Input) -> Iterator[Found]:
    """Yield the text of an OpenDocument text, or its error.

    Args:
        given: the document as a stream.
    """
    try:
        with zipfile.ZipFile(package(given)) as archive:
            members = archive.namelist()
            kind = archive.read("mimetype")[:99].decode("ascii", "replace") if "mimetype" in members else ""
            if "opendocument" in kind and ".text" not in kind:
                kind = kind.rpartition(".")[2].strip()
                yield given.error("binary", f"this is an OpenDocument {kind}, not a text; save it as .xlsx or text")
                return
            content = _parsed(archive.read("content.xml"))
            meta = _parsed(archive.read("meta.xml")) if "meta.xml" in members else None
    except InputError as error:
        yield given.error("broken", str(error))
        return
    except Exception as error:  # lxml and zipfile raise all sorts for damaged files
        yield given.error("broken", _NO_DOCUMENT.format(kind="OpenDocument", why=short(error)))
        return
    text = "\n\n".join(filter(None, map(_odt_paragraph, content.iter(f"{_TEXT}p", f"{_TEXT}h"))))
    if is_blank(text):
        yield empty(given.name)
        return
    yield SourceText(given.name, text, title=_title(meta))


def _parsed(data: bytes) -> Any:
    from lxml import etree  # type: ignore[import-untyped]

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.fromstring(data, parser)


def _odt_paragraph(paragraph: Any) -> str:
    if any(ancestor.tag in _NOT_READ for ancestor in paragraph.iterancestors()):
        return ""
    parts: list[str] = [paragraph.text or ""]
    todo = list(reversed(paragraph))
    while todo:
        node = todo.pop()
        if isinstance(node, str):
            parts.append(node)
            continue
        todo.append(node.tail or "")
        if node.tag in _NOT_READ or not isinstance(node.tag, str) or node.tag in (f"{_TEXT}p", f"{_TEXT}h"):
            continue
        if node.tag == f"{_TEXT}s":
            parts.append(" ")
        elif node.tag in (f"{_TEXT}tab", f"{_TEXT}line-break"):
            parts.append("\t" if node.tag.endswith("tab") else "\n")
        todo.extend(reversed(node))
        parts.append(node.text or "")
    return "\n".join(" ".join(line.split(" ")) for line in "".join(parts).strip().split("\n"))


def _title(meta: Any) -> str | None:
    found = meta.find(".//{http://purl.org/dc/elements/1.1/}title") if meta is not None else None
    return " ".join((found.text or "").split()) or None if found is not None else None
