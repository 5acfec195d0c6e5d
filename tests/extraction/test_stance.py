"""Would say is a habit, or what came later, unless something shows that nobody said it."""

from __future__ import annotations

import pytest
from attrs import evolve

from quotes.extraction.pipeline import Pipeline
from quotes.records import SourceText

SAID = [
    ("“Never mind,” she would say, and pour the tea.", "“Never mind,”"),
    ("Mr Holt would always say “the customer is the boss”.", "“the customer is the boss”"),
    ("Each morning the foreman would shout: “Gloves on!”", "“Gloves on!”"),
    ("“You will miss me,” he’d say with a wink.", "“You will miss me,”"),
    ("The priest would usually tell them that nothing was lost.", "that nothing was lost"),
    ("“We were lucky,” Amara Diallo would say years later.", "“We were lucky,”"),
    ("The minister would say only that talks were under way.", "that talks were under way"),
    ("Officials would only say that the inquiry was continuing.", "that the inquiry was continuing"),
]
NOT_SAID = [
    "“Never mind,” she would say if asked.",
    "“No,” the ministry would say in that case, unless the court orders it.",
    "The mayor would not say whether the bridge would reopen.",
    "Critics would say that the plan is “a gift to the rich”.",
    "A cynic would say: “Follow the money.”",
    "“It is a trap,” many would say.",
    "“No deal,” he would have told them, had they listened.",
    "Opponents would call that “a tax on bread”.",
]


@pytest.mark.parametrize(("text", "words"), SAID)
def test_a_habit_is_said(pipeline: Pipeline, text: str, words: str) -> None:
    [record] = pipeline.read(SourceText("test", text))
    assert [words] == [q.text for q in record.quotes]


@pytest.mark.parametrize("text", NOT_SAID)
@pytest.mark.parametrize("reads", [True, False])
def test_what_only_might_be_said_is_left_out(pipeline: Pipeline, text: str, reads: bool) -> None:
    [record] = (pipeline if reads else evolve(pipeline, reader=None)).read(SourceText("test", text))
    assert [] == [q.text for q in record.quotes]
