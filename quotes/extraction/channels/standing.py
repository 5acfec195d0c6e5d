"""Describe how a channel stands with a statement's speaker: how much of the article is theirs, and by what other ways.

The one person whom an article is about mostly spoke on one occasion; of a person who speaks on many, each statement
needs its own.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property

from attrs import define

from quotes.extraction.channels.pairs import Channels, Key

# Channels that are hearers, not occasions: they do not change the occasion and the outlet.
LISTENERS = frozenset({"journalist", "audience"})


@define(eq=False)
class Standing:
    """The speakers of an article and the channels that their statements' own sentences name.

    `chances` are the probabilities of these channels.
    """

    channels: Channels
    chances: Mapping[tuple[int, Key], float]

    @cached_property
    def _groups(self) -> dict[Key, str]:
        """What each channel is: the press, a hearer, or an occasion or document."""
        kinds, press = self.channels.kinds, self.channels.press
        return {k: "hearer" if kinds[k] in LISTENERS else "press" if press(k) else "scene" for k in kinds}

    @cached_property
    def _says(self) -> Counter[str | None]:
        """How many statements each speaker makes."""
        return Counter(map(self.channels.scene.name, self.channels.scene.order))

    @cached_property
    def _most(self) -> int:
        """How many statements the speaker of most makes."""
        return max(self._says.values())

    @cached_property
    def _here(self) -> dict[int, dict[Key, float]]:
        """The channels that each statement's own sentence names."""
        found: dict[int, dict[Key, float]] = defaultdict(dict)
        for (statement, key), chance in self.chances.items():
            found[statement][key] = chance
        return found

    @cached_property
    def _spoke(self) -> dict[str | None, dict[Key, float]]:
        """The channels of each speaker, with the highest probability of a statement of theirs."""
        found: dict[str | None, dict[Key, float]] = defaultdict(dict)
        for (statement, key), chance in self.chances.items():
            own = found[self.channels.scene.name(statement)]
            own[key] = max(own.get(key, 0.0), chance)
        return found

    def features(self, statement: int, key: Key, before: Sequence[int]) -> dict[str, float]:
        """Return the features of a channel for a statement; `before` are the mentions before it."""
        return {**self._speaker(statement, key), **self._beside(statement, key), **self._named(statement, key, before)}

    def _speaker(self, statement: int, key: Key) -> dict[str, float]:
        """Return the features of what else the speaker says; they tell of occasions and documents, not of the press."""
        name, groups = self.channels.scene.name(statement), self._groups
        if groups[key] != "scene":
            return {}
        says = self._says[name] if name else 0
        others = (c for other, c in self._spoke.get(name, {}).items() if other != key and groups[other] == groups[key])
        return {
            "speaker_says": math.log1p(says),
            "speaker_share": says / len(self.channels.scene.order),
            "speaker_most": says == self._most,
            "speaker_elsewhere": math.log1p(sum(others)),
        }

    def _beside(self, statement: int, key: Key) -> dict[str, float]:
        """Return the features of the channels that the statement's own sentence names."""
        here, groups, partners = self._here.get(statement, {}), self._groups, self.channels.partners[key]
        return {
            "here_rival": max((c for other, c in here.items() if groups[other] == groups[key]), default=0.0),
            "here_other": max((c for other, c in here.items() if groups[other] != groups[key]), default=0.0),
            "here_partner": max((c for other, c in here.items() if other in partners), default=0.0),
        }

    def _named(self, statement: int, key: Key, before: Sequence[int]) -> dict[str, float]:
        """Return how far into the article the channel is first named, or whether only behind the statement."""
        if not before:
            return {"named_later": 1.0}
        return {"first_named": math.log1p(self.channels.paragraphs[self.channels.mentions[key][0]])}
