"""The cache of lemmas gives what the model's lemmatizer gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest

from quotes.extraction.parsing import lemmas
from quotes.extraction.parsing.lemmas import Lemmas

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.pipeline import Lemmatizer

    from quotes.extraction.pipeline import Pipeline

TEXTS = (
    "“The boats were leaving,” she said, and he'd left the leaves where they lay.",
    "Leaves fell. The better boats leave; he left.",
    "The boats were leaving.",
    " \n ",
)


def _without_lemmas(nlp: Language, text: str) -> Any:
    with nlp.select_pipes(disable=["lemmatizer"]):
        return nlp(text)


def test_each_token_gets_the_lemma_of_the_lemmatizer(pipeline: Pipeline) -> None:
    """Words seen before, new ones, and those of white space alone: spaCy's own lemmas."""
    cached = Lemmas(cast("Lemmatizer", pipeline.nlp.get_pipe("lemmatizer")))
    for text in (*TEXTS, *TEXTS):
        [doc] = cached.pipe([_without_lemmas(pipeline.nlp, text)])
        assert [t.lemma_ for t in doc] == [t.lemma_ for t in pipeline.nlp(text)]


def test_a_lemma_that_is_given_stays(pipeline: Pipeline) -> None:
    """The attribute ruler's lemmas are not overwritten."""
    doc = _without_lemmas(pipeline.nlp, "They were here.")
    doc[1].lemma_ = "given"
    [read] = Lemmas(cast("Lemmatizer", pipeline.nlp.get_pipe("lemmatizer"))).pipe([doc])
    assert read[1].lemma_ == "given"


def test_the_cache_is_bounded(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full cache is cleared, and the lemmas stay the same."""
    monkeypatch.setattr(lemmas, "_MOST_KINDS", 3)
    cached = Lemmas(cast("Lemmatizer", pipeline.nlp.get_pipe("lemmatizer")))
    for text in TEXTS[:3]:
        [doc] = cached.pipe([_without_lemmas(pipeline.nlp, text)])
        assert [t.lemma_ for t in doc] == [t.lemma_ for t in pipeline.nlp(text)]
    assert len(cached._known) < 3 + len(TEXTS[2].split()) + 2
