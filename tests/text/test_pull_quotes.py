"""Pull quotes: which paragraphs repeat what another one quotes."""

from __future__ import annotations

import pytest

from quotes.text.pull_quotes import pulled

SAID = "“Nobody asked the people who cross it,” said Gus Ott. “We’d have told them about the cracks in May.”"


@pytest.mark.parametrize(
    "pull",
    [
        "“Nobody asked the people who cross it”",
        "“Nobody asked the people who cross it.”",
        '"Nobody asked the people who cross it."',
        "«We'd have told them about the cracks in May»",
        "“Nobody asked the people who cross it.” — Gus Ott",
        "“Nobody asked the people who cross it. We’d have told them about the cracks in May.”",
        "“Nobody asked the people who cross [the bridge]… We’d have told them”",
        "Nobody asked the people who cross it.",
    ],
)
def test_a_pull_quote_is_found_before_and_behind_its_source(pull: str) -> None:
    """It may have other marks, be shortened, signed, or without marks."""
    text = "The bridge is shut."
    assert {2} == pulled([text, SAID, pull])
    assert {1} == pulled([text, pull, SAID])


@pytest.mark.parametrize(
    "paragraphs",
    [
        ["The bridge is shut.", SAID, "“Nobody asked the people of the island.”"],
        ["The bridge is shut.", SAID, "“Nobody asked the people who cross it,” Ott said again."],
        ["The bridge is shut.", SAID, "“We’d have told them.”"],
        ["The bridge is shut.", SAID, "In a letter, Ott wrote:", "“Nobody asked the people who cross it.”"],
        ["Ott: “Nobody asked the people who cross it”", "It rained.", "“Nobody asked the people who cross it.”"],
        ["It rained.", "“We stay until the bridge is open.”", "It rained.", "“We stay until the bridge is open.”"],
        ["It rained.", "Ott said that nobody asked the people who cross it.", "Nobody asked the people who cross it."],
        ["“Nobody asked the people who cross it.”", SAID],
    ],
)
def test_other_paragraphs_stay(paragraphs: list[str]) -> None:
    """Other words, a credit, few words, a line that introduces it, a headline, the same paragraph, no quotation."""
    assert set() == pulled(paragraphs)


def test_a_long_text_takes_little_time() -> None:
    """Ten thousand different quotations are too many to look up."""
    assert set() == pulled(["It rained."] + [f"“We stay until bridge number {n} is open.”" for n in range(10_000)])
