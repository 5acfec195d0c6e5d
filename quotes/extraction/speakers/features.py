"""Features of a mention's candidates: few, with names.

`features` returns them for all candidates of one mention. A feature's name begins with the kind of the mention ("he:",
"name:"), since pronouns and descriptions need different weights, which are fitted (tests/benchmarks).
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from attrs import frozen

from quotes.extraction.speakers.credits import told_below
from quotes.extraction.speakers.model import ArticleModel, Entity, Mention, Query, Referent
from quotes.extraction.speakers.name_finder import bare
from quotes.extraction.speakers.named_behind import untitled
from quotes.extraction.speakers.noun_features import class_clash, described_as, matched
from quotes.extraction.speakers.queries import Discourse, Said, definite, same
from quotes.extraction.speakers.unnamed_features import nearest_of, place_of
from quotes.lexicon import Lexicon

Features = dict[str, float]
# The first sentences, where a person may be described before being named.
EARLY = 3
# Distances are capped at this many sentences.
FAR = 40


# What counts otherwise for a description outside statements: whoever is the subject of its sentence is somebody else.
_ASIDE = ("same_sentence", "subject_same_sentence", "one_back", "spoke_last", "nearest", "last_subject", "own_content")


@frozen(eq=False)
class _Trail:
    """Where a candidate was last named or last spoke before a mention, and how often."""

    at: int
    mention: Mention | None
    said: Said | None
    turn: int
    turns: int
    count: int
    after: Mention | None


def features(discourse: Discourse, query: Query, found: Sequence[Referent]) -> list[Features]:
    """Return the features of every candidate of a mention, by name.

    Descriptions of bodies ("the agency") have weights of their own, apart from those of people.
    """
    recent = discourse.recent(query.at, most=12)
    trails = [_trail(discourse, query, who, recent) for who in found]
    alive = [(t, _alive(who, query)) for t, who in zip(trails, found, strict=True)]
    order = sorted((t.at for t, fits in alive if fits), reverse=True)
    subjects = max((t.mention.start for t, fits in alive if fits and t.mention and t.mention.subject), default=-1)
    turn = max((t.said.at for t in trails if t.said), default=-1)
    layout = discourse.model.layout
    here = {id(t) for t, fits in alive if fits and t.at >= 0 and layout.paragraph(t.at) == layout.paragraph(query.at)}
    uncued = query.kind == "none" and query.statement.cue is None and query.statement.type == "direct"
    below = dict(_below(discourse, query)) if query.kind == "noun" else {}
    rows: list[Features] = []
    for who, trail in zip(found, trails, strict=True):
        told = _features(discourse, query, who, trail)
        own: Features = {f"{query.kind}:{name}": value for name, value in told if value}
        if trail.at >= 0:
            others = bisect_left([-at for at in order], -trail.at)
            own[f"{query.kind}:nearest"] = float(others == 0)
            own[f"{query.kind}:others_between"] = math.log1p(others)
            own[f"{query.kind}:last_subject"] = float(trail.mention is not None and trail.mention.start == subjects)
            own[f"{query.kind}:only_here"] = float({id(trail)} == here)
            own[f"{query.kind}:new_topic"] = float(trail.at > turn >= 0)
            if uncued:
                own |= {f"none:run_{n}": own.get(f"none:{n}", 0.0) for n in _RUNNING}
            elif query.kind == "noun":
                opening = definite(query, discourse.model.lexicon)
                own |= {f"noun:{opening}_{n}": own.get(f"noun:{n}", 0.0) for n in _INTRODUCED}
                if query.aside:
                    own |= {f"noun:aside_{n}": own.get(f"noun:{n}", 0.0) for n in _ASIDE}
        if query.kind == "he" and who.entity is None:
            own |= nearest_of(discourse.model, query, who, who.mention.start if who.mention else trail.at, order)
        if below and who.entity is not None:
            own |= below.get(id(who.entity), {})
        elif below and who.origin == "own":
            own |= below.get(0, {})
        rows.append({name: value for name, value in own.items() if value})
    if query.kind == "noun" and query.own is not None and query.own.kind == "organization":
        return [{name.replace("noun:", "body:", 1): value for name, value in row.items()} for row in rows]
    if query.kind == "noun":
        for row, fits in zip(rows, matched(discourse, query, found), strict=True):
            row |= {f"noun:{name}": value for name, value in fits.items() if value}
    return rows


def _below(discourse: Discourse, query: Query) -> Iterator[tuple[int, Features]]:
    """Yield the features of later speakers credited by name for a description; under 0, those of no later speaker."""
    early = "early" if discourse.model.layout.sentence(query.at) <= EARLY else "later"
    for entity, told in told_below(discourse.credits, query):
        known = any(m.start < query.at for m in entity.mentions)
        fits = "clash" if class_clash(query, entity) else ("known_" if known else "new_") + entity.kind
        yield id(entity), {f"noun:{early}_{fits}_{name}": value for name, value in told.items()}
    yield 0, {f"noun:own_{early}": 1.0}


# Features with different weights for "the judge" and "a judge".
_INTRODUCED = (
    "spoke_last", "last_subject", "nearest", "new_topic", "only_here", "dominates", "spoke_last_near", "same_paragraph",
)  # fmt: skip
# Features with different weights for a quotation without a cue, which may run on.
_RUNNING = ("spoke_last", "last_subject", "nearest", "new_topic", "spoke_last_paragraph")


def _alive(who: Referent, query: Query) -> bool:
    """Return whether a candidate is a rival: not excluded by the article's pronouns and titles."""
    if who.origin == "own":
        return False
    if query.kind not in ("he", "noun", "none"):
        return True
    if who.entity is not None and who.entity.kind in ("organization", "place") and query.kind == "he":
        return False
    if query.kind == "noun" and who.entity is not None and class_clash(query, who.entity):
        return False
    if query.gender is None:
        return True
    sign = 1.0 if query.gender == "m" else -1.0
    votes = who.entity.votes * sign if who.entity else 0.0
    given = who.entity.given if who.entity else None
    return not _clash(who, query) and votes > -0.4 and not (given not in (None, query.gender) and votes <= 0)


def _trail(discourse: Discourse, query: Query, who: Referent, recent: Sequence[Said]) -> _Trail:
    before = after = None
    count = 0
    for mention in who.entity.mentions if who.entity else ():
        if mention.start >= query.at:
            after = after or (mention if mention.start >= query.core.end else None)
            continue
        count += 1
        if query.kind in ("he", "it") and any(s.start <= mention.start < s.end for s in query.statement.spans):
            continue  # "India has grown, it said": a speaker's own words do not name the speaker
        if not mention.quoted or before is None or before.quoted:
            before = mention
    if query.kind == "he" and who.entity is not None:  # The winger shook his head. “No,” he said.
        for place in discourse.aside.get(id(who.entity), ()):
            if place.start < query.at and (before is None or before.quoted or place.sentence > before.sentence):
                before = place
    turns = [n for n, s in enumerate(recent) if same(s.who, who)]
    said = recent[turns[0]] if turns else None
    at = max(before.start if before else -1, said.at if said else -1)
    return _Trail(at, before, said, turns[0] if turns else -1, len(turns), count, after)


def _features(discourse: Discourse, query: Query, who: Referent, trail: _Trail) -> Iterator[tuple[str, float]]:
    if query.kind == "noun" and who.entity is not None and class_clash(query, who.entity):
        yield "class_clash", 1.0
        return
    yield from _kind(who, discourse.model.lexicon)
    yield from _place(discourse.model, query, trail)
    yield from _turns(discourse, query, trail)
    if query.kind == "he" or query.gender:
        yield from _gender(who, query)
    if query.kind == "he" and who.entity is None:
        yield from place_of(discourse.model, query, who, trail.said)
    if query.kind == "name" and who.entity is not None:
        yield from _name(discourse.model, query, who.entity)
    elif query.kind == "noun":
        yield from described_as(discourse, query, who)
    elif query.kind == "who":
        yield "adjacent", float(who.origin == "ending" or _adjacent(discourse.model, query, trail))


def _kind(who: Referent, lexicon: Lexicon) -> Iterator[tuple[str, float]]:
    """Yield the features of the candidate's kind."""
    if who.entity is None:
        yield f"is_{who.origin}", 1.0
        yield f"is_{who.kind}", 1.0
        yield "plural", float(who.plural)
        return
    entity = who.entity
    yield f"entity_{entity.kind}", 1.0
    yield "full_name", float(len(entity.words) > 1)
    yield "has_role", float(entity.described)
    yield "kin", float(bool(entity.heads & lexicon.names.kin))
    yield "neuter", entity.neuter
    yield "dominates", min(0.5, entity.share)
    yield from ((f"read_{kind}", p) for kind, p in entity.read.items())


def _place(model: ArticleModel, query: Query, trail: _Trail) -> Iterator[tuple[str, float]]:
    """Yield the features of the candidate's last mention: distance and form."""
    here, mention = model.layout.sentence(query.at), trail.mention
    yield "count", math.log1p(trail.count)
    if trail.at < 0:
        if trail.after is None:
            yield "never", 1.0
        else:
            away = trail.after.sentence - here
            yield "only_after", 1.0
            yield "after_soon", float(away <= 1)
            yield "after_far", math.log1p(away)
        return
    away = min(FAR, here - model.layout.sentence(trail.at))
    yield "same_sentence", float(away == 0)
    yield "one_back", float(away == 1)
    yield "two_back", float(away == 2)
    yield "far", math.log1p(away)
    yield "same_paragraph", float(model.layout.paragraph(trail.at) == model.layout.paragraph(query.at))
    if mention is None:
        return
    near = here - mention.sentence <= 2
    yield "subject", float(mention.subject and near)
    yield "subject_same_sentence", float(mention.subject and here == mention.sentence)
    yield "subject_one_back", float(mention.subject and here - mention.sentence == 1)
    yield "object", float(mention.object)
    yield "opens", float(mention.opens and near)
    yield "possessive", float(mention.possessive)
    yield "quoted", float(mention.quoted)
    yield "own_content", float(any(s.start <= mention.start < s.end for s in query.statement.spans))
    yield "full_form", float(len(mention.words) > 1 and near)


def _turns(discourse: Discourse, query: Query, trail: _Trail) -> Iterator[tuple[str, float]]:
    """Yield the features of the candidate's last turn."""
    if trail.said is None:
        yield "silent", 1.0
        return
    layout = discourse.model.layout
    away = layout.sentence(query.at) - layout.sentence(trail.said.end)
    yield "spoke_last", float(trail.turn == 0)
    yield "spoke_last_near", float(trail.turn == 0 and away <= 1)
    yield "spoke_last_paragraph", float(
        trail.turn == 0 and layout.paragraph(query.at) - layout.paragraph(trail.said.end) <= 1
    )
    yield "spoke_second", float(trail.turn == 1)
    yield "spoke_often", math.log1p(trail.turns)
    yield "taken_up", float(trail.turn == 0 and trail.said.kind in ("he", "noun"))


def _clash(who: Referent, query: Query) -> bool:
    gender = who.entity.gender if who.entity else who.gender
    return gender is not None and query.gender is not None and gender != query.gender


def _gender(who: Referent, query: Query) -> Iterator[tuple[str, float]]:
    """Yield the features of gender agreement."""
    if query.gender is None:
        return
    told = who.entity.gender if who.entity else who.gender
    if told:
        yield "gender_agrees", float(told == query.gender)
        yield "gender_clashes", float(told != query.gender)
    if who.entity is None:
        yield "gender_untold", float(not told)
        return
    sign = 1.0 if query.gender == "m" else -1.0
    yield "pronouns_agree", max(0.0, who.entity.votes * sign)
    yield "pronouns_clash", max(0.0, -who.entity.votes * sign)
    if who.entity.given:
        yield "given_agrees", float(who.entity.given == query.gender)
        yield "given_clashes", float(who.entity.given != query.gender)


def _name(model: ArticleModel, query: Query, entity: Entity) -> Iterator[tuple[str, float]]:
    """Yield the features of a mention's words and a name's; "the landlady of the Crown" is `governed`."""
    places = [m for m, e in query.names if e is entity]
    sort = entity.kind if entity.kind in ("person", "organization") else "other"
    if places:
        last = places[-1]
        ends = last.end >= query.core.end - 2
        yield "ends" if ends else ("begins" if last is query.names[0][0] else "inside"), 1.0
        lead = untitled(model.layout.text[query.core.start : last.start], last).split()
        yield "governed", float(bool(lead) and lead[-1] in model.lexicon.names.governor)
        yield "owner", float(last.possessive)
        if query.head_at is not None:
            yield "heads" if last.start <= query.head_at < last.end else "hangs", 1.0
    mine = [bare(w) for w in (places or [m for m, _ in query.names[-1:]])[-1].words] if query.names else []
    yield f"{'linked' if places else 'free'}_{_relation(mine, [bare(w) for w in entity.words])}_{sort}", 1.0


def _relation(mine: Sequence[str], theirs: Sequence[str]) -> str:
    if mine == theirs:
        return "same"
    if len(mine) < len(theirs):
        if mine == theirs[-len(mine) :]:
            return "surname" if len(mine) == 1 else "tail"
        if mine == theirs[: len(mine)]:
            return "first" if len(mine) == 1 else "lead"
    return "part" if set(mine) & set(theirs) else "other"


def _adjacent(model: ArticleModel, query: Query, trail: _Trail) -> bool:
    mention = trail.mention
    return mention is not None and model.layout.text[mention.end : query.at].strip(" ,\u00a0'’s-—–") == ""
