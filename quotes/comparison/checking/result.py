"""What checking a quote gives: a verdict, and each place that it rests on, as frozen records."""

from __future__ import annotations

from typing import Literal

from attrs import frozen

from quotes.records import QuoteType, Span, Stance

SCHEMA = "quotes-check/1"

Verdict = Literal[
    "verbatim", "punctuation", "altered", "splice", "reported", "other-speaker", "own-words", "not-found", "denied",
    "hypothetical",
]  # fmt: skip
Match = Literal["verbatim", "punctuation", "altered", "part"]
Standing = Literal["quoted", "reported", "own-words"]

# What the program's exit status is; 1 and 2 are errors, as everywhere.
STATUS: dict[Verdict, int] = {
    "verbatim": 0, "punctuation": 0, "altered": 3, "splice": 4, "reported": 5, "other-speaker": 6, "own-words": 7,
    "not-found": 8, "denied": 9, "hypothetical": 10,
}  # fmt: skip


@frozen
class Change:
    """One step from the source's words to the claim's."""

    op: Literal["replaced", "inserted", "deleted"]
    """`inserted`: in the claim alone; `deleted`: in the source alone."""
    source: str
    """The source's words as printed."""
    claim: str
    """The claim's words as given."""


@frozen
class Hit:
    """A place that the claim was found at: a real slice of a real source."""

    match: Match
    """`verbatim`: letter by letter; `punctuation`: the same words; `altered`: nearly the same; `part`: of a splice."""
    standing: Standing
    """`quoted`: in quotation marks or in a post; `reported`: in reported speech; `own-words`: in neither."""
    text: str
    """The words as the source prints them; slices of a split quotation are joined by one space."""
    spans: tuple[Span, ...]
    """Where they stand in the source's text."""
    source: str
    """The path, URL or id of the source."""
    article: str
    """Id of the article."""
    outlet: str | None = None
    """Who published it, or null."""
    published: str | None = None
    """Date of the article, or null."""
    title: str | None = None
    """Its title, or null."""
    url: str | None = None
    """Its address, or null."""
    quote: str | None = None
    """Id of the quote that holds the words, or null."""
    type: QuoteType | None = None
    """Type of that quote, or null."""
    speaker: str | None = None
    """Who is credited with that quote, or null."""
    stance: Stance = "said"
    """Whether the source tells the words as said, or as denied, hypothetical or asked."""
    agrees: bool | None = None
    """Whether that is the speaker who was asked for; null if none was, or where it cannot be known."""
    before: str = ""
    """What stands before, as printed."""
    after: str = ""
    """What stands behind, as printed."""
    changes: tuple[Change, ...] = ()
    """What leads from the source's words to the claim's; only where the match is `altered`."""


@frozen
class Finding:
    """The answer to one claim."""

    claim: str
    """The words that were asked for."""
    speaker: str | None
    """The speaker who was asked for, or null."""
    verdict: Verdict
    """What the best of the hits says."""
    hits: tuple[Hit, ...] = ()
    """Where it was found, the best first, as many as were asked for; the parts of a splice in the claim's order."""
    places: int = 0
    """How many hits there were in all."""

    @property
    def status(self) -> int:
        """The exit status that tells the verdict."""
        return STATUS[self.verdict]
