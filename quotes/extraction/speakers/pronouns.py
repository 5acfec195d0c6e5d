"""Find a speaker's pronoun, she, he or they, from the article's pronouns and titles, never from a name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from attrs import define

from quotes.extraction.speakers.model import ArticleModel, Entity
from quotes.records import Pronoun

# "He said", resolved to a speaker, weighs as much as this many pronouns after the name.
SAID_COUNTS = 2
# One pronoun after a name may mean another person: the fewest pronouns to trust, and the least share that must agree.
FEWEST = 2
LEAST_SHARE = 0.8


@define(eq=False)
class Called:
    """The pronouns of an article's entities: counts of `f` and `m`, and entities called they."""

    model: ArticleModel
    _said: dict[int, list[int]]
    _they: frozenset[int]
    _by_name: Mapping[str, Entity]

    @classmethod
    def of(cls, model: ArticleModel, taken_up: Iterable[tuple[Entity, Literal["f", "m"]]]) -> Called:
        """Count the pronouns of an article's entities.

        Args:
            model: the article's entities.
            taken_up: the speakers of statements credited to "he" or "she", with the pronoun.
        """
        said: dict[int, list[int]] = {}
        for entity, gender in taken_up:
            said.setdefault(id(entity), [0, 0])[gender == "m"] += SAID_COUNTS
        return cls(model, said, frozenset(_they(model)), {e.name: e for e in reversed(model.entities)})

    def by(self, name: str, entity: Entity | None) -> Pronoun | None:
        """Return the article's pronoun for a speaker, or None if there is none or it is inconsistent.

        Args:
            name: the speaker's name.
            entity: the speaker's entity, if known.
        """
        entity = entity or self._by_name.get(name)
        if entity is None:
            return None
        if id(entity) in self._they:
            return "they"
        more = self._said.get(id(entity), [0, 0])
        she, he = entity.called[0] + more[0], entity.called[1] + more[1]
        if max(she, he) < FEWEST or max(she, he) < LEAST_SHARE * (she + he):
            return None
        return "she" if she > he else "he"


def _they(model: ArticleModel) -> Iterable[int]:
    """Yield the entities for which the article uses they: "Quinn, who uses they/them pronouns, said"."""
    layout = model.layout
    for found in model.lexicon.regex("names-uses-they").finditer(layout.text, layout.body.start, layout.body.end):
        if layout.quoted(found.start()):
            continue
        for mention, entity in model.before(found.start(), most=3):
            if entity.kind in ("person", "unknown") and layout.sentence(found.start()) - mention.sentence <= 1:
                yield id(entity)
                break
