"""Merge sources: full names first, then short forms. Every merge has its reasons."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from attrs import define, field, frozen

from quotes.comparison.sources import candidates
from quotes.comparison.sources.evidence import Evidence, features
from quotes.comparison.sources.names import Names

PREFIX = "source_"
# If two sources can be meant, the margin by which the likelier must lead.
MARGIN = 1.0
# Shared company of at least this much shows the meaning of a short name.
ENOUGH_COMPANY = 1.0
# If only these features agree, two names also need a matching role, outlet or company.
LOOSE = frozenset({"nickname", "initial", "spelling"})
SUPPORT = ("role_same", "office_same", "family_same", "handle_same", "called")
# The only bearer of an unusual surname, or one quoted this much more often than the next (as a power of ten), needs
# only little company.
LITTLE_COMPANY = 0.1
PROMINENT = 1.0


@frozen
class Reason:
    """The reasons for a merge: features with their weights, the strongest first."""

    name: str
    into: str
    features: tuple[str, ...]
    score: float


@define(eq=False)
class Merger:
    """Merges people, weighing the evidence of both sides each time.

    Args:
        sources: the sources to merge, in an order that does not depend on the articles' order.
        names: reads names, and has the weights.
        rarity: the number of articles that quote each name.
    """

    sources: Sequence[Evidence]
    names: Names
    rarity: Mapping[str, int]
    reasons: dict[int, list[Reason]] = field(factory=dict)
    _up: list[int] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._up = list(range(len(self.sources)))

    def root(self, number: int) -> int:
        """Return the number of a source after all merges."""
        while self._up[number] != number:
            self._up[number] = self._up[self._up[number]]
            number = self._up[number]
        return number

    def groups(self) -> dict[int, list[int]]:
        """Return the numbers of the parts of each source."""
        found: dict[int, list[int]] = {}
        for number in range(len(self.sources)):
            found.setdefault(self.root(number), []).append(number)
        return found

    def row(self, one: int, other: int, relation: str) -> dict[str, float]:
        """Return the features of two sources whose names agree by `relation`."""
        a, b = self.sources[one], self.sources[other]
        row = {relation: 1.0, **features(a, b, self.rarity)}
        if self.names.is_common(a.name) or self.names.is_common(b.name):
            row["common"] = 1.0
            if "family_differs" in row:
                row["common_family_differs"] = 1.0
            if "beats_differ" in row and "outlet_same" not in row:
                row["common_beats_differ"] = 1.0
        return row

    def score(self, row: Mapping[str, float]) -> float:
        """Return the score of a merge: above 0, two sources are the same."""
        weights = self.names.lexicon.weights
        return sum(weights.get(PREFIX + name, 0.0) * value for name, value in row.items())

    def join(self, one: int, other: int, relation: str, row: Mapping[str, float], score: float) -> None:
        """Merge two sources, and keep the reason."""
        a, b = sorted((self.root(one), self.root(other)), key=self._rank)
        if a == b:
            return
        weights = self.names.lexicon.weights
        strongest = sorted(row, key=lambda n: (-weights.get(PREFIX + n, 0.0) * row[n], n))
        if self.sources[a].names.keys() != self.sources[b].names.keys() or relation != "same":
            reason = Reason(_printed(self.sources[b]), _printed(self.sources[a]), tuple(strongest), round(score, 2))
            self.reasons.setdefault(a, []).append(reason)
        self.reasons.setdefault(a, []).extend(self.reasons.pop(b, []))
        self.sources[a].take(self.sources[b])
        self._up[b] = a

    def _rank(self, number: int) -> tuple[bool, int, int]:
        """Return the sort key by which a merged source gets its name: full names first, then names in more articles."""
        source = self.sources[number]
        return all(len(words) == 1 for words in source.names), -len(source.members), number

    def barred(self, one: int, other: int) -> bool:
        """Return whether two sources must not be merged, whatever the evidence."""
        a, b = self.sources[one], self.sources[other]
        listed = bool(a.listed and b.listed and not a.listed & b.listed)
        generation = bool(a.generations and b.generations and not a.generations & b.generations)
        apart = any(table == other and entry != its for table, entry in a.apart for other, its in b.apart)
        return listed or generation or apart

    def consider(self, one: int, other: int, relation: str) -> float | None:
        """Return the score of two sources that can be the same, or None."""
        one, other = self.root(one), self.root(other)
        if one == other or self.barred(one, other):
            return None
        if self.sources[one].listed & self.sources[other].listed:
            return 99.0
        row = self.row(one, other, relation)
        if relation in LOOSE and not self._backed(one, relation, row):
            return None
        score = self.score(row)
        return score if score > 0 else None

    def _backed(self, number: int, relation: str, row: Mapping[str, float]) -> bool:
        """Return whether other evidence supports a merge of two names that are merely similar.

        A short given name with an unusual surname is enough: Doug Schoen is Douglas Schoen.
        """
        if any(name in row for name in SUPPORT) or row.get("company", 0.0) >= ENOUGH_COMPANY:
            return True
        return relation == "nickname" and "family_differs" not in row and self.names.is_rare(self.sources[number].name)

    def agglomerate(self, found: Iterable[tuple[int, int, str]]) -> None:
        """Merge pairs, the surest first; each is weighed again with all merged so far."""
        scored = [(s, a, b, how) for a, b, how in found if (s := self.consider(a, b, how)) is not None]
        for _, one, other, how in sorted(scored, key=lambda sab: (-sab[0], sab[1], sab[2])):
            score = self.consider(one, other, how)
            if score is not None:
                a, b = self.root(one), self.root(other)
                self.join(a, b, how, self.row(a, b, how), score)

    def attach(self, number: int, found: Iterable[tuple[int, str]]) -> bool:
        """Merge a source with the likeliest of several, if it leads by a margin.

        Returns:
            True if at most one can be meant; False if two or more can.
        """
        best: dict[int, tuple[float, str]] = {}
        for other, how in found:
            score = self.consider(number, other, how)
            if score is not None:
                best[self.root(other)] = max(best.get(self.root(other), (0.0, how)), (score, how))
        ranked = sorted(best.items(), key=lambda rs: (-rs[1][0], rs[0]))
        if not ranked:
            return True
        if len(ranked) > 1 and ranked[0][1][0] - ranked[1][1][0] < MARGIN:
            return False
        root, (score, how) = ranked[0]
        self.join(root, number, how, self.row(root, self.root(number), how), score)
        return True


def _printed(source: Evidence) -> str:
    return " ".join(min(source.names.items(), key=lambda wc: (-wc[1], wc[0]))[0])


def merge_people(merger: Merger) -> None:
    """Merge people with full names, then attach short names to them, then short names to one another."""
    full = [n for n, s in enumerate(merger.sources) if len(s.name.words) > 1]
    pairs = _related(merger, full)
    telling = [p for p in pairs if merger.sources[p[0]].tells and merger.sources[p[1]].tells]
    silent = {n for n in full if not merger.sources[n].tells}
    merger.agglomerate(telling)
    open_to: dict[int, list[tuple[int, str]]] = {}
    for one, other, how in pairs:
        if (one in silent) != (other in silent):
            quiet, telling_one = (one, other) if one in silent else (other, one)
            open_to.setdefault(quiet, []).append((telling_one, how))
    doubtful = {n for n in sorted(open_to) if not merger.attach(n, open_to[n])}
    merger.agglomerate(p for p in pairs if not doubtful & {p[0], p[1]})
    short = [n for n, s in enumerate(merger.sources) if len(s.name.words) == 1]
    _attach_short(merger, full, short)
    left = [n for n in short if merger.root(n) == n and len(merger.sources[n].names) == 1]
    merger.agglomerate(_short_pairs(merger, left))


def _related(merger: Merger, numbers: Sequence[int]) -> list[tuple[int, int, str]]:
    sources = [merger.sources[n] for n in numbers]
    found = []
    for a, b in candidates.pairs(sources, merger.names):
        how = candidates.relation(sources[a].name, sources[b].name, merger.names)
        if how is None and sources[a].listed & sources[b].listed:
            how = "same"
        if how is not None:
            found.append((numbers[a], numbers[b], how))
    return found


def _attach_short(merger: Merger, full: Sequence[int], short: Sequence[int]) -> None:
    """Attach surnames and other single names to the person that a role, the article's words or company point to."""
    roots = sorted({merger.root(n) for n in full})
    bearers = candidates.by_part(((n, merger.sources[n]) for n in roots), merger.names)
    # All are judged by the evidence of full names alone, so that the order does not matter.
    chosen: list[tuple[int, int, str, dict[str, float], float]] = []
    for number in short:
        source = merger.sources[number]
        meant = bearers.get(merger.names.sound(source.name.first), ())
        if (best := _likeliest(merger, number, meant)) is not None:
            chosen.append((best[0], number, *best[1:]))
    for root, number, how, row, score in chosen:
        if not merger.barred(merger.root(root), number):
            merger.join(merger.root(root), number, how, row, score)


def _likeliest(
    merger: Merger, number: int, meant: Sequence[int]
) -> tuple[int, str, dict[str, float], float] | None:
    """Return the full name that a short one means, with features and score, or None if none or several can be meant."""
    source, ranked = merger.sources[number], []
    sound = merger.names.sound(source.name.first)
    called = {merger.names.person(name).words for name in source.called}
    sizes = sorted((len(merger.sources[root].articles) for root in meant), reverse=True)
    beside = [root for root in meant if not source.articles.isdisjoint(merger.sources[root].articles)]
    if beside and (len(beside) > 1 or len(merger.sources[beside[0]].articles) < sizes[0]):
        # The article quotes others of the name: only it knows who is meant.
        return None
    for root in meant:
        other = merger.sources[root]
        if merger.barred(number, root):
            continue
        lasts = {merger.names.sound(w[-1]) for w in other.names}
        how = "short_last" if sound in lasts else "short_first"
        row = merger.row(number, root, how)
        if any(c[-1] == w[-1] and c[0] == w[0] for c in called for w in other.names if len(w) > 1):
            row["called"] = 1.0
        if root in beside:
            row["called"] = 1.0
            row.pop("together", None)
        if len(meant) == 1:
            row["alone"] = 1.0
        elif len(other.articles) == sizes[0]:
            row["prominent"] = min(2.0, math.log10(sizes[0] / sizes[1]))
        score = merger.score(row)
        if _supported(row) and score > 0:
            ranked.append((score, root, how, row))
    ranked.sort(key=lambda found: (-found[0], found[1]))
    if not ranked or (len(ranked) > 1 and ranked[0][0] - ranked[1][0] < MARGIN):
        return None
    score, root, how, row = ranked[0]
    return root, how, row, score


def _supported(row: Mapping[str, float]) -> bool:
    """Return whether a role or company supports a short name; the name alone is never enough."""
    agreeing = {"role_same", "office_same", "handle_same", "called"} & row.keys()
    role = bool(agreeing) or ("family_same" in row and "country_same" in row)
    near = row.get("company", 0.0)
    one = "short_last" in row and "common" not in row and ("alone" in row or row.get("prominent", 0.0) >= PROMINENT)
    return role or near >= ENOUGH_COMPANY or (one and near >= LITTLE_COMPANY)


def _short_pairs(merger: Merger, numbers: Sequence[int]) -> list[tuple[int, int, str]]:
    """Return the pairs of equal single names that share an office or company."""
    blocks: dict[tuple[str, str], list[int]] = {}
    for number in numbers:
        source = merger.sources[number]
        for word in (*(f"office {o}" for o in source.offices), *(f"beside {c}" for c in source.company)):
            blocks.setdefault((source.name.first, word), []).append(number)
    found = set()
    for block in blocks.values():
        # Each is paired with the next only: equal names are merged step by step, and a block stays linear.
        for one, other in pairwise(block):
            row = merger.row(one, other, "short_last")
            near = {"outlet_same", "country_same", "near"} & row.keys() or row.get("company", 0.0) > 0
            if ("office_same" in row and near) or row.get("company", 0.0) >= ENOUGH_COMPANY:
                found.add((one, other, "short_last"))
    return sorted(found)
