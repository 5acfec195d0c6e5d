"""Features of people without a name whom a pronoun may mean: "A dealer was less patient. “Never,” he said"."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from quotes.extraction.speakers.model import ArticleModel, Query, Referent
from quotes.extraction.speakers.queries import Said


def place_of(model: ArticleModel, query: Query, who: Referent, said: Said | None) -> Iterator[tuple[str, float]]:
    """Yield the features of a described person's place and grammar; `said` is their last statement."""
    layout, mention, opening = model.layout, who.mention, _opening(model, who)
    yield f"{who.origin}_{opening}", 1.0
    at = mention.start if mention else said.end if said else -1
    if at < 0:
        return
    away = layout.sentence(query.at) - layout.sentence(at)
    here = layout.paragraph(query.at) == layout.paragraph(at)
    yield f"{who.origin}_paragraph", float(here)
    yield f"{who.origin}_away", math.log1p(max(0, away))
    if mention is None:
        return
    yield "phrase_possessive", float(mention.possessive)
    yield "phrase_object", float(mention.object)
    if _acts(who):
        yield "phrase_subject", 1.0
        yield "phrase_subject_paragraph", float(here)
        yield "phrase_subject_one_back", float(away == 1)
        yield "phrase_opens", float(mention.opens)
        yield f"phrase_{opening}_turns", float(mention.opens and here and away == 1)


def nearest_of(
    model: ArticleModel, query: Query, who: Referent, at: int, others: Sequence[int]
) -> dict[str, float]:
    """Return the features of a described person after whom nobody else is named; `others` is where those are."""
    if at < 0 or any(other > at for other in others):
        return {}
    kind, here = f"he:{who.origin}", model.layout.paragraph(query.at) == model.layout.paragraph(at)
    where = "here" if here else "above"
    return {f"{kind}_{_opening(model, who)}_nearest_{where}": 1.0, f"{kind}_nearest_subject": float(_acts(who))}


def _acts(who: Referent) -> bool:
    return who.mention is not None and who.mention.subject and not who.mention.possessive


def _opening(model: ArticleModel, who: Referent) -> str:
    first, names = who.name.partition(" ")[0].lower(), model.lexicon.names
    return "the" if first in names.definite else "a" if first in names.indefinite else "other"
