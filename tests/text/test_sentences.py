"""Ends and starts of sentences, for modules that read a text without a parse."""

from __future__ import annotations

import pytest

from quotes.text.letters import unaccented
from quotes.text.sentences import Opening, sentence_end, sentence_start

TEXT = "It rained! “Again (he said.)” Éva left at 5 p.m. 20 stayed…\nso did he. ok"


@pytest.mark.parametrize(
    ("opens", "lines", "expected"),
    [
        ("ascii", False, ["“", "2"]),
        ("capital", False, ["“", "É"]),
        ("capital", True, ["“", "É", "s"]),
        ("any", False, ["“", "É", "2", "s", "o"]),
    ],
)
def test_what_ends_a_sentence(opens: Opening, lines: bool, expected: list[str]) -> None:
    """The next sentence begins with a capital, a digit or anything; a line's end may count as well."""
    ends = sentence_end(opens=opens, lines=lines)
    assert expected == [TEXT[match.end()] for match in ends.finditer(TEXT)]


def test_the_start_of_a_sentence_is_looked_for_within_reach() -> None:
    """If no sentence ends within reach before an offset, the edge of the reach is returned."""
    ends = sentence_end(opens="ascii", lines=True)
    text = "It rained. Ana Lee nodded."
    assert [0, 11, 11] == [sentence_start(text, at, ends=ends, reach=99) for at in (3, 11, 20)]
    assert 18 == sentence_start(text, 20, ends=ends, reach=2)


@pytest.mark.parametrize(
    ("name", "plain", "stroked"),
    [("Núñez", "Nunez", "Nunez"), ("Łukasz Łącki", "Łukasz Łacki", "Lukasz Lacki"), ("Ǿrsted", "Ørsted", "Orsted")],
)
def test_letters_without_accents(name: str, plain: str, stroked: str) -> None:
    """Accents go always, strokes if asked for."""
    assert (plain, stroked) == (unaccented(name), unaccented(name, stroked=True))
