"""What an article's mentions and entities are: built once (entities.py), then frozen."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Literal

from attrs import Factory, field, frozen

from quotes.extraction.speakers.name_finder import EntityKind
from quotes.extraction.speakers.titles import WORD, Gender
from quotes.lexicon import Lexicon
from quotes.records import Candidate, Span, SpeakerKind

QueryKind = Literal["he", "they", "it", "who", "author", "name", "noun", "none"]


@frozen(eq=False)
class Mention:
    """One place where the article names somebody: the name without titles, and where it stands.

    `title` holds the words before it, `gender` what they tell; `subject` is true where a verb follows or the parse says
    so, `quoted` inside quotation marks. `sentence` and `paragraph` are numbers.
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


@frozen
class Role:
    """What the article says somebody is: the words, where they stand, and which finder took them.

    `read` is how surely the reader takes these words for a description, None where it was not asked.
    """

    text: str
    start: int
    source: str
    read: float | None = None


@frozen(eq=False)
class Entity:
    """Somebody or something that the article names.

    `gender` is what titles and roles tell, `given` what the given name hints at, `votes` how much oftener "he"
    (positive) or "she" (negative) takes the name up than the other, from -1 to 1, `neuter` how often "it"
    does, from 0 to 1, `share` which part of all names of people are the entity's. `called` counts how often pronouns
    and titles call the entity "she" and "he".
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


@frozen(eq=False)
class Referent:
    """Somebody whom a mention can mean: an entity of the article, or a description of one."""

    name: str
    kind: SpeakerKind
    entity: Entity | None = None
    gender: Gender | None = None
    plural: bool = False
    members: tuple[Entity, ...] = ()
    origin: str = "entity"


@frozen(eq=False)
class Layout:
    """Where sentences, paragraphs and quotations of an article lie."""

    text: str
    body: Span
    sentences: Sequence[int]
    paragraphs: Sequence[int]
    quoted: Callable[[int], bool]

    def sentence(self, offset: int) -> int:
        """Return the number of the sentence that holds an offset."""
        return bisect_right(self.sentences, offset)

    def paragraph(self, offset: int) -> int:
        """Return the number of the paragraph that holds an offset."""
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
        """Return where the sentence that holds an offset begins."""
        return self.sentences[max(0, self.sentence(offset) - 1)] if self.sentences else self.body.start


@frozen(eq=False)
class Grammar:
    """What the parse says of words: which are subjects, and which word heads a phrase."""

    deps: dict[int, tuple[str, int]] = Factory(dict)

    def labels(self, start: int, end: int) -> frozenset[str]:
        """Return the dependency labels of the words in a stretch of the text; none where it was not parsed."""
        return frozenset(self.deps[at][0] for at in range(start, min(end, start + 120)) if at in self.deps)

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

    def head(self, start: int, end: int) -> int | None:
        """Return where the head of a phrase begins: its first word that hangs on one outside."""
        for at in range(start, min(end, start + 300)):
            if at in self.deps and not start <= self.deps[at][1] < end:
                return at
        return None


@frozen(eq=False)
class ArticleModel:
    """Everybody whom one article names, with the places, in text order."""

    layout: Layout
    lexicon: Lexicon
    entities: tuple[Entity, ...]
    mentions: tuple[tuple[Mention, Entity], ...]
    starts: tuple[int, ...] = field(default=())

    def before(self, offset: int, *, most: int) -> Iterator[tuple[Mention, Entity]]:
        """Yield the mentions that start before an offset, nearest first, at most so many."""
        at = bisect_left(self.starts, offset)
        yield from reversed(self.mentions[max(0, at - most) : at])

    def within(self, start: int, end: int) -> Sequence[tuple[Mention, Entity]]:
        """Return the mentions that start in a stretch of the text, in order."""
        return self.mentions[bisect_left(self.starts, start) : bisect_left(self.starts, end)]


@frozen(eq=False)
class Query:
    """A statement's mention, taken apart.

    `names` are the names inside the mention, `own` what it describes by itself; `head` is the head noun in small
    letters, `words` all words so. What is `aside` credits no statement: a description elsewhere in the article.
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
    partner: Entity | None = None
    aside: bool = False


def referent(entity: Entity) -> Referent:
    """Return an entity as somebody who can be meant."""
    kinds: dict[str, SpeakerKind] = {"place": "organization", "organization": "organization", "person": "person"}
    kind = kinds.get(entity.kind) or (
        "person" if entity.roles or len(entity.words) > 1 or entity.gender or entity.given else "unknown"
    )
    return Referent(entity.name, kind, entity, entity.gender)


def pair_of(*members: Entity) -> Referent:
    """Return several people who speak together."""
    names = [e.name for e in members]
    joined = " and ".join([", ".join(names[:-1]), names[-1]])
    return Referent(joined, "group", plural=True, members=members, origin="pair")
