"""People without a name beside people with one, through the whole pipeline: who spoke, and what is their role."""

from __future__ import annotations

from typing import Any

import pytest

from quotes import load
from quotes.records import SourceText


@pytest.fixture(scope="module")
def pipeline() -> Any:
    return load()


def said(pipeline: Any, text: str) -> list[tuple[str | None, str | None]]:
    """Return name and role of the speaker of each quote."""
    records = pipeline.read(SourceText("article.txt", text))
    found = [quote.speaker for record in records for quote in record.quotes]
    return [(speaker.name, speaker.role) if speaker else (None, None) for speaker in found]


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        # What is told of somebody else is no role of whoever speaks next.
        ("The poacher has not been caught. “They shot the ram,” said Moira Laing.", [("Moira Laing", None)]),
        ("A hijacker held the crew for nine hours. “I prayed,” said Tunde Alabi.", [("Tunde Alabi", None)]),
        # A spokesman is not the person for whom he speaks.
        ("“He is resting,” said Sir Miles's agent.", [("Sir Miles's agent", None)]),
        ("“She will appeal,” said Mrs Thorne's solicitor, Adam Pryor.", [("Adam Pryor", "Mrs Thorne's solicitor")]),
        # Which minister: the description decides, not the place.
        (
            "Lena Vos, the energy minister, met Arturo Gil, the fisheries minister, in May. "
            "The fisheries minister said that the nets were empty.",
            [("Arturo Gil", "the fisheries minister")],
        ),
        # Two titles joined by "and" are two people's.
        (
            "Energy Minister Lena Vos and Fisheries Minister Arturo Gil met in May. “The nets are empty,” said Gil.",
            [("Arturo Gil", "Fisheries Minister")],
        ),
        # According to an outlet: the statement is the speaker's, not the outlet's.
        ("Mayor Petra Lind said the pier would close, according to Reuters.", [("Petra Lind", "Mayor")]),
        # Nobody is no speaker.
        ("Lind said that nobody would question the count.", [("Lind", None)]),
    ],
)
def test_unnamed_people_are_nobody_else(pipeline: Any, text: str, speakers: list[tuple[str, str | None]]) -> None:
    assert speakers == said(pipeline, text)


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("Petra Lind met Arturo Gil. A source close to her said they argued.\n\n“It was loud,” the insider said.",
         "A source close to her"),
        ("Arturo Gil sells. An insider told Reuters that a price was agreed.\n\n“It is nearly done,” the source said.",
         "An insider"),
        ("Petra Lind has left. A person close to the board said she was pushed.\n\n“It was ugly,” the source added.",
         "A person close to the board"),
        ("Petra Lind left. A senior official told AFP that talks would last.\n\n“We are patient,” the source said.",
         "A senior official"),
        # The article names them.
        ("Arturo Gil, the informant, met police. Petra Lind led the case.\n\n“I was scared,” the informant said.",
         "Arturo Gil"),
        ("Harbour insider Petra Lind wrote a book. Arturo Gil liked it.\n\n“It is true,” the insider said.",
         "Petra Lind"),
        ("“It was me,” said the source, Arturo Gil, who left in May.\n\n“I told them,” the source said.",
         "Arturo Gil"),
        ("Arturo Gil is a clerk. Petra Lind is a diver.\n\n“It is deep,” the diver said.", "Petra Lind"),
    ],
)  # fmt: skip
def test_a_source_is_nobody_whom_the_article_names_otherwise(pipeline: Any, text: str, last: str) -> None:
    assert last == said(pipeline, text)[-1][0]


@pytest.mark.parametrize(
    ("introduction", "answers"),
    [
        ("Petra Lind builds piers. She spoke with Arturo Gil.", "Petra Lind"),
        ("Petra Lind sat down with Gazette reporter Arturo Gil.", "Petra Lind"),
        ("The engineer Petra Lind was interviewed by Arturo Gil.", "Petra Lind"),
        ("Arturo Gil spoke to the engineer Petra Lind.", "Petra Lind"),
    ],
)
def test_the_interviewee_answers(pipeline: Any, introduction: str, answers: str) -> None:
    found = said(pipeline, f"{introduction}\n\nQ: Why wood?\n\nA: Because it floats.\n")
    assert answers == found[-1][0]
