"""Analyse each statement's mention, and propose its candidates.

`ask` analyses a mention, `candidates` proposes its referents: entities of the article, previous speakers, noun phrases
nearby, pairs of names, and the mention's own description.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from attrs import Factory, define, evolve, frozen

from quotes.extraction.speakers.antecedents import phrase_ending, phrases_before
from quotes.extraction.speakers.credits import Credits
from quotes.extraction.speakers.model import (
    ArticleModel,
    Entity,
    Grammar,
    Mention,
    Query,
    QueryKind,
    Referent,
    Role,
    pair_of,
    referent,
)
from quotes.extraction.speakers.name_finder import is_listed
from quotes.extraction.speakers.name_runs import unpossessive
from quotes.extraction.speakers.named_behind import apposed, plainly, untitled
from quotes.extraction.speakers.phrases import core_of, head_noun, is_role, is_role_noun, own_description
from quotes.extraction.speakers.titles import WORD, Gender, folded
from quotes.lexicon import Lexicon
from quotes.records import Candidate, Span, Speaker

# How many mentions and statements back, and how many characters ahead, to look for candidates.
MENTIONS_BACK = 60
AHEAD = 1_200
STATEMENTS_BACK = 4
# The most characters between the cue and its hearer.
LONGEST_ADDRESS = 40
# The most characters of a list of names that speak together.
LONGEST_LIST = 200


@frozen(eq=False)
class Said:
    """A statement whose speaker is resolved; `asks` is True for a question."""

    at: int
    end: int
    who: Referent
    kind: QueryKind
    asks: bool = False


@define(eq=False)
class Discourse:
    """Discourse state for resolving one article's mentions in order.

    `called` has the descriptions that statements have given entities, `maybe` those that more likely mean others,
    `turns` the speakers of a transcript's turns, `credits` the statements credited by name, `aside` the descriptions
    outside statements that mean an entity, `meant` the people of descriptions, by where they begin, `introduced` how
    likely the last description with a noun meant nobody named.
    """

    model: ArticleModel
    grammar: Grammar
    said: list[Said] = Factory(list)
    called: dict[int, list[Role]] = Factory(dict)
    maybe: dict[int, list[Role]] = Factory(dict)
    byline: str | None = None
    turns: Sequence[tuple[Span, Speaker]] = ()
    credits: Credits = Factory(Credits)
    meant: dict[int, Referent] = Factory(dict)
    aside: dict[int, list[Mention]] = Factory(dict)
    introduced: dict[str, float] = Factory(dict)

    def recent(self, offset: int, *, most: int = STATEMENTS_BACK) -> list[Said]:
        """Return the last resolved statements before an offset, the nearest first."""
        near = [s for s in self.said[-most * 2 :] if s.at < offset]
        return near[::-1][:most]


def ask(discourse: Discourse, statement: Candidate) -> Query:
    """Analyse a statement's mention."""
    model, lexicon = discourse.model, discourse.model.lexicon
    text = model.layout.text
    if statement.mention is None:
        start = statement.spans[0].start
        return Query(statement, start, "none", Span(start, start))
    core = core_of(text, statement.mention, lexicon)
    phrase = " ".join(text[core.start : core.end].split())
    words = tuple(folded(w) for w in WORD.findall(phrase))
    if not words:
        return Query(statement, core.start, "none", core)
    kind, gender = _pronoun_kind(discourse, core, words)
    names = tuple(model.within(core.start, core.end))
    head = head_noun(phrase, lexicon=lexicon)
    own = own_description(model, discourse.grammar, statement, core)
    if kind is None:
        kind = "name" if _is_name(model, names, core) else "noun"
        gender = next((m.gender for m, _ in names if m.gender), own.gender)
    return Query(
        statement, core.start, kind, core, phrase, head, words, gender, names, own,
        discourse.grammar.head(core.start, core.end),
    )  # fmt: skip


def _is_name(model: ArticleModel, names: Sequence[tuple[Mention, Entity]], core: Span) -> bool:
    """Return whether a mention ends with a name, or begins with one, as "Rep. Ana Lee of Orbo", not "aides of Lee"."""
    if not names:
        return False
    first = names[0][0]
    if names[-1][0].end >= core.end - 2:
        return len(names) > 1 or not _hangs_on_noun(model, first, core)
    after = WORD.match(model.layout.text, min(first.end + 1, core.end), core.end)
    hangs = after is not None and after.group() in model.lexicon.names.preposition
    return hangs and not first.possessive and first.start - core.start <= sum(len(t) + 2 for t in first.title)


def _hangs_on_noun(model: ArticleModel, name: Mention, core: Span) -> bool:
    """Return whether a mention's name hangs on a noun before it: a spokesman for | Mr. Roe, but not an office."""
    lead = untitled(model.layout.text[core.start : name.start], name).split()
    return len(lead) > 1 and lead[-2].islower() and lead[-1] in model.lexicon.names.governor


def _pronoun_kind(discourse: Discourse, core: Span, words: Sequence[str]) -> tuple[QueryKind | None, Gender | None]:
    lexicon, text = discourse.model.lexicon, discourse.model.layout.text
    lists = {kind: lexicon.word_set(f"names-pronoun-{kind}") for kind in ("m", "f", "they", "it", "who", "author")}
    low = unpossessive(words[-1])
    if text[core.start : core.end].split()[-1] in lexicon.names.capital_acronym:
        return None, None
    if (
        len(words) == 1
        or (len(words) < 4 and words[1] == "and")
        or " ".join(words) in lexicon.names.pronoun_two
    ):
        low = unpossessive(words[0])
    elif low not in lists["who"] or len(words) > 4:
        return None, None
    if low in lists["m"]:
        return "he", "m"
    if low in lists["f"]:
        return "he", "f"
    for kind in ("they", "it", "who", "author"):
        if low in lists[kind]:
            return kind, None
    return None, None


def candidates(discourse: Discourse, query: Query) -> list[Referent]:
    """Propose the candidates of a mention, without duplicates; the mention's own words come first."""
    model = discourse.model
    if query.kind == "author":
        return [_author(discourse, query)]
    if query.beside is not None:
        return [referent(query.beside)]  # Ana Lee, the harbour master
    pair = _several(discourse, query)
    if pair is not None:
        return [pair]
    office = query.own is not None and query.own.kind == "anonymous" and query.head != query.words[-1]
    called = apposed(model, query) if query.kind == "noun" or (office and query.kind == "name") else None
    if called is not None and (called[1] == "given_as" or plainly(model, query, called)):
        return [referent(called[0])]
    found = [query.own] if query.own is not None and not _is_bare_name(query, model.lexicon) else []
    unnamed = (s for s in discourse.recent(query.at) if s.who.entity is None and not _acts_on(model, s, query))
    found += [evolve(s.who, origin="earlier", mention=None) for s in unnamed]
    if query.kind == "none":
        found.append(Referent("", "unknown", origin="nobody"))
    phrase = phrase_ending(model, discourse.grammar, query) if query.kind == "who" else None
    hangs = phrase is not None and bool(model.lexicon.names.preposition & set(phrase.name.split()))
    if phrase and phrase.mention:
        found.append(evolve(discourse.meant.get(phrase.mention.start, phrase), origin="ending"))
    if query.kind in ("they", "it", "he", "who", "noun"):
        found += _unmeant(discourse, phrases_before(model, discourse.grammar, query))
    if query.kind == "they" and (two := _named_pair(model, query.at)):
        found.append(two)
    entities = [entity for _, entity in query.names]
    entities += [said.who.entity for said in discourse.recent(query.at, most=8) if said.who.entity]
    entities += [entity for _, entity in model.before(query.at, most=MENTIONS_BACK)]
    entities += [entity for _, entity in model.within(query.at, query.at + AHEAD)]
    if query.kind in ("name", "noun"):
        entities += [e for e in model.entities if not e.mentions or set(_bare(e)) & set(query.words)]
    if query.kind == "noun" and definite(query, model.lexicon) == "owned":
        # "explained her manager" does not mean "her": only a person described as a manager.
        entities = [e for e in entities if query.head in e.heads]
    fit = (e for e in {id(e): e for e in entities}.values() if _possible(e, query, model.lexicon))
    fit = (e for e in fit if not (hangs and e.kind == "place"))  # a nurse from Oslo, who
    others = {id(_named_behind(model, query))}
    if query.kind == "noun":
        # Mr. Roe's chief of staff is not Mr. Roe, nor is a spokesman for Mr. Roe.
        others |= {id(e) for m, e in query.names if m.possessive or _hangs_on_noun(model, m, query.core)}
    found += [referent(e) for e in fit if id(e) not in others and not _told(e, query)]
    return _without_asker(discourse, query, _distinct(found))


def _acts_on(model: ArticleModel, said: Said, query: Query) -> bool:
    """Return whether a pronoun is an object in the sentence of who spoke: one member dared him to say so."""
    objects = query.kind == "he" and model.lexicon.names.pronoun_object.issuperset(query.words)
    return objects and model.layout.sentence(said.at) == model.layout.sentence(query.at)


def _unmeant(discourse: Discourse, found: Iterable[Referent]) -> Iterator[Referent]:
    """Leave out phrases whose person is known: a statement's mention, the description of a name."""
    return (who for who in found if who.mention is None or who.mention.start not in discourse.meant)


def _named_behind(model: ArticleModel, query: Query) -> Entity | None:
    """Return whose or of what a described person is: Mr. Roe in "the agent for Mr. Roe"."""
    if query.kind != "noun":
        return None
    for mention, entity in model.within(query.core.end, query.core.end + LONGEST_ADDRESS)[:1]:
        between = untitled(model.layout.text[query.core.end : mention.start], mention).split()
        return entity if len(between) == 1 and between[0] in model.lexicon.names.preposition else None
    return None


def _without_asker(discourse: Discourse, query: Query, found: list[Referent]) -> list[Referent]:
    """Leave out the last asker if another candidate can answer: “Why not?” asked Pim Dorn. “Because,” she said."""
    recent = discourse.recent(query.at, most=2)
    if query.kind != "he" or len(recent) < 2 or not recent[0].asks or recent[0].who.entity is None:
        return found
    layout = discourse.model.layout
    asker, answerer = recent[0].who.entity, recent[1].who.entity
    near = layout.paragraph(query.at) - layout.paragraph(recent[1].at) <= 1
    if not near or answerer is None or answerer is asker or not any(who.entity is answerer for who in found):
        return found
    told = {answerer.gender or answerer.given, None} & {query.gender}
    return [who for who in found if who.entity is not asker] if told and not asker.gender else found


def _is_bare_name(query: Query, lexicon: Lexicon) -> bool:
    """Return whether a mention is only a name, with titles or what its bearer is: the operator Citylink."""
    if not query.names:
        return False
    name = query.names[0][0]
    lead = query.phrase[: max(0, len(query.phrase) - (name.end - name.start))]
    titles = lead.lower().replace(".", "").removeprefix("the ").split()
    known = tuple(titles) in ((), name.title) or (titles[-1] in lexicon.names.agent and not _hangs(titles, lexicon))
    return name.end >= query.core.end - 1 and name.start >= query.core.start and known


def _hangs(words: Sequence[str], lexicon: Lexicon) -> bool:
    """Return whether a preposition is among words: a spokesman for the operator."""
    return not lexicon.names.preposition.isdisjoint(words)


def _bare(entity: Entity) -> list[str]:
    return [folded(w) for w in entity.words]


def _told(entity: Entity, query: Query) -> bool:
    """Return whether an entity is named only in the statement, or as its hearer: he told Sky News' Beth Rigby.

    Whom the cue names next is not meant, even if named before: she told Rigby.
    """
    statement, cue = query.statement, query.statement.cue
    if query.kind not in ("he", "noun") or query.aside or cue is None or not entity.mentions:
        return False
    spans = statement.spans if statement.type == "indirect" else ()
    if cue.start < query.core.end:
        after: Sequence[int] = ()
    elif any(0 < m.start - cue.end <= 1 + sum(len(t) + 2 for t in m.title) for m in entity.mentions):
        return True
    else:
        after = range(cue.end, cue.end + LONGEST_ADDRESS)
    return all(m.start in after or any(s.start <= m.start < s.end for s in spans) for m in entity.mentions)


def _possible(entity: Entity, query: Query, lexicon: Lexicon) -> bool:
    """Return whether an entity is possible: "he" is no organization, "the farmers" no person, a name shares a word."""
    if query.kind == "he":
        return entity.kind != "organization" and entity.gender in (query.gender, None)
    if query.kind == "it":  # nor is it an office, "Prime Minister", without a name
        office = is_role(entity.name, lexicon=lexicon) and not is_listed(entity.name, lexicon)
        return entity.kind != "person" and not office
    if query.kind == "noun" and query.own is not None and query.own.plural:  # the farmers
        return entity.kind != "person"
    if query.kind == "noun" and query.head in lexicon.names.nameless and entity.kind == "person":
        return query.head in entity.heads
    if query.kind == "name":
        near = any(query.at <= m.start < query.core.end + 60 for m in entity.mentions)
        return near or bool(set(_bare(entity)) & set(query.words))
    return True


def _distinct(found: Sequence[Referent]) -> list[Referent]:
    """Leave out repetitions; the noun phrase "Ana Lee" before "who" is no other candidate than the entity."""
    seen: dict[object, Referent] = {}
    for who in found:
        if who.origin == "ending" and any(o.entity and _is_form(who.name, o.entity) for o in found):
            continue
        seen.setdefault(id(who.entity) if who.entity else who.name.lower(), who)
    return list(seen.values())


def _is_form(words: str, entity: Entity) -> bool:
    """Return whether an entity is named in exactly these words, titles aside."""
    return any(words == " ".join(m.words) for m in entity.mentions)


def _author(discourse: Discourse, query: Query) -> Referent:
    """Return the writer: the byline, or the name in the article's closing note ("Ann Lee is a writer in…").

    In a turn of a transcript "I" is the turn's speaker.
    """
    turn = bisect_right(discourse.turns, query.at, key=lambda held: held[0].start) - 1
    if turn >= 0 and query.at < discourse.turns[turn][0].end:
        who = discourse.turns[turn][1]
        return Referent(who.name, who.kind, origin="own")
    if discourse.byline:
        return Referent(re.sub(r"^[Bb][Yy] ", "", discourse.byline).strip(), "author")
    layout = discourse.model.layout
    body = layout.text[layout.body.start : layout.body.end].rstrip()
    tail = layout.body.start + body.rfind("\n")
    for mention, entity in discourse.model.mentions[-12:]:
        if mention.start == tail + 1 and entity.kind == "person" and entity.described:
            return Referent(entity.name, "author", entity)
    return Referent(query.phrase, "author")


def _several(discourse: Discourse, query: Query) -> Referent | None:
    """Resolve "Mr. Grassley and Mr. Leahy", "Ana Lee (D-Ore.), Bo Roe (D-Ohio) and Cy Poe", "she and Mr. Roe".

    The mention may be only the first of them; the rest is then in the statement's source.
    """
    if query.kind != "name":
        return None
    model, text = discourse.model, discourse.model.layout.text
    source, core = query.statement.source, query.core
    high = max(core.end, source.end) if source and source.start <= core.start else core.end
    taken: list[Entity] = []
    at, closed = 0, False
    for mention, entity in model.within(core.start, min(high, core.start + LONGEST_LIST)):
        if taken and text[mention.start - 1] == "(":
            continue
        gap = _between(model, at, mention) if taken else ""
        if taken and not closed and model.lexicon.regex("names-whence").fullmatch(gap):
            at = mention.end
            continue
        joined = model.lexicon.regex("names-list-gap").fullmatch(gap)
        if closed or (taken and not joined):
            break
        closed = bool(joined and (joined["last"] or joined["two"]))
        taken.append(entity)
        at = mention.end
    words = [w.group().lower() for w in WORD.finditer(text, core.start, query.names[0][0].start if query.names else at)]
    if not closed or len(taken) < 2 or text.startswith(("'s", "’s"), at):
        return None
    if any(w in model.lexicon.names.preposition for w in words) or taken[0] is taken[1]:
        return None
    return pair_of(*taken)


def _between(model: ArticleModel, at: int, mention: Mention) -> str:
    """Return the words before a name in a list, without its titles and asides on the previous name."""
    return model.lexicon.regex("names-list-bracket").sub("", untitled(model.layout.text[at : mention.start], mention))


def _named_pair(model: ArticleModel, at: int) -> Referent | None:
    """Return "Ms. Lee and Mr. Cho" of the same or one of the last sentences."""
    near = [me for me in model.before(at, most=12) if model.layout.sentence(at) - me[0].sentence <= 2]
    text, where = model.layout.text, model.lexicon.regex("names-where")
    near = [me for me in near if not me[0].quoted and not where.search(text, max(0, me[0].start - 8), me[0].start)]
    near = [(m, e) for m, e in near if e.kind == "person"]
    for (later, right), (sooner, left) in ((one, two) for n, one in enumerate(near) for two in near[n + 1 : n + 4]):
        gap = model.lexicon.regex("names-list-gap").fullmatch(_between(model, sooner.end, later))
        if gap and (gap["last"] or gap["two"]) and left is not right:
            return pair_of(left, right)
    return None


def definite(query: Query, lexicon: Lexicon) -> str:
    """Return how a description opens: "definite", "owned", "named" for a name's, "indefinite", "role" or "bare".

    "kin" is for what a person without a name owns: the boy's mother.
    """
    first = query.words[0]
    if first in lexicon.names.possessive_pronoun:
        return "owned"
    if any(m.possessive for m, _ in query.names) or unpossessive(first) != first:
        return "named"
    owners = (unpossessive(word) for word in query.words[:-1] if unpossessive(word) != word)
    if any(is_role_noun(owner, lexicon) or owner in lexicon.names.part_noun for owner in owners):
        return "kin"  # the boy's mother, but: the city's mayor
    another = first == "the" and {*query.words[1:2]} & lexicon.names.another
    if first in lexicon.names.definite and not another:
        return "definite"
    if another or first in lexicon.names.indefinite:
        return "indefinite"
    return "role" if query.phrase[:1].isupper() and is_role(query.phrase, lexicon=lexicon) else "bare"


def same(one: Referent, other: Referent) -> bool:
    """Return whether two candidates are one: the same entity, or the same words."""
    if one.entity is not None or other.entity is not None:
        return one.entity is other.entity
    return one is other or one.name.lower() == other.name.lower()
