"""Channels that a statement's own sentence does not name: what carries them on, and what ends them."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pytest

from quotes.extraction.channels import find
from quotes.extraction.channels.carried import Carried, paragraphs
from quotes.extraction.channels.decide import chances, rated, told
from quotes.extraction.pipeline import Pipeline
from quotes.reader.inference import Answer, Answers
from quotes.records import SourceText


def carried(pipeline: Pipeline, text: str) -> tuple[Carried, list[str]]:
    """Return an article's carried channels, and the words of its statements in the order of the text."""
    [(found, statements)] = pipeline.spoken(SourceText("test", text))
    lexicon, matchers = pipeline.lexicon, pipeline.channel_patterns
    readings = found.parse.readings
    proposed = find.propose(found.article, statements, readings=readings, lexicon=lexicon, matchers=matchers)
    channels = find.weighed(proposed, lexicon)
    own = told(rated(p, lexicon.models["channel-own"]) for p in channels.own_pairs())
    return Carried(channels, own), [text[s.spans[0].start : s.spans[-1].end] for s in statements]


def run(pipeline: Pipeline, text: str, words: str, name: str) -> float:
    """Return how surely the statement with some words has a channel by its run."""
    found, said = carried(pipeline, text)
    [number] = [n for n, each in enumerate(said) if words in each]
    return max((chance for (n, key), chance in found.runs.items() if n == number and name in key), default=0.0)


GOES_ON = "“The dam will hold,” Irma Stoll told Reuters in Brunn.\n\n“It has held for forty years,” Stoll said.\n"
OTHER = "“The dam will hold,” Irma Stoll told Reuters in Brunn.\n\n“It has held for forty years,” said Piet Maas.\n"
FAR = (
    "“The dam will hold,” Irma Stoll told Reuters in Brunn.\n\nThe lake is full.\n\nThe meadows are wet.\n\n"
    "Geese have come.\n\n“It has held for forty years,” Stoll said.\n"
)
NEW = (
    "“The dam will hold,” Irma Stoll told Reuters in Brunn.\n\n"
    "“It has held for forty years,” Stoll wrote in a letter to the mayor.\n"
)
SCENE = (
    "Rain fell on the fair.\n\nAt a rally in Lemberg on Friday, Irma Stoll walked on the stage with her son. "
    "“The dam will hold,” she said.\n"
)


@pytest.mark.parametrize(
    ("text", "words", "name", "least", "most"),
    [
        (GOES_ON, "forty years", "reuters", 0.6, 1.0),
        (OTHER, "forty years", "reuters", 0.0, 0.0),
        (FAR, "forty years", "reuters", 0.0, 0.0),
        (NEW, "forty years", "reuters", 0.0, 0.5),
        (SCENE, "will hold", "rally", 0.2, 1.0),
    ],
    ids=["same speaker", "another speaker", "a gap", "another channel of its own", "a scene set before"],
)
def test_a_run_holds_until_something_breaks_it(
    pipeline: Pipeline, text: str, words: str, name: str, least: float, most: float
) -> None:
    """A channel carries over between statements of one speaker; another speaker, a gap or a new channel ends it."""
    assert least <= run(pipeline, text, words, name) <= most


def test_who_replies_at_a_debate_is_there(pipeline: Pipeline) -> None:
    """An occasion with several speakers also holds for the answer; a hearer does not."""
    text = "“The dam is old,” Irma Stoll told reporters at a debate in Brunn. “It is sound,” Piet Maas replied.\n"
    assert run(pipeline, text, "sound", "debate") > 0.3
    assert 0.0 == run(pipeline, text, "sound", "reporters")


def test_paragraphs_between_are_counted() -> None:
    """Whole paragraphs count, empty lines do not; a line of signs parts one story from the next."""
    assert [0, 0, 1, 2] == [paragraphs(gap) for gap in ("", " and ", "end.\n\nOne.\n\n", "end.\nOne.\nTwo.\n")]
    assert paragraphs("end.\n* * *\n") > 100


def test_every_pair_has_its_reasons(pipeline: Pipeline) -> None:
    """A chance lists its three weightiest features, the strongest first."""
    found, _ = carried(pipeline, GOES_ON)
    weighed = chances(found.channels, pipeline.lexicon.models)
    assert weighed
    for chance in weighed:
        assert 0.0 < chance.chance < 1.0
        parts = [abs(value) for _, value in chance.reasons]
        assert len(parts) <= 3
        assert parts == sorted(parts, reverse=True)


def test_a_tag_of_the_reader_makes_a_channel_likelier(pipeline: Pipeline) -> None:
    """The reader's channels count beside the words; without its tags only the words decide."""
    text = "At the forum in Lemberg, Irma Stoll said the dam would hold.\n"
    [(found, statements)] = pipeline.spoken(SourceText("test", text))
    lexicon, matchers = pipeline.lexicon, pipeline.channel_patterns
    start = text.index("forum")
    weighed = []
    for p in (0.3, 0.95):
        answers = Answers((Answer("occasion", start, start + len("forum in Lemberg"), p),))
        proposed = find.propose(
            found.article, statements, readings=found.parse.readings, lexicon=lexicon, matchers=matchers,
            answers=answers,
        )  # fmt: skip
        [number] = [n for n, each in enumerate(proposed.proposals) if each.start == start]
        weighed.append(proposed.weighed(lexicon.models)[number])
    assert weighed[0] < weighed[1]


FIRST = "“The weir is sound,” Irma Stoll said at a rally in Brunn."
TEXTS = {
    "one way": f"{FIRST}\n\n“It has held for forty years,” Stoll said.\n\n“We doubt it,” said Piet Maas.\n",
    "two ways": f"{FIRST}\n\n“It has held for forty years,” Stoll said.\n\n“Come and see,” Stoll wrote in a letter.\n",
    "before": f"“It has held for forty years,” Irma Stoll said.\n\n{FIRST}\n",
    "its own": f"{FIRST}\n\n“It has held for forty years,” Stoll wrote in a letter.\n",
}


def standing(pipeline: Pipeline, text: str) -> Mapping[str, float]:
    """Return the features of the rally for the statement about forty years."""
    found, said = carried(pipeline, text)
    [number] = [n for n, each in enumerate(said) if "forty" in each]
    [pair] = [p for p in found.pairs() if p.statement == number and p.key == "in rally"]
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


def test_an_interview_does_not_hold_for_what_was_posted(pipeline: Pipeline) -> None:
    """Words that a sentence puts on a platform were not said in the interview that the rest comes from."""
    text = (
        "Ana Lopes plans to move to a farm, she said in a rare interview with Rolling Stone.\n\n"
        "“I hear my songs in shops and I leave,” Lopes said. “I have had enough.”\n\n"
        "“He's a good man. We were bad at being married,” she explained.\n\n"
        "Last year Lopes wrote on Instagram that she was “taking a break from everything”."
    )
    [record] = pipeline.read(SourceText("test", text))
    ways = [{channel.name for channel in quote.channels} for quote in record.quotes]
    assert {"rare interview", "Rolling Stone"} <= ways[1]
    assert {"Instagram"} == ways[-1]
