"""Features of a description and its candidates: "the judge", "a top official"."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence, Set
from functools import lru_cache

from quotes.extraction.speakers.model import Entity, Query, Referent
from quotes.extraction.speakers.name_finder import bare
from quotes.extraction.speakers.phrases import head_noun
from quotes.extraction.speakers.queries import Discourse, definite, same
from quotes.extraction.speakers.titles import WORD, title_words
from quotes.lexicon import Lexicon

# How well a description fits: its noun with other words beside it, a noun that may mean the same, its noun, all words.
CONTRARY, LOOSELY, NAMED, FULLY = -1.0, 0.5, 1.0, 2.0


def described_as(discourse: Discourse, query: Query, who: Referent) -> Iterator[tuple[str, float]]:
    """Yield the features of a description and the entity's roles."""
    lexicon = discourse.model.lexicon
    opening = definite(query, lexicon)
    size = min(4, len(query.words))
    part = query.head in lexicon.names.part_noun
    known = discourse.introduced.get(query.head, 0.0)
    if query.aside:
        yield f"aside_{who.origin}", 1.0
        yield "aside_teller", float(_tells(discourse, query, who))
    if who.origin == "own":
        yield f"own_{opening}_{who.kind}", 1.0
        yield f"own_{opening}_{size}", 1.0
        yield f"own_capital_{who.kind}", float(any(w[:1].isupper() for w in query.phrase.split()[1:]))
        yield "own_part", float(part)
        yield "own_introduced", known
        return
    yield f"other_{opening}_{size}", 1.0
    if who.entity is None:
        head = head_noun(who.name, lexicon=lexicon)
        if any({query.head, query.head.removesuffix("s")} & (m.heads | m.titles) for m in who.members):
            head = query.head  # "the senators" after Senators Roe and Finch
        yield "earlier_head", float(head == query.head)
        if query.own is not None:
            yield f"{query.own.kind}_for_unnamed_{who.kind}", 1.0
            yield "earlier_number_clash", float(query.own.plural != who.plural)
        last = discourse.recent(query.at, most=1)
        yield "earlier_head_last", float(head == query.head and bool(last) and same(last[0].who, who))
        yield "earlier_introduced", known * (head == query.head)
        return
    entity = who.entity
    yield f"part_for_{'described' if entity.described or entity.titles else 'plain'}", float(part)
    yield "introduced_otherwise", known
    yield f"{opening}_named_before", float(any(m.start < query.at for m in entity.mentions))
    yield f"{query.own.kind if query.own else 'unknown'}_for_{entity.kind}", 1.0
    match = _match(query, entity, _heads(discourse, entity), lexicon)
    yield f"head_{match}", 1.0
    known_as = "titled" if entity.titles else "described" if entity.described else "plain"
    yield f"unlike_{known_as}", float(match == "none")
    yield "head_in_name", float(query.head in (bare(w) for w in entity.words))
    more = set(query.words) - lexicon.names.determiner - lexicon.names.preposition
    more.discard(query.head)
    if more:
        told = {w.lower() for r in entity.roles for w in WORD.findall(r.text)} | {bare(w) for w in entity.words}
        yield f"words_shared_{match}", len(more & told) / len(more)
        yield "words_missing", math.log1p(len(more - told))


def matched(discourse: Discourse, query: Query, found: Sequence[Referent]) -> Iterator[dict[str, float]]:
    """Yield for each candidate how well a description fits it, compared with the others.

    "The trade minister" is whoever is called so, not the finance minister; "the farmer" is the farmer who spoke before.
    """
    if definite(query, discourse.model.lexicon) == "owned":
        yield from ({} for _ in found)  # "his lawyer" is whose?
        return
    fits = [_fit(discourse, query, who) for who in found]
    others = [who.origin != "own" for who in found]
    for n, own in enumerate(fits):
        if not others[n]:
            yield {"own_fits_nobody": float(max(fits) <= 0), "own_fits_somebody": float(max(fits) >= NAMED)}
            continue
        rest = max((fit for m, fit in enumerate(fits) if m != n and others[m]), default=0.0)
        yield {
            "contrary": float(own < 0), "fits_best": float(own > rest),
            "fits_best_fully": float(own > rest and own >= FULLY),
            "outdone": float(rest >= NAMED > own), "outdone_narrowly": float(rest > own >= NAMED),
        }  # fmt: skip


def _fit(discourse: Discourse, query: Query, who: Referent) -> float:
    """Return how well a description fits a candidate: 0 is not at all, `CONTRARY` if other words stand by its noun."""
    lexicon = discourse.model.lexicon
    entity = who.entity
    if entity is None:
        words = {w.lower() for w in WORD.findall(who.name)}
        heads: Set[str] = {head_noun(who.name, lexicon=lexicon)} | {h for m in who.members for h in m.heads | m.titles}
        known = bool({query.head, query.head.removesuffix("s")} & heads) and who.origin != "own"
    elif class_clash(query, entity):
        return 0.0
    else:
        told = (*entity.roles, *discourse.called.get(id(entity), ()))
        words = {w for role in told for w in WORD.findall(role.text.lower())} | {bare(w) for w in entity.words}
        match = _match(query, entity, _heads(discourse, entity), lexicon)
        doubtful = query.own is not None and query.own.kind == "anonymous" and entity.kind != "person"
        if match in ("alike", "wider") or (doubtful and match != "none"):
            return LOOSELY
        known = match != "none"
    if not known:
        return 0.0
    more = {*query.words, *_tail(query, lexicon)} - lexicon.names.determiner - lexicon.names.preposition - {query.head}
    if not more:
        return NAMED
    if entity is not None and not more & words and any(len(WORD.findall(r.text)) > 1 for r in entity.roles):
        return CONTRARY
    return FULLY if more <= words else LOOSELY + (NAMED - LOOSELY) * len(more & words) / len(more)


def _heads(discourse: Discourse, entity: Entity) -> Set[str]:
    """Return the nouns of an entity's roles, and of what statements have called it."""
    called = discourse.called.get(id(entity), ())
    return entity.heads | {head_noun(role.text.lower(), lexicon=discourse.model.lexicon) for role in called}


def _tail(query: Query, lexicon: Lexicon) -> Sequence[str]:
    """Return the words that hang on a description by a preposition: a spokesperson | for the ministry."""
    rest = query.own.name.lower()[len(query.phrase) :].split() if query.own else []
    return [bare(w) for w in rest] if rest and rest[0] in lexicon.names.preposition else []


def class_clash(query: Query, entity: Entity) -> bool:
    """Return whether a description and an entity are of different classes: "the company" is not a person."""
    own = query.own.kind if query.own else "unknown"
    if own == "organization":
        return entity.kind == "person"
    if own == "document":
        return entity.kind in ("person", "unknown")
    return own in ("anonymous", "group") and entity.kind in ("organization", "place")


def _match(query: Query, entity: Entity, heads: Set[str], lexicon: Lexicon) -> str:
    """Return how a description's noun is one of an entity's, with `heads` those of all its descriptions."""
    if query.head in heads:
        return "none" if _is_past(entity, query, lexicon) else "shared"
    if query.head in entity.titles or any(_shortens(t, query.head, lexicon) for t in entity.titles):
        return "titled"
    if _alike(query.head, lexicon) & heads:
        return "alike"
    return "wider" if _narrower(query.head, lexicon) & heads else "none"


def _tells(discourse: Discourse, query: Query, who: Referent) -> bool:
    """Return whether a description is in a candidate's own words: "Ana Lee said the candidate lied" is not of her."""
    named = discourse.credits.teller(query.at)
    if named is not None:
        return who.entity is named
    return any(s.at < query.at < s.end and same(s.who, who) for s in discourse.recent(query.at, most=2))


def _is_past(entity: Entity, query: Query, lexicon: Lexicon) -> bool:
    """Return whether a description holds only for the past: "the governor" is not a former governor."""
    held = [r.text.lower().split() for r in entity.roles if head_noun(r.text, lexicon=lexicon) == query.head]
    past = lexicon.names.past
    return bool(held) and all(past & set(words) for words in held) and not past & set(query.words)


@lru_cache(maxsize=4096)
def _alike(head: str, lexicon: Lexicon) -> frozenset[str]:
    """Return the heads that news uses for the same person: lawmaker for senator."""
    groups = [set(words) for name, words in lexicon.words.items() if name.startswith("names-same-role-")]
    return frozenset({head}.union(*(g for g in groups if head in g)))


@lru_cache(maxsize=4096)
def _narrower(head: str, lexicon: Lexicon) -> frozenset[str]:
    """Return the heads that a wider word may mean: the economist is an expert."""
    groups = [words for name, words in lexicon.words.items() if name.startswith("names-wider-role-")]
    return frozenset().union(*(group[1:] for group in groups if group[0] == head))


def _shortens(title: str, head: str, lexicon: Lexicon) -> bool:
    """Return whether a title is short for a noun: "the governor" after "Gov. Roe"."""
    short = title in lexicon.names.abbreviation or title in title_words(lexicon)
    return len(title) > 2 and short and head.startswith(title)
