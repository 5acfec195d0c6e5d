"""The tables that a pattern file may hold: one record a kind, each field as the TOML has it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

from attrs import frozen

# A statement pattern's nodes (RIGHT_ID, roles or regex groups) that the engine reads.
ROLES = ("cue", "speaker", "content")
# How a channel pattern asks for the role of a token: `_ = { quotes_role = "cue" }`, a token extension of spaCy's.
ROLE_ATTRIBUTE = "quotes_role"

# What may follow a cue; see Cue.
TAKES = ("direct", "clause", "question", "infinitive", "object", "quoted-object", "as", "addressee")
Table = Mapping[str, Any]


@frozen
class Example:
    """A sentence that the pattern must match first, and what it must then give, field by field."""

    text: str
    expect: tuple[tuple[str, Any], ...] = ()


@frozen
class Counterexample:
    """A sentence that the pattern must leave alone, and why."""

    text: str
    because: str


@frozen
class Cue:
    """Words of saying that behave alike.

    `takes` says what may follow: `direct` (a quotation), `clause` (that Y, or bare Y), `question` (whether Y),
    `infinitive` (to do Y), `object` (a noun phrase: denied any role), `quoted-object` (a noun phrase, if it holds
    quotation marks: called her "a friend"), `as` (described it as Y), `addressee` (told Roe that Y). `kind` keeps what
    is said or written apart from what is thought, wanted or decreed.
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
    """Titles and honorifics that stand before a name, with what they tell of the bearer."""

    id: str
    note: str
    words: tuple[str, ...]
    gender: Literal["f", "m"] | None = None
    kind: Literal["honorific", "office", "rank", "profession"] = "honorific"


@frozen
class RegexPattern:
    """A regular expression with its proof; named groups are its fields."""

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
    """How cue, speaker and content stand to one another: over the parse (`dependency`) or over tokens (`pattern`).

    In a token pattern `roles` names the role of each token pattern, "" for none. `content` tells where the words are:
    `governed` (what the cue governs, or else the quotation beside it), `rest` (the sentence without the phrase that
    credits), `surrounding` (the clause that the cue's own clause interrupts), `next` (the quotation that follows).
    A `certain` pattern outranks the learned reader of roles where the two differ.
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
    """Words that tell how a statement came.

    A token pattern over the sentence of the cue; `name` are the indices of the token patterns whose tokens make the
    channel's name (from the first match to the last). `kind` "lookup" takes the kind from outlets and platforms.
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
    """How a sentence tells that words were not said, or only might be.

    `window` is a regular expression over the words around a cue, whose place is marked by ‸, case ignored; `dependency`
    a pattern over the parse with a node `cue`. The stance `none` says that no statement is made at all.
    """

    id: str
    note: str
    stance: Literal["said", "denied", "hypothetical", "asked", "none"]
    window: str = ""
    dependency: tuple[Table, ...] = ()
    examples: tuple[Example, ...] = ()
    counterexamples: tuple[Counterexample, ...] = ()


@frozen
class OutletEntry:
    """A news outlet. `weak` aliases ("the Times") count only where the article's own words make them plain.

    `former` are those aliases that were its name once: what was told The Huffington Post was not told HuffPost.
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
    """Whether a public list of news domains has one of the domains, with this country."""


@frozen
class ProgrammeEntry:
    """A programme and the outlet that it belongs to."""

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
    """Roles that an audit counts together: politicians, experts, residents. Words are small; several make a phrase.

    A `passing` family is one that people of any other may belong to, too: a senator is a father and somebody's aide.
    """

    id: str
    note: str
    name: str
    words: tuple[str, ...]
    passing: bool = False


@frozen
class Weight:
    """The weight of one feature in the ranker's logistic model; the id is the feature's name."""

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
