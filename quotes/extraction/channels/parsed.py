"""Run the channel patterns over an article's parsed sentences, and find the statement whose cue governs each match."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property

from attrs import define, field

from quotes.extraction.channels.attachment import Sentence
from quotes.extraction.channels.naming import ChannelNames
from quotes.extraction.channels.sentences import ChannelMatchers, Hit
from quotes.extraction.parsing.masking import Reading
from quotes.lexicon.tables import ROLES
from quotes.records import Candidate, Channel, MarkedSpan, Mention, Span
from quotes.text.spans import HasBounds, coalesced, touching

# What `governs` returns for words that were not parsed.
UNPARSED = -1
# The most characters of a programme's name.
_LONGEST_TITLE = 60
_AROUND_TITLE = " ,.\"“”‘’'"


@define(eq=False)
class ParsedArticle:
    """One article's parsed sentences and statements, with the matches of patterns.

    `hits` are all matches with their channels, in the order of the text; `granted` the statements whose cues govern
    each channel, by its mention's place; `elsewhere` the places of matches outside the clause of any cue; `apart` the
    statements made at another time.
    """

    text: str
    statements: Sequence[Candidate]
    marked: Sequence[MarkedSpan]
    matchers: ChannelMatchers
    names: ChannelNames
    hits: list[tuple[Hit, Channel]] = field(factory=list, init=False)
    granted: dict[tuple[int, int], set[int]] = field(factory=lambda: defaultdict(set), init=False)
    elsewhere: set[tuple[int, int]] = field(factory=set, init=False)
    apart: set[int] = field(factory=set, init=False)
    _sentences: list[Sentence] = field(factory=list, init=False)

    def read(self, readings: Iterable[Reading]) -> None:
        """Match the patterns in the article's parsed segments."""
        lexicon = self.matchers.lexicon
        found = (Sentence(r, range(s.start, s.end), lexicon) for r in readings if r.starts for s in r.doc.sents)
        self._sentences = sorted(found, key=lambda s: (s.start, s.tokens.start))
        for index, statement in enumerate(self.statements):
            place = None if statement.anchor is None or statement.type == "post" else self._place(statement.anchor)
            if place is not None:
                place[0].cues[place[1]] = index
        for sentence in self._sentences:
            if sentence.cues:
                self.apart |= sentence.apart()
            hits = self.matchers.hits(
                sentence.reading, sentence.tokens, hidden=self._hidden, titles=self._titles, roles=self._role
            )
            for hit, channel in self.names.channels(hits):
                self.hits.append((hit, channel))
                if sentence.cues and channel.mention is not None:
                    self._grant(hit, channel.relation == "via", channel.mention, sentence)

    def _place(self, offset: int) -> tuple[Sentence, int] | None:
        """Return the sentence and the token that contain an offset."""
        at = bisect_right(self._sentences, offset, key=lambda s: s.start) - 1
        if at < 0:
            return None
        token = self._sentences[at].token_at(offset)
        return (self._sentences[at], token) if self._sentences[at].reading.ends[token] > offset else None

    def governs(self, words: HasBounds, channel: Channel) -> int | None:
        """Return the statement whose cue governs a channel's words, if any; UNPARSED if no cue was parsed there."""
        place = self._place(words.start)
        if place is None or not place[0].cues:
            return UNPARSED
        sentence, first = place
        return sentence.owner(first, sentence.token_at(words.end - 1), relation=channel.relation, kind=channel.kind)

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
        said, shown = coalesced(s for c in self.statements for s in c.spans), self._titles
        return frozenset(n for n, m in enumerate(self.marked) if n not in shown and touching(said, m.start, m.end))

    def _role(self, word: Span) -> str:
        """Return the role of a word in a statement; a cue within another statement is a cue."""
        return next((role for role, part in self._parts.items() if touching(part, word.start, word.end)), "")

    @cached_property
    def _parts(self) -> dict[str, list[Span]]:
        """The spans of cues, of mentions, and of content, each in order with overlaps merged."""
        cues = [c.cue for c in self.statements if c.cue is not None]
        mentions = [c.mention for c in self.statements if c.mention is not None]
        content = [s for c in self.statements for s in c.spans]
        return dict(zip(ROLES, (coalesced(cues), coalesced(mentions), coalesced(content)), strict=True))

    def _grant(self, hit: Hit, via: bool, words: Mention, sentence: Sentence) -> None:
        """Note which statements of a sentence have a channel by its grammar."""
        index = sentence.owner(hit.first, hit.last, relation=hit.pattern.relation, kind=hit.pattern.kind)
        if index is None:
            self.elsewhere.add((words.start, words.end))
            return
        owner, granted = self.statements[index], self.granted[words.start, words.end]
        if not _overlap(owner.mention, hit.name):
            if self._is_outside(hit, index, sentence):
                granted.add(index)
        elif via:
            # Reuters reported that Lee said so: Reuters is the channel of Lee's statement, not of its own report.
            granted |= {*sentence.cues.values()} - {index}

    def _is_outside(self, hit: Hit, index: int, sentence: Sentence) -> bool:
        """Return whether words are not, or only apparently, part of a statement: the quoted name of a programme."""
        owner = self.statements[index]
        held = [s for s in owner.spans if _overlap(s, hit.name)]
        if all(self.matchers.press.expects(self.text[s.start : s.end].strip(_AROUND_TITLE)) for s in held):
            return True
        addressed = hit.pattern.relation == "to" and sentence.cues.get(hit.first) == index
        return (addressed and not self._asks(owner)) or sentence.attached(hit.first, index)

    def _asks(self, statement: Candidate) -> bool:
        """Return whether a cue is a verb of asking, as printed or in its base form."""
        cue = statement.cue
        asking = self.matchers.lexicon.own_set("asking")
        return cue is not None and not asking.isdisjoint({cue.lemma.lower(), *cue.text.lower().split()})


def _overlap(one: HasBounds | None, other: HasBounds) -> bool:
    return one is not None and one.start < other.end and other.start < one.end
