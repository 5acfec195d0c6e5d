"""Canonical names: how far a name reaches, which of its forms is shown, and which names are one."""

from __future__ import annotations

import pytest

from quotes.extraction.article_text import ArticleText
from quotes.extraction.speakers.entities import build, lay_out
from quotes.extraction.speakers.phrases import head_noun
from quotes.extraction.speakers.resolve import resolve
from quotes.extraction.statement import Statement
from quotes.lexicon import load_lexicon
from quotes.records import Candidate, Span

LEXICON = load_lexicon("en")


def speaker(text: str, mention: str, *, at: int = -1) -> str:
    """Return who the last place of a mention is."""
    start = text.rindex(mention) if at < 0 else at
    said = Span(text.rindex("“"), text.rindex("”") + 1) if "“" in text else Span(len(text) - 1, len(text))
    found = Candidate((said,), "direct", "test", mention=Span(start, start + len(mention)))
    article = ArticleText.plain(text, lexicon=LEXICON)
    [resolved] = resolve(article, [Statement(found)], readings=[], lexicon=LEXICON)
    assert resolved.speaker is not None
    return resolved.speaker.name


@pytest.mark.parametrize(
    ("text", "mention", "name"),
    [
        ("King Felipe VI opened the hall. “We will build,” King Felipe said.", "King Felipe", "King Felipe VI"),
        ("Queen Margrethe II waved. “It is cold,” Margrethe said.", "Margrethe", "Queen Margrethe II"),
        ("Pope John Paul II wrote. “Peace is near,” John Paul II said.", "John Paul II", "Pope John Paul II"),
        ("Robert Griffin III ran. “I ran,” Griffin said.", "Griffin", "Robert Griffin III"),
    ],
)
def test_a_numbered_royal_name_keeps_its_rank(text: str, mention: str, name: str) -> None:
    assert speaker(text, mention) == name


@pytest.mark.parametrize(
    ("text", "mention", "name"),
    [
        ("The app was shown by Brightway CIO Dara Holt. “It works,” Holt said.", "Holt", "Dara Holt"),
        ("Gauteng MEC Sipho Vundla came. “We build,” MEC Vundla said.", "MEC Vundla", "Sipho Vundla"),
        ("Alder SVP Nia Quill came. “We build,” Quill said.", "Quill", "Nia Quill"),
        ("Cr Nia Quill came. “We build,” Cr Quill said.", "Cr Quill", "Nia Quill"),
        ("Eng Nia Quill came. “We build,” Eng. Quill said.", "Eng. Quill", "Nia Quill"),
    ],
)
def test_an_office_in_capitals_is_cut_off_a_name(text: str, mention: str, name: str) -> None:
    assert speaker(text, mention) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Levi Pay works in Leeds, where students pay a lot. Pay says “it is a need”.", "Levi Pay"),
        ("Chris Early runs the studio since early May. “It is fun,” says Early.", "Chris Early"),
        ("Mary Long came, and had to wait long. Long said “it was cold”.", "Mary Long"),
    ],
)
def test_a_surname_that_is_a_common_word_is_one_where_it_speaks(text: str, name: str) -> None:
    assert speaker(text, name.split()[1]) == name


@pytest.mark.parametrize(
    ("text", "mention", "name"),
    [
        ("The European Union objected. “We object,” the EU said.", "the EU", "European Union"),
        ("Alder Foods Market grew. “We grow,” Alder Foods said.", "Alder Foods", "Alder Foods Market"),
        ("Larkfield said no. Larkfield Inc. has two shops. “We hire,” Larkfield said.", "Larkfield", "Larkfield Inc"),
        ("The Ferry Union of Wales met. “We strike,” the Ferry Union said.", "the Ferry Union", "Ferry Union of Wales"),
    ],
)
def test_a_body_is_shown_by_its_fullest_name(text: str, mention: str, name: str) -> None:
    assert speaker(text, mention) == name


def test_a_name_is_not_what_stands_behind_it_once() -> None:
    text = (
        "A Mara Dunn Street was planned. Mara Dunn came by train. Mara Dunn smiled. Dunn was born here. "
        "“It is an honour,” Dunn said."
    )
    assert speaker(text, "Dunn") == "Mara Dunn"


def test_whoever_took_a_picture_is_nobody() -> None:
    text = "Mr. Osric Dale spoke. The harbour at dusk. (Photo by Ivan Roe/Getty Images)\n“We go on,” he said."
    assert speaker(text, "he") == "Osric Dale"


@pytest.mark.parametrize("kin", ["husband", "brother"])
def test_a_relative_tells_nothing_of_ones_own_gender(kin: str) -> None:
    text = f"Vesna Hickory, whose {kin} is a sailor, paints. Hickory said she would stay. “It is home,” she said."
    assert speaker(text, "she") == "Vesna Hickory"


def test_a_pseudonym_asked_for_is_the_name() -> None:
    text = "“We fled,” says a teacher at the school, who asked to use the pseudonym Oren for safety."
    assert speaker(text, "a teacher at the school") == "Oren"


@pytest.mark.parametrize(
    ("phrase", "head"),
    [
        ("the “Night Ferry” actor", "actor"),
        ('the "Harbour" star', "star"),
        ("The “Glass House” star", "star"),
        ("a former ‘Green Company’ guitarist from Leeds", "guitarist"),
        ("the “House of Song” presenter", "presenter"),
        ("a “Law Team” source", "source"),
        ("the “Old Dock” company", "company"),
        ("the “Glass House” in Leeds", "house"),
        ("the “Old Company” of players", "company"),
        ("a captain", "captain"),
        ("the company “Alder”", "company"),
    ],
)
def test_a_title_in_marks_is_no_head(phrase: str, head: str) -> None:
    assert head_noun(phrase, lexicon=LEXICON) == head


@pytest.mark.parametrize("name", ["Anand a/l Maniam", "Devi a/p Suppiah", "Ravi s/o Nathan"])
def test_a_name_goes_on_with_whose_child_one_is(name: str) -> None:
    assert speaker(f"{name} runs the yard. “We wait,” {name.split()[0]} said.", name.split()[0]) == name


@pytest.mark.parametrize(
    ("text", "mention", "name"),
    [
        ("Maria do Sal Nunes sang. “I sang,” Nunes said.", "Nunes", "Maria do Sal Nunes"),
        ("Dato’ Bakar bin Salleh came. “We build,” Bakar said.", "Bakar", "Bakar bin Salleh"),
        ("Asst Comm Nia Quill came. “We build,” Asst Comm Quill said.", "Asst Comm Quill", "Nia Quill"),
    ],
)
def test_small_words_and_titles_of_many_countries_are_known(text: str, mention: str, name: str) -> None:
    assert speaker(text, mention) == name


@pytest.mark.parametrize(
    ("text", "mention", "name"),
    [
        (
            "The tide rose. The Institute for the Study of Tides warned of it. “It rises,” the Institute said.",
            "the Institute", "Institute for the Study of Tides",
        ),
        (
            "Bretland is loud. The Guild of Bretland Bell Ringers met. “Ring,” the Guild said.",
            "the Guild", "Guild of Bretland Bell Ringers",
        ),
        ("The Centers for Tide Control met. “It rises,” the Centers said.", "the Centers", "Centers for Tide Control"),
    ],
)  # fmt: skip
def test_no_name_is_cut_after_a_small_word(text: str, mention: str, name: str) -> None:
    assert speaker(text, mention) == name


def test_a_bodys_noun_with_the_means_none_of_two_bodies() -> None:
    two = "The Institute for Tides met the Institute for Winds. “It rises,” the Institute said."
    assert speaker(two, "the Institute") == "Institute"


def test_a_health_ministry_that_opens_a_sentence_is_whole() -> None:
    """Although "health" is printed in small letters, too."""
    text = "Health Ministry doctors came. Good health matters. “It does,” the Health Ministry said."
    assert speaker(text, "the Health Ministry") == "Health Ministry"


def test_a_person_is_not_named_after_a_show() -> None:
    text = "Ana Lee sang. Then Ana Lee left for the Ana Lee Interview. “I sang,” Lee said."
    assert speaker(text, "Lee") == "Ana Lee"


def test_a_headlines_verb_is_no_surname() -> None:
    text = "Clinton Says She Will Run Again in May\n\nNia Clinton rose. “I will,” Clinton said."
    assert speaker(text, "Clinton") == "Nia Clinton"


@pytest.mark.parametrize(
    ("phrase", "head"),
    [
        ("Federal Energy and Climate Change Minister", "minister"),
        ("the food and drug agency", "agency"),
        # Each of two people has a head, and what is no office or body heads nothing.
        ("an actor and producer", "actor"),
        ("a fan and the mayor", "fan"),
        ("smoke and mirrors", "smoke"),
    ],
)
def test_the_head_of_a_phrase_may_come_after_and(phrase: str, head: str) -> None:
    assert head_noun(phrase, lexicon=LEXICON) == head


def test_a_contraction_is_no_name() -> None:
    text = "Ana Lee smiled. I’d think I'll sing, and I’d be glad. “I sang,” Lee said."
    assert speaker(text, "Lee") == "Ana Lee"
    found = build(lay_out(text, Span(0, len(text)), (), LEXICON), LEXICON)
    assert [e.name for e in found.entities] == ["Ana Lee"]
