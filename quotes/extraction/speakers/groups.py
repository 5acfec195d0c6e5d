"""Group the forms of one name: full names first, then the single words that are short for them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

from attrs import Factory, define, evolve

from quotes.extraction.speakers.appositions import around
from quotes.extraction.speakers.model import Grammar, Layout, Role
from quotes.extraction.speakers.name_finder import EntityKind, NameForm, bare, is_listed
from quotes.extraction.speakers.name_runs import NICK_MARKS
from quotes.extraction.speakers.phrases import head_noun, is_role, office_acronyms
from quotes.extraction.speakers.tagged import Tagged
from quotes.extraction.speakers.titles import SPACES, WORD, given_gender
from quotes.extraction.speakers.wordings import whole
from quotes.lexicon import Lexicon
from quotes.records import Span

# Mentions of a name to search for descriptions; the first ones have them.
MOST_PLACES = 8
# The least probability, over all places, at which the reader decides the kind of a name without other evidence.
SURE_READ = 0.6
# Finders of roles that only people have.
PERSONAL = ("before", "after", "apposed", "party")
# Finders of roles that bodies have as well: "the agency", "the dating app", "a retailers' lobby".
BODILY = ("body", "modifier", "apposing")
# The number of a king, a queen or a pope.
_ROMAN = re.compile(r"[IVX]{1,6}")


@define(eq=False)
class Group:
    """The forms gathered so far for one entity."""

    words: tuple[str, ...]
    forms: list[NameForm] = Factory(list)
    roles: list[Role] = Factory(list)

    def tells(self, kind: EntityKind) -> bool:
        """Return whether the words of one form show a kind."""
        return any(f.kind == kind for f in self.forms)

    def named_before(self, form: NameForm) -> bool:
        """Return whether the full name precedes a form."""
        return any(0 <= f.start < form.start and len(f.words) > 1 for f in self.forms)

    @property
    def personal(self) -> bool:
        """Whether a form or a role shows that this is a person."""
        told = any(r.source in PERSONAL for r in self.roles)
        return told or any(f.kind == "person" or f.title for f in self.forms)


class Groups:
    """Gathers the forms of each entity: full names first, then their short forms."""

    def __init__(self, layout: Layout, lexicon: Lexicon, grammar: Grammar, tagged: Tagged) -> None:
        self.grammar, self.tagged = grammar, tagged
        self.layout, self.text, self.lexicon = layout, layout.text, lexicon
        self.all: list[Group] = []
        self.by_last: dict[str, list[Group]] = {}
        self.by_first: dict[str, list[Group]] = {}
        self.by_inner: dict[str, list[Group]] = {}
        self.acronyms: dict[str, Group] = {}
        self.offices: dict[str, Group] = {}
        self.mates: dict[int, NameForm] = {}
        self.given = given_gender(lexicon)

    def add_full(self, forms: Iterable[NameForm], outside: Iterable[NameForm]) -> None:
        """Group names of two words or more; names `outside` the text only contribute words."""
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
        self._learn_offices()

    def add_short(self, forms: Sequence[NameForm]) -> None:
        """Add single words to the full names that they are short for, those with a title first."""
        alone: dict[str, Group] = {}
        for form in sorted(forms, key=lambda f: (not f.title, f.start)):
            word = bare(form.words[0])
            if (holder := self._holder(form)) is not None:
                holder.forms.append(evolve(form, kind="unknown"))
                continue
            group = self._with_mate(form) or alone.get(word) or self._bearer(form)
            if group is None:
                group = alone[word] = self._new(form.words)
            group.forms.append(form)

    def is_office(self, form: NameForm) -> bool:
        """Return whether a word is an office in capitals whose holder is not known, and not an owner: the PM's aide."""
        listed = form.words[0] in self.lexicon.names.office_acronym
        return listed and not form.possessive and self._holder(form) is None

    def is_name(self, form: NameForm, body: Span) -> bool:
        """Return whether a word at the beginning of a sentence is a name: it is known, or a verb or comma follows."""
        text, low, names = self.text, bare(form.words[0]), self.lexicon.names
        if form.opens and (low in names.group_noun or low in names.document_noun):
            return False
        if not (form.kind == "unknown" and form.opens):
            return True
        if form.possessive or low in self.by_last or low in self.by_first or low.upper() in self.acronyms:
            return True
        if self.lexicon.regex("names-apposed").match(text, form.end):
            return True
        if low in self.given and low not in names.auxiliary:
            return text[form.end : form.end + 1] in SPACES and text[form.end + 1 : form.end + 2].islower()
        after = WORD.match(text, min(form.end + 1, body.end), min(form.end + 30, body.end))
        if not after or text[form.end] not in SPACES:
            return False
        return after.group().lower() in names.verb

    def _new(self, words: tuple[str, ...]) -> Group:
        group = Group(words)
        self.all.append(group)
        self.by_last.setdefault(last_word(words, self.lexicon), []).append(group)
        for word in {bare(w) for w in words[1:-1]}:
            self.by_inner.setdefault(word, []).append(group)
        if len(words) > 1:
            for word in {bare(w) for w in (words[0], *(w for w in words if w[0] in NICK_MARKS))}:
                self.by_first.setdefault(word, []).append(group)
        return group

    def _same(self, form: NameForm) -> Group | None:
        """Return the group of a full name: the same words, or the same first and last and all words of the shorter."""
        mine = [bare(w) for w in form.words]
        for group in self.by_last.get(last_word(form.words, self.lexicon), [])[:50]:
            theirs = [bare(w) for w in group.words]
            if mine == theirs:
                return group
            nested = set(mine) <= set(theirs) or set(theirs) <= set(mine)
            if len(theirs) > 1 and mine[0] == theirs[0] and form.kind != "organization" and nested:
                return group
        return None

    def _fold(self, group: Group) -> None:
        """Merge "López Obrador" with "Andrés Manuel López Obrador" if only one longer name fits."""
        mine = [bare(w) for w in group.words]
        if group.tells("organization"):
            full = [g for g in self.by_first.get(mine[0], [])[:50] if g.forms and self._shortens(group, g)]
            if len(full) == 1:
                self._put(group, full[0])
            return
        leads = [g for g in self.by_first.get(mine[0], [])[:50] if g.personal and not group.tells("place")]
        leads = [g for g in leads if len(g.forms) >= len(group.forms)]  # not Ana Lee in "an Ana Lee Interview"
        near = (*self.by_last.get(last_word(group.words, self.lexicon), [])[:50], *leads)
        longer = {
            id(g): g
            for g in near
            if len(g.words) > len(mine) > 1 and g.forms and mine in _ends([bare(w) for w in g.words], len(mine))
        }
        if len(longer) == 1 and not (only := next(iter(longer.values()))).tells("organization"):
            self._put(group, only)

    def _put(self, group: Group, longer: Group) -> None:
        longer.roles += self.roles(group, group.forms)
        longer.forms += group.forms
        group.forms = []

    def _shortens(self, group: Group, longer: Group) -> bool:
        """Return whether a body's name is short for a longer one: Alder Foods for Alder Foods Market, named first."""
        mine, theirs = [bare(w) for w in group.words], [bare(w) for w in longer.words]
        if len(theirs) <= len(mine) or theirs[: len(mine)] != mine or longer.personal:
            return False
        first = min(f.start for f in longer.forms) < min(f.start for f in group.forms)
        return first or theirs[len(mine)] == "of" or self._is_company(longer, len(mine))

    def _is_company(self, group: Group, size: int) -> bool:
        """Return whether a name's words after the first `size` say that it is a company: Alder Inc."""
        rest = {bare(w) for w in group.words[size:]}
        return bool(rest) and rest <= self.lexicon.names.corporate

    def _bearer(self, form: NameForm) -> Group | None:
        """Return the full name that a single word is short for: "Mr. Modi"; of two, the one named last."""
        word = bare(form.words[0])
        if (body := self._body(form, word)) is not None:
            return body
        if not form.title and word in self.lexicon.names.place:
            return self.acronyms.get(form.words[0].replace(".", "")) if len(word) == 2 else None  # the EU
        last = [g for g in self.by_last.get(word, [])[:50] if len(g.words) > 1 and g.forms and self._fits(g, form)]
        first = [g for g in self.by_first.get(word, [])[:50] if g.forms and self._leads(g, form)]
        inner = [g for g in self.by_inner.get(word, [])[:50] if g.forms and g.personal and self._fits(g, form)]
        pools = [pool for pool in (last, first, inner) if pool]
        if not pools:
            return self.acronyms.get(form.words[0].replace(".", "").upper())
        # People introduced later are not meant yet.
        near = next((named for pool in pools if (named := [g for g in pool if g.named_before(form)])), pools[0])
        if len(near) == 1:
            # "Strava" long before the only "Camp Strava": the word is a separate name.
            early = not near[0].personal and form.start < min(f.start for f in near[0].forms)
            return None if early and not self._is_company(near[0], 1) else near[0]
        # People introduced as relatives, "her daughter, Ana Lee", are called by the given name.
        kin = self.lexicon.names.kin
        main = [g for g in near if not any(head_noun(r.text, lexicon=self.lexicon) in kin for r in g.roles)] or near
        return max(main, key=lambda g: (len([f for f in g.forms if f.start < form.start]), -g.forms[0].start))

    def _holder(self, form: NameForm) -> Group | None:
        """Return the only person whose office an acronym is: "the DMO" after "District Medical Officer Ana Lee"."""
        holder = self.offices.get(form.words[0])
        return holder if holder is not None and holder.named_before(form) and self._has_article(form) else None

    def _body(self, form: NameForm, word: str) -> Group | None:
        """Return the only body that a word with "the" is short for, named in full before: the Times, the College."""
        if form.title or not self._has_article(form):
            return None
        bodies = [
            g for g in self.by_last.get(word, [])[:50]
            if len(g.words) > 1 and g.named_before(form) and is_listed(" ".join(g.words), self.lexicon)
        ]  # fmt: skip
        if not bodies and word in self.lexicon.names.org_head:
            near = {id(g): g for held in (self.by_inner, self.by_first, self.by_last) for g in held.get(word, [])[:50]}
            bodies = [g for g in near.values() if not g.personal and g.named_before(form)]
        return bodies[0] if len(bodies) == 1 else None

    def _has_article(self, form: NameForm) -> bool:
        """Return whether "the" stands before a form."""
        article = self.lexicon.regex("names-the-paper")
        return article.search(self.text, max(0, form.start - 4), form.start) is not None

    def _leads(self, group: Group, form: NameForm) -> bool:
        """Return whether a single word can be the beginning of a name: "Abby" of Abby Dunn, "Fu" of Fu Lingyun."""
        later = form.start > min((f.start for f in group.forms if f.start >= 0), default=form.start)
        low, names = bare(form.words[0]), self.lexicon.names
        plain = low in names.adjective or low in names.org_word
        if group.tells("organization") and not group.personal:
            # "Halden" of Halden Foods, named in full before.
            ended = later and not form.title and group.words[-1].lower() in names.org_ending
            return not plain and low not in names.place and (ended or self._is_company(group, 1))
        fits = group.personal or (later and len(group.words) < 4 and not plain)
        return fits and self._fits(group, form)

    def _with_mate(self, form: NameForm) -> Group | None:
        """Give Omar his surname in "Omar and Sami Haddad opened the bakery"."""
        mate = self.mates.get(form.end + len(" and ")) if self.text.startswith(" and ", form.end) else None
        low = bare(form.words[0])
        if mate is None or form.title or low not in self.given or low in self.by_first or low in self.by_last:
            return None
        form = evolve(form, words=(form.words[0], mate.words[-1]), kind="person")
        return self._new(form.words)

    def roles(self, group: Group, forms: Sequence[NameForm]) -> list[Role]:
        """Return the descriptions around some mentions of an entity."""
        layout, organization = self.layout, group.tells("organization") and not group.personal
        found: list[Role] = []
        read = self.tagged.kinds([Span(f.start, f.end) for f in forms if f.start >= 0]) if group.tells("place") else {}
        if group.tells("place") and read.get("person", 0.0) < SURE_READ:  # "Roma Jayne" is not a place
            return found
        for form in [f for f in forms if f.start >= 0][:MOST_PLACES]:
            if len(group.words) == 1 and not group.personal and _is_where(layout, form, self.lexicon):
                continue
            quoted = "-quoted" if layout.quoted(form.start) else ""
            name = Span(form.start, form.end)
            near = [
                role for role in around(layout.text, name, layout.body, self.lexicon, self.grammar)
                if (role.source != "body" if group.personal else (role.source in BODILY or not organization))
            ]  # fmt: skip
            for proposed in (*near, *self.tagged.around(name, layout.body)):
                if role := whole(proposed, name, layout, self.grammar, self.lexicon):
                    found.append(evolve(role, source=role.source + quoted, read=self.tagged.read(role)))
        return found

    def _fits(self, group: Group, form: NameForm) -> bool:
        if group.tells("organization") and not group.personal:
            return False
        theirs = {f.gender for f in group.forms if f.gender and f.title}
        hint = self.given.get(bare(group.words[0]))
        if not form.title or form.gender is None:
            return True
        return form.gender in theirs if theirs else hint in (form.gender, None)

    def _learn_offices(self) -> None:
        """Learn the acronyms of offices that one person holds."""
        held: dict[str, list[Group]] = defaultdict(list)
        for group in self.all:
            if group.personal and group.forms:
                for acronym in {a for role in group.roles for a in office_acronyms(role.text, self.lexicon)}:
                    held[acronym].append(group)
        self.offices = {acronym: holders[0] for acronym, holders in held.items() if len(holders) == 1}

    def _learn_acronym(self, form: NameForm, group: Group) -> None:
        """Learn "National Investigation Agency (NIA)" and the initials of organizations."""
        initials = "".join(w[0] for w in form.words if w[0].isupper())
        found = self.lexicon.regex("names-acronym").match(self.text, form.end) if form.end > 0 else None
        if found and is_role(" ".join(form.words), lexicon=self.lexicon):
            return  # "District Medical Officer (DMO)"
        if found and found["acronym"].replace(".", "")[:1] == initials[:1]:
            group.forms[-1] = evolve(form, kind="organization")
            self.acronyms[found["acronym"].replace(".", "").upper()] = group
        elif form.kind == "organization" and (len(initials) > 2 or len(initials) == len(form.words) == 2):
            self.acronyms.setdefault(initials.upper(), group)


def _accents(words: Sequence[str]) -> int:
    """Count non-English letters: of two spellings of a name, the one with more is shown."""
    return sum(not c.isascii() and c.isalpha() for word in words for c in word)


def _ends(words: list[str], size: int) -> tuple[list[str], list[str]]:
    return words[:size], words[-size:]


def last_word(words: Sequence[str], lexicon: Lexicon) -> str:
    """Return the surname's key: the last word that is not "Jr."."""
    kept = [w for w in map(bare, words) if w not in lexicon.names.generation] or [bare(w) for w in words]
    return kept[-1] if kept else ""


def canonical(group: Group, lexicon: Lexicon) -> tuple[str, ...]:
    """Return the words of a name; with a royal rank if it is one word or has a number: Pope Francis, King Carl II."""
    words = group.words
    ranks = [f.title[-1] for f in group.forms if f.title and f.title[-1].lower() in _ranks(lexicon)]
    usual = 2 * len(ranks) >= len(group.forms) and len(words) == 1
    numbered = len(words) > 1 and _ROMAN.fullmatch(words[-1]) is not None
    return (ranks[0], *words) if ranks and (usual or numbered) else words


@lru_cache(maxsize=8)
def _ranks(lexicon: Lexicon) -> frozenset[str]:
    return frozenset(w.lower() for t in lexicon.titles if t.id.startswith("title-royal") for w in t.words)


def _is_where(layout: Layout, mention: NameForm, lexicon: Lexicon) -> bool:
    """Return whether a name is a place at the beginning of a sentence: "In Kyrna, the president, Ana Lee, said"."""
    words = list(WORD.finditer(layout.text, max(layout.body.start, mention.start - 12), mention.start))
    places = lexicon.names.place_preposition
    return bool(words) and words[-1].group()[0].isupper() and words[-1].group().lower() in places
