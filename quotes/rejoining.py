"""Short forms put to their names once the article has told who everybody is: "Wang" to Wang Lihua. Strings only."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import evolve

from quotes.capitals import bare
from quotes.people import Cast, Entity, forget


def rejoin(cast: Cast) -> None:
    """Put "Wang" to Wang Lihua and "López" to Ana López Cruz, once the article has told that these are people.

    Family names stand first in one country and in the middle in another. A form is taken for the one person who was
    named before it and has it as the beginning of the name, or as a word of it; where two have it, for nobody.
    """
    holders: dict[str, list[Entity]] = {}
    for entity in cast.entities:
        if entity.kind == "person" and len(entity.words) > 1 and entity.full and (entity.roles or entity.titled):
            for word in {bare(w) for w in entity.words[:-1] if len(bare(w)) > 1}:
                holders.setdefault(word, []).append(entity)
    for at, sighting in enumerate(cast.sightings):
        entity = sighting.entity
        mine = [bare(w) for w in entity.words]
        taken = any(len(e.words) > len(mine) for e in cast.by_last.get(mine[-1], [])[:50])
        introduced = any(not role.startswith("who ") for role in entity.roles)
        if entity.kind not in ("person", "unknown") or introduced or taken or mine[0] not in holders:
            continue
        pool = [
            e
            for e in holders[mine[0]][:50]
            if e is not entity
            and e.first < sighting.start
            and (len(mine) == 1 or _is_longer(e, mine, cast))
            and (not entity.titled or e.gender in (entity.gender, None))
        ]
        if len(pool) == 1:
            cast.sightings[at] = evolve(sighting, entity=pool[0])
            if entity.titled:
                pool[0].gender, pool[0].titled = pool[0].gender or entity.gender, True
                pool[0].titles |= entity.titles
    forget(cast, {id(e) for e in cast.entities if e.kind != "organization"} - {id(s.entity) for s in cast.sightings})


def _is_longer(entity: Entity, short: Sequence[str], cast: Cast) -> bool:
    """Tell whether a name goes on where a form ends: "Ahmad Faizal" bin Rahman, "Dena Minning" Grayson."""
    long = [bare(w) for w in entity.words]
    rest = entity.words[len(short) :]
    surname = len(rest) == 1 and any(len(e.words) == 1 for e in cast.by_last.get(bare(rest[0]), [])[:50])
    return long[: len(short)] == list(short) and bool(rest) and (rest[0].islower() or surname)
