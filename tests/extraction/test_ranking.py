"""The choice of candidates, and of quotations that continue a statement (`ranker` and `runs`)."""

from __future__ import annotations

import math
from typing import Any

import pytest
from attrs import evolve

from quotes.extraction import fragments, ranking
from quotes.extraction.article_text import ArticleText
from quotes.extraction.statement import Statement
from quotes.lexicon import Lexicon, load_lexicon
from quotes.records import Candidate, Cue, Span

LEXICON = load_lexicon("en")
PLAIN = Lexicon("xx", weights={"bias": 0.0, "good": 2.0, "bad": -2.0, "least_indirect": 0.6})


def candidate(start: int, end: int, cue: int | None = None, *, kind: Any = "direct", **features: float) -> Candidate:
    said = None if cue is None else Cue("said", "say", cue, cue + 4)
    return Candidate((Span(start, end),), kind, "p", said, features=tuple(features.items()))


def bounds(candidates: list[Candidate], *, least: float = 0.0, lexicon: Lexicon = PLAIN) -> list[tuple[int, int]]:
    chosen = ranking.choose(candidates, lexicon=lexicon, least=least)
    return [(s.spans[0].start, s.spans[-1].end) for s in chosen]


@pytest.mark.parametrize(
    ("features", "expected"),
    [({}, 0.5), ({"good": 1.0}, 1 / (1 + math.exp(-2))), ({"good": 1.0, "bad": 1.0}, 0.5), ({"unknown": 9.0}, 0.5),
     ({"good": 0.5}, 1 / (1 + math.exp(-1)))],
)  # fmt: skip
def test_probability_is_logistic(features: dict[str, float], expected: float) -> None:
    """Weights times values, summed and squashed; what has no weight counts nothing."""
    assert expected == pytest.approx(ranking.probability(candidate(0, 9, **features), weights=PLAIN.weights))


@pytest.mark.parametrize(("value", "expected"), [(1e9, 1.0), (-1e9, 0.0)])
def test_probability_does_not_overflow(value: float, expected: float) -> None:
    """Odd values give a probability, not an error."""
    given = ranking.probability(candidate(0, 9, good=value), weights=PLAIN.weights)
    assert expected == pytest.approx(given)
    assert 0 <= given <= 1


@pytest.mark.parametrize(
    ("reader", "grammar", "found"),
    [
        (Span(35, 42), Span(30, 33), Span(30, 33)),  # “No,” wrote [one]. [Another] said
        (Span(34, 42), Span(30, 33), Span(34, 42)),  # “No,” said [dealer] [Ines Falk]
        (Span(30, 42), Span(30, 33), Span(30, 33)),  # both read the same words, the grammar fewer
        (Span(0, 7), Span(30, 33), Span(0, 7)),  # the reader's is before the cue
        (Span(35, 42), Span(31, 33), Span(35, 42)),  # the grammar's is not directly behind the cue
    ],
)
def test_a_speaker_directly_behind_the_cue_is_not_passed_over(reader: Span, grammar: Span, found: Span) -> None:
    """What begins after the grammar's own speaker has ended is another sentence's."""
    own = evolve(candidate(10, 24, 25), mention=reader, source=reader)
    other = evolve(candidate(10, 24, 25), mention=grammar, source=grammar)
    assert found in [c.mention for c in ranking.combine([other], [own], weights={"bias": 0.0})][1:]


def test_the_more_probable_of_two_stands() -> None:
    """Of two candidates for the same words the better one is chosen, whichever comes first."""
    one, two = candidate(0, 20, 25, bad=1.0), candidate(5, 20, 40, good=1.0)
    assert [(5, 20)] == bounds([one, two]) == bounds([two, one])


def test_apart_both_stand_in_the_order_of_the_text() -> None:
    """Candidates that share no words do not compete."""
    assert [(0, 20), (30, 50)] == bounds([candidate(30, 50, 60, good=1.0), candidate(0, 20, 25)])


def test_a_cue_is_used_once() -> None:
    """One word of saying introduces one statement, the better."""
    assert [(30, 50)] == bounds([candidate(0, 20, 25), candidate(30, 50, 25, good=1.0)])


def test_a_statement_within_a_statement_stands_beside_it() -> None:
    """Lee said that Roe called it “a gift”: the inner cue is inside the outer statement."""
    assert [(10, 60), (40, 60)] == bounds([candidate(10, 60, 5), candidate(40, 60, 30)])


def test_the_least_probability() -> None:
    """Candidates below the least probability are dropped."""
    assert [(30, 50)] == bounds([candidate(0, 20, 25), candidate(30, 50, 60, good=1.0)], least=0.6)


def test_each_type_has_its_own_least_probability() -> None:
    """`least_indirect` of the weights holds for reported speech alone."""
    assert [(0, 20)] == bounds([candidate(0, 20, 25), candidate(30, 50, 60, kind="indirect")])


def test_conflicts_are_seen_over_a_long_distance() -> None:
    """A statement of many pages still rules out another one that shares its last words."""
    assert [(0, 9_000)] == bounds([candidate(0, 9_000, 9_005, good=1.0), candidate(8_990, 9_000, 9_100)])


# -- runs ------------------------------------------------------------------------------------------------------------

# A text, the quotation with a separate credit ([0] is the first), and the statement's fragments.
RUNS = {
    "the sentence after the credit": ("“We go now,” Lee said. “We come back.”", 0, ["“We go now,”", "“We come back.”"]),
    "what the credit splits": ("“The pump,” she said, “stopped at four.”", 0, ["“The pump,”", "“stopped at four.”"]),
    "split, the credit linked to the second part": (
        "“The pump,” she said, “stopped at four.”", 1, ["“The pump,”", "“stopped at four.”"],
    ),
    "the next paragraph, a quotation": (
        "“We go now,” Lee said.\n“We come back on Monday.”", 0, ["“We go now,”", "“We come back on Monday.”"],
    ),
    "a quotation over two paragraphs, the credit in the last": (
        "“We go now.\n“We come back,” Lee said.", 1, ["“We go now.", "“We come back,”"],
    ),
    "a paragraph between ends the run": (
        "“We go now,” Lee said.\nIt rained.\n“We come back on Monday.”", 0, ["“We go now,”"],
    ),
    "a scare quote is no sentence": ("“We go now,” Lee said. The “old” bridge fell.", 0, ["“We go now,”"]),
    "a title in the middle of a sentence": (
        "“We go now,” Lee said. He wrote “The Old Bridge and Me” in May.", 0, ["“We go now,”"],
    ),
    "a paragraph that opens with other words": (
        "“We go now,” Lee said.\nThe mayor, a friend, wrote “We Come Back Home.”", 0, ["“We go now,”"],
    ),
}  # fmt: skip


def extended(text: str, credited: int, **fields: Any) -> list[Candidate]:
    article = ArticleText.plain(text, lexicon=LEXICON)
    own = article.quotations[credited]
    at = next(text.index(word) for word in ("Lee said", "she said") if word in text) + 4
    start = evolve(candidate(own.start, own.end, at), **fields)
    return [s.candidate for s in fragments.extend(article, [Statement(start)])]


@pytest.mark.parametrize(("text", "credited", "expected"), RUNS.values(), ids=RUNS.keys())
def test_runs(text: str, credited: int, expected: list[str]) -> None:
    """A quotation that continues a statement is its next fragment; a new sentence of another kind ends the run."""
    [statement] = extended(text, credited)
    assert expected == [text[s.start : s.end] for s in statement.spans]


def test_a_bullet_before_the_quotation() -> None:
    """A quotation that opens its paragraph continues the one before, with a bullet or without."""
    text = "“We go now,” Lee said.\n• “We come back on Monday.”"
    [statement] = extended(text, 0)
    assert ["“We go now,”", "“We come back on Monday.”"] == [text[s.start : s.end] for s in statement.spans]


@pytest.mark.parametrize("across", [True, False])
def test_runs_across_paragraphs_can_be_left_to_others(across: bool) -> None:
    """If another proposer continues a statement over a paragraph's end, runs stay within paragraphs."""
    text = "“We go now,” Lee said. “We must.”\n“We come back on Monday.”"
    article = ArticleText.plain(text, lexicon=LEXICON)
    marked = article.quotations
    start = candidate(marked[0].start, marked[0].end, text.index("said"))
    [statement] = fragments.extend(article, [Statement(start)], across=across)
    expected = ["“We go now,”", "“We must.”", "“We come back on Monday.”"][: 3 if across else 2]
    assert expected == [text[s.start : s.end] for s in statement.spans]


@pytest.mark.parametrize(("kind", "expected"), [("direct", "direct"), ("mixed", "mixed"), ("indirect", "mixed")])
def test_the_type_of_a_run(kind: str, expected: str) -> None:
    """Reported speech that continues in quotation marks is mixed."""
    [statement] = extended("“We go now,” Lee said. “We come back.”", 0, type=kind)
    assert expected == statement.type


def test_a_quotation_with_its_own_credit_is_left_alone() -> None:
    """Words claimed by another statement stay with it, and the run continues that one."""
    text = "“We go now,” Lee said.\n“We stay here,” Roe said. “It is cold.”"
    article = ArticleText.plain(text, lexicon=LEXICON)
    marked = article.quotations
    one = candidate(marked[0].start, marked[0].end, text.index("said"))
    two = candidate(marked[1].start, marked[1].end, text.rindex("said"))
    found = fragments.extend(article, [Statement(one, 0.9), Statement(two, 0.8)])
    assert [(1, 0.9), (2, 0.8)] == [(len(s.spans), s.probability) for s in found]


def test_nothing_said_before_nothing_given() -> None:
    """A quotation before the first statement belongs to none."""
    text = "“It was very cold.”\nIt rained.\n“We go now,” Lee said."
    [statement] = extended(text, 1)
    assert ["“We go now,”"] == [text[s.start : s.end] for s in statement.spans]


def test_a_quoted_paragraph_stands_apart() -> None:
    """A run over paragraphs is a statement a paragraph; those without the cue have no mention."""
    text = "“We go now,” Lee said. “We must.”\n\n“We come back on Monday.”\n\n“Or never.”"
    article = ArticleText.plain(text, lexicon=LEXICON)
    marked = article.quotations
    at = text.index("said")
    whole = evolve(candidate(0, 0, at), spans=tuple(Span(m.start, m.end) for m in marked), mention=Span(at - 4, at - 1))
    found = [s.candidate for s in fragments.apart(article, [Statement(whole)])]
    assert [2, 1, 1] == [len(c.spans) for c in found]
    assert [True, False, False] == [c.cue is not None and c.mention is not None for c in found]


def test_lines_of_one_paragraph_stand_together() -> None:
    """If empty lines separate paragraphs, a wrapped line ends none."""
    text = "“We go now,” Lee said. “We must.”\n“We come back on Monday.”\n\nIt rained.\n\nIt snowed.\n\nNobody came."
    article = ArticleText.plain(text, lexicon=LEXICON)
    marked = article.quotations
    whole = evolve(candidate(0, 0, text.index("said")), spans=tuple(Span(m.start, m.end) for m in marked))
    assert 1 == len(fragments.apart(article, [Statement(whole)]))
