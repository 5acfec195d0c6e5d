"""Features of a description and its candidates: "the judge", "a top official"."""

from __future__ import annotations

import math
from collections.abc import Iterator, Set
from functools import lru_cache

from quotes.extraction.speakers.model import Entity, Query, Referent
from quotes.extraction.speakers.name_finder import bare
from quotes.extraction.speakers.phrases import head_noun
from quotes.extraction.speakers.queries import Discourse, definite, same
from quotes.extraction.speakers.titles import WORD, title_words
from quotes.lexicon import Lexicon


def described_as(discourse: Discourse, query: Query, who: Referent) -> Iterator[tuple[str, float]]:
    """Yield the features of a description and the entity's roles."""
    lexicon = discourse.model.lexicon
    opening = definite(query, lexicon)
    size = min(4, len(query.words))
    if query.aside:
        yield f"aside_{who.origin}", 1.0
        yield "aside_teller", float(_tells(discourse, query, who))
    if who.origin == "own":
        yield f"own_{opening}_{who.kind}", 1.0
        yield f"own_{opening}_{size}", 1.0
        yield f"own_capital_{who.kind}", float(any(w[:1].isupper() for w in query.phrase.split()[1:]))
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
        return
    entity = who.entity
    yield f"{opening}_named_before", float(any(m.start < query.at for m in entity.mentions))
    yield f"{query.own.kind if query.own else 'unknown'}_for_{entity.kind}", 1.0
    called = [role.text.lower() for role in discourse.called.get(id(entity), ())]
    match = _match(query, entity, entity.heads | {head_noun(text, lexicon=lexicon) for text in called}, lexicon)
    yield f"head_{match}", 1.0
    yield "head_in_name", float(query.head in (bare(w) for w in entity.words))
    more = set(query.words) - lexicon.names.determiner - lexicon.names.preposition
    more.discard(query.head)
    if more:
        told = {w.lower() for r in entity.roles for w in WORD.findall(r.text)} | {bare(w) for w in entity.words}
        yield f"words_shared_{match}", len(more & told) / len(more)
        yield "words_missing", math.log1p(len(more - told))


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
