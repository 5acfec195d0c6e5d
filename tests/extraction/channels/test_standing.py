"""How a channel stands with a speaker: how much of the article is theirs, and by what other ways they spoke."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pytest

from quotes.extraction.channels import find
from quotes.extraction.channels.carried import Carried
from quotes.extraction.channels.decide import rated, told
from quotes.extraction.pipeline import Pipeline
from quotes.records import SourceText

FIRST = "“The weir is sound,” Irma Stoll said at a rally in Brunn."
TEXTS = {
    "one way": f"{FIRST}\n\n“It has held for forty years,” Stoll said.\n\n“We doubt it,” said Piet Maas.\n",
    "two ways": f"{FIRST}\n\n“It has held for forty years,” Stoll said.\n\n“Come and see,” Stoll wrote in a letter.\n",
    "before": f"“It has held for forty years,” Irma Stoll said.\n\n{FIRST}\n",
    "its own": f"{FIRST}\n\n“It has held for forty years,” Stoll wrote in a letter.\n",
}


def standing(pipeline: Pipeline, text: str) -> Mapping[str, float]:
    """Return the features of the rally for the statement about forty years."""
    [(found, statements)] = pipeline.spoken(SourceText("test", text))
    lexicon, matchers = pipeline.lexicon, pipeline.channel_patterns
    proposed = find.propose(
        found.article, statements, readings=found.parse.readings, lexicon=lexicon, matchers=matchers
    )
    channels = find.weighed(proposed, lexicon)
    own = told([rated(p, lexicon.models["channel-own"]) for p in channels.own_pairs()])
    [number] = [n for n, s in enumerate(statements) if "forty" in text[s.spans[0].start : s.spans[-1].end]]
    [pair] = [p for p in Carried(channels, own).pairs() if p.statement == number and p.key == "in rally"]
    return pair.features


def test_share_of_the_article(pipeline: Pipeline) -> None:
    """Of whom the article quotes most, two statements of three, a channel counts for more."""
    found = standing(pipeline, TEXTS["one way"])
    assert pytest.approx(2 / 3) == found["speaker_share"]
    assert pytest.approx(math.log(3)) == found["speaker_says"]
    assert 1.0 == found["speaker_most"]


def test_other_ways_of_the_speaker(pipeline: Pipeline) -> None:
    """A speaker who wrote a letter, too, has another way of the same kind."""
    assert "speaker_elsewhere" not in standing(pipeline, TEXTS["one way"])
    assert standing(pipeline, TEXTS["two ways"])["speaker_elsewhere"] > 0.4


def test_another_way_in_the_same_sentence(pipeline: Pipeline) -> None:
    """A statement whose own sentence names a letter hardly came by the rally before."""
    assert "here_rival" not in standing(pipeline, TEXTS["two ways"])
    assert standing(pipeline, TEXTS["its own"])["here_rival"] > 0.5


def test_named_before_or_behind(pipeline: Pipeline) -> None:
    """A channel that is named only behind a statement has no place of its first mention."""
    assert "named_later" not in standing(pipeline, TEXTS["one way"])
    before = standing(pipeline, TEXTS["before"])
    assert 1.0 == before["named_later"]
    assert "first_named" not in before


def test_an_interview_holds_for_all_that_its_one_speaker_says(pipeline: Pipeline) -> None:
    """Paragraphs that nobody says anything in do not end the interview of the one person who speaks."""
    text = (
        "Harbour chief to widen the quay\n\n"
        "In an interview with Reuters on Friday, harbour chief Irma Stoll spoke of her plans. "
        "“The quay is too narrow,” she said.\n\n"
        "Ships have grown. The port has not.\n\nThe work would take two years.\n\nThe town owns the land.\n\n"
        "“We shall widen it,” Stoll said.\n"
    )
    [record] = pipeline.read(SourceText("test", text))
    last = record.quotes[-1]
    assert "interview" in {c.name for c in last.channels}
