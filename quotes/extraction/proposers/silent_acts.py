"""Detach acts beside a quotation that are not words of saying: “The lorry is late.” Vik nodded.

The person acting before a quotation is the likelier speaker: Alma turned to Bert. “It is late.” Bert nodded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from attrs import evolve

from quotes.extraction.article_text import ArticleText
from quotes.lexicon import Lexicon
from quotes.records import Candidate, Span
from quotes.text.own_clause import is_complete
from quotes.text.spans import touching

# The most characters between the beginning of the previous sentence and a quotation.
_REACH = 200
_SENTENCE = re.compile(r"(?:^|(?<=[.!?…]) |(?<=[.!?…][\"”’]) )(?P<words>[^\n\r.!?…\"“”]{4,200}[.!?…])\s+\Z")
_SUBJECT = re.compile(r"[^\W\d_a-z][\w’-]*\.?(?: [^\W\d_a-z][\w’-]*){0,3}")


def without_acts(article: ArticleText, candidate: Candidate, *, lexicon: Lexicon) -> Iterator[Candidate]:
    """Credit a quotation whose cue is only an act to the person acting before it, or to nobody.

    Args:
        article: its article.
        candidate: a candidate with a cue and fragments.
        lexicon: the patterns, with the acts.
    """
    text, cue = article.text, candidate.cue
    silent = lexicon.own_set("silent-acts")
    if cue is None or candidate.type != "direct" or silent.isdisjoint(cue.text.lower().rstrip(":").split()):
        yield candidate
        return
    before = [s for s in candidate.spans if s.end <= cue.start and _is_whole(article, s)]
    after = [s for s in candidate.spans if s not in before]
    if not before:
        yield candidate
        return
    actor = _acting_before(text, before[0].start, lexicon)
    if after and actor is None:
        yield candidate
        return
    here = [s for s in after if "\n" not in text[cue.end : s.start]]
    below = [s for s in after if s not in here]
    if here:
        yield evolve(candidate, spans=tuple(here))
    if below:
        who = _acting_before(text, below[-1].start, lexicon) if len(below) > 1 else None
        yield evolve(candidate, spans=tuple(below), cue=None, mention=who, source=who, anchor=below[0].start)
    yield evolve(candidate, spans=tuple(before), cue=None, mention=actor, source=actor, anchor=before[0].start)


def _is_whole(article: ArticleText, span: Span) -> bool:
    inside = touching(article.quotations, span.start, span.end)
    return bool(inside) and is_complete(article.text, article.quotations[inside[-1]])


def _acting_before(text: str, at: int, lexicon: Lexicon) -> Span | None:
    """Return the subject of the sentence directly before a quotation, on its line: Roe turned to the foreman. “Why?”"""
    low = max(text.rfind("\n", 0, at) + 1, at - _REACH)
    sentence = _SENTENCE.search(text[low:at])
    if sentence is None:
        return None
    found = _SUBJECT.match(sentence["words"])
    start = low + sentence.start("words")
    after = sentence["words"][found.end() :].split(None, 1)[:1] if found else []
    opens = found is not None and found.group().lower() in lexicon.names.not_name
    people = lexicon.names.pronoun_m | lexicon.names.pronoun_f
    pronoun = found is not None and found.group().lower() in people
    if found is None or not after or not after[0][0].islower() or (opens and not pronoun):
        return None
    return Span(start, start + found.end())
