"""Carry verdicts over to another copy of their articles: by text and title, and by the quotes' own words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import uuid4

from attrs import define, evolve, field

from quotes.export import from_dict, to_dict
from quotes.extraction.assembly import quote_id
from quotes.records import ArticleRecord, Quote
from quotes.web.review.seen import credited, fingerprint, seen, text_fingerprint, verbatim
from quotes.web.review.verdicts import Verdict
from quotes.web.review.weighing import Weighed

Found = tuple[ArticleRecord, Quote]


@define(eq=False)
class _Copies:
    """Articles by text and title, and their quotes by fingerprint."""

    records: Iterable[ArticleRecord]
    by_text: dict[str, list[ArticleRecord]] = field(factory=dict)
    by_title: dict[str, list[ArticleRecord]] = field(factory=dict)
    same: dict[tuple[str | None, str | None], list[Found]] = field(factory=dict)
    """By fingerprints of text and quote; for verdicts without a text's, by the quote's only."""
    alike: dict[tuple[str, str], list[Found]] = field(factory=dict)
    """By the article's title and the fingerprint of the quote without offsets."""

    def __attrs_post_init__(self) -> None:
        for record in self.records:
            article, text = record.article, text_fingerprint(record.article)
            self.by_text.setdefault(text, []).append(record)
            if article.title:
                self.by_title.setdefault(article.title, []).append(record)
            for quote in record.quotes:
                if not verbatim(quote, article):
                    continue
                own = fingerprint(quote, base=article.start)
                self.same.setdefault((text, own), []).append((record, quote))
                self.same.setdefault((None, fingerprint(quote)), []).append((record, quote))
                if article.title:
                    words = fingerprint(quote, places=False)
                    self.alike.setdefault((article.title, words), []).append((record, quote))


def reanchor(records: Mapping[str, ArticleRecord], weighed: Weighed) -> Iterator[Verdict]:
    """Yield new verdicts for those that match no record here, if their article and quote are found.

    The article is the one with the same text, or else with the same title; with the same text, the quote is the one
    with the same record, otherwise the only one with the same words, speaker, cue and channels. Quotes that already
    have a verdict keep it.

    Args:
        records: by the article's id.
        weighed: the verdicts, compared with the records.
    """
    copies = _Copies(records.values())
    taken = set(weighed.counted)
    for verdict in weighed.nowhere:
        found = list(_added(verdict, copies) if verdict.verdict == "add" else _judged(verdict, copies))
        if len(found) == 1 and found[0].key not in taken:
            taken.add(found[0].key)
            yield found[0]


def _judged(verdict: Verdict, copies: _Copies) -> Iterator[Verdict]:
    """Yield a verdict on an extracted quote again, for each quote that it can be about."""
    old, known = verdict.record, verdict.seen
    if old is None:
        return
    if known is None:
        found = copies.same.get((None, fingerprint(old)), [])
    else:
        found = copies.same.get((known.text, known.quote), [])
        found = found or copies.alike.get((known.title or "", fingerprint(old, places=False)), [])
    for record, quote in found:
        corrected = None
        if verdict.corrected is not None:
            corrected = _moved(verdict.corrected, quote.spans[0].start - old.spans[0].start, record)
            if corrected is None:
                continue
            if corrected.spans == quote.spans:
                corrected = evolve(corrected, id=quote.id)
        yield _new(verdict, record, quote.id, shown=quote, corrected=corrected)


def _added(verdict: Verdict, copies: _Copies) -> Iterator[Verdict]:
    """Yield a verdict that adds a quote again, for each article that it can be about."""
    added, known = verdict.corrected, verdict.seen
    if added is None:
        return
    if known is None:
        found = [(record, 0) for record in copies.records if verbatim(added, record.article)]
    elif known.text in copies.by_text:
        found = [(record, record.article.start - known.start) for record in copies.by_text[known.text]]
    else:
        titled = copies.by_title.get(known.title or "", [])
        found = [(record, shift) for record in titled for shift in _shifts(added, record)]
    for record, shift in found:
        corrected = _moved(added, shift, record)
        if corrected is not None and all(quote.spans != corrected.spans for quote in record.quotes):
            yield _new(verdict, record, corrected.id, shown=None, corrected=corrected)


def _shifts(quote: Quote, record: ArticleRecord) -> list[int]:
    """Return how far a quote moves in an article with another text, if its words occur there once."""
    text = (record.article.text or "")[: record.article.end]
    words, article = quote.text, record.article
    if len(quote.spans) > 1 or text.count(words, article.start) != 1:
        return []
    return [text.index(words, article.start) - quote.spans[0].start]


def _moved(quote: Quote, shift: int, record: ArticleRecord) -> Quote | None:
    """Return a quote with all its offsets moved, or None if the words there differ."""
    moved = from_dict(_shifted(to_dict(quote), shift), kind=Quote)
    moved = evolve(moved, id=quote_id(record.article.id, moved.spans))
    return moved if verbatim(moved, record.article) and credited(moved, record.article) else None


def _shifted(value: Any, shift: int) -> Any:
    if isinstance(value, dict):
        return {
            name: part + shift if name in ("start", "end") and isinstance(part, int) else _shifted(part, shift)
            for name, part in value.items()
        }
    return [_shifted(item, shift) for item in value] if isinstance(value, list) else value


def _new(
    verdict: Verdict, record: ArticleRecord, quote: str, *, shown: Quote | None, corrected: Quote | None
) -> Verdict:
    return evolve(
        verdict, id=uuid4().hex, article=record.article.id, quote=quote, source=record.article.source, record=shown,
        corrected=corrected, undoes=None, seen=seen(record, shown), reanchored=verdict.id,
    )  # fmt: skip
