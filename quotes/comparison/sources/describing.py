"""Make the record of a source from its appearances."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import cast

from quotes.comparison.sources.appearance import Appearance, Example
from quotes.comparison.sources.evidence import Evidence
from quotes.comparison.sources.merging import Reason
from quotes.comparison.sources.names import fold
from quotes.comparison.sources.result import Alias, Counted, Merge, RoleHeld, Source
from quotes.comparison.sources.roles import roles_of
from quotes.lexicon import Lexicon
from quotes.records import Pronoun

EXAMPLES = 3
WIKIDATA = "http://www.wikidata.org/entity/"
_ITEM = re.compile(r"Q[1-9]\d*")
# The most reasons kept, the strongest first: even a name in 500 articles is merged for few kinds of reasons.
REASONS = 25


def describe(
    members: Sequence[Appearance], part: Evidence, why: Sequence[Reason], identity: str, former: tuple[str, ...],
    lexicon: Lexicon,
) -> Source:  # fmt: skip
    """Return the record of a source.

    Args:
        members: its appearances, in an order that does not depend on the articles' order.
        part: the evidence of all of them.
        why: the reason for each merge.
        identity: its id.
        former: former ids of its parts.
        lexicon: the patterns, with families of roles.
    """
    days = sorted(one.day for one in members if one.day)
    pronouns: Counter[str] = Counter(one.pronoun for one in members if one.pronoun)
    kinds = Counter(one.kind for one in members)
    listed = min(part.listed, default=None)
    quotes, direct = sum(one.quotes for one in members), sum(one.direct for one in members)
    return Source(
        id=identity,
        name=_name(members),
        kind=min(kinds, key=lambda k: (-kinds[k], k)),
        listed=listed,
        same_as=f"{WIKIDATA}{listed}" if listed and _ITEM.fullmatch(listed) else None,
        pronoun=cast("Pronoun | None", part.pronoun) if part.sort == "person" else None,
        pronouns=_counted(pronouns),
        aliases=tuple(Alias(name, count) for name, count in _ranked(Counter(one.name for one in members))),
        roles=_roles(members),
        family=_family(members, lexicon),
        outlets=_counted(Counter(one.outlet for one in members if one.outlet)),
        channels=_counted(Counter(f"{how} {name}" for one in members for how, name in one.channels)),
        articles=len({one.article for one in members}),
        quotes=quotes,
        words=sum(one.words for one in members),
        direct=direct,
        reported=quotes - direct,
        first=days[0] if days else None,
        last=days[-1] if days else None,
        examples=_examples(members),
        merges=_merges(why),
        former=former,
    )


def _ranked(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda nc: (-nc[1], nc[0]))


def _counted(counts: Counter[str]) -> tuple[Counted, ...]:
    return tuple(Counted(name, count) for name, count in _ranked(counts))


def _name(members: Sequence[Appearance]) -> str:
    """Return the full name in most articles, preferably in mixed case."""
    counts = Counter(one.name for one in members if one.listed) or Counter(one.name for one in members)
    full = {n: c for n, c in counts.items() if " " in n} or dict(counts)
    return min(full, key=lambda n: (n.isupper(), -full[n], n))


def _roles(members: Sequence[Appearance]) -> tuple[RoleHeld, ...]:
    days: dict[str, list[str]] = {}
    counts: Counter[str] = Counter()
    printed: dict[str, str] = {}
    for one in members:
        for role in one.roles:
            low = fold(role)
            printed[low] = min(printed.get(low, role), role)
            counts[low] += 1
            days.setdefault(low, []).extend([one.day] if one.day else [])
    return tuple(
        RoleHeld(printed[low], count, min(days[low], default=None), max(days[low], default=None))
        for low, count in _ranked(counts)
    )


def _family(members: Iterable[Appearance], lexicon: Lexicon) -> str | None:
    roles = roles_of(lexicon)
    families = Counter(f for one in members for f in {roles.family(r) for r in one.roles} if f)
    return min(families, key=lambda f: (-families[f], f)) if families else None


def _examples(members: Sequence[Appearance]) -> tuple[Example, ...]:
    found = [example for one in members for example in one.examples]
    return tuple(sorted(found, key=lambda e: (e.type != "direct", -e.confidence, e.quote))[:EXAMPLES])


def _merges(why: Sequence[Reason]) -> tuple[Merge, ...]:
    """Return each reason once, with its highest score."""
    best: dict[tuple[str, str, tuple[str, ...]], float] = {}
    for reason in why:
        key = (reason.name, reason.into, reason.features)
        best[key] = max(best.get(key, reason.score), reason.score)
    ranked = sorted(best.items(), key=lambda ks: (-ks[1], ks[0]))[:REASONS]
    return tuple(Merge(name, into, because, score) for (name, into, because), score in ranked)
