"""Short forms put to their names once the article has told who everybody is: "Wang" to Wang Lihua. Strings only."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from attrs import evolve

from quotes.extraction.speakers.discourse import Desk
from quotes.extraction.speakers.entities import Cast, Entity, Sighting, forget
from quotes.extraction.speakers.name_finder import bare, unpossessive
from quotes.extraction.speakers.pronouns import SUBJECT, prominence
from quotes.extraction.speakers.titles import WORD


def rejoin(desk: Desk) -> None:
    """Put "Wang" to Wang Lihua and "López" to Ana López Cruz, once the article has told that these are people.

    Family names stand first in one country and in the middle in another. A form is taken for the one person who was
    named before it and has it as the beginning of the name, or as a word of it; where two have it, for nobody.
    """
    cast = desk.cast
    _settle_family(desk)
    holders: dict[str, list[Entity]] = {}
    for entity in cast.entities:
        if entity.kind == "person" and len(entity.words) > 1 and entity.full and (entity.roles or entity.titled):
            for word in {bare(w) for w in entity.words[:-1] if len(bare(w)) > 1}:
                holders.setdefault(word, []).append(entity)
    acting = _acting(desk)
    for at, sighting in enumerate(cast.sightings):
        entity = sighting.entity
        mine = [bare(w) for w in entity.words]
        if len(mine) > 1 and entity.first > sighting.start and sighting.end - sighting.start == len(entity.words[-1]):
            # "Tello" before Rosa Tello is brought in, and after Óscar Tello Rivas.
            mine = mine[-1:]
        taken = any(len(e.words) > len(mine) and e is not entity for e in cast.by_last.get(mine[-1], [])[:50])
        introduced = any(not role.startswith("who ") for role in entity.roles) and len(mine) == len(entity.words)
        if entity.kind not in ("person", "unknown") or introduced or taken:
            continue
        known_people = holders.get(mine[0], [])
        if not known_people and len(mine) == 1 and prominence(desk, sighting) >= SUBJECT:
            known_people = acting.get(mine[0], [])
        pool = [
            e
            for e in known_people[:50]
            if e is not entity
            and e.first < sighting.start
            and (len(mine) == 1 or _is_longer(e, mine, cast))
            and (not entity.titled or e.gender in (entity.gender, None))
        ]
        if len(pool) == 1:
            cast.sightings[at] = evolve(sighting, entity=pool[0])
            if entity.titled and len(mine) == len(entity.words):
                pool[0].gender, pool[0].titled = pool[0].gender or entity.gender, True
                pool[0].titles |= entity.titles
    forget(cast, {id(e) for e in cast.entities if e.kind != "organization"} - {id(s.entity) for s in cast.sightings})


def _acting(desk: Desk) -> dict[str, list[Entity]]:
    """Return by its first word every name of unknown kind that does something: "Fu Lingyun made the remarks"."""
    acting: dict[str, list[Entity]] = {}
    for sighting in desk.cast.sightings:
        entity = sighting.entity
        if entity.kind == "unknown" and 1 < len(entity.words) < 4 and not sighting.quoted:
            word = bare(entity.words[0])
            plain = word in desk.lexicon.word_set("names-adjective") | desk.lexicon.word_set("names-place")
            if not plain and entity not in acting.get(word, []) and prominence(desk, sighting) >= SUBJECT:
                acting.setdefault(word, []).append(entity)
    return acting


def _is_longer(entity: Entity, short: Sequence[str], cast: Cast) -> bool:
    """Tell whether a name goes on where a form ends: "Ahmad Faizal" bin Rahman, "Dena Minning" Grayson."""
    long = [bare(w) for w in entity.words]
    rest = entity.words[len(short) :]
    surname = len(rest) == 1 and any(len(e.words) == 1 for e in cast.by_last.get(bare(rest[0]), [])[:50])
    goes_on = bool(rest) and (rest[0].islower() or surname or len(rest) > 1)
    return long[: len(short)] == list(short) and goes_on


def _settle_family(desk: Desk) -> None:
    """Give a surname that two bear to the one who is not brought in as the other's "daughter" or "brother"."""
    cast = desk.cast
    first: dict[int, Sighting] = {}
    for sighting in cast.sightings:
        if len(sighting.entity.words) > 1 and sighting.end - sighting.start > len(sighting.entity.words[-1]):
            first.setdefault(id(sighting.entity), sighting)
    for at, sighting in enumerate(cast.sightings):
        entity = sighting.entity
        if len(entity.words) > 1 or entity.kind not in ("person", "unknown"):
            continue
        bearers = [
            e
            for e in cast.by_last.get(bare(entity.words[0]), [])[:50]
            if id(e) in first
            and e.kind != "organization"
            and first[id(e)].start < sighting.start
            and (e.gender in (entity.gender, None) or entity.gender is None)
        ]
        if len(bearers) < 2:
            continue
        main = [e for e in bearers if not _is_kin(desk, first[id(e)])]
        if len(main) == 1:
            cast.sightings[at] = evolve(sighting, entity=main[0])
            main[0].kind = "person"


def _is_kin(desk: Desk, sighting: Sighting) -> bool:
    """Tell whether a name is brought in as a relative: "Her daughter, the actress Ana Lee", "Bo Lee, her brother"."""
    low, high = max(desk.body.start, sighting.start - 60), min(desk.body.end, sighting.end + 60)
    lead = list(WORD.finditer(desk.text, low, sighting.start))[-6:]
    after = list(WORD.finditer(desk.text, sighting.end, high))[:5]
    if not after or desk.text[sighting.end : after[0].start()].strip() not in (",", "—", "–", "-", "--", "("):
        after = []
    return _owned_kin(desk, lead) or _owned_kin(desk, after)


def _owned_kin(desk: Desk, words: list[re.Match[str]]) -> bool:
    kin, owners = desk.lexicon.word_set("names-kin"), desk.lexicon.word_set("names-owner")
    owned = False
    for left, right in pairwise(words):
        gap = desk.text[left.end() : right.start()].strip(" \u00a0")
        word = left.group().lower()
        owned = (owned or word in owners or unpossessive(word) != word) and not gap
        if owned and right.group().lower() in kin:
            return True
    return False
