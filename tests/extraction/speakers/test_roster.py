"""The people file: its fields, the messages about its faults, and the listed people that speakers match."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from quotes.errors import InputError
from quotes.extraction.options import Options
from quotes.extraction.speakers.roster import Person, Roster, apply, key, read_all, read_people
from quotes.extraction.statement import Statement
from quotes.lexicon import load_lexicon
from quotes.records import Candidate, Mention, SourceText, Span, Speaker, SpeakerKind

LEE = Person("Ana Lee", ("A. M. Lee", "Lee"), ("@analee",), "Q1", "mayor of Oslo", "person")


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


def roster(*people: Person) -> Roster:
    return Roster(people, load_lexicon())


def applied(speakers: Sequence[Speaker | None], *people: Person) -> list[Speaker | None]:
    one = Candidate((Span(0, 1),), "direct", "p")
    return [s.speaker for s in apply([Statement(one, speaker=s) for s in speakers], roster=roster(*people))]


def found(speaker: Speaker, *people: Person) -> Speaker | None:
    (after,) = applied([speaker], *people)
    return after


# -- the file ---------------------------------------------------------------------------------------------------------

CSV = "name,aliases,handles,id,role,kind\n"
NOBODY = "nobody is listed; give each person a row, or a [[person]] table in TOML, with a name"
ROW = "Ana Lee,A. M. Lee|Lee,@analee,Q1,mayor of Oslo,person\n"
TOML = """[[person]]
name = "Ana Lee"
aliases = ["A. M. Lee", "Lee"]
handles = ["@analee"]
id = "Q1"
role = "mayor of Oslo"
kind = "person"
"""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", CSV + ROW),
        ("a.CSV", "\ufeff" + (CSV + ROW).replace("\n", "\r\n")),
        ("a.csv", CSV + "\n" + " Ana  Lee , A. M. Lee ; Lee ,@analee,Q1,mayor of Oslo,Person\n,,,\n"),
        ("a.csv", "Desk;" + CSV.title().replace(",", ";") + "1;" + ROW.replace(",", ";")),
        ("a.csv", CSV.replace("aliases", "Alias").replace("handles", "Handle").replace("id", "Wikidata") + ROW),
        ("a.tsv", (CSV + ROW).replace(",", "\t")),
        ("a", CSV + ROW),
        ("a.toml", TOML),
        ("a.toml", TOML.replace("id =", "wikidata =").replace('["@analee"]', '"@analee"')),
    ],
)
def test_a_person_is_read(name: str, text: str, tmp_path: Path) -> None:
    """CSV with any usual separator, and TOML, give the same; columns of no use are left out."""
    assert (LEE,) == read_people(write(tmp_path, name, text))


@pytest.mark.parametrize(("name", "text"), [("a.csv", "name\nAna Lee\n"), ("a.toml", '[[person]]\nname = "Ana Lee"\n')])
def test_the_name_is_enough(name: str, text: str, tmp_path: Path) -> None:
    """Every other field may be left out."""
    assert (Person("Ana Lee"),) == read_people(write(tmp_path, name, text))


def test_a_quoted_cell_may_hold_the_separator_and_line_ends(tmp_path: Path) -> None:
    """Quotation marks keep a cell together, and what breaks lines elsewhere breaks no row."""
    text = 'name,role\n"Ana Lee","mayor, and\nhead of the board"\nBo Roe,poet\u2028and clerk\n'
    expected = (Person("Ana Lee", role="mayor, and head of the board"), Person("Bo Roe", role="poet and clerk"))
    assert expected == read_people(write(tmp_path, "a.csv", text))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_spreadsheets_encodings_are_read(encoding: str, tmp_path: Path) -> None:
    """A file saved by a spreadsheet reads as it was written."""
    path = tmp_path / "a.csv"
    path.write_bytes((CSV + "José Núñez,,,Q2,,\n" + ROW).encode(encoding))
    assert ["José Núñez", "Ana Lee"] == [person.name for person in read_people(path)]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.csv", "", [NOBODY]),
        ("a.csv", "name,id\n\n", [NOBODY]),
        ("a.toml", "", [NOBODY]),
        ("a.csv", "who,id\nAna,Q1\n", ["row 1: no column 'name'; there are: who, id; call the names' column name"]),
        (
            "a.csv",
            "name,id,kind\nAna Lee,Q1,human\n\n,Q2,\n?!,Q3,\nBo,Q4,,,\n",
            [
                "row 2: kind 'human' is none of person, organization, group, anonymous, document, author, unknown; "
                "take one of them",
                "row 4: no name; give one, or take the row out",
                "row 5: '?!' has no letter; correct it, or take it out",
                "row 6: 5 cells, 3 columns; put quotation marks around a cell that holds ','",
            ],
        ),
        (
            "a.csv",
            "name,aliases,handles,id\nAna Lee,Lee,@lee,Q1\nBo Lee,LEE,,Q2\nCy Lee,,@Lee,Q1\nANA LEE,,,\n",
            [
                "row 3: name 'LEE' is also that of 'Ana Lee' (row 2); leave it to one of them",
                "row 4: handle '@Lee' is also that of 'Ana Lee' (row 2); leave it to one of them",
                "row 4: id 'Q1' is also that of 'Ana Lee' (row 2); leave it to one of them",
                "row 5: name 'ANA LEE' is also that of 'Ana Lee' (row 2); leave it to one of them",
            ],
        ),
        (
            "a.toml",
            'x = 1\n[[person]]\nnames = "Ana"\nid = 3\n[[person]]\nname = ["Bo Roe"]\naliases = [1]\n',
            [
                "unknown 'x'; people stand in [[person]] tables",
                "[[person]] 1: unknown field names; the fields are name, aliases, handles, id, role, kind",
                "[[person]] 1: id: must be a string",
                "[[person]] 2: name: must be a string",
                "[[person]] 2: aliases: must be a string or a list of strings",
            ],
        ),
        ("a.toml", 'person = "Ana"\n', ["person: must be tables; write [[person]] above each"]),
    ],
)
def test_every_fault_is_a_line(name: str, text: str, expected: list[str], tmp_path: Path) -> None:
    """All faults are reported at once, each with file, row and next step."""
    path = write(tmp_path, name, text)
    with pytest.raises(InputError) as caught:
        read_people(path)
    assert [f"{path}: {line}" for line in expected] == str(caught.value).split("\n")


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("a.xlsx", b"PK\x03\x04", "a people file is CSV or TOML; save it so, with the suffix .csv or .toml"),
        ("a.csv", b"PK\x03\x04" + b"\x00" * 50, "a ZIP archive or an Office document"),
        ("a.csv", b'name\n"Ana', "check the quotation marks around its cells"),
        ("a.toml", b"[[person]", "not TOML"),
        ("a.csv", b"\xff\xfen\x00a", "save it as UTF-8"),
    ],
)
def test_what_cannot_be_read_is_one_line(name: str, data: bytes, expected: str, tmp_path: Path) -> None:
    """A file of another kind, a broken one and an odd encoding name the file and the next step."""
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(InputError, match=expected) as caught:
        read_people(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["missing.csv", "folder.csv"])
def test_a_file_that_is_not_there_is_one_line(name: str, tmp_path: Path) -> None:
    """The messages for a missing file and a folder name the next step."""
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(InputError, match="name a CSV or TOML file that can be read") as caught:
        read_people(tmp_path / name)
    assert str(caught.value).startswith(f"{tmp_path / name}: ")


def test_one_person_may_have_several_rows(tmp_path: Path) -> None:
    """Rows of the same name and id are one person with the aliases of all."""
    path = write(tmp_path, "a.csv", "name,alias,id\nAna Lee,Lee,Q1\nAna Lee,A. Lee,Q1\n")
    people = read_all([path])
    assert ["Q1", "Q1"] == [s and s.id for s in applied([Speaker("Lee"), Speaker("A Lee")], *people)]


# -- whom it means ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ("Ana Lee", "ANA LEE"),
        ("José Núñez", "Jose Nunez"),
        ("Lars Løkke", "Lars Lokke"),
        ("Jo Strauß", "Jo Strauss"),
        ("Seán O’Hara", "Sean O'Hara"),
        ("J.K. Bly", "J. K. Bly"),
        ("Omar al-Badr", "Omar Al Badr"),
        ("Prime Minister Ana Lee", "Ana Lee"),
        ("Ana Lee", "Rep. Ana Lee"),
        ("Ana Lee", "Dr. Gen. Ana Lee"),
        ("Don Bly", "Don Bly"),
        ("The Harbour Ministry", "Harbour Ministry"),
        ("नरेंद्र मोदी", "नरेंद्र मोदी"),
    ],
)
def test_names_are_the_same(listed: str, said: str) -> None:
    """Letter case, accents, punctuation, titles and a leading article make no difference."""
    person = Person(listed, id="Q1")
    assert Speaker(listed, id="Q1") == found(Speaker(said), person)


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ("Ana Lee", "Lee"),
        ("Ana Lee", "Ana"),
        ("Ana Lee", "Ana Leeds"),
        ("Ana Lee", "Ana M. Lee"),
        ("Don Bly", "Bly"),
        ("Mr. Bly", "Bly"),
        ("President Bly", "Bly"),
        ("मोदी", "मद"),
        ("Ana Lee", "…"),
    ],
)
def test_names_are_not_the_same(listed: str, said: str) -> None:
    """A surname, a given name, a longer name and what a title leaves of a name are nobody's unless they are listed."""
    assert Speaker(said) == found(Speaker(said), Person(listed, id="Q1"))


@pytest.mark.parametrize("said", [Speaker("Lee"), Speaker("A.M. Lee"), Speaker("Harbour desk", handle="@AnaLee")])
def test_aliases_and_handles_mean_the_person(said: Speaker) -> None:
    """An alias or a handle is enough; name and id are the file's, and the handle stays as printed."""
    assert Speaker("Ana Lee", "person", "mayor of Oslo", handle=said.handle, id="Q1") == found(said, LEE)


def test_the_printed_words_may_be_an_alias() -> None:
    """If the article's name is not listed, the quote's mention may be; its role is another person's."""
    modi = Person("Narendra Modi", aliases=("PM Modi", "Modi"), id="Q1058", role="Prime Minister of India")
    said = Speaker("Lalit Modi", "person", "a businessman", Mention("PM Modi", 0, 7), "alias")
    assert evolve(said, name="Narendra Modi", id="Q1058", role="Prime Minister of India") == found(said, modi)
    bare = evolve(said, mention=Mention("Modi", 0, 4))
    assert bare == found(bare, modi)


def test_a_handle_tells_the_kind() -> None:
    """An account is one's own: what its kind was taken for does not matter, and the file's kind is right."""
    desk = Person("City of Lund", handles=("@citydesk",), id="Q3", kind="organization")
    said = Speaker("City Desk", "person", handle="@citydesk")
    assert Speaker("City of Lund", "organization", handle="@citydesk", id="Q3") == found(said, desk)


def test_what_the_article_says_stays() -> None:
    """Role, kind, mention and resolution of the article are kept."""
    said = Speaker("Lee", "author", "a poet", Mention("she", 4, 7), "pronoun")
    assert evolve(said, name="Ana Lee", id="Q1") == found(said, LEE)


@pytest.mark.parametrize(
    ("listed", "said", "expected"),
    [
        (None, "organization", ("Q1", "organization")),
        (None, "unknown", ("Q1", "unknown")),
        ("person", "unknown", ("Q1", "person")),
        ("person", "author", ("Q1", "author")),
        ("organization", "group", ("Q1", "group")),
        ("person", "organization", (None, "organization")),
        ("organization", "person", (None, "person")),
    ],
)
def test_a_listed_kind_must_not_contradict(
    listed: SpeakerKind | None, said: SpeakerKind, expected: tuple[str | None, str]
) -> None:
    """Jordan the country is not Jordan the man; where the file says no kind, it is either."""
    after = found(Speaker("Jordan", said), Person("Jordan", id="Q1", kind=listed))
    assert after is not None
    assert expected == (after.id, after.kind)


def test_two_possible_people_resolve_to_neither() -> None:
    """If a name or handle matches two listed people, neither is taken."""
    other = Person("Ana Lee", id="Q2")
    assert Speaker("Ana Lee") == found(Speaker("Ana Lee"), LEE, other)
    handled = Speaker("Bo Roe", handle="@analee")
    assert handled == found(handled, LEE, Person("Bo Roe", id="Q3"))
    titled = Person("Dr. Ana Lee", id="Q4"), Person("Ms. Ana Lee", id="Q5")
    assert Speaker("Ana Lee") == found(Speaker("Ana Lee"), *titled)
    assert Speaker("Dr. Ana Lee", id="Q4") == found(Speaker("Dr. Ana Lee"), titled[0])


def test_a_later_file_corrects_an_earlier_one(tmp_path: Path) -> None:
    """Of two entries with one id the later gives the name; the earlier one's spellings still match."""
    files = [
        write(tmp_path, "agency.csv", "name,id\nAnna Leigh,Q1\n"),
        write(tmp_path, "own.csv", "name,id\nAna Lee,Q1\n"),
    ]
    assert Speaker("Ana Lee", id="Q1") == found(Speaker("Anna Leigh"), *read_all(files))


def test_an_uncredited_quote_stays_uncredited() -> None:
    """A statement without a speaker, and a speaker who is not listed, are left alone; the order stays."""
    assert [None, Speaker("Bo Roe")] == applied([None, Speaker("Bo Roe")], LEE)


def test_a_key_is_letters_and_digits() -> None:
    """The key for comparing names has no case, accent, punctuation or space."""
    assert ["jknunez3", "lod", ""] == [key("J.-K. Núñez 3"), key("ŁØĐ"), key("—!")]


# -- in the pipeline --------------------------------------------------------------------------------------------------

TEXT = "“We vote on Monday,” said Anna Leigh, a poet. “Not before,” Leigh told Reuters. Bo Roe said that it rained."


def test_the_pipeline_gives_the_files_names(pipeline: Any) -> None:
    """Each quote of a listed speaker has the file's name and id, also where the mention is a surname."""
    listed = Person("Ana Lee", ("Anna Leigh",), id="Q1", role="mayor of Oslo")
    [record] = evolve(pipeline, people=(listed,)).read(SourceText("a", TEXT))
    speakers = [q.speaker for q in record.quotes if q.speaker]
    expected = [("Ana Lee", "Q1", "a poet"), ("Ana Lee", "Q1", "a poet"), ("Bo Roe", None, None)]
    assert expected == [(s.name, s.id, s.role) for s in speakers]
    assert ["Anna Leigh", "Leigh", "Bo Roe"] == [s.mention.text for s in speakers if s.mention]


def test_load_reads_the_files_before_the_model(tmp_path: Path) -> None:
    """A faulty people file is reported at once."""
    from quotes.extraction.pipeline import load

    with pytest.raises(InputError, match="nobody is listed"):
        load(people=(write(tmp_path, "a.csv", ""),), model="no-such-model")


def test_the_component_takes_people_and_reader(pipeline: Any, tmp_path: Path) -> None:
    """The component's settings are the pipeline's: a people file, the reader, attitudes."""
    from quotes.extraction.spacy_component import QuotesComponent

    path = write(tmp_path, "a.csv", "name,aliases,id\nAna Lee,Anna Leigh,Q1\n")
    component = QuotesComponent(pipeline.nlp, Options(people=[str(path)], reader="patterns", attitudes=True))
    quotes = component.match(pipeline.nlp.make_doc(TEXT))
    assert ["Q1", "Q1", None] == [q.speaker.id for q in quotes if q.speaker]
    assert (None, True) == (component.pipeline.reader, component.pipeline.attitudes)
