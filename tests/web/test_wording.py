"""Channels as people say them."""

from __future__ import annotations

from typing import Any

import pytest

from quotes.records import Channel, Mention
from quotes.web.wording import in_words


@pytest.mark.parametrize(
    ("relation", "name", "kind", "expected"),
    [
        ("in", "statement", "document", "in a statement"),
        ("in", "interview", "occasion", "in an interview"),
        ("in", "rally in Ohio", "occasion", "at a rally in Ohio"),
        ("in", "prepared remarks", "occasion", "in prepared remarks"),
        ("in", "same interview", "occasion", "in the same interview"),
        ("in", "court", "occasion", "in court"),
        ("to", "crowd", "audience", "to the crowd"),
        ("to", "reporters", "audience", "to reporters"),
        ("to", "Budget Committee", "audience", "to the Budget Committee"),
        ("to", "CNN", "outlet", "to CNN"),
        ("on", "X", "platform", "on X"),
    ],
)
def test_a_channel_has_its_article_and_preposition(relation: Any, name: str, kind: Any, expected: str) -> None:
    """Without the text English decides: a statement, the crowd, no article before plurals and names."""
    assert expected == in_words(Channel(relation, name, kind))


def test_the_text_decides_where_it_is_there() -> None:
    """Words that the article prints before the name are kept."""
    text = "She told the small crowd at the fair that it rained."
    crowd = Channel("to", "small crowd", "audience", mention=Mention("small crowd", 13, 24))
    fair = Channel("in", "fair", "occasion", mention=Mention("fair", 32, 36))
    assert ["to the small crowd", "at the fair"] == [in_words(c, text) for c in (crowd, fair)]
