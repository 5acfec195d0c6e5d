"""Who is the same over many articles, and who is not; why; and that ids last."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from quotes.comparison.sources import Gatherer, Overrides, Source, appearances, key_of, read_overrides, sources
from quotes.comparison.sources.people import listing
from quotes.errors import InputError
from quotes.lexicon import load_lexicon
from quotes.records import Article, ArticleRecord, Channel, Outlet, Quote, Span, Speaker

Credit = tuple[str, str] | tuple[str, str, str] | tuple[str, str, str, str]


def record(number: int, *credits: Credit, outlet: str | None = None, day: str | None = None) -> ArticleRecord:
    """Return an article: kind, name, role and pronoun of each speaker."""
    quotes = []
    for at, (kind, name, *more) in enumerate(credits):
        role, pronoun = (*more, "", "")[:2]
        fields: dict[str, Any] = {"name": name, "kind": kind, "role": role or None, "pronoun": pronoun or None}
        span = Span(10 * at, 10 * at + 5)
        channels = (Channel("to", "Reuters", "outlet"),)
        quotes.append(Quote(f"q{number}-{at}", "direct", "Yes, I do", (span,), None, Speaker(**fields), channels))
    published = Outlet(outlet) if outlet else None
    article = Article(f"a{number:03}", f"{number}.txt", 0, 0, 99, published=day, outlet=published)
    return ArticleRecord(article, tuple(quotes))


def named(found: Sequence[Source], *names: str) -> list[set[str]]:
    """Return the names of each source that bears one of these."""
    all_names = [{alias.name for alias in source.aliases} for source in found]
    return sorted((n for n in all_names if n & set(names)), key=sorted)


def together(*records: ArticleRecord, **options: Any) -> list[set[str]]:
    return [{alias.name for alias in source.aliases} for source in sources(records, **options)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("person", "Narendra Modi", "the prime minister"), ("person", "Modi", "Prime Minister")),
        (("person", "Ana Moreira", "the harbour master"), ("person", "Ana Moreira", "")),
        (("person", "Bertil K. Aster"), ("person", "Bertil Aster")),
        (("person", "Céline Orré", "the singer"), ("person", "Celine Orre")),
        (("person", "Volodymyr Zelenskyy", "president of Ukraine"), ("person", "Volodymyr Zelensky")),
        (("person", "Mohammed El-Sayyad", "the mayor"), ("person", "Muhammad Sayyad", "mayor of the town")),
        (("person", "Ban Ki-moon", "the secretary general"), ("person", "Ki-moon Ban")),
        (("person", "Robert Kestrel", "the senator"), ("person", "Bob Kestrel", "Senator")),
        (("person", "Joseph R. Tolland Jr.", "the governor"), ("person", "Joe Tolland", "Governor")),
        (("organization", "Federal Bureau of Investigation"), ("organization", "FBI")),
        (("organization", "The Huffington Post"), ("organization", "HuffPost")),
        (("organization", "North Quay Fishing Association"), ("organization", "NQFA")),
        (("organization", "Justice Department"), ("organization", "Department of Justice")),
        (("organization", "Kestrel Foods Ltd."), ("organization", "Kestrel Foods")),
        (("organization", "Kestrel's campaign"), ("organization", "the Bob Kestrel campaign")),
    ],
)
def test_one_source_under_two_names(one: Credit, other: Credit) -> None:
    """Titles, accents, spellings, short forms, acronyms and former names are one source's."""
    assert [{one[1], other[1]}] == together(record(1, one), record(2, other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("anonymous", "a senior official"), ("anonymous", "a senior official")),
        (("group", "residents"), ("group", "residents")),
        (("organization", "police"), ("organization", "Police")),
        (("organization", "City Council"), ("organization", "City Council")),
        (("person", "John Smith", "the police chief"), ("person", "John Smith", "a professor of botany")),
        (("person", "Kim Lee", "the coach", "she"), ("person", "Kim Lee", "a coach", "he")),
        (("person", "Tom Tolland"), ("person", "Tom Tolland Jr.")),
        (("person", "Modi"), ("person", "Narendra Modi", "the prime minister")),
        (("person", "Modi"), ("person", "Modi")),
        (("person", "Ana Moreira"), ("person", "Rui Moreira")),
        (("person", "Robert Jones", "the coach"), ("person", "Bob Jones", "a dentist")),
        (("person", "Robert A. Kestrel"), ("person", "Robert B. Kestrel")),
        (("organization", "Kestrel Foods"), ("organization", "Kestrel Motors")),
        (("person", "Reuters"), ("organization", "Harbour Board")),
    ],
)
def test_two_sources(one: Credit, other: Credit) -> None:
    """General descriptions, namesakes with other trades, and bare surnames are not merged."""
    assert 2 == len(together(record(1, one), record(2, other)))


def test_a_surname_needs_more_than_itself() -> None:
    """Other sources quoted beside both decide whom a surname means; if two are equally likely, nothing does."""
    beside: tuple[Credit, ...] = (("person", "Ada Quill"), ("person", "Ines Rook"))
    full = record(1, ("person", "Pavel Sorrel", "a developer"), *beside)
    assert {"Pavel Sorrel", "Sorrel"} in together(full, record(2, ("person", "Sorrel"), *beside))
    other = record(3, ("person", "Marta Sorrel", "a farmer"), *beside)
    assert {"Sorrel"} in together(full, other, record(2, ("person", "Sorrel"), *beside))


def test_outlets_of_other_beats_quote_other_people() -> None:
    """A common name without a role is one person in two papers, but not in a sports paper and a farmers' paper."""
    sport = [record(n, ("person", f"Ida Quill{n}", "the coach"), outlet="The Pitch") for n in range(100, 112)]
    care = [record(n, ("person", f"Ida Rook{n}", "a surgeon"), outlet="The Ward") for n in range(200, 212)]
    smiths = [("person", "John Smith")]
    one, other = record(1, *smiths, outlet="The Pitch"), record(2, *smiths, outlet="The Ward")
    assert 2 == len(named(sources([*sport, *care, one, other]), "John Smith"))
    assert 1 == len(named(sources([one, other]), "John Smith"))
    rare = [("person", "Corin Vantongeren")]
    one, other = record(1, *rare, outlet="The Pitch"), record(2, *rare, outlet="The Ward")
    assert 1 == len(named(sources([*sport, *care, one, other]), "Corin Vantongeren"))


def test_an_unclear_namesake_stays_apart() -> None:
    """Without a role, a third article's John Smith is neither of two."""
    found = sources(
        [
            record(1, ("person", "John Smith", "the police chief")),
            record(2, ("person", "John Smith", "a professor of botany")),
            record(3, ("person", "John Smith")),
        ]
    )
    assert [1, 1, 1] == [source.articles for source in found]
    assert 3 == len({source.id for source in found})


def test_what_a_source_tells() -> None:
    """A row counts names, roles with their days, outlets, channels and words, and says why names were merged."""
    found = sources(
        [
            record(1, ("person", "Narendra Modi", "the prime minister", "he"), outlet="CBC News", day="2025-03-01"),
            record(2, *[("person", "Modi", "Prime Minister")] * 2, outlet="BBC", day="2025-05-02"),
        ]
    )
    [source] = found
    assert ("Narendra Modi", "person", "he", "family-politician") == (
        source.name, source.kind, source.pronoun, source.family,
    )  # fmt: skip
    assert (2, 3, 9, 3, 0) == (source.articles, source.quotes, source.words, source.direct, source.reported)
    assert ("2025-03-01", "2025-05-02") == (source.first, source.last)
    assert [("Modi", 1), ("Narendra Modi", 1)] == [(a.name, a.count) for a in source.aliases]
    assert [("BBC", 1), ("CBC News", 1)] == [(o.name, o.count) for o in source.outlets]
    assert [("to Reuters", 3)] == [(c.name, c.count) for c in source.channels]
    assert ["Prime Minister", "the prime minister"] == sorted(role.role for role in source.roles)
    [merge] = source.merges
    assert ("modi", "narendra modi") == (merge.name, merge.into)
    assert "office_same" in merge.because


def many() -> list[ArticleRecord]:
    roles = ("the mayor", "a professor", "", "the coach", "a spokesman for the port")
    names = ("Ana Moreira", "A. Moreira", "Moreira", "John Smith", "Jon Smith", "Rui Moreira", "Ana P. Moreira")
    return [
        record(n, ("person", names[n % 7], roles[n % 5]), ("person", names[n % 3], roles[n % 4]), ("group", "people"))
        for n in range(60)
    ]


def test_the_order_of_articles_is_nothing() -> None:
    """Two runs in another order give the same sources to the byte, and an article that comes twice counts once."""
    records = many()
    expected = repr(sources(records))
    for seed in range(3):
        shuffled = [*records, records[0]]
        random.Random(seed).shuffle(shuffled)
        assert expected == repr(sources(shuffled))


def test_ids_last() -> None:
    """Later articles keep all known ids; when two sources become one, the other id is reported."""
    gatherer = Gatherer(load_lexicon("en"))
    before = [record(1, ("person", "John Smith", "the coach")), record(2, ("person", "Modi"))]
    first = gatherer.gather(appearances(before))
    held = {key: first.sources[number].id for key, number in first.of.items()}
    later = [record(n, ("person", "John Smith", "the senator")) for n in range(3, 9)]
    second = gatherer.gather(appearances([*before, *later]), former=held)
    again = {key: second.sources[number].id for key, number in second.of.items()}
    assert held == {key: again[key] for key in held}
    one, other = record(1, ("person", "Ana Moreira")), record(2, ("person", "Ana P. Moreira"))
    apart = gatherer.gather(appearances([one]), former={})
    ids = {key: source.id for key, number in apart.of.items() for source in [apart.sources[number]]}
    ids |= {key_of(a): "p-other" for a in appearances([other])}
    [joined] = gatherer.gather(appearances([one, other]), former=ids).sources
    assert {joined.id, *joined.former} == {"p-other", apart.sources[0].id}


def test_overrides_have_the_last_word(tmp_path: Path) -> None:
    """`merges.toml` joins what nothing else does, and keeps apart what is one by its name."""
    path = tmp_path / "merges.toml"
    path.write_text(
        '[[same]]\nsources = ["Prince Azur", "Rui Azur"]\n'
        '[[not_same]]\nsources = ["Ana Moreira, mayor", "Ana Moreira, governor"]\n', encoding="utf-8",
    )  # fmt: skip
    records = [
        record(1, ("person", "Prince Azur")), record(2, ("person", "Rui Azur")),
        record(3, ("person", "Ana Moreira", "the mayor")), record(4, ("person", "Ana Moreira", "the governor")),
    ]  # fmt: skip
    assert [{"Ana Moreira"}, {"Prince Azur"}, {"Rui Azur"}] == sorted(together(*records), key=sorted)
    found = sources(records, overrides=read_overrides(path))
    assert [{"Ana Moreira"}, {"Ana Moreira"}, {"Prince Azur", "Rui Azur"}] == named(found, "Ana Moreira", "Rui Azur")


@pytest.mark.parametrize("text", ["[[equal]]\nsources = []", "[[same]]\nsources = ['one']", "same = 3", "[["])
def test_a_faulty_file_of_overrides(tmp_path: Path, text: str) -> None:
    """The error for a file of another kind names it."""
    path = tmp_path / "merges.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"merges\.toml"):
        read_overrides(path)


def test_a_people_file_names_and_joins(tmp_path: Path) -> None:
    """Who is listed has the name and id of the list, whatever the articles say."""
    path = tmp_path / "people.csv"
    path.write_text("name,aliases,id\nNarendra Modi,Modi|NaMo,Q1058\n", encoding="utf-8")
    records = [record(1, ("person", "Modi")), record(2, ("person", "NaMo")), record(3, ("person", "Narendra Modi"))]
    gatherer = Gatherer(load_lexicon("en"), Overrides(), listing([path], lexicon=load_lexicon("en")))
    [source] = gatherer.gather(appearances(records)).sources
    assert ("Narendra Modi", "Q1058") == (source.name, source.listed)
    assert "http://www.wikidata.org/entity/Q1058" == source.same_as
