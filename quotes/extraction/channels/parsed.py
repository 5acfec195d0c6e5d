"""Run the channel patterns over an article's parsed sentences, and find the statement whose cue governs each match."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from attrs import define, field, frozen

from quotes.extraction.channels import attachment
from quotes.extraction.channels.describe import Grammar
from quotes.extraction.channels.naming import ChannelNames
from quotes.extraction.channels.sentences import ChannelMatchers, Hit
from quotes.extraction.parsing.masking import Reading
from quotes.lexicon import Lexicon
from quotes.lexicon.tables import ROLES
from quotes.records import Candidate, Channel, MarkedSpan, Mention, Span
from quotes.text.spans import coalesced, touching

# The most characters of a programme's name.
_LONGEST_TITLE = 60
_AROUND_TITLE = " ,.\"“”‘’'"


@frozen(eq=False)
class _Sentence:
    """A parsed sentence: its tokens, and the tokens of the cues in it with their statements."""

    reading: Reading
    low: int
    high: int
    cues: dict[int, int]


@define(eq=False)
class ParsedArticle:
    """One article's parsed sentences and statements, with the matches of patterns.

    `hits` are all matches with their channels, in the order of the text; `granted` the statements whose cues govern
    each channel, by its mention's place; `elsewhere` the places of matches outside the clause of any cue; `apart` the
    statements made at another time.
    """

    text: str
    statements: Sequence[Candidate]
    readings: Sequence[Reading]
    marked: Sequence[MarkedSpan]
    lexicon: Lexicon
    matchers: ChannelMatchers
    names: ChannelNames
    hits: list[tuple[Hit, Channel]] = field(factory=list, init=False)
    granted: dict[tuple[int, int], set[int]] = field(factory=lambda: defaultdict(set), init=False)
    elsewhere: set[tuple[int, int]] = field(factory=set, init=False)
    apart: set[int] = field(factory=set, init=False)
    _read_of: list[_Sentence] = field(factory=list, init=False)

    def __attrs_post_init__(self) -> None:
        self._read_of = sorted(self._sentences(), key=lambda s: (s.reading.starts[s.low], s.low))
        for sentence in self._read_of:
            self._read(sentence)

    @property
    def grammar(self) -> Grammar:
        """The parse's evidence on the channels that patterns find."""
        return Grammar(self.granted, self.elsewhere, {}, self.apart)

    def governs(self, words: Mention, channel: Channel) -> tuple[int | None] | None:
        """Return the statement whose cue governs a channel's words, if any; None if they were not parsed."""
        at = bisect_right(self._read_of, words.start, key=lambda s: s.reading.starts[s.low]) - 1
        if at < 0:
            return None
        sentence, reading = self._read_of[at], self._read_of[at].reading
        first = bisect_right(reading.starts, words.start, sentence.low, sentence.high) - 1
        last = bisect_right(reading.starts, words.end - 1, sentence.low, sentence.high) - 1
        if not sentence.cues or reading.ends[first] <= words.start:
            return None
        told = attachment.Words(first, last, channel.relation, channel.kind)
        return (self._clauses.owner(told, reading, sentence.cues),)

    @cached_property
    def _clauses(self) -> attachment.Governing:
        return attachment.Governing(self.lexicon)

    @cached_property
    def _titles(self) -> dict[int, tuple[int, str]]:
        """Offset and text of quotations that are names of outlets or programmes, by number."""
        found = {}
        for number, m in enumerate(self.marked):
            if m.inner.end - m.inner.start <= _LONGEST_TITLE:
                inner = self.text[m.inner.start : m.inner.end].strip(" ,.")
                if self.matchers.press.expects(inner):
                    found[number] = (self.text.index(inner, m.inner.start), inner)
        return found

    @cached_property
    def _hidden(self) -> frozenset[int]:
        """The numbers of quotations that are part of a statement and not the name of a programme."""
        said = coalesced(s for c in self.statements for s in c.spans)
        shown = self._titles
        return frozenset(n for n, m in enumerate(self.marked) if n not in shown and touching(said, m.start, m.end))

    def _sentences(self) -> Iterator[_Sentence]:
        """Yield all parsed sentences, with the tokens of the cues in each and their statements."""
        cues = self._cues_by_reading()
        for number, reading in enumerate(self.readings):
            bounds = [(s.start, s.end) for s in reading.doc.sents] if reading.starts else []
            starts = [low for low, _ in bounds]
            held: list[dict[int, int]] = [{} for _ in bounds]
            for token, index in cues.get(number, ()):
                held[bisect_right(starts, token) - 1][token] = index
            yield from (_Sentence(reading, low, high, own) for (low, high), own in zip(bounds, held, strict=True))

    def _cues_by_reading(self) -> Mapping[int, list[tuple[int, int]]]:
        """Return, for each reading, the tokens of the cues in it with their statements."""
        order = sorted((n for n, r in enumerate(self.readings) if r.starts), key=lambda n: self.readings[n].starts[0])
        starts = [self.readings[n].starts[0] for n in order]
        held: dict[int, list[tuple[int, int]]] = {}
        for index, statement in enumerate(self.statements):
            at = -1 if statement.anchor is None else bisect_right(starts, statement.anchor) - 1
            if at < 0 or statement.anchor is None or statement.type == "post":
                continue
            reading = self.readings[order[at]]
            token = bisect_right(reading.starts, statement.anchor) - 1
            if reading.ends[token] > statement.anchor:
                held.setdefault(order[at], []).append((token, index))
        return held

    def _read(self, sentence: _Sentence) -> None:
        reading, cues = sentence.reading, sentence.cues
        frame = self.matchers.frame(
            reading, sentence.low, sentence.high, hidden=self._hidden, titles=self._titles, roles=self._role
        )
        if cues:
            self.apart |= self._clauses.apart(reading, sentence.low, sentence.high, cues)
        for hit, channel in self.names.channels(self.matchers.hits(frame) if frame else ()):
            self.hits.append((hit, channel))
            if not cues or channel.mention is None:
                continue
            place = channel.mention.start, channel.mention.end
            index = self._clauses.owner(attachment.Words.of(hit), reading, cues)
            if index is None:
                self.elsewhere.add(place)
            else:
                self.granted[place].update(self._granted(hit, channel, index, sentence))

    def _granted(self, hit: Hit, channel: Channel, index: int, sentence: _Sentence) -> Iterator[int]:
        """Yield the statements that have a channel by the grammar of their sentence."""
        reading, cues, owner = sentence.reading, sentence.cues, self.statements[index]
        if channel.relation == "via" and _overlap(owner.mention, hit.name):
            # Reuters reported that Lee said so: Reuters is the channel of Lee's statement, not of its own report.
            yield from (other for other in cues.values() if other != index and self._nested(other, index))
        elif self._outside(hit, reading, cues, index) and not _overlap(owner.mention, hit.name):
            yield index

    def _outside(self, hit: Hit, reading: Reading, cues: dict[int, int], index: int) -> bool:
        """Return whether words are not, or only apparently, part of a statement."""
        addressed = hit.pattern.relation == "to" and cues.get(hit.first) == index and not self._cued(index, "asking")
        if addressed or not self._said_itself(self.statements[index], hit.name):
            return True
        return self._clauses.beside(hit.first, reading, cues, index)

    def _cued(self, index: int, words: str) -> bool:
        """Return whether a cue contains a word of a list, as printed or in its base form."""
        cue = self.statements[index].cue
        listed = self.lexicon.own_set(words)
        return cue is not None and not listed.isdisjoint({cue.lemma.lower(), *cue.text.lower().split()})

    def _role(self, word: Span) -> str:
        """Return the role of a word in a statement; a cue within another statement is a cue."""
        for name, part in zip(ROLES, self._parts, strict=True):
            if touching(part, word.start, word.end):
                return name
        return ""

    @cached_property
    def _parts(self) -> tuple[list[Span], ...]:
        """The spans of cues, of mentions, and of content, each in order with overlaps merged."""
        cues = [c.cue for c in self.statements if c.cue is not None]
        mentions = [c.mention for c in self.statements if c.mention is not None]
        spans = [s for c in self.statements for s in c.spans]
        return coalesced(cues), coalesced(mentions), coalesced(spans)

    def _said_itself(self, statement: Candidate, name: Span) -> bool:
        """Return whether a name is inside a statement, and not a programme's quoted name taken for one."""
        held = (s for s in statement.spans if _overlap(s, name))
        return any(not self.matchers.press.expects(self.text[s.start : s.end].strip(_AROUND_TITLE)) for s in held)

    def _nested(self, inner: int, outer: int) -> bool:
        cue = self.statements[inner].cue
        return cue is not None and any(s.start <= cue.start < s.end for s in self.statements[outer].spans)


def _overlap(one: Span | None, other: Span) -> bool:
    return one is not None and one.start < other.end and other.start < one.end
