"""Words that may name a channel: proposed all over an article, by lists of nouns, names of the press, and hearers."""

from __future__ import annotations

import pytest

from quotes.extraction.channels.article_words import ArticleWords, vocabulary
from quotes.extraction.channels.mentions import Proposal, Proposer
from quotes.extraction.channels.naming import ChannelNames
from quotes.lexicon import Lexicon, load_lexicon
from quotes.lexicon.gazetteer import press_of
from quotes.records import Outlet


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon("en")


def proposed(lexicon: Lexicon, text: str, outlet: str | None = None) -> list[Proposal]:
    """Return the proposals of a text that an outlet publishes."""
    words = ArticleWords(text, 0, len(text), vocabulary(lexicon))
    names = ChannelNames(text, 0, lexicon, press_of(lexicon))
    return Proposer(words, names, Outlet(outlet) if outlet else None).all([])


def named(found: list[Proposal]) -> list[str]:
    return [f"{p.channel.relation} {p.channel.name}" for p in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("At a crowded news conference in Brunn on Friday, she smiled.", "in crowded news conference in Brunn"),
        ("In a long letter to the bank he asked for time.", "in long letter"),
        ("She told the BBC so.", "to BBC News"),
        ("Reuters first reported the sale.", "via Reuters"),
        ("He wrote so on Facebook.", "on Facebook"),
        ("She spoke to farmers in the barn.", "to farmers"),
        ("He told his daughter on Friday.", "to daughter"),
        ("She was interviewed by Ada Quist.", "to Ada Quist"),
        ("On social media, the mayor thanked the crews.", "on social media"),
        ("He told the Barn Talk podcast so.", "on Barn Talk podcast"),
        ("She wrote so on local message boards.", "on local message boards"),
    ],
)
def test_words_alone_propose(lexicon: Lexicon, text: str, expected: str) -> None:
    """A noun with its phrase, an outlet by its canonical name, and who hears something are proposed without a parse."""
    assert expected in named(proposed(lexicon, text))


@pytest.mark.parametrize(
    "text",
    [
        "The meadows are wet.", "A hearing aid lay there.", "She ate an apple on the stairs.",
        "It closed in March 2024.",
    ],
)
def test_other_words_propose_little(lexicon: Lexicon, text: str) -> None:
    """Unlisted words propose nothing, nor does a noun whose phrase continues: a hearing aid is not a hearing."""
    assert [] == [p.channel.name for p in proposed(lexicon, text) if p.word and p.channel.name != "hearing"]


def test_the_articles_own_outlet_is_known_by_its_last_word(lexicon: Lexicon) -> None:
    """In the Brunn Lantern, "told the Lantern" means the Brunn Lantern."""
    names = [p.channel.name for p in proposed(lexicon, "She told the Lantern that it rained.", outlet="Brunn Lantern")]
    assert "Brunn Lantern" in names


@pytest.mark.parametrize(
    ("outlet", "text", "expected"),
    [
        ("Lantern Magazine", "She said so in an email to Lantern.", "to Lantern Magazine"),
        ("Brunnpost.com", "She told Brunnpost so.", "to Brunnpost.com"),
        ("The Brunn Morning Courier", "A clerk told BMC that it rained.", "to BMC"),
        ("The Slow Harbour", "A clerk told TSH that it rained.", "to TSH"),
        ("Moss", "The minister answered a question from MOSS.", "to Moss"),
    ],
)
def test_the_articles_own_outlet_is_known_by_short_names(
    lexicon: Lexicon, outlet: str, text: str, expected: str
) -> None:
    """A publisher may leave out Magazine or its domain's ending, or use capitals or its initials."""
    assert expected in named(proposed(lexicon, text, outlet))


@pytest.mark.parametrize("text", ["She told the Aldow Lantern so.", "She told the Upper Aldow Lantern so."])
def test_another_papers_name_is_not_the_articles_own_outlet(lexicon: Lexicon, text: str) -> None:
    """In the Brunn Lantern, the Aldow Lantern is another paper."""
    assert "to Brunn Lantern" not in named(proposed(lexicon, text, "Brunn Lantern"))


def test_one_channel_has_one_key(lexicon: Lexicon) -> None:
    """The interview, named twice, is one channel of the article."""
    found = proposed(lexicon, "In an interview on Monday she wept. Later in the interview she laughed.")
    assert {"in interview"} == {p.key for p in found if p.channel.kind == "occasion"}


def test_no_word_is_taken_twice(lexicon: Lexicon) -> None:
    """No two proposals share their last word."""
    text = (
        "She told the New York Times in an interview at a New York Times forum in New York that she told reporters so."
    )
    last = [p.word for p in proposed(lexicon, text)]
    assert len(set(last)) == len(last)
