"""The text for the parser, and the mapping of its tokens to the source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
import spacy
from spacy.tokens import Doc

from quotes.extraction.article_text import ArticleText
from quotes.extraction.parsing import complete, masking
from quotes.extraction.parsing.masking import Piece, Reading
from quotes.extraction.statement import Statement
from quotes.lexicon import load_lexicon
from quotes.records import Candidate, Cue, Span
from quotes.text import quotation_marks

LEXICON = load_lexicon("en")
BLANK = spacy.blank("en")


def pieces(text: str, skips: Iterable[Span] = ()) -> list[Piece]:
    article = ArticleText.plain(text, lexicon=LEXICON, skips=tuple(skips))
    return list(masking.pieces(article, article.paragraphs, lexicon=LEXICON))


def shown(text: str, skips: Iterable[Span] = ()) -> list[str]:
    return [p.text for p in pieces(text, skips)]


def tokenised(texts: Iterable[str]) -> Iterator[Doc]:
    return map(BLANK.make_doc, texts)


def readings(text: str, skips: Iterable[Span] = ()) -> list[Reading]:
    return list(masking.read(pieces(text, skips), parse=tokenised))


READ = {
    "a cue": ("Lee said it rained.", ["Lee said it rained."]),
    "no cue and no marks": ("It rained all day.", []),
    "an odd form": ("Lee told Roe. It has been told.", ["Lee told Roe. It has been told."]),
    "only the paragraphs that matter": ("It rained.\nLee said so.\nIt snowed.", ["Lee said so."]),
    "a paragraph that is one quotation": ("“We go on Monday.”", []),
    "a short quotation": ("The “old” bridge fell.", ["The “old” bridge fell."]),
    "a sentence in marks": ("“We go on Monday,” Lee said.", ["“This is so,” Lee said."]),
    "a full stop": ("Lee said: “We go on Monday.”", ["Lee said: “This is so.”"]),
    "a question goes on": ("“Do we go on Monday?” asked Lee.", ["“This is so,” asked Lee."]),
    "a question at the end": ("Lee asked: “Do we go on Monday?”", ["Lee asked: “This is so?”"]),
    "a fragment is read": ("It was “a good day for us all,” Lee said.", ["It was “a good day for us all,” Lee said."]),
    "straight marks become curly": ('The "old" bridge fell.', ["The “old” bridge fell."]),
    "single marks, too": ("The ‘old’ bridge fell.", ["The “old” bridge fell."]),
    "glued marks are parted": ('it added."We go on Monday," Lee said.', ["it added. “This is so,” Lee said."]),
    "glued words after": ("“We go on Monday,”Lee said.", ["“This is so,” Lee said."]),
    "no-break spaces": ("Lee\u00a0said it\u202frained.", ["Lee said it rained."]),
    "no width": ("Lee said it\u200b rai\u00adned.", ["Lee said it rained."]),
    "half a pair": ("Lee said \ud83d it rained.", ["Lee said \ufffd it rained."]),
    "a long fragment is cut": (
        f"Lee called it “a very {'very ' * 30}old bridge.”", [f"Lee called it “a very {'very ' * 9}very.”"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), READ.values(), ids=READ.keys())
def test_what_is_read(text: str, expected: list[str]) -> None:
    """Only paragraphs with marks or a word of saying are read; a quotation that is a sentence is masked."""
    assert expected == shown(text)


def test_a_soft_hyphen_in_the_cue() -> None:
    """A word of saying that carries a soft hyphen is one."""
    assert ["Lee said it rained."] == shown("Lee sa\u00adid it rained.")


def test_furniture_is_not_read() -> None:
    """The parser sees nothing of page furniture in the middle of a paragraph."""
    text = "Lee said Remove Ads it rained."
    assert ["Lee said it rained."] == shown(text, [Span(9, 20)])


def test_lists_are_not_prose() -> None:
    """The same words over and over make no sentence, however many of them are words of saying."""
    assert [] == shown("said and said so " * 400)
    assert [] != shown("Lee said so. " + " ".join(f"And then number{n} went off home." for n in range(400)))


def test_long_paragraphs_are_cut_at_sentences() -> None:
    """No segment is longer than 4,000 characters if sentences end, and no text between is lost."""
    text = " ".join(f"Lee number{n} said that it rained in town{n}." for n in range(400))
    found = pieces(text)
    assert len(found) > 3
    assert all(len(p.text) <= 4_000 for p in found)
    assert all(p.text.rstrip().endswith(".") for p in found)
    assert text == "".join(p.text for p in found)


def slices(text: str, read: Reading) -> list[tuple[str, str]]:
    return [(t.text, text[a:b]) for t, a, b in zip(read.doc, read.starts, read.ends, strict=True)]


MAPPED = {
    "its own words": ("Lee said so.", [("Lee", "Lee"), ("said", "said"), ("so", "so"), (".", ".")]),
    "a masked quotation": (
        "“We go on Monday,” Lee said.",
        [(w, "“We go on Monday,”") for w in ("“", "This", "is", "so", ",", "”")]
        + [("Lee", "Lee"), ("said", "said"), (".", ".")],
    ),
    "a quotation that is read": (
        'The "old" bridge.', [("The", "The"), ("“", '"'), ("old", "old"), ("”", '"'), ("bridge", "bridge"), (".", ".")],
    ),
    "a space that is not there": ('so."Go," it said', None),
    "nothing of no width": (
        "Le\u00ade said so.", [("Lee", "Le\u00ade"), ("said", "said"), ("so", "so"), (".", ".")],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), MAPPED.values(), ids=MAPPED.keys())
def test_the_way_back(text: str, expected: list[tuple[str, str]] | None) -> None:
    """Each token knows its slice of the source; those of a mask cover the whole quotation."""
    [read] = readings(text)
    found = slices(text, read)
    if expected is not None:
        assert expected == found
    assert all(0 <= a <= b <= len(text) for a, b in zip(read.starts, read.ends, strict=True))
    assert sorted(read.starts) == read.starts


def test_tokens_know_their_quotation() -> None:
    """`inside` has the number of the quotation that holds a token, -1 for none; `spans` covers them."""
    text = "“One is here,” Lee said of the “old” one."
    [read] = readings(text)
    by_number = {n: [t.text for t, i in zip(read.doc, read.inside, strict=True) if i == n] for n in (0, 1)}
    assert {0: ["“", "One", "is", "here", ",", "”"], 1: ["“", "old", "”"]} == by_number
    assert range(2) == read.spans


def test_a_parse_that_is_given() -> None:
    """A Doc's own paragraphs are read, unmasked, with its own offsets."""
    text = "It rained.\n“We go on Monday,” Lee said.\n\nRoe left."
    marked = quotation_marks.find(text, lexicon=LEXICON)
    given = list(masking.given(BLANK.make_doc(text), list(quotation_marks.paragraphs(text)), marked))
    assert ["It rained.", "“We go on Monday,” Lee said.", "Roe left."] == [r.doc.text.strip() for r in given]
    for read in given:
        assert [(t.text, t.text) for t in read.doc] == slices(text, read)
    assert [-1, 0] == sorted(set(given[1].inside))
    assert [range(0), range(1), range(0)] == [r.spans for r in given]


def test_an_empty_doc_gives_nothing() -> None:
    """No text, no paragraphs, no readings."""
    assert [] == list(masking.given(BLANK.make_doc(""), [], []))


def test_every_text_gets_its_own_doc() -> None:
    """A parser that loses a text is a mistake that must not shift the others."""

    def loses(texts: Iterable[str]) -> list[Any]:
        return [BLANK.make_doc(t) for t in texts][:-1]

    with pytest.raises(ValueError, match="zip"):
        list(masking.read(pieces("Lee said so.\nRoe said no."), parse=loses))


@pytest.mark.parametrize(
    ("mention", "expected"),
    [
        ("The", "The former radio host"),
        ("a", "a man"),
        ("an", "an NBC/WSJ poll"),
        ("The former", "The former"),
        ("She", "She"),
        ("host", "host"),
        ("the", "the"),
    ],
)
def test_an_article_alone_gets_its_noun(pipeline: Any, mention: str, expected: str) -> None:
    """A mention that is "the" or "a" is widened to the noun that follows it; any other stays as it is."""
    text = "The former radio host said so to a man. She cited an NBC/WSJ poll, and called it “the poll of the year.”"
    parsed = list(masking.read(pieces(text), parse=pipeline.parse))
    start = re.search(rf"\b{mention}\b", text).start()  # type: ignore[union-attr]
    span = Span(start, start + len(mention))
    given = Candidate((Span(0, 1),), "indirect", "roles", mention=span, source=span)
    [found] = complete.completed([Statement(given)], parsed)
    bounds = (found.candidate.mention, found.candidate.source)
    assert (expected, expected) == tuple(text[s.start : s.end] for s in bounds if s)


@pytest.mark.parametrize(
    ("cue", "expected"),
    [("denied", ["indirect"]), ("thought", []), ("wanted", [])],
)
def test_a_word_of_saying_makes_speech(pipeline: Any, cue: str, expected: list[str]) -> None:
    """The reader's attitudes are speech if their cue says so; the rest are left out."""
    text = f"Ana Lopes {cue} the sale of the mill."
    at = text.index(cue)
    own = Candidate((Span(at + len(cue) + 1, len(text) - 1),), "attitude", "roles", Cue(cue, cue, at, at + len(cue)))
    readings = list(masking.given(pipeline.nlp(text), [Span(0, len(text))], []))
    found = complete.said([own], readings, lexicon=pipeline.lexicon, attitudes=False)
    assert expected == [c.type for c in found]
    assert len(complete.said([own], readings, lexicon=pipeline.lexicon, attitudes=True)) == 1
