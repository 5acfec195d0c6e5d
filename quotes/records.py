"""The frozen records that every stage and every export share.

One class a concept; strings, numbers and tuples only. The public half (Article to ArticleRecord) is the contract of
the JSON export (schema "quotes/1"); the working half below it passes between stages and is never exported.

All offsets are code points into the source's text, inclusive low, exclusive high.
"""

from __future__ import annotations

from typing import Literal

from attrs import field, frozen

SCHEMA = "quotes/1"

QuoteType = Literal["direct", "mixed", "indirect", "post"]
SpeakerKind = Literal["person", "organization", "group", "anonymous", "document", "author", "unknown"]
Resolution = Literal["name", "alias", "pronoun", "role", "continuation", "signature", "none"]
Relation = Literal["to", "via", "on", "in"]
ChannelKind = Literal["outlet", "programme", "platform", "journalist", "occasion", "document", "audience"]


@frozen
class Span:
    """A slice of the source's text."""

    start: int
    end: int


@frozen
class Mention:
    """Words of the source with their place: `source_text[start:end] == text`."""

    text: str
    start: int
    end: int


@frozen
class Cue:
    """The words that introduce a statement: said, according to, a colon."""

    text: str
    lemma: str
    start: int
    end: int


@frozen
class Outlet:
    """Who publishes: a name, its key in `patterns/outlets.toml` and its main domain, where known."""

    name: str
    id: str | None = None
    domain: str | None = None


@frozen
class Speaker:
    """Who is credited with a statement.

    `name` is the fullest form in the article without titles, or an unnamed source's description; `mention` the words
    that credit this very quote; `resolution` how the one led to the other.
    """

    name: str
    kind: SpeakerKind = "unknown"
    role: str | None = None
    mention: Mention | None = None
    resolution: Resolution = "none"
    handle: str | None = None
    id: str | None = None


@frozen
class Channel:
    """How the words reached the article: to an interviewer, via an outlet, on a platform, in an occasion."""

    relation: Relation
    name: str
    kind: ChannelKind
    id: str | None = None
    mention: Mention | None = None


@frozen
class Quote:
    """One statement: its fragments, who is credited with it, and how it came."""

    id: str
    type: QuoteType
    text: str
    spans: tuple[Span, ...]
    cue: Cue | None = None
    speaker: Speaker | None = None
    channels: tuple[Channel, ...] = ()
    said_on: str | None = None
    confidence: float = 0.0
    pattern: str | None = None
    paragraph: Span | None = None


@frozen
class Article:
    """One article of a source; `start` and `end` say where it lies in the source's text.

    `text` is the source's whole text, kept only on request (`--with-text`), so that offsets can be checked.
    """

    id: str
    source: str
    index: int
    start: int
    end: int
    title: str | None = None
    byline: str | None = None
    published: str | None = None
    url: str | None = None
    language: str | None = None
    outlet: Outlet | None = None
    wire: Outlet | None = None
    text: str | None = None


@frozen
class ArticleRecord:
    """An article and its quotes, in order of their first offset."""

    article: Article
    quotes: tuple[Quote, ...] = ()


@frozen
class ErrorRecord:
    """A source that could not be read; the others go on."""

    source: str
    error: str
    detail: str


# ---------------------------------------------------------------------------------------------------------------------
# Working records: what one stage hands to the next.


@frozen
class SourceText:
    """A text as ingest found it, with what is known of it.

    `name` is the path, URL or id it came from; the other fields are null where the input does not say.
    """

    name: str
    text: str
    title: str | None = None
    byline: str | None = None
    published: str | None = None
    url: str | None = None
    outlet: str | None = None
    language: str | None = None
    wire: str | None = None


@frozen
class Slice:
    """One article found on a page: the body to read, `start` to `end`, and what its furniture told.

    `outlet` and `wire` are names as printed; `headline` is where the title stands in the text, or null.
    """

    start: int
    end: int
    title: str | None = None
    headline: Span | None = None
    outlet: str | None = None
    wire: str | None = None
    byline: str | None = None
    published: str | None = None
    skips: tuple[Span, ...] = ()


@frozen
class MarkedSpan:
    """A span between quotation marks, marks included.

    `inner` is the span without its marks. `closed` is false where the paragraph ends before the mark does.
    `continues` is true where the span goes on with the quotation that the paragraph before left open.
    """

    start: int
    end: int
    inner: Span
    mark: Literal["double", "single"] = "double"
    closed: bool = True
    continues: bool = False


@frozen
class Candidate:
    """A statement that a proposer found: what was said, the cue, who is credited, and the pattern that says so.

    `mention` is the noun phrase's core ("the spokesperson"), `source` all of it with apposition and relative clause.
    `anchor` is the offset in whose sentence channels are looked for, usually the cue's.
    """

    spans: tuple[Span, ...]
    type: QuoteType
    pattern: str
    cue: Cue | None = None
    mention: Span | None = None
    source: Span | None = None
    anchor: int | None = None
    resolution: Resolution | None = None
    handle: str | None = None
    said_on: str | None = None
    features: tuple[tuple[str, float], ...] = field(default=())
