"""Explain each quote, as `quotes explain` prints it: its parts, and why they were chosen.

For speaker and channels it lists the likeliest candidates, with the features that set them apart.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TextIO

from attrs import define, field

from quotes.extraction.assembly import quote_id
from quotes.extraction.channels.decide import Way
from quotes.extraction.speakers.continuations import Choice
from quotes.extraction.speakers.reasons import Reason, reasons
from quotes.extraction.statement import Statement
from quotes.lexicon import Lexicon
from quotes.records import ArticleRecord, Channel, Cue, ErrorRecord, Quote, Speaker
from quotes.text.blanks import printable

# The `pattern` of the reader's statements.
_READER = "roles"


@define(eq=False)
class Explainer:
    """Explains articles as they are read.

    Args:
        lexicon: the patterns in use.
    """

    lexicon: Lexicon
    _reasons: dict[str, tuple[Reason, ...]] = field(factory=dict, init=False)
    _ways: dict[str, tuple[Way, ...]] = field(factory=dict, init=False)

    def listen(self, record: ArticleRecord, statements: Sequence[Statement]) -> None:
        """Keep the reasons for each quote's speaker and channels until the article is written.

        Args:
            record: an article.
            statements: the statements behind its quotes.
        """
        for statement in statements:
            key = quote_id(record.article.id, statement.spans)
            self._ways[key] = tuple(way for way in statement.ways() if isinstance(way, Way))
            if isinstance(statement.choice, Choice):
                self._reasons[key] = reasons(statement.choice, self.lexicon.weights)

    def write(self, records: Iterable[ArticleRecord | ErrorRecord], stream: TextIO) -> None:
        """Write an explanation of each article; errors are reported by the caller.

        Args:
            records: articles and errors in any order; articles with text get line numbers, others offsets.
            stream: a text stream.

        Raises:
            OSError: if the stream cannot be written.
        """
        for record in records:
            if not isinstance(record, ErrorRecord):
                for line in self.explain(record):
                    stream.write(printable(line) + "\n")
                stream.flush()

    def explain(self, record: ArticleRecord) -> Iterator[str]:
        """Yield the lines that explain one article."""
        article = record.article
        outlet = f" ({article.outlet.name})" if article.outlet else ""
        yield f"{article.source}: {article.title or 'untitled'}{outlet}: {_count(len(record.quotes), 'quote')}"
        ends = None if article.text is None else [n for n, c in enumerate(article.text) if c == "\n"]
        for number, quote in enumerate(record.quotes, start=1):
            yield ""
            yield f"{number}. {_place(quote, ends)}, {quote.type}, confidence {quote.confidence:.2f}"
            yield f"   {quote.text}"
            for label, value in self._parts(quote):
                yield f"   {label:<8} {value}"
        yield ""

    def _parts(self, quote: Quote) -> Iterator[tuple[str, str]]:
        yield "speaker", _speaker(quote.speaker)
        yield from (("", _reason(reason)) for reason in self._reasons.pop(quote.id, ()))
        for channel in quote.channels:
            yield "channel", _channel(channel)
        ways = self._ways.pop(quote.id, ())
        if ways and not quote.channels:
            yield "channel", "none"
        yield from (("", _reason(way)) for way in ways)
        if quote.said_on:
            yield "said on", quote.said_on
        if quote.stance != "said":
            yield "stance", quote.stance
        yield "cue", _cue(quote.cue, self.lexicon)
        yield "pattern", _pattern(quote.pattern, self.lexicon)


def _reason(reason: Reason | Way) -> str:
    added = ", ".join(f"{name} {value:+.1f}" for name, value in reason.features)
    return f"{reason.probability:4.0%} {reason.name}{': ' if added else ''}{added}"


def _speaker(speaker: Speaker | None) -> str:
    if speaker is None:
        return "none"
    about = [speaker.kind, *(f for f in (speaker.role, speaker.handle, speaker.id) if f)]
    mention = f"; credited as “{speaker.mention.text}”" if speaker.mention else ""
    return f"{speaker.name} ({'; '.join(about)}{mention}; resolved by {speaker.resolution})"


def _channel(channel: Channel) -> str:
    known = f" {channel.id}" if channel.id else ""
    mention = f"; from “{channel.mention.text}”" if channel.mention else ""
    return f"{channel.relation} {channel.name} ({channel.kind}{known}{mention})"


def _cue(cue: Cue | None, lexicon: Lexicon) -> str:
    if cue is None:
        return "none"
    entries = [_entry(entry, lexicon) for entry in lexicon.cues if cue.lemma in entry.words]
    return f"“{cue.text}” ({cue.lemma}){': ' if entries else ''}{'; '.join(entries)}"


def _pattern(name: str | None, lexicon: Lexicon) -> str:
    if name is None:
        return "none"
    patterns: tuple[Any, ...] = (*lexicon.statements, *lexicon.channels, *lexicon.regexes.values(), *lexicon.cues)
    entry = next((p for p in patterns if p.id == name), None)
    if name == _READER:
        return f"{name}: found by the trained reader, where no pattern was surer"
    return _entry(entry, lexicon) if entry else f"{name} (not in a pattern file: a rule of the program)"


def _entry(entry: Any, lexicon: Lexicon) -> str:
    return f"{entry.id}: {entry.note} [{lexicon.origin.get(entry.id, 'unknown file')}]"


def _place(quote: Quote, line_ends: list[int] | None) -> str:
    start = quote.spans[0].start
    return f"offset {start}" if line_ends is None else f"line {bisect_right(line_ends, start) + 1}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
