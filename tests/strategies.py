"""Hypothesis strategies for records."""

from __future__ import annotations

import types
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import attrs
from hypothesis import strategies as st

from quotes.records import ArticleRecord, Quote, Span


def anything(annotation: Any) -> st.SearchStrategy[Any]:
    """Return a strategy of all values of a record's field type."""
    simple = {
        str: st.text(),
        int: st.integers(0, 2**62),  # offsets and indices; no table holds more than 64 bits
        float: st.floats(0, 1),
        types.NoneType: st.none(),
    }
    if annotation in simple:
        return simple[annotation]
    if attrs.has(annotation):
        hints = get_type_hints(annotation)
        return st.builds(annotation, **{f.name: anything(hints[f.name]) for f in attrs.fields(annotation)})
    arguments = get_args(annotation)
    if get_origin(annotation) is Literal:
        return st.sampled_from(arguments)
    if get_origin(annotation) in (Union, types.UnionType):
        return st.one_of(*(anything(argument) for argument in arguments))
    return st.lists(anything(arguments[0]), max_size=3).map(tuple)


def fitted(record: ArticleRecord) -> ArticleRecord:
    """Return the record with a text that contains its quotes."""
    text = record.article.text or "“We will vote,” said Lee \U0001f600."
    quotes = tuple(_fitted(quote, text) for quote in record.quotes)
    return ArticleRecord(attrs.evolve(record.article, text=text), quotes)


def _fitted(quote: Quote, text: str) -> Quote:
    starts = [span.start % len(text) for span in quote.spans] or [0]
    ends = [start + 1 + (start * 7) % (len(text) - start) for start in starts]
    spans = tuple(Span(start, end) for start, end in zip(starts, ends, strict=True))
    return attrs.evolve(quote, spans=spans, text=" ".join(text[span.start : span.end] for span in spans))
