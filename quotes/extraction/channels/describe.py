"""Describe a proposal by its words and their place, to weigh whether it names a channel.

A linear model over named features, most of them words: `head:interview`, `before:in`. The weights are data.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from attrs import define, field

from quotes.extraction.channels.article_words import ArticleWords, Vocabulary
from quotes.extraction.channels.mentions import Proposal
from quotes.extraction.channels.parsed import ParsedArticle
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


@define(eq=False)
class Scene:
    """An article's statements in order, with their bounds and speakers.

    `order` lists the numbers of the statements in text order; `rank` is its inverse. `cued` are the statements whose
    cue each sentence contains, `grammar` the parse's evidence on channels.
    """

    words: ArticleWords
    statements: Sequence[Candidate]
    speakers: Sequence[Speaker | None]
    grammar: ParsedArticle
    begins: list[int] = field(init=False)
    anchors: list[int] = field(init=False)
    ends: list[int] = field(init=False)
    order: list[int] = field(init=False)
    rank: dict[int, int] = field(init=False)
    cued: dict[int, list[int]] = field(init=False)
    _spans: list[tuple[int, int, int]] = field(init=False)

    def __attrs_post_init__(self) -> None:
        said = self.statements
        self.begins = [min(p.start for p in (*s.spans, s.cue, s.mention) if p is not None) for s in said]
        self.ends = [max(s.spans[-1].end, s.cue.end if s.cue else 0) for s in said]
        places = ((s.cue.start if s.cue else s.anchor, s.spans[0].start) for s in said)
        self.anchors = [start if place is None else place for place, start in places]
        self.order = sorted(range(len(said)), key=lambda n: (self.begins[n], n))
        self.rank = {number: r for r, number in enumerate(self.order)}
        cued: dict[int, list[int]] = defaultdict(list)
        for number, s in enumerate(said):
            if s.cue:
                cued[self.words.sentence(s.cue.start)].append(number)
        self.cued = dict(cued)
        self._spans = sorted((p.start, p.end, number) for number, s in enumerate(said) for p in s.spans)

    def name(self, number: int) -> str | None:
        """Return the speaker's name of a statement."""
        speaker = self.speakers[number]
        return speaker.name if speaker is not None else None

    def holders(self, p: Proposal) -> Iterator[int]:
        """Yield the statements whose words contain a proposal and say more: not the quoted name of a programme."""
        at = bisect_right(self._spans, (p.start, self.words.end + 1, 0))
        for _, end, number in self._spans[max(0, at - _NESTED) : at]:
            said = self.statements[number].spans
            if p.start < end and (said[0].start < p.start - _MARKS or said[-1].end > p.end + _MARKS):
                yield number


def features(p: Proposal, scene: Scene, *, mentioned: Counter[str]) -> dict[str, float]:
    """Return the nonzero features of a proposal.

    Args:
        p: the proposal.
        scene: the article's statements.
        mentioned: how often the article names each channel, by key.
    """
    cued = [scene.statements[n] for n in scene.cued.get(scene.words.sentence(p.start), ())]
    cue = min((s.cue for s in cued if s.cue is not None), key=lambda c: abs(c.start - p.start), default=None)
    found = dict.fromkeys((*_words(p, scene.words.known), *_place(p, scene, cue, mentioned)), 1.0)
    if any(s.mention is not None and s.mention.start <= p.start < s.mention.end for s in cued):
        found["in source"] = 1.0
    if cue is not None:
        found["near"] = math.exp(-abs(cue.start - p.start) / _FADES)
    return found


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
    kind, (before, second, third), after = p.channel.kind, p.phrase.before, p.phrase.after[0]
    yield from (f"how:{p.how}", f"kind:{kind}", f"head:{p.head}", f"head:{p.head} before:{before}", f"third:{third}")
    around = {"before": before, "second": second, "after": after, "determiner": p.phrase.determiner}
    for name, word in around.items():
        yield from (f"{name}:{word}", f"{kind} {name}:{word}")
    yield f"{kind} capital:{p.mention.text[-1:].isupper() or p.mention.text.split()[-1][:1].isupper()}"
    yield f"{kind} words:{min(3, p.phrase.last - p.phrase.first)}"
    if before in known["hearer-words"]:
        yield f"{kind} introduced:{not known['speaking-forms'].isdisjoint((second, third))}"
    if p.pattern:
        yield from (f"pattern:{p.pattern}", f"pattern {p.channel.relation} {kind}")


def _place(p: Proposal, scene: Scene, cue: Cue | None, mentioned: Counter[str]) -> Iterator[str]:
    """Yield the features of the place: beside a cue, within a statement."""
    kind, inside = p.channel.kind, any(True for _ in scene.holders(p))
    yield f"{kind} inside:{inside} cue:{cue is not None}"
    if inside:
        yield "inside"
    if cue is not None:
        yield from ("cue", f"cue:{cue.lemma.lower()}", f"{kind} cue:{cue.lemma.lower()}")
    if (p.start, p.end) in scene.grammar.granted:
        yield "granted"
    yield f"paragraph:{bisect_right(_STEPS, scene.words.paragraph(p.start))}"
    yield f"{kind} mentions:{bisect_right(_STEPS, mentioned[p.key] - 1)}"
    if p.start - scene.words.sentence_start(scene.words.sentence(p.start)) < _OPENS:
        yield "opens"
