"""Shared fixtures: the real pipeline, once per session, and a record with every field filled."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from quotes.ingest import read
from quotes.records import (
    Article,
    ArticleRecord,
    Channel,
    Cue,
    Mention,
    Outlet,
    Quote,
    SourceText,
    Span,
    Speaker,
)

SAMPLES = Path(__file__).parents[1] / "samples"


@pytest.fixture(scope="session")
def pipeline() -> Any:
    from quotes.extraction.pipeline import load

    return load()


@pytest.fixture
def record() -> ArticleRecord:
    quote = Quote(
        id="q1",
        type="direct",
        text="“We will vote.” “On Monday.”",
        spans=(Span(0, 15), Span(26, 38)),
        cue=Cue("said", "say", 20, 24),
        speaker=Speaker("Ana Lee", "person", "the mayor", Mention("Lee", 16, 19), "alias", "@lee", "Q1"),
        channels=(Channel("on", "X", "platform", "x", Mention("on X", 39, 43)),),
        said_on="2025-06-10",
        confidence=0.75,
        pattern="en-inverted",
        paragraph=Span(0, 44),
    )
    low = Quote(id="q2", type="indirect", text="it would rain", spans=(Span(50, 63),), confidence=0.25)
    article = Article(
        "a1", "a.txt", 0, 0, 64, "Vote", "Jo Roe", "2025-06-11", "https://a.example/1", "en",
        Outlet("The Gazette", "gazette", "a.example"), Outlet("Reuters", "reuters", "reuters.com"),
    )  # fmt: skip
    return ArticleRecord(article, (quote, low))


@pytest.fixture
def whole(record: ArticleRecord) -> ArticleRecord:
    """The same record with the text that all its offsets fit."""
    text = "“We will vote.” Lee said. “On Monday.” on X.\nLee: it would rain."
    return evolve(record, article=evolve(record.article, text=text))


@pytest.fixture(scope="session")
def sampled(pipeline: Any) -> list[ArticleRecord]:
    """The records of all samples, with their texts."""
    sources = [source for source in read([str(SAMPLES)]) if isinstance(source, SourceText)]
    records = [(source.text, record) for source in sources for record in pipeline.read(source)]
    return [evolve(record, article=evolve(record.article, text=text)) for text, record in records]
