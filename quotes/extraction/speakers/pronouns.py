"""What the article itself calls a speaker, by its pronouns and titles: she, he or they. No name tells it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from attrs import define

from quotes.extraction.speakers.model import ArticleModel, Entity
from quotes.records import Pronoun

# "He said", resolved to somebody, counts as so many pronouns that follow the name.
SAID_COUNTS = 2
# One pronoun behind a name may mean somebody else; so many mean its bearer, where so large a share of all agrees.
FEWEST = 2
LEAST_SHARE = 0.8


@define(eq=False)
class Called:
    """What an article calls those whom it names: `f` and `m` as counts, and who is called they."""

    model: ArticleModel
    _said: dict[int, list[int]]
    _they: frozenset[int]
    _by_name: Mapping[str, Entity]

    @classmethod
    def of(cls, model: ArticleModel, taken_up: Iterable[tuple[Entity, Literal["f", "m"]]]) -> Called:
        """Count what an article calls everybody.

        Args:
            model: whom it names.
            taken_up: the speaker of each statement that "he" or "she" is credited with, and which of the two.
        """
        said: dict[int, list[int]] = {}
        for entity, gender in taken_up:
            said.setdefault(id(entity), [0, 0])[gender == "m"] += SAID_COUNTS
        return cls(model, said, frozenset(_they(model)), {e.name: e for e in reversed(model.entities)})

    def by(self, name: str, entity: Entity | None) -> Pronoun | None:
        """Return what the article calls a speaker, or None where it does not or is of two minds.

        Args:
            name: the speaker's.
            entity: whom the article names, where that is known.
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
    """Yield those of whom the article says that they are called they: "Quinn, who uses they/them pronouns, said"."""
    layout = model.layout
    for found in model.lexicon.regex("names-uses-they").finditer(layout.text, layout.body.start, layout.body.end):
        if layout.quoted(found.start()):
            continue
        for mention, entity in model.before(found.start(), most=3):
            if entity.kind in ("person", "unknown") and layout.sentence(found.start()) - mention.sentence <= 1:
                yield id(entity)
                break
