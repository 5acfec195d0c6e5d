"""Find the words before an uncredited quotation, and the entities in them."""

from __future__ import annotations

from typing import Literal

from attrs import frozen

from quotes.extraction.speakers.model import ArticleModel, Mention, Query
from quotes.extraction.speakers.titles import WORD

# The most characters before the quotation to examine.
LONGEST = 1_200

LeadKind = Literal["quote", "question", "pronoun", "telling"]
_CLOSES = "\"”’»"


@frozen(eq=False)
class Lead:
    """The words before a quotation, in its paragraph or the one before.

    `kind` is "quote" if another quotation ends there, "question" if an interviewer asks, "pronoun" if the last sentence
    opens with one ("He also thinks so."), else "telling". `named` are the people and bodies named there, outside
    quotation marks, in order.
    """

    kind: LeadKind
    named: tuple[Mention, ...]


def lead_of(model: ArticleModel, query: Query) -> Lead:
    """Return the lead of a quotation without cue and mention."""
    layout = model.layout
    number = layout.paragraph(query.at)
    low = layout.paragraphs[number - 1] if number else layout.body.start
    while number > 1 and not any(c.isalnum() for c in layout.text[low : query.at]):
        number -= 1
        low = layout.paragraphs[number - 1]
    low = max(low, query.at - LONGEST)
    words = layout.text[low : query.at].rstrip(" \n\t\u00a0“\"‘«")
    named = tuple(m for m, _ in model.within(low, query.at) if not m.quoted)
    if words.endswith(tuple(_CLOSES)) or layout.quoted(low + len(words) - 1):
        return Lead("quote", named)
    if words.endswith("?"):
        return Lead("question", named)
    opens = WORD.search(layout.text, max(low, layout.sentence_start(low + len(words) - 1)), query.at)
    pronouns = model.lexicon.names.pronoun_m | model.lexicon.names.pronoun_f
    if opens is not None and opens.group().lower() in pronouns:
        return Lead("pronoun", named)
    return Lead("telling", named)
