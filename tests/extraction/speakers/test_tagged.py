"""The reader's names and descriptions reach entities and roles; and the words that lead to a quotation."""

from __future__ import annotations

import pytest

from quotes.extraction.speakers.entities import build, lay_out
from quotes.extraction.speakers.model import ArticleModel, Entity, Role
from quotes.extraction.speakers.tagged import Tagged
from quotes.lexicon import load_lexicon
from quotes.reader.inference import Answer, Answers
from quotes.records import Span
from quotes.text import quotation_marks

LEXICON = load_lexicon("en")
AFTER = LEXICON.regex("names-described-by")


def answer(text: str, words: str, kind: str, p: float = 0.9) -> Answer:
    return Answer(kind, text.index(words), text.index(words) + len(words), p)


def model(text: str, answers: Answers | None = None) -> ArticleModel:
    marked = quotation_marks.find(text, lexicon=LEXICON)
    return build(lay_out(text, Span(0, len(text)), marked, LEXICON), LEXICON, answers=answers)


def entity(found: ArticleModel, name: str) -> Entity:
    return next(e for e in found.entities if e.name == name)


@pytest.mark.parametrize(
    ("lead", "names", "found"),
    [
        ("Attorney-at-law ", ["Dwight Orme"], "Dwight Orme"),
        ("Primary Health Care ", ["Dwight Orme"], "Dwight Orme"),
        # A title ends before the name: "Tan Sri Dato’ Lim Chee Keong" is Lim's.
        ("Tan Sri Dato’ Lim ", ["Dwight Orme"], "Lim Dwight Orme"),
        # Two names of people, or one that the reader is not sure of, tell nothing.
        ("Jhon ", ["Jhon", "Dwight Orme"], "Jhon Dwight Orme"),
        ("Hannah ", [], "Hannah Dwight Orme"),
    ],
)
def test_words_that_the_reader_leaves_out_of_a_name_are_cut_off(lead: str, names: list[str], found: str) -> None:
    text = f"It rained on. {lead}Dwight Orme was silent."
    answers = Answers(names=tuple(answer(text, name, "person") for name in names))
    assert [found] == [e.name for e in model(text, answers).entities]


@pytest.mark.parametrize(
    ("words", "names", "described", "found"),
    [
        ("Objector Dwight Orme", ["Objector", "Dwight Orme"], "Objector", "Dwight Orme"),
        ("Dogwalker Sinazo Ruth Orme", ["Dogwalker", "Sinazo", "Ruth Orme"], "Dogwalker", "Sinazo Ruth Orme"),
        ("Fly-half Tomos Orme", ["Tomos", "Orme"], "", "Tomos Orme"),
        ("Fly-half Orme", ["Orme"], "", "Orme"),
        # Nobody takes the word before the name for a description, or only as part of a longer one.
        ("Skyler Grace Orme", ["Skyler", "Grace Orme"], "", "Skyler Grace Orme"),
        ("Kwabena Osei Orme", ["Kwabena", "Osei Orme"], "Kwabena Osei", "Kwabena Osei Orme"),
        ("Noor Osei Orme", ["Noor", "Osei Orme"], "Noor", "Noor Osei Orme"),
        ("Xolani Peter Orme", ["Xolani", "Peter Orme"], "Xolani", "Xolani Peter Orme"),
        ("Dogwalker Orme", ["Orme"], "Dogwalker", "Dogwalker Orme"),
        ("Abdul-rahman Orme", ["Orme"], "", "Abdul-rahman Orme"),
        ("Jae-in Orme", ["Orme"], "", "Jae-in Orme"),
    ],
)
def test_a_word_that_the_reader_takes_for_a_description_is_no_part_of_a_name(
    words: str, names: list[str], described: str, found: str
) -> None:
    text = f"It rained on. {words} was silent."
    told = (answer(text, described, "description", 0.4),) if described else ()
    answers = Answers(names=tuple(answer(text, name, "person") for name in names), descriptions=told)
    assert [found] == [e.name for e in model(text, answers).entities]


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Developer Halden Homes", "organization"),
        ("Publisher Quill & Osier", "organization"),
        ("Supplier Marrow Foods", "organization"),
        ("Developer Larkwell Research", "organization"),
        ("Developer Ruth Halden", "person"),
        ("Publisher Pieter Osier", "person"),
        ("Promoter Mary Fields", "person"),
        ("Pollster Osier Quill", "person"),
    ],
)
def test_a_trade_before_a_name_may_be_a_company_s(words: str, kind: str) -> None:
    assert model(f"It rained on. {words} was silent.").entities[0].kind == kind


@pytest.mark.parametrize(
    ("words", "kind", "found"),
    [
        ("Nursing Homes Ireland", "organization", "Nursing Homes Ireland"),
        ("Welsh Hill Farmers’ Federation", "organization", "Welsh Hill Farmers’ Federation"),
        ("US Tidal Survey", "organization", "US Tidal Survey"),
        ("Trần Hà My", "person", "Trần Hà My"),
        # Titles, people and where they are from do not belong to a name.
        ("Professor Dwight Orme", "person", "Dwight Orme"),
        ("Dwight Orme of the Heritage Trust", "organization", "Dwight Orme"),
    ],
)
def test_a_name_is_as_long_as_the_reader_reads_it(words: str, kind: str, found: str) -> None:
    text = f"It rained on. {words} was silent, while nursing went on."
    answers = Answers(names=(answer(text, words, kind),))
    assert found == model(text, answers).entities[0].name


def test_a_description_does_not_make_a_body_a_person() -> None:
    """The reader knows better: Alder Vale, the owner, waited."""
    text = "Alder Vale, the owner, waited."
    read = Answers(names=(answer(text, "Alder Vale", "organization"),))
    assert ["person", "organization"] == [entity(model(text, told), "Alder Vale").kind for told in (None, read)]


def test_a_word_of_origin_behind_an_article_is_no_name() -> None:
    """But a surname is: Welsh said so."""
    found = model("The crowd cheered when the Norwegian spoke to Welsh, and its top Republican left.")
    assert ["Welsh"] == [e.name for e in found.entities]


def test_a_name_that_nothing_tells_of_is_what_the_reader_takes_it_for() -> None:
    """Without the reader its kind is unknown; the mean over all places counts."""
    text = "Harrow Tideway shut the gate. Harrow Tideway was silent."
    answers = Answers(names=(answer(text, "Harrow Tideway", "organization"),))
    assert "unknown" == entity(model(text), "Harrow Tideway").kind
    assert {"organization": 0.45} == dict(entity(model(text, answers), "Harrow Tideway").read)
    second = Answer("press", 30, 44, 0.9)
    assert "organization" == entity(model(text, Answers(names=(*answers.names, second))), "Harrow Tideway").kind


def test_a_description_of_the_reader_is_bound_to_the_name_beside_it() -> None:
    """Before the name without the courtesy, behind it without the comma; not one elsewhere."""
    text = "Pier keeper Dr. Ana Lee spoke. Owen Roe, kayak maker of Ashby, and a diver listened."
    described = ("Pier keeper Dr.", "kayak maker of Ashby,", "a diver")
    answers = Answers(descriptions=tuple(answer(text, words, "description") for words in described))
    roles = [role for name in ("Ana Lee", "Owen Roe") for role in entity(model(text, answers), name).roles]
    found = {(role.text, role.source) for role in roles if role.source.startswith("read")}
    assert {("Pier keeper", "read-before"), ("kayak maker of Ashby", "read-after")} == found


def test_a_description_before_a_name_begins_behind_a_preposition() -> None:
    """"Talks with Governor Ana Lee": the reader may take the preposition for part of it."""
    text = "It was aired after talks with Governor Ana Lee."
    answers = Answers(descriptions=(answer(text, "with Governor", "description"),))
    [role] = (r for r in entity(model(text, answers), "Ana Lee").roles if r.source == "read-before")
    assert ("Governor", text.index("Governor")) == (role.text, role.start)


def test_a_description_between_two_names_is_the_first_ones() -> None:
    """"Owen Roe, the harbour envoy, Ana Lee, …": the comma before the envoy binds it to Roe."""
    text = "We met Owen Roe, the harbour envoy, Ana Lee, a baker, and others."
    tagged = Tagged(text, Answers(descriptions=(answer(text, "the harbour envoy", "description"),)), AFTER)
    spans = [Span(text.index(name), text.index(name) + len(name)) for name in ("Owen Roe", "Ana Lee")]
    found = [[role.source for role in tagged.around(span, Span(0, len(text)))] for span in spans]
    assert [["read-after"], []] == found


def test_words_are_read_as_far_as_the_reader_has_them() -> None:
    """The share of the words counts; without the reader there is no probability."""
    text = "The harbour master Ana Lee spoke."
    tagged = Tagged(text, Answers(descriptions=(answer(text, "The harbour master", "description", 0.8),)), AFTER)
    assert pytest.approx(0.8) == tagged.read(Role("The harbour master", 0, "before"))
    assert pytest.approx(0.8 * 6 / 18) == tagged.read(Role("master", 12, "before"))
    assert tagged.read(Role("spoke", 27, "is")) == 0.0
    assert Tagged(text, None, AFTER).read(Role("master", 12, "before")) is None


@pytest.mark.parametrize(
    ("text", "name", "role"),
    [
        ("Ines Clara Vidal sang. Clara Vidal, a baker at the port, sat.", "Ines Clara Vidal", "a baker at the port"),
        ("US President Dana Poole left.", "Dana Poole", "US President"),
        ("Ivy, Countess of Marle's talk was long. Ivy Marle left.", "Ivy Marle", "Countess of Marle"),
        ("Lena Okoro, head of the traders' union, left.", "Lena Okoro", "head of the traders' union"),
    ],
)
def test_descriptions_are_found_whole(text: str, name: str, role: str) -> None:
    """Beside the shorter form of a name; with "US"; without what its bearer owns; with whose it is."""
    assert role in {r.text for r in entity(model(text), name).roles}
