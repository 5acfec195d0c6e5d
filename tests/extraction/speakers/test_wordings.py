"""The wording of a description: whole words, one sentence, one phrase, whatever proposed it."""

from __future__ import annotations

import pytest

from quotes.extraction.pipeline import Pipeline
from quotes.extraction.speakers.entities import lay_out
from quotes.extraction.speakers.model import Grammar, Role
from quotes.extraction.speakers.resolve import grammar_of
from quotes.extraction.speakers.wordings import says_nothing, whole
from quotes.lexicon import load_lexicon
from quotes.records import SourceText, Span

LEXICON = load_lexicon("en")


def mended(text: str, proposed: str, name: str, grammar: Grammar | None = None) -> str | None:
    """Return the wording of a description that begins and ends where a proposer has cut it."""
    layout = lay_out(text, Span(0, len(text)), (), LEXICON)
    at = text.index(name)
    source = "read-before" if text.index(proposed) < at else "read-after"
    role = Role(proposed, text.index(proposed), source)
    found = whole(role, Span(at, at + len(name)), layout, grammar or Grammar(), LEXICON)
    return found.text if found else None


@pytest.mark.parametrize(
    ("text", "proposed", "name", "found"),
    [
        ("Orbo, which employs some 1,900 people, fell.", "which employs some 1", "Orbo", "which employs some 1,900"),
        ("Ulla Quill’s aide, Bo Roe, left.", "Quill’s aide", "Bo Roe", "Ulla Quill’s aide"),
        ("On Friday Mr. Quill's aide, Bo Roe, left.", "Quill's aide", "Bo Roe", "Mr. Quill's aide"),
        ("Dame Lund-Okri’s deputy, Bo Roe, left.", "Okri’s deputy", "Bo Roe", "Dame Lund-Okri’s deputy"),
        ("It is Bo Roe of the Reef Trust. He left.", "of the Reef Trust. He", "Bo Roe", "of the Reef Trust"),
        ("So it went. Coach Bo Roe left.", "went. Coach", "Bo Roe", "Coach"),
    ],
)
def test_a_description_is_of_whole_words_in_one_sentence(text: str, proposed: str, name: str, found: str) -> None:
    assert found == mended(text, proposed, name)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("The port's spokeswoman, Inspector General", "The port's spokeswoman"),
        ("Harbour spokesperson Ambassador", "Harbour spokesperson"),
        ("Minister of State for Fisheries Advocate", "Minister of State for Fisheries"),
        ("Minister Dato’", "Minister"),
        # The title is the description, or part of it.
        ("Inspector General", "Inspector General"),
        ("Deputy Director General", "Deputy Director General"),
        ("US Ambassador", "US Ambassador"),
        ("an aide to Senator", "an aide to Senator"),
        ("her brother", "her brother"),
    ],
)
def test_a_title_of_the_name_is_no_part_of_a_whole_description(words: str, found: str) -> None:
    assert found == mended(f"{words} Ana Lee left.", words, "Ana Lee")


def test_words_that_lead_to_a_description_or_to_another_are_none_of_it() -> None:
    assert "harbour bureau" == mended("It is late, to harbour bureau Orbo.", "to harbour bureau", "Orbo")
    assert "Under Secretary" == mended("Under Secretary Ana Lee left.", "Under Secretary", "Ana Lee")
    assert mended("Ana Lee, and his accountant, left.", "and his accountant", "Ana Lee") is None
    assert "a diver" == mended("Ana Lee, a diver and Bo Roe left.", "a diver and", "Ana Lee")


@pytest.mark.parametrize(
    ("words", "proposed", "found"),
    [
        ("who works at the old mill", "who works", "who works at the old mill"),
        ("whose son missed the ferry by 0.4 seconds", "whose son", "whose son missed the ferry by 0.4 seconds"),
        ("warden from 1988 to 2009", "warden from 1988", "warden from 1988 to 2009"),
        ("a diver", "a diver", "a diver"),
    ],
)
def test_a_description_after_a_name_has_all_that_hangs_on_it(
    pipeline: Pipeline, words: str, proposed: str, found: str
) -> None:
    [(article, _, parse)] = pipeline.proposals(SourceText("a", f"Ana Lee, {words}, said the ferry was late."))
    assert found == mended(article.text, proposed, "Ana Lee", grammar_of(parse.read(article.paragraphs)))


@pytest.mark.parametrize("words", ["71", "aged 9", "the third", "another"])
def test_an_age_or_a_number_describes_nobody(words: str) -> None:
    assert says_nothing(words, LEXICON)
    assert not says_nothing(f"{words} baker", LEXICON)
