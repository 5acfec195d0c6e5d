"""Resolve each statement's mention: "the spokesperson" = Esmail Baghaei, a spokesperson for the foreign ministry.

`resolve` is the only entry point. The article's entities are built once (entities.py); then the statements are resolved
in order: of a mention's candidates (queries.py), the likeliest by fitted weights is chosen (features.py). The ranker of
roles chooses among the person's descriptions (roles.py).
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import evolve

from quotes.extraction.article_text import ArticleText
from quotes.extraction.speakers.antecedents import epithets, unnamed
from quotes.extraction.speakers.cast import Cast
from quotes.extraction.speakers.continuations import CLOSING, Choice, Resolved, across
from quotes.extraction.speakers.credits import Credits
from quotes.extraction.speakers.entities import build, lay_out
from quotes.extraction.speakers.features import features
from quotes.extraction.speakers.model import (
    ArticleModel,
    Entity,
    Grammar,
    Layout,
    Query,
    Referent,
    Role,
    referent,
)
from quotes.extraction.speakers.name_finder import bare, datelines
from quotes.extraction.speakers.name_runs import unpossessive
from quotes.extraction.speakers.phrases import head_noun
from quotes.extraction.speakers.pronouns import Called
from quotes.extraction.speakers.queries import Discourse, Said, ask, candidates
from quotes.extraction.speakers.roles import fullest
from quotes.extraction.speakers.titles import WORD
from quotes.extraction.statement import Statement
from quotes.lexicon import Lexicon
from quotes.records import Candidate, Resolution, Span, Speaker, SpeakerKind
from quotes.records import Mention as MentionRecord
from quotes.text.spans import in_spans

if TYPE_CHECKING:
    from quotes.extraction.parsing.masking import Reading
    from quotes.reader.inference import Answers

PREFIX = "who_"
# Words and speaker are right more often than the product of their probabilities: weights of its log-odds.
SHIFT, STRETCH = "sure_shift", "sure_stretch"
# The least distance of a probability from 0 and 1.
SMALLEST = 0.0001
# The name of the weight, by kind of mention, that multiplies log-odds, which calibrates the probabilities.
SHARPNESS = "who_sharpness_"
# The least probability to assign a description outside statements to a person.
SURE = 0.4
# The same where the person is named only after it: "The arsonist is at large. “We lost the lot,” said Ana Lee."
SURE_AHEAD = 0.8
# The least probability to take such a description for a mention of that person.
SURE_PLACE = 0.6
# The least probability to weigh a description that more likely means somebody else.
LIKELY = 0.4
# How many statements that begin before a cue to check for containing it.
MOST_HOLDERS = 20


def resolve(
    article: ArticleText,
    statements: Sequence[Statement],
    *,
    readings: Sequence[Reading],
    lexicon: Lexicon,
    answers: Answers | None = None,
) -> list[Statement]:
    """Resolve each statement's mention to a speaker.

    Args:
        article: its text and parts; the byline is the name behind "I".
        statements: the chosen statements, in the order of the text.
        readings: the article's parsed segments.
        lexicon: the language's word lists and weights.
        answers: the reader's names and descriptions; None without it.

    Returns:
        The statements in the same order, each with its speaker and a probability that includes it; the speaker is None
        if nobody is credited.
    """
    grammar = grammar_of(readings)
    layout = lay_out(article.text, article.body, article.quotations, lexicon)
    model = build(layout, lexicon, title=article.title, grammar=grammar, answers=answers)
    candidates = [s.candidate for s in statements]
    cast = Cast(model, candidates, article).speakers()
    turns = [(s, who) for n, who in cast.items() if who is not None for s in candidates[n].spans]
    discourse = Discourse(model, grammar, byline=article.byline, turns=turns)
    cut = _without_datelines(layout, [c for n, c in enumerate(candidates) if n not in cast], lexicon)
    choices = choose_all(discourse, cut, lexicon.weights)
    rest = iter([_resolved(discourse, c, choices, outer) for c, outer in _torn(cut, choices)])
    found = [Resolved(cast[n]) if n in cast else next(rest) for n in range(len(candidates))]
    weights = lexicon.weights
    told = across(article, candidates, _with_pronouns(model, found), lexicon=lexicon)
    return [
        evolve(s, speaker=r.speaker, choice=r.choice, probability=as_right(s.probability * r.probability, weights))
        for s, r in zip(statements, told, strict=True)
    ]


def as_right(probability: float, weights: Mapping[str, float]) -> float:
    """Return the calibrated probability: its log-odds, shifted and scaled by fitted weights."""
    held = min(max(probability, SMALLEST), 1 - SMALLEST)
    odds = weights.get(SHIFT, 0.0) + weights.get(STRETCH, 1.0) * math.log(held / (1 - held))
    return 1 / (1 + math.exp(-odds))


def _with_pronouns(model: ArticleModel, found: Sequence[Resolved]) -> list[Resolved]:
    """Add to each person the article's pronoun."""
    taken = (r.choice for r in found if r.choice and r.choice.query.kind == "he")
    called = Called.of(model, ((c.best.entity, c.query.gender) for c in taken if c.best.entity and c.query.gender))
    made = []
    for one in found:
        if one.speaker and one.speaker.kind in ("person", "author"):
            pronoun = called.by(one.speaker.name, one.choice.best.entity if one.choice else None)
            one = evolve(one, speaker=evolve(one.speaker, pronoun=pronoun))
        made.append(one)
    return made


def grammar_of(readings: Sequence[Reading]) -> Grammar:
    """Return the article's parse as a `Grammar`."""
    deps: dict[int, tuple[str, int]] = {}
    for reading in readings:
        strings, starts = reading.doc.vocab.strings, reading.starts
        rows: Any = reading.doc.to_array(["DEP", "HEAD"])
        heads = rows[:, 1].view(np.int64) + np.arange(len(starts))
        for start, dep, head in zip(starts, rows[:, 0].tolist(), heads.tolist(), strict=True):
            deps.setdefault(start, (strings[dep], starts[head]))
    return Grammar(deps)


Choices = Mapping[object, Choice]


def choose_all(discourse: Discourse, statements: Sequence[Candidate], weights: Mapping[str, float]) -> Choices:
    """Resolve an article's mentions in order, and return the choices by `key_of`."""
    # "Asked whether he would sail, the captain smiled": the asker is not named.
    credited = [s for s in statements if s.mention is not None or s.stance != "asked"]
    queries = [ask(discourse, statement) for statement in credited]
    queries += epithets(discourse.model, queries)
    discourse.credits = Credits.of(queries)
    said = in_spans(span for s in statements for span in s.spans)
    chosen: dict[object, Choice] = {}
    for query in sorted(queries, key=lambda q: q.at):
        key = key_of(query.statement)
        if key in chosen:
            continue
        choice = choose(discourse, query, weights)
        if choice is None:
            continue
        if not (_means_nobody(choice) and query.statement.mention and said(query.core.start)):
            settle(discourse, choice)
        if not query.aside:
            chosen[key] = choice
    return chosen


def key_of(statement: Candidate) -> object:
    """Return a key shared by statements with the same mention: the mention, or the statement itself."""
    return statement.mention if statement.mention is not None else statement.spans


def choose(discourse: Discourse, query: Query, weights: Mapping[str, float]) -> Choice | None:
    """Weigh the candidates of a mention; None if there are none."""
    found = candidates(discourse, query)
    if not found:
        return None
    rows = features(discourse, query, found)
    sharp = weights.get(SHARPNESS + query.kind, 1.0)
    scores = [sharp * sum(weights.get(PREFIX + name, 0.0) * value for name, value in row.items()) for row in rows]
    top = max(scores)
    total = sum(math.exp(s - top) for s in scores)
    order = sorted(range(len(found)), key=lambda n: -scores[n])
    chances = tuple(math.exp(scores[n] - top) / total for n in order)
    return Choice(query, tuple(found[n] for n in order), tuple(rows[n] for n in order), chances)


def settle(discourse: Discourse, choice: Choice) -> None:
    """Record the speaker and the description used, for the following mentions."""
    query, who = choice.query, choice.best
    if query.kind == "noun":
        nobody = sum(p for who_, p in zip(choice.found, choice.chances, strict=True) if who_.entity is None)
        discourse.introduced[query.head] = nobody
        if not query.words or _describes(query.words, discourse.model.lexicon):
            _settle_role(discourse, choice)
        if choice.chances[0] >= SURE_PLACE if who.entity else not query.aside:
            _settle_place(discourse, query, who)
    if not query.aside:
        end = query.statement.spans[-1].end if query.statement.spans else query.at
        asks = bool(query.statement.spans) and text_of(discourse, query).rstrip(CLOSING + ", ").endswith("?")
        discourse.said.append(Said(query.at, max(end, query.core.end), who, query.kind, asks))


def _settle_role(discourse: Discourse, choice: Choice) -> None:
    """Record a description as a role of whom it means, and of whom it may mean."""
    role = _described(discourse.model, choice.query)
    query = choice.query
    if query.beside is None and query.head in discourse.model.lexicon.names.part_noun:
        return  # the victim
    for place, (other, row, chance) in enumerate(zip(choice.found, choice.rows, choice.chances, strict=True)):
        if place and chance < LIKELY:
            break
        told = row.keys() & {"noun:aside_teller", "body:aside_teller"}
        if other.entity is None or told or other.entity.words[-1] in role.text.split():
            continue  # the agent for Mr. Roe is not Mr. Roe; whom Ana Lee calls a former mayor is not Ana Lee
        if place == 0 and chance >= _enough(query, other.entity):
            discourse.called.setdefault(id(other.entity), []).append(role)
        elif place and any(m.start < query.at for m in other.entity.mentions):
            discourse.maybe.setdefault(id(other.entity), []).append(evolve(role, source="maybe"))


def _enough(query: Query, entity: Entity) -> float:
    """Return the least probability to assign a description to a person."""
    if not query.aside or query.beside is not None:
        return 0.0
    return SURE if any(m.start < query.at for m in entity.mentions) else SURE_AHEAD


def _settle_place(discourse: Discourse, query: Query, who: Referent) -> None:
    """Record where a description stands, which a pronoun behind it may take up."""
    discourse.meant[query.core.start] = who
    if query.aside:
        where = unnamed(discourse.model.layout, discourse.grammar, query.core, query.core.end - len(query.head))
        if not where.possessive:
            discourse.aside.setdefault(id(who.entity), []).append(where)


def _describes(words: Sequence[str], lexicon: Lexicon) -> bool:
    """Return whether words say what somebody is: not "another", "the second", "one witness"; but "one of the heirs"."""
    names = lexicon.names
    if words[-1] in names.no_role:
        return False
    counts = words[0] in names.no_role and words[0] in names.indefinite
    return not counts or not names.preposition.isdisjoint(words[1:2])


def _described(model: ArticleModel, query: Query) -> Role:
    """Return a description as a role of the person it means, with what hangs on it."""
    span = query.statement.source if query.aside else None
    words = " ".join(model.layout.text[span.start : span.end].split()) if span else query.phrase
    role = Role(words, query.at, "aside" if query.aside else "called")
    return evolve(role, read=model.tagged.read(role) if model.tagged else None)


def text_of(discourse: Discourse, query: Query) -> str:
    """Return the last fragment of a query's statement."""
    span = query.statement.spans[-1]
    return discourse.model.layout.text[span.start : span.end]


def _without_datelines(layout: Layout, statements: Sequence[Candidate], lexicon: Lexicon) -> list[Candidate]:
    """Cut "LAGOS - " off mentions; if a mention is only the place, take the words after it."""
    heads = datelines(layout.text, layout.body, lexicon)
    starts = [head.start for head in heads]
    kept: list[Candidate] = []
    for statement in statements:
        mention, source = statement.mention, statement.source
        at = bisect_right(starts, mention.start) - 1 if mention else -1
        if mention is not None and at >= 0 and mention.start < heads[at].end:
            start = heads[at].end
            cue = statement.cue
            far = cue.start if cue and start < cue.start < start + 60 else start + 30
            after = layout.text[start:far].split(",")[0].rstrip()
            end = mention.end if mention.end > start else start + len(after)
            source = Span(start, source.end) if source and source.end > start else None
            statement = evolve(statement, mention=Span(start, end), source=source)
        kept.append(statement)
    return kept


def _torn(statements: Sequence[Candidate], choices: Choices) -> Iterator[tuple[Candidate, Candidate | None]]:
    """Yield each statement with the one whose speaker it takes over, if its own mention is not a person.

    Torn text: "Lee said the town grew, with a focus on harbour works said on X, “We will go on.”" The focus is not
    a speaker; it, or its cue, is inside Lee's words, so Lee continues.
    """
    whole = sorted((c for c in statements if c.mention is not None and c.spans), key=lambda c: c.spans[0].start)
    starts = [c.spans[0].start for c in whole]
    for statement in statements:
        outer = None
        if _is_nobody(statement, choices) and statement.cue and statement.type in ("direct", "mixed"):
            cue = statement.cue
            parts = [part for part in (cue, statement.mention) if part is not None]
            before = bisect_right(starts, cue.start)
            holders = (
                c
                for c in reversed(whole[max(0, before - MOST_HOLDERS) : before])
                if c is not statement
                and not _is_nobody(c, choices)
                and any(s.start <= part.start and part.end <= s.end for s in c.spans for part in parts)
            )
            outer = next(holders, None)
        yield statement, outer


def _is_nobody(statement: Candidate, choices: Choices) -> bool:
    choice = choices.get(key_of(statement)) if statement.mention else None
    return choice is not None and _means_nobody(choice)


def _means_nobody(choice: Choice) -> bool:
    """Return whether a mention resolves to words that name no known person: "a focus on harbour works"."""
    return choice.best.origin == "own" and choice.best.kind == "unknown" and " " in choice.best.name


def _is_somebody(name: str, lexicon: Lexicon) -> bool:
    """Return whether a description of no known kind introduces one person: a parent, one Tory peer, a DJ."""
    first, _, rest = name.lower().partition(" ")
    return bool(rest) and first in lexicon.names.one


def _resolved(discourse: Discourse, statement: Candidate, choices: Choices, outer: Candidate | None) -> Resolved:
    """Build the speaker's record, with the fullest description in the article."""
    choice = choices.get(key_of(outer or statement))
    if choice is None or (statement.mention is None and choice.best.origin == "nobody"):
        return Resolved(None, choice)
    who, lexicon = choice.best, discourse.model.lexicon
    asks = choice.query.kind == "who" and lexicon.names.pronoun_who.issuperset(choice.query.words[:1])
    nobody = choice.query.head in lexicon.names.nobody
    if who.origin == "own" and (nobody or (asks and who.name[:1].isupper())):
        return Resolved(None, choice)  # "Who told you to do it?", "Nobody said so."
    mention = (outer or statement).mention
    text = discourse.model.layout.text
    kind = who.kind if who.entity is None or who.kind == "author" else kind_of(discourse, who.entity)
    if kind == "unknown" and who.entity is None and _is_somebody(who.name, lexicon):
        kind = "anonymous"
    speaker = Speaker(
        name=who.name,
        kind=kind,
        role=role_of(discourse, who, lexicon.weights),
        mention=MentionRecord(text[mention.start : mention.end], mention.start, mention.end) if mention else None,
        resolution="continuation" if outer or not mention else statement.resolution or how(choice),
        handle=statement.handle,
    )
    return Resolved(speaker, choice)


def kind_of(discourse: Discourse, entity: Entity) -> SpeakerKind:
    """Return an entity's kind; if unknown, one that a statement calls a company is an organization."""
    called = [head_noun(r.text, lexicon=discourse.model.lexicon) for r in discourse.called.get(id(entity), ())]
    if entity.kind == "unknown" and discourse.model.lexicon.names.org_noun & set(called):
        return "organization"
    return referent(entity).kind


def how(choice: Choice) -> Resolution:
    """Return how a mention was resolved."""
    query, who = choice.query, choice.best
    if query.kind in ("he", "they", "it", "who", "author"):
        return "none" if who.origin == "own" else "pronoun"
    if who.entity is None and who.origin in ("own", "pair"):
        return "none" if who.kind == "unknown" and query.kind != "name" else "name"
    if query.kind == "noun" or who.entity is None:
        return "role"
    mine = [bare(unpossessive(w)) for w in WORD.findall(query.phrase)]
    theirs = [bare(w) for name in who.entity.words for w in WORD.findall(name)]
    form = [bare(w) for name in (query.names[-1][0].words if query.names else ()) for w in WORD.findall(name)]
    return "name" if theirs in (mine[-len(theirs) :], form) or not query.names else "alias"  # Helena Marsh QC


def role_of(discourse: Discourse, who: Referent, weights: Mapping[str, float]) -> str | None:
    """Return the fullest description of a speaker; of several people, their common one."""
    return fullest(roles_of(discourse, who), lexicon=discourse.model.lexicon, weights=weights)


def roles_of(discourse: Discourse, who: Referent) -> list[Role]:
    """Return all of the article's descriptions of a speaker; an unnamed person's may be a role: a spokesman for X."""
    if who.members:
        shared = set.intersection(*({r.text for r in e.roles} for e in who.members))
        return [r for r in who.members[0].roles if r.text in shared]
    if who.entity is None:
        return [Role(who.name, 0, "own")] if who.kind == "anonymous" else []
    elsewhere = (*discourse.called.get(id(who.entity), ()), *discourse.maybe.get(id(who.entity), ()))
    return [*who.entity.roles, *elsewhere]
