"""Tell how each statement reached the article: to an interviewer, via an outlet, on a platform, in a document.

The channel patterns (`patterns/<lang>/channels.toml`) run over the sentence of a statement's cue. A channel found
there belongs to the statement whose cue governs it, and stays with the speaker's next statements until something
breaks it: another speaker, another occasion, a gap in the text.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from attrs import define, field, frozen

from quotes.channel_names import PRESS, ChannelNames
from quotes.frames import ChannelMatchers, Hit
from quotes.lexicon import Lexicon
from quotes.reading import Reading
from quotes.records import Candidate, Channel, MarkedSpan, Span, Speaker
from quotes.spans import coalesced, touching
from quotes.tables import ROLES

if TYPE_CHECKING:
    from spacy.tokens import Token

__all__ = ["ChannelMatchers", "trace"]

# A statement this many paragraphs below the last one of its speaker no longer has its channels. Two: the next
# paragraph, or the one after a paragraph that quotes nobody.
_REACH = 2
# No programme's name is longer than so many characters.
_LONGEST_TITLE = 60
_AROUND_TITLE = " ,.\"“”‘’'"
# These name a listener, not an occasion: they leave the occasion and the outlet as they were.
_NOT_PERSONS = frozenset({"organization", "group", "document", "author"})
_LISTENERS = frozenset({"journalist", "audience"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
Traced = tuple[str, Channel]


def trace(
    text: str,
    *,
    statements: Sequence[Candidate],
    readings: Sequence[Reading],
    marked: Sequence[MarkedSpan],
    lexicon: Lexicon,
    matchers: ChannelMatchers,
    speakers: Sequence[Speaker | None] | None = None,
) -> list[tuple[Traced, ...]]:
    """Find the channels of an article's statements, each with the id of the pattern that made it.

    Args:
        text: the source's text.
        statements: those of one article that stand, in order.
        readings: the article's parsed pieces, in order.
        marked: its quotations, in order.
        lexicon: brings word lists; outlets, programmes and platforms come from it, too.
        matchers: the compiled channel patterns.
        speakers: who said each statement, where that is known; else the mentions are compared.

    Returns:
        One tuple of pairs (pattern id, channel) a statement, in the statements' order.
    """
    article = _Article(text, statements, readings, marked, lexicon, matchers, speakers or [])
    article.read_sentences()
    article.carry_over()
    return [tuple(_settled(channels, lexicon)) for channels in article.found]


def _settled(channels: Sequence[Traced], lexicon: Lexicon) -> Iterator[Traced]:
    """Drop repetitions, and the interview or the post where the record tells who held it or on which platform."""
    told = any(c.kind in PRESS or c.kind == "journalist" for _, c in channels)
    gives_way = lexicon.word_set(f"{lexicon.language}-gives-way")
    seen: set[tuple[str, str]] = set()
    for pattern, channel in channels:
        if (channel.relation, channel.name) in seen:
            continue
        if told and channel.relation == "in" and not gives_way.isdisjoint(channel.name.split()):
            continue
        seen.add((channel.relation, channel.name))
        yield pattern, channel


@frozen
class _Said:
    """What carries over: the channels of a speaker's last statement, and where it stood."""

    speaker: str | None
    channels: tuple[Traced, ...]
    end: int
    words: str = ""


@define(eq=False)
class _Article:
    """One article's statements, and the channels found for each so far."""

    text: str
    statements: Sequence[Candidate]
    readings: Sequence[Reading]
    marked: Sequence[MarkedSpan]
    lexicon: Lexicon
    matchers: ChannelMatchers
    speakers: Sequence[Speaker | None]
    found: list[list[Traced]] = field(init=False)
    context: dict[int, tuple[tuple[Traced, ...], Span]] = field(factory=dict, init=False)
    breaks: set[int] = field(factory=set, init=False)

    def __attrs_post_init__(self) -> None:
        self.found = [[] for _ in self.statements]

    @cached_property
    def names(self) -> ChannelNames:
        """What the article has told of its channels so far."""
        start = min((r.paragraph.start for r in self.readings), default=0)
        return ChannelNames(self.text, start, self.lexicon, self.matchers.press)

    @cached_property
    def hidden(self) -> frozenset[int]:
        """The numbers of the quotations that are part of a statement, but for the names of programmes."""
        spans = sorted((s.start, s.end) for c in self.statements for s in c.spans)
        starts, reach, furthest = [s for s, _ in spans], [], 0
        for _, end in spans:
            furthest = max(furthest, end)
            reach.append(furthest)
        numbers = set()
        for number, m in enumerate(self.marked):
            before = bisect_right(starts, m.end - 1) - 1
            if before < 0 or reach[before] <= m.start:
                continue
            if number not in self.titles:
                numbers.add(number)
        return frozenset(numbers)

    @cached_property
    def titles(self) -> dict[int, tuple[int, str]]:
        """Offset and text of the quotations that are the name of an outlet or a programme, by their numbers."""
        found = {}
        for number, m in enumerate(self.marked):
            if m.inner.end - m.inner.start <= _LONGEST_TITLE:
                inner = self.text[m.inner.start : m.inner.end].strip(" ,.")
                if self.matchers.press.expects(inner):
                    found[number] = (self.text.index(inner, m.inner.start), inner)
        return found

    def word_set(self, name: str) -> frozenset[str]:
        return self.lexicon.word_set(f"{self.lexicon.language}-{name}")

    # -- sentences ----------------------------------------------------------------------------------------------------

    def read_sentences(self) -> None:
        """Run the patterns over each sentence with a cue, and over the one before it in its paragraph."""
        for index, statement in enumerate(self.statements):
            if statement.type == "post":
                self.found[index] += self.names.post(statement)
        cues = self._cues_by_reading()
        for number, held in sorted(cues.items()):
            reading = self.readings[number]
            bounds = [(s.start, s.end) for s in reading.doc.sents]
            starts = [low for low, _ in bounds]
            by_sentence: dict[int, dict[int, int]] = {}
            for token, index in held:
                by_sentence.setdefault(bisect_right(starts, token) - 1, {})[token] = index
            for sentence in sorted(by_sentence):
                first = min(by_sentence[sentence].values())
                if sentence and sentence - 1 not in by_sentence:
                    self._read_context(reading, *bounds[sentence - 1], first)
                elif not sentence and number - 1 not in cues and self._adjoin(number - 1, number):
                    last = list(self.readings[number - 1].doc.sents)[-1]
                    self._read_context(self.readings[number - 1], last.start, last.end, first)
                self._read_sentence(reading, *bounds[sentence], by_sentence[sentence])

    def _adjoin(self, one: int, other: int) -> bool:
        """Tell whether two readings follow one another without a word between them."""
        if one < 0 or not self.readings[one].ends:
            return False
        return not self.text[self.readings[one].ends[-1] : self.readings[other].starts[0]].strip()

    def _cues_by_reading(self) -> dict[int, list[tuple[int, int]]]:
        """Return, for each reading, the tokens of the cues in it with their statements."""
        order = sorted((n for n, r in enumerate(self.readings) if r.starts), key=lambda n: self.readings[n].starts[0])
        starts = [self.readings[n].starts[0] for n in order]
        held: dict[int, list[tuple[int, int]]] = {}
        for index, statement in enumerate(self.statements):
            if statement.anchor is None or statement.type == "post":
                continue
            at = bisect_right(starts, statement.anchor) - 1
            if at < 0:
                continue
            reading = self.readings[order[at]]
            token = bisect_right(reading.starts, statement.anchor) - 1
            if reading.ends[token] > statement.anchor:
                held.setdefault(order[at], []).append((token, index))
        return held

    def _read_sentence(self, reading: Reading, low: int, high: int, cues: dict[int, int]) -> None:
        frame = self.matchers.frame(reading, low, high, hidden=self.hidden, titles=self.titles, roles=self._role)
        if any(token.lower_ in self.word_set("other-time") for token in frame.doc):
            self.breaks.update(cues.values())
        for hit, channel in self.names.channels(self.matchers.hits(frame)):
            index = self._owner(hit, reading, cues)
            if index is None:
                continue
            owner = self.statements[index]
            if channel.relation == "via" and _overlap(owner.mention, hit.name):
                # Reuters reported that Lee said so: Reuters brings what Lee said, not its own report.
                for other in cues.values():
                    if other != index and self._nested(other, index):
                        self.found[other].append((hit.pattern.id, channel))
            elif not self._said_itself(owner, hit.name) and (
                not _overlap(owner.mention, hit.name) or self._begins_inside(owner.mention, reading.starts[hit.first])
            ):
                self.found[index].append((hit.pattern.id, channel))

    def _read_context(self, reading: Reading, low: int, high: int, first: int) -> None:
        """Keep what the sentence before tells: In an interview with CNN, Lee defended the plan. “It works,” he said."""
        frame = self.matchers.frame(reading, low, high, hidden=self.hidden, titles=self.titles, roles=self._role)
        channels = [(hit.pattern.id, channel) for hit, channel in self.names.channels(self.matchers.hits(frame))]
        if channels:
            span = Span(reading.starts[low], reading.ends[high - 1])
            self.context[first] = (tuple(channels), span)

    def _role(self, word: Span) -> str:
        """Return the part that a word has in a statement; a cue within what somebody else said is a cue."""
        for name, part in zip(ROLES, self._parts, strict=True):
            if touching(part, word.start, word.end):
                return name
        return ""

    @cached_property
    def _parts(self) -> tuple[list[Span], ...]:
        """The slices of cues, of mentions, and of what was said: each in order, joined where they overlap."""
        cues = [c.cue for c in self.statements if c.cue is not None]
        mentions = [c.mention for c in self.statements if c.mention is not None]
        spans = [s for c in self.statements for s in c.spans]
        return coalesced(cues), coalesced(mentions), coalesced(spans)

    def _said_itself(self, statement: Candidate, name: Span) -> bool:
        """Tell whether a name lies in what was said, and not in a programme's quoted name that was taken for it."""
        held = (s for s in statement.spans if _overlap(s, name))
        return any(not self.matchers.press.expects(self.text[s.start : s.end].strip(_AROUND_TITLE)) for s in held)

    def _begins_inside(self, mention: Span | None, offset: int) -> bool:
        """Tell whether the words are part of a source that is something else: a document on Lee's website."""
        return mention is not None and offset > mention.start and self.text[mention.start : offset].strip() != "the"

    def _owner(self, hit: Hit, reading: Reading, cues: dict[int, int]) -> int | None:
        """Return the statement whose cue governs the words, else the nearest one.

        None where they tell of something else: Lee, who appears in the film, said so; after he wrote on X, Lee said so.
        """
        inside = [token for token in cues if hit.first <= token <= hit.last]
        if inside:
            return cues[inside[0]]
        acting = hit.pattern.kind == "lookup" and hit.pattern.relation == "on"
        token, described = reading.doc[hit.first], False
        for _ in range(30):
            if token.i in cues:
                return None if described else cues[token.i]
            acting = acting or token.pos_ == "VERB"
            described = described or token.dep_ == "relcl" or (acting and token.dep_ in _SUBJECTS) or _when(token)
            if token.head.i == token.i:
                break
            token = token.head
        return cues[min(cues, key=lambda t: (min(abs(t - hit.first), abs(t - hit.last)), t))]

    def _nested(self, inner: int, outer: int) -> bool:
        cue = self.statements[inner].cue
        return cue is not None and any(s.start <= cue.start < s.end for s in self.statements[outer].spans)

    # -- carrying over ------------------------------------------------------------------------------------------------

    def carry_over(self) -> None:
        """Leave a channel with its speaker's next statements, until something breaks it."""
        order = sorted(
            (n for n, s in enumerate(self.statements) if s.type != "post"),
            key=self._place,
        )
        last: _Said | None = None
        for index in order:
            statement = self.statements[index]
            if index in self.context:
                channels, span = self.context[index]
                words = self.text[span.start : span.end]
                if last is None or any(c.kind not in _LISTENERS for _, c in channels):
                    last = _Said(None, channels, span.end, words)
            own = self.found[index]
            if last is not None and self._goes_on(index, last):
                if not own:
                    own += last.channels
                elif all(c.kind in _LISTENERS for _, c in own):
                    own += [pc for pc in last.channels if pc[1].kind not in _LISTENERS]
            end = max(statement.spans[-1].end, statement.cue.end if statement.cue else 0)
            speaker = self._speaker(index) or (last.speaker if last is not None else None)
            last = _Said(speaker, tuple(own), end)

    def _place(self, index: int) -> int:
        start, anchor = self.statements[index].spans[0].start, self.statements[index].anchor
        return start if anchor is None else min(start, anchor)

    def _goes_on(self, index: int, last: _Said) -> bool:
        """Tell whether a statement is the same speaker's as the last, close enough, and at the same time."""
        at = self._place(index)
        gap = self.text[last.end : at] if at > last.end else ""
        if index in self.breaks or sum(1 for line in gap.split("\n") if line.strip()) > _REACH:
            return False
        speaker = self._speaker(index)
        if last.words:
            return speaker is None or self._pronoun(index) or speaker.rsplit(" ", 1)[-1].lower() in last.words.lower()
        return speaker is None or speaker == last.speaker

    def _pronoun(self, index: int) -> bool:
        mention = self.statements[index].mention
        return mention is None or self.text[mention.start : mention.end].lower() in self.word_set("pronouns")

    def _speaker(self, index: int) -> str | None:
        """Return who speaks, as far as the mention tells: None for the one before."""
        if self.speakers:
            known = self.speakers[index]
            if known is None or (known.kind not in _NOT_PERSONS and known.name.startswith("the ")):
                return None  # "the Vermont senator", where nobody else has spoken since
            return known.name
        mention = self.statements[index].mention
        if mention is None or self._pronoun(index):
            return None
        words = self.text[mention.start : mention.end].replace("’", "'").removesuffix("'s").split()
        return words[-1] if words else None


def _when(token: Token) -> bool:
    """Tell whether a verb's clause is of another occasion: after she wrote on X, when he spoke at the rally."""
    return token.dep_ == "advcl" and any(c.dep_ == "mark" or c.tag_ == "WRB" for c in token.lefts)


def _overlap(one: Span | None, other: Span) -> bool:
    return one is not None and one.start < other.end and other.start < one.end
