"""Who each mention is: "the spokesperson" = Esmail Baghaei, a spokesperson for the foreign ministry. Strings only.

`resolve` is the one way in. It reads whom the article names (people.py) and what it says they are (descriptions.py),
then goes through the mentions in order: names, pronouns (antecedents.py), descriptions.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from quotes.antecedents import (
    Desk,
    Referent,
    Statement,
    described,
    he_or_she,
    it,
    pair_of,
    referent,
    sentence_starts,
    they,
    who,
)
from quotes.capitals import WORD, NameForm, Run, bare, find_runs, name_form, title_words, unpossessive
from quotes.descriptions import (
    fullest,
    head_noun,
    is_body,
    is_role,
    party_of,
    phrase_before,
    role_after,
    roles_of,
)
from quotes.lexicon import Lexicon
from quotes.people import Entity, Sighting, find_cast, in_spans, known
from quotes.records import Candidate, MarkedSpan, Mention, Resolution, Span, Speaker

# A description is looked for at so many places of one name; the first mentions carry it.
MOST_PLACES = 12
LONGEST_MENTION = 300
# A role may be taken up so many sentences after its bearer was last named or spoke.
ROLE_FAR = 40


def resolve(
    text: str,
    *,
    body: Span,
    candidates: Sequence[Candidate],
    marked: Sequence[MarkedSpan],
    lexicon: Lexicon,
    title: str | None = None,
    byline: str | None = None,
) -> list[Speaker | None]:
    """Tell who each candidate's mention is.

    Args:
        text: the source's text.
        body: the article's slice of it; nothing outside is looked at.
        candidates: the article's candidates in text order.
        marked: its spans between quotation marks.
        lexicon: the language's word lists.
        title: the headline, where known.
        byline: who wrote the article, where known; the name behind "I".

    Returns:
        One speaker a candidate, or None where the candidate has no mention.
    """
    cast = find_cast(text, body=body, marked=marked, lexicon=lexicon, title=title)
    starts = sentence_starts(text, body, lexicon)
    desk = Desk(text, body, cast, lexicon, in_spans(marked), starts)
    _learn_roles(desk)
    _learn_epithets(desk)
    settled: dict[Span, tuple[Referent, Resolution]] = {}
    for candidate in sorted((c for c in candidates if c.mention), key=lambda c: c.mention.start if c.mention else 0):
        assert candidate.mention is not None
        if candidate.mention in settled:
            continue
        found = _settle(desk, candidate, candidate.mention, byline)
        settled[candidate.mention] = found
        desk.said.append(Statement(candidate.mention.start, found[0]))
    return [_speaker(desk, c, *settled[c.mention]) if c.mention is not None else None for c in candidates]


def _speaker(desk: Desk, candidate: Candidate, found: Referent, how: Resolution) -> Speaker:
    """Build the record, with the fullest description that the whole article gives."""
    assert candidate.mention is not None
    start, end = candidate.mention.start, candidate.mention.end
    entity = found.entity
    return Speaker(
        name=entity.name if entity else found.name,
        kind=referent(entity).kind if entity and found.kind != "author" else found.kind,
        role=_role(desk, found),
        mention=Mention(desk.text[start:end], start, end),
        resolution=candidate.resolution or how,
        handle=candidate.handle,
    )


def _role(desk: Desk, found: Referent) -> str | None:
    """Return the fullest description of a speaker; of several, what all are called."""
    if found.members:
        shared = set(found.members[0].roles).intersection(*(e.roles for e in found.members))
        return fullest(sorted(shared), lexicon=desk.lexicon)
    return fullest(found.entity.roles, lexicon=desk.lexicon) if found.entity else None


def _learn_roles(desk: Desk) -> None:
    """Collect what the article says everybody is, and what that tells of kind and gender."""
    low, high = desk.body.start, desk.body.end
    places: dict[int, int] = {}
    feminine, masculine = desk.lexicon.word_set("names-role-f"), desk.lexicon.word_set("names-role-m")
    before: Sighting | None = None
    for sighting in desk.cast.sightings:
        entity = sighting.entity
        _share_title(desk, before, sighting)
        before = sighting
        places[id(entity)] = places.get(id(entity), 0) + 1
        if sighting.quoted or entity.kind == "place" or places[id(entity)] > MOST_PLACES:
            continue
        if entity.kind == "organization":
            body = role_after(desk.text, sighting.end, min(high, sighting.end + 320), desk.lexicon, fits=is_body)
            entity.roles += [body] if body else []
            continue
        around = roles_of(
            desk.text, start=sighting.start, end=sighting.end, low=low, high=high, lexicon=desk.lexicon
        )
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


def _share_title(desk: Desk, before: Sighting | None, sighting: Sighting) -> None:
    """Give David Vitter the title of "Sens. Jon Tester (D-Mont.) and David Vitter (R-La.)"."""
    if before is None or sighting.start - before.end > 40 or sighting.entity is before.entity:
        return
    shared = [r for r in before.entity.roles if r.lower().rstrip(".") in desk.lexicon.word_set("names-plural-title")]
    between = re.sub(r"\([^()]{0,30}\)", "", desk.text[before.end : sighting.start]).strip()
    if shared and between in ("and", ",", ", and"):
        sighting.entity.roles.append(shared[0])


def _learn_epithets(desk: Desk) -> None:
    """Learn "The director" where it opens the sentence after one that names a single person."""
    opener = desk.lexicon.regex("names-epithet")
    for found in opener.finditer(desk.text, desk.body.start, desk.body.end):
        phrase = found["phrase"]
        own = described(phrase, lexicon=desk.lexicon)
        if own.plural or desk.quoted(found.start()) or not is_role(phrase, lexicon=desk.lexicon):
            continue
        bearer = _only_person(desk, found.start("phrase"), own)
        if bearer and bearer.entity:
            bearer.entity.roles.append(phrase)


def _settle(desk: Desk, candidate: Candidate, mention: Span, byline: str | None) -> tuple[Referent, Resolution]:
    """Tell whom one mention means, and how that was found."""
    core = _core(desk.text, mention)
    words = WORD.findall(desk.text[core.start : core.end])
    if not words:
        return Referent(desk.text[mention.start : mention.end].strip(), "unknown"), "none"
    low = unpossessive(words[-1]).lower()
    if len(words) == 1 or (low in desk.lexicon.word_set("names-pronoun-who") and len(words) < 5):
        found = _pronoun(desk, candidate, core, low, byline)
        if found is not None:
            return found
    pair = _pair(desk, core)
    if pair is not None:
        return pair, "name"
    entity = _named(desk, core)
    if entity is not None:
        same = [bare(w) for w in entity.words] == [bare(unpossessive(w)) for w in words[-len(entity.words) :]]
        return referent(entity), "name" if same else "alias"
    return _described(desk, candidate, core)


def _core(text: str, mention: Span) -> Span:
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
    return Span(start, end)


def _pronoun(
    desk: Desk, candidate: Candidate, core: Span, word: str, byline: str | None
) -> tuple[Referent, Resolution] | None:
    """Resolve a pronoun; where nothing fits it keeps its own word, of unknown kind."""
    lists = {name: desk.lexicon.word_set(f"names-pronoun-{name}") for name in ("m", "f", "they", "it", "who", "person", "author")}
    at = core.start
    found: Referent | None = None
    if word in lists["m"]:
        found = he_or_she(desk, at, gender="m", candidate=candidate)
    elif word in lists["f"]:
        found = he_or_she(desk, at, gender="f", candidate=candidate)
    elif word in lists["they"]:
        found = they(desk, at)
    elif word in lists["it"]:
        found = it(desk, at)
    elif word in lists["who"]:
        found = who(desk, at, person=word in lists["person"])
    elif word in lists["author"]:
        return _author(desk, core, byline), "pronoun"
    else:
        return None
    if found is None:
        return Referent(desk.text[core.start : core.end], "unknown"), "none"
    return found, "pronoun"


def _author(desk: Desk, core: Span, byline: str | None) -> Referent:
    """Return the writer: the byline, or the name of the note that closes the article ("Ann Lee is a writer in…")."""
    if byline:
        return Referent(re.sub(r"^[Bb][Yy] ", "", byline).strip(), "author")
    body = desk.text[desk.body.start : desk.body.end].rstrip()
    tail = desk.body.start + body.rfind("\n")
    for sighting in desk.cast.sightings[-12:]:
        if sighting.start == tail + 1 and sighting.entity.kind == "person" and sighting.entity.roles:
            return Referent(sighting.entity.name, "author", sighting.entity)
    return Referent(desk.text[core.start : core.end], "author")


@lru_cache(maxsize=8)
def _bar(lexicon: Lexicon) -> frozenset[str]:
    """Return the words that end a noun phrase before a name within a mention ("Officials at …")."""
    return lexicon.word_set("names-function-word")


def _runs(desk: Desk, core: Span) -> list[Run]:
    return list(find_runs(desk.text, body=core, lexicon=desk.lexicon))


def _pair(desk: Desk, core: Span) -> Referent | None:
    """Resolve "Mr. Grassley and Mr. Leahy" name by name."""
    runs = _runs(desk, core)
    if len(runs) != 2 or desk.text[runs[0].spots[-1].end : runs[1].spots[0].start] != " and ":
        return None
    both = [_entity_at(desk, name_form(run, lexicon=desk.lexicon)) for run in runs]
    if runs[1].spots[-1].end != core.end or not all(e and e.kind in ("person", "unknown") for e in both):
        return None
    return pair_of(*(e for e in both if e))


def _named(desk: Desk, core: Span) -> Entity | None:
    """Return the entity that a mention ending in a name means, or None where it ends in no name."""
    runs = _runs(desk, core)
    if not runs or runs[-1].spots[-1].end < core.end - 2:
        return None
    run = runs[-1]
    if len(runs) > 1 and desk.text[runs[-2].spots[-1].end : run.spots[0].start].strip() in ("of", "from"):
        whose = _entity_at(desk, name_form(runs[-2], lexicon=desk.lexicon))
        if whose is not None and whose.kind == "person":
            return whose
    last = run.words[-1].lower()
    if last in desk.lexicon.word_set("names-group-noun") or (last in title_words(desk.lexicon) and len(runs) == 1):
        form = name_form(run, lexicon=desk.lexicon)
        if form is None or known(desk.cast, form.words) is None or form.kind == "unknown":
            return None
    lead = [w.group().lower() for w in WORD.finditer(desk.text, core.start, run.spots[0].start)]
    if any(w in _bar(desk.lexicon) for w in lead):
        covered = phrase_before(desk.text, run.spots[0].start, core.start, desk.lexicon)
        if len(covered) < len(lead):
            return None
    exact = [s for s in desk.cast.before(core.end, most=4) if s.start >= core.start and s.end >= core.end - 2]
    if exact:
        return exact[0].entity
    return _entity_at(desk, name_form(run, lexicon=desk.lexicon))


def _entity_at(desk: Desk, form: NameForm | None) -> Entity | None:
    """Return the entity of a name: the one it is short for, or one of its own."""
    if form is None:
        return None
    for sighting in desk.cast.before(form.end, most=4):
        if sighting.start == form.start:
            return sighting.entity
    return known(desk.cast, form.words, gender=form.gender) or Entity(form.words, form.kind, form.gender)


def _described(desk: Desk, candidate: Candidate, core: Span) -> tuple[Referent, Resolution]:
    """Resolve a description: "the spokesperson", "the agency"; what fits nobody keeps its own words."""
    lexicon = desk.lexicon
    phrase = " ".join(desk.text[core.start : core.end].split())
    words = [w.lower() for w in WORD.findall(phrase)]
    head = head_noun(phrase, lexicon=lexicon)
    own = described(_full_phrase(desk, candidate, core), lexicon=lexicon)
    definite = words[0] in lexicon.word_set("names-definite") or phrase[0].isupper()
    if own.plural and " and " in own.name:
        return own, "name"
    named = _apposed_name(desk, candidate, core) or _bearer_of(desk, phrase)
    if named is not None:
        return referent(named), "role"
    if own.plural and words[0] in ("the", "both"):
        for statement in desk.recent(core.start):
            if any(head[:-1] in _told(e, lexicon) for e in statement.who.members):
                return statement.who, "role"
    if "and" in words and {"his", "her", "their", "its"} & set(words[words.index("and") :]):
        return Referent(own.name, "group", plural=True), "name"
    if not definite or own.plural or words[0] in ("his", "her", "their", "its"):
        return own, "none" if own.kind == "unknown" else "name"
    if own.kind == "document":
        return own, "name"
    found: Referent | None = None
    if is_role(phrase, lexicon=lexicon) or head in title_words(lexicon):
        found = _role_bearer(desk, core.start, phrase, head, own)
        if found and found.entity and (len(words) > 2 or not found.entity.roles):
            found.entity.roles.append(phrase)
    elif head in lexicon.word_set("names-org-noun") and len(words) <= 3:
        found = _organization(desk, core.start, head, words)
    return (found, "role") if found else (own, "none" if own.kind == "unknown" else "name")


def _apposed_name(desk: Desk, candidate: Candidate, core: Span) -> Entity | None:
    """Return Justin Bamberg for "one of the family's attorneys" in "one of the family's attorneys, Justin Bamberg,"."""
    source = candidate.source
    if source is None or not is_role(desk.text[core.start : core.end], lexicon=desk.lexicon):
        return None
    for sighting in desk.cast.before(source.end, most=6):
        before = desk.text[core.end : sighting.start]
        after = desk.text[sighting.end : sighting.end + 1]
        if sighting.start > core.end and before == ", " and after in (",", "", " ") and sighting.entity.kind == "person":
            return sighting.entity
    return None


def _bearer_of(desk: Desk, phrase: str) -> Entity | None:
    """Return who alone is called just so anywhere in the article: "my father, James Meehan"."""
    low = phrase.lower()
    found = {id(e): e for e in desk.cast.entities if any(role.lower() == low for role in e.roles)}
    return next(iter(found.values())) if len(found) == 1 and " " in low else None


def _told(entity: Entity, lexicon: Lexicon) -> set[str]:
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
        whole = _core(desk.text, source)
        start, end = min(start, whole.start), max(end, whole.end)
    return " ".join(unpossessive(desk.text[start:end]).split())


@lru_cache(maxsize=8)
def _same_roles(lexicon: Lexicon) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(words) for name, words in lexicon.words.items() if name.startswith("names-same-role-"))


def _role_bearer(desk: Desk, at: int, phrase: str, head: str, own: Referent) -> Referent | None:
    """Find the last person whose title or description has this head: "the senator" after Sen. Elizabeth Warren."""
    lexicon = desk.lexicon
    alike = {head}.union(*(words for words in _same_roles(lexicon) if head in words))
    more = {w.lower() for w in WORD.findall(phrase)} - lexicon.word_set("names-determiner") - {head}
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
        told = {w.lower().rstrip(".") for role in entity.roles for w in WORD.findall(role)}
        heads = {head_noun(role, lexicon=lexicon) for role in entity.roles} | (told & title_words(lexicon).keys())
        if not alike & heads:
            continue
        score = len(more & told) * 2.0 - away * 0.25 + (1.0 if head in heads else 0.0)
        if best is None or score > best[0]:
            best = (score, entity)
    if best:
        return referent(best[1])
    said = WORD.findall(phrase)
    if any(w in lexicon.word_set("names-preposition") and after[0].isupper() for w, after in pairwise(said) if w != "and"):
        return None
    return _last_person(desk, at, own) or _only_person(desk, at, own)


def _last_person(desk: Desk, at: int, own: Referent) -> Referent | None:
    """Take "the New York businessman" for who spoke right before, where that person's gender fits."""
    here = desk.sentence(at)
    for statement in desk.recent(at, most=1):
        entity = statement.who.entity
        if entity is None or entity.kind != "person" or here - desk.sentence(statement.at) > 3:
            continue
        if own.gender is None or entity.gender in (own.gender, None):
            return referent(entity)
    return None


def _only_person(desk: Desk, at: int, own: Referent) -> Referent | None:
    """Take a description for the one person whom the last sentences name."""
    here = desk.sentence(at)
    near = [s.entity for s in desk.cast.before(at, most=12) if here - desk.sentence(s.start) <= 3 and not s.quoted]
    people = {id(e): e for e in near if e.kind == "person"}
    fits = [e for e in people.values() if e.kind == "person" and not (own.gender and e.gender not in (own.gender, None))]
    return referent(fits[0]) if len(people) == 1 and fits and not fits[0].roles else None


def _organization(desk: Desk, at: int, head: str, words: Sequence[str]) -> Referent | None:
    """Find the organization behind "the agency": one that has the word in its name, or the last one that spoke."""
    if words[0] != "the" or len(words) > 2:
        return None
    for sighting in desk.cast.before(at, most=80):
        entity = sighting.entity
        if len(entity.words) > 1 and entity.kind == "organization" and head in {w.lower() for w in entity.words} and not sighting.quoted:
            return referent(entity)
    for statement in desk.recent(at):
        entity_or_none = statement.who.entity
        if entity_or_none and entity_or_none.kind in ("organization", "unknown"):
            return statement.who
    here = desk.sentence(at)
    for sighting in desk.cast.before(at, most=8):
        entity = sighting.entity
        body = entity.kind == "organization" or (entity.kind == "unknown" and len(entity.words) > 1)
        if body and here - desk.sentence(sighting.start) <= 2 and not sighting.quoted:
            return referent(entity)
    return None

