"""PDF, by pypdf: the text of each page, without running heads, words and sentences joined across lines and pages."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from typing import Any

from quotes.errors import InputError, short
from quotes.files.compressed import LIMIT, too_long
from quotes.ingest.cleaning import STEPS, repaired
from quotes.ingest.reading import Found, Input
from quotes.ingest.text import is_blank
from quotes.lexicon import load_lexicon
from quotes.records import SourceText

_LIBRARY = "PDF needs a library: .venv/bin/pip install '.[pdf]'"
_PICTURES = "no text in the PDF: its pages are images; run OCR first, for example with ocrmypdf"
# Repairs of a page's layout; characters are left unchanged.
_LAYOUT = frozenset({
    "soft-hyphens", "invisible-characters", "ligatures", "page-furniture", "page-breaks", "hard-wraps",
    "hyphenated-line-ends", "spaces",
})  # fmt: skip


def read_pdf(given: Input) -> Iterator[Found]:
    """Yield the text of a PDF, or its error; an unreadable page costs only that page.

    Args:
        given: the document as a stream.
    """
    try:
        import pypdf
    except ImportError:
        yield given.error("library", _LIBRARY)
        return
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it logs every oddity of a file
    try:
        reader = pypdf.PdfReader(io.BytesIO(given.whole("the PDF")))
        if reader.is_encrypted and not reader.decrypt(""):
            yield given.error("locked", "the PDF needs a password; save it without one, and read that file")
            return
        pages, lost = _pages(reader)
        title = reader.metadata.title if reader.metadata is not None else None
    except InputError as error:
        yield given.error("too-long", str(error))
        return
    except Exception as error:  # pypdf raises all sorts for damaged files, even RecursionError
        yield given.error("broken", f"damaged, or not a PDF ({short(error)}); open it, and print it to a new one")
        return
    if lost:
        given.how.tell(f"{given.name}: {len(lost)} of {len(pages)} pages cannot be read: {_few(lost)}")
    steps = tuple(step for step in STEPS if step.name in _LAYOUT)
    text = repaired("\f".join(pages), load_lexicon(), steps=steps).strip()
    if is_blank(text):
        yield given.error("no-text", _PICTURES)
        return
    yield SourceText(given.name, text, title=_title(title, text))


def _pages(reader: Any) -> tuple[list[str], list[int]]:
    """Return the texts of the pages, and the numbers of unreadable ones.

    Raises:
        InputError: if they are longer than the limit of one text.
    """
    found: list[str] = []
    lost: list[int] = []
    left = LIMIT
    for number in range(len(reader.pages)):
        try:
            found.append(reader.pages[number].extract_text())
        except Exception:
            found.append("")
            lost.append(number + 1)
        left -= len(found[-1])
        if left < 0:
            raise too_long("the text")
    return found, lost


def _few(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers[:5])) + (", …" if len(numbers) > 5 else "")


def _title(stated: str | None, text: str) -> str | None:
    """Return a PDF's title if its text has it, too: most titles are file names."""
    title = " ".join((stated or "").split())
    return title if title and title.casefold() in " ".join(text[:2000].split()).casefold() else None
