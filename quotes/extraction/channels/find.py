"""Tell how each statement reached the article: to an interviewer, via an outlet, on a platform, in a document.

The channel patterns (`patterns/<lang>/channels.toml`) run over the sentence of a statement's cue. A channel found
there belongs to the statement whose cue governs it, and stays with the speaker's next statements until something
breaks it: another speaker, another occasion, a gap in the text.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property

from attrs import define, evolve, field, frozen

from quotes.extraction.article_text import ArticleText
from quotes.extraction.channels import attachment
from quotes.extraction.channels.inheritance import BETWEEN, Said, Traced, Voices, carry_over, paragraphs
from quotes.extraction.channels.naming import PRESS, ChannelNames
from quotes.extraction.channels.sentences import ChannelMatchers, Hit
from quotes.extraction.channels.settings import acting, unread
from quotes.extraction.parsing.masking import Reading
from quotes.extraction.parsing.parse import Parse
from quotes.extraction.statement import Statement
from quotes.lexicon import Lexicon
from quotes.lexicon.tables import ROLES
from quotes.records import Candidate, MarkedSpan, Span, Speaker
from quotes.text.spans import coalesced, touching

__all__ = ["ChannelMatchers", "Traced", "trace", "unread"]

# No programme's name is longer than so many characters.
_LONGEST_TITLE = 60
_AROUND_TITLE = " ,.\"“”‘’'"


def trace(
    article: ArticleText, statements: Sequence[Statement], *, parse: Parse, lexicon: Lexicon, matchers: ChannelMatchers
) -> list[Statement]:
    """Find the channels of an article's statements, each with the id of the pattern that made it.

    Args:
        article: its text and parts.
        statements: those that stand, with their speakers, in order.
        parse: what the parser has read of it; paragraphs that may set a scene are parsed here.
        lexicon: brings word lists; outlets, programmes and platforms come from it, too.
        matchers: the compiled channel patterns.

    Returns:
        The statements in the same order.
    """
    readings, scenes = parse.readings, unread(article, statements, parse=parse, lexicon=lexicon)
    candidates, speakers = [s.candidate for s in statements], [s.speaker for s in statements]
    found = _Article(
        article.text, candidates, readings, article.quotations, lexicon, matchers, speakers, scenes, article.body.start
    )
    found.read_sentences()
    carry_over(found.found, voices=found.voices, context=found.context, breaks=found.breaks)
    settled = (tuple(_settled(channels, lexicon)) for channels in found.found)
    return [evolve(s, channels=channels) for s, channels in zip(statements, settled, strict=True)]


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


@frozen(eq=False)
class _Sentence:
    """A parsed sentence: its tokens, and the tokens of the cues in it with their statements."""

    reading: Reading
    low: int
    high: int
    cues: dict[int, int]

    @property
    def start(self) -> int:
        return self.reading.starts[self.low]

    @property
    def end(self) -> int:
        return self.reading.ends[self.high - 1]


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
    scenes: Sequence[Reading]
    start: int | None
    found: list[list[Traced]] = field(init=False)
    context: dict[int, Said] = field(factory=dict, init=False)
    breaks: set[int] = field(factory=set, init=False)

    def __attrs_post_init__(self) -> None:
        self.found = [[] for _ in self.statements]

    @cached_property
    def names(self) -> ChannelNames:
        """What the article has told of its channels so far."""
        start = self.start
        if start is None:
            start = min((r.paragraph.start for r in self.readings), default=0)
        return ChannelNames(self.text, start, self.lexicon, self.matchers.press)

    @cached_property
    def voices(self) -> Voices:
        """Who speaks in each statement."""
        return Voices(self.text, self.statements, self.speakers, self.lexicon)

    @cached_property
    def clauses(self) -> attachment.Governing:
        """Which cue governs which words."""
        return attachment.Governing(self.lexicon)

    @cached_property
    def hidden(self) -> frozenset[int]:
        """The numbers of the quotations that are part of a statement, but for the names of programmes."""
        said = coalesced(s for c in self.statements for s in c.spans)
        return frozenset(
            n for n, m in enumerate(self.marked) if touching(said, m.start, m.end) and n not in self.titles
        )

    @cached_property
    def titles(self) -> dict[int, tuple[int, str]]:
        """Offset and text of the quotations that are the name of an outlet or a programme, by their numbers."""
        found = {}
        for number, m in enumerate(self.marked):
            if m.inner.end - m.inner.start <= _LONGEST_TITLE:
                inner = self.text[m.inner.start : m.inner.end].strip(" ,.")
                if self.matchers.press.expects(inner) or self._is_event(inner, m.start):
                    found[number] = (self.text.index(inner, m.inner.start), inner)
        return found

    def _is_event(self, inner: str, start: int) -> bool:
        """Tell whether a quotation is the name of an occasion: during a “Commander-in-Chief Forum”."""
        before = self.text[max(0, start - 20) : start].lower().split()[-1:]
        return (
            inner[-1:].isalpha()
            and inner.rsplit(" ", 1)[-1].lower() in self.word_set("occasions")
            and all(w[:1].isupper() for w in inner.split())
            and not self.word_set("determiners").isdisjoint(before)
        )

    def word_set(self, name: str) -> frozenset[str]:
        return self.lexicon.word_set(f"{self.lexicon.language}-{name}")

    # -- sentences ----------------------------------------------------------------------------------------------------

    def read_sentences(self) -> None:
        """Run the patterns over each sentence with a cue, and over those before it that credit nobody."""
        for index, statement in enumerate(self.statements):
            if statement.type == "post":
                self.found[index] += self.names.post(statement)
        sentences = sorted(self._sentences(), key=lambda s: (s.reading.starts[s.low], s.low))
        for place, sentence in enumerate(sentences):
            if sentence.cues:
                self._look_back(sentences, place)
                self._read_sentence(sentence.reading, sentence.low, sentence.high, sentence.cues)

    def _sentences(self) -> Iterator[_Sentence]:
        """Yield all parsed sentences, with the tokens of the cues in each and their statements."""
        cues = self._cues_by_reading()
        for number, reading in enumerate((*self.readings, *self.scenes)):
            bounds = [(s.start, s.end) for s in reading.doc.sents] if reading.starts else []
            starts = [low for low, _ in bounds]
            held: list[dict[int, int]] = [{} for _ in bounds]
            for token, index in cues.get(number, ()):
                held[bisect_right(starts, token) - 1][token] = index
            yield from (_Sentence(reading, low, high, own) for (low, high), own in zip(bounds, held, strict=True))

    def _look_back(self, sentences: Sequence[_Sentence], place: int) -> None:
        """Keep what the sentences before tell: In an interview with CNN, Lee defended the plan. “It works,” he said.

        In the very one before nobody else may act; in those further up, the speaker must.
        """
        first, own = min(sentences[place].cues.values()), sentences[place]
        speaker = self.voices.full(first)
        for number in range(place - 1, -1, -1):
            earlier = sentences[number]
            if earlier.cues or paragraphs(self.text[earlier.end : own.start]) > BETWEEN:
                return
            near = number == place - 1 and not self.text[earlier.end : own.start].strip()
            if not speaker and (not near or self.statements[first].mention is None):
                return
            frame = self.matchers.frame(
                earlier.reading, earlier.low, earlier.high, hidden=self.hidden, titles=self.titles, roles=self._role
            )
            name = speaker.rsplit(" ", 1)[-1].lower()
            pronoun, persons = self.voices.pronoun(first), self.word_set("persons")
            told, acted = [], False
            for hit, channel in self.names.channels(self.matchers.hits(frame)):
                acts = acting(earlier.reading, hit, name, persons=persons, near=near, pronoun=pronoun)
                wrote = channel.kind != "platform" or self.voices.cued(first, "writing")
                if channel.name.rsplit(" ", 1)[-1].lower() != name and ((acts and wrote) or (near and acts is None)):
                    told.append((hit.pattern.id, channel))
                    acted = acted or bool(acts)
            if told:
                words = self.text[earlier.start : earlier.end] if near else ""
                self.context[first] = Said(speaker or None, tuple(told), earlier.end, words, acted)
                return

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
                token = attachment.top(reading, token, statement.cue)
                held.setdefault(order[at], []).append((token, index))
        return held

    def _read_sentence(self, reading: Reading, low: int, high: int, cues: dict[int, int]) -> None:
        frame = self.matchers.frame(reading, low, high, hidden=self.hidden, titles=self.titles, roles=self._role)
        self.breaks |= self.clauses.apart(reading, low, high, cues)
        for hit, channel in self.names.channels(self.matchers.hits(frame)):
            index = self.clauses.owner(hit, reading, cues)
            if index is None:
                continue
            owner = self.statements[index]
            if channel.relation == "to" and self._requested(index):
                continue
            if channel.relation == "via" and _overlap(owner.mention, hit.name):
                # Reuters reported that Lee said so: Reuters brings what Lee said, not its own report.
                for other in cues.values():
                    if other != index and self._nested(other, index):
                        self.found[other].append((hit.pattern.id, channel))
            elif self._outside(hit, reading, cues, index) and (
                not _overlap(owner.mention, hit.name) or self._begins_inside(owner.mention, reading.starts[hit.first])
            ):
                self.found[index].append((hit.pattern.id, channel))

    def _outside(self, hit: Hit, reading: Reading, cues: dict[int, int], index: int) -> bool:
        """Tell whether words are no part of what was said, or only seem so."""
        if self._addressed(hit, index, cues) or not self._said_itself(self.statements[index], hit.name):
            return True
        return self.clauses.beside(hit, reading, cues, index)

    def _addressed(self, hit: Hit, index: int, cues: dict[int, int]) -> bool:
        """Tell whether words that follow the cue name who was told, be they taken for what was said."""
        return hit.pattern.relation == "to" and cues.get(hit.first) == index and not self.voices.cued(index, "asking")

    def _requested(self, index: int) -> bool:
        """Tell whether something was asked of somebody: he asked CNN to run it. That is no interview."""
        content = self.statements[index].spans[0]
        opens = self.text[content.start : content.end].split(" ", 1)[0].lower() in self.word_set("infinitive")
        return opens and self.voices.cued(index, "asking")

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

    def _nested(self, inner: int, outer: int) -> bool:
        cue = self.statements[inner].cue
        return cue is not None and any(s.start <= cue.start < s.end for s in self.statements[outer].spans)


def _overlap(one: Span | None, other: Span) -> bool:
    return one is not None and one.start < other.end and other.start < one.end
