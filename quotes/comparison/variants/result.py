"""The result of grouping, as frozen records: groups of quotes that are the same statement."""

from __future__ import annotations

from typing import Literal

from attrs import frozen

from quotes.records import QuoteType

SCHEMA = "quotes-variants/1"

Kind = Literal["lead", "same", "punctuation", "truncated", "contained", "overlapping", "edited"]
Op = Literal["cut", "beyond", "omitted", "bracketed", "replaced", "inserted", "deleted"]


@frozen
class Difference:
    """One step from the lead's words to a variant's."""

    op: Op
    """`cut`: the variant begins later or ends earlier; `beyond`: it begins earlier or goes on; `omitted`: an ellipsis
    or the seam of a split quotation stands for the words; `bracketed`: square brackets mark the edit; `replaced`,
    `inserted`, `deleted`: nothing marks it."""
    lead: str
    """The lead's words as printed; empty for an insertion."""
    variant: str
    """The variant's words as printed; empty for an omission."""


@frozen
class Variant:
    """One printing of a statement."""

    quote: str
    """Id of the quote."""
    article: str
    """Id of its article."""
    source: str
    """The path, URL or id that the article came from."""
    start: int
    """Where the quote begins in the source's text."""
    end: int
    """Where it ends."""
    type: QuoteType
    """Type of the quote."""
    text: str
    """The quote as printed."""
    outlet: str | None = None
    """Its outlet, or null."""
    published: str | None = None
    """Date of the article, ISO 8601, or null."""
    url: str | None = None
    """Address of the article, or null."""
    title: str | None = None
    """Title of the article, or null."""
    speaker: str | None = None
    """Who is credited, or null."""
    kind: Kind = "lead"
    """`same`: letter by letter; `punctuation`: the same words; `truncated`: part of the lead's words, with an ellipsis
    for the others; `contained`: part of them, unmarked; `overlapping`: part of them, and others before or behind;
    `edited`: words differ."""
    differences: tuple[Difference, ...] = ()
    """The steps from the lead's words to these, in order."""
    reworded: bool = False
    """Whether quoted words were changed, added or dropped within, without a mark."""


@frozen
class Group:
    """Quotes that are the same statement: the fullest first, the others by date, outlet and place."""

    id: str
    """Stable hash of the quotes' ids."""
    lead: Variant
    """The fullest printing."""
    variants: tuple[Variant, ...]
    """All others."""
    outlets: tuple[str, ...] = ()
    """All outlets, sorted by name."""
    speakers: tuple[str, ...] = ()
    """All credited names, as printed, sorted."""
    first: Variant | None = None
    """The earliest printing among those with a date; null where two outlets share that date, or none has one."""
    misattributed: bool = False
    """Whether two of the credits cannot mean the same speaker."""
    misquoted: bool = False
    """Whether some variant is reworded."""
