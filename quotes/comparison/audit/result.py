"""What an audit says, as frozen records of strings and numbers."""

from __future__ import annotations

from attrs import frozen

SCHEMA = "quotes-audit/1"


@frozen
class Part:
    """A part's share of quotes and of words, in one of the groups that are compared."""

    count: int
    base: int
    share: float
    low: float
    high: float
    words: int
    word_share: float
    small: bool
    """Whether it rests on too little to say much."""


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
    """A question and its answer: how the quotes of each group divide."""

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
    """An outlet, section, byline or month: how much it quotes, and whom."""

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
    """How many sources make how much of what named sources say."""

    group: str
    sources: int
    half: int
    """So many sources, those with most words first, make half of the words."""
    ten: float
    """The share of words of the ten with most."""
    once: float
    """The share of sources that are quoted in one article only."""
    curve: tuple[float, ...]
    """The share of words of the first tenth of sources, the first two tenths, and so on."""
    top: tuple[tuple[str, int], ...]
    """The ten with most words, and how many."""


@frozen
class Group:
    """What is counted: all, or one of two periods or outlets."""

    name: str
    articles: int
    quotes: int
    words: int
    sources: int
    first: str | None
    last: str | None


@frozen
class Audit:
    """An editor's questions, answered."""

    groups: tuple[Group, ...]
    charts: tuple[Chart, ...]
    concentration: tuple[Concentration, ...]
    breakdowns: tuple[Breakdown, ...]
