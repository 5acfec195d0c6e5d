"""Roles: descriptions before and after a name, in lists, and elsewhere in the article."""

from __future__ import annotations

import pytest

from quotes.extraction.article_text import ArticleText
from quotes.extraction.pipeline import Pipeline
from quotes.extraction.speakers.antecedents import epithets
from quotes.extraction.speakers.appositions import around
from quotes.extraction.speakers.entities import build, lay_out
from quotes.extraction.speakers.model import Grammar
from quotes.extraction.speakers.resolve import grammar_of, resolve
from quotes.extraction.speakers.wordings import whole
from quotes.extraction.statement import Statement
from quotes.lexicon import load_lexicon
from quotes.records import Candidate, SourceText, Span
from tests.extraction.speakers.test_resolve import last

LEXICON = load_lexicon("en")


def described(text: str, name: str, grammar: Grammar | None = None) -> dict[str, str]:
    """Return the descriptions around a name, with their finders."""
    at, layout = Span(text.index(name), text.index(name) + len(name)), lay_out(text, Span(0, len(text)), (), LEXICON)
    found = around(text, at, layout.body, LEXICON, grammar or Grammar())
    mended = (whole(role, at, layout, grammar or Grammar(), LEXICON) for role in found)
    return {role.text: role.source for role in mended if role}


def test_a_body_is_described_by_what_it_does_and_by_any_noun_before_it(pipeline: Pipeline) -> None:
    """But neither by an adjective, "the outgoing", nor by a clause that a quotation breaks off."""
    assert described("Orbo, which makes pumps, closed.", "Orbo")["which makes pumps"] == "body"
    assert described("Orbo, which calls itself “open”, closed.", "Orbo") == {}
    text = "The ferry app Orbo, the outgoing Lumo and a ship Vinto are late, said Ana Lee."
    [(article, _, parse)] = pipeline.proposals(SourceText("a", text))
    grammar = grammar_of(parse.read(article.paragraphs))
    found = [described(article.text, name, grammar) for name in ("Orbo", "Lumo", "Vinto")]
    assert [{"The ferry app": "modifier"}, {}, {}] == found


def test_a_given_name_that_opens_a_sentence_is_a_name_before_a_description() -> None:
    text = "It rained on. Birgit, a nurse from the port, slept. Hope, some say, lives."
    found = build(lay_out(text, Span(0, len(text)), (), LEXICON), LEXICON)
    assert ["Birgit"] == [entity.name for entity in found.entities]


@pytest.mark.parametrize(
    ("text", "name", "where"),
    [
        ("Ana Lee from Clear Water in Port Elgin says so.", "Ana Lee", "from Clear Water in Port Elgin"),
        ("Bo Roe, 18, of the Harbour Trust, left.", "Bo Roe", "of the Harbour Trust"),
        ("Ida Quill with Reef Watch waved.", "Ida Quill", "with Reef Watch"),
        ("Radio Nine's Cy Poe asked why.", "Cy Poe", "Radio Nine's"),
        ("The Lantern Post’s Mia Dahl wrote it.", "Mia Dahl", "The Lantern Post’s"),
    ],
)
def test_where_somebody_comes_from_or_works_is_a_description(text: str, name: str, where: str) -> None:
    assert described(text, name)[where] in ("whence", "owner")


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Rep. Ana Lee, D-Ohio, the top Democrat on the panel, left.", "the top Democrat on the panel"),
        ("Sen. Ana Lee, R-Texas, who chairs the panel, left.", "who chairs the panel"),
        ("Ana Lee, 52, D-Akron, the sponsor of the bill, left.", "the sponsor of the bill"),
        ("Ana Lee, a nurse and author of “Dry Land”, left.", "a nurse and author of “Dry Land”"),
    ],
)
def test_a_description_stands_behind_age_and_party_and_keeps_a_title(text: str, role: str) -> None:
    assert "after" == described(text, "Ana Lee")[role]


@pytest.mark.parametrize("text", ["That's Ana Lee.", "He's Ana Lee.", "Ana Lee from another town left."])
def test_neither_a_pronoun_nor_a_plain_noun_is_where_somebody_works(text: str) -> None:
    assert not {"whence", "owner"} & set(described(text, "Ana Lee").values())


def test_the_parse_tells_an_apposition_whose_noun_is_no_known_office() -> None:
    text = "His numbers wizard, Ana Lee, smiled."
    name, wizard = text.index("Ana Lee"), text.index("wizard")
    lee, smiled = text.index("Lee"), text.index("smiled")
    grammar = Grammar({wizard: ("nsubj", smiled), name: ("compound", lee), lee: ("appos", wizard)})
    assert described(text, "Ana Lee", grammar)["His numbers wizard"] == "apposing"
    assert "apposing" not in described(text, "Ana Lee").values()
    text = "Ana Lee, a quernist, smiled."
    grammar = Grammar({text.index("quernist"): ("appos", text.index("Lee"))})
    assert ["apposing", None] == [described(text, "Ana Lee", held).get("a quernist") for held in (grammar, None)]


def before(pipeline: Pipeline, text: str, name: str) -> set[str]:
    """Return the descriptions proposed before a name in a parsed text."""
    [(article, _, parse)] = pipeline.proposals(SourceText("a", text))
    found = described(article.text, name, grammar_of(parse.read(article.paragraphs)))
    return {role for role, source in found.items() if source == "before"}


@pytest.mark.parametrize(
    ("text", "name", "role", "more"),
    [
        ("The panel ripped harbour master Ana Lee, and Bo Roe said so.", "Ana Lee", "harbour master", "ripped"),
        ("It comes to mayor Ana Lee now, and Bo Roe said so.", "Ana Lee", "mayor", "comes"),
        ("Last week council spokesman Bo Roe said it was over.", "Bo Roe", "council spokesman", "week"),
        ("The ferry company’s founder and director Ida Quill said so.", "Ida Quill", "founder and director", "was"),
        ("Bo Roe said that then harbour master Ana Lee was away.", "Ana Lee", "then harbour master", "that"),
        ("They met at the home of Orbo chief Ana Lee, and Bo Roe said so.", "Ana Lee", "Orbo chief", "home"),
    ],
)
def test_a_description_before_a_name_holds_no_words_of_the_clause(
    pipeline: Pipeline, text: str, name: str, role: str, more: str
) -> None:
    """In the parse, its words hang on the name or on its last noun."""
    found = before(pipeline, text, name)
    assert any(one.endswith(role) for one in found)
    assert not any(more in one.split() for one in found)


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Founding members Ana Lee, Bo Roe and Cy Poe came. [Poe] said no.", "Founding members"),
        ("Tully's co-authors Ana Lee and Bo Roe came. [Roe] said no.", "Tully's co-authors"),
        ("We met Labour candidates Ida Quill and Mia Dahl. [Quill] said no.", "Labour candidates"),
    ],
)
def test_everybody_in_a_list_has_the_description_before_it(text: str, role: str) -> None:
    assert last(text).role == role


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The New York Times had it first. Nobody answered. [The Times] said so.", "New York Times"),
        ("He called The Washington Post in May. [The Post] reported it.", "Washington Post"),
        ("The Los Angeles Times asked. All was quiet, according to [the Times].", "Los Angeles Times"),
    ],
)
def test_a_papers_short_name_means_the_paper_named_before(text: str, name: str) -> None:
    assert last(text).name.removeprefix("The ") == name


def test_a_papers_short_name_means_none_of_two() -> None:
    text = "The New York Times and the Los Angeles Times had it. Nobody answered. [The Times] said so."
    assert last(text).name == "Times"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("We saw retired judge Paul Roe, [who] said no.", "Paul Roe"),
        ("They asked Ana Lee. Then came Bo Roe, [who] said no.", "Bo Roe"),
        ("Mara Dunn rang. Later Dunn, [who] is 60, said no.", "Mara Dunn"),
    ],
)
def test_who_means_the_person_named_directly_before(text: str, name: str) -> None:
    found = last(text)
    assert (found.name, found.kind) == (name, "person")


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("The Harbour Company chairman Tan Hock and project director [Siti Noor] waved.", "project director"),
        ("We met the agent for Mr. Roe. [Mr. Roe] said no.", None),
    ],
)
def test_a_description_of_another_person_is_not_ones_own(text: str, role: str | None) -> None:
    assert last(text).role == role


def test_a_description_in_somebodys_words_is_somebody_else() -> None:
    text = "Former mayor Rosa Diaz ran. Ana Lee said the former mayor's plan was late. Diaz smiled."
    said, at = Span(text.index("the former"), text.index(". Diaz")), text.index("Ana Lee")
    last = Span(text.index("Diaz smiled"), text.index(" smiled"))
    told = [
        Candidate((said,), "indirect", "test", mention=Span(at, at + len("Ana Lee"))),
        Candidate((Span(len(text) - 1, len(text)),), "direct", "test", mention=last),
    ]
    found = resolve(ArticleText.plain(text, lexicon=LEXICON), list(map(Statement, told)), readings=[], lexicon=LEXICON)
    lee, diaz = (one.speaker for one in found)
    assert lee is not None
    assert diaz is not None
    assert (lee.role, diaz.role) == (None, "Former mayor")


@pytest.mark.parametrize(
    "text", ["The third, [Ida Quill], said no.", "Another, [Bo Roe], said no.", "The latter, [Cy Poe], said so."]
)
def test_words_that_only_point_describe_nobody(text: str) -> None:
    assert last(text).role is None


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("It was Sens. Ana Lee (R-Iowa) and Bo Roe (D-Vt.). [Roe] said no.", "Sens."),
        ("Senators Ana Lee, Republican of Iowa, and Bo Roe, a baker, came.", "Senators"),
        ("We met Governors Kay Dunn of Ohio and Rhys Bell. [Bell] said no.", "Governors"),
    ],
)
def test_a_shared_title_reaches_over_the_first_persons_place(text: str, role: str) -> None:
    marked = text if "[" in text else text + " [Ana Lee and Bo Roe] said no."
    assert last(marked).role == role


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("[A spokesperson for the Harbour Trust] said no.", "A spokesperson for the Harbour Trust"),
        ("[A spokesman for the pilots' union] said no.", "A spokesman for the pilots' union"),
        ("[a spokeswoman for Quillon Foods] said no.", "a spokeswoman for Quillon Foods"),
        ("[A nurse from Leeds] said no.", None),
        ("[A senior official] said no.", None),
    ],
)
def test_an_unnamed_spokesperson_has_what_they_are_called_as_role(text: str, role: str | None) -> None:
    assert last(text).role == role


@pytest.mark.parametrize(
    ("text", "name", "role"),
    [
        ("Interior Minister Ana Lee came. [The Interior Minister] said no.", "Ana Lee", "The Interior Minister"),
        ("Home Secretary Kay Dunn came. [The Home Secretary] said no.", "Kay Dunn", "The Home Secretary"),
        ("Trade Minister Bo Roe came. [The Trade Minister] said no.", "Bo Roe", "The Trade Minister"),
    ],
)
def test_an_office_of_several_words_is_no_name(text: str, name: str, role: str) -> None:
    found = last(text)
    assert (found.name, found.kind, found.resolution) == (name, "person", "role")
    assert found.role is not None
    assert found.role.removeprefix("The ") == role.removeprefix("The ")


@pytest.mark.parametrize(
    ("text", "described"),
    [
        ("Ana Lee ran. The former secretary of state has long said so.", ["The former secretary of state"]),
        ("Harbour mayor rejects plan.\nAna Lee, 40, said no.", ["Harbour mayor"]),
        ("Senator from Kent says no.\nAna Lee left.", ["Senator from Kent"]),
        ("The senator from Kent smiled at Ana Lee.", ["The senator from Kent"]),
    ],
)
def test_a_description_elsewhere_has_what_hangs_on_its_noun(text: str, described: list[str]) -> None:
    assert asides(text) == described


def asides(text: str) -> list[str]:
    """Return the descriptions outside statements."""
    model = build(lay_out(text, Span(0, len(text)), [], load_lexicon("en")), load_lexicon("en"))
    places = [query.statement.source for query in epithets(model, [])]
    return [text[place.start : place.end] for place in places if place]


def test_a_description_that_opens_the_text_is_as_long_as_elsewhere(pipeline: Pipeline) -> None:
    """Its head is the very first character, and what hangs on it belongs to the speaker's name."""
    said = "Residents who live beside the crossing said the barrier is late again.\n"
    for text in (said, f"The barrier fell. {said}"):
        [quote] = pipeline.read(SourceText("test", text))[0].quotes
        assert quote.speaker is not None
        assert "Residents who live beside the crossing" == quote.speaker.name
