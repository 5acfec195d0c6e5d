"""Evidence on a source, counted before sources are merged: names, roles, outlets, dates and company."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from attrs import Factory, define

from quotes.comparison.sources.appearance import Appearance
from quotes.comparison.sources.names import Name, Words, fold
from quotes.comparison.sources.roles import Roles

# People quoted this many years apart are seldom the same.
FAR_YEARS = 45
NEAR_DAYS = 31
# Two people of the same name seldom share a role of this many words to the letter.
LONG_ROLE = 2
# An office in a smaller share of a source's articles may be a mistake.
FEW_TELL = 0.05
# The most fellow speakers to compare: beside hundreds of others, one more proves nothing.
MOST_COMPANY = 400


@define(eq=False)
class Evidence:
    """Evidence from articles on one source, or on a part of one that certainly belongs together."""

    key: tuple[str, ...]
    """A unique key, the same in every run."""
    sort: str
    """`person`, `organization` and so on; sources of two kinds are never merged."""
    name: Name
    """Its name; for a body, its words."""
    names: dict[Words, int] = Factory(dict)
    members: list[int] = Factory(list)
    """The numbers of the appearances."""
    articles: set[str] = Factory(set)
    listed: set[str] = Factory(set)
    handles: set[str] = Factory(set)
    generations: set[str] = Factory(set)
    pronouns: dict[str, int] = Factory(dict)
    families: dict[str, int] = Factory(dict)
    offices: dict[str, int] = Factory(dict)
    roles: dict[str, int] = Factory(dict)
    countries: dict[str, int] = Factory(dict)
    outlets: dict[str, int] = Factory(dict)
    beats: dict[str, int] = Factory(dict)
    """The beats of the outlets that quote it, as families of roles."""
    company: dict[str, int] = Factory(dict)
    called: dict[str, int] = Factory(dict)
    days: tuple[str, str] | None = None
    passing: frozenset[str] = frozenset()
    """Families of roles that are compatible with any other."""
    apart: frozenset[tuple[int, int]] = frozenset()
    """Its entries in the `not_same` tables of an overrides file; the entries of one table are kept apart."""

    def add(self, number: int, one: Appearance, name: Name, roles: Roles, company: Iterable[str]) -> None:
        """Add an appearance."""
        self.members.append(number)
        self.articles.add(one.article)
        _count(self.names, (name.words,))
        self.generations |= {name.generation} - {""}
        self.listed |= {one.listed} if one.listed else set()
        self.handles |= {one.handle.casefold()} if one.handle else set()
        if one.pronoun:
            _count(self.pronouns, (one.pronoun,))
        if one.roles:
            self._add_roles(one.roles, roles)
        if one.outlet:
            _count(self.outlets, (one.outlet,))
        _count(self.called, one.called)
        _count(self.company, company)
        if one.day:
            self.days = _span(self.days, (one.day, one.day))

    def _add_roles(self, printed: Iterable[str], roles: Roles) -> None:
        read = {(roles.family(r), roles.office(r)) for r in printed}
        _count(self.families, {f for f, _ in read if f})
        # Two brothers or two spokesmen need not be the same person.
        borne = {office for family, office in read if office and family not in self.passing}
        _count(self.offices, {o for office in borne for o in roles.offices(office)})
        _count(self.roles, {fold(r) for r in printed if r.count(" ") >= LONG_ROLE})
        _count(self.countries, {c for r in printed if (c := roles.country(r))})

    def take(self, other: Evidence) -> None:
        """Add the evidence of a part that is the same source."""
        self.members += other.members
        self.articles |= other.articles
        self.listed |= other.listed
        self.handles |= other.handles
        self.generations |= other.generations
        self.apart |= other.apart
        for mine, theirs in zip(self._counts(), other._counts(), strict=True):
            for key, count in theirs.items():
                mine[key] = mine.get(key, 0) + count
        if other.days:
            self.days = _span(self.days, other.days)

    def _counts(self) -> tuple[dict[Any, int], ...]:
        return (
            self.names, self.pronouns, self.families, self.offices, self.roles, self.countries, self.outlets,
            self.beats, self.company, self.called,
        )  # fmt: skip

    @property
    def tells(self) -> bool:
        """Whether there is evidence that could distinguish namesakes."""
        return bool(self.families or self.countries or self.pronouns or self.listed or self.handles or self.beats)

    @property
    def usual_offices(self) -> frozenset[str]:
        """The offices given by more than a few articles: a single one may confuse two people."""
        least = FEW_TELL * len(self.articles)
        return frozenset(office for office, count in self.offices.items() if count >= least)

    @property
    def pronoun(self) -> str | None:
        """The pronoun of the person if three of four articles agree."""
        if not self.pronouns:
            return None
        [(best, count), *_] = sorted(self.pronouns.items(), key=lambda pc: (-pc[1], pc[0]))
        return best if 4 * count >= 3 * sum(self.pronouns.values()) else None


def _count(counts: dict[Any, int], keys: Iterable[Any]) -> None:
    for key in keys:
        counts[key] = counts.get(key, 0) + 1


def _span(one: tuple[str, str] | None, other: tuple[str, str]) -> tuple[str, str]:
    return other if one is None else (min(one[0], other[0]), max(one[1], other[1]))


def features(one: Evidence, other: Evidence, rarity: Mapping[str, int]) -> dict[str, float]:
    """Return the features for and against two sources being the same, names aside.

    Args:
        one: a source.
        other: another.
        rarity: the number of articles that quote each fellow speaker.
    """
    row: dict[str, float] = {}
    offices = one.usual_offices & other.usual_offices
    row["role_same"] = float(not set(one.roles).isdisjoint(other.roles))
    row["office_same"] = float(bool(offices))
    row["family_same"] = float(not offices and bool(set(one.families) & set(other.families)))
    own, theirs = set(one.families) - one.passing, set(other.families) - other.passing
    row["family_differs"] = float(bool(own and theirs and not own & theirs))
    row["beats_differ"] = float(bool(one.beats and other.beats) and set(one.beats).isdisjoint(other.beats))
    countries = set(one.countries) & set(other.countries)
    row["country_same"] = float(bool(countries))
    row["country_differs"] = float(bool(one.countries and other.countries and not countries))
    row["pronoun_same"] = float(one.pronoun is not None and one.pronoun == other.pronoun)
    row["pronoun_differs"] = float(None not in (one.pronoun, other.pronoun) and one.pronoun != other.pronoun)
    row["generation_alone"] = float(bool(one.generations) != bool(other.generations))
    row["generation_unsupported"] = float(bool(row["generation_alone"]) and not offices)
    row["together"] = float(not one.articles.isdisjoint(other.articles))
    row["handle_same"] = float(bool(one.handles & other.handles))
    row["outlet_same"] = float(bool(set(one.outlets) & set(other.outlets)))
    row["company"] = company(one, other, rarity)
    row["near"], row["far"] = _dates(one.days, other.days)
    return {name: value for name, value in row.items() if value}


def company(one: Evidence, other: Evidence, rarity: Mapping[str, int]) -> float:
    """Return how much the two share fellow speakers, rare ones weighing more; from 0 to 2."""
    few, many = sorted((one.company, other.company), key=len)
    if len(few) > MOST_COMPANY:
        return 2.0
    return min(2.0, sum(2 / math.sqrt(rarity.get(name, 1) + 1) for name in few if name in many))


def _dates(one: tuple[str, str] | None, other: tuple[str, str] | None) -> tuple[float, float]:
    if one is None or other is None:
        return 0.0, 0.0
    gap = max(0, _number(max(one[0], other[0])) - _number(min(one[1], other[1])))
    return float(gap <= NEAR_DAYS), float(gap > FAR_YEARS * 372)


def _number(day: str) -> int:
    return int(day[:4]) * 372 + int(day[5:7]) * 31 + int(day[8:10])
