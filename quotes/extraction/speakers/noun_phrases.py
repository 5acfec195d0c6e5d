"""Whom a description means: "the spokesperson", "the agency", "my father". Strings only.

`bearer` is the one way in. A description is taken for somebody only where the article's own words lead there: the same
head in a title or an apposition, the same word in an organization's name, or a description with a modifier ("the
Vermont senator") right after the only person it can mean. Whatever fits nobody keeps its own words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from attrs import evolve

from quotes.extraction.speakers.discourse import Desk, Referent, described, noun_phrase, referent
from quotes.extraction.speakers.entities import Entity, Sighting
from quotes.extraction.speakers.name_finder import unpossessive
from quotes.extraction.speakers.pronouns import SUBJECT, prominence
from quotes.extraction.speakers.roles import head_noun, is_role
from quotes.extraction.speakers.titles import WORD, title_words
from quotes.lexicon import Lexicon
from quotes.records import Candidate, Resolution, Span

LONGEST_MENTION = 300
_OWNED = re.compile(r"(?:['’]s|s['’]) ")
_HYPHENED = re.compile(r"(?:-\w{1,30}){1,3}")
# "The 29-year-old", "the septuagenarian".
AGES = ("year-old", "genarian")
# A role may be taken up so many sentences after its bearer was last named or spoke.
ROLE_FAR = 40


def core_of(text: str, mention: Span) -> Span:
    """Cut a mention down to its noun phrase: no brackets, no apposition, no quotation marks around it."""
    start, end = mention.start, min(mention.end, mention.start + LONGEST_MENTION)
    for mark in (" (", ", ", " who ", " -- ", " — "):
        at = text.find(mark, start + 1, end)
        if at > start and not (mark == ", " and text[at + 2 : at + 4] in ("Jr", "Sr", "In", "LL")):
            end = at
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not (text[end - 1].isalnum() or text[end - 1] == "."):
        end -= 1
    # The parser cuts "Secretary-Treasurer Gary Casteel" behind its hyphen.
    rest = _HYPHENED.match(text, end) if end > start else None
    return Span(start, rest.end() if rest else end)


def bearer(desk: Desk, candidate: Candidate, core: Span) -> tuple[Referent, Resolution]:
    """Resolve a description: "the spokesperson", "the agency"; what fits nobody keeps its own words."""
    lexicon = desk.lexicon
    phrase = " ".join(desk.text[core.start : core.end].split())
    words = [w.lower() for w in WORD.findall(phrase)]
    head = head_noun(phrase, lexicon=lexicon)
    own = described(_full_phrase(desk, candidate, core), lexicon=lexicon)
    if own.kind == "unknown":
        # "A witness interviewed by staff" is a witness; "the emails combed through by Vox" are the emails.
        plain = described(phrase, lexicon=lexicon)
        own = plain if plain.kind == "document" else evolve(plain, name=own.name)
    # "Spokesperson" points back, and so does "The spokesperson"; "A spokesperson" opens a sentence, too.
    bare_noun = phrase[0].isupper() and words[0] not in lexicon.word_set("names-determiner")
    definite = words[0] in lexicon.word_set("names-definite") or bare_noun
    if own.plural and " and " in own.name:
        return own, "name"
    named = _apposed_name(desk, candidate, core) or _bearer_of(desk, phrase)
    if named is not None:
        return referent(named), "role"
    if own.plural and words[0] in ("the", "both"):
        for statement in desk.recent(core.start):
            if any(head[:-1] in told(e, lexicon) for e in statement.who.members):
                return statement.who, "role"
    if "and" in words and {"his", "her", "their", "its"} & set(words[words.index("and") :]):
        return Referent(own.name, "group", plural=True), "name"
    if not definite or own.plural or words[0] in ("his", "her", "their", "its"):
        return own, "none" if own.kind == "unknown" else "name"
    if own.kind == "document" or {*words[1:2]} & lexicon.word_set("names-another"):
        return own, "none" if own.kind == "unknown" else "name"
    again = _unnamed_again(desk, core.start, head) if len(words) < 3 else None
    if again is not None:
        return again, "role"
    found: Referent | None = None
    if is_role(phrase, lexicon=lexicon) or head in title_words(lexicon) or head.endswith(AGES):
        found = _role_bearer(desk, core.start, phrase, head, own)
        aged = any(word.endswith(AGES) for word in words)
        if found and found.entity and ((len(words) > 2 and not aged) or not found.entity.roles):
            found.entity.roles.append(_with_second(desk, core) or phrase)
    elif head in lexicon.word_set("names-org-noun") and len(words) <= 3:
        found = _organization(desk, core.start, head, words)
    return (found, "role") if found else (own, "none" if own.kind == "unknown" else "name")


def _unnamed_again(desk: Desk, at: int, head: str) -> Referent | None:
    """Return the unnamed source that spoke last, where its noun is the same: "A senior official said. The official"."""
    here = desk.sentence(at)
    for statement in desk.recent(at, most=3):
        who = statement.who
        near = here - desk.sentence(statement.at) <= 6
        if near and who.entity is None and not who.plural and who.kind == "anonymous":
            opener = who.name.split(" ", 1)[0].lower()
            same = head_noun(who.name, lexicon=desk.lexicon) == head and " " in who.name
            return who if same and opener in desk.lexicon.word_set("names-indefinite") else None
    return None


def _apposed_name(desk: Desk, candidate: Candidate, core: Span) -> Entity | None:
    """Return the name right after a description: "one of the family's attorneys, Justin Bamberg,".

    The parser may take a circumstance for the speaker: "With days until the vote, Ana Moore, a senior adviser, said".
    """
    phrase = desk.text[core.start : core.end]
    role = is_role(phrase, lexicon=desk.lexicon)
    given = desk.lexicon.regex("names-given-as").match(desk.text, core.start, min(core.end + 90, desk.body.end))
    called = [s for s in desk.cast.before(given.end() + 1, most=3) if s.start >= given.start("name")] if given else []
    if called:
        called[0].entity.roles += [phrase] if not called[0].entity.roles else []
        called[0].entity.kind = "person"
        return called[0].entity
    body = head_noun(phrase, lexicon=desk.lexicon) in desk.lexicon.word_set("names-org-noun")
    for sighting in reversed(list(desk.cast.before(core.end + 60, most=6))):
        kinds = ("person", "unknown", "organization") if body else ("person", "unknown")
        if sighting.start <= core.end or sighting.entity.kind not in kinds or sighting.possessive:
            continue
        before = _TITLE_GAP.sub("", desk.text[core.end : sighting.start])
        after = desk.text[sighting.end : sighting.end + 2]
        if role and (before == " " or (before == ", " and after[:1] in (",", ""))):
            sighting.entity.kind = "person"
            return sighting.entity
        if body and before == ", " and after[:1] == "," and sighting.entity.kind != "person":
            sighting.entity.kind = "organization"
            return sighting.entity
        inside = candidate.source is not None and sighting.end <= candidate.source.end
        if inside and before == ", " and after == ", " and sighting.entity.roles:
            return sighting.entity
        return None
    return None


# What stands between a description and a name: "its leader, Sen. Ana Moore,", "its owner, Oslo-based Nordlys Oil,".
_TITLE_GAP = re.compile(r"(?<=, )(?:[A-Z][A-Za-z]{0,12}(?:-[a-z]{3,13})?\.? ){1,3}\Z")


def _bearer_of(desk: Desk, phrase: str) -> Entity | None:
    """Return who alone is called just so anywhere in the article: "my father, James Meehan"."""
    whose, _, _ = phrase.lower().rpartition(" ")
    gender = described(phrase, lexicon=desk.lexicon).gender
    if gender and whose:
        # "My parents, James and Olive Meehan": my father is James.
        both = [f"{whose} {many}" for many in desk.lexicon.word_set("names-kin-plural")]
        pair = [e for many in both for e in desk.called.get(many, [])[:50] if e.gender == gender]
        if len(pair) == 1:
            pair[0].roles = [role for role in pair[0].roles if role.lower() not in both] + [phrase]
            return pair[0]
    found = desk.called.get(phrase.lower(), [])
    plain = phrase.count(" ") == 1 and phrase.lower().startswith("the ")
    return found[0] if len(found) == 1 and " " in phrase and not plain else None


def told(entity: Entity, lexicon: Lexicon) -> set[str]:
    """Return the heads of what somebody is called: "Sen. Warren, a critic of banks" gives sen and critic."""
    words = {w.lower().rstrip(".") for role in entity.roles for w in WORD.findall(role)}
    heads = {head_noun(role, lexicon=lexicon) for role in entity.roles} | (words & title_words(lexicon).keys())
    alike: set[str] = heads.union(*(group for group in _same_roles(lexicon) if group & heads))
    return alike


def _full_phrase(desk: Desk, candidate: Candidate, core: Span) -> str:
    """Return an unnamed source's description with what belongs to it: "a senior official at the ministry"."""
    start, end = core.start, core.end
    source = candidate.source
    if source and source.start <= start and source.end > end:
        whole = core_of(desk.text, source)
        start, end = min(start, whole.start), max(end, whole.end)
    word = WORD.match(desk.text, start, end)
    if word and word.group().lower() in desk.lexicon.word_set("names-group-noun"):
        # The parser takes "experts" of "labor-policy experts" alone.
        name = noun_phrase(desk, start, word.end())
        opener = name.split(" ", 1)[0].lower()
        known = desk.lexicon.word_set("names-determiner") | desk.lexicon.word_set("names-role-modifier")
        fits = opener in known or opener not in desk.lexicon.word_set("names-not-name")
        if fits and desk.text.endswith(name, 0, word.end()):
            start = word.end() - len(name)
    return " ".join(unpossessive(desk.text[start:end]).split())


def _with_second(desk: Desk, core: Span) -> str | None:
    """Return "The former first lady and U.S. senator" where the mention is its first half alone."""
    words = list(WORD.finditer(desk.text, core.end, min(desk.body.end, core.end + 60)))[:5]
    if len(words) < 2 or words[0].group() != "and":
        return None
    for last in words[1:]:
        second = desk.text[words[1].start() : last.end()]
        if second.split(" ")[0].lower() in desk.lexicon.word_set("names-determiner") or "," in second:
            return None
        if is_role(second, lexicon=desk.lexicon):
            return desk.text[core.start : last.end()]
    return None


@lru_cache(maxsize=8)
def _same_roles(lexicon: Lexicon) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(words) for name, words in lexicon.words.items() if name.startswith("names-same-role-"))


def _role_bearer(desk: Desk, at: int, phrase: str, head: str, own: Referent) -> Referent | None:
    """Find the last person whose title or description has this head: "the senator" after Sen. Elizabeth Warren."""
    lexicon = desk.lexicon
    alike = {head}.union(*(words for words in _same_roles(lexicon) if head in words))
    more = {w.lower() for w in WORD.findall(phrase)} - lexicon.word_set("names-determiner") - {head}
    past, short = lexicon.word_set("names-past"), lexicon.word_set("names-abbreviation")
    here = desk.sentence(at)
    best: tuple[float, Entity] | None = None
    seen: set[int] = set()
    places = [(s.start, s.entity) for s in desk.cast.before(at, most=80) if not s.quoted]
    places += [(s.at, s.who.entity) for s in desk.recent(at) if s.who.entity]
    for place, entity in sorted(places, key=lambda p: -p[0]):
        away = here - desk.sentence(place)
        if id(entity) in seen or entity.kind not in ("person", "unknown") or away > ROLE_FAR:
            continue
        seen.add(id(entity))
        if own.gender and entity.gender and own.gender != entity.gender:
            continue
        words = {w.lower().rstrip(".") for role in entity.roles for w in WORD.findall(role)}
        heads = {head_noun(role, lexicon=lexicon) for role in entity.roles} | (words & title_words(lexicon).keys())
        # "The governor" after "Gov. Roe", whose title stands in no description.
        titled = any(t == head or (len(t) > 2 and t in short and head.startswith(t)) for t in entity.titles)
        if not alike & heads and not titled:
            continue
        score = len(more & words) * 2.0 - away * 0.25 + (1.0 if head in heads else 0.0)
        # "The governor" is Gov. Roe rather than "Ana Lee, a former governor".
        score -= 2.0 if past & words and not past & more else 0.0
        if best is None or score > best[0]:
            best = (score, entity)
    if best:
        return referent(best[1])
    said = WORD.findall(phrase)
    prepositions = lexicon.word_set("names-preposition") - {"and"}
    if any(word in prepositions and after[0].isupper() for word, after in pairwise(said)):
        return None
    if len(said) == 2 and (head.endswith(AGES) or head in lexicon.word_set("names-epithet-noun")):
        return _sole_subject(desk, at, own)
    # "Sanders’ campaign manager" is no epithet of whoever spoke last.
    lead = next((n for n, word in enumerate(said) if word in prepositions), len(said))
    if len(said) < 3 or _OWNED.search(" ".join(said[:lead]) + " "):
        return None
    return _last_person(desk, at, own) or only_person(desk, at, own)


def _sole_subject(desk: Desk, at: int, own: Referent) -> Referent | None:
    """Take "the defender" and "the 29-year-old" for the only person whom this sentence and the last one name."""
    here = desk.sentence(at)
    near = [s for s in desk.cast.before(at, most=8) if here - desk.sentence(s.start) <= 1 and not s.quoted]
    near = [s for s in near if not s.possessive]
    people = {id(s.entity): s.entity for s in near if s.entity.kind == "person"}
    if not people:
        # "Jepkemboi is in the shed": who does something may be somebody, even if nothing else tells it.
        many = desk.lexicon.word_set("names-group-noun")
        doing = [s for s in near if s.entity.kind == "unknown" and s.entity.name.lower() not in many]
        doing = [s for s in doing if prominence(desk, s) >= SUBJECT]
        people = {id(s.entity): s.entity for s in doing}
    only = next(iter(people.values())) if len(people) == 1 else None
    return referent(only) if only and (own.gender is None or only.gender in (own.gender, None)) else None


def _last_person(desk: Desk, at: int, own: Referent) -> Referent | None:
    """Take "the New York businessman" for who spoke right before, where that person's gender fits."""
    here = desk.sentence(at)
    for statement in desk.recent(at, most=1):
        entity = statement.who.entity
        # Who has an office of another kind is called by another description only in the very next sentence.
        far = 3 if entity is None or not entity.roles else 1
        if entity is None or entity.kind != "person" or here - desk.sentence(statement.at) > far:
            continue
        if own.gender is None or entity.gender in (own.gender, None):
            return referent(entity)
    return None


def only_person(desk: Desk, at: int, own: Referent, *, alone: bool = False) -> Referent | None:
    """Take a description for the one person whom the last sentences name without saying what that person is.

    "Trump, appearing after Clinton, blamed President Obama. “We need change,” the New York businessman said": Clinton
    and Obama are something else. Beside others it must be the subject of this sentence or the one before; with `alone`
    there must be no others.
    """
    here = desk.sentence(at)
    near = [s for s in desk.cast.before(at, most=12) if here - desk.sentence(s.start) <= 3 and not s.quoted]
    people = {id(s.entity): s.entity for s in near if s.entity.kind == "person"}
    plain = [e for e in people.values() if not e.roles and (not own.gender or e.gender in (own.gender, None))]
    if len(plain) != 1:
        return None
    close = [s for s in near if s.entity is plain[0] and here - desk.sentence(s.start) <= 2]
    subject = not alone and any(prominence(desk, s) >= SUBJECT for s in close)
    return referent(plain[0]) if subject or len(people) == 1 else None


def _organization(desk: Desk, at: int, head: str, words: Sequence[str]) -> Referent | None:
    """Find the organization behind "the agency": one that has the word in its name, or the last one that spoke."""
    if words[0] != "the" or len(words) > 2:
        return None
    for sighting in desk.cast.before(at, most=80):
        entity = sighting.entity
        if entity.kind != "organization" or len(entity.words) < 2 or sighting.quoted:
            continue
        if head in {w.lower() for w in entity.words}:
            return referent(entity)
    if head not in desk.lexicon.word_set("names-org-generic"):
        return None
    for statement in desk.recent(at):
        entity_or_none = statement.who.entity
        if entity_or_none and entity_or_none.kind in ("organization", "unknown"):
            bodies = {head_noun(role, lexicon=desk.lexicon) for role in entity_or_none.roles}
            any_body = head in desk.lexicon.word_set("names-org-any")
            if bodies and head not in bodies and not any_body:
                # "The law firm" speaks, and then "the bank": another.
                break
            return statement.who
    here = desk.sentence(at)
    nearest: Sighting | None = None
    for sighting in desk.cast.before(at, most=8):
        entity = sighting.entity
        body = entity.kind == "organization" or (entity.kind == "unknown" and len(entity.words) > 1)
        if not body or here - desk.sentence(sighting.start) > 2 or sighting.quoted:
            continue
        # "Harbour Watch, a division of the Port Authority, met": the watch is meant, not what it belongs to.
        if nearest is None or (
            desk.text.startswith((", a ", ", an ", ", the "), sighting.end)
            and not desk.text[sighting.end + 2 : nearest.start].count(",")
        ):
            nearest = sighting
    return referent(nearest.entity) if nearest else None
