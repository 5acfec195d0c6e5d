"""Who an article names: people and organizations with every place that names them. Strings only, no parser.

`find_cast` is the one way in. It reads the names of the text ("Lt. Gen. Michael Flynn", "Ministry of Foreign
Affairs") and puts short forms ("Mr. Flynn", "Flynn", "MFA") to the full ones.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache

from attrs import Factory, define, evolve, frozen

from quotes.extraction.speakers.name_finder import NICK_MARKS, EntityKind, NameForm, bare, find_forms
from quotes.extraction.speakers.titles import SPACES, WORD, Gender, given_gender
from quotes.lexicon import Lexicon
from quotes.records import MarkedSpan, Span
from quotes.text.spans import in_spans

# By how much one bearer of a surname must lead the other before the bare surname is taken for that one.
CLEAR = 1.0


@define(eq=False)
class Entity:
    """Somebody or something that the article names; filled while the article is read."""

    words: tuple[str, ...]
    kind: EntityKind = "unknown"
    gender: Gender | None = None
    titled: bool = False
    roles: list[str] = Factory(list)
    titles: set[str] = Factory(set)
    first: int = 0
    full: int = 0

    @property
    def name(self) -> str:
        """The canonical name, as printed."""
        return " ".join(self.words)


@frozen
class Sighting:
    """One place where the article names an entity."""

    start: int
    end: int
    entity: Entity
    possessive: bool = False
    opens: bool = False
    quoted: bool = False


@define(eq=False)
class Cast:
    """Everybody whom one article names, with the places, in text order."""

    entities: list[Entity] = Factory(list)
    sightings: list[Sighting] = Factory(list)
    starts: list[int] = Factory(list)
    by_last: dict[str, list[Entity]] = Factory(dict)
    by_first: dict[str, list[Entity]] = Factory(dict)
    acronyms: dict[str, Entity] = Factory(dict)

    def before(self, offset: int, *, most: int) -> Iterator[Sighting]:
        """Yield the sightings that start before an offset, nearest first, at most so many."""
        at = bisect_right(self.starts, offset - 1)
        yield from reversed(self.sightings[max(0, at - most) : at])


def find_cast(
    text: str, *, body: Span, marked: Sequence[MarkedSpan], lexicon: Lexicon, title: str | None = None
) -> Cast:
    """Read who an article names.

    Args:
        text: the source's text.
        body: the article's slice of it; nothing outside is looked at.
        marked: quotation marks; a name inside them never founds a person whom the article names outside.
        lexicon: the language's word lists.
        title: the headline, a further place where full names stand.
    """
    cast = Cast()
    inside = in_spans(marked)
    short: list[NameForm] = []
    full: list[tuple[Sighting, NameForm]] = []
    for form in find_forms(text, body, lexicon):
        if len(form.words) == 1:
            short.append(form)
            continue
        entity = _full_entity(cast, form)
        entity.first = entity.first if entity.full else form.start
        entity.full += 1
        full.append((_sighting(form, entity, inside(form.start)), form))
    if title:
        for form in find_forms(title, Span(0, len(title)), lexicon):
            if len(form.words) > 1 and form.kind == "person":
                _full_entity(cast, form)
    _find_acronyms(text, [f for _, f in full], [s for s, _ in full], cast, lexicon)
    cast.sightings = [_folded(cast, sighting, form) for sighting, form in full]
    forget(cast, {id(s.entity) for s, _ in full} - {id(s.entity) for s in cast.sightings})
    cast.starts = [s.start for s in cast.sightings]
    short = list(_without_pairs(text, short, full, cast, lexicon, inside))
    for form in sorted(short, key=lambda f: (f.gender is None, not f.title, f.kind == "unknown" and f.opens)):
        if form.kind == "unknown" and form.opens and not _leads(text, form, body, lexicon, cast):
            continue
        entity = _short_entity(cast, form, _own_pronoun(text, form, body, lexicon))
        _learn(entity, form)
        cast.sightings.append(_sighting(form, entity, inside(form.start)))
    _mark_outlets(cast, lexicon)
    given = given_gender(lexicon)
    for entity in cast.entities:
        if len(entity.words) == 1 and entity.kind == "unknown" and entity.gender is None:
            entity.gender = given.get(bare(entity.words[0]))
    cast.sightings.sort(key=lambda s: s.start)
    cast.starts = [s.start for s in cast.sightings]
    return cast


def _sighting(form: NameForm, entity: Entity, quoted: bool) -> Sighting:
    return Sighting(form.start, form.end, entity, form.possessive, form.opens, quoted)


# "Dewi, a fishmonger," and "Sutarno, 61,": who goes by one name.
_APPOSED = re.compile(r", (?:\d{1,3},|(?:an?|the) [a-z][^,.\n]{2,60},|(?:an?|the) [a-z-]{3,20} (?:who|from|in|at|of) )")


def _leads(text: str, form: NameForm, body: Span, lexicon: Lexicon, cast: Cast) -> bool:
    """Tell a name that opens a sentence from any other word there: it is known, or a verb or comma follows."""
    low = bare(form.words[0])
    if form.possessive or low in cast.by_last or low in cast.by_first or low.upper() in cast.acronyms:
        return True
    if low in given_gender(lexicon) and low not in lexicon.word_set("names-auxiliary"):
        return text[form.end : form.end + 1] in SPACES and text[form.end + 1 : form.end + 2].islower()
    if _APPOSED.match(text, form.end):
        return True
    after = WORD.match(text, min(form.end + 1, body.end), min(form.end + 30, body.end))
    if not after or text[form.end] not in SPACES:
        return False
    word = after.group().lower()
    return word in lexicon.word_set("names-speech-verb") or word in lexicon.word_set("names-auxiliary")


def _own_pronoun(text: str, form: NameForm, body: Span, lexicon: Lexicon) -> Gender | None:
    """Return the gender that a name's own statement tells: "Trump says he would", "Berg added that she had"."""
    end = min(body.end, form.end + 60)
    words = [w.group().lower() for w in WORD.finditer(text, form.end, end)][:3]
    if len(words) < 2 or words[0] not in lexicon.word_set("names-speech-verb") or "," in text[form.end : end][:12]:
        return None
    spoken = words[2] if words[1] == "that" and len(words) > 2 else words[1]
    if spoken in lexicon.word_set("names-pronoun-subject-f"):
        return "f"
    return "m" if spoken in lexicon.word_set("names-pronoun-subject-m") else None


def _short_entity(cast: Cast, form: NameForm, gender: Gender | None) -> Entity:
    """Return whom a single word is short for: "Mr. Modi"; of two with one surname only a clear favourite.

    `gender` is a hint that chooses between two bearers, and is never learned.
    """
    pool = [e for e in cast.by_last.get(bare(form.words[0]), [])[:50] if e.kind != "organization"]
    pool = [e for e in pool if not form.gender or e.gender in (form.gender, None)]
    single = [e for e in pool if len(e.words) == 1 and e.gender]
    if single and all(e.gender not in (single[0].gender, None) for e in pool if len(e.words) > 1):
        return single[0]
    if sum(len(e.words) > 1 for e in pool) < 2 and not (form.title and len(pool) > 1):
        return known(cast, form.words, gender=form.gender) or _alone(cast, form)
    sooner = [e for e in pool if e.full and e.first < form.start]
    if len(sooner) == 1 and len(sooner[0].words) > 1 and not form.title and not gender:
        # Whoever is brought in later is not meant yet.
        return sooner[0]
    at = bisect_right(cast.starts, form.start)
    near = next((s.entity for s in reversed(cast.sightings[max(0, at - 12) : at]) if s.entity in pool), None)
    first = min((e for e in pool if e.full), key=lambda e: e.first)
    titles = {w.lower().rstrip(".") for w in form.title}

    def weight(entity: Entity) -> float:
        return (
            (1.0 if entity is near else 0.0)
            + (1.0 if entity is first else 0.0)
            + (2.0 if titles & entity.titles else 0.0)
            + (1.0 if entity.titles and not titles else 0.0)
        )

    hinted = [e for e in pool if e.gender == gender and len(e.words) > 1] if gender else []
    if len(hinted) == 1 and all(e.gender for e in pool if len(e.words) > 1):
        return hinted[0]
    best, second = sorted(pool, key=weight, reverse=True)[:2]
    if weight(best) - weight(second) >= CLEAR:
        return best
    alone = _alone(cast, form)
    alone.kind = "person"
    return alone


@lru_cache(maxsize=8)
def _outlet_names(lexicon: Lexicon) -> frozenset[str]:
    return frozenset(bare(name) for outlet in lexicon.outlets for name in (outlet.name, *outlet.aliases))


def _mark_outlets(cast: Cast, lexicon: Lexicon) -> None:
    """Mark the outlets that the patterns list as organizations."""
    names = _outlet_names(lexicon)
    for entity in cast.entities:
        if entity.kind == "unknown" and bare(entity.name) in names:
            entity.kind = "organization"


def _alone(cast: Cast, form: NameForm) -> Entity:
    """Return the entity of a single word that is short for nobody, or for more than one."""
    mine = bare(form.words[0])
    for entity in cast.by_last.get(mine, [])[:50]:
        if len(entity.words) == 1:
            return entity
    return _new(cast, form)


def _new(cast: Cast, form: NameForm) -> Entity:
    entity = Entity(form.words)
    _learn(entity, form)
    cast.entities.append(entity)
    cast.by_last.setdefault(last_word(form.words), []).append(entity)
    if len(form.words) > 1:
        for word in {bare(w) for w in (form.words[0], *(w for w in form.words if w[0] in NICK_MARKS))}:
            cast.by_first.setdefault(word, []).append(entity)
    return entity


def _learn(entity: Entity, form: NameForm) -> None:
    """Take from one more form of a name what it tells; a title outweighs a given name."""
    if form.kind != "unknown" and entity.kind in ("unknown", "place"):
        entity.kind = form.kind
    if form.gender and (entity.gender is None or (form.title and not entity.titled)):
        entity.gender = form.gender
    entity.titled = entity.titled or bool(form.title)
    entity.titles |= {w.lower().rstrip(".") for w in form.title}


SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})


def last_word(words: Sequence[str]) -> str:
    """Return the surname's key: the last word that is no "Jr."."""
    kept = [w for w in map(bare, words) if w not in SUFFIXES] or [bare(w) for w in words]
    return kept[-1] if kept else ""


def _full_entity(cast: Cast, form: NameForm) -> Entity:
    """Return the entity of a name of two words or more: an old one where first and last word agree."""
    mine = [bare(w) for w in form.words]
    for entity in cast.by_last.get(last_word(form.words), [])[:50]:
        theirs = [bare(w) for w in entity.words]
        same = mine == theirs
        if not same and len(theirs) > 1 and mine[0] == theirs[0] and form.kind != "organization":
            same = set(mine) <= set(theirs) or set(theirs) <= set(mine)
        if same:
            nicked = any(w[0] in NICK_MARKS for w in form.words)
            if (len(mine) > len(theirs) and not nicked) or (entity.words[-1].isupper() and len(entity.words[-1]) > 2):
                entity.words = form.words
            _learn(entity, form)
            return entity
    return _new(cast, form)


def _folded(cast: Cast, sighting: Sighting, form: NameForm) -> Sighting:
    """Put "López Obrador" to "Andrés Manuel López Obrador" where just one such name is longer."""
    mine = [bare(w) for w in form.words]
    longer = [
        e
        for e in cast.by_last.get(last_word(form.words), [])[:50]
        if len(e.words) > len(mine)
        and (form.kind in (e.kind, "unknown") or (form.title and e.kind == "unknown"))
        and [bare(w) for w in e.words][-len(mine) :] == mine
    ]
    return evolve(sighting, entity=longer[0]) if len(longer) == 1 and form.kind != "organization" else sighting


def _without_pairs(
    text: str,
    short: Sequence[NameForm],
    full: Sequence[tuple[Sighting, NameForm]],
    cast: Cast,
    lexicon: Lexicon,
    inside: Callable[[int], bool],
) -> Iterator[NameForm]:
    """Give Omar his surname in "Omar and Sami Haddad opened the bakery"; yield all other short forms."""
    given = given_gender(lexicon)
    mates = {s.start: s.entity for s, form in full if len(form.words) == 2 and not form.title}
    for form in short:
        low = bare(form.words[0])
        mate = mates.get(form.end + len(" and ")) if text.startswith(" and ", form.end) else None
        fits = mate is not None and mate.kind in ("person", "unknown") and low in given and not form.title
        if mate is None or not fits or low in cast.by_first or low in cast.by_last:
            yield form
            continue
        words = (form.words[0], mate.words[-1])
        entity = _new(cast, evolve(form, words=words, kind="person", gender=given[low]))
        entity.first, entity.full = form.start, 1
        cast.sightings.append(_sighting(form, entity, inside(form.start)))


def forget(cast: Cast, gone: set[int]) -> None:
    """Leave out who turned out to be somebody else's short form: "Bud Harlan" beside William “Bud” Harlan."""
    if gone:
        cast.entities = [e for e in cast.entities if id(e) not in gone]
        for index in (cast.by_last, cast.by_first):
            for word, entities in index.items():
                index[word] = [e for e in entities if id(e) not in gone]


def _find_acronyms(
    text: str, forms: Sequence[NameForm], sightings: Sequence[Sighting], cast: Cast, lexicon: Lexicon
) -> None:
    """Learn "National Investigation Agency (NIA)" and the initials of organizations."""
    for form, sighting in zip(forms, sightings, strict=True):
        found = lexicon.regex("names-acronym").match(text, form.end)
        initials = "".join(w[0] for w in form.words if w[0].isupper())
        if found and found["acronym"].replace(".", "")[:1] == initials[:1]:
            sighting.entity.kind = "organization"
            cast.acronyms[found["acronym"].replace(".", "").upper()] = sighting.entity
        elif form.kind == "organization" and len(initials) > 2:
            cast.acronyms.setdefault(initials.upper(), sighting.entity)


def known(cast: Cast, words: Iterable[str], *, gender: Gender | None = None) -> Entity | None:
    """Return the one entity that a short or full form can mean, or None where there is none or more than one."""
    wanted = [bare(w) for w in words]
    if not wanted:
        return None
    same_last = [
        e for e in cast.by_last.get(last_word(wanted), [])[:50] if _is_tail(wanted, [bare(w) for w in e.words])
    ]
    for pool in (same_last, cast.by_first.get(wanted[0], [])[:50] if len(wanted) == 1 else []):
        people = [e for e in pool if len(e.words) > 1] or pool
        if pool is not same_last:
            people = [e for e in people if e.kind == "person"]
        else:
            people = [e for e in people if e.kind != "organization" or len(e.words) == len(wanted)]
        if gender:
            people = [e for e in people if e.gender == gender] or [e for e in people if e.gender is None]
        if len(people) == 1:
            return people[0]
        if people:
            break
    if len(wanted) == 1 and wanted[0].upper() in cast.acronyms:
        return cast.acronyms[wanted[0].upper()]
    return None


def _is_tail(short: Sequence[str], long: Sequence[str]) -> bool:
    """Tell whether a form can stand for a name: its tail, or first and last word of it."""
    core = [w for w in long if w not in SUFFIXES]
    wanted = [w for w in short if w not in SUFFIXES]
    return core[-len(wanted) :] == wanted or (
        len(wanted) > 1 and bool(core) and core[0] == wanted[0] and set(wanted) <= set(core)
    )
