"""Properties of every record: Hypothesis and the fuzzer check the same."""

from __future__ import annotations

import json
from functools import cache
from itertools import pairwise
from typing import Any

from quotes.export import from_dict, json_schema, to_dict
from quotes.records import ArticleRecord, ErrorRecord, MarkedSpan, Quote, SourceText
from quotes.text import quotation_marks


@cache
def _validator() -> Any:
    import jsonschema

    return jsonschema.Draft202012Validator(json_schema())


def check_slices(quote: Quote, text: str) -> None:
    """Every span of a quote has the text's words at its place."""
    pieces = [quote.cue, quote.speaker and quote.speaker.mention, *(c.mention for c in quote.channels)]
    for piece in pieces:
        if piece is not None:
            assert piece.text == text[piece.start : piece.end]
            assert piece.text
    assert quote.text == " ".join(text[s.start : s.end] for s in quote.spans)


def check_spans(quote: Quote, record: ArticleRecord) -> None:
    """A quote's spans are in order and do not overlap, inside its article and its paragraph."""
    low, high = record.article.start, record.article.end
    assert quote.spans
    assert all(low <= s.start < s.end <= high for s in quote.spans)
    assert all(one.end <= two.start for one, two in pairwise(quote.spans))
    if quote.paragraph is not None:
        assert quote.paragraph.start <= quote.spans[0].start
        assert quote.spans[-1].end <= quote.paragraph.end


def check_records(records: list[ArticleRecord], text: str) -> None:
    """Articles and quotes are in order, ids are unique, the schema is kept, and JSON reads back equal."""
    for one, two in pairwise(records):
        assert one.article.end <= two.article.start
    for record in records:
        assert 0 <= record.article.start <= record.article.end <= len(text)
        ids = [quote.id for quote in record.quotes]
        assert sorted(set(ids)) == sorted(ids)
        starts = [quote.spans[0].start for quote in record.quotes]
        assert sorted(starts) == starts
        for quote in record.quotes:
            check_slices(quote, text)
            check_spans(quote, record)
            assert 0 <= quote.confidence <= 1
    document = {"schema": "quotes/1", "articles": [to_dict(r) for r in records], "errors": []}
    _validator().validate(json.loads(json.dumps(document)))
    assert records == [from_dict(json.loads(json.dumps(to_dict(r)))) for r in records]


def check_marks(found: list[MarkedSpan], text: str) -> None:
    """Quotations are in order and do not overlap, each within one paragraph, its words within its marks."""
    paragraphs = list(quotation_marks.paragraphs(text))
    for one, two in pairwise(found):
        assert one.end <= two.start
    for span in found:
        # The tail of a quotation that the paragraph before left open may have no mark of its own before it.
        assert span.start + (not span.continues) <= span.inner.start <= span.inner.end <= span.end
        assert any(c.isalnum() for c in text[span.inner.start : span.inner.end])
        assert any(p.start <= span.start and span.end <= p.end for p in paragraphs)
        assert span.closed == (span.inner.end < span.end)


def check_source(found: SourceText | ErrorRecord) -> None:
    """A text has a name and words, and can be written out; an error says in words what is wrong with what."""
    if isinstance(found, ErrorRecord):
        assert found.source
        assert found.error
        assert found.detail
    else:
        assert found.name
        assert found.text.strip()
    json.dumps(to_dict(found), ensure_ascii=False).encode("utf-8")
