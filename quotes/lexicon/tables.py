"""The tables of pattern files: one record class per kind, with the fields of the TOML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

from attrs import frozen

# A statement pattern's nodes (RIGHT_ID, roles or regex groups) that the engine reads.
ROLES = ("cue", "speaker", "content")
# The token extension with which a channel pattern asks for a token's role: `_ = { quotes_role = "cue" }`.
ROLE_ATTRIBUTE = "quotes_role"

# Kinds of content after a cue; see Cue.
TAKES = ("direct", "clause", "that", "question", "infinitive", "object", "quoted-object", "as", "addressee")
Table = Mapping[str, Any]


@frozen
class Example:
    """A sentence that the pattern must match first, and the fields of the match."""

    text: str
    expect: tuple[tuple[str, Any], ...] = ()


@frozen
class Counterexample:
    """A sentence that the pattern must not match, and why."""

    text: str
    because: str


@frozen
class Cue:
    """Words of saying that behave alike.

    `takes` lists what may follow: `direct` (a quotation), `clause` (that Y, or bare Y), `that` (only with that),
    `question` (whether Y), `infinitive` (to do Y), `object` (a noun phrase: denied any role), `quoted-object` (a noun
    phrase, if it holds quotation marks: called her "a friend"), `as` (described it as Y), `addressee` (told Roe that
    Y). `kind` separates speech and writing from thoughts, wishes and decrees.
    """

    id: str
    note: str
    words: tuple[str, ...]
    takes: tuple[str, ...]
    kind: Literal["speech", "attitude"] = "speech"
    pos: Literal["verb", "noun", "phrase"] = "verb"


@frozen
class Words:
    """A plain list of words for a named purpose."""

    id: str
    note: str
    words: tuple[str, ...]


@frozen
class Title:
    """Titles and honorifics before a name, with the bearer's gender if they show it."""

    id: str
    note: str
    words: tuple[str, ...]
    gender: Literal["f", "m"] | None = None
    kind: Literal["honorific", "office", "rank", "profession"] = "honorific"


@frozen
class RegexPattern:
    """A regular expression with its examples; named groups are its fields."""

    id: str
    note: str
    regex: str
    flags: str = ""
    examples: tuple[Example, ...] = ()
    counterexamples: tuple[Counterexample, ...] = ()

    def compile(self) -> re.Pattern[str]:
        """Return the compiled expression."""
        flags = 0
        for letter in self.flags:
            flags |= {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL, "x": re.VERBOSE}[letter]
        return re.compile(self.regex, flags)


@frozen
class StatementPattern:
    """A pattern of cue, speaker and content: over the parse (`dependency`) or over tokens (`pattern`).

    In a token pattern `roles` names the role of each token pattern, "" for none. `content` says where the words are:
    `governed` (by the cue, or else the quotation beside it), `rest` (the sentence without the crediting phrase),
    `surrounding` (the clause that the cue's clause interrupts), `next` (the following quotation). A `certain` pattern
    outranks the trained reader if they differ.
    """

    id: str
    note: str
    dependency: tuple[Table, ...] = ()
    pattern: tuple[Table, ...] = ()
    roles: tuple[str, ...] = ()
    content: Literal["governed", "rest", "surrounding", "next"] = "governed"
    kind: Literal["speech", "attitude"] = "speech"
    certain: bool = False
    examples: tuple[Example, ...] = ()
    counterexamples: tuple[Counterexample, ...] = ()


@frozen
class ChannelPattern:
    """Words that name a statement's channel.

    A token pattern over the sentence of the cue; `name` lists the indices of the token patterns that make the channel's
    name (from the first match to the last). `kind` "lookup" takes the kind from outlets and platforms.
    """

    id: str
    note: str
    relation: Literal["to", "via", "on", "in"]
    kind: Literal["outlet", "programme", "platform", "journalist", "occasion", "document", "audience", "lookup"]
    pattern: tuple[Table, ...] = ()
    dependency: tuple[Table, ...] = ()
    name: tuple[int, ...] = ()
    examples: tuple[Example, ...] = ()
    counterexamples: tuple[Counterexample, ...] = ()


@frozen
class StancePattern:
    """A pattern of sentences that say that words were not said, or only might be.

    `window` is a regular expression over the words around a cue, whose place is marked by ‸, ignoring case;
    `dependency` is a pattern over the parse with a node `cue`. The stance `none` means that there is no statement.
    """

    id: str
    note: str
    stance: Literal["said", "denied", "hypothetical", "asked", "none"]
    window: str = ""
    dependency: tuple[Table, ...] = ()
    examples: tuple[Example, ...] = ()
    counterexamples: tuple[Counterexample, ...] = ()

    def compile(self) -> re.Pattern[str]:
        """Return the compiled window."""
        return re.compile(self.window, re.IGNORECASE)


@frozen
class OutletEntry:
    """A news outlet. `weak` aliases ("the Times") count only if the article's words make them clear.

    `former` are aliases that were once its name, and are kept as printed: The Huffington Post, not HuffPost.
    """

    id: str
    name: str
    kind: Literal["agency", "newspaper", "magazine", "broadcaster", "site"]
    country: str
    aliases: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    confirmed: bool = False
    """Whether a public list of news domains has one of its domains, with this country."""


@frozen
class ProgrammeEntry:
    """A programme and its outlet."""

    id: str
    name: str
    outlet: str
    aliases: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()


@frozen
class PlatformEntry:
    """A platform that people post on."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()


@frozen
class RoleFamily:
    """Roles that an audit counts together: politicians, experts, residents. Words are in lower case.

    A `passing` family is compatible with any other: a senator can also be a father.
    """

    id: str
    note: str
    name: str
    words: tuple[str, ...]
    passing: bool = False


@frozen
class Weight:
    """The weight of a feature in the ranker's logistic model; the id is the feature's name."""

    id: str
    note: str
    weight: float


@frozen
class Model:
    """A fitted logistic model: the weight of each feature, and the bias."""

    id: str
    note: str
    bias: float
    weights: Mapping[str, float]


TABLES: dict[str, type[Any]] = {
    "cue": Cue,
    "words": Words,
    "title": Title,
    "regex": RegexPattern,
    "statement": StatementPattern,
    "channel": ChannelPattern,
    "stance": StancePattern,
    "outlet": OutletEntry,
    "programme": ProgrammeEntry,
    "platform": PlatformEntry,
    "family": RoleFamily,
    "weight": Weight,
    "model": Model,
}
PROVED = (RegexPattern, StatementPattern, ChannelPattern, StancePattern)
