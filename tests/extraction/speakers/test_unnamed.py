"""Pronouns of people whom the article describes but does not name."""

from __future__ import annotations

from typing import Any

import pytest

from quotes.records import SourceText

OPENING = (
    "Orbo plans to close its yard in Velling next spring, the mayor, Grete Holm, told the council on Monday. "
    "Holm said that she had heard of it an hour before.\n\n"
    "The company's director, Harald Nissen, called the decision final.\n\n"
    "The yard opened in 1911 and employs 300 people. Its last ferry was finished in May.\n\n"
)


def speaker(pipeline: Any, text: str, words: str) -> str:
    """Return who says some words."""
    [record] = pipeline.read(SourceText("text", OPENING + text))
    [quote] = [q for q in record.quotes if words in q.text]
    return str(quote.speaker.name)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("A welder at the yard was less patient. “They told us in June,” he said.", "A welder at the yard"),
        ("An adviser to the minister dismissed this. “It was never true,” he said.", "An adviser to the minister"),
        (
            "Another analyst, who asked not to be named, was more cautious. “It may be cheaper to wait,” he said.",
            "Another analyst",
        ),
    ],
)
def test_a_pronoun_means_the_person_just_described(pipeline: Any, text: str, name: str) -> None:
    """Whoever opens the sentence before is nearer than a name of the paragraph before."""
    assert speaker(pipeline, text, text.split("“")[1].split(",”")[0]) == name


@pytest.mark.parametrize(
    "text",
    [
        "Nissen, a welder by trade, was in no doubt. “They told us in June,” he said.",
        "Nissen met an adviser to the minister on Friday. “It was never true,” he said.",
        "The director shook his head when he was asked. “It was never true,” he said.",
        "His deputy, Harald Nissen, shook his head. “It was never true,” he said.",
    ],
)
def test_it_means_the_name_where_the_description_is_not_somebody_else(pipeline: Any, text: str) -> None:
    """An apposition, an object, and a description of the name itself introduce no new speaker."""
    assert speaker(pipeline, text, text.split("“")[1].split(",”")[0]) == "Harald Nissen"
