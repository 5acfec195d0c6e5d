"""Propose words that may name a channel, anywhere in an article: by lists of nouns, names of the press, and hearers.

Nothing is decided here: most proposals name no channel, and `describe.py` gives the features to weigh them. Matches of
patterns in the parse are added to those by words alone.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from attrs import define, evolve, frozen

from quotes.extraction.channels.article_words import ArticleWords, Phrase
from quotes.extraction.channels.press_names import PressNames
from quotes.extraction.channels.sentences import Hit
from quotes.lexicon.gazetteer import Press
from quotes.records import Channel, ChannelKind, Mention, Outlet, Relation
from quotes.text.spans import HasBounds

PRESS = frozenset({"outlet", "programme", "platform", "journalist"})
# How far back, in characters, a full name resolves an ambiguous weak name.
_PLAIN_FROM = 20_000
# The most words of a hearer's name; the most words between a word of speaking and its "to".
_LONGEST, _NEAR = 8, 3
# The most characters of a proposal's name.
_LONGEST_NAME = 200
How = Literal["noun", "press", "own", "word", "told", "spoke", "interview", "asked", "pattern"]


@frozen
class Proposal:
    """Words that may name a channel.

    `key` is the same for all mentions of one channel in an article. `how` names the proposer, `pattern` the pattern
    that agrees, `head` the listed noun at the end of the name.
    """

    channel: Channel
    mention: Mention
    key: str
    how: How
    head: str
    phrase: Phrase
    pattern: str = ""

    @property
    def start(self) -> int:
        """Where the name begins."""
        return self.mention.start

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.mention.end

    @property
    def word(self) -> int:
        """The number of the name's last word."""
        return self.phrase.last


@define(eq=False)
class Proposer:
    """Proposes the channels of one article."""

    words: ArticleWords
    press: Press
    platforms: Mapping[str, tuple[str, ChannelKind, str]]
    outlet: Outlet | None = None

    def all(self, hits: Iterable[tuple[Hit, Channel]]) -> list[Proposal]:
        """Return all proposals in order, without overlaps.

        Args:
            hits: the matches of patterns in the parsed sentences.
        """
        found = self._joined([*self.nouns(), *self.names(), *self.hearers()], hits)
        return sorted(_distinct(found, self.words), key=lambda p: (p.start, p.end))

    def _proposal(self, phrase: Phrase, channel: Channel, **more: object) -> Proposal:
        w = self.words
        start, end = w.starts[phrase.first], w.stop(phrase.last)
        mention = channel.mention or Mention(w.text[start:end], start, end)
        return Proposal(evolve(channel, mention=mention), mention, phrase=phrase, **more)  # type: ignore[arg-type]

    # -- nouns --------------------------------------------------------------------------------------------------------

    def nouns(self) -> Iterator[Proposal]:
        """Yield occasions, documents, audiences, programmes and platforms by the last noun of their names."""
        w = self.words
        for last, word in enumerate(w.words):
            head = w.known.noun(word)
            if w.lower[last - 1] in w.known.firsts and w.joined(last):
                head = w.known.noun_of_two(w.lower[last - 1], w.lower[last]) or head
            if head is None or (w.joined(last + 1) and self._goes_on(last + 1)):
                continue
            phrase, kind = w.phrase(last), w.known.nouns[head]
            relation: Relation = "to" if kind == "audience" else "on" if kind in PRESS else "in"
            end = w.stop(self._place(last) if kind == "occasion" else last)
            name = " ".join(w.text[w.starts[phrase.first] : end].split())
            mention = Mention(w.text[w.starts[phrase.first] : end], w.starts[phrase.first], end)
            channel = Channel(relation, name, kind, None, mention)
            yield self._proposal(phrase, channel, key=f"{relation} {head}", how="noun", head=head)

    def _goes_on(self, number: int) -> bool:
        """Return whether a word continues a phrase, so that the one before is not its head: a court hearing."""
        known, word = self.words.known, self.words.words[number]
        return known.noun(word) is not None or word in known["possessive"]

    def _place(self, last: int) -> int:
        """Return the last word of an occasion's place, or of the occasion: a rally in Ohio."""
        w, at = self.words, last + 1
        if at >= len(w) or w.lower[at] not in w.known["place-words"]:
            return last
        at += 1 + (at + 1 < len(w) and w.lower[at + 1] in w.known["articles"])
        end = at
        while end < len(w) and end - at < 4 and w.joined(end) and self._capital(end):
            end += 1
        return end - 1 if end > at else last

    def _capital(self, number: int) -> bool:
        w = self.words
        return w.words[number][0].isupper() and w.lower[number].rstrip(".") not in w.known["days"]

    # -- the press ----------------------------------------------------------------------------------------------------

    def names(self) -> Iterator[Proposal]:
        """Yield outlets, programmes and platforms by name, the article's own outlet among them; and "tweeted"."""
        w = self.words
        for start, end, label in PressNames(w, self.press, self.platforms, self.outlet).all():
            first, last = w.at(start), w.at(end - 1)
            determiner = w.lower[first - 1] if first and w.lower[first - 1] in w.known["determiners"] else ""
            phrase = w.around(first, last, determiner)
            yield self._press(phrase, w.text[start:end], start, label)

    def _press(self, phrase: Phrase, printed: str, start: int, label: str) -> Proposal:
        if label == "WORD":
            name, _, identity = self.platforms[printed.lower()]
            channel = Channel("on", name, "platform", identity)
            return self._proposal(phrase, channel, key=identity, how="word", head=printed.lower())
        relation = self._relation(phrase, label)
        if label == "OWN" and self.outlet is not None:
            initials = self.outlet.id is None and printed.isupper() and printed.lower() not in self.outlet.name.lower()
            channel = Channel(relation, printed if initials else self.outlet.name, "outlet", self.outlet.id)
            key = self.outlet.id or self.outlet.name.lower()
            return self._proposal(phrase, channel, key=key, how="own", head=label)
        earlier = self.words.text[max(self.words.start, start - _PLAIN_FROM) : start]
        known = self.press.named(printed, relation=relation, earlier=earlier)
        kind: ChannelKind = self.press.kind(printed, relation=relation)
        name = printed
        if known is not None:
            kind, name = known.kind, printed if known.kind == "platform" else known.name
        if kind == "platform" or (kind == "programme" and relation == "via"):
            relation = "on"
        own = self.outlet is not None and name == self.outlet.name
        channel = Channel(relation, name, kind, known.id if known else None)
        key = known.id if known else name.lower()
        return self._proposal(phrase, channel, key=key, how="own" if own else "press", head=label)

    def _relation(self, phrase: Phrase, label: str) -> Relation:
        """Return the relation of an outlet's name by the words around it, or else by its label."""
        relation = self._introduced_as(phrase)
        if relation is None and label == "OWN":
            return "to"
        return relation or ("on" if label in ("PROGRAMME", "PLATFORM", "WEAK_AIR") else "via")

    def _introduced_as(self, phrase: Phrase) -> Relation | None:
        """Return the relation that the words around an outlet's name introduce, if they do."""
        known, (near, next_, _), after = self.words.known, phrase.before, phrase.after[0]
        if near in known["telling-forms"] or (near == "by" and next_ in known["telling-forms"]):
            return "to"
        if near in known["via-words"] or (near == "to" and next_ in known["via-words"]):
            return "via"
        if near in known["to-words"]:
            return "to"
        if near in known["on-words"]:
            return "on"
        if after in known["reporting-forms"]:
            return "via"
        return "to" if after in known["interview-forms"] else None

    # -- hearers ------------------------------------------------------------------------------------------------------

    def hearers(self) -> Iterator[Proposal]:
        """Yield the hearers: of told and spoke to, and interviewers."""
        w = self.words
        for number, word in enumerate(w.lower):
            how = self._introduced(number, word)
            if how is None:
                continue
            first = number + 1 + (number + 1 < len(w) and w.lower[number + 1] == "by")
            determiner = w.lower[first] if first < len(w) and w.lower[first] in w.known["determiners"] else ""
            first += bool(determiner)
            if first < len(w) and w.sentence(w.starts[first]) == w.sentence(w.starts[number]):
                last = self._hearer(first)
                capital = last >= first and w.words[last][0].isupper()
                if last >= first and (capital or (determiner and w.known.noun(w.words[last]) is None)):
                    yield self._heard(w.around(first, last, determiner), how, capital)

    def _introduced(self, number: int, word: str) -> How | None:
        known = self.words.known
        if word in known["telling-forms"]:
            return "told"
        heard = word in known["hearer-words"]
        if not heard and word != "by":
            return None
        near = self.words.lower[max(0, number - _NEAR) : number]
        if word == "by" and not known["asked-forms"].isdisjoint(near):
            return "asked"
        if heard and not known["speaking-forms"].isdisjoint(near):
            return "interview" if word == "with" else "spoke"
        return None

    def _hearer(self, first: int) -> int:
        """Return the last word of a hearer's name, or the word before the first if there is none."""
        w, known, end = self.words, self.words.known, first
        capital = w.words[first][0].isupper()
        while end < len(w) and end - first < _LONGEST and (end == first or w.joined(end)):
            word = w.lower[end]
            linked = word in known["name-links"] or word in known["possessive"]
            if word in known["telling-forms"] or word in known["days"] or not (word[0].isalnum() or linked):
                break
            if word in known["phrase-stops"] and not linked:
                break
            if capital and not w.words[end][0].isupper() and not linked:
                return first - 1  # the German broadcaster: not a name
            end += 1
        while end > first and (w.lower[end - 1] in known["name-links"] or w.lower[end - 1] in known["possessive"]):
            end -= 1
        return end - 1

    def _heard(self, phrase: Phrase, how: How, capital: bool) -> Proposal:
        """Build the proposal of a hearer."""
        w = self.words
        kind: ChannelKind = "journalist" if capital and how in ("interview", "asked") else "audience"
        name = " ".join(w.text[w.starts[phrase.first] : w.stop(phrase.last)].split())
        head = "NAME" if capital else w.lower[phrase.last]
        key = f"to {w.lower[phrase.last]}"
        return self._proposal(phrase, Channel("to", name, kind), key=key, how=how, head=head)

    # -- patterns -----------------------------------------------------------------------------------------------------

    def _joined(self, found: Sequence[Proposal], hits: Iterable[tuple[Hit, Channel]]) -> list[Proposal]:
        """Replace proposals by words alone with matches of patterns that name the same."""
        left = _Ordered.of(found)
        for hit, channel in hits:
            mention = channel.mention
            if mention is None:
                continue
            near = left.near(mention, press=channel.kind in PRESS)
            made = self._by_pattern(hit.pattern.id, channel, mention, left.held[near] if near is not None else None)
            if near is None:
                left.held.append(made)
            elif not left.held[near].pattern:  # of two patterns, the first gets the words
                left.held[near] = made
        return left.held

    def _by_pattern(self, pattern: str, channel: Channel, mention: Mention, other: Proposal | None) -> Proposal:
        w = self.words
        first, last = w.at(mention.start), w.at(mention.end - 1)
        head = w.known.noun(w.words[last]) or w.lower[last]
        key = channel.id or f"{channel.relation} {head}"
        if channel.kind == "journalist":
            key = f"to {w.lower[last]}"
        elif channel.kind in PRESS:
            key = channel.id or channel.name.lower()
        elif other is not None:
            key = other.key
        if other is not None:
            return evolve(other, channel=channel, mention=mention, key=key, pattern=pattern)
        determiner = w.lower[first - 1] if first and w.lower[first - 1] in w.known["determiners"] else ""
        return Proposal(channel, mention, key, "pattern", head, w.around(first, last, determiner), pattern)


@frozen
class _Ordered:
    """Proposals in order, to find overlapping ones."""

    held: list[Proposal]
    starts: list[int]

    @classmethod
    def of(cls, found: Iterable[Proposal]) -> _Ordered:
        held = sorted(found, key=lambda p: (p.start, p.end))
        return cls(held, [p.start for p in held])

    def near(self, words: HasBounds, *, press: bool) -> int | None:
        """Return the proposal that overlaps these words, of the press or not."""
        beside = range(bisect_left(self.starts, words.start - _LONGEST_NAME), bisect_left(self.starts, words.end))
        alike = (n for n in beside if self.held[n].end > words.start and (self.held[n].channel.kind in PRESS) == press)
        return min(alike, key=lambda n: (abs(self.held[n].end - words.end), n), default=None)


def _distinct(found: Iterable[Proposal], words: ArticleWords) -> Iterator[Proposal]:
    """Yield proposals without two that share a name's last word; prefer the press, then matches of patterns."""
    hearers = ("told", "spoke", "interview", "asked")
    taken: set[int] = set()
    for p in sorted(found, key=lambda p: (p.channel.kind not in PRESS or (p.how in hearers and not p.pattern),
                                          not p.pattern, p.how in hearers, p.start - p.end, p.start)):  # fmt: skip
        whole = p.how in (*hearers, "press", "own", "word")
        held = range(words.at(p.start), words.at(p.end - 1) + 1) if whole else (p.word,)
        named = p.head in words.known["outlet-kinds"] and not taken.isdisjoint(range(p.phrase.first, p.word))
        if taken.isdisjoint(held) and not named:  # the DPA news agency is DPA
            taken.update(held)
            yield p
