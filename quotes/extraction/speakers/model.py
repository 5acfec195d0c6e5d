"""Mentions and entities of an article: built once (entities.py), then frozen."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from attrs import Factory, field, frozen

from quotes.extraction.speakers.name_finder import EntityKind
from quotes.extraction.speakers.titles import WORD, Gender
from quotes.lexicon import Lexicon
from quotes.records import Candidate, Span, SpeakerKind

if TYPE_CHECKING:
    from quotes.extraction.speakers.tagged import Tagged

QueryKind = Literal["he", "they", "it", "who", "author", "name", "noun", "none"]


@frozen(eq=False)
class Mention:
    """A mention by name: the name without titles, and its place.

    `title` has the words before it, `gender` the gender that they show; `subject` is True if a verb follows or by the
    parse, `quoted` inside quotation marks. `sentence` and `paragraph` are numbers.
    """

    start: int
    end: int
    words: tuple[str, ...]
    kind: EntityKind
    title: tuple[str, ...] = ()
    gender: Gender | None = None
    possessive: bool = False
    opens: bool = False
    quoted: bool = False
    subject: bool = False
    object: bool = False
    sentence: int = 0
    paragraph: int = 0


# Finders whose words say nothing on what somebody is: "Roe's Lee", "Lee from Roe", "his pick, Lee".
LOOSE = ("owner", "whence", "apposing")


@frozen
class Role:
    """A description of an entity: the words, their place, and the finder.

    `read` is the reader's probability that these words are a description, None without the reader.
    """

    text: str
    start: int
    source: str
    read: float | None = None

    @property
    def loose(self) -> bool:
        """Whether the words may say nothing on what somebody is."""
        return self.source.removesuffix("-quoted") in LOOSE


@frozen(eq=False)
class Entity:
    """A named person or body of the article.

    `gender` comes from titles and roles, `given` from the given name; `votes` is how much more often "he" (positive) or
    "she" (negative) refers to it, from -1 to 1, `neuter` how often "it" does, from 0 to 1; `share` is its share of all
    mentions of people. `called` counts how often pronouns and titles call it "she" and "he".
    """

    words: tuple[str, ...]
    kind: EntityKind = "unknown"
    gender: Gender | None = None
    given: Gender | None = None
    votes: float = 0.0
    neuter: float = 0.0
    share: float = 0.0
    read: Mapping[str, float] = Factory(dict)
    titles: frozenset[str] = frozenset()
    heads: frozenset[str] = frozenset()
    mentions: tuple[Mention, ...] = ()
    roles: tuple[Role, ...] = ()
    called: tuple[int, int] = (0, 0)

    @property
    def name(self) -> str:
        """The canonical name, as printed."""
        return " ".join(self.words)

    @property
    def described(self) -> bool:
        """Whether a description says what this person or body is."""
        return any(not role.loose for role in self.roles)


@frozen(eq=False)
class Referent:
    """A candidate referent of a mention: an entity of the article, or a description, with its place if it is known."""

    name: str
    kind: SpeakerKind
    entity: Entity | None = None
    gender: Gender | None = None
    plural: bool = False
    members: tuple[Entity, ...] = ()
    origin: str = "entity"
    mention: Mention | None = None


@frozen(eq=False)
class Layout:
    """The places of an article's sentences, paragraphs and quotations."""

    text: str
    body: Span
    sentences: Sequence[int]
    paragraphs: Sequence[int]
    quoted: Callable[[int], bool]

    def sentence(self, offset: int) -> int:
        """Return the number of the sentence that contains an offset."""
        return bisect_right(self.sentences, offset)

    def paragraph(self, offset: int) -> int:
        """Return the number of the paragraph that contains an offset."""
        return bisect_right(self.paragraphs, offset)

    @cached_property
    def _words(self) -> tuple[list[int], list[re.Match[str]]]:
        found = list(WORD.finditer(self.text, self.body.start, self.body.end))
        return [word.start() for word in found], found

    def words(self, low: int, high: int) -> Sequence[re.Match[str]]:
        """Return the words that begin in a stretch of the article, in order."""
        starts, found = self._words
        return found[bisect_left(starts, low) : bisect_left(starts, high)]

    def sentence_start(self, offset: int) -> int:
        """Return where the sentence that contains an offset begins."""
        return self.sentences[max(0, self.sentence(offset) - 1)] if self.sentences else self.body.start


@frozen(eq=False)
class Grammar:
    """The parse of an article: which words are subjects, and which word heads a phrase."""

    deps: dict[int, tuple[str, int]] = Factory(dict)

    def labels(self, start: int, end: int) -> frozenset[str]:
        """Return the dependency labels of the words in a span; none if it was not parsed."""
        return frozenset(self.deps[at][0] for at in range(start, min(end, start + 120)) if at in self.deps)

    def label(self, word: int) -> str:
        """Return the dependency label of the word that begins at an offset; empty if it was not parsed."""
        return self.deps.get(word, ("", -1))[0]

    def is_subject(self, start: int, end: int) -> bool:
        """Return whether a name is a subject, or an apposition to one: "The head of the harbour, Ana Lee, says so"."""
        for at in range(start, min(end, start + 120)):
            dep, head = self.deps.get(at, ("", -1))
            if dep == "appos":
                dep = self.deps.get(head, ("", -1))[0]
            if dep in ("nsubj", "nsubjpass"):
                return True
        return False

    def apposed(self, name: Span, phrase: Span) -> bool:
        """Return whether the head of a phrase is an apposition to a name."""
        found = [self.deps[at] for at in range(phrase.start, min(phrase.end, phrase.start + 200)) if at in self.deps]
        return any(dep == "appos" and name.start - 60 <= head < name.end for dep, head in found)

    def core(self, phrase: Span) -> frozenset[int]:
        """Return where the words of a phrase begin, and those that it is coordinated with."""
        found = set(range(phrase.start, phrase.end))
        waiting = [at for at in found if at in self.deps]
        while waiting:
            dep, head = self.deps[waiting.pop()]
            if dep == "conj" and head in self.deps and head not in found:
                found.add(head)
                waiting.append(head)
        return frozenset(found)

    def belongs(self, word: int, core: Set[int]) -> bool:
        """Return whether a word hangs on a phrase behind it by the words between; also if it was not parsed."""
        at, seen, end = word, set[int](), max(core)
        while at not in core:
            if at not in self.deps:
                return True
            seen.add(at)
            at = self.deps[at][1]
            if at in seen or not word <= at <= end:
                return False
        return True

    def hangs(self, word: int, noun: int) -> bool:
        """Return whether a word hangs on a noun before it by the words between; False if it was not parsed."""
        at, seen = word, set[int]()
        while at > noun and at in self.deps and at not in seen:
            seen.add(at)
            at = self.deps[at][1]
        return at == noun and bool(seen)

    def head(self, start: int, end: int) -> int | None:
        """Return where the head of a phrase begins: its first word attached to one outside."""
        for at in range(start, min(end, start + 300)):
            if at in self.deps and not start <= self.deps[at][1] < end:
                return at
        return None


@frozen(eq=False)
class ArticleModel:
    """The entities and mentions of one article, in text order."""

    layout: Layout
    lexicon: Lexicon
    entities: tuple[Entity, ...]
    mentions: tuple[tuple[Mention, Entity], ...]
    starts: tuple[int, ...] = field(default=())
    tagged: Tagged | None = None

    def before(self, offset: int, *, most: int) -> Iterator[tuple[Mention, Entity]]:
        """Yield up to `most` mentions that start before an offset, the nearest first."""
        at = bisect_left(self.starts, offset)
        yield from reversed(self.mentions[max(0, at - most) : at])

    def within(self, start: int, end: int) -> Sequence[tuple[Mention, Entity]]:
        """Return the mentions that start in a span, in order."""
        return self.mentions[bisect_left(self.starts, start) : bisect_left(self.starts, end)]


@frozen(eq=False)
class Query:
    """A statement's mention, analysed.

    `names` are the names inside the mention, `own` the referent that it describes itself; `head` is the head noun in
    lower case, `words` all its words. `aside` marks a description elsewhere in the article, outside statements, and
    `beside` has the entity whose name stands beside that.
    """

    statement: Candidate
    at: int
    kind: QueryKind
    core: Span
    phrase: str = ""
    head: str = ""
    words: tuple[str, ...] = ()
    gender: Gender | None = None
    names: tuple[tuple[Mention, Entity], ...] = ()
    own: Referent | None = None
    head_at: int | None = None
    aside: bool = False
    beside: Entity | None = None


def referent(entity: Entity) -> Referent:
    """Return an entity as a candidate referent."""
    kinds: dict[str, SpeakerKind] = {"place": "organization", "organization": "organization", "person": "person"}
    kind = kinds.get(entity.kind) or (
        "person" if entity.described or len(entity.words) > 1 or entity.gender or entity.given else "unknown"
    )
    return Referent(entity.name, kind, entity, entity.gender)


def pair_of(*members: Entity) -> Referent:
    """Return several people as one referent."""
    names = [e.name for e in members]
    joined = " and ".join([", ".join(names[:-1]), names[-1]])
    return Referent(joined, "group", plural=True, members=members, origin="pair")
