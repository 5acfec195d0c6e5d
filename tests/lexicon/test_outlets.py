"""Outlets, programmes and platforms: the names that the shared pattern files must resolve."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from quotes.lexicon import Lexicon, load_lexicon
from quotes.lexicon.tables import OutletEntry, PlatformEntry, ProgrammeEntry

Entry = OutletEntry | ProgrammeEntry | PlatformEntry

KEBAB = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
DOMAIN = re.compile(rf"{LABEL}(?:\.{LABEL}){{0,4}}\.[a-z]{{2,}}")
README = Path(__file__).parents[2] / "patterns" / "README.md"


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon()


def entries(lexicon: Lexicon) -> Iterator[Entry]:
    yield from lexicon.outlets
    yield from lexicon.programmes
    yield from lexicon.platforms


def plain(name: str) -> str:
    """Return a name as look-ups compare it: no case, no leading article, no dots, hyphens as spaces."""
    form = " ".join(name.casefold().replace("&", " and ").replace(".", "").replace("-", " ").split())
    return form.removeprefix("the ")


def outlet(lexicon: Lexicon, key: str) -> OutletEntry:
    return next(entry for entry in lexicon.outlets if entry.id == key)


def test_outlets_cover_the_world(lexicon: Lexicon) -> None:
    """Several hundred outlets from most countries of the world are listed, with programmes and platforms."""
    assert len(lexicon.outlets) >= 450
    assert len({entry.country for entry in lexicon.outlets}) >= 80
    assert len(lexicon.programmes) >= 120
    assert len(lexicon.platforms) >= 30


def test_ids_are_kebab_case(lexicon: Lexicon) -> None:
    """Every id is lower-case ASCII words joined by hyphens, so that it needs no quoting anywhere."""
    assert not [entry.id for entry in entries(lexicon) if not KEBAB.fullmatch(entry.id)]


def test_a_strong_name_belongs_to_one_entry(lexicon: Lexicon) -> None:
    """No name or alias is shared by two entries, whatever the case, the article, dots and hyphens."""
    owners = defaultdict(set)
    for entry in entries(lexicon):
        for name in (entry.name, *entry.aliases):
            owners[plain(name)].add(entry.id)
    assert not {name: ids for name, ids in owners.items() if len(ids) > 1}


def test_an_alias_is_strong_or_weak_not_both(lexicon: Lexicon) -> None:
    """An entry does not list an alias as strong and as weak; only its own name may be both."""
    both = {
        entry.id: twice
        for entry in entries(lexicon)
        if (twice := {plain(a) for a in entry.aliases} & {plain(w) for w in entry.weak} - {plain(entry.name)})
    }
    assert not both


def test_former_names_are_aliases(lexicon: Lexicon) -> None:
    """A former name of an outlet is one of its strong names."""
    assert not [entry.id for entry in lexicon.outlets if not set(entry.former) <= set(entry.aliases)]


def test_names_are_trimmed_and_not_empty(lexicon: Lexicon) -> None:
    """No name is empty, padded, or listed twice in its field."""
    for entry in entries(lexicon):
        for names in ((entry.name,), entry.aliases, entry.weak):
            assert [" ".join(name.split()) for name in names] == list(names), entry.id
            assert all(plain(name) for name in names), entry.id
            assert len(set(names)) == len(names), entry.id


def test_a_namesake_in_parentheses_keeps_its_printed_name(lexicon: Lexicon) -> None:
    """If a name includes its place, "The Star (Kenya)", articles may print the bare name."""
    lost = [
        entry.id
        for entry in entries(lexicon)
        if (found := re.fullmatch(r"(.+) \([^)]+\)", entry.name))
        and plain(found[1]) not in map(plain, (*entry.aliases, *entry.weak))
    ]
    assert not lost


@pytest.mark.parametrize(
    "word",
    ["Time", "People", "Science", "Nature", "The Hill", "The Hindu", "X", "Line", "Signal", "Medium", "Today"],
)
def test_an_ordinary_word_is_a_weak_name(lexicon: Lexicon, word: str) -> None:
    """A name that is an ordinary word is in `weak`, so that it counts only where an outlet is expected."""
    bearers = [entry for entry in entries(lexicon) if plain(word) == plain(entry.name)]
    assert bearers
    assert all(plain(word) in map(plain, entry.weak) for entry in bearers)


@pytest.mark.parametrize("name", ["The Times", "The Post", "The Sun", "The Star", "The Standard", "The Herald", "ABC"])
def test_what_several_outlets_are_called_is_weak(lexicon: Lexicon, name: str) -> None:
    """A short name of several outlets is a weak name of each, and a strong alias of none."""
    assert sum(plain(name) in map(plain, entry.weak) for entry in lexicon.outlets) > 1
    assert not [entry.id for entry in lexicon.outlets if plain(name) in map(plain, entry.aliases)]


def test_domains_are_well_formed(lexicon: Lexicon) -> None:
    """A domain is bare: lower-case, without scheme, path or www."""
    domains = [d for entry in (*lexicon.outlets, *lexicon.platforms) for d in entry.domains]
    assert not [d for d in domains if not DOMAIN.fullmatch(d) or d.startswith("www.")]


def test_a_domain_belongs_to_one_entry(lexicon: Lexicon) -> None:
    """No domain is listed twice, neither for two outlets nor for an outlet and a platform."""
    counts = Counter(d for entry in (*lexicon.outlets, *lexicon.platforms) for d in entry.domains)
    assert not [domain for domain, number in counts.items() if number > 1]


def test_country_codes_are_two_capitals(lexicon: Lexicon) -> None:
    """A country is two capital letters, as ISO 3166-1 has them; the UK is GB."""
    codes = {entry.country for entry in lexicon.outlets}
    assert not {code for code in codes if not re.fullmatch(r"[A-Z]{2}", code)}
    assert not codes & {"UK", "EN", "EU"}


def test_programmes_belong_to_listed_outlets(lexicon: Lexicon) -> None:
    """A programme's outlet is an [[outlet]] of the file."""
    known = {entry.id for entry in lexicon.outlets}
    assert not {entry.outlet for entry in lexicon.programmes} - known


@pytest.mark.parametrize(
    ("key", "name", "country", "alias", "domain"),
    [
        ("cbc-news", "CBC News", "CA", "CBC", "cbc.ca"),
        ("associated-press", "Associated Press", "US", "AP", "apnews.com"),
        ("agence-france-presse", "Agence France-Presse", "FR", "AFP", "afp.com"),
        ("press-trust-of-india", "Press Trust of India", "IN", "PTI", "ptinews.com"),
        ("times-of-india", "The Times of India", "IN", "Time of India", "timesofindia.indiatimes.com"),
        ("new-indian-express", "The New Indian Express", "IN", "New Indian Express", "newindianexpress.com"),
    ],
)
def test_well_known_outlets(lexicon: Lexicon, key: str, name: str, country: str, alias: str, domain: str) -> None:
    """The outlets that everything else leans on have the id, name and alias that the records show."""
    entry = outlet(lexicon, key)
    assert (name, country) == (entry.name, entry.country)
    assert alias in entry.aliases
    assert domain in entry.domains


def test_the_examples_of_the_readme_load(tmp_path: Path) -> None:
    """The example of patterns/README.md works in a newsroom's folder unchanged."""
    blocks = re.findall(r"^```toml\n(.*?)^```$", README.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "newsroom.toml").write_text("\n".join(blocks), encoding="utf-8")
    lexicon = load_lexicon(extra=(tmp_path,))
    expected = {"valley-courier", "valley-at-noon", "newsroom-court", "newsroom-going-by", "newsroom-in-court"}
    assert expected <= lexicon.origin.keys()
    assert "depose" in lexicon.cue_words(takes="clause", pos="verb")
    statement = next(entry for entry in lexicon.statements if entry.id == "newsroom-going-by")
    papers = ["affidavit", "deposition", "indictment"]
    assert papers == statement.dependency[2]["RIGHT_ATTRS"]["LOWER"]["IN"]
    regex = lexicon.regexes["newsroom-exhibit"]
    for example in regex.examples:
        found = regex.compile().search(example.text)
        assert found
        assert dict(example.expect) == found.groupdict()
    assert not [c.text for c in regex.counterexamples if regex.compile().search(c.text)]


def test_countries_with_few_outlets_have_more_than_one(lexicon: Lexicon) -> None:
    """Most countries have two or more; what is confirmed by a public list says so."""
    counts = Counter(entry.country for entry in lexicon.outlets)
    assert len(counts) >= 200
    assert sum(1 for count in counts.values() if count > 1) >= 140
    assert sum(entry.confirmed for entry in lexicon.outlets) >= 700
    assert all(entry.domains for entry in lexicon.outlets if entry.confirmed)


def test_what_the_list_confirms_is_marked(lexicon: Lexicon) -> None:
    """The list of news domains beside the checkout has a domain of each entry that is marked as confirmed."""
    path = Path(__file__).parents[3] / "shared" / "facts" / "press_domains.csv"
    if not path.exists():
        pytest.skip("no shared/facts/press_domains.csv beside the checkout")
    listed = {line.partition(",")[0] for line in path.read_text(encoding="utf-8").splitlines()[1:]}
    assert [] == [e.id for e in lexicon.outlets if e.confirmed and listed.isdisjoint(e.domains)]
