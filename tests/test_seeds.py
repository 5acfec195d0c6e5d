"""The two news pages beside the checkout that the main job must do right."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from quotes.ingest import read
from quotes.records import ArticleRecord, SourceText

SEEDS = Path(__file__).parents[2] / "shared" / "seeds"


@pytest.fixture(scope="module")
def articles(pipeline: Any) -> list[ArticleRecord]:
    """The articles of the first page: four, one after the other."""
    if not SEEDS.is_dir():
        pytest.skip("no shared/seeds beside the checkout")
    [source] = [s for s in read([str(min(SEEDS.glob("*.txt")))]) if isinstance(s, SourceText)]
    return list(pipeline.read(source))


def credited(article: ArticleRecord, kind: str, words: str) -> tuple[str | None, str | None, set[tuple[str, str]]]:
    """Return who is credited with the quote of a type that holds some words, in which role, and its channels."""
    [quote] = [q for q in article.quotes if q.type == kind and words in q.text]
    speaker = quote.speaker
    assert speaker is not None
    return speaker.name, speaker.role, {(c.relation, c.name) for c in quote.channels}


def test_each_article_has_its_outlet(articles: list[ArticleRecord]) -> None:
    """The name is after its article, or before it."""
    outlets = [r.article.outlet and r.article.outlet.name for r in articles]
    assert [None, "The Hindu", "The New Indian Express", "The Times of India"] == outlets


@pytest.mark.parametrize("words", ["The relationship was frozen", "the first step"])
def test_a_spokesman_is_named_with_his_role_and_who_passed_his_words_on(
    articles: list[ArticleRecord], words: str
) -> None:
    """Esmail Baghaei, a spokesperson, via CBC News."""
    name, role, channels = credited(articles[0], "direct", words)
    assert ("Esmail Baghaei", "a spokesperson for the foreign ministry") == (name, role)
    assert ("via", "CBC News") in channels


@pytest.mark.parametrize("number", [1, 3])
def test_what_was_written_on_a_platform_is_its_writers(articles: list[ArticleRecord], number: int) -> None:
    """Narendra Modi, on X, in both papers; in one of them the text is torn."""
    name, role, channels = credited(articles[number], "direct", "The last 11 years")
    assert ("Narendra Modi", "Prime Minister") == (name, role)
    assert ("on", "X") in channels


def test_an_embedded_post_has_its_handle_and_day(articles: list[ArticleRecord]) -> None:
    """The post under The Hindu's article."""
    [post] = [q for q in articles[1].quotes if q.type == "post"]
    assert post.speaker is not None
    assert ("Narendra Modi", "@narendramodi", "2025-06-10") == (post.speaker.name, post.speaker.handle, post.said_on)
