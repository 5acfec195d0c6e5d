"""Collect the facts of each quote for an audit: speaker, outlet, section, date."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import urlsplit

from attrs import frozen

from quotes.comparison.sources import Gathered, Source
from quotes.comparison.sources.appearance import who
from quotes.lexicon import Lexicon
from quotes.records import Article, ArticleRecord, ErrorRecord, Quote

GROUPS = {
    "person": "people", "author": "people", "organization": "organizations", "document": "documents",
    "anonymous": "unnamed", "group": "unnamed", "unknown": "unclear",
}  # fmt: skip
# Older dates are mistakes: 0001-01-01.
_DAY = re.compile(r"(?:1[5-9]|2\d)\d\d-\d\d-\d\d(?!\d)")
# The first part of an address that is a word, not a number, date or language: news.example/sport/2025/…
_SECTION = re.compile(r"[a-z][a-z-]{2,24}")


@frozen
class Fact:
    """One quote, as an audit counts it."""

    article: str
    source: int | None
    """Number of the source, or null if nobody is credited."""
    group: str
    """`people`, `organizations`, `documents`, `unnamed` or `unclear`."""
    pronoun: str | None
    family: str | None
    words: int
    outlet: str | None
    section: str | None
    byline: str | None
    month: str | None
    day: str | None
    new: bool | None = None
    """Whether no earlier article quotes the source; null if the article has no date, or nobody is named."""


def facts(records: Iterable[ArticleRecord | ErrorRecord], gathered: Gathered, *, lexicon: Lexicon) -> list[Fact]:
    """Return a fact for each quote that was said, the earliest articles first.

    Args:
        records: articles; duplicates count once.
        gathered: their sources.
        lexicon: the patterns, with the parts of addresses that are not sections.
    """
    none = lexicon.word_set("audit-not-section")
    once: dict[str, ArticleRecord] = {}
    for record in records:
        if isinstance(record, ArticleRecord):
            once.setdefault(record.article.id, record)
    ordered = sorted(once.values(), key=lambda r: (_day(r.article) or "9", r.article.id))
    met: set[int] = set()
    found: list[Fact] = []
    for record in ordered:
        mine = list(_of_article(record, gathered, met, none))
        met |= {fact.source for fact in mine if fact.source is not None and fact.day}
        found += mine
    return found


def _of_article(record: ArticleRecord, gathered: Gathered, met: set[int], none: frozenset[str]) -> Iterator[Fact]:
    article = record.article
    day, section = _day(article), _section(article)
    section = None if section in none else section
    for quote in record.quotes:
        if quote.stance != "said":
            continue
        number = _source(article, quote, gathered)
        source = gathered.sources[number] if number is not None else None
        group = GROUPS[source.kind] if source else "unclear"
        named = source is not None and group not in ("unnamed", "unclear") and day is not None
        yield Fact(
            article=article.id,
            source=number,
            group=group,
            pronoun=_pronoun(quote, source),
            family=source.family if source else None,
            words=len(quote.text.split()),
            outlet=article.outlet.name if article.outlet else None,
            section=section,
            byline=article.byline,
            month=day[:7] if day else None,
            day=day,
            new=number not in met if named else None,
        )


def _pronoun(quote: Quote, source: Source | None) -> str | None:
    """Return the speaker's pronoun in this article, else in others."""
    own = quote.speaker.pronoun if quote.speaker else None
    return own or (source.pronoun if source else None)


def _source(article: Article, quote: Quote, gathered: Gathered) -> int | None:
    if quote.speaker is None:
        return None
    name, kind, listed = who(quote.speaker)
    return gathered.of.get((article.id, (" ".join(name.split()), kind, listed)))


def _day(article: Article) -> str | None:
    return article.published[:10] if article.published and _DAY.match(article.published) else None


def _section(article: Article) -> str | None:
    """Return the section in an article's address: "sport" of https://news.example/sport/a-match."""
    try:
        parts = [p for p in urlsplit(article.url or "").path.lower().split("/") if p]
    except ValueError:
        return None
    return parts[0] if len(parts) > 1 and _SECTION.fullmatch(parts[0]) else None


def of_outlet(found: Sequence[Fact], outlet: str) -> list[Fact]:
    """Return the facts of an outlet, by its name."""
    return [fact for fact in found if fact.outlet is not None and fact.outlet.casefold() == outlet.casefold()]


def of_period(found: Sequence[Fact], since: str, until: str) -> list[Fact]:
    """Return the facts of a period; both ends are prefixes of ISO dates, and included."""
    return [f for f in found if f.day and f.day[: len(since)] >= since and f.day[: len(until)] <= until]
