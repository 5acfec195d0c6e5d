"""Whom a pronoun takes up: he, she, they, it, who. Strings only; weights are named and few.

Each finder returns a Referent that the article has named or described, or None: a pronoun that fits nobody stays as it
stands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from quotes.extraction.speakers.discourse import Desk, Referent, described, noun_phrase, pair_of, referent
from quotes.extraction.speakers.entities import Entity, Sighting
from quotes.extraction.speakers.roles import head_noun, is_role, phrase_before
from quotes.extraction.speakers.titles import SPACES, WORD, Gender
from quotes.records import Candidate, SpeakerKind

# One sentence further away costs 1; the rest was weighed on the development articles against that.
SUBJECT = 1.0
OPENS = 0.5
POSSESSIVE = -1.0
SPEAKER = 1.5
OWN_CONTENT = -2.0
IN_QUOTES = -2.5
GENDER_UNKNOWN = -0.75
KIND_UNKNOWN = -0.75
# How far back to look, in sentences and in mentions.
FAR = 6
MOST = 40

# "Ana Lee, Republican of Idaho, and Bo Roe": what stands between two names that belong together.
_APPOSED = re.compile(r"\A(?: \([^()\n]{1,30}\))?, [^;:.\n]{3,70}(?=, and )")


def he_or_she(desk: Desk, at: int, *, gender: Gender, candidate: Candidate) -> Referent | None:
    """Find whom "he" or "she" at an offset means: the likeliest person named before, of that gender."""
    here = desk.sentence(at)
    best: tuple[float, int, Referent] | None = None
    for sighting in desk.cast.before(at, most=MOST):
        away = here - desk.sentence(sighting.start)
        if away > FAR:
            break
        if not _fits(sighting.entity, gender):
            continue
        score = -away + prominence(desk, sighting) + _doubt(sighting.entity)
        if sighting.quoted:
            score += IN_QUOTES
        if any(s.start <= sighting.start < s.end for s in candidate.spans):
            score += OWN_CONTENT
        if best is None or (score, sighting.start) > best[:2]:
            best = (score, sighting.start, referent(sighting.entity))
    for place, statement in enumerate(desk.recent(at, most=4)):
        who, away = statement.who, here - desk.sentence(statement.at)
        described_far = who.entity is None and (place or who.kind not in ("anonymous", "person"))
        if away > FAR or who.plural or who.kind == "author" or described_far:
            continue
        if (who.entity and not _fits(who.entity, gender)) or who.gender not in (gender, None):
            continue
        doubt = _doubt(who.entity) if who.entity else (0.0 if who.gender else GENDER_UNKNOWN)
        score = -away + SUBJECT + (SPEAKER if place == 0 else 0.5) + doubt
        if best is None or (score, statement.at) > best[:2]:
            best = (score, statement.at, who)
    opener = _opening_kin(desk, at, gender)
    if opener and (best is None or best[0] < SUBJECT):
        return opener
    if best is None:
        return None
    found = best[2].entity
    if found is not None and found.gender is None:
        found.gender = gender
        found.kind = "person" if found.kind == "unknown" else found.kind
    return best[2]


def _opening_kin(desk: Desk, at: int, gender: Gender) -> Referent | None:
    """Find who opens the sentence of a pronoun unnamed: "My mother has softened, but even now she says"."""
    low = desk.sentences[max(0, desk.sentence(at) - 1)] if desk.sentences else desk.body.start
    nouns = desk.lexicon.word_set(f"names-role-{gender}")
    for item in list(WORD.finditer(desk.text, low, min(at, low + 60)))[1:4]:
        name = noun_phrase(desk, item.start(), item.end()) if item.group() in nouns else ""
        if " " in name and desk.text.startswith(name, low) and desk.text[item.end() : item.end() + 1] in SPACES:
            bearers = desk.called.get(name.lower(), [])
            return referent(bearers[0]) if len(bearers) == 1 else described(name, lexicon=desk.lexicon)
    return None


def _fits(entity: Entity, gender: Gender) -> bool:
    return entity.kind in ("person", "unknown") and entity.gender in (gender, None)


def _doubt(entity: Entity) -> float:
    return (GENDER_UNKNOWN if entity.gender is None else 0.0) + (KIND_UNKNOWN if entity.kind == "unknown" else 0.0)


def prominence(desk: Desk, sighting: Sighting) -> float:
    """Weigh a mention's place: subjects are taken up more often than owners and objects."""
    if sighting.possessive:
        return POSSESSIVE
    opens = sighting.opens or _led_by_role(desk, sighting)
    score = OPENS if opens else 0.0
    high = min(sighting.end + 40, desk.body.end)
    after = WORD.match(desk.text, min(sighting.end + 1, high), high)
    if after and desk.text[sighting.end : after.start()] in SPACES:
        word = after.group().lower()
        following = WORD.match(desk.text, min(after.end() + 1, high), high)
        if word in desk.lexicon.word_set("names-midverb") and following:
            word = following.group().lower()
        verbs = desk.lexicon.word_set("names-speech-verb") | desk.lexicon.word_set("names-auxiliary")
        if word in verbs or (word.islower() and word.endswith(("ed", "es"))):
            return score + SUBJECT
    if opens and desk.text[sighting.end : sighting.end + 3].startswith((",", " —", " –", " (")):
        # "Ferrer, 51, who took charge in July, has won four matches.", "Teacher Amy Roe — Bo's aunt — spoke in favour."
        return score + SUBJECT
    return score + (0.5 if opens else 0.0)


def _led_by_role(desk: Desk, sighting: Sighting) -> bool:
    """Tell whether all that stands before a name in its sentence says what she is: "The minister, Hon. Ana Lee,"."""
    if not desk.sentences or not sighting.entity.roles:
        return False
    low = desk.sentences[max(0, desk.sentence(sighting.start) - 1)]
    lead = desk.text[low : sighting.start].lstrip(" \"“‘'")
    if any(lead.startswith(role) for role in sighting.entity.roles):
        return len(lead) < 120
    # "Retired shop teacher Amy Roe": of the role only what is known to be one may have been read.
    words = [w.group().lower() for w in WORD.finditer(lead)]
    plain = not {*words} & (desk.lexicon.word_set("names-function-word") | desk.lexicon.word_set("names-plain-verb"))
    return 0 < len(words) < 5 and plain and any(lead.rstrip().endswith(role) for role in sighting.entity.roles)


def they(desk: Desk, at: int, *, two: bool = False) -> Referent | None:
    """Find whom "they" means: the last speakers in the plural, or the nearest people named by a plural noun.

    `two` is true for "both" and "each", which take up a pair of names before anybody else.
    """
    here = desk.sentence(at)
    pair = _named_pair(desk, at) if two else None
    if pair:
        return pair
    opener = _opening_group(desk, at)
    if opener:
        return opener
    for statement in desk.recent(at, most=3):
        who = statement.who
        head = head_noun(who.name, lexicon=desk.lexicon)
        collective = who.kind == "organization" or head in desk.lexicon.word_set("names-collective")
        if (who.plural or collective) and here - desk.sentence(statement.at) <= 3:
            return who
    groups = desk.lexicon.word_set("names-group-noun")
    near = [w for w in WORD.finditer(desk.text, max(desk.body.start, at - 400), at) if w.group().lower() in groups]
    if any(_before_name(desk, w.end()) for w in near) and (pair := _named_pair(desk, at)):
        # "Critics, like Senators Ana Lee and Bo Roe, object. They wrote": the two.
        return pair
    people = _common(desk, at, groups, kind="group")
    return people or _named_pair(desk, at) or _body(desk, at) or _one(desk, at)


def _one(desk: Desk, at: int) -> Referent | None:
    """Find whom a singular they means: the only person near, where the article calls somebody so."""
    if not desk.singular_they:
        return None
    here = desk.sentence(at)
    near = [s.entity for s in desk.cast.before(at, most=8) if here - desk.sentence(s.start) <= 2 and not s.quoted]
    people = {id(e): e for e in near if referent(e).kind == "person"}
    return referent(next(iter(people.values()))) if len(people) == 1 else None


def _opening_group(desk: Desk, at: int) -> Referent | None:
    """Find the plural noun that opens a pronoun's sentence: "Proponents, among them mayors, agree, but they say"."""
    low = desk.sentences[max(0, desk.sentence(at) - 1)] if desk.sentences else desk.body.start
    groups = desk.lexicon.word_set("names-group-noun")
    for item in list(WORD.finditer(desk.text, low, min(at, low + 60)))[:4]:
        if item.group().lower() in groups and desk.text[item.end() : item.end() + 1] in (" ", ","):
            name = noun_phrase(desk, item.start(), item.end())
            if not desk.text.startswith(name, low):
                return None
            # "Democrats want more and Republicans want less (they say …)": the last subject, not the first.
            words = [w.group().lower() for w in WORD.finditer(desk.text, max(item.end(), at - 400), at)]
            other = any(a in ("and", "but", "while") and b in groups for a, b in pairwise(words))
            return None if other else Referent(name, "group", plural=True)
    return None


def _before_name(desk: Desk, end: int) -> bool:
    """Tell whether a noun is the title of names that follow: "Senators Ana Lee and Bo Roe"."""
    return desk.text[end : end + 1] in SPACES and any(s.start == end + 1 for s in desk.cast.before(end + 2, most=2))


def _named_pair(desk: Desk, at: int) -> Referent | None:
    """Find "Ms. Lee and Mr. Cho" in the same or the last sentence; farther back where nobody else was named since."""
    here = desk.sentence(at)
    near = [s for s in desk.cast.before(at, most=12) if here - desk.sentence(s.start) <= FAR and not s.quoted]
    near = [s for s in near if s.entity.kind == "person" or (s.entity.kind == "unknown" and s.entity.full)]
    if len({id(s.entity) for s in near}) != 2:
        near = [s for s in near if here - desk.sentence(s.start) <= 1]
    for right, left in pairwise(near):
        between = _APPOSED.sub("", desk.text[left.end : right.start])
        if len(between) < 40 and between.startswith((" and ", ", and ")) and left.entity is not right.entity:
            return pair_of(left.entity, right.entity)
    return None


def it(desk: Desk, at: int, *, candidate: Candidate) -> Referent | None:
    """Find what "it" means: the last organization or document that spoke, or the nearest one named."""
    here = desk.sentence(at)
    for statement in desk.recent(at, most=3):
        away = here - desk.sentence(statement.at)
        if statement.who.kind in ("organization", "document") and not statement.who.plural and away <= 4:
            return statement.who
    named = [
        (prominence(desk, s) - (here - desk.sentence(s.start)), s.start, referent(s.entity))
        for s in desk.cast.before(at, most=12)
        if s.entity.kind in ("organization", "place")
        and not s.quoted
        and here - desk.sentence(s.start) <= 2
        # "India has grown, it said": nobody is named in what he himself says.
        and not any(span.start <= s.start < span.end for span in candidate.spans)
    ]
    # "U.S. senator": a place that is nobody's subject is an adjective more often than not.
    named = [n for n in named if n[2].entity is None or n[2].entity.kind != "place" or n[0] >= 0]
    best = max(named, key=lambda n: n[:2], default=None)
    paper = _common(desk, at, desk.lexicon.word_set("names-document-noun"), kind="document")
    if paper and (best is None or best[0] < 0):
        return paper
    return best[2] if best else None


def _body(desk: Desk, at: int) -> Referent | None:
    """Find the one organization of this and the last sentence: "Politifact checked the claim. They said"."""
    here = desk.sentence(at)
    near = [s.entity for s in desk.cast.before(at, most=6) if here - desk.sentence(s.start) <= 1 and not s.quoted]
    bodies = {id(e): e for e in near if e.kind == "organization"}
    return referent(next(iter(bodies.values()))) if len(bodies) == 1 else None


def _common(desk: Desk, at: int, nouns: frozenset[str], *, kind: SpeakerKind) -> Referent | None:
    """Find the last such noun of the same or the last two sentences, outside quotation marks."""
    here = desk.sentence(at)
    low = desk.sentences[max(0, here - 3)] if desk.sentences else desk.body.start
    found = list(WORD.finditer(desk.text, max(low, at - 600), at))
    for item in reversed(found):
        word = item.group().lower()
        # "make public his tax returns": without its article the public is an adjective.
        bare_public = word == "public" and not desk.text.startswith("the ", item.start() - 4)
        if word in nouns and not bare_public and not desk.quoted(item.start()) and not _before_name(desk, item.end()):
            return Referent(noun_phrase(desk, item.start(), item.end()), kind, plural=kind == "group")
    return None


def who(desk: Desk, at: int, *, person: bool) -> Referent | None:
    """Find the antecedent of a relative pronoun: the name or the noun phrase that ends right before it."""
    nearest: Entity | None = None
    for sighting in desk.cast.before(at, most=4):
        between = desk.text[sighting.end : at]
        if len(between) > 200 or "\n" in between:
            break
        plain = re.sub(r"\([^()]{0,60}\)", "", between).strip(" \u00a0")
        if plain in ("", ",", "'s", "’s", "-", "--", "—", "–"):
            if sighting.entity.kind == "person" or not ("," in plain or person):
                return referent(sighting.entity)
            nearest = nearest or sighting.entity
            continue
        pieces = plain.strip(",").strip().split(", ")
        relative = pieces[0].split(" ", 1)[0] in desk.lexicon.word_set("names-pronoun-who")
        if plain[0] == "," and len(pieces) <= 3 and not relative and is_role(pieces[0], lexicon=desk.lexicon):
            return referent(sighting.entity)
    if nearest and not (person and nearest.kind in ("place", "organization")):
        return referent(nearest)
    found = _phrase_ending(desk, at, person=person)
    return None if found and person and found.kind in ("unknown", "document") else found


def _people_before(desk: Desk, found: Sequence[re.Match[str]]) -> Referent | None:
    """Return "listeners to his radio programme" before "who": people, and the phrase that hangs on them."""
    lexicon = desk.lexicon
    lists = ("names-group-noun", "names-anonymous-noun", "names-role-noun")
    people = frozenset().union(*(lexicon.word_set(name) for name in lists))
    hanging = lexicon.word_set("names-preposition") - {"and", "or", "by", "who", "whose", "that", "which"}
    if found[-1].group().lower() in people:
        return None
    for left, right in reversed(list(pairwise(found[-9:]))):
        if desk.text[left.end() : right.start()].strip(" \u00a0\"'“”‘’"):
            return None
        if left.group().lower() in people and right.group() in hanging:
            name = noun_phrase(desk, left.start(), left.end())
            rest = desk.text[left.end() : found[-1].end()]
            return described(" ".join((name + rest).split()), lexicon=lexicon)
    return None


def _phrase_ending(desk: Desk, at: int, *, person: bool) -> Referent | None:
    """Return "demonstrators" in "clashed with demonstrators, who chanted"."""
    low = max(desk.body.start, at - 120)
    end = low + len(desk.text[low:at].rstrip(" ,\u00a0"))
    found = list(WORD.finditer(desk.text, low, end))
    if not found or found[-1].end() != end:
        return None
    adverbs = desk.lexicon.word_set("names-adverb")
    while len(found) > 1 and found[-1].group() in adverbs:
        found.pop()
    last = found[-1]
    lexicon = desk.lexicon
    people = _people_before(desk, found)
    if person and people is not None:
        return people
    phrase = noun_phrase(desk, last.start(), last.end())
    if not phrase[0].isupper() and phrase == last.group() and phrase.lower() in lexicon.word_set("names-function-word"):
        return None
    lead = phrase_before(desk.text, last.end(), low, lexicon)
    name = " ".join(lead) if len(lead) > len(phrase.split()) else phrase
    return described(name, lexicon=lexicon)
