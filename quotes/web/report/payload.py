"""Records in the form that the report's page reads: outlets, speakers and channels once, referred to by number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from attrs import define, field

from quotes.records import Article, ArticleRecord, Channel, ErrorRecord, Outlet, Quote, Speaker
from quotes.web.report import colours, segments
from quotes.web.report.people import SourceRows, source_rows
from quotes.web.report.printings import printings
from quotes.web.wording import in_words


@define
class _Table:
    """Things numbered in the order of their first appearance."""

    rows: list[dict[str, Any]] = field(factory=list)
    numbers: dict[tuple[Any, ...], int] = field(factory=dict)

    def number(self, key: tuple[Any, ...], row: dict[str, Any]) -> int:
        """Return the number of the thing with this key; add it if it is new."""
        if key not in self.numbers:
            self.numbers[key] = len(self.rows)
            self.rows.append(row)
        return self.numbers[key]


@define
class _Payload:
    outlets: _Table = field(factory=_Table)
    speakers: _Table = field(factory=_Table)
    channels: _Table = field(factory=_Table)
    articles: list[dict[str, Any]] = field(factory=list)
    quotes: list[dict[str, Any]] = field(factory=list)
    roles: dict[int, Counter[str]] = field(factory=dict)
    people: SourceRows | None = None

    def add(self, record: ArticleRecord) -> None:
        """Add an article and its quotes."""
        article, first = record.article, len(self.quotes)
        cut = segments.paragraphs(article, record.quotes) if article.text is not None else None
        self.articles.append(
            _article(article)
            | {
                "outlet": self._outlet(article.outlet),
                "quotes": [first, first + len(record.quotes)],
                "text": None if cut is None else [[_run(s, first) for s in paragraph] for paragraph in cut],
            }
        )
        for quote in record.quotes:
            self.quotes.append(
                _quote(quote)
                | {
                    "article": len(self.articles) - 1,
                    "speaker": self._speaker(quote.speaker, article.id),
                    "channels": [self._channel(channel, article.text) for channel in quote.channels],
                }
            )

    def _outlet(self, outlet: Outlet | None) -> int | None:
        if outlet is None:
            return None
        return self.outlets.number((outlet.id or outlet.name.casefold(),), {"name": outlet.name})

    def _speaker(self, speaker: Speaker | None, article: str) -> int | None:
        if speaker is None:
            return None
        key: tuple[Any, ...]
        key = ("id", speaker.id) if speaker.id else ("name", _source(speaker), speaker.name.casefold())
        row = {"name": speaker.name, "kind": speaker.kind, "source": _source(speaker), "id": speaker.id}
        if self.people is not None:
            key, row = self.people.of(speaker, article, key=key, row=row)
        number = self.speakers.number(key, row)
        if speaker.role:
            self.roles.setdefault(number, Counter())[speaker.role] += 1
        return number

    def _channel(self, channel: Channel, text: str | None) -> int:
        key = (channel.relation, channel.id or channel.name.casefold())
        row = {"relation": channel.relation, "name": channel.name, "kind": channel.kind}
        return self.channels.number(key, row | {"words": in_words(channel, text)})


def payload(records: Sequence[ArticleRecord], errors: Sequence[ErrorRecord] = ()) -> dict[str, Any]:
    """Return the page's data, as dictionaries, lists, strings and numbers.

    Args:
        records: articles with or without their text; duplicates count once.
        errors: sources that could not be read.
    """
    once: dict[str, ArticleRecord] = {}
    for record in records:
        once.setdefault(record.article.id, record)
    people = source_rows(list(once.values()))
    made = _Payload(people=people)
    for record in once.values():
        made.add(record)
    said = [[q["speaker"] for q in made.quotes[slice(*a["quotes"])] if q["speaker"] is not None] for a in made.articles]
    colour = colours.assign(said)
    for number, row in enumerate(made.speakers.rows):
        row["colour"] = colour[number]
        row["roles"] = [role for role, _ in made.roles.get(number, Counter()).most_common(3)]
    return {
        "outlets": made.outlets.rows,
        "speakers": made.speakers.rows,
        "channels": made.channels.rows,
        "articles": made.articles,
        "quotes": made.quotes,
        "variants": printings(list(once.values())),
        "audit": people.audit() if people else None,
        "errors": [{"source": e.source, "detail": e.detail} for e in errors],
    }


def _source(speaker: Speaker) -> str:
    """Return an editor's kind of the source: named, an organization, unnamed, or unclear."""
    if speaker.kind in ("person", "author"):
        return "named"
    if speaker.kind in ("organization", "document"):
        return "organization"
    return "unnamed" if speaker.kind in ("anonymous", "group") else "unclear"


def _article(article: Article) -> dict[str, Any]:
    return {
        "title": article.title,
        "source": article.source,
        "byline": article.byline,
        "published": article.published,
        "url": article.url,
        "language": article.language,
        "wire": article.wire and article.wire.name,
    }


def _quote(quote: Quote) -> dict[str, Any]:
    speaker = quote.speaker
    return {
        "type": quote.type,
        "text": quote.text,
        "cue": quote.cue and quote.cue.text,
        "role": speaker and speaker.role,
        "handle": speaker and speaker.handle,
        "mention": speaker and speaker.mention and speaker.mention.text,
        "resolution": speaker and speaker.resolution,
        "how": [channel.mention and channel.mention.text for channel in quote.channels],
        "said_on": quote.said_on,
        "stance": quote.stance,
        "confidence": quote.confidence,
        "pattern": quote.pattern,
        "spans": [[span.start, span.end] for span in quote.spans],
    }


def _run(segment: segments.Segment, first: int) -> Any:
    """Return plain text as a string, other text with the numbers of the quotes that contain it or that it credits."""
    if not segment.said and not segment.credits:
        return segment.text
    return [segment.text, [first + n for n in segment.said], [first + n for n in segment.credits]]
