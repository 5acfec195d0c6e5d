"""`quotes explain` shows the candidates for each speaker, the likeliest first, with their features."""

from __future__ import annotations

import io
import re
from typing import Any

from attrs import evolve

from quotes.export.explanation import Explainer
from quotes.records import SourceText

TEXT = """\
Judge Ingrid Solberg heard the case of Tobias Wren on Monday.

“The harbour is no place for a race,” she said.

Wren, a pilot, will appeal. “It was fog, not speed,” said the pilot.
"""
CANDIDATE = re.compile(r"^ {12} *\d+% (?P<name>[^:\n]+)(?:: (?P<features>.+))?$", re.MULTILINE)


def explained(pipeline: Any, text: str) -> list[str]:
    explainer = Explainer(pipeline.lexicon)
    stream = io.StringIO()
    explainer.write(evolve(pipeline, listener=explainer.listen).read(SourceText("harbour.txt", text)), stream)
    return stream.getvalue().split("\n\n")[1:]


def test_candidates_stand_below_the_speaker(pipeline: Any) -> None:
    """The likeliest is the speaker; each has at most three features with what they add."""
    pronoun, description = explained(pipeline, TEXT)[:2]
    for told, name in ((pronoun, "Ingrid Solberg"), (description, "Tobias Wren")):
        found = list(CANDIDATE.finditer(told))
        assert f"speaker  {name} (" in told
        assert name == found[0]["name"]
        assert 2 <= len(found) <= 4
        features = found[0]["features"].split(", ")
        assert 1 <= len(features) <= 3
        assert all(re.fullmatch(r"\w+ [+-]\d+\.\d", feature) for feature in features)


def test_chances_fall_and_are_shares(pipeline: Any) -> None:
    """The candidates' probabilities are sorted and no more than one together."""
    for told in explained(pipeline, TEXT)[:2]:
        chances = [int(n) for n in re.findall(r"^ {12} *(\d+)% ", told, re.MULTILINE)]
        assert sorted(chances, reverse=True) == chances
        assert sum(chances) <= 102  # each is rounded


def test_ways_stand_below_the_channels(pipeline: Any) -> None:
    """Each weighed channel has its probability and features; with none chosen, "none" is above them."""
    [first, second] = explained(pipeline, "“It was fog,” Tobias Wren told Reuters.\n\nThe fog lifted, he said.\n")[:2]
    told = first[first.index("channel ") :]
    assert re.search(r"^ {12} *\d+% to Reuters: \w+ [+-]\d+\.\d", told, re.MULTILINE)
    assert "channel  to Reuters (outlet reuters" in told
    assert "% to Reuters" in second
