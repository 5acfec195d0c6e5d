"""Kinds F and G: one name in several spellings, words before and after it, and bodies distinguished from people."""

from __future__ import annotations

import pytest

from tests.reports.reading import file, told

ONE = [
    ("Chancellor Jürgen Weiß arrived late. “We pay,” Jurgen Weiss said.", "Jürgen Weiß", "Chancellor"),
    ("The poet Søren Kjær read. “It rains,” Soren Kjaer told Reuters.", "Søren Kjær", "The poet"),
    ("Premier Andrej Babiš resigned. “Enough,” Babis said.", "Andrej Babiš", "Premier"),
    ("“We stay,” Marko Petrovsky said. Minister Petrovskyi left.", "Marko Petrovsky", "Minister"),
    ("Mayor Łucja Żak spoke. “So do we,” said Lucja Zak.", "Łucja Żak", "Mayor"),
    ("“So do we,” Inigo Peña said. Trainer Iñigo Peña left.", "Iñigo Peña", "Trainer"),
]
TITLED = [
    ("“The verdict stands,” said Judge Clive Harmer KC.", "Clive Harmer", "Judge"),
    ("Prof Dame Lynn Oates DBE FRS told MPs: “Test more.”", "Lynn Oates", "Prof Dame"),
    ("Ana Roe MP said: “Shame.”", "Ana Roe", None),
    ("“We searched the lake,” said Det Ch Supt Ruth Amsel.", "Ruth Amsel", "Det Ch Supt"),
    ("DC Priya Nair said: “He ran.”", "Priya Nair", "DC"),
    ("PCSO Tom Bell added: “He ran fast.”", "Tom Bell", "PCSO"),
    ("Chief Constable Ian Frost told the panel: “We failed.”", "Ian Frost", "Chief Constable"),
    ("Lance Corporal Joe Dunn told the BBC: “It was hot.”", "Joe Dunn", "Lance Corporal"),
    ("Staff Sgt. 2nd Class Ray Tully told Reuters: “We dug.”", "Ray Tully", "Staff Sgt. 2nd Class"),
    ("“Go in peace,” said Canon Hilda Marsh.", "Hilda Marsh", "Canon"),
    ("Senior Coroner Mary Platt said the death was avoidable.", "Mary Platt", "Senior Coroner"),
    ("Striker Ben Okoro said: “Three points.”", "Ben Okoro", "Striker"),
    ("Tom Pell, Conservative MP for Harwick, said: “No.”", "Tom Pell", "Conservative MP for Harwick"),
    ("Lena Roe, a Democrat from Ohio, said: “Yes.”", "Lena Roe", "a Democrat from Ohio"),
    ("“We lost,” said Inter Lunde coach Luca Berni.", "Luca Berni", "Inter Lunde coach"),
    ("SOAP star Mia Cole has told fans: “I am back.”", "Mia Cole", "SOAP star"),
    ("BRAVE mum Kay Dunn said: “I fought him off.”", "Kay Dunn", "BRAVE mum"),
    ("PREMIER League ace Jude Holt said: “I am gutted.”", "Jude Holt", "PREMIER League ace"),
    ("Her friend, ex-soap actress Jo Blythe, told The Sun: “She is fine.”", "Jo Blythe", "ex-soap actress"),
    ("The Minister of State for Roads (North), Senator Emeka Obi, said: “We are building.”", "Emeka Obi",
     "The Minister of State for Roads (North)"),
]  # fmt: skip
BODIES = [
    "Buckingham Palace", "Downing Street", "Scotland Yard", "Castlegate Homes", "Merrow Water", "Aldgate Energy",
    "Thornbury United", "Western Powergrid", "Greenpeace", "Halden Bakeries", "Northbrook Rail",
]  # fmt: skip


@pytest.mark.parametrize(("text", "name", "role"), ONE, ids=[name for _, name, _ in ONE])
def test_one_name_in_two_spellings_is_one_person(text: str, name: str, role: str) -> None:
    """Accents and letters that English lacks are folded where names are compared; the fullest form is shown."""
    assert [(name, role)] == told(text, "speaker", "role")


@pytest.mark.parametrize(("text", "name", "role"), TITLED, ids=[name for _, name, _ in TITLED])
def test_titles_and_letters_are_no_part_of_a_name(text: str, name: str, role: str | None) -> None:
    """Ranks, offices, letters behind a name, and a tabloid's capitals."""
    assert (name, role) == told(text, "speaker", "role")[0]


@pytest.mark.parametrize("name", BODIES)
def test_bodies_are_distinguished_from_people(name: str) -> None:
    """A palace, a firm, a club and a charity speak as organizations."""
    assert [(name, "organization")] == told(f"{name} said that the bridge would stay shut.", "speaker", "kind")


def test_the_short_form_with_another_title_is_the_same_person() -> None:
    """Recorder Hanna Stolz KC is Judge Stolz."""
    text = "“It stands,” said Recorder Hanna Stolz KC. Judge Stolz told the court: “There is no appeal.”"
    assert [("Hanna Stolz",), ("Hanna Stolz",)] == told(text, "speaker")


def test_the_hearer_is_not_the_speaker() -> None:
    """A journalist who is named only as a hearer is not "he"."""
    assert [("he",)] == told("“It is a lie,” he told Radio 4's Ann Locke.", "speaker")


def test_who_is_named_only_in_what_is_said_does_not_say_it() -> None:
    """The mum-of-three is the woman before, not the man she accuses."""
    text = "Mia Dale, 29, lives in Hove. The mum-of-three says that Rob Finch owes her money."
    assert [("Mia Dale",)] == told(text, "speaker")


# -- the reports themselves -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("28-names", ["François Beaulieu", "Valérie Côté", "Léa Roy",
                      "Falah bin Nadir bin Ahmad bin Omar Al Tamimi",
                      "Falah bin Nadir bin Ahmad bin Omar Al Tamimi", "Helena Marsh", "Helena Marsh", "Rory Quill",
                      "Rory Quill", "Ada Birch"]),
        ("31-titles", ["Mat Knollys", "Belinda Wraith", "Una Fay", "Joy Odum", "Lee Pardo"]),
        ("52-accents", ["Zoë Łącka", "José Ángel Núñez"]),
        ("small/min_minister", ["Heineken Lokpobiri"]),
        ("small/min_minister2", ["Dave Umahi"]),
        ("small/min_pal", ["Rhys Bellamy"]),
        ("small/min_telly", ["Danni Forde"]),
        ("small/min_mum", ["Danni Forde"]),
        ("small/min_guest", ["Nadia Rahman"]),
        ("small/min_mp", ["Sarah Champion", "Sarah Champion"]),
        ("small/min_det", ["Imran Sheikh"]),
        ("small/min_detsgt", ["Alan Moss"]),
        ("small/min_dci", ["Helen Roe", "Tom Lee"]),
        ("small/min_headline", []),
    ],
)  # fmt: skip
def test_files_give_their_speakers(name: str, expected: list[str]) -> None:
    """Who is credited, in order."""
    assert expected == [speaker for (speaker,) in told(file(f"{name}.txt"), "speaker")]


@pytest.mark.parametrize("name", ["min_downing", "min_halden", "min_org", "min_grid"])
def test_files_with_bodies(name: str) -> None:
    """Nothing but organizations speaks in them."""
    assert {("organization",)} == set(told(file(f"small/{name}.txt"), "kind"))


def test_files_with_roles() -> None:
    """A seat in parliament, a rank, an office with brackets."""
    assert "Labour MP for Rotherham" == told(file("small/min_mp.txt"), "role")[0][0]
    assert "Det Con" == told(file("small/min_det.txt"), "role")[0][0]
    assert "Petroleum Resources (Oil)" in told(file("small/min_minister.txt"), "role")[0][0]
