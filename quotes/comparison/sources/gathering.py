"""Gather the sources of many articles: first speakers with the same name and signature, then those with two names."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from attrs import define, field

from quotes.comparison.sources.appearance import Appearance, Who
from quotes.comparison.sources.bodies import body_key, merge_bodies
from quotes.comparison.sources.describing import describe
from quotes.comparison.sources.evidence import Evidence
from quotes.comparison.sources.merging import Merger, Reason, merge_people
from quotes.comparison.sources.names import Name, Names, fold
from quotes.comparison.sources.overrides import Overrides
from quotes.comparison.sources.result import Source
from quotes.comparison.sources.roles import roles_of
from quotes.lexicon import Lexicon
from quotes.records import SpeakerKind

Key = tuple[str, Who]
"""Id of the article, and the speaker's key in it."""
# An outlet has a beat if it quotes this many people of known roles, and this share of them is of one family.
LEAST_BEAT, BEAT_SHARE = 10, 0.6


def key_of(one: Appearance) -> Key:
    """Return the key of an appearance."""
    return one.article, (one.name, one.kind, one.listed)


@define(eq=False)
class Gathered:
    """The sources, those quoted most first, and the source of each appearance."""

    sources: tuple[Source, ...]
    of: Mapping[Key, int]
    """The number of the source of an appearance."""


@define(eq=False)
class Gatherer:
    """Gathers sources with one language's lists.

    Args:
        lexicon: the patterns: names, roles, weights.
        overrides: a newsroom's list of sources that are the same, or not.
        listed: gives a speaker its name and id in a people file.
    """

    lexicon: Lexicon
    overrides: Overrides = field(factory=Overrides)
    listed: Callable[[Appearance], Appearance] | None = None
    names: Names = field(init=False)
    _read: dict[str, Name] = field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        self.names = Names(self.lexicon)

    def gather(self, appearances: Iterable[Appearance], *, former: Mapping[Key, str] | None = None) -> Gathered:
        """Return the sources of articles, whatever their order.

        Args:
            appearances: the speakers of each article.
            former: the ids that sources had, by appearance; they keep them.
        """
        printed = sorted(appearances, key=lambda a: (a.article, a.name, a.kind, a.listed or ""))
        shown = [self.listed(one) for one in printed] if self.listed else printed
        parts, reasons = self._parts(shown)
        groups = [sorted(part.members) for part in parts]
        ids = self._ids(parts, [[key_of(printed[n]) for n in group] for group in groups], former or {})
        made = []
        for part, group, (identity, others) in zip(parts, groups, ids, strict=True):
            members = [shown[n] for n in group]
            why = reasons.get(id(part), [])
            made.append((describe(members, part, why, identity, others, self.lexicon), group))
        made.sort(key=lambda sg: (-sg[0].quotes, fold(sg[0].name), sg[0].id))
        of = {key_of(printed[n]): number for number, (_, group) in enumerate(made) for n in group}
        return Gathered(tuple(source for source, _ in made), of)

    def _parts(self, shown: Sequence[Appearance]) -> tuple[list[Evidence], dict[int, list[Reason]]]:
        sorts = self._sorts(shown)
        company, roles = _Company(self, shown), roles_of(self.lexicon)
        beats = self._beats(shown)
        found: dict[tuple[str, ...], Evidence] = {}
        wanted: dict[int, list[Evidence]] = defaultdict(list)
        for number, one in enumerate(shown):
            sort = sorts[number]
            name = self._name(one, sort)
            apart = self.overrides.apart_of(one, _identity(sort, name.words))
            same = sorted(set(self.overrides.same_of(one, _identity(sort, name.words))))
            beat = beats.get(one.outlet or "") if sort == "person" and self.names.is_common(name) else None
            key = (*self._signature(one, sort, name), beat or "", repr(sorted(apart)), repr(same))
            part = found.get(key)
            if part is None:
                part = found[key] = Evidence(key, sort, name, apart=apart, passing=roles.passing)
                for table in same:
                    wanted[table].append(part)
            part.add(number, one, name, roles, company.of(number) if sort != "alone" else ())
            if beat:
                part.beats[beat] = part.beats.get(beat, 0) + 1
        return self._merged([found[key] for key in sorted(found)], wanted, company.rarity)

    def _beats(self, shown: Sequence[Appearance]) -> dict[str, str]:
        """Return each outlet's beat: the family of roles to which most people that it quotes belong."""
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        roles = roles_of(self.lexicon)
        for one in shown:
            if one.outlet and one.roles:
                counts[one.outlet].update({f for r in one.roles if (f := roles.family(r))})
        found = {}
        for outlet, families in counts.items():
            [(family, count)] = families.most_common(1) or [("", 0)]
            if families.total() >= LEAST_BEAT and count >= BEAT_SHARE * families.total():
                found[outlet] = family
        return found

    def _merged(
        self, parts: Sequence[Evidence], wanted: Mapping[int, Sequence[Evidence]], rarity: Mapping[str, int]
    ) -> tuple[list[Evidence], dict[int, list[Reason]]]:
        """Return the merged sources and the reasons of the merges, by id."""
        made: list[Evidence] = []
        reasons: dict[int, list[Reason]] = {}
        for sort, merge in (("person", merge_people), ("body", merge_bodies), ("alone", lambda merger: None)):
            mine = [part for part in parts if part.sort == sort]
            merger = Merger(mine, self.names, rarity)
            number = {id(part): n for n, part in enumerate(mine)}
            for _, together in sorted(wanted.items()):
                here = [number[id(part)] for part in together if id(part) in number]
                for other in here[1:]:
                    merger.join(here[0], other, "overrides", {"overrides": 1.0}, 0.0)
            merge(merger)
            for root in merger.groups():
                made.append(mine[root])
                reasons[id(mine[root])] = merger.reasons.get(root, [])
        return made, reasons

    def _name(self, one: Appearance, sort: str) -> Name:
        if one.name not in self._read or sort != "person":
            name = Name(self.names.organization(one.name)) if sort != "person" else self.names.person(one.name)
            if sort != "person":
                return name if name.words else Name((fold(one.name),))
            self._read[one.name] = name
        return self._read[one.name]

    def _sorts(self, shown: Sequence[Appearance]) -> list[str]:
        """Return the sort of each appearance: `person`, `body`, or `alone` if no other article can mean it."""
        kinds: dict[str, Counter[SpeakerKind]] = defaultdict(Counter)
        for one in shown:
            kinds[one.name][one.kind] += 1
        known: dict[tuple[str, SpeakerKind, bool], str] = {}
        found = []
        for one in shown:
            key = (one.name, one.kind, one.listed is not None)
            if key not in known:
                known[key] = self._sort(one, kinds[one.name])
            found.append(known[key])
        return found

    def _sort(self, one: Appearance, kinds: Mapping[SpeakerKind, int]) -> str:
        kind, full = one.kind, " " in one.name
        if full and kind in ("person", "organization", "unknown"):
            proper = [(-n, k) for k, n in kinds.items() if k in ("person", "organization")]
            kind = min(proper)[1] if proper else kind
        named = self.names.is_proper(one.name, kind) or one.listed is not None
        if not named or not self.names.person(one.name).words:
            return "alone"
        if kind == "unknown" and self.names.canonical(self.names.organization(one.name)):
            return "body"
        if kind == "person" or (kind == "author" and full) or (kind == "unknown" and not full):
            return "person"
        return "body" if kind == "organization" or (kind in ("document", "unknown") and full) else "alone"

    def _signature(self, one: Appearance, sort: str, name: Name) -> tuple[str, ...]:
        """Return the key that appearances must share to be merged without further comparison."""
        if sort == "alone":
            return (sort, one.article, one.kind, fold(one.name), one.listed or "")
        if sort == "body":
            return (sort, *body_key(one, name.words, self.names), one.listed or "")
        if len(name.words) == 1 and not one.listed:
            return (sort, name.words[0], one.article, fold(one.name))
        roles = roles_of(self.lexicon)
        families = sorted({f for r in one.roles if (f := roles.family(r))})
        countries = sorted({c for r in one.roles if (c := roles.country(r))})
        facts = ("|".join(families), "|".join(countries), one.pronoun or "", one.listed or "")
        return (sort, " ".join(name.words), name.generation, *facts, fold(one.handle or ""))

    def _ids(
        self, parts: Sequence[Evidence], keys: Sequence[Sequence[Key]], former: Mapping[Key, str]
    ) -> list[tuple[str, tuple[str, ...]]]:
        """Return the id of each source, and the former ids of what became it.

        A source keeps the id that most of its appearances had. If two sources claim an id, the one with more
        appearances of it keeps it.
        """
        held = [Counter(former[k] for k in group if k in former) for group in keys]
        claims = sorted(
            ((count, identity, n) for n, counts in enumerate(held) for identity, count in counts.items()),
            key=lambda c: (-c[0], c[1], c[2]),
        )
        given: dict[int, str] = {}
        taken: set[str] = set()
        for _, identity, number in claims:
            if number not in given and identity not in taken:
                given[number] = identity
                taken.add(identity)
        order = sorted(range(len(parts)), key=lambda n: (-len(keys[n]), keys[n][0][0], parts[n].key))
        for number in order:
            if number not in given:
                given[number] = _free(parts[number], keys[number], taken)
                taken.add(given[number])
        return [(given[n], tuple(sorted(held[n].keys() - {given[n]}))) for n in range(len(parts))]


@define(eq=False)
class _Company:
    """The fellow speakers of each appearance, as keys of names, and the number of articles that quote each of them."""

    gatherer: Gatherer
    shown: Sequence[Appearance]
    rarity: Counter[str] = field(init=False)
    _keys: dict[str, str | None] = field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        self.rarity = Counter(k for one in self.shown if (k := self._key(one.name)))

    def of(self, number: int) -> list[str]:
        return [k for name in self.shown[number].beside if (k := self._key(name))]

    def _key(self, name: str) -> str | None:
        if name not in self._keys:
            names = self.gatherer.names
            words = names.person(name).words if names.is_proper(name, "person") else ()
            self._keys[name] = f"{words[0]} {words[-1]}" if len(words) > 1 else None
        return self._keys[name]


def _anchor(sort: str, words: tuple[str, ...]) -> str:
    return f"{sort}\0{words[0]}\0{words[-1]}" if sort == "person" else f"{sort}\0{' '.join(words)}"


def _identity(sort: str, words: tuple[str, ...], more: str = "") -> str:
    key = f"{_anchor(sort, words)}\0{more}".encode("utf-8", "surrogatepass")
    return f"{sort[0]}-{hashlib.sha256(key).hexdigest()[:12]}"


def _free(part: Evidence, keys: Sequence[Key], taken: set[str]) -> str:
    """Return a new id: from the name alone or, if a namesake has that, from the name and an article."""
    full = [w for w in part.names if len(w) > 1] or list(part.names)
    words = min(full, key=lambda w: (-part.names[w], w))
    short = part.sort == "alone" or (part.sort == "person" and len(words) == 1)
    for more in ([] if short else [""]) + [key[0] for key in keys] + ["\0".join(part.key)]:
        identity = _identity(part.sort, words, more)
        if identity not in taken:
            return identity
    raise AssertionError("two sources of the same appearances")
