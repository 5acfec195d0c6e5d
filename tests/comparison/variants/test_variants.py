"""The same statement across outlets: what is grouped, what each printing is to the fullest, who printed it first."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from quotes.cli import main
from quotes.comparison.same_speaker import agree
from quotes.comparison.variants import Difference, Group, groups
from quotes.comparison.variants.candidates import NEIGHBOURS
from quotes.comparison.words import wording
from quotes.export import from_dict, to_dict
from quotes.records import Article, ArticleRecord, Outlet, Quote, Span, Speaker
from tests.growth import BOUND, growth_of

TABLE = Path(__file__).parents[2] / "cases" / "en" / "variants.toml"
CASES = tomllib.loads(TABLE.read_text(encoding="utf-8"))["case"]
SEEDS = Path(__file__).parents[4] / "shared" / "seeds"
SAMPLES = Path(__file__).parents[3] / "samples"


def printed(
    number: int, text: str, *, speaker: str | None = None, kind: Any = "person", type: Any = "direct",
    outlet: str | None = None, published: str | None = None,
) -> ArticleRecord:  # fmt: skip
    """Return an article with one quote."""
    said = Speaker(speaker, kind) if speaker else None
    article = Article(
        f"a{number}", f"{number}.txt", 0, 0, 999, published=published, outlet=Outlet(outlet or f"Outlet {number}")
    )
    return ArticleRecord(article, (Quote(f"q{number}", type, text, (Span(0, len(text)),), speaker=said),))


def numbers(group: Group) -> list[int]:
    return [int(v.quote.removeprefix("q")) for v in (group.lead, *group.variants)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case: dict[str, Any]) -> None:
    """Each case's printings are grouped, and each variant has its kind."""
    found = list(groups(printed(n, **quote) for n, quote in enumerate(case["quotes"])))
    assert case["groups"] == [[numbers(g)[0], *sorted(numbers(g)[1:])] for g in found]
    kinds = [[{v.quote: v.kind for v in g.variants}[f"q{n}"] for n in want[1:]]
             for g, want in zip(found, case["groups"], strict=True)]  # fmt: skip
    assert case["kinds"] == kinds
    for flag in ("misquoted", "misattributed"):
        if flag in case:
            assert case[flag] == [getattr(group, flag) for group in found]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_order_does_not_matter(case: dict[str, Any]) -> None:
    """The same quotes in another order give the same groups."""
    records = [printed(n, **quote) for n, quote in enumerate(case["quotes"])]
    expected = {frozenset(numbers(group)) for group in groups(records)}
    assert expected == {frozenset(numbers(group)) for group in groups(reversed(records))}


def test_differences_are_listed_word_by_word() -> None:
    """Each step names the lead's words and the variant's, as they are printed."""
    [group] = groups([
        printed(0, "“We will rebuild all of the four bridges by May, and not one of them in wood.”", speaker="Ana Lee"),
        printed(1, "“We'll rebuild all of the four … by [June], and none of them in wood.”", speaker="Lee"),
    ])  # fmt: skip
    expected = (
        Difference("replaced", "will", "'ll"), Difference("omitted", "bridges", ""),
        Difference("bracketed", "May", "June"), Difference("replaced", "not one", "none"),
    )  # fmt: skip
    assert expected == group.variants[0].differences
    assert group.misquoted


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_differences_rebuild_the_variant(data: Any) -> None:
    """Taken together, the steps account for each word that one printing has and the other has not."""
    words = [f"{a}{b}" for a in "bcdf" for b in ("at", "it", "ot", "ut", "en")]
    kept = data.draw(st.lists(st.sampled_from([0, 1, 2]), min_size=20, max_size=20))
    other = [w if k != 1 else f"{w}x" for w, k in zip(words, kept, strict=True) if k != 2]
    found = list(groups([printed(0, " ".join(words), speaker="Lee"), printed(1, " ".join(other), speaker="Lee")]))
    for group in found:
        lead, variant = (sorted(wording(v.text).norms) for v in (group.lead, group.variants[0]))
        steps = group.variants[0].differences
        lost = [w for step in steps for w in wording(step.lead).norms]
        gained = [w for step in steps for w in wording(step.variant).norms]
        for word in lost:
            lead.remove(word)
        for word in gained:
            variant.remove(word)
        assert lead == variant


def test_first_outlet() -> None:
    """The earliest date wins; two outlets on one day are a draw, and an undated article never is the first."""
    text = "“The lighthouse will be painted red again, whatever the ministry thinks of it.”"
    by = {"speaker": "Ana Lee"}

    def first(*dates: str | None) -> str | None:
        [group] = groups(printed(n, text, published=date, **by) for n, date in enumerate(dates))
        return group.first.outlet if group.first else None

    assert first("2025-06-11", "2025-06-10", None) == "Outlet 1"
    assert first("2025-06-10", "2025-06-10") is None
    assert first("2025-06-10T09:00:00+00:00", "2025-06-10T10:30:00+02:00") == "Outlet 1"
    assert first("2025-06-10", "2025-06-10T01:00:00+00:00") is None
    assert first(None, None) is None


@pytest.mark.slow
def test_a_common_phrase_stays_linear() -> None:
    """Thousands who say the same few words are neither grouped nor compared with one another."""

    def records(count: int) -> list[ArticleRecord]:
        return [printed(n, "“No comment at this time,”", speaker=f"Ana Lee{n}") for n in range(count)]

    def work(found: list[ArticleRecord]) -> None:
        assert list(groups(found)) == []

    work(records(500))
    assert growth_of(work, records, 2_000) < BOUND
    assert NEIGHBOURS < 50


def test_no_quotes_no_groups() -> None:
    """Nothing, and quotes without a word, give nothing."""
    assert list(groups([])) == []
    assert list(groups([printed(0, "“…”"), printed(1, "“…”")])) == []


def test_only_some_types() -> None:
    """`types` leaves the other types out."""
    text = "the lighthouse will be painted red again this year, whatever the ministry thinks"
    records = [printed(0, text, type="indirect", speaker="Lee"), printed(1, f"“{text}”", speaker="Lee")]
    assert len(list(groups(records))) == 1
    assert list(groups(records, types=frozenset({"direct", "post"}))) == []


def test_speakers_agree() -> None:
    """A short form agrees with the full name; ids decide; what names nobody is not compared."""

    def by(name: str, kind: Any = "person", **more: str) -> Speaker:
        return Speaker(name, kind, **more)

    assert agree(by("Modi"), by("Narendra Modi")) is True
    assert agree(by("Calderon"), by("Felipe Calderón")) is True
    assert agree(by("J. Biden"), by("Joe Biden")) is True
    assert agree(by("Bill Clinton"), by("Hillary Clinton")) is False
    assert agree(by("FBI", "organization"), by("Federal Bureau of Investigation", "organization")) is True
    assert agree(by("the White House", "organization"), by("Josh Earnest")) is None
    assert agree(by("a senior official", "anonymous"), by("Ana Lee")) is None
    assert agree(by("he"), by("Ana Lee")) is None
    assert agree(None, by("Ana Lee")) is None
    assert agree(by("Ana Lee", id="Q1"), by("Ann Leigh", id="Q1")) is True
    assert agree(by("Ana Lee", id="Q1"), by("Ana Lee", id="Q2")) is False


def run(*arguments: Any) -> int:
    return main([str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def ferries(pipeline: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The records of the two samples on the ferries."""
    from quotes.ingest import read

    path = tmp_path_factory.mktemp("ferries") / "ferries.jsonl"
    sources = list(read([SAMPLES / "ferries_courier.html", SAMPLES / "ferries_gazette.html"]))
    records = [record for source in sources for record in pipeline.read(source)]
    path.write_text("".join(json.dumps(to_dict(r)) + "\n" for r in records), encoding="utf-8")
    return path


def test_the_samples(ferries: Path, tmp_path: Path) -> None:
    """The minister's promise is one group of two outlets and a post; the number and the lost "not" are reported."""
    output = tmp_path / "groups.json"
    assert run("variants", ferries, "-o", output, "-q") == 0
    document = json.loads(output.read_text("utf-8"))
    assert document["schema"] == "quotes-variants/1"
    promise, boats = (from_dict(g, kind=Group) for g in document["groups"])
    assert promise.outlets == ("The Norrholm Gazette", "The Skarland Courier")
    assert {v.type: v.kind for v in promise.variants} == {"post": "truncated", "mixed": "edited"}
    assert promise.first is not None
    assert promise.first.outlet == "The Norrholm Gazette"
    assert [s for v in promise.variants for s in v.differences if s.op == "replaced"] == [
        Difference("replaced", "20", "30")
    ]
    assert promise.misquoted
    assert not promise.misattributed
    assert boats.variants[0].differences == (Difference("deleted", "not", ""),)
    assert len(document["groups"]) == 2  # and "No comment" of two people is none


def test_lines_and_errors(ferries: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """JSON Lines has one line per group; a broken file is one line, the others are read, the status is 1."""
    broken = tmp_path / "broken.jsonl"
    broken.write_text('{"article": \n', encoding="utf-8")
    output = tmp_path / "groups.jsonl"
    assert run("variants", broken, ferries, "-o", output) == 1
    assert len(output.read_text("utf-8").splitlines()) == 2
    told = capsys.readouterr().err.splitlines()
    assert str(broken) in told[0]
    assert told[1].endswith("2 groups among 2 articles, 9 quotes, 1 error")
    assert run("variants", ferries, "-o", ferries) == 2


def test_the_same_bytes(ferries: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two runs write the same bytes."""
    texts = []
    for _ in range(2):
        assert run("variants", ferries) == 0
        texts.append(capsys.readouterr().out)
    assert texts[0] == texts[1] != ""


@pytest.fixture(scope="module")
def seeds(pipeline: Any) -> list[Group]:
    """The groups of the two real pages."""
    from quotes.ingest import read

    if not SEEDS.is_dir():
        pytest.skip("no shared/seeds beside the checkout")
    return list(groups(r for source in read(sorted(SEEDS.glob("*.txt"))) for r in pipeline.read(source)))


def test_seed_modi(seeds: list[Group]) -> None:
    """Modi's statement is one group of two outlets and a post, whose cut is reported."""
    [group] = [g for g in seeds if "changes in our defence sector" in g.lead.text and g.lead.type == "direct"]
    everyone = [group.lead, *group.variants]
    assert len(everyone) >= 3
    assert group.outlets == ("The Hindu", "The Times of India")
    assert [v.kind for v in group.variants if v.type == "post"] == ["truncated"]
    assert not group.misattributed


@pytest.mark.parametrize("words", ["was frozen unilaterally by Canada", "unravel the many sanctions"])
def test_seed_baghaei(seeds: list[Group], words: str) -> None:
    """Each of Baghaei's quotes is one group over both pages."""
    [group] = [g for g in seeds if words in g.lead.text]
    assert len({v.source for v in (group.lead, *group.variants)}) == 2
    assert group.speakers == ("Esmail Baghaei",)


@pytest.mark.slow
def test_quality() -> None:
    """On real repetitions and perturbed quotes together, precision is at least 0.97 and recall at least 0.95."""
    from tests.benchmarks import corpus, variants_quality

    if lost := corpus.missing():
        pytest.skip(lost)
    real, made = variants_quality.real()[0], variants_quality.perturbed()[0]
    both = variants_quality.Score(real.right + made.right, real.wrong + made.wrong, real.missed + made.missed)
    assert min(both.precision, real.precision, made.precision) >= 0.97
    assert min(both.recall, real.recall, made.recall) >= 0.95


def test_ids_are_of_the_quotes() -> None:
    """A group's id depends on its quotes alone."""
    text = "“The lighthouse will be painted red again, whatever the ministry thinks of it.”"
    records = [printed(n, text, speaker="Lee") for n in range(3)]
    [one], [other] = groups(records), groups([evolve(r, article=evolve(r.article, title="T")) for r in records[::-1]])
    assert one.id == other.id
