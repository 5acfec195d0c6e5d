"""What gathering gives: one record a source."""

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
    """In how many articles."""


@frozen
class RoleHeld:
    """What articles say a source is."""

    role: str
    count: int
    """In how many articles."""
    first: str | None = None
    """Day of the first article that says so, ISO, or null."""
    last: str | None = None


@frozen
class Counted:
    """An outlet that quotes a source, or a channel that the words came through, and how many articles or quotes."""

    name: str
    count: int


@frozen
class Merge:
    """Why a name was taken for the source's."""

    name: str
    into: str
    because: tuple[str, ...]
    """The evidence by its names in `patterns/en/sources.toml`, the strongest first."""
    score: float


@frozen
class Source:
    """Somebody or something that articles quote, over all of them."""

    id: str
    """Stable: adding articles does not change it."""
    name: str
    """The name that most articles give in full."""
    kind: SpeakerKind
    listed: str | None = None
    """The id that a people file gives (Wikidata, say), or null."""
    same_as: str | None = None
    """The address that this id has at Wikidata, or null."""
    pronoun: Pronoun | None = None
    """What the articles call the source, where three of four that tell agree."""
    pronouns: tuple[Counted, ...] = ()
    aliases: tuple[Alias, ...] = ()
    roles: tuple[RoleHeld, ...] = ()
    family: str | None = None
    """Id of the family of roles that most articles tell, or null."""
    outlets: tuple[Counted, ...] = ()
    channels: tuple[Counted, ...] = ()
    articles: int = 0
    quotes: int = 0
    words: int = 0
    direct: int = 0
    """Quotes in quotation marks, all or in part."""
    reported: int = 0
    """Quotes without them."""
    first: str | None = None
    """Day of the first article, ISO, or null."""
    last: str | None = None
    examples: tuple[Example, ...] = ()
    merges: tuple[Merge, ...] = ()
    former: tuple[str, ...] = ()
    """Ids of sources that turned out to be this one."""
