"""A model is loaded without what it never uses, and is the same otherwise."""

from __future__ import annotations

import spacy

from quotes.extraction.parsing.model import installed
from quotes.lexicon import load_lexicon

TEXT = "“I can't,” Mr. O'Hara (R-Ala.) told U.S. reporters at 5 p.m. near http://example.com/a?b=1 … we’re gonna. :-)"


def test_the_tokenizer_is_the_one_that_the_model_has_saved() -> None:
    """Its rules, its expressions and its tokens, and the configuration names no tokenizer of ours."""
    lexicon = load_lexicon("en")
    nlp = installed(None, lexicon)
    name = next(m for m in lexicon.words["en-models"] if spacy.util.is_package(m))
    usual = spacy.load(name, exclude=["ner"])
    assert usual.tokenizer.to_bytes(exclude=["vocab"]) == nlp.tokenizer.to_bytes(exclude=["vocab"])
    assert [(t.text, t.norm_) for t in usual.make_doc(TEXT)] == [(t.text, t.norm_) for t in nlp.make_doc(TEXT)]
    assert usual.config["nlp"]["tokenizer"] == nlp.config["nlp"]["tokenizer"]


def test_components_that_a_model_disables_are_not_loaded() -> None:
    """The sentence splitter of en_core_web_sm, since the parser splits sentences."""
    nlp = installed(None, load_lexicon("en"))
    assert nlp.component_names == nlp.pipe_names
