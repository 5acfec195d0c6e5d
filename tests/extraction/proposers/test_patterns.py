"""Patterns over the parse, and how far a statement reaches in it (`matching` and `grammar`), on Docs built by hand."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import frozen
from spacy.lang.en import English
from spacy.tokens import Doc

from quotes.extraction.article_text import ArticleText
from quotes.extraction.parsing import masking as reading
from quotes.extraction.parsing.masking import Reading
from quotes.extraction.proposers import patterns
from quotes.extraction.proposers.clauses import Clause
from quotes.lexicon import load_lexicon
from quotes.records import Candidate, MarkedSpan, Span
from quotes.text import quotation_marks

LEXICON = load_lexicon("en")
VOCAB = English().vocab
MATCHERS = patterns.StatementMatchers(LEXICON, VOCAB)
POS = {
    "NNP": "PROPN", "NN": "NOUN", "NNS": "NOUN", "VBD": "VERB", "VBZ": "VERB", "VBG": "VERB", "VBN": "VERB",
    "VB": "VERB",
    "PRP": "PRON", "DT": "DET", "IN": "ADP", "JJ": "ADJ", "TO": "PART", "RB": "ADV", "AUX": "AUX", ",": "PUNCT",
    ".": "PUNCT", ":": "PUNCT", "``": "PUNCT", "''": "PUNCT", "POS": "PART",
}  # fmt: skip
LEMMAS = {
    "said": "say", "called": "call", "denied": "deny", "adding": "add", "was": "be", "is": "be", "told": "tell",
    "quoted": "quote", "saying": "say", "rained": "rain", "says": "say", "vowed": "vow", "went": "go",
    "pointed": "point",
}  # fmt: skip


@frozen
class Parsed:
    """A sentence with its parse, its marks and its candidates."""

    text: str
    doc: Doc
    reading: Reading
    marked: list[MarkedSpan]

    def clause(self, cue: str, speaker: str | None = None) -> Clause:
        token = {t.text: t for t in self.doc}
        given = None if speaker is None else token[speaker]
        return Clause(self.text, self.reading, self.marked, LEXICON, token[cue], given, {}, frozenset())

    def slice(self, span: Span) -> str:
        return self.text[span.start : span.end]

    def proposed(self) -> list[Candidate]:
        return patterns.propose(ArticleText.plain(self.text, lexicon=LEXICON), [self.reading], matchers=MATCHERS)


def parsed(rows: str) -> Parsed:
    """Build a Doc from lines of "word tag label head", the head by its word or its number; "_" glues to the next."""
    table = [line.split() for line in rows.strip().splitlines()]
    words = [row[0].removesuffix("_") if len(row[0]) > 1 else row[0] for row in table]
    spaces = [not (row[0].endswith("_") and len(row[0]) > 1) for row in table]
    heads = [int(row[3]) if row[3].isdigit() else words.index(row[3]) for row in table]
    doc = Doc(
        VOCAB, words=words, spaces=[*spaces[:-1], False],
        tags=[row[1] for row in table], deps=[row[2] for row in table],
        heads=heads, pos=[POS[row[1]] for row in table], lemmas=[LEMMAS.get(w.lower(), w.lower()) for w in words],
    )  # fmt: skip
    marked = quotation_marks.find(doc.text, lexicon=LEXICON)
    [read] = reading.given(doc, [Span(0, len(doc.text))], marked)
    return Parsed(doc.text, read.doc, read, marked)


SAID_THAT = parsed("""
    Lee NNP nsubj said
    said VBD ROOT said
    that IN mark rained
    it PRP nsubj rained
    rained VBD ccomp said
    in IN prep rained
    Oslo_ NNP pobj in
    . . punct said
""")
BEFORE = parsed("""
    “_ `` punct go
    We PRP nsubj go
    go VB ccomp said
    now_ RB advmod go
    ,_ , punct go
    ” '' punct said
    Lee NNP nsubj said
    said_ VBD ROOT said
    . . punct said
""")
MIXED = parsed("""
    Lee NNP nsubj said
    said VBD ROOT said
    it PRP nsubj was
    was AUX ccomp said
    “_ `` punct gift
    a DT det gift
    gift_ NN attr was
    .” . punct said
""")
CALLED = parsed("""
    Lee NNP nsubj called
    called VBD ROOT called
    him PRP dobj called
    “_ `` punct friend
    a DT det friend
    friend_ NN oprd called
    ” '' punct called
    today_ NN npadvmod called
    . . punct called
""")
DENIED = parsed("""
    Lee NNP nsubj denied
    denied VBD ROOT denied
    any DT det role
    role NN dobj denied
    in IN prep role
    it_ PRP pobj in
    . . punct denied
""")
ACCORDING = parsed("""
    It PRP nsubj rained
    rained_ VBD ROOT rained
    , , punct rained
    according VBG prep rained
    to IN prep according
    Lee_ NNP pobj to
    . . punct rained
""")
INTERRUPTED = parsed("""
    This DT det town
    town_ NN nsubj is
    , , punct said
    Lee NNP nsubj said
    said_ VBD parataxis is
    , , punct is
    is AUX ROOT is
    full_ JJ acomp is
    . . punct is
""")
ADDING = parsed("""
    Lee NNP nsubj said
    said VBD ROOT said
    it PRP nsubj rained
    rained_ VBD ccomp said
    , , punct said
    adding VBG advcl said
    that IN mark is
    it PRP nsubj is
    is AUX ccomp adding
    cold_ JJ acomp is
    . . punct said
""")
PASSIVE = parsed("""
    “_ `` punct go
    We PRP nsubj go
    go VB ccomp saying
    now_ RB advmod go
    ,_ , punct go
    ” '' punct quoted
    Lee NNP nsubjpass quoted
    was AUX auxpass quoted
    quoted VBN ROOT quoted
    as IN prep quoted
    saying_ VBG pcomp as
    . . punct quoted
""")
APPOSITION = parsed("""
    Ana NNP compound Lee
    Lee_ NNP nsubj said
    , , punct Lee
    a DT det nurse
    nurse NN appos Lee
    in IN prep nurse
    Oslo_ NNP pobj in
    , , punct Lee
    said VBD ROOT said
    it PRP nsubj rained
    rained_ VBD ccomp said
    . . punct said
""")
HANGING = parsed("""
    The DT det mayor
    mayor NN nsubj said
    of IN prep mayor
    Oslo_ NNP pobj of
    , , punct mayor
    a DT det nurse
    nurse_ NN appos mayor
    , , punct mayor
    said VBD ROOT said
    it PRP nsubj rained
    rained_ VBD ccomp said
    . . punct said
""")
INSIDE = parsed("""
    “_ `` punct said
    Roe NNP nsubj said
    said VBD ROOT said
    it PRP nsubj rained
    rained_ VBD ccomp said
    .” . punct said
""")
LEFT = parsed("""
    Lee NNP nsubj left
    left VBD ROOT left
    the DT det bridge
    “_ `` punct old
    old_ JJ amod bridge
    ” '' punct bridge
    bridge_ NN dobj left
    . . punct left
""")

# A parse; then pattern, cue, mention, type and fragments of each candidate.
PROPOSED: dict[str, tuple[Parsed, list[tuple[str, str, str, str, list[str]]]]] = {
    "that-clause": (SAID_THAT, [("en-subject", "said", "Lee", "indirect", ["that it rained in Oslo"])]),
    "a quotation before": (BEFORE, [("en-subject", "said", "Lee", "direct", ["“We go now,”"])]),
    "a clause that ends in marks": (MIXED, [("en-subject", "said", "Lee", "mixed", ["it was “a gift.”"])]),
    "an object in marks": (CALLED, [("en-subject", "called", "Lee", "mixed", ["him “a friend”"])]),
    "an object without marks": (DENIED, [("en-subject", "denied", "Lee", "indirect", ["any role in it"])]),
    "according to": (ACCORDING, [("en-according", "according to", "Lee", "indirect", ["It rained"])]),
    "an interrupting clause": (
        INTERRUPTED, [("en-parenthetical", "said", "Lee", "indirect", ["This town", "is full"])],
    ),
    "a participle carries on": (
        ADDING,
        [("en-subject", "said", "Lee", "indirect", ["it rained"]),
         ("en-chain", "adding", "Lee", "indirect", ["that it is cold"])],
    ),
    "a passive": (PASSIVE, [("en-passive", "was quoted as saying", "Lee", "direct", ["“We go now,”"])]),
    "a name with an apposition": (APPOSITION, [("en-subject", "said", "Ana Lee", "indirect", ["it rained"])]),
    "a place is not who speaks": (HANGING, [("en-subject", "said", "The mayor of Oslo", "indirect", ["it rained"])]),
    "a cue in a quotation is the speaker's own": (INSIDE, []),
    "no word of saying": (LEFT, []),
}  # fmt: skip


@pytest.mark.parametrize(("given", "expected"), PROPOSED.values(), ids=PROPOSED.keys())
def test_candidates(given: Parsed, expected: list[Any]) -> None:
    """Patterns name cue and speaker; the parse says how far the content reaches, marks say of what type it is."""
    actual = [
        (
            c.pattern,
            c.cue and c.cue.text,
            c.mention and given.slice(c.mention),
            c.type,
            [given.slice(s) for s in c.spans],
        )
        for c in given.proposed()
    ]
    assert expected == actual


def test_the_source_is_the_whole_noun_phrase() -> None:
    """The mention is the name, the source all that describes the bearer."""
    [found] = APPOSITION.proposed()
    assert found.source is not None
    assert "Ana Lee, a nurse in Oslo" == APPOSITION.slice(found.source)


def test_a_candidate_is_anchored_at_its_cue() -> None:
    """Channels are looked for in the cue's sentence."""
    [found] = SAID_THAT.proposed()
    assert (SAID_THAT.text.index("said"), "say") == (found.anchor, found.cue and found.cue.lemma)


@pytest.mark.parametrize(
    ("given", "present", "absent"),
    [
        (SAID_THAT, {"pattern_en-subject", "indirect_clause", "indirect_en-say", "speaker_propn"}, {"stop_inside"}),
        (BEFORE, {"direct_fronted", "stop_inside", "capital_inside", "whole_sentence"}, {"that", "indirect_clause"}),
        (CALLED, {"mixed_object", "mixed_en-name"}, {"whole_sentence"}),
    ],
)
def test_features_are_named(given: Parsed, present: set[str], absent: set[str]) -> None:
    """A candidate says by name what speaks for it and against it."""
    [found] = given.proposed()
    names = {name for name, value in found.features if value}
    assert present <= names
    assert not absent & names


# -- grammar ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "cue", "expected"),
    [
        (SAID_THAT, "said", (["that it rained in Oslo"], "clause")),
        (BEFORE, "said", (["“We go now,”"], "fronted")),
        (CALLED, "called", (["him “a friend”"], "object")),
        (DENIED, "denied", (["any role in it"], "object")),
        (ADDING, "adding", (["that it is cold"], "clause")),
        (INTERRUPTED, "said", None),
    ],
)
def test_governed(given: Parsed, cue: str, expected: tuple[list[str], str] | None) -> None:
    """A cue governs the clause below it, or the object of some cues."""
    speaker = None if cue == "adding" else "Lee"
    content = given.clause(cue, speaker).governed()
    assert expected == (content and ([given.slice(r) for r in content.regions], content.how))


def test_rest_of_the_sentence() -> None:
    """The sentence without the phrase that credits it."""
    content = ACCORDING.clause("according", "Lee").rest()
    assert content is not None
    assert ["It rained"] == [ACCORDING.slice(r) for r in content.regions]


def test_surrounding() -> None:
    """The clause on both sides of the cue's own."""
    content = INTERRUPTED.clause("said", "Lee").surrounding()
    assert content is not None
    assert ["This town", "is full"] == [INTERRUPTED.slice(r) for r in content.regions]


def test_nothing_surrounds_the_main_clause() -> None:
    """A cue that heads its sentence interrupts nothing."""
    assert SAID_THAT.clause("said", "Lee").surrounding() is None


@pytest.mark.parametrize(
    ("given", "cue", "expected"), [(BEFORE, "said", ("“We go now,”", "before")), (SAID_THAT, "said", None)]
)
def test_beside(given: Parsed, cue: str, expected: tuple[str, str] | None) -> None:
    """The quotation that adjoins the cue's clause, on either side."""
    content = given.clause(cue, "Lee").beside()
    assert expected == (content and (given.slice(content.regions[0]), content.how))


@pytest.mark.parametrize(
    ("given", "cue", "takes"),
    [(SAID_THAT, "said", {"direct", "clause"}), (CALLED, "called", {"quoted-object", "as"}), (LEFT, "left", set())],
)
def test_takes(given: Parsed, cue: str, takes: set[str]) -> None:
    """The entries of a cue decide what may follow it; other words take nothing."""
    found = given.clause(cue, "Lee").takes
    assert takes <= found
    assert bool(takes) == bool(found)


@pytest.mark.parametrize(
    ("given", "cue", "speaker", "expected"), [(ADDING, "adding", "Lee", True), (SAID_THAT, "said", None, False)]
)
def test_shares_subject(given: Parsed, cue: str, speaker: str | None, expected: bool) -> None:
    """A participle has the subject of the verb above it; without a speaker there is nothing to share."""
    assert expected == given.clause(cue, speaker).shares_subject()


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(0, 8, "Lee said that it rained in Oslo"), (2, 7, "that it rained in Oslo"), (7, 8, ""), (3, 3, "")],
)
def test_spans_are_trimmed(low: int, high: int, expected: str) -> None:
    """Stops and spaces at both ends, outside quotation marks, are not part of a statement."""
    assert expected == SAID_THAT.slice(SAID_THAT.clause("said").span(low, high))


def test_a_span_takes_in_its_quotation_whole() -> None:
    """A span that begins or ends within marks reaches to them."""
    low = next(t.i for t in MIXED.doc if t.text == "it")
    gift = next(t.i for t in MIXED.doc if t.text == "gift")
    assert "it was “a gift.”" == MIXED.slice(MIXED.clause("said").span(low, gift + 1))
