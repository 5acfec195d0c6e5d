"""Describe a proposal by its words and their place, to weigh whether it names a channel.

A linear model over named features, most of them words: `head:interview`, `before:in`. The weights are data.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from attrs import define, field, frozen

from quotes.extraction.channels.article_words import ArticleWords, Vocabulary
from quotes.extraction.channels.mentions import Proposal
from quotes.reader.inference import Answer
from quotes.records import Candidate, Cue, Speaker

# The scale, in characters, of a cue's nearness.
_FADES = 40
# How near before the words a sentence must begin for them to open it.
_OPENS = 25
_STEPS = (1, 2, 4, 8)
# The most characters of a tag; the probability above which the reader is sure.
_LONGEST_TAG, _SURE = 200, 0.7
# How many of the fragments that begin before a word to check for containing it.
_NESTED = 12
# The most signs between a name in quotation marks and the marks.
_MARKS = 2


Place = tuple[int, int]


@frozen(eq=False)
class Grammar:
    """The parse's evidence on channels, by the places of their mentions.

    `granted` are the statements that have a channel by a pattern; `elsewhere` the places of pattern matches outside the
    clause of any cue; `owners` the statement whose cue governs the words, or None; `apart` the statements made at
    another time.
    """

    granted: Mapping[Place, Collection[int]] = field(factory=dict)
    elsewhere: Collection[Place] = ()
    owners: Mapping[Place, int | None] = field(factory=dict)
    apart: Collection[int] = ()


@define(eq=False)
class Scene:
    """An article's statements in order, with their bounds and speakers.

    `order` lists the numbers of the statements in text order; `rank` is its inverse. `grammar` is the parse's evidence
    on channels.
    """

    words: ArticleWords
    statements: Sequence[Candidate]
    speakers: Sequence[Speaker | None]
    grammar: Grammar = field(factory=Grammar)
    begins: list[int] = field(init=False)
    anchors: list[int] = field(init=False)
    ends: list[int] = field(init=False)
    order: list[int] = field(init=False)
    rank: dict[int, int] = field(init=False)
    cued: dict[int, list[int]] = field(init=False)
    _spans: list[tuple[int, int, int]] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.begins, self.anchors, self.ends, spans = [], [], [], []
        cued: dict[int, list[int]] = defaultdict(list)
        for number, s in enumerate(self.statements):
            parts = [p for p in (*s.spans, s.cue, s.mention) if p is not None]
            anchor = s.anchor if s.anchor is not None else s.spans[0].start
            self.begins.append(min(p.start for p in parts))
            self.ends.append(max(s.spans[-1].end, s.cue.end if s.cue else 0))
            self.anchors.append(s.cue.start if s.cue else anchor)
            spans += [(p.start, p.end, number) for p in s.spans]
            if s.cue:
                cued[self.words.sentence(s.cue.start)].append(number)
        self.order = sorted(range(len(self.statements)), key=lambda n: (self.begins[n], n))
        self.rank = {number: r for r, number in enumerate(self.order)}
        self.cued = dict(cued)
        self._spans = sorted(spans)

    def name(self, number: int) -> str | None:
        """Return the speaker's name of a statement."""
        speaker = self.speakers[number]
        return speaker.name if speaker is not None else None

    def cue(self, number: int) -> Cue | None:
        """Return a statement's cue."""
        return self.statements[number].cue

    def holders(self, p: Proposal) -> Iterator[int]:
        """Yield the statements whose words contain a proposal and say more: not the quoted name of a programme."""
        at = bisect_right(self._spans, (p.start, self.words.end + 1, 0))
        for _, end, number in self._spans[max(0, at - _NESTED) : at]:
            said = self.statements[number].spans
            if p.start < end and (said[0].start < p.start - _MARKS or said[-1].end > p.end + _MARKS):
                yield number


def step(count: int) -> int:
    """Return a count in five steps."""
    return bisect_right(_STEPS, count)


def features(p: Proposal, scene: Scene, *, mentioned: Counter[str]) -> dict[str, float]:
    """Return the nonzero features of a proposal.

    Args:
        p: the proposal.
        scene: the article's statements.
        mentioned: how often the article names each channel, by key.
    """
    found = {*_words(p, scene.words.known), *_place(p, scene, mentioned)}
    values = dict.fromkeys(found, 1.0)
    near = _nearest(p, scene)
    if near is not None:
        values["near"] = math.exp(-abs(near.start - p.start) / _FADES)
    return values


def tagged(p: Proposal, likely: float, tags: Sequence[Answer]) -> dict[str, float]:
    """Return the features of the reader's tags for a proposal's words.

    Args:
        p: the proposal.
        likely: its log-odds by the words.
        tags: the reader's channels, in order.
    """
    low = bisect_left(tags, p.start - _LONGEST_TAG, key=lambda tag: tag.start)
    high = bisect_left(tags, p.end, key=lambda tag: tag.start)
    near = [tag for tag in tags[low:high] if tag.end > p.start]
    chance = max((tag.p for tag in near), default=0.0)
    same = max((tag.p for tag in near if tag.kind == p.channel.kind), default=0.0)
    found = {"likely": likely, "tag": chance, "tag of this kind": same, "tag sure": float(chance > _SURE)}
    return {name: value for name, value in found.items() if value}


def _words(p: Proposal, known: Vocabulary) -> Iterator[str]:
    """Yield the features of the words and of their context."""
    kind, before = p.channel.kind, p.phrase.before
    yield from (f"how:{p.how}", f"kind:{kind}", f"head:{p.head}", f"head:{p.head} before:{before[0]}")
    for name, word in (
        ("before", before[0]),
        ("second", before[1]),
        ("after", p.phrase.after[0]),
        ("determiner", p.phrase.determiner),
    ):
        yield f"{name}:{word}"
        yield f"{kind} {name}:{word}"
    yield f"third:{before[2]}"
    yield f"{kind} capital:{p.mention.text[-1:].isupper() or p.mention.text.split()[-1][:1].isupper()}"
    yield f"{kind} words:{min(3, p.phrase.last - p.phrase.first)}"
    if before[0] in known["hearer-words"]:
        yield f"{kind} introduced:{not known['speaking-forms'].isdisjoint(before[1:])}"
    if p.pattern:
        yield f"pattern:{p.pattern}"
        yield f"pattern {p.channel.relation} {kind}"


def _place(p: Proposal, scene: Scene, mentioned: Counter[str]) -> Iterator[str]:
    """Yield the features of the place: beside a cue, within a statement."""
    kind, sentence = p.channel.kind, scene.words.sentence(p.start)
    inside = any(True for _ in scene.holders(p))
    cue = _nearest(p, scene)
    yield f"{kind} inside:{inside} cue:{cue is not None}"
    if inside:
        yield "inside"
    if cue is not None:
        lemma = cue.lemma.lower()
        yield from ("cue", f"cue:{lemma}", f"{kind} cue:{lemma}")
    if (p.start, p.end) in scene.grammar.granted:
        yield "granted"
    sources = (scene.statements[n].mention for n in scene.cued.get(sentence, ()))
    if any(m is not None and m.start <= p.start < m.end for m in sources):
        yield "in source"
    yield f"paragraph:{step(scene.words.paragraph(p.start))}"
    yield f"{kind} mentions:{step(mentioned[p.key] - 1)}"
    if p.start - scene.words.sentence_start(sentence) < _OPENS:
        yield "opens"


def _nearest(p: Proposal, scene: Scene) -> Cue | None:
    """Return the nearest cue of the same sentence."""
    cues = (scene.cue(n) for n in scene.cued.get(scene.words.sentence(p.start), ()))
    return min((c for c in cues if c is not None), key=lambda c: abs(c.start - p.start), default=None)
