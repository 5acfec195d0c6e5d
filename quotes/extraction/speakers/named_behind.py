"""Find a name after a description: the captain, Mara Dunn; the mason Pia Holm; her pal, former soap actor Rhys Bell."""

from __future__ import annotations

import re

from quotes.extraction.speakers.model import ArticleModel, Entity, Mention, Query
from quotes.extraction.speakers.phrases import is_role_noun
from quotes.extraction.speakers.titles import WORD
from quotes.lexicon import Lexicon

# The most words of a second description before a name.
LONGEST_LEAD = 7
# The most characters of a comma and titles before a name.
LONGEST_TITLES = 40
# The Minister of State (Oil), Bo Roe, said.
_BRACKET = re.compile(r"\A \([^()\n]{1,30}\)")


def apposed(model: ArticleModel, query: Query) -> tuple[Entity, str] | None:
    """Return the name directly after a description, and how it follows: one of her attorneys, Justin Bamberg,

    The parser may take an adverbial for the speaker: "With days until the vote, Ana Moore, a senior adviser, said".
    """
    text = model.layout.text
    given = model.lexicon.regex("names-given-as").match(text, query.core.start, query.core.end + 90)
    if given:
        called = [e for m, e in model.within(given.start("name"), given.end() + 1)]
        return (called[0], "given_as") if called else None
    found: tuple[Entity, str] | None = None
    for mention, entity in model.within(query.core.end, query.core.end + 60):
        before = _BRACKET.sub("", untitled(text[query.core.end : mention.start], mention))
        after = text[mention.end : mention.end + 2]
        if mention.possessive:
            return found
        if before in (" ", "-"):
            return entity, "apposed_close"
        if re.fullmatch(r"(?:, | — | – )(?:\w+-\w+ )?", before) and after[:1] in (*",.;:)\n", "", " "):
            if after[:1] != " ":
                return entity, "apposed"
            found = found or (entity, "apposed")  # his boss, Harwick butcher Lou Pratt
        if after[:1] in (*",.;\n", "") and _describes(before, model.lexicon):
            return entity, "apposed"
    return found


def names_someone(model: ArticleModel, end: int) -> bool:
    """Return whether a description that ends at an offset has a name behind a comma: Her producer, Ana Lee, laughs."""
    behind = model.within(end, end + LONGEST_TITLES)[:1]
    return any(untitled(model.layout.text[end : mention.start], mention) == ", " for mention, _ in behind)


def _describes(between: str, lexicon: Lexicon) -> bool:
    """Return whether the words between a description and a name are another one: her pal, former actor Rhys Bell,"""
    words = WORD.findall(between)
    plain = between.startswith(", ") and between.count(",") == 1 and 0 < len(words) <= LONGEST_LEAD
    return plain and is_role_noun(words[-1].lower(), lexicon)


def plainly(model: ArticleModel, query: Query, called: tuple[Entity, str]) -> bool:
    """Return whether a name after a description clearly identifies the person: the mason Pia Holm."""
    own, (entity, how) = query.own, called
    end = next(m.end for m, e in model.within(query.core.end, query.core.end + 60) if e is entity)
    if own is None or own.plural or entity.kind == "place" or query.words[-1] in model.lexicon.names.many:
        return False
    if how == "apposed" and model.layout.text[end : end + 1] == " ":
        return False  # according to the police, Ana Lee had left
    if how == "apposed_close" and query.head != query.words[-1]:
        return False  # a spokesman for the mayor Ana Lee
    if own.kind == "unknown" or entity.kind == "organization":
        return own.kind in ("unknown", "organization") or query.head in model.lexicon.names.agent
    return own.kind == "anonymous"


def untitled(gap: str, mention: Mention) -> str:
    """Return the words between two names without the titles of the second."""
    size = sum(len(t) + 1 for t in mention.title)
    for extra in range(len(mention.title) + 1):
        if size and gap[-size - extra :].lower().replace(".", "").split() == list(mention.title):
            return gap[: len(gap) - size - extra]
    return gap
