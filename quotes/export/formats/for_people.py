"""The formats `markdown` and `text`: who said what, by article, to read, print or paste."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterable, Iterator
from typing import TextIO

from quotes.export.credit import channel_line, speaker_line
from quotes.lexicon import load_lexicon
from quotes.records import Article, ArticleRecord, ErrorRecord, Quote
from quotes.text.blanks import printable

_MARKUP = re.compile(r"([\\`*_\[\]<>#|~&])")
_ESCAPE = r"\\\1"
_WIDTH = 78


def write_markdown(records: Iterable[ArticleRecord | ErrorRecord], stream: TextIO) -> None:
    """Write a heading per article and a block quotation per quote, as CommonMark.

    Args:
        records: articles and errors in any order.
        stream: a text stream, in UTF-8.

    Raises:
        OSError: if the stream cannot be written.
    """
    _write(records, stream, _markdown)


def write_text(records: Iterable[ArticleRecord | ErrorRecord], stream: TextIO) -> None:
    """Write a paragraph per quote, wrapped at 78 characters.

    Args:
        records: articles and errors in any order.
        stream: a text stream, in UTF-8.

    Raises:
        OSError: if the stream cannot be written.
    """
    _write(records, stream, _text)


def _write(
    records: Iterable[ArticleRecord | ErrorRecord], stream: TextIO, lines: Callable[[ArticleRecord], Iterator[str]]
) -> None:
    before = ""
    for record in records:
        if not isinstance(record, ErrorRecord):
            stream.write(before + "\n".join(lines(record)) + "\n")
            stream.flush()
            before = "\n"
    stream.flush()


def _markdown(record: ArticleRecord) -> Iterator[str]:
    yield f"## {marked(_title(record.article))}"
    if origin := _origin(record.article):
        yield ""
        yield marked(origin)
    for quote in record.quotes:
        yield ""
        yield f"> {marked(quote.text)}"
        yield ">"
        yield f"> — **{marked(speaker_line(quote))}**{_MARKUP.sub(_ESCAPE, _how(quote))}"
    if not record.quotes:
        yield ""
        yield "No quotes."


def _text(record: ArticleRecord) -> Iterator[str]:
    title = _line(_title(record.article))
    yield title
    yield "=" * min(len(title), _WIDTH)
    if origin := _origin(record.article):
        yield _line(origin)
    for quote in record.quotes:
        yield ""
        yield from _wrapped(_line(quote.text), "  ")
        yield from _wrapped(f"— {_line(speaker_line(quote) + _how(quote))}", "    ")
    if not record.quotes:
        yield ""
        yield "No quotes."


def _wrapped(line: str, indent: str) -> list[str]:
    return textwrap.wrap(
        line, _WIDTH, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def _title(article: Article) -> str:
    return article.title or article.source


def _origin(article: Article) -> str:
    """Return the article's outlet, date and address, or else its source if that is not its title."""
    outlet = article.outlet.name if article.outlet else None
    wire = f"text: {article.wire.name}" if article.wire else None
    where = article.url or (article.source if article.title else None)
    parts = (outlet, wire, article.byline, article.published, where)
    return " · ".join(part for part in parts if part)


def _how(quote: Quote) -> str:
    """Return the channels, how words were reported, and a warning if they are an attitude or the credit is unsure."""
    channels = _line(channel_line(quote))
    notes = ["not said, but ascribed" if quote.type == "attitude" else _reported(quote)]
    notes += [f"sure to {quote.confidence:.0%}"] if quote.confidence < 0.5 else []
    shown = ", ".join(note for note in notes if note)
    return f"{f', {channels}' if channels else ''}{f' ({shown})' if shown else ''}"


def _reported(quote: Quote) -> str | None:
    """Return "reported" for words that are not all quoted, or the cue if it says more: "denied", "asked"."""
    plainly = "reported" if quote.type == "indirect" else None
    if quote.cue is None or quote.type not in ("indirect", "mixed"):
        return plainly
    plain = quote.cue.lemma in load_lexicon().own_set("plain-cues")
    return plainly if plain or not any(map(str.isalpha, quote.cue.text)) else _line(quote.cue.text)


def _line(text: str) -> str:
    """Return the text as one line, with line ends and control characters replaced by spaces."""
    return " ".join(printable(text).split())


def marked(text: str) -> str:
    """Return the text as one line of Markdown with all markup escaped."""
    line = _MARKUP.sub(_ESCAPE, _line(text))
    return re.sub(r"^(\d+)([.)])|^([-+=])", lambda m: f"{m[1]}\\{m[2]}" if m[1] else f"\\{m[3]}", line)
