"""Reported statements of the reader that stop too soon end with their sentence."""

from __future__ import annotations

import pytest

from quotes.extraction import ranking
from quotes.extraction.article_text import ArticleText
from quotes.extraction.proposers import endings
from quotes.lexicon import load_lexicon
from quotes.records import Candidate, Cue, QuoteType, Slice, SourceText, Span

LEXICON = load_lexicon("en")


def completed(marked: str, *, kind: QuoteType = "indirect", others: tuple[str, ...] = ()) -> str:
    """Return the words of a statement, given as [words], after completion; `others` are cues of other statements."""
    start, end = marked.index("["), marked.index("]") - 1
    text = marked.replace("[", "").replace("]", "")
    article = ArticleText.plain(text, lexicon=LEXICON)

    def candidate(words: str, span: Span, type: QuoteType) -> Candidate:
        at = text.index(words)
        return Candidate((span,), type, "roles", Cue(words, words, at, at + len(words)))

    candidates = [candidate("said", Span(start, end), kind)]
    candidates += [candidate(cue, Span(start, start + 1), "direct") for cue in others]
    span = endings.complete(article, candidates, lexicon=LEXICON)[0].spans[-1]
    return text[span.start : span.end]


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        (
            "The board said [Orbit].io had lost two customers.\nThe shares fell.",
            "Orbit.io had lost two customers",
        ),
        (
            "She said [the choir would sing with tenor Marek] Dvorak (Brno) next May. Tickets go on sale today.",
            "the choir would sing with tenor Marek Dvorak (Brno) next May",
        ),
        (
            "Guards said [no one had looked in from 9 p.m. to 4 a.m]. the next day, when it rang. It rang twice.",
            "no one had looked in from 9 p.m. to 4 a.m. the next day, when it rang",
        ),
        (
            "Union leaders said [the firm had hidden its worst] losses for years\n\nThe firm denied it.",
            "the firm had hidden its worst losses for years",
        ),
        ("He said [the ferry Alma’]s engine failed", "the ferry Alma’s engine failed"),
    ],
)
def test_a_statement_that_ends_amid_a_phrase(marked: str, expected: str) -> None:
    """It takes in the rest of its sentence, at most of its line."""
    assert expected == completed(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "Roe said [the harbour was shut].",
        "Roe said [the harbour was shut], a day after the storm had passed.",
        "Roe said [the harbour was shut] because ice had formed at the quay.",
        "Roe said [the harbour was shut] when reporters called on Friday.",
        "Roe said [the harbour was shut] – the third time this year.",
        "Roe said [the harbour was shut] (it has been since May).",
        "Roe said [the harbour was shut] in a letter to the council.",
        "Roe said [the harbour was shut].Share this story",
        "Roe said [the harbour was a] “floating car park” for the rich.",
        "Roe said [the harbour was shut] again" + " and again" * 200 + ".",
    ],
)
def test_a_statement_that_may_end_there(marked: str) -> None:
    """A stop, a pause, a word that opens a clause, a quotation, and a sentence without an end leave it as it is."""
    assert marked[marked.index("[") + 1 : marked.index("]")] == completed(marked)


def test_the_article_ends_first() -> None:
    """A statement stays in its paragraph, however the text goes on: with an article's end, or with another one."""
    text = "The board said Orbit had lost two customers this year"
    article = ArticleText.of(SourceText("a", f"{text} and a half"), Slice(0, len(text)), lexicon=LEXICON)
    at = text.index("said")
    candidate = Candidate((Span(15, 33),), "indirect", "roles", Cue("said", "say", at, at + 4))
    [found] = endings.complete(article, [candidate], lexicon=LEXICON)
    assert len(text) == found.spans[-1].end


def test_another_statement_behind_it() -> None:
    """Words that another cue introduces are not its own."""
    assert "the pier" == completed("He said [the pier] it was feared would fall.", others=("feared",))


@pytest.mark.parametrize("kind", ["direct", "mixed"])
def test_quotations_stay(kind: QuoteType) -> None:
    """What marks enclose ends with them."""
    assert "the pier was" == completed("He said [the pier was] lost at sea.", kind=kind)


@pytest.mark.parametrize(
    ("marked", "mention", "expected"),
    [
        ("Roe said [the harbour shut].", "Roe", {"ends"}),
        ("Did Roe say [the harbour shut]? He left.", "Roe", {"ends"}),
        ("Roe said [the harbour shut]\nHe left.", "Roe", {"ends"}),
        ("Roe said [the harbour shut]", "Roe", {"ends"}),
        ("[The harbour shut], Roe said.", "Roe", {"begins"}),
        ("It froze. [The harbour shut], Roe said.", "Roe", {"begins"}),
        ("Roe said [the harbour shut] when ice came.", "Roe", set()),
        ("[Pilots whom Roe asked saw ice].", "Roe", {"begins", "ends", "around"}),
    ],
)
def test_features_of_both_ends(marked: str, mention: str, expected: set[str]) -> None:
    """Whether the sentence begins and ends with the statement, and whether its mention is inside."""
    span, text = Span(marked.index("["), marked.index("]") - 1), marked.replace("[", "").replace("]", "")
    who = Span(text.index(mention), text.index(mention) + len(mention))
    article = ArticleText.plain(text, lexicon=LEXICON)
    [found] = endings.complete(article, [Candidate((span,), "indirect", "roles", mention=who)], lexicon=LEXICON)
    assert expected == {name.split("_")[1] for name, _ in found.features}


@pytest.mark.parametrize(("kind", "expected"), [("indirect", True), ("direct", False)])
def test_the_ranker_sees_both_ends(kind: QuoteType, expected: bool) -> None:
    """They count for reported speech alone."""
    candidate = Candidate((Span(0, 9),), kind, "roles", features=(("roles", 1.0), ("roles_ends_sentence", 1.0)))
    [found] = ranking.combine([], [candidate], weights={"bias": 0.0})
    assert expected == ("both_roles_ends_sentence" in dict(found.features))
