"""The cached attribute ruler gives the same answers as spaCy's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from spacy.pipeline import AttributeRuler
from spacy.tokens import Doc

from quotes.extraction.parsing.attribute_ruler import Rulings

SAMPLES = Path(__file__).parents[3] / "samples"
# Patterns of several tokens, a word that a regular expression knows, white space, nothing at all.
ODD = [
    "There is nothin' left, and there are two of us.",
    "Let's go, she's gonna stay. I gotta leave, y'all ain't ready.",
    "Two  spaces\tand a tab.",
    "",
    "He gave it to me, and I told him that it did.",
]


class Counted:
    """A ruler that counts how often it is asked."""

    def __init__(self, ruler: AttributeRuler) -> None:
        self.ruler, self.asked = ruler, 0
        self.vocab, self.patterns = ruler.vocab, ruler.patterns

    def __call__(self, doc: Doc) -> Doc:
        self.asked += 1
        return self.ruler(doc)


def parsed(pipeline: Any, texts: list[str]) -> list[Doc]:
    docs = [pipeline.nlp.make_doc(text) for text in texts]
    for name in ("tok2vec", "tagger", "parser"):
        docs = list(pipeline.nlp.get_pipe(name).pipe(docs))
    return docs


def told(docs: list[Doc]) -> list[tuple[Any, ...]]:
    return [(t.text, t.tag_, t.pos_, str(t.morph), t.lemma_, t.dep_, t.head.i) for doc in docs for t in doc]


def test_every_token_gets_what_spacy_gives_it(pipeline: Any) -> None:
    """Tags, parts of speech, morphology, lemmas and heads are spaCy's, at first and from the cache."""
    texts = ODD + [
        line for path in SAMPLES.glob("*.txt") for line in path.read_text("utf-8").splitlines() if line
    ]
    ruler = pipeline.nlp.get_pipe("attribute_ruler")
    counted = Counted(ruler)
    rulings = Rulings(counted)  # type: ignore[arg-type]
    expected = told([ruler(doc) for doc in parsed(pipeline, texts)])
    assert expected == told(list(rulings.pipe(parsed(pipeline, texts))))
    counted.asked = 0
    assert expected == told(list(rulings.pipe(parsed(pipeline, texts))))
    assert counted.asked < len(texts) / 4
    counted.asked = 0
    list(rulings.pipe(parsed(pipeline, ["There is a boat.", "Let's go."])))
    assert counted.asked == 0  # patterns of several tokens match here


@pytest.mark.parametrize(
    ("pattern", "attrs"),
    [
        ([{"SHAPE": "Xxxx"}], {"POS": "PROPN"}),
        ([{"LOWER": {"FUZZY": "said"}}], {"POS": "VERB"}),
        ([{"TAG": "NN"}], {"ENT_TYPE": "PERSON"}),
        ([{"TAG": "NN"}, {"TAG": "IN"}], {"POS": "X"}),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_ruler_that_looks_elsewhere_is_asked_every_time(pattern: Any, attrs: Any, pipeline: Any) -> None:
    """Tokens that tag, word and dependency do not decide are left to spaCy."""
    ruler = AttributeRuler(pipeline.nlp.vocab)
    ruler.add(patterns=[[{"TAG": "NN"}]], attrs={"POS": "NOUN"})
    ruler.add(patterns=[pattern], attrs=attrs)
    counted = Counted(ruler)
    rulings = Rulings(counted)  # type: ignore[arg-type]
    for _ in range(3):
        list(rulings.pipe(parsed(pipeline, ["The mayor of the town said so."])))
    assert counted.asked == 3
