"""Compiled patterns match what spaCy's own matchers match, and ask them only where something may match."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from spacy.matcher import DependencyMatcher, Matcher
from spacy.tokens import Doc

from quotes.lexicon import load_lexicon
from quotes.lexicon.matchers import Patterns

LEXICON = load_lexicon("en")
SAMPLES = sorted((Path(__file__).parents[2] / "samples").glob("*.txt"))
SAID = {"LEMMA": {"IN": ["say", "tell"]}, "POS": "VERB"}
# Tests that can and that cannot be cached, optional tokens, runs, every kind of relation.
TOKENS: dict[str, list[dict[str, Any]]] = {
    "regex": [{"LOWER": {"REGEX": "^s"}}, {"POS": "PROPN", "OP": "+"}],
    "absent": [SAID, {"LOWER": "that", "OP": "?"}, {"TAG": "DT"}],
    "not": [SAID, {"LOWER": "that", "OP": "!"}, {"POS": {"NOT_IN": ["DET", "PUNCT"]}}],
    "any": [{"POS": "PROPN"}, {}, {"POS": "VERB"}],
    "run": [{"POS": "PROPN", "OP": "{2,3}"}, {"IS_PUNCT": True}],
    "none at all": [{"POS": "ADJ", "OP": "{0,2}"}, {"POS": "NOUN"}, {"TEXT": {"IN": [".", ","]}}],
    "never": [{"LOWER": "xylophone"}],
    "small letters": [{"lower": "the"}, {"pos": "NOUN"}],
}
DEPENDENCY: dict[str, list[dict[str, Any]]] = {
    relation: [
        {"RIGHT_ID": "cue", "RIGHT_ATTRS": SAID},
        {
            "LEFT_ID": "cue",
            "REL_OP": relation,
            "RIGHT_ID": "speaker",
            "RIGHT_ATTRS": {"POS": {"IN": ["PROPN", "PRON", "VERB"]}},
        },
    ]
    for relation in (">", ">>", "<", "<<", ".", ".*", ";", "$+", "$-", ">--", "<++")
}
DEPENDENCY["three"] = [
    {"RIGHT_ID": "cue", "RIGHT_ATTRS": SAID},
    {"LEFT_ID": "cue", "REL_OP": ">", "RIGHT_ID": "verb", "RIGHT_ATTRS": {"DEP": "ccomp"}},
    {"LEFT_ID": "verb", "REL_OP": ">", "RIGHT_ID": "subject", "RIGHT_ATTRS": {"LOWER": {"FUZZY": "tje"}}},
]


def by_spacy(
    doc: Doc, tokens: dict[str, list[dict[str, Any]]], dependency: dict[str, list[dict[str, Any]]]
) -> list[tuple[str, list[int], list[int]]]:
    """Match with all patterns in one Matcher and one DependencyMatcher."""
    found: list[tuple[str, list[int], list[int]]] = []
    over_parse, over_tokens = DependencyMatcher(doc.vocab), Matcher(doc.vocab)
    for name, nodes in dependency.items():
        over_parse.add(name, [nodes])
    for name, nodes in tokens.items():
        over_tokens.add(name, [nodes], greedy="LONGEST")
    for key, places in over_parse(doc) if dependency else []:
        found.append((doc.vocab.strings[key], places, list(range(len(places)))))
    matches: Any = over_tokens(doc, with_alignments=True) if tokens else []
    for key, start, end, alignment in matches:
        found.append((doc.vocab.strings[key], list(range(start, end)), alignment))
    return sorted(found)


def plain(nodes: Any) -> list[dict[str, Any]]:
    return [dict(node) for node in nodes]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.stem)
def test_matches_are_those_of_spacy(pipeline: Any, path: Path) -> None:
    """The shipped patterns and odd ones find the same as in spaCy's matchers, on every line of the samples."""
    vocab = pipeline.nlp.vocab
    shipped_tokens = {p.id: plain(p.pattern) for p in (*LEXICON.statements, *LEXICON.channels) if p.pattern}
    shipped_parse = {p.id: plain(p.dependency) for p in (*LEXICON.statements, *LEXICON.channels) if p.dependency}
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    docs = list(pipeline.parse(lines))
    for tokens, dependency in ((shipped_tokens, shipped_parse), (TOKENS, DEPENDENCY)):
        patterns = Patterns(vocab, tokens=tokens, dependency=dependency)
        for doc in docs:
            assert by_spacy(doc, tokens, dependency) == sorted(patterns.matches(doc))


def test_matches_over_the_parse_have_the_order_of_spacy(pipeline: Any) -> None:
    """The proposers take the first of several matches, so their order counts, also where a text has several trees."""
    vocab = pipeline.nlp.vocab
    twice = [{"RIGHT_ID": "a", "RIGHT_ATTRS": {"POS": {"IN": ["VERB", "NOUN", "AUX"]}}},
             {"LEFT_ID": "a", "REL_OP": ">", "RIGHT_ID": "b", "RIGHT_ATTRS": {"DEP": {"NOT_IN": ["nsubj"]}}},
             {"LEFT_ID": "a", "REL_OP": ">", "RIGHT_ID": "c", "RIGHT_ATTRS": {"POS": "NOUN"}}]  # fmt: skip
    shipped = {p.id: plain(p.dependency) for p in (*LEXICON.statements, *LEXICON.channels) if p.dependency}
    docs = list(pipeline.parse(path.read_text(encoding="utf-8")[:3000] for path in SAMPLES))
    for name, nodes in (shipped | DEPENDENCY | {"twice": twice}).items():
        patterns = Patterns(vocab, tokens={}, dependency={name: nodes})
        usual = DependencyMatcher(vocab)
        usual.add(name, [nodes])
        for doc in docs:
            assert [tokens for _, tokens in usual(doc)] == [tokens for _, tokens, _ in patterns.matches(doc)]


def test_odd_patterns_match_something(pipeline: Any) -> None:
    """The texts for comparing the odd patterns have matches of nearly all of them."""
    patterns = Patterns(pipeline.nlp.vocab, tokens=TOKENS, dependency=DEPENDENCY)
    lines = [line for path in SAMPLES for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    matched = {name for doc in pipeline.parse(lines) for name, _, _ in patterns.matches(doc)}
    assert {"never"} == {*TOKENS, *DEPENDENCY} - matched


def test_nothing_matches_nothing(pipeline: Any) -> None:
    """An empty text has no match, nor has any text without patterns."""
    vocab = pipeline.nlp.vocab
    [empty, said] = pipeline.parse(["", "Ana Lee said so."])
    assert [] == list(Patterns(vocab, tokens=TOKENS, dependency=DEPENDENCY).matches(empty))
    assert [] == list(Patterns(vocab, tokens={}, dependency={}).matches(said))
    assert [] == list(Patterns(vocab, tokens={"regex": [{"LOWER": {"REGEX": "^x"}}]}, dependency={}).matches(said))


def test_spacy_is_asked_where_something_may_match(pipeline: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pattern's own matcher does not see a text that lacks one of its tests, or has them in other places."""
    asked: list[str] = []

    class Counted(Matcher):
        def __call__(self, doclike: Any, **given: Any) -> Any:
            if isinstance(doclike, Doc):
                asked.append(doclike.text)
            return super().__call__(doclike, **given)

    monkeypatch.setattr("spacy.matcher.Matcher", Counted)
    patterns = Patterns(pipeline.nlp.vocab, tokens={"said the": [SAID, {"LOWER": "the"}]}, dependency={})
    texts = ["The mayor said it.", "So said the mayor.", "It rained."]
    assert [0, 1, 0] == [len(list(patterns.matches(doc))) for doc in pipeline.parse(texts)]
    assert ["So said the mayor."] == asked
