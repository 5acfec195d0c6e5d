"""Count the facts of an audit: charts, breakdowns, concentration."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import get_args

from quotes.comparison.audit.facts import Fact
from quotes.comparison.audit.intervals import Share, difference, share
from quotes.comparison.audit.result import (
    Breakdown,
    Cell,
    Chart,
    Concentration,
    Gap,
    Group,
    Line,
    Part,
    Row,
)
from quotes.comparison.sources import Source
from quotes.lexicon.tables import RoleFamily
from quotes.records import Pronoun

Key = Callable[[Fact], str | None]
# Shares of fewer quotes or articles are marked as uncertain.
FEW_QUOTES, FEW_ARTICLES = 30, 5
# The most outlets, sections, bylines or months shown, those with most quotes first.
MOST_LINES = 40
TOP = 10
UNKNOWN = "unknown"
KINDS = {
    "people": "Named people", "organizations": "Organizations", "documents": "Documents",
    "unnamed": "Unnamed people and groups", "unclear": "Unclear or nobody",
}  # fmt: skip
SMALL = f"Pale bars rest on fewer than {FEW_QUOTES} quotes or {FEW_ARTICLES} articles."


def group_of(name: str, facts: Sequence[Fact]) -> Group:
    """Return the size of a group and its facts."""
    days = sorted(fact.day for fact in facts if fact.day)
    return Group(
        name, len({f.article for f in facts}), len(facts), sum(f.words for f in facts),
        len({f.source for f in facts if f.source is not None}), days[0] if days else None, days[-1] if days else None,
    )  # fmt: skip


def charts(groups: Sequence[Sequence[Fact]], families: Sequence[RoleFamily]) -> tuple[Chart, ...]:
    """Return the charts: kinds of sources, pronouns and families of roles of people, first-time sources."""
    people = [[f for f in facts if f.group == "people"] for facts in groups]
    dated = [[f for f in facts if f.new is not None] for facts in groups]
    pronouns = {p: p for p in get_args(Pronoun)} | {UNKNOWN: "Not given"}
    roles = {f.id: f.name for f in families} | {UNKNOWN: "No role given"}
    return (
        _chart("kinds", "Who is quoted?", f"Shares of all quotes. {SMALL}", groups, KINDS, lambda f: f.group),
        _chart(
            "pronouns", "Which pronouns do articles use of the people quoted?",
            "By the articles' own pronouns and titles, never by names. Shares of the quotes of named people.",
            people, pronouns, lambda f: f.pronoun or UNKNOWN,
        ),
        _chart(
            "families", "In which roles are people quoted?",
            "The family of roles that most articles give a source. Shares of the quotes of named people.",
            people, roles, lambda f: f.family or UNKNOWN,
        ),
        _chart(
            "new", "How many sources are quoted for the first time?",
            "Quotes of named sources in dated articles: whether no earlier article here quotes the source.",
            dated, {"new": "First time", "again": "Quoted before"}, lambda f: "new" if f.new else "again",
        ),
    )  # fmt: skip


def _chart(
    identity: str, title: str, note: str, groups: Sequence[Sequence[Fact]], labels: Mapping[str, str],
    key: Callable[[Fact], str],
) -> Chart:  # fmt: skip
    counted = [Counter(map(key, facts)) for facts in groups]
    shown = [value for value in labels if any(count[value] for count in counted)]
    rows = []
    for value in shown:
        test = _is(key, value)
        shares = [_share(facts, test) for facts in groups]
        parts = tuple(_part(facts, found, test) for facts, found in zip(groups, shares, strict=True))
        rows.append(Row(value, labels[value], parts, _gap(shares, len(shown))))
    return Chart(identity, title, note, tuple(rows))


def _is(key: Callable[[Fact], str], value: str) -> Callable[[Fact], bool]:
    return lambda fact: key(fact) == value


def _gap(shares: Sequence[Share], among: int) -> Gap | None:
    if len(shares) != 2 or not all(s.base for s in shares):
        return None
    found = difference(shares[0], shares[1], among=among)
    return Gap(round(found.value, 4), round(found.low, 4), round(found.high, 4), found.stands_out)


def _share(facts: Iterable[Fact], test: Callable[[Fact], bool]) -> Share:
    bunches: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for fact in facts:
        bunch = bunches[fact.article]
        bunch[0] += test(fact)
        bunch[1] += 1
    return share((count, base) for count, base in bunches.values())


def _small(base: int, facts: Sequence[Fact]) -> bool:
    return base < FEW_QUOTES or len({f.article for f in facts}) < FEW_ARTICLES


def _part(facts: Sequence[Fact], found: Share, test: Callable[[Fact], bool]) -> Part:
    words, whole = sum(f.words for f in facts if test(f)), sum(f.words for f in facts)
    return Part(
        found.count, found.base, round(found.value, 4), round(found.low, 4), round(found.high, 4), words,
        round(words / whole, 4) if whole else 0.0, _small(found.base, facts),
    )  # fmt: skip


def concentration(name: str, facts: Sequence[Fact], sources: Sequence[Source]) -> Concentration:
    """Return how concentrated the words are on few named sources."""
    words: Counter[int] = Counter()
    articles: dict[int, set[str]] = defaultdict(set)
    for fact in facts:
        if fact.source is not None and fact.group not in ("unnamed", "unclear"):
            words[fact.source] += fact.words
            articles[fact.source].add(fact.article)
    ranked = sorted(words.items(), key=lambda sw: (-sw[1], sw[0]))
    total = sum(words.values()) or 1
    sums, running = [], 0
    for _, count in ranked:
        running += count
        sums.append(running)
    half = next((n for n, s in enumerate(sums, start=1) if 2 * s >= total), 0)
    tenths = [round(sums[max(0, -(-len(sums) * n // 10) - 1)] / total, 4) for n in range(1, 11)] if sums else []
    once = sum(len(a) == 1 for a in articles.values()) / (len(articles) or 1)
    return Concentration(
        name, len(ranked), half, round(sum(c for _, c in ranked[:TOP]) / total, 4), round(once, 4), tuple(tenths),
        tuple((sources[number].name, count) for number, count in ranked[:TOP]),
    )  # fmt: skip


def breakdowns(facts: Sequence[Fact]) -> tuple[Breakdown, ...]:
    """Return the same shares by outlet, section, byline and month."""
    asked: tuple[tuple[str, str, Key], ...] = (
        ("outlets", "Outlet by outlet", lambda f: f.outlet),
        ("sections", "Section by section", lambda f: f.section),
        ("bylines", "Byline by byline", lambda f: f.byline),
        ("months", "Month by month", lambda f: f.month),
    )
    found = (_breakdown(identity, title, facts, key) for identity, title, key in asked)
    return tuple(b for b in found if b.lines)


def _breakdown(identity: str, title: str, facts: Sequence[Fact], key: Key) -> Breakdown:
    by: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        if value := key(fact):
            by[value].append(fact)
    largest = sorted(by, key=lambda name: (-len(by[name]), name))[:MOST_LINES]
    order = sorted(largest) if identity == "months" else largest
    left = len(by) - len(order)
    missing = len(facts) - sum(map(len, by.values()))
    notes = [
        f"{left:,} with fewer quotes are left out." if left else "",
        f"{missing:,} quotes have none." if missing else "",
    ]
    columns = ("Named people", "Unnamed", "She, of people with a pronoun", "First time, of named sources")
    return Breakdown(identity, title, " ".join(filter(None, notes)), columns, tuple(_line(n, by[n]) for n in order))


def _line(name: str, facts: Sequence[Fact]) -> Line:
    people = [f for f in facts if f.group == "people" and f.pronoun]
    dated = [f for f in facts if f.new is not None]
    cells = (
        _cell(facts, lambda f: f.group == "people"),
        _cell(facts, lambda f: f.group == "unnamed"),
        _cell(people, lambda f: f.pronoun == get_args(Pronoun)[0]),
        _cell(dated, lambda f: bool(f.new)),
    )
    group = group_of(name, facts)
    return Line(name, group.articles, group.quotes, group.words, group.sources, cells)


def _cell(facts: Sequence[Fact], test: Callable[[Fact], bool]) -> Cell:
    found = _share(facts, test)
    numbers = (round(found.value, 4), round(found.low, 4), round(found.high, 4))
    return Cell(found.count, found.base, *numbers, _small(found.base, facts))
