"""The result of checking a quote, as frozen records: a verdict, and the places that support it."""

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

# Exit statuses; 1 and 2 are errors, as everywhere.
STATUS: dict[Verdict, int] = {
    "verbatim": 0, "punctuation": 0, "altered": 3, "splice": 4, "reported": 5, "other-speaker": 6, "own-words": 7,
    "not-found": 8, "denied": 9, "hypothetical": 10,
}  # fmt: skip


@frozen
class Change:
    """One step from the source's words to the claim's."""

    op: Literal["replaced", "inserted", "deleted"]
    """`inserted`: only in the claim; `deleted`: only in the source."""
    source: str
    """The source's words as printed."""
    claim: str
    """The claim's words as given."""


@frozen
class Hit:
    """A place where the claim was found: a slice of a source."""

    match: Match
    """`verbatim`: letter by letter; `punctuation`: the same words; `altered`: nearly the same; `part`: of a splice."""
    standing: Standing
    """`quoted`: in quotation marks or in a post; `reported`: in reported speech; `own-words`: in neither."""
    text: str
    """The words as the source prints them; slices of a split quotation are joined by one space."""
    spans: tuple[Span, ...]
    """Their places in the source's text."""
    source: str
    """The path, URL or id of the source."""
    article: str
    """Id of the article."""
    outlet: str | None = None
    """Its outlet, or null."""
    published: str | None = None
    """Date of the article, or null."""
    title: str | None = None
    """Its title, or null."""
    url: str | None = None
    """Its address, or null."""
    quote: str | None = None
    """Id of the quote that contains the words, or null."""
    type: QuoteType | None = None
    """Type of that quote, or null."""
    speaker: str | None = None
    """Who is credited with that quote, or null."""
    stance: Stance = "said"
    """Whether the source gives the words as said, denied, hypothetical or asked."""
    agrees: bool | None = None
    """Whether that is the speaker asked for; null if none was, or if it cannot be known."""
    before: str = ""
    """The text before, as printed."""
    after: str = ""
    """The text after, as printed."""
    changes: tuple[Change, ...] = ()
    """The steps from the source's words to the claim's; only if the match is `altered`."""


@frozen
class Finding:
    """The answer to one claim."""

    claim: str
    """The words to check."""
    speaker: str | None
    """The speaker asked for, or null."""
    verdict: Verdict
    """The verdict of the best hit."""
    hits: tuple[Hit, ...] = ()
    """The places found, the best first, up to the limit; the parts of a splice in the claim's order."""
    places: int = 0
    """The number of hits without the limit."""

    @property
    def status(self) -> int:
        """The exit status for the verdict."""
        return STATUS[self.verdict]
