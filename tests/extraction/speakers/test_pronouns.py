"""The article's pronoun for each speaker: `speaker.pronoun`."""

from __future__ import annotations

from typing import Any

import pytest

from quotes import from_dict, to_dict
from quotes.records import SourceText


def told(pipeline: Any, text: str) -> dict[str, str | None]:
    """Return the pronoun of each speaker."""
    [record] = pipeline.read(SourceText("text", text))
    assert from_dict(to_dict(record)) == record
    return {q.speaker.name: q.speaker.pronoun for q in record.quotes if q.speaker}


@pytest.mark.parametrize(
    ("text", "name", "pronoun"),
    [
        ("“We lost a week,” Ana Moreira told Reuters. She runs it. “It is open,” she said.", "Ana Moreira", "she"),
        ("Mr. Okoro was late. “I am sorry for the delay,” Mr. Okoro said.", "Okoro", "he"),
        ("Dame Ruth Pell opened the hall. “It is a good day for the town,” Dame Ruth Pell said.", "Ruth Pell", "she"),
        (
            "Jules Abara, who uses they/them pronouns, runs the shop. “The rent has doubled,” Jules Abara said.",
            "Jules Abara", "they",
        ),
    ],
)  # fmt: skip
def test_the_article_says_it(pipeline: Any, text: str, name: str, pronoun: str) -> None:
    """Later pronouns, titles before a name, and a sentence that says so decide the pronoun."""
    assert pronoun == told(pipeline, text)[name]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("“I am sorry for the delay,” Daniel Okoro said.", "Daniel Okoro"),
        ("“The boats are old,” said Maria Lind, the harbour master.", "Maria Lind"),
        ("“The boats are old,” the harbour authority said. It runs two ports.", "the harbour authority"),
        ("“The hall was full,” said Dr. Robin Hale. The crowd was glad that they had come.", "Robin Hale"),
    ],
)
def test_a_name_tells_nothing(pipeline: Any, text: str, name: str) -> None:
    """A given name alone, a title of anybody, or a pronoun of others leaves it open."""
    assert told(pipeline, text)[name] is None


def test_it_is_left_out_where_unknown(pipeline: Any) -> None:
    """The field is optional: a record that does not know it does not hold it."""
    [record] = pipeline.read(SourceText("text", "“I am sorry for the delay,” Daniel Okoro said."))
    assert "pronoun" not in to_dict(record)["quotes"][0]["speaker"]
