"""RSS and Atom, by feedparser: one article per item, its content read as HTML."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from quotes.errors import InputError, short
from quotes.ingest.days import iso
from quotes.ingest.markup import is_page, opened, plain
from quotes.ingest.reading import Found, Input
from quotes.ingest.text import is_blank
from quotes.lexicon import load_lexicon
from quotes.lexicon.outlets import find_name
from quotes.records import ErrorRecord, Page, SourceText

_NO_TEXT = "the item has a title but no text; read the page that it links to"
_DIVIDERS = (" - ", " – ", " — ", " | ", " » ", " > ", ": ")


def read_feed(given: Input) -> Iterator[Found]:
    """Yield the text of each item of a feed, or its error.

    Args:
        given: the feed as a stream.
    """
    try:
        import feedparser
    except ImportError:
        yield given.error("library", "feeds need feedparser: .venv/bin/pip install feedparser")
        return
    try:
        # A stream, not bytes, which it might take for an address or a path. Nothing is fetched.
        found = feedparser.parse(io.BytesIO(given.whole("the feed")), sanitize_html=False, resolve_relative_uris=False)
    except InputError as error:
        yield given.error("too-long", str(error))
        return
    except Exception as error:  # its parsers raise all sorts for damaged feeds
        yield given.error("broken", f"not a feed, or a damaged one ({short(error)}); save it again")
        return
    if not found.entries:
        why = f" ({short(found.bozo_exception)})" if found.get("bozo") and "bozo_exception" in found else ""
        yield given.error("empty", f"no items in the feed{why}; leave it out, or check --input-format")
        return
    outlet = _outlet(found.feed.get("title"))
    for number, item in enumerate(found.entries, start=1):
        yield _article(item, number, outlet, found.feed.get("language"), given)


def _article(item: Any, number: int, outlet: str | None, language: str | None, given: Input) -> Found:
    name = f"{given.name}#{number}"
    url = _address(item.get("link")) or _address(item.get("id"))
    source = item.get("source")
    printed = item.get("published") or item.get("updated") or item.get("created")
    known: dict[str, Any] = {
        "title": _line(item.get("title")),
        "byline": _line(item.get("author")),
        "published": iso(_line(printed), order=given.how.dates),
        "outlet": _outlet(source.get("title")) if isinstance(source, dict) and source.get("title") else outlet,
        "language": (language or "").partition("-")[0].lower() or None,
        "url": url,
        "file": given.name,
    }
    parts = [part.get("value") or "" for part in item.get("content", ())]
    markup = max([*parts, item.get("summary") or ""], key=len)
    if is_page(markup):
        return Page(name, markup.encode("utf-8", "replace"), **known)
    text, emphasis = opened(markup)
    if is_blank(text):
        return ErrorRecord(name, "empty", _NO_TEXT)
    return SourceText(name, text, **known, emphasis=emphasis)


def _line(printed: Any) -> str | None:
    return (" ".join(plain(printed).split()) or None) if isinstance(printed, str) else None


def _address(link: Any) -> str | None:
    return link if isinstance(link, str) and link.startswith(("http://", "https://")) else None


def _outlet(title: Any) -> str | None:
    """Return the outlet of a feed's title: "World news | The Guardian", "BBC News - Home"."""
    name = _line(title)
    if name is None:
        return None
    lexicon = load_lexicon()
    for divider in _DIVIDERS:
        parts = [part.strip() for part in name.split(divider)]
        known = next((part for part in parts if find_name(part, lexicon=lexicon)), None)
        if len(parts) > 1 and known:
            return known
    return name
