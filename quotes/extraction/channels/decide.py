"""Decide which channels each statement has: two rounds of a logistic model whose weights are data.

First the channels that a statement's own sentence names, then those named elsewhere.
`tests/benchmarks/fit_channels.py` fits the weights.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from attrs import frozen

from quotes.extraction.channels.carried import Carried
from quotes.extraction.channels.pairs import Channels, Key, Pair, probability
from quotes.lexicon.tables import Model

MENTION, TAGGED, OWN, CARRIED = "channel-mention", "channel-tagged", "channel-own", "channel-carried"
# The most channels of a statement to explain, and their least probability.
_MOST, _SHOWN = 4, 0.05
# The probability, for a language without weights, of a pattern's channel that the statement's cue governs.
_GRANTED = 0.9


@frozen
class Chance:
    """The probability that a statement has a channel, and the model that gave it, if one did."""

    pair: Pair
    chance: float
    model: Model | None = None

    @property
    def reasons(self) -> list[tuple[str, float]]:
        """The three features that speak most strongly for or against it, with their log-odds."""
        weights = self.model.weights if self.model else {}
        parts = ((name, weights.get(name, 0.0) * value) for name, value in self.pair.features.items())
        return sorted(parts, key=lambda p: (-abs(p[1]), p[0]))[:3] if weights else []


@frozen
class Way:
    """A channel that a statement may have: its name, the probability, and the strongest features' log-odds."""

    name: str
    probability: float
    features: tuple[tuple[str, float], ...]


def ways(channels: Channels, found: Sequence[Chance], statement: int) -> tuple[Way, ...]:
    """Return the likeliest channels of a statement, likeliest first; for `quotes explain`."""
    shown = sorted((c for c in found if c.pair.statement == statement and c.chance >= _SHOWN), key=lambda c: -c.chance)
    named = ((c, channels.proposals[c.pair.proposal].channel) for c in shown[:_MOST])
    return tuple(
        Way(f"{channel.relation} {channel.name}", c.chance, tuple((name, round(v, 2)) for name, v in c.reasons))
        for c, channel in named
    )


def odds(features: Mapping[str, float], model: Model) -> float:
    """Return the log-odds of a logistic model."""
    return model.bias + sum(model.weights.get(name, 0.0) * value for name, value in features.items())


def rated(pair: Pair, model: Model) -> Chance:
    """Return a pair with its probability."""
    return Chance(pair, probability(odds(pair.features, model)), model)


def chances(channels: Channels, models: Mapping[str, Model]) -> list[Chance]:
    """Return all pairs of statements and channels, each with its probability.

    Args:
        channels: the channels of one article.
        models: the models by name; without them, only channels granted by patterns count.
    """
    own = list(channels.own_pairs())
    if not {OWN, CARRIED} <= set(models):
        return [Chance(p, _GRANTED) for p in own if p.features.get("granted")]
    first = [rated(p, models[OWN]) for p in own]
    return first + [rated(p, models[CARRIED]) for p in Carried(channels, told(first)).pairs()]


def told(found: Iterable[Chance]) -> dict[tuple[int, Key], float]:
    """Return probabilities by statement and channel."""
    return {(c.pair.statement, c.pair.key): c.chance for c in found}
