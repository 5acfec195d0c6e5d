"""What is known while an article's mentions are gone through: who was named, who spoke, where sentences begin."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence

from attrs import Factory, define, frozen

from quotes.extraction.speakers.entities import Cast, Entity
from quotes.extraction.speakers.roles import head_noun, is_role
from quotes.extraction.speakers.titles import SPACES, WORD, Gender
from quotes.lexicon import Lexicon
from quotes.records import Span, SpeakerKind

_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]{0,3}\s|[\n\r]")


QUOTE_ENDS = ('"', "'", "”", "’")


@frozen
class Referent:
    """Somebody whom a mention can mean: an entity of the article, or a description of one."""

    name: str
    kind: SpeakerKind
    entity: Entity | None = None
    gender: Gender | None = None
    plural: bool = False
    members: tuple[Entity, ...] = ()


@frozen
class Statement:
    """A mention that is settled: where it stands, and whom it means."""

    at: int
    who: Referent


@define(eq=False)
class Desk:
    """What is known while one article's mentions are gone through in order."""

    text: str
    body: Span
    cast: Cast
    lexicon: Lexicon
    quoted: Callable[[int], bool]
    sentences: Sequence[int]
    said: list[Statement] = Factory(list)
    called: dict[str, list[Entity]] = Factory(dict)
    singular_they: bool = False

    def sentence(self, offset: int) -> int:
        """Return the number of the sentence that holds an offset."""
        return bisect_right(self.sentences, offset)

    def recent(self, offset: int, *, most: int = 8) -> list[Statement]:
        """Return the last settled mentions before an offset, nearest first."""
        near = [s for s in self.said[-most * 2 :] if s.at < offset]
        return sorted(near, key=lambda s: -s.at)[:most]


def sentence_starts(text: str, body: Span, lexicon: Lexicon, quoted: Callable[[int], bool]) -> list[int]:
    """Return where sentences begin; "Mr. " ends none, and a quotation counts with the sentence that holds it."""
    short = lexicon.word_set("names-abbreviation")
    starts = [body.start]
    for end in _SENTENCE_END.finditer(text, body.start, body.end):
        if quoted(end.end()) and quoted(end.start() - 1):
            continue
        if end.group()[0] in "!?…" and end.group()[1:2] in QUOTE_ENDS and text[end.end() : end.end() + 1].islower():
            # “Was Moses meddling?” the cleric asked.
            continue
        if end.group()[0] == ".":
            word = re.search(r"[\w.]{1,8}\Z", text[max(body.start, end.start() - 8) : end.start()])
            low = word.group().lower() if word else ""
            if low in short or len(low) == 1 or low[-2:-1] == ".":
                continue
        if not text[starts[-1] : end.start()].strip():
            starts[-1] = end.end()
        else:
            starts.append(end.end())
    return starts


def referent(entity: Entity) -> Referent:
    """Return an entity as somebody who can be meant."""
    kinds: dict[str, SpeakerKind] = {"place": "organization", "organization": "organization", "person": "person"}
    kind = kinds.get(entity.kind) or ("person" if entity.roles or len(entity.words) > 1 or entity.gender else "unknown")
    return Referent(entity.name, kind, entity, entity.gender)


def pair_of(*members: Entity) -> Referent:
    """Return several people who speak together."""
    names = [e.name for e in members]
    return Referent(" and ".join([", ".join(names[:-1]), names[-1]]), "group", plural=True, members=members)


def noun_phrase(desk: Desk, start: int, end: int) -> str:
    """Return a noun with its modifiers and article to the left, as printed."""
    lexicon = desk.lexicon
    stops = lexicon.word_set("names-function-word")
    determiners = lexicon.word_set("names-determiner")
    known = lexicon.word_set("names-role-modifier") | lexicon.word_set("names-adjective")
    edge = start
    for item in reversed(list(WORD.finditer(desk.text, max(desk.body.start, start - 60), start))[-5:]):
        word = item.group()
        if desk.text[item.end() : edge] not in SPACES or word.lower() in stops:
            break
        if word.lower() in determiners:
            edge = item.start()
            break
        if word.lower() not in known and not word[0].isupper() and not word[0].isdigit() and "-" not in word:
            break
        edge = item.start()
    return " ".join(desk.text[edge:end].split())


def described(name: str, *, lexicon: Lexicon) -> Referent:
    """Return an unnamed source as it is described, with the kind that its head noun tells."""
    head = head_noun(name, lexicon=lexicon)
    kind: SpeakerKind = "unknown"
    plural = head in lexicon.word_set("names-group-noun")
    pairs: tuple[tuple[str, SpeakerKind], ...] = (
        ("names-authority", "organization"),
        ("names-anonymous-noun", "anonymous"),
        ("names-group-noun", "group"),
        ("names-document-noun", "document"),
        ("names-org-noun", "organization"),
        ("names-role-noun", "anonymous"),
    )
    for words, value in pairs:
        if head in lexicon.word_set(words):
            kind = value
            break
    else:
        if head[:-1] in lexicon.word_set("names-role-noun") and head.endswith("s"):
            kind, plural = "group", True
        elif is_role(name, lexicon=lexicon):
            kind = "anonymous"
    gender: Gender | None = None
    if head in lexicon.word_set("names-role-f"):
        gender = "f"
    elif head in lexicon.word_set("names-role-m"):
        gender = "m"
    return Referent(name, kind, gender=gender, plural=plural)
