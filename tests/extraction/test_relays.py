"""A statement that only passes on another one is left out: it is that one's channel."""

from __future__ import annotations

import pytest

from quotes.extraction import relays
from quotes.extraction.pipeline import Pipeline
from quotes.extraction.statement import Statement
from quotes.records import Candidate, Channel, Cue, Mention, SourceText, Span


def said(pipeline: Pipeline, text: str) -> list[tuple[str, str, list[str]]]:
    [record] = pipeline.read(SourceText("test", text))
    return [
        (q.speaker.name if q.speaker else "", q.text, [c.name for c in q.channels if c.relation == "via"])
        for q in record.quotes
    ]


@pytest.mark.parametrize(
    ("text", "speaker", "quote", "outlet"),
    [
        ("“I am hopeful,” Wade Lind said, according to Politico.", "Wade Lind", "“I am hopeful,”", "Politico"),
        (
            "“The yard will be saved,” Mara Quist said on Monday, according to the Harbour Gazette. Nobody else spoke.",
            "Mara Quist", "“The yard will be saved,”", "Harbour Gazette",
        ),
        (
            "“We have no coal left,” said Tomas Ruhl, according to Reuters, and the mill closed.",
            "Tomas Ruhl", "“We have no coal left,”", "Reuters",
        ),
    ],
)  # fmt: skip
def test_the_relay_is_a_channel(pipeline: Pipeline, text: str, speaker: str, quote: str, outlet: str) -> None:
    assert (speaker, quote, [outlet]) in said(pipeline, text)
    assert outlet not in [name for name, _, _ in said(pipeline, text)]


def statement(text: str, words: str, cue: str, who: str, via: str = "") -> Statement:
    """Return a statement of these words, with an outlet that it reached us through."""
    spans = {name: Span(text.index(part), text.index(part) + len(part)) for name, part in
             {"words": words, "cue": cue, "who": who, "via": via}.items()}  # fmt: skip
    candidate = Candidate(
        (spans["words"],), "indirect", pattern="test", cue=Cue(cue, cue, *bounds(spans["cue"])), mention=spans["who"]
    )
    channel = Channel("via", via, "outlet", mention=Mention(via, *bounds(spans["via"])))
    return Statement(candidate, channels=(("test", channel),) if via else ())


def bounds(span: Span) -> tuple[int, int]:
    return span.start, span.end


@pytest.mark.parametrize(
    ("outer", "left"),
    [
        ("Ana Lee said nobody was hurt", 1),
        ("Ana Lee said nobody was hurt in the old harbour on Monday night", 1),
        ("Ana Lee said nobody was hurt and that two ports, a school and the bridge would be closed by Monday", 2),
    ],
)
def test_a_statement_with_more_than_another_one_stays(outer: str, left: int) -> None:
    """What an outlet reports beside the words of another is its own statement."""
    text = f"{outer}, Reuters reported."
    inner = statement(text, "nobody was hurt", "said", "Ana Lee", "Reuters")
    found = relays.left_out(text, [statement(text, outer, "reported", "Reuters"), inner])
    assert left == len(found)
    assert inner in found


def test_an_outlet_that_stands_first_makes_a_statement_of_its_own() -> None:
    text = "Reuters reported that Ana Lee said nobody was hurt."
    both = [
        statement(text, "Ana Lee said nobody was hurt", "reported", "Reuters"),
        statement(text, "nobody was hurt", "said", "Ana Lee", "Reuters"),
    ]
    assert both == relays.left_out(text, both)
