"""The result of gathering: one record per source."""

from __future__ import annotations

from attrs import frozen

from quotes.comparison.sources.appearance import Example
from quotes.records import Pronoun, SpeakerKind

SCHEMA = "quotes-sources/1"


@frozen
class Alias:
    """A name by which articles call a source."""

    name: str
    count: int
    """The number of articles."""


@frozen
class RoleHeld:
    """A role that articles give a source."""

    role: str
    count: int
    """The number of articles."""
    first: str | None = None
    """Day of the first article with this role, ISO, or null."""
    last: str | None = None


@frozen
class Counted:
    """An outlet that quotes a source, or a channel of its words, and the number of articles or quotes."""

    name: str
    count: int


@frozen
class Merge:
    """The reason why a name was merged into the source."""

    name: str
    into: str
    because: tuple[str, ...]
    """The evidence by its names in `patterns/en/sources.toml`, the strongest first."""
    score: float


@frozen
class Source:
    """A person or body that articles quote, over all of them."""

    id: str
    """Stable: adding articles does not change it."""
    name: str
    """The full name in most articles."""
    kind: SpeakerKind
    listed: str | None = None
    """The id that a people file gives (Wikidata, say), or null."""
    same_as: str | None = None
    """The Wikidata address of this id, or null."""
    pronoun: Pronoun | None = None
    """The pronoun of the source, if three of four articles agree."""
    pronouns: tuple[Counted, ...] = ()
    aliases: tuple[Alias, ...] = ()
    roles: tuple[RoleHeld, ...] = ()
    family: str | None = None
    """Id of the family of roles in most articles, or null."""
    outlets: tuple[Counted, ...] = ()
    channels: tuple[Counted, ...] = ()
    articles: int = 0
    quotes: int = 0
    words: int = 0
    direct: int = 0
    """Quotes in quotation marks, wholly or partly."""
    reported: int = 0
    """Quotes without them."""
    first: str | None = None
    """Day of the first article, ISO, or null."""
    last: str | None = None
    examples: tuple[Example, ...] = ()
    merges: tuple[Merge, ...] = ()
    former: tuple[str, ...] = ()
    """Former ids of sources merged into this one."""
