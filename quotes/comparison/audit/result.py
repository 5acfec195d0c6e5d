"""The result of an audit, as frozen records of strings and numbers."""

from __future__ import annotations

from attrs import frozen

SCHEMA = "quotes-audit/1"


@frozen
class Part:
    """A part's share of the quotes and of the words of one group."""

    count: int
    base: int
    share: float
    low: float
    high: float
    words: int
    word_share: float
    small: bool
    """Whether it rests on too few quotes or articles."""


@frozen
class Gap:
    """How much larger the first group's share is than the second's."""

    value: float
    low: float
    high: float
    stands_out: bool


@frozen
class Row:
    """One part of a whole: "people", "she", "Experts"."""

    id: str
    label: str
    parts: tuple[Part, ...]
    gap: Gap | None = None


@frozen
class Chart:
    """A question and its answer: the shares of each group's quotes."""

    id: str
    title: str
    note: str
    rows: tuple[Row, ...]


@frozen
class Cell:
    """A share in a table of groups, with its interval."""

    count: int
    base: int
    share: float
    low: float
    high: float
    small: bool


@frozen
class Line:
    """An outlet, section, byline or month: how much it quotes, and its speakers."""

    name: str
    articles: int
    quotes: int
    words: int
    sources: int
    cells: tuple[Cell, ...]


@frozen
class Breakdown:
    """The same shares for each outlet, section, byline or month."""

    id: str
    title: str
    note: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]


@frozen
class Concentration:
    """How concentrated the words of named sources are."""

    group: str
    sources: int
    half: int
    """The smallest number of sources with half of the words."""
    ten: float
    """The share of words of the ten sources with most words."""
    once: float
    """The share of sources quoted in only one article."""
    curve: tuple[float, ...]
    """The share of words of the first tenth of sources, the first two tenths, and so on."""
    top: tuple[tuple[str, int], ...]
    """The ten sources with most words, and how many."""


@frozen
class Group:
    """The quotes that are counted: all, or those of one of two periods or outlets."""

    name: str
    articles: int
    quotes: int
    words: int
    sources: int
    first: str | None
    last: str | None


@frozen
class Audit:
    """The whole audit."""

    groups: tuple[Group, ...]
    charts: tuple[Chart, ...]
    concentration: tuple[Concentration, ...]
    breakdowns: tuple[Breakdown, ...]
