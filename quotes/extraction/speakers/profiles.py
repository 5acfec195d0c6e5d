"""What an article tells of everybody whom it names: what they are, and whether she or he. Strings only."""

from __future__ import annotations

import re

from quotes.extraction.speakers.discourse import Desk, described, noun_phrase
from quotes.extraction.speakers.entities import Entity, Sighting
from quotes.extraction.speakers.noun_phrases import only_person, told
from quotes.extraction.speakers.roles import (
    BEFORE,
    head_noun,
    is_body,
    is_role,
    party_of,
    role_after,
    role_apposed,
    role_before,
    roles_of,
)
from quotes.extraction.speakers.titles import WORD

# A description is looked for at so many places of one name; the first mentions carry it.
MOST_PLACES = 12


def learn_roles(desk: Desk) -> None:
    """Collect what the article says everybody is, and what that tells of kind and gender."""
    low, high = desk.body.start, desk.body.end
    places: dict[int, int] = {}
    feminine, masculine = desk.lexicon.word_set("names-role-f"), desk.lexicon.word_set("names-role-m")
    before: Sighting | None = None
    quoted: list[Sighting] = []
    for sighting in desk.cast.sightings:
        entity = sighting.entity
        if entity.kind == "person":
            _share_title(desk, before, sighting)
            before = sighting
        places[id(entity)] = places.get(id(entity), 0) + 1
        if entity.kind == "place" or places[id(entity)] > MOST_PLACES:
            continue
        if sighting.quoted:
            quoted.append(sighting)
            continue
        if entity.kind == "organization":
            body = role_after(desk.text, sighting.end, min(high, sighting.end + 320), desk.lexicon, fits=is_body)
            entity.roles += [body] if body else []
            continue
        if entity.kind == "unknown" and len(entity.words) == 1 and _is_where(desk, sighting):
            continue
        around = roles_of(desk.text, start=sighting.start, end=sighting.end, low=low, high=high, lexicon=desk.lexicon)
        entity.roles += around
        if around and entity.kind == "unknown":
            entity.kind = "person"
        for role in around:
            head = head_noun(role, lexicon=desk.lexicon)
            if not entity.titled and head in feminine | masculine:
                entity.gender = "f" if head in feminine else "m"
        party = party_of(desk.text, end=sighting.end, high=high, lexicon=desk.lexicon)
        if party and not entity.roles:
            entity.roles.append(party)
    for sighting in quoted:
        # “I will vote for the Republican nominee, Donald Trump”: what a quotation says, for want of anything better.
        entity = sighting.entity
        if entity.kind == "person" and not entity.roles:
            reach = max(low, sighting.start - BEFORE)
            apposed = role_apposed(desk.text, sighting.start, sighting.end, reach, desk.lexicon)
            entity.roles += [apposed] if apposed and apposed.lower().startswith("the ") else []
            title = role_before(desk.text, sighting.start, reach, desk.lexicon)
            entity.roles += [title] if title and title[0].isupper() and not entity.roles else []


def _is_where(desk: Desk, sighting: Sighting) -> bool:
    """Tell a place at the head of a sentence from a person: "In Kyrna, the president, Ana Lee, said"."""
    low = max(desk.body.start, sighting.start - 12)
    words = list(WORD.finditer(desk.text, low, sighting.start))
    places = desk.lexicon.word_set("names-place-preposition")
    return bool(words) and words[-1].group()[0].isupper() and words[-1].group().lower() in places


def _share_title(desk: Desk, before: Sighting | None, sighting: Sighting) -> None:
    """Give David Vitter the title of "Sens. Jon Tester (D-Mont.) and David Vitter (R-La.)"."""
    if before is None or sighting.start - before.end > 80 or sighting.entity is before.entity:
        return
    plural = desk.lexicon.word_set("names-plural-title")
    shared = [r for r in before.entity.roles if r.split(" ")[-1].lower().rstrip(".") in plural]
    between = re.sub(r"\([^()]{0,30}\)|, [^,()]{0,60}(?=, and\b)", "", desk.text[before.end : sighting.start]).strip()
    joined = between in ("and", ",", ", and")
    if joined and not shared and not sighting.entity.roles and not before.entity.roles:
        # "Two Vermont developers, Ariel Quiros and William Stenger,": what both are called.
        low = max(desk.body.start, before.start - BEFORE)
        called = _called_together(desk, low, before.start)
        shared = [called] if called else []
        before.entity.roles += shared
    if shared and joined:
        sighting.entity.roles.append(shared[0])


def _called_together(desk: Desk, low: int, at: int) -> str | None:
    """Return "two Vermont developers" where it stands right before the first of two names."""
    last = list(WORD.finditer(desk.text, low, at - 1))[-1:]
    if not last or desk.text[last[0].end() : at] not in (", ", " ") or desk.quoted(at):
        return None
    many = last[0].group().lower()
    kin = many in desk.lexicon.word_set("names-kin-plural")
    if not kin and (many[-1:] != "s" or many[:-1] not in desk.lexicon.word_set("names-role-noun")):
        return None
    name = noun_phrase(desk, last[0].start(), last[0].end())
    return name if " " in name else None


def _told_of_another(desk: Desk, at: int, head: str) -> bool:
    """Tell whether somebody unnamed was called so right before: "A senior official said so. The official, who"."""
    low = max(desk.body.start, at - 600)
    opener = desk.lexicon.word_set("names-indefinite")
    words = [w.group().lower() for w in WORD.finditer(desk.text, low, at)]
    places = [n for n, word in enumerate(words) if word == head]
    return any(opener & set(words[max(0, n - 5) : n]) for n in places)


def learn_epithets(desk: Desk) -> None:
    """Learn "The director" where it opens the sentence after one that names a single person."""
    opener = desk.lexicon.regex("names-epithet")
    named: dict[int, tuple[Entity, int]] = {}
    for sighting in desk.cast.sightings:
        named.setdefault(id(sighting.entity), (sighting.entity, sighting.start))
    # By which descriptions somebody is known from where on, and by which titles alone.
    since: dict[str, int] = {}
    titles: set[str] = set()
    for entity, start in named.values():
        for head in told(entity, desk.lexicon):
            since[head] = min(start, since.get(head, start))
        titles |= entity.titles | {role.split(" ")[-1].lower() for role in entity.roles}
    for found in opener.finditer(desk.text, desk.body.start, desk.body.end):
        words = found["phrase"].split(" ")
        verbs = desk.lexicon.word_set("names-function-word") | desk.lexicon.word_set("names-auxiliary")
        phrase = " ".join(words[: next((n for n, w in enumerate(words) if w in verbs), len(words))])
        if head_noun(phrase, lexicon=desk.lexicon) != phrase.split(" ")[-1].lower():
            continue
        own = described(phrase, lexicon=desk.lexicon)
        if own.plural or desk.quoted(found.start("phrase")):
            continue
        if not is_role(phrase, lexicon=desk.lexicon):
            continue
        if _told_of_another(desk, found.start("phrase"), phrase.split(" ")[-1]):
            continue
        # "The director" alone says less than "The French director": nobody else may be near, or be called so.
        short = phrase.count(" ") < 2
        head = head_noun(phrase, lexicon=desk.lexicon)
        if short and (head in titles or since.get(head, desk.body.end) < found.start()):
            continue
        bearer = only_person(desk, found.start("phrase"), own, alone=short)
        if bearer and bearer.entity:
            bearer.entity.roles.append(phrase)
            for head in told(bearer.entity, desk.lexicon):
                since[head] = min(found.start(), since.get(head, found.start()))
