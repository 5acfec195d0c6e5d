"""Build records: a frozen Quote from each statement, and an Article from the page's slice."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence

from quotes.extraction.article_text import ArticleText
from quotes.extraction.statement import Statement
from quotes.records import Article, ArticleRecord, Quote, SourceText, Span
from quotes.text.spans import touching


def record(
    source: SourceText, article: ArticleText, statements: Sequence[Statement], *, index: int, language: str
) -> ArticleRecord:
    """Build the record of an article; metadata of its slice come before those of the source.

    Args:
        source: the article's source.
        article: the article's text and parts.
        statements: the chosen statements, after all stages.
        index: its place among the source's articles.
        language: the patterns' language, used if the source gives none.
    """
    told, start = article.slice, article.body.start
    made = Article(
        id=_hash(source.name, str(index), source.text[start : told.end]),
        source=source.name,
        index=index,
        start=start,
        end=told.end,
        title=told.title or source.title,
        byline=told.byline or source.byline,
        published=told.published or source.published,
        url=source.url,
        language=source.language or language,
        outlet=article.outlet,
        wire=article.wire,
        text=source.text,
        cleaned=source.cleaned,
        found_by=source.found_by,
    )
    return _in_order(made, [quote(article, made.id, s) for s in statements])


def with_unattributed(record: ArticleRecord, article: ArticleText, statements: Sequence[Statement]) -> ArticleRecord:
    """Add quotations without a speaker: scare quotes, titles, nicknames, mottos."""
    return _in_order(record.article, [*record.quotes, *_unattributed(article, record.article.id, statements)])


def _in_order(article: Article, quotes: Iterable[Quote]) -> ArticleRecord:
    return ArticleRecord(article, tuple(sorted(quotes, key=lambda q: (q.spans[0].start, q.spans[-1].end, q.id))))


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def quote_id(article: str, spans: Sequence[Span]) -> str:
    """Return the id of a quote: the same for the same article and spans on every machine."""
    return _hash(article, *(f"{s.start}-{s.end}" for s in spans))


def quote(article: ArticleText, article_id: str, statement: Statement) -> Quote:
    """Build the record of a statement."""
    text, candidate = article.text, statement.candidate
    return Quote(
        id=quote_id(article_id, candidate.spans),
        type=candidate.type,
        text=" ".join(text[s.start : s.end] for s in candidate.spans),
        spans=candidate.spans,
        cue=candidate.cue,
        speaker=statement.speaker,
        channels=tuple(channel for _, channel in statement.channels),
        said_on=statement.said_on,
        stance=candidate.stance,
        confidence=round(statement.probability, 3),
        pattern=candidate.pattern,
        paragraph=paragraph_of(candidate.spans, article.paragraphs),
    )


def paragraph_of(spans: Sequence[Span], paragraphs: Sequence[Span]) -> Span | None:
    """Return the bounds of the paragraphs that contain a statement."""
    near = touching(paragraphs, spans[0].start, spans[-1].end)
    return Span(paragraphs[near[0]].start, paragraphs[near[-1]].end) if near else None


def _unattributed(article: ArticleText, article_id: str, statements: Sequence[Statement]) -> Iterator[Quote]:
    text, quotations = article.text, article.quotations
    claimed = {n for s in statements for part in s.spans for n in touching(quotations, part.start, part.end)}
    for number, span in enumerate(quotations):
        if number in claimed:
            continue
        spans = (Span(span.start, span.end),)
        yield Quote(
            id=quote_id(article_id, spans),
            type="direct",
            text=text[span.start : span.end],
            spans=spans,
            paragraph=paragraph_of(spans, article.paragraphs),
        )
