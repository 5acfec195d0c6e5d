"""Who each mention is: "the spokesperson" = Esmail Baghaei, a spokesperson for the foreign ministry. Strings only.

`resolve` is the one way in. It reads whom the article names (people.py) and what it says they are (descriptions.py),
then goes through the mentions in order: names, pronouns (antecedents.py), descriptions
(epithets.py).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from attrs import evolve

from quotes.extraction.speakers.discourse import Desk, Referent, Statement, pair_of, referent, sentence_starts
from quotes.extraction.speakers.entities import Entity, find_cast, known
from quotes.extraction.speakers.name_finder import NameForm, Run, bare, datelines, find_runs, name_form, unpossessive
from quotes.extraction.speakers.noun_phrases import bearer, core_of
from quotes.extraction.speakers.profiles import learn_epithets, learn_roles
from quotes.extraction.speakers.pronouns import he_or_she, it, they, who
from quotes.extraction.speakers.roles import fullest, phrase_before
from quotes.extraction.speakers.short_names import rejoin
from quotes.extraction.speakers.titles import WORD, courtesy_start, title_words
from quotes.lexicon import Lexicon
from quotes.records import Candidate, MarkedSpan, Mention, Resolution, Span, Speaker
from quotes.text.spans import in_spans

# A list of names that speak together is no longer than this, in characters.
LONGEST_LIST = 200
# So many statements that begin before a cue are asked whether they hold it.
MOST_HOLDERS = 20

_BRACKET = re.compile(r" ?\([^()\n]{1,30}\)|, [^,;:.\n]{3,70}(?=, and )")


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
    quoted = in_spans(marked)
    desk = Desk(text, body, cast, lexicon, quoted, sentence_starts(text, body, lexicon, quoted))
    nonbinary = lexicon.word_set("names-singular-they")
    desk.singular_they = any(w.group().lower() in nonbinary for w in WORD.finditer(text, body.start, body.end))
    learn_roles(desk)
    rejoin(desk)
    learn_epithets(desk)
    for entity in cast.entities:
        for role in dict.fromkeys(r.lower() for r in entity.roles):
            desk.called.setdefault(role, []).append(entity)
    candidates = _without_datelines(desk, candidates)
    settled: dict[Span, tuple[Referent, Resolution]] = {}
    for candidate in sorted((c for c in candidates if c.mention), key=lambda c: c.mention.start if c.mention else 0):
        assert candidate.mention is not None
        if candidate.mention in settled:
            continue
        found = _settle(desk, candidate, candidate.mention, byline)
        settled[candidate.mention] = found
        desk.said.append(Statement(candidate.mention.start, found[0]))
    return [_speaker(desk, c, settled, outer) for c, outer in _torn(candidates, settled)]


def _without_datelines(desk: Desk, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Cut "LAGOS - " off mentions; where only the place was taken, the name after it is meant."""
    heads = datelines(desk.text, desk.body, desk.lexicon)
    starts = [head.start for head in heads]
    kept: list[Candidate] = []
    for candidate in candidates:
        mention, source = candidate.mention, candidate.source
        at = bisect_right(starts, mention.start) - 1 if mention else -1
        if mention is None or at < 0 or mention.start >= heads[at].end:
            kept.append(candidate)
            continue
        start, end = heads[at].end, mention.end
        if end <= start:
            # The parser took the place alone: whoever is named first in the sentence is its subject.
            after = next(iter(_runs(desk, Span(start, min(start + 60, desk.body.end)))), None)
            if after is None or after.spots[0].start > start:
                kept.append(candidate)
                continue
            end = after.spots[-1].end
        if source is not None and source.start < start:
            source = Span(start, source.end) if source.end > start else None
        kept.append(evolve(candidate, mention=Span(start, end), source=source))
    return kept


def _torn(
    candidates: Sequence[Candidate], settled: dict[Span, tuple[Referent, Resolution]]
) -> Iterator[tuple[Candidate, Candidate | None]]:
    """Yield each candidate with the one whose speaker it takes, where its own mention can be nobody.

    Torn text: "Lee said the town grew, with a focus on harbour works said on X, “We will go on.”" The focus says
    nothing; its cue lies inside what Lee says, so Lee goes on.
    """
    whole = sorted((c for c in candidates if c.mention is not None and c.spans), key=lambda c: c.spans[0].start)
    starts = [c.spans[0].start for c in whole]
    for candidate in candidates:
        outer = None
        found = settled.get(candidate.mention) if candidate.mention else None
        nobody = found is not None and found[1] == "none" and found[0].kind == "unknown" and " " in found[0].name
        # What is merely reported within a report ("he said the phrase suggests …") stays with its own words.
        if nobody and candidate.cue and candidate.type in ("direct", "mixed"):
            cue = candidate.cue
            before = bisect_right(starts, cue.start)
            holders = (
                c
                for c in reversed(whole[max(0, before - MOST_HOLDERS) : before])
                if c is not candidate
                and c.mention is not None
                and settled[c.mention][1] != "none"
                and any(s.start <= cue.start and cue.end <= s.end for s in c.spans)
            )
            outer = next(holders, None)
        yield candidate, outer


def _speaker(
    desk: Desk, candidate: Candidate, settled: dict[Span, tuple[Referent, Resolution]], outer: Candidate | None
) -> Speaker | None:
    """Build the record, with the fullest description that the whole article gives."""
    mention = outer.mention if outer else candidate.mention
    if mention is None:
        return None
    found, how = settled[mention]
    entity = found.entity
    return Speaker(
        name=entity.name if entity else found.name,
        kind=referent(entity).kind if entity and found.kind != "author" else found.kind,
        role=_role(desk, found),
        mention=Mention(desk.text[mention.start : mention.end], mention.start, mention.end),
        resolution="continuation" if outer else candidate.resolution or how,
        handle=candidate.handle,
    )


def _role(desk: Desk, found: Referent) -> str | None:
    """Return the fullest description of a speaker; of several, what all are called."""
    if found.members:
        shared = set(found.members[0].roles).intersection(*(e.roles for e in found.members))
        return fullest(sorted(shared), lexicon=desk.lexicon)
    return fullest(found.entity.roles, lexicon=desk.lexicon) if found.entity else None


def _settle(desk: Desk, candidate: Candidate, mention: Span, byline: str | None) -> tuple[Referent, Resolution]:
    """Tell whom one mention means, and how that was found."""
    core = core_of(desk.text, mention)
    words = WORD.findall(desk.text[core.start : core.end])
    if not words:
        return Referent(desk.text[mention.start : mention.end].strip(), "unknown"), "none"
    low = unpossessive(words[-1]).lower()
    if unpossessive(words[-1]) in desk.lexicon.word_set("names-capital-acronym") and _among_small(desk, core):
        # "The WHO said": no relative pronoun.
        low = ""
    if " and " in desk.text[core.start : core.end] and words[0].lower() in _single_pronouns(desk.lexicon):
        first = Span(core.start, core.start + len(words[0]))
        found = _pronoun(desk, candidate, first, words[0].lower(), byline)
        if found is not None:
            return _with_another(desk, evolve(candidate, source=core), first, found[0]), found[1]
    if " ".join(words).lower() in desk.lexicon.word_set("names-pronoun-two"):
        words, low = words[:1], words[0].lower()
    if (low and len(words) == 1) or (low in desk.lexicon.word_set("names-pronoun-who") and len(words) < 5):
        found = _pronoun(desk, candidate, core, low, byline)
        if found is not None:
            both = low in _single_pronouns(desk.lexicon)
            return (_with_another(desk, candidate, core, found[0]) if both else found[0]), found[1]
    pair = _several(desk, candidate, core)
    if pair is not None:
        return pair, "name"
    entity = _named(desk, core)
    if entity is not None:
        same = [bare(w) for w in entity.words] == [bare(unpossessive(w)) for w in words[-len(entity.words) :]]
        return referent(entity), "name" if same else "alias"
    return bearer(desk, candidate, core)


def _among_small(desk: Desk, core: Span) -> bool:
    """Tell whether the text around a mention is set in small letters, so that capitals mean something."""
    return any(w.group().islower() for w in WORD.finditer(desk.text, core.end, min(core.end + 30, desk.body.end)))


def _single_pronouns(lexicon: Lexicon) -> frozenset[str]:
    return lexicon.word_set("names-pronoun-m") | lexicon.word_set("names-pronoun-f")


def _pronoun(
    desk: Desk, candidate: Candidate, core: Span, word: str, byline: str | None
) -> tuple[Referent, Resolution] | None:
    """Resolve a pronoun; where nothing fits it keeps its own word, of unknown kind."""
    kinds = ("m", "f", "they", "two", "it", "who", "person", "author")
    lists = {kind: desk.lexicon.word_set(f"names-pronoun-{kind}") for kind in kinds}
    at = core.start
    found: Referent | None = None
    if word in lists["m"]:
        found = he_or_she(desk, at, gender="m", candidate=candidate)
    elif word in lists["f"]:
        found = he_or_she(desk, at, gender="f", candidate=candidate)
    elif word in lists["they"]:
        found = they(desk, at, two=word in lists["two"])
    elif word in lists["it"]:
        found = it(desk, at, candidate=candidate)
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


def _runs(desk: Desk, core: Span) -> list[Run]:
    return list(find_runs(desk.text, body=core, lexicon=desk.lexicon))


def _several(desk: Desk, candidate: Candidate, core: Span) -> Referent | None:
    """Resolve "Mr. Grassley and Mr. Leahy" or "Ana Lee (D-Ore.), Bo Roe (D-Ohio) and Cy Poe" name by name.

    The mention may hold the first of them alone; the rest then stands in the candidate's source.
    """
    source = candidate.source
    high = max(core.end, source.end) if source and source.start <= core.start else core.end
    runs = _runs(desk, Span(core.start, min(high, core.start + LONGEST_LIST)))
    taken: list[NameForm] = []
    at, closed = 0, False
    for run in runs:
        if taken and desk.text[run.spots[0].start - 1] == "(":
            continue
        gap = _BRACKET.sub("", desk.text[at : run.spots[0].start]) if taken else ""
        if taken and not closed and taken[-1].kind == "person" and gap in (" of ", " from "):
            # "Sens. Ana Lee of Georgia and Bo Roe of Maine".
            at = run.spots[-1].end
            continue
        form = name_form(run, lexicon=desk.lexicon)
        if form is None or closed or (taken and gap not in (", ", " and ", ", and ")):
            break
        closed = gap.endswith("and ")
        taken.append(form)
        at = run.spots[-1].end
    # "Leaders of France and Germany" are not France and Germany.
    lead = [w.group().lower() for w in WORD.finditer(desk.text, core.start, taken[0].start if taken else core.end)]
    if any(w in desk.lexicon.word_set("names-preposition") for w in lead):
        return None
    if not closed or len(taken) < 2 or taken[0].start > core.end or desk.text.startswith(("'s", "’s"), at):
        return None
    members = [_entity_at(desk, form) for form in taken]
    return pair_of(*(e for e in members if e)) if all(members) else None


def _with_another(desk: Desk, candidate: Candidate, core: Span, found: Referent) -> Referent:
    """Resolve "he and Ms. Brafman", where the mention is "he" alone or all of it."""
    high = max(core.end, candidate.source.end) if candidate.source else core.end
    runs = _runs(desk, Span(core.end, min(high, core.end + LONGEST_LIST)))
    if not runs or desk.text[core.end : runs[0].spots[0].start] != " and ":
        return found
    form = name_form(runs[0], lexicon=desk.lexicon)
    other = _entity_at(desk, form)
    if other is None or form is None or form.possessive or other.kind not in ("person", "unknown"):
        return found
    if found.entity is not None:
        return pair_of(found.entity, other)
    return Referent(f"{found.name} and {other.name}", "group", plural=True)


def _named(desk: Desk, core: Span) -> Entity | None:
    """Return the entity that a mention ending in a name means, or None where it ends in no name."""
    runs = _runs(desk, core)
    first = _named_first(desk, core, runs)
    if first is not None:
        return first
    if not runs or runs[-1].spots[-1].end < core.end - 2:
        return None
    run = runs[-1]
    if len(runs) > 1 and desk.text[runs[-2].spots[-1].end : run.spots[0].start].strip() in ("of", "from"):
        whose = _entity_at(desk, name_form(runs[-2], lexicon=desk.lexicon))
        if whose is not None and whose.kind == "person":
            return whose
    last = run.words[-1].lower()
    office = last.rsplit("-", 1)[-1] in title_words(desk.lexicon) and len(runs) == 1
    if office or last in desk.lexicon.word_set("names-group-noun"):
        form = name_form(run, lexicon=desk.lexicon)
        if form is None or known(desk.cast, form.words) is None or form.kind == "unknown":
            return None
    near = [s for s in desk.cast.before(core.end, most=4) if s.end >= core.end - 2]
    exact = [s for s in near if s.start >= core.start]
    # "Harrow & Finch": the parser may take the last partner alone.
    exact = exact or [s for s in near if s.end == core.end and "&" in s.entity.words]
    start = exact[0].start if exact else run.spots[0].start
    lead = [w.group().lower() for w in WORD.finditer(desk.text, core.start, start)]
    if lead and lead[0] in desk.lexicon.word_set("names-speech-verb"):
        lead = lead[1:]
    if any(w in desk.lexicon.word_set("names-function-word") for w in lead):
        # "Mayor of Haifa Dr. Ana Lee".
        courteous = courtesy_start(desk.text, start, core.start, desk.lexicon)
        courtesies = len(WORD.findall(desk.text, courteous, start))
        covered = phrase_before(desk.text, courteous, core.start, desk.lexicon)
        if len(covered) < len(lead) - courtesies:
            return None
    if exact:
        return exact[0].entity
    return _entity_at(desk, name_form(run, lexicon=desk.lexicon))


def _named_first(desk: Desk, core: Span, runs: Sequence[Run]) -> Entity | None:
    """Return whom "Rep. Ana Lee of the ruling party" begins with."""
    form = name_form(runs[0], lexicon=desk.lexicon) if runs else None
    prepositions = desk.lexicon.word_set("names-preposition") - {"and", "or"}
    if form is None or prepositions & {w.group().lower() for w in WORD.finditer(desk.text, core.start, form.start)}:
        return None
    after = WORD.match(desk.text, min(form.end + 1, core.end), core.end)
    if form.possessive or after is None or after.group() not in prepositions:
        return None
    entity = next((s.entity for s in desk.cast.before(core.end, most=6) if s.start == form.start), None)
    return entity if entity is not None and entity.kind == "person" else None


def _entity_at(desk: Desk, form: NameForm | None) -> Entity | None:
    """Return the entity of a name: the one it is short for, or one of its own."""
    if form is None:
        return None
    for sighting in desk.cast.before(form.end, most=4):
        if sighting.start == form.start:
            return sighting.entity
    return known(desk.cast, form.words, gender=form.gender) or Entity(form.words, form.kind, form.gender)
