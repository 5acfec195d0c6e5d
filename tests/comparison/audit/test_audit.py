"""An audit's numbers: the counts by speaker, their margins, and comparisons of periods and outlets."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from attrs import evolve

from quotes.cli import main
from quotes.comparison.audit import Audit, audit
from quotes.comparison.audit.intervals import Share, difference, share, wilson
from quotes.errors import InputError
from quotes.export import write_records
from quotes.records import Article, ArticleRecord, Outlet, Quote, Span, Speaker


def record(number: int, *speakers: Speaker | None, outlet: str = "The Quay", day: str = "2025-03-01") -> ArticleRecord:
    quotes = tuple(
        Quote(f"q{number}-{n}", "direct", "The pier is open", (Span(n * 20, n * 20 + 16),), speaker=speaker)
        for n, speaker in enumerate(speakers)
    )
    url = f"https://quay.example/{'sport' if number % 2 else 'news'}/{number}"
    article = Article(f"a{number:03}", f"{number}.txt", 0, 0, 400, published=day, url=url, outlet=Outlet(outlet))
    return ArticleRecord(article, quotes)


MAYOR = Speaker("Ana Moreira", "person", "the mayor", pronoun="she")
COACH = Speaker("Rui Lind", "person", "the coach", pronoun="he")
BOARD = Speaker("Harbour Board", "organization")
OFFICIAL = Speaker("an official", "anonymous")


def part(found: Audit, chart: str, row: str, group: int = 0) -> tuple[int, int]:
    [parts] = [r.parts for c in found.charts if c.id == chart for r in c.rows if r.id == row]
    return parts[group].count, parts[group].base


def test_what_is_counted() -> None:
    """Quotes divide by kind; those of people by pronoun and family; unknown ones are shown, denied ones left out."""
    denied = evolve(record(3, MAYOR).quotes[0], id="d", stance="denied")
    first = record(1, MAYOR, COACH, BOARD, OFFICIAL, None)
    found = audit([evolve(first, quotes=(*first.quotes, denied)), record(2, MAYOR, Speaker("Ivo Roe", "person"))])
    assert [(3 + 1, 7), (1, 7), (1, 7), (1, 7)] == [
        part(found, "kinds", kind) for kind in ("people", "organizations", "unnamed", "unclear")
    ]
    assert [(2, 4), (1, 4), (1, 4)] == [part(found, "pronouns", p) for p in ("she", "he", "unknown")]
    assert [(2, 4), (1, 4), (1, 4)] == [
        part(found, "families", f) for f in ("family-politician", "family-athlete", "unknown")
    ]
    assert {"outlets", "sections", "months"} == {table.id for table in found.breakdowns}
    [sections] = [[line.name for line in t.lines] for t in found.breakdowns if t.id == "sections"]
    assert ["sport"] == sections


def test_new_sources_and_concentration() -> None:
    """A source is new in the first article that quotes it; few sources may make half of the words."""
    records = [record(n, MAYOR, day=f"2025-03-0{n}") for n in range(1, 6)]
    found = audit([*records, record(6, COACH, BOARD, OFFICIAL, day="2025-03-09")])
    assert (3, 7) == part(found, "new", "new")
    [one] = found.concentration
    assert (3, 1) == (one.sources, one.half)
    assert ("Ana Moreira", 20) == one.top[0]
    assert 1.0 == one.curve[-1]


def test_two_outlets_side_by_side() -> None:
    """A difference unlikely by chance is marked; one of few quotes is not, and is called small."""
    quay = [record(n, MAYOR, MAYOR) for n in range(40)]
    pier = [record(n, COACH, COACH, outlet="The Pier") for n in range(40, 80)]
    found = audit([*quay, *pier], compare=("The Quay", "the pier"))
    [gap] = [r.gap for c in found.charts if c.id == "pronouns" for r in c.rows if r.id == "she"]
    assert gap is not None
    assert gap.stands_out
    assert 1.0 == gap.value
    few = audit([quay[0], pier[0]], compare=("The Quay", "The Pier"))
    [row] = [r for c in few.charts if c.id == "pronouns" for r in c.rows if r.id == "she"]
    assert row.gap is not None
    assert not row.gap.stands_out
    assert row.parts[0].small
    with pytest.raises(InputError, match="no quotes of it; there are outlets: The Pier, The Quay"):
        audit([*quay, *pier], compare=("The Quay", "The Dock"))


def test_two_periods_side_by_side() -> None:
    """Periods are years, months, days or spans of them, with both ends."""
    records = [record(n, MAYOR, day=f"2025-0{n}-15") for n in range(1, 7)]
    found = audit(records, compare=("2025-01..2025-02", "2025-06"))
    assert [("2025-01..2025-02", 2), ("2025-06", 1)] == [(g.name, g.quotes) for g in found.groups]


def test_quotes_of_one_article_count_less() -> None:
    """The same share is less sure where it comes in bunches; Wilson's interval is that of the textbook."""
    apart = share([(1, 1)] * 30 + [(0, 1)] * 70)
    bunched = share([(10, 10)] * 3 + [(0, 10)] * 7)
    assert 0.3 == apart.value == bunched.value
    assert bunched.high - bunched.low > 2 * (apart.high - apart.low)
    assert (0.219, 0.396) == tuple(round(v, 3) for v in wilson(0.3, 100))
    gap = difference(Share(56, 70, effective=70), Share(48, 80, effective=80))
    assert (0.052, 0.334) == (round(gap.low, 3), round(gap.high, 3))  # Newcombe 1998, table II, 56/70 - 48/80
    assert Share(0, 0) == share([])


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It writes a page, JSON, and a table per chart; the page fetches nothing."""
    write_records([record(1, MAYOR, BOARD), record(2, COACH)], tmp_path / "r.jsonl")
    assert 0 == main(["audit", str(tmp_path / "r.jsonl"), "-o", str(tmp_path / "a.html"), "--csv", str(tmp_path / "t")])
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert "Harbour Board" in page
    assert "src=" not in page
    with (tmp_path / "t" / "kinds.csv").open(encoding="utf-8", newline="") as lines:
        assert ["Named people", "2", "3"] == list(csv.reader(lines))[1][:3]
    capsys.readouterr()
    assert 0 == main(["audit", str(tmp_path / "r.jsonl")])
    assert "quotes-audit/1" == json.loads(capsys.readouterr().out)["schema"]
    assert 1 == main(["audit", str(tmp_path / "r.jsonl"), "--compare", "2031", "2032"])
