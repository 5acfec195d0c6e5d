"""Offices in capitals: the MP, the CEO, the PPRO."""

from __future__ import annotations

import pytest

from quotes.extraction.pipeline import Pipeline
from quotes.extraction.speakers.phrases import office_acronyms
from quotes.lexicon import load_lexicon
from quotes.records import SourceText, Speaker

LEXICON = load_lexicon("en")


def who(pipeline: Pipeline, text: str) -> Speaker | None:
    """Return the speaker of a text's last quote."""
    [record] = pipeline.read(SourceText("test", text + "\n"))
    return record.quotes[-1].speaker


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The Police Public Relations Officer, Musa Bello, spoke. “Nobody was hurt,” the PPRO said.", "Musa Bello"),
        ("The District Medical Officer (DMO), Dr Neema Kessy, came. “We have beds,” the DMO said.", "Neema Kessy"),
        ("The MLA for Aranmula, Veena Pillai, opened it. “It took nine years,” the MLA said.", "Veena Pillai"),
        ("The chief executive, Jukka Salo, will go. “We had a good year,” the outgoing CEO said.", "Jukka Salo"),
        ("The PM, Ana Lund, flew to Oslo. “We will stay,” the PM said.", "Ana Lund"),
    ],
)  # fmt: skip
def test_an_office_in_capitals_is_whoever_holds_it(pipeline: Pipeline, text: str, name: str) -> None:
    """Its letters are in the description, or are its initials."""
    speaker = who(pipeline, text)
    assert speaker is not None
    assert (name, "person") == (speaker.name, speaker.kind)


def test_an_office_without_a_holder_is_a_description(pipeline: Pipeline) -> None:
    """Somebody holds it, but nobody says who."""
    speaker = who(pipeline, "“Nobody was hurt,” an MP said. The hall was cleared.")
    assert speaker is not None
    assert ("an MP", "anonymous") == (speaker.name, speaker.kind)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The Irrigation Board (IB) met on Friday. “The river is low,” the IB said.", "Irrigation Board"),
        ("The mayor, Ana Lund, spoke to the NLA on Friday. “The river is low,” the NLA said.", "NLA"),
    ],
)
def test_a_body_keeps_its_acronym(pipeline: Pipeline, text: str, name: str) -> None:
    """Only the initials of an office are a person's."""
    speaker = who(pipeline, text)
    assert speaker is not None
    assert (name, "organization") == (speaker.name, speaker.kind)


@pytest.mark.parametrize(
    ("role", "acronym", "found"),
    [
        ("Leeds North MP", "MP", True),
        ("Rivers State Police Public Relations Officer", "PPRO", True),
        ("the prime minister", "PM", True),
        ("a union leader", "UL", False),
        ("National Weather Service", "NWS", False),
    ],
)
def test_acronyms_of_an_office(role: str, acronym: str, found: bool) -> None:
    """Initials of two letters are known only if they are listed; bodies have none of an office."""
    assert found == (acronym in office_acronyms(role, LEXICON))
