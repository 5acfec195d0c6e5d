"""Who an article names: every name with its place, short forms put to full ones, and what the article tells of each.

`build` is the one way in: it returns an ArticleModel, which no later stage changes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from attrs import Factory, define, evolve

from quotes.extraction.speakers.appositions import around, shared_roles
from quotes.extraction.speakers.model import ArticleModel, Entity, Grammar, Layout, Mention, Role
from quotes.extraction.speakers.name_finder import EntityKind, NameForm, bare, find_forms, outlet_names
from quotes.extraction.speakers.name_runs import NICK_MARKS
from quotes.extraction.speakers.phrases import gender_of, head_noun, sentence_starts
from quotes.extraction.speakers.pronoun_votes import counts, shares
from quotes.extraction.speakers.tagged import Tagged
from quotes.extraction.speakers.titles import SPACES, WORD, courtesies, given_gender, title_words
from quotes.lexicon import Lexicon
from quotes.records import MarkedSpan, Span
from quotes.text.spans import in_spans

if TYPE_CHECKING:
    from quotes.reader.inference import Answers

# A description is looked for at so many places of one name; the first mentions carry it.
MOST_PLACES = 8
# Who is taken up by "he" or "she" so clearly is a person: two pronouns of three.
SURE_VOTES = 0.5
# "Mr." or "Lady" before the name is as much as so many pronouns behind it.
TITLE_COUNTS = 3
# Of a name that nothing else tells of, the reader is believed where it is as sure as this, over all places.
SURE_READ = 0.6
# Finders of roles that only people have.
PERSONAL = ("before", "after", "apposed", "party")
_LINE = re.compile(r"\n+")


@define(eq=False)
class _Group:
    """The forms that are taken for one entity, while they are gathered."""

    words: tuple[str, ...]
    forms: list[NameForm] = Factory(list)
    roles: list[Role] = Factory(list)

    def tells(self, kind: EntityKind) -> bool:
        return any(f.kind == kind for f in self.forms)

    def named_before(self, form: NameForm) -> bool:
        """Return whether the full name stands before a form."""
        return any(0 <= f.start < form.start and len(f.words) > 1 for f in self.forms)

    @property
    def personal(self) -> bool:
        told = any(r.source in PERSONAL for r in self.roles)
        return told or any(f.kind == "person" or f.title for f in self.forms)


def lay_out(text: str, body: Span, marked: Sequence[MarkedSpan], lexicon: Lexicon) -> Layout:
    """Find where an article's sentences and paragraphs begin."""
    quoted = in_spans(marked)
    paragraphs = [body.start, *(m.end() for m in _LINE.finditer(text, body.start, body.end))]
    return Layout(text, body, sentence_starts(text, body, lexicon, quoted), paragraphs, quoted)


def build(
    layout: Layout,
    lexicon: Lexicon,
    *,
    title: str | None = None,
    grammar: Grammar | None = None,
    answers: Answers | None = None,
) -> ArticleModel:
    """Read who an article names.

    Args:
        layout: the article's text and where its sentences, paragraphs and quotations lie.
        lexicon: the language's word lists.
        title: the headline, a further place where full names stand.
        grammar: what the parse says, where there is one.
        answers: what the reader says of names and descriptions, where there is one.
    """
    text, body = layout.text, layout.body
    forms = list(find_forms(text, body, lexicon))
    outside = [f for f in find_forms(title, Span(0, len(title)), lexicon) if f.kind == "person"] if title else []
    grammar = grammar or Grammar()
    edges = lexicon.names.description_edge | {w for words in courtesies(lexicon) for w in words.split()}
    groups = _Groups(layout, lexicon, grammar, Tagged(text, answers, lexicon.regex("names-described-by"), edges))
    groups.add_full([f for f in forms if len(f.words) > 1], [f for f in outside if len(f.words) > 1])
    short = [f for f in forms if len(f.words) == 1]
    sure = {bare(f.words[0]) for f in short if not f.opens}
    groups.add_short([f for f in short if bare(f.words[0]) in sure or groups.is_name(f, body)])
    pairs = sorted(((f, g) for g in groups.all for f in g.forms if f.start >= 0), key=lambda fg: fg[0].start)
    placed = [(_mention(layout, f, grammar, lexicon), id(g)) for f, g in pairs]
    told = counts(layout, placed, lexicon)
    by_group: dict[int, list[Mention]] = {}
    for mention, key in placed:
        by_group.setdefault(key, []).append(mention)
    shared = shared_roles(layout, placed, lexicon)
    entities = {
        id(g): _entity(groups, g, by_group.get(id(g), []), told.get(id(g), Counter()), shared.get(id(g), []))
        for g in groups.all
        if g.forms
    }
    people = sum(len(e.mentions) for e in entities.values() if e.kind == "person") or 1
    entities = {
        key: evolve(e, share=len(e.mentions) / people) if e.kind == "person" else e for key, e in entities.items()
    }
    mentions = tuple((m, entities[key]) for m, key in placed)
    return ArticleModel(layout, lexicon, tuple(entities.values()), mentions, tuple(m.start for m, _ in mentions))


class _Groups:
    """Gathers the forms of one entity, full names first, then the single words that are short for them."""

    def __init__(self, layout: Layout, lexicon: Lexicon, grammar: Grammar, tagged: Tagged) -> None:
        self.grammar, self.tagged = grammar, tagged
        self.layout, self.text, self.lexicon = layout, layout.text, lexicon
        self.all: list[_Group] = []
        self.by_last: dict[str, list[_Group]] = {}
        self.by_first: dict[str, list[_Group]] = {}
        self.by_inner: dict[str, list[_Group]] = {}
        self.acronyms: dict[str, _Group] = {}
        self.mates: dict[int, NameForm] = {}
        self.given = given_gender(lexicon)

    def add_full(self, forms: Iterable[NameForm], outside: Iterable[NameForm]) -> None:
        """Put names of two words or more together; those `outside` the text lend their words alone."""
        for form in (*forms, *(evolve(f, start=-1, end=-1) for f in outside)):
            group = self._same(form) or self._new(form.words)
            longer = len(form.words) > len(group.words) and not any(w[0] in NICK_MARKS for w in form.words)
            shouted = group.words[-1].isupper() and len(group.words[-1]) > 2
            accented = len(form.words) == len(group.words) and _accents(form.words) > _accents(group.words)
            group.words = form.words if longer or shouted or accented else group.words
            group.forms.append(form)
            if len(form.words) == 2 and form.kind != "organization" and not form.title:
                self.mates[form.start] = form
            self._learn_acronym(form, group)
        for group in list(self.all):
            self._fold(group)
            group.roles = self.roles(group, group.forms)

    def add_short(self, forms: Sequence[NameForm]) -> None:
        """Put single words to the full names that they are short for; those with a title come first."""
        alone: dict[str, _Group] = {}
        for form in sorted(forms, key=lambda f: (not f.title, f.start)):
            word = bare(form.words[0])
            group = self._with_mate(form) or alone.get(word) or self._bearer(form)
            if group is None:
                group = alone[word] = self._new(form.words)
            group.forms.append(form)

    def is_name(self, form: NameForm, body: Span) -> bool:
        """Return whether a word that opens a sentence is a name: it is known, or a verb or comma follows."""
        many = self.lexicon.names.group_noun | self.lexicon.names.document_noun
        if form.opens and bare(form.words[0]) in many:
            return False
        if not (form.kind == "unknown" and form.opens):
            return True
        text, low = self.text, bare(form.words[0])
        if form.possessive or low in self.by_last or low in self.by_first or low.upper() in self.acronyms:
            return True
        if low in self.given and low not in self.lexicon.names.auxiliary:
            return text[form.end : form.end + 1] in SPACES and text[form.end + 1 : form.end + 2].islower()
        if self.lexicon.regex("names-apposed").match(text, form.end):
            return True
        after = WORD.match(text, min(form.end + 1, body.end), min(form.end + 30, body.end))
        if not after or text[form.end] not in SPACES:
            return False
        verbs = self.lexicon.names.verb
        return after.group().lower() in verbs

    def _new(self, words: tuple[str, ...]) -> _Group:
        group = _Group(words)
        self.all.append(group)
        self.by_last.setdefault(last_word(words, self.lexicon), []).append(group)
        for word in {bare(w) for w in words[1:-1]}:
            self.by_inner.setdefault(word, []).append(group)
        if len(words) > 1:
            for word in {bare(w) for w in (words[0], *(w for w in words if w[0] in NICK_MARKS))}:
                self.by_first.setdefault(word, []).append(group)
        return group

    def _same(self, form: NameForm) -> _Group | None:
        """Return the group of a full name: the same words, or first and last word and all of the shorter."""
        mine = [bare(w) for w in form.words]
        for group in self.by_last.get(last_word(form.words, self.lexicon), [])[:50]:
            theirs = [bare(w) for w in group.words]
            if mine == theirs:
                return group
            nested = set(mine) <= set(theirs) or set(theirs) <= set(mine)
            if len(theirs) > 1 and mine[0] == theirs[0] and form.kind != "organization" and nested:
                return group
        return None

    def _fold(self, group: _Group) -> None:
        """Put "López Obrador" to "Andrés Manuel López Obrador" where just one such name is longer."""
        mine = [bare(w) for w in group.words]
        if group.tells("organization"):
            return
        leads = [g for g in self.by_first.get(mine[0], [])[:50] if g.personal and not group.tells("place")]
        near = (*self.by_last.get(last_word(group.words, self.lexicon), [])[:50], *leads)
        longer = {
            id(g): g
            for g in near
            if len(g.words) > len(mine) > 1 and g.forms and mine in _ends([bare(w) for w in g.words], len(mine))
        }
        if len(longer) == 1 and not (only := next(iter(longer.values()))).tells("organization"):
            only.roles += self.roles(group, group.forms)
            only.forms += group.forms
            group.forms = []

    def _bearer(self, form: NameForm) -> _Group | None:
        """Return the full name that a single word is short for: "Mr. Modi"; of two bearers the one named last."""
        word = bare(form.words[0])
        if not form.title and word in self.lexicon.names.place:
            return None
        last = [g for g in self.by_last.get(word, [])[:50] if len(g.words) > 1 and g.forms and self._fits(g, form)]
        first = [g for g in self.by_first.get(word, [])[:50] if g.forms and self._leads(g, form)]
        inner = [g for g in self.by_inner.get(word, [])[:50] if g.forms and g.personal and self._fits(g, form)]
        pools = [pool for pool in (last, first, inner) if pool]
        if not pools:
            return self.acronyms.get(form.words[0].replace(".", "").upper())
        # Whoever is brought in later is not meant yet.
        near = next((named for pool in pools if (named := [g for g in pool if g.named_before(form)])), pools[0])
        if len(near) == 1:
            # "Strava" long before the one "Camp Strava": the word is a name by itself.
            return None if not near[0].personal and form.start < min(f.start for f in near[0].forms) else near[0]
        # Whoever is brought in as a relative, "her daughter, Ana Lee", is called by the given name.
        kin = self.lexicon.names.kin
        main = [g for g in near if not any(head_noun(r.text, lexicon=self.lexicon) in kin for r in g.roles)] or near
        return max(main, key=lambda g: (len([f for f in g.forms if f.start < form.start]), -g.forms[0].start))

    def _leads(self, group: _Group, form: NameForm) -> bool:
        """Return whether a single word can be the beginning of a name: "Abby" of Abby Dunn, "Fu" of Fu Lingyun."""
        later = form.start > min((f.start for f in group.forms if f.start >= 0), default=form.start)
        plain = self.lexicon.names.adjective | self.lexicon.names.org_word
        if group.tells("organization") and not group.personal:
            # "Halden" of Halden Foods, named in full before.
            ending = self.lexicon.names.org_ending
            plain |= self.lexicon.names.place
            return later and not form.title and group.words[-1].lower() in ending and bare(form.words[0]) not in plain
        fits = group.personal or (later and len(group.words) < 4 and bare(form.words[0]) not in plain)
        return fits and self._fits(group, form)

    def _with_mate(self, form: NameForm) -> _Group | None:
        """Give Omar his surname in "Omar and Sami Haddad opened the bakery"."""
        mate = self.mates.get(form.end + len(" and ")) if self.text.startswith(" and ", form.end) else None
        low = bare(form.words[0])
        if mate is None or form.title or low not in self.given or low in self.by_first or low in self.by_last:
            return None
        form = evolve(form, words=(form.words[0], mate.words[-1]), kind="person")
        return self._new(form.words)

    def roles(self, group: _Group, forms: Sequence[NameForm]) -> list[Role]:
        """Collect what the article says around some mentions of an entity."""
        layout, organization = self.layout, group.tells("organization") and not group.personal
        found: list[Role] = []
        read = self.tagged.kinds([Span(f.start, f.end) for f in forms if f.start >= 0]) if group.tells("place") else {}
        if group.tells("place") and read.get("person", 0.0) < SURE_READ:  # "Roma Jayne" is no place
            return found
        for form in [f for f in forms if f.start >= 0][:MOST_PLACES]:
            if len(group.words) == 1 and not group.personal and _is_where(layout, form, self.lexicon):
                continue
            quoted = "-quoted" if layout.quoted(form.start) else ""
            for role in around(layout.text, Span(form.start, form.end), layout.body, self.lexicon, self.grammar):
                if role.source != "body" if group.personal else (role.source == "body" or not organization):
                    found.append(evolve(role, source=role.source + quoted, read=self.tagged.read(role)))
            for role in self.tagged.around(Span(form.start, form.end), layout.body):
                found.append(evolve(role, source=role.source + quoted, read=self.tagged.read(role)))
        return found

    def _fits(self, group: _Group, form: NameForm) -> bool:
        if group.tells("organization") and not group.personal:
            return False
        theirs = {f.gender for f in group.forms if f.gender and f.title}
        hint = self.given.get(bare(group.words[0]))
        if not form.title or form.gender is None:
            return True
        return form.gender in theirs if theirs else hint in (form.gender, None)

    def _learn_acronym(self, form: NameForm, group: _Group) -> None:
        """Learn "National Investigation Agency (NIA)" and the initials of organizations."""
        initials = "".join(w[0] for w in form.words if w[0].isupper())
        found = self.lexicon.regex("names-acronym").match(self.text, form.end) if form.end > 0 else None
        if found and found["acronym"].replace(".", "")[:1] == initials[:1]:
            group.forms[-1] = evolve(form, kind="organization")
            self.acronyms[found["acronym"].replace(".", "").upper()] = group
        elif form.kind == "organization" and len(initials) > 2:
            self.acronyms.setdefault(initials.upper(), group)


def _accents(words: Sequence[str]) -> int:
    """Count the letters that English has not: of two spellings of a name the one with more is shown."""
    return sum(not c.isascii() and c.isalpha() for word in words for c in word)


def _ends(words: list[str], size: int) -> tuple[list[str], list[str]]:
    return words[:size], words[-size:]


def last_word(words: Sequence[str], lexicon: Lexicon) -> str:
    """Return the surname's key: the last word that is no "Jr."."""
    kept = [w for w in map(bare, words) if w not in lexicon.names.generation] or [bare(w) for w in words]
    return kept[-1] if kept else ""


def _mention(layout: Layout, form: NameForm, grammar: Grammar, lexicon: Lexicon) -> Mention:
    start, end = form.start, form.end
    labels = grammar.labels(start, end)
    subject = grammar.is_subject(start, end) if labels else _acts(layout, form, lexicon)
    below = not subject and bool(labels & {"dobj", "pobj", "dative", "iobj", "agent"})
    return Mention(
        start, end, form.words, form.kind, tuple(w.lower().rstrip(".") for w in form.title),
        form.gender if form.title else None, form.possessive, form.opens, layout.quoted(start),
        subject and not form.possessive, below, layout.sentence(start), layout.paragraph(start),
    )  # fmt: skip


def _acts(layout: Layout, form: NameForm, lexicon: Lexicon) -> bool:
    """Return whether a verb follows a name, or an apposition follows one that opens its sentence."""
    text, high = layout.text, min(form.end + 40, layout.body.end)
    after = WORD.match(text, min(form.end + 1, high), high)
    if after and text[form.end : after.start()] in SPACES:
        word = after.group().lower()
        following = WORD.match(text, min(after.end() + 1, high), high)
        if word in lexicon.names.midverb and following:
            word = following.group().lower()
        if word in lexicon.names.verb or (word.islower() and word.endswith(lexicon.words["names-verb-ending"])):
            return True
    return form.opens and text[form.end : form.end + 3].startswith((",", " —", " –", " ("))


def _entity(
    groups: _Groups, group: _Group, mentions: list[Mention], called: Counter[str], shared: list[Role]
) -> Entity:
    lexicon, pronouns = groups.lexicon, shares(called)
    short = [f for f in group.forms if len(f.words) == 1]
    roles = [*group.roles, *groups.roles(group, short), *shared]
    heads = {head_noun(role.text, lexicon=lexicon) for role in roles}
    titles = frozenset(w.lower().rstrip(".") for f in group.forms for w in f.title)
    genders = Counter(f.gender for f in group.forms if f.gender and f.title)
    told = [g for g in (gender_of(h, lexicon) for h in sorted(heads)) if g]
    tell = Counter(g for f in group.forms for w in f.title if (g := title_words(lexicon).get(w.lower().rstrip("."))))
    used = {g: called[g] + TITLE_COUNTS * tell[g] for g in ("f", "m")}
    gender = genders.most_common(1)[0][0] if genders else (told[0] if told else None)
    given = given_gender(lexicon).get(bare(group.words[0]))
    kind = _kind_of(group, roles, lexicon)
    read = groups.tagged.kinds([Span(m.start, m.end) for m in mentions])
    sure = max(read, key=lambda name: read[name]) if read else None
    if kind == "unknown" and sure is not None and read[sure] >= SURE_READ:
        kind = cast("EntityKind", sure)
    if kind == "unknown" and (gender or abs(pronouns[0]) >= SURE_VOTES or (given and len(group.words) < 3)):
        kind = "person"
    elif kind == "unknown" and pronouns[1] >= SURE_VOTES:
        kind = "organization"
    said = {w.lower().rstrip(".") for role in roles for w in WORD.findall(role.text)} & title_words(lexicon).keys()
    return Entity(
        _canonical(group, lexicon), kind, gender, given, pronouns[0], pronouns[1], read=read, titles=titles,
        heads=frozenset(heads | said), mentions=tuple(mentions), roles=tuple(roles), called=(used["f"], used["m"]),
    )  # fmt: skip


def _canonical(group: _Group, lexicon: Lexicon) -> tuple[str, ...]:
    """Return the words of a name; who has one alone keeps the usual royal rank: "Prince Andrew", "Pope Francis"."""
    ranks = [f.title[-1] for f in group.forms if f.title and f.title[-1].lower() in _ranks(lexicon)]
    usual = 2 * len(ranks) >= len(group.forms)
    return (ranks[0], *group.words) if ranks and usual and len(group.words) == 1 else group.words


@lru_cache(maxsize=8)
def _ranks(lexicon: Lexicon) -> frozenset[str]:
    return frozenset(w.lower() for t in lexicon.titles if t.id.startswith("title-royal") for w in t.words)


def _kind_of(group: _Group, roles: list[Role], lexicon: Lexicon) -> EntityKind:
    listed = bare(" ".join(group.words)).removeprefix("the ") in outlet_names(lexicon)
    if listed or (not group.personal and any(r.source == "body" for r in roles)):
        return "organization"
    told = [f for f in group.forms if f.kind != "unknown"]
    kinds = Counter(f.kind for f in [f for f in told if len(f.words) > 1] or told)  # "WHITFIELD:" tells less
    best: EntityKind = kinds.most_common(1)[0][0] if kinds else "unknown"
    if best in ("unknown", "place") and any(r.source in PERSONAL for r in roles):
        return "person"
    return best


def _is_where(layout: Layout, mention: NameForm, lexicon: Lexicon) -> bool:
    """Return whether a name is a place at the head of a sentence: "In Kyrna, the president, Ana Lee, said"."""
    words = list(WORD.finditer(layout.text, max(layout.body.start, mention.start - 12), mention.start))
    places = lexicon.names.place_preposition
    return bool(words) and words[-1].group()[0].isupper() and words[-1].group().lower() in places
