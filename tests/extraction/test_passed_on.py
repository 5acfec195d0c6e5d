"""Words that an outlet passes on are those of the person who said them, once, with the outlet as their channel."""

from __future__ import annotations

import pytest
from attrs import evolve

from quotes.extraction.pipeline import Pipeline
from quotes.records import SourceText


def said(pipeline: Pipeline, text: str) -> list[tuple[str, str, list[str]]]:
    [record] = pipeline.read(SourceText("test", text))
    return [
        (q.speaker.name if q.speaker else "", q.text, [c.name for c in q.channels if c.relation == "via"])
        for q in record.quotes
    ]


PASSED_ON = [
    ("The bridge is unsafe, Lark said, local radio reported.", "Lark", "The bridge is unsafe", "local radio"),
    (
        "The mayor told residents the dam had held, according to the Herald.",
        "The mayor", "the dam had held", "Herald",
    ),
    (
        "General Rad said, according to Reuters, that the troops would leave by Monday.",
        "Rad", "that the troops would leave by Monday", "Reuters",
    ),
    (
        "Police chief Amos Dole said no arrests had been made, the BBC reported.",
        "Amos Dole", "no arrests had been made", "BBC News",
    ),
    (
        "The minister warned that prices could double by winter, state television reported.",
        "The minister", "that prices could double by winter", "state television",
    ),
    (
        "The plant will close in May, its owner Hans Gruber said, according to Bloomberg.",
        "Hans Gruber", "The plant will close in May", "Bloomberg News",
    ),
    (
        "Gruber said, according to the newspaper, that the plant would close in May.",
        "Gruber", "that the plant would close in May", "newspaper",
    ),
    (
        "“They took everything,” the shopkeeper, Leyla Ozan, said on Sunday, according to Turkish media.",
        "Leyla Ozan", "“They took everything,”", "Turkish media",
    ),
    (
        "In a letter to staff, the director wrote that the museum would close, the Lakeside Chronicle reported.",
        "the director", "that the museum would close", "Lakeside Chronicle",
    ),
]  # fmt: skip
# What an outlet reports itself, though somebody says something in it, and what others than outlets say of a statement.
OWN = [
    ("The bridge is unsafe, local radio reported.", "local radio"),
    ("The company that said it would build the dam has gone bankrupt, Reuters reported.", "Reuters"),
    ("The mayor is expected to resign after residents said the dam had failed, the Herald reported.", "Herald"),
    ("Reuters reported that Ana Lee said nobody was hurt.", "Reuters"),
    ("The BBC said Lee had been dismissed, a spokesman confirmed.", "a spokesman"),
    ("The ministry said two soldiers were killed, according to its own spokesman Ole Lie.", "Ole Lie"),
]


@pytest.mark.parametrize(("text", "speaker", "quote", "outlet"), PASSED_ON)
def test_words_that_an_outlet_passes_on_are_the_speakers(
    pipeline: Pipeline, text: str, speaker: str, quote: str, outlet: str
) -> None:
    assert [(speaker, quote, [outlet])] == said(pipeline, text)


@pytest.mark.parametrize(("text", "speaker", "quote", "outlet"), PASSED_ON)
def test_the_patterns_alone_see_it_too(pipeline: Pipeline, text: str, speaker: str, quote: str, outlet: str) -> None:
    assert [(speaker, quote, [outlet])] == said(evolve(pipeline, reader=None), text)


@pytest.mark.parametrize(("text", "speaker"), OWN)
def test_what_an_outlet_reports_itself_stays_its_own(pipeline: Pipeline, text: str, speaker: str) -> None:
    assert speaker in [name for name, _, _ in said(pipeline, text)]
