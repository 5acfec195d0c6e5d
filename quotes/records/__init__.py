"""The frozen records that every stage and every export share.

One class per concept, with strings, numbers and tuples only. The public half (Article to ArticleRecord) is the contract
of the JSON export (schema "quotes/1"); the working half below it passes between stages and is never exported.

All offsets are code points into the source's text, inclusive low, exclusive high.
"""

from __future__ import annotations

from typing import Literal

from attrs import field, frozen

SCHEMA = "quotes/1"

QuoteType = Literal["direct", "mixed", "indirect", "post", "attitude"]
SpeakerKind = Literal["person", "organization", "group", "anonymous", "document", "author", "unknown"]
Resolution = Literal["name", "alias", "pronoun", "role", "continuation", "signature", "none"]
# The part of a statement in a transcript, an interview, a printed speech or a live report.
Turn = Literal["label", "question", "answer", "unnamed", "speech", "headline"]
Relation = Literal["to", "via", "on", "in"]
Pronoun = Literal["she", "he", "they"]
ChannelKind = Literal["outlet", "programme", "platform", "journalist", "occasion", "document", "audience"]
Stance = Literal["said", "denied", "hypothetical", "asked"]


@frozen
class Span:
    """A slice of the source's text."""

    start: int
    """Offset of the first code point."""
    end: int
    """Offset after the last code point."""


@frozen
class Mention:
    """Words of the source and their place: `source_text[start:end] == text`."""

    text: str
    start: int
    end: int


@frozen
class Cue:
    """The words that introduce a statement: said, according to, a colon."""

    text: str
    """The words as printed."""
    lemma: str
    """Their base form."""
    start: int
    end: int


@frozen
class Outlet:
    """A publisher: a name, its key in `patterns/outlets.toml` and its main domain, if known."""

    name: str
    """Canonical name, or the name as printed for an unlisted one."""
    id: str | None = None
    """Key in `patterns/outlets.toml`, or null."""
    domain: str | None = None
    """Main domain, or null."""


@frozen
class Speaker:
    """Who is credited with a statement.

    `name` is the fullest form in the article without titles, or an unnamed source's description; `mention` the words
    that credit this quote; `resolution` how the mention led to the name.
    """

    name: str
    """The fullest form in the article, without titles; for an unnamed source its description."""
    kind: SpeakerKind = "unknown"
    """The kind of speaker."""
    role: str | None = None
    """The fullest description that the article gives, or null."""
    mention: Mention | None = None
    """The words that credit this quote, or null."""
    resolution: Resolution = "none"
    """How the mention became the name."""
    handle: str | None = None
    """The name on the platform, with its @, or null."""
    id: str | None = None
    """The id that a people file gives, or null."""
    pronoun: Pronoun | None = None
    """The speaker's pronoun, from the article's pronouns and titles, never guessed from a name; absent if unknown."""


@frozen
class Channel:
    """How the words reached the article: to an interviewer, via an outlet, on a platform, in an occasion."""

    relation: Relation
    """`to` whom it was said, `via` which outlet, `on` which platform or programme, `in` which occasion or document."""
    name: str
    """The noun phrase without its article; for a known outlet its canonical name."""
    kind: ChannelKind
    """The kind of channel."""
    id: str | None = None
    """Key in `patterns/outlets.toml` or `patterns/platforms.toml`, or null."""
    mention: Mention | None = None
    """The words that name it, or null."""


@frozen
class Quote:
    """One statement: its fragments, who is credited with it, and how it came."""

    id: str
    """Stable hash of article id and spans."""
    type: QuoteType
    """`direct`: all in quotation marks; `mixed`: part of it; `indirect`: none; `post`: an embedded social post;
    `attitude`: a belief, intention or decree that is not said here (only on request)."""
    text: str
    """What was said, as printed; fragments are joined by one space."""
    spans: tuple[Span, ...]
    """The fragments, in order, not overlapping."""
    cue: Cue | None = None
    """The words that introduce the statement, or null."""
    speaker: Speaker | None = None
    """Who is credited, or null."""
    channels: tuple[Channel, ...] = ()
    """How the words reached the article."""
    said_on: str | None = None
    """ISO date, if the article gives one for the statement, else null."""
    confidence: float = 0.0
    """The probability that span and speaker are both right, 0 to 1."""
    pattern: str | None = None
    """Id of the pattern that made the link, or null."""
    paragraph: Span | None = None
    """The surrounding paragraph, or null."""
    stance: Stance = "said"
    """Whether the article reports it as `said`, or as `denied` (did not say, denied saying, refused to say, nobody
    said), `hypothetical` (if he had said, should have said) or `asked` (asked whether); all but `said` on request."""


@frozen
class Repair:
    """A kind of dirt in a source's text that was repaired (`--clean`)."""

    step: str
    """Its name, as "hyphenated-line-ends"."""
    count: int
    """How often it was repaired."""


@frozen
class Article:
    """One article of a source, from `start` to `end` in the source's text.

    `text` is the source's whole text, kept only on request (`--with-text`), so that offsets can be checked.
    """

    id: str
    """Stable hash of source and text."""
    source: str
    """The path, URL or id that the text came from."""
    index: int
    """Which article of that source, from 0."""
    start: int
    """Where the article begins in the source's text."""
    end: int
    """Where it ends."""
    title: str | None = None
    byline: str | None = None
    published: str | None = None
    """ISO 8601, or null."""
    url: str | None = None
    language: str | None = None
    """Language code, or null."""
    outlet: Outlet | None = None
    """Its publisher, or null."""
    wire: Outlet | None = None
    """The agency that wrote it, if the article says so, or null."""
    text: str | None = None
    """The source's whole text, only on request."""
    cleaned: tuple[Repair, ...] | None = field(default=None, repr=False)
    """Repairs made in the source's text before it was read; offsets then refer to the repaired text. Absent if it was
    read unchanged."""
    found_by: str | None = field(default=None, repr=False)
    """How the text of a web page was found if the extractor missed it: `restored`, mostly from lost parts, or
    `paragraphs`, all paragraphs of the page. Absent otherwise."""


@frozen
class ArticleRecord:
    """An article and its quotes, in order of their first offset."""

    article: Article
    quotes: tuple[Quote, ...] = ()


@frozen
class ErrorRecord:
    """A source that could not be read."""

    source: str
    """The path, URL or id that could not be read."""
    error: str
    """The kind of error, one word."""
    detail: str
    """The fault, and the next step."""


# ---------------------------------------------------------------------------------------------------------------------
# Working records, which one stage passes to the next.


@frozen
class SourceText:
    """A text from ingest with its metadata.

    `name` is the path, URL or id it came from; the other fields are null if the input does not state them.
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
    file: str | None = None
    """The file with several texts that it comes from, or null."""
    cleaned: tuple[Repair, ...] | None = None
    """Repairs made in the text, or null if it was not cleaned."""
    found_by: str | None = None
    """As in `Article`."""
    emphasis: tuple[Span, ...] = ()
    """Paragraphs that are bold, italic or headings throughout."""


@frozen
class Page:
    """An unopened web page, with metadata from elsewhere; its text is still to be extracted."""

    name: str
    data: bytes
    url: str | None = None
    published: str | None = None
    """The date to use if the page has none; likewise title, byline, outlet, language and wire."""
    file: str | None = None
    """As in `SourceText`."""
    title: str | None = None
    byline: str | None = None
    outlet: str | None = None
    language: str | None = None
    wire: str | None = None


@frozen
class Slice:
    """One article found on a page: its body, `start` to `end`, and its credits.

    `outlet` and `wire` are names as printed; `headline` is the title's place in the text, or null.
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
    emphasis: tuple[Span, ...] = ()


@frozen
class MarkedSpan:
    """A span between quotation marks, marks included.

    `inner` is the span without its marks. `closed` is False if the paragraph ends before a closing mark. `continues` is
    True if the span continues a quotation that the previous paragraph left open; it may then lack an opening mark.
    """

    start: int
    end: int
    inner: Span
    mark: Literal["double", "single"] = "double"
    closed: bool = True
    continues: bool = False


@frozen
class Candidate:
    """A statement from a proposer: its words, its cue, its mention, and the pattern that found it.

    `mention` is the core of the noun phrase ("the spokesperson"), `source` the whole phrase with apposition and
    relative clause. `anchor` is the offset in whose sentence channels are looked for, usually the cue's. `turn` is set
    if the layout, not a sentence, shows who speaks: then the cast of the transcript or interview gives the speaker.
    `stance` is as in `Quote`. `relay` is the outlet that passes the statement on, where its credit is around it.
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
    turn: Turn | None = None
    stance: Stance = "said"
    relay: Span | None = None
    features: tuple[tuple[str, float], ...] = field(default=())
