"""Confidence intervals of shares, clustered by article, since an article's quotes are seldom independent."""

from __future__ import annotations

import math
from collections.abc import Iterable
from statistics import NormalDist

from attrs import frozen

LEVEL = 0.95


@frozen
class Share:
    """A share with its 95 % confidence interval."""

    count: int
    base: int
    low: float = 0.0
    high: float = 1.0
    effective: float = 0.0
    """The effective number of independent quotes."""

    @property
    def value(self) -> float:
        """The share itself."""
        return self.count / self.base if self.base else 0.0


def share(bunches: Iterable[tuple[int, int]], *, level: float = LEVEL) -> Share:
    """Return the share of counts in their bases, one pair per article.

    The variance is that of a ratio over clusters (Cochran, Sampling Techniques, 3rd ed., 6.4); it gives the number of
    independent observations that would vary as much, and Wilson's interval is taken for those.
    """
    pairs = [(count, base) for count, base in bunches if base]
    count, base = sum(c for c, _ in pairs), sum(b for _, b in pairs)
    if not base:
        return Share(0, 0)
    effective = _effective(pairs, count / base, base)
    low, high = wilson(count / base, effective, level=level)
    return Share(count, base, low, high, effective)


def _effective(pairs: list[tuple[int, int]], value: float, base: int) -> float:
    many = len(pairs)
    spread = sum((c - value * b) ** 2 for c, b in pairs)
    if many < 2 or not spread:
        # No variance: as many as there are articles.
        return float(many)
    variance = many / (many - 1) * spread / base**2
    return max(1.0, min(float(base), value * (1 - value) / variance))


def wilson(value: float, number: float, *, level: float = LEVEL) -> tuple[float, float]:
    """Return Wilson's score interval of a share among `number` observations (JASA 22, 1927)."""
    if not number:
        return 0.0, 1.0
    z = _z(level)
    middle = value + z * z / (2 * number)
    half = z * math.sqrt(value * (1 - value) / number + z * z / (4 * number * number))
    whole = 1 + z * z / number
    return max(0.0, (middle - half) / whole), min(1.0, (middle + half) / whole)


@frozen
class Difference:
    """The difference of two shares, with its interval."""

    value: float
    low: float
    high: float

    @property
    def stands_out(self) -> bool:
        """Whether the difference is significant."""
        return self.low > 0 or self.high < 0


def difference(one: Share, other: Share, *, among: int = 1) -> Difference:
    """Return the difference of two shares, by Newcombe's tenth method (Statistics in Medicine 17, 1998).

    Args:
        one: the share to subtract from.
        other: the share to subtract.
        among: the number of differences tested; the interval is widened accordingly (Bonferroni).
    """
    level = 1 - (1 - LEVEL) / max(1, among)
    (low, high), (its_low, its_high) = (wilson(s.value, s.effective, level=level) for s in (one, other))
    value = one.value - other.value
    below = math.hypot(one.value - low, its_high - other.value)
    above = math.hypot(high - one.value, other.value - its_low)
    return Difference(value, value - below, value + above)


def _z(level: float) -> float:
    return NormalDist().inv_cdf(0.5 + level / 2)
