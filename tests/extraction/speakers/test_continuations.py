"""A quotation without a credit of its own has its neighbour's speaker where marks or layout show it."""

from __future__ import annotations

from typing import Any

import pytest

from quotes.records import SourceText

LEFT_OPEN = [
    ("Cora Beck ran the mill for ten years.\n\nThe last to speak was Piet Holm, the vet: “{0}.\n\n“{1}.”", "Piet Holm"),
    ("Ruth Amsel, who built the first dam, left early.\n\n“{0},” said Ole Marten. “It did.\n\n“{1}.”", "Ole Marten"),
    ("Mayor Ada Moll waited. Then Jan Buch rose and said: “{0}.\n\n“{1}.”\n\nNobody clapped.", "Jan Buch"),
]


def speakers(pipeline: Any, text: str) -> list[tuple[str, str]]:
    [record] = pipeline.read(SourceText("a", text))
    return [(q.speaker.name if q.speaker else "", q.speaker.resolution if q.speaker else "") for q in record.quotes]


@pytest.mark.parametrize(("text", "speaker"), LEFT_OPEN, ids=[s for _, s in LEFT_OPEN])
def test_a_quotation_that_a_paragraph_leaves_open_runs_on(text: str, speaker: str, pipeline: Any) -> None:
    """The next paragraph opens it again: the same person speaks, whoever else is described more fully."""
    found = speakers(pipeline, text.format("The river took both barns in one night", "We will not build there again"))
    assert {speaker} == {name for name, _ in found}


def test_a_closed_quotation_does_not_run_on(pipeline: Any) -> None:
    """The next one has a credit, and keeps it."""
    text = "“The river took both barns,” said Piet Holm.\n\n“We will build again,” said Cora Beck."
    assert [("Piet Holm", "name"), ("Cora Beck", "name")] == speakers(pipeline, text)
