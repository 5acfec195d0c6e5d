"""Propose words that may name a channel, anywhere in an article: by lists of nouns, names of the press, and hearers.

Nothing is decided here: most proposals name no channel, and `describe.py` gives the features to weigh them. Matches of
patterns in the parse are added to those by words alone.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from attrs import define, evolve, frozen

from quotes.extraction.channels import press_names
from quotes.extraction.channels.article_words import ArticleWords, Phrase
from quotes.extraction.channels.naming import ChannelNames
from quotes.extraction.channels.sentences import Hit
from quotes.records import Channel, ChannelKind, Mention, Outlet, Relation

PRESS = frozenset({"outlet", "programme", "platform", "journalist"})
# Channels that are hearers, not occasions: they do not change the occasion and the outlet.
LISTENERS = frozenset({"journalist", "audience"})
# The most words of a hearer's name; the most words between a word of speaking and its "to".
_LONGEST, _NEAR = 8, 3
# The most words of a place after an occasion's "in".
_LONGEST_PLACE = 4
# The most characters of a proposal's name.
_LONGEST_NAME = 200
How = Literal["noun", "press", "own", "word", "told", "spoke", "interview", "asked", "pattern"]
_HEARERS = ("told", "spoke", "interview", "asked")


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
    names: ChannelNames
    outlet: Outlet | None = None

    def all(self, hits: Iterable[tuple[Hit, Channel]]) -> list[Proposal]:
        """Return all proposals in order, without overlaps.

        Args:
            hits: the matches of patterns in the parsed sentences.
        """
        nouns, press = list(self._nouns()), list(self._press())
        within = self._within(nouns, press)
        nouns = [p for p in nouns if p.word not in within]
        hearers = (p for p in self._hearers() if p.word not in within)
        matched = (
            (hit, c) for hit, c in hits
            if c.mention is None or c.kind in PRESS or self.words.at(c.mention.end - 1) not in within
        )  # fmt: skip
        found = self._joined([*nouns, *press, *hearers], matched)
        return list(self._listed(sorted(_distinct(found, self.words), key=lambda p: (p.start, p.end))))

    def _within(self, nouns: Sequence[Proposal], press: Iterable[Proposal]) -> set[int]:
        """Return words that head no phrase: the board of a Board of Trade meeting, "official" of an official X page.

        A hearer within a phrase without "of" may be one: before the Senate banking committee.
        """
        w, found = self.words, set[int]()
        heads = {p.word for p in nouns if p.channel.kind == "audience"}
        for p in nouns:
            words = range(p.phrase.first, p.phrase.last)
            linked = any(w.lower[n] in w.known["name-links"] for n in words)
            found.update(n for n in words if linked or n not in heads)
        return found | {p.phrase.first - 1 for p in press if p.phrase.after[0] in w.known["platform-nouns"]}

    def _listed(self, found: Iterable[Proposal]) -> Iterator[Proposal]:
        """Yield proposals in order, those of a list of the press with the first one's relation: told the BBC and AP."""
        known, last = self.words.known, None
        for p in found:
            plain = not p.pattern and p.how == "press" and p.phrase.after[0] not in known["reporting-forms"]
            if last is not None and plain and last.channel.kind in PRESS:
                between = self.words.lower[last.phrase.last + 1 : p.phrase.first]
                if between and known["list-words"].issuperset(between):
                    p = evolve(p, channel=evolve(p.channel, relation=last.channel.relation))
            last = p
            yield p

    def _made(self, phrase: Phrase, channel: Channel, key: str, how: How, head: str) -> Proposal:
        """Return the proposal of a phrase; the channel is called as printed if it has no name."""
        w, first = self.words, self.words.starts[phrase.first]
        end = w.stop(self._place(phrase.last) if channel.kind == "occasion" else phrase.last)
        mention = Mention(w.text[first:end], first, end)
        name = channel.name or " ".join(mention.text.split())
        return Proposal(evolve(channel, name=name, mention=mention), mention, key, how, head, phrase)

    # -- nouns --------------------------------------------------------------------------------------------------------

    def _nouns(self) -> Iterator[Proposal]:
        """Yield occasions, documents, audiences, programmes and platforms by the last noun of their names."""
        w = self.words
        for last, word in enumerate(w.lower):
            head = w.known.bases.get(word)
            if last and w.joined(last):
                head = w.known.bases.get(f"{w.lower[last - 1]} {word}", head)
            goes_on = w.joined(last + 1) and self._goes_on(w.lower[last + 1])
            if head is not None and not goes_on and not self._is_month(last):
                kind = w.known.nouns[head]
                relation: Relation = "to" if kind == "audience" else "on" if kind in PRESS else "in"
                yield self._made(w.phrase(last), Channel(relation, "", kind), f"{relation} {head}", "noun", head)

    def _is_month(self, number: int) -> bool:
        """Return whether a word is a month rather than an event: on March 3, but not the March for Life."""
        w = self.words
        before = w.lower[number - 1] if number else ""
        return w.lower[number] in w.known["days"] and w.words[number][0].isupper() and before in w.known["place-words"]

    def _goes_on(self, word: str) -> bool:
        """Return whether a word continues a phrase, so that the one before is not its head: a court hearing."""
        return word in self.words.known.bases or word in self.words.known["possessive"]

    def _place(self, last: int) -> int:
        """Return the last word of an occasion's place, or of the occasion: a rally in Ohio."""
        w, at = self.words, last + 1
        if at >= len(w) or w.lower[at] not in w.known["place-words"]:
            return last
        at += 1 + (at + 1 < len(w) and w.lower[at + 1] in w.known["articles"])
        end = at
        while end < min(len(w), at + _LONGEST_PLACE) and w.joined(end) and w.words[end][0].isupper():
            if w.lower[end].rstrip(".") in w.known["days"]:
                break
            end += 1
        return end - 1 if end > at else last

    # -- the press ----------------------------------------------------------------------------------------------------

    def _press(self) -> Iterator[Proposal]:
        """Yield outlets, programmes and platforms by name, the article's own outlet among them; and "tweeted"."""
        w = self.words
        for start, end, label in press_names.names(w, self.names.press, self.outlet, self.names.meant):
            phrase, printed = w.around(w.at(start), w.at(end - 1)), w.text[start:end]
            if label == "WORD":
                meant = self.names.meant[printed.lower()]
                yield self._made(phrase, meant, meant.id or "", "word", printed.lower())
                continue
            channel = self._named(printed, start, label, self._relation(phrase, label))
            own = label == "OWN" or (self.outlet is not None and channel.name == self.outlet.name)
            key = channel.id or (self.outlet.name if label == "OWN" and self.outlet else channel.name).lower()
            yield self._made(phrase, channel, key, "own" if own else "press", label)

    def _named(self, printed: str, start: int, label: str, relation: Relation) -> Channel:
        """Return the channel of a name of the press."""
        if label == "OWN" and self.outlet is not None:
            initials = self.outlet.id is None and printed.isupper() and printed.lower() not in self.outlet.name.lower()
            return Channel(relation, printed if initials else self.outlet.name, "outlet", self.outlet.id)
        channel = self.names.listed(printed, start, relation)
        on = channel.kind == "platform" or (channel.kind == "programme" and relation == "via")
        return evolve(channel, relation="on") if on else channel

    def _relation(self, phrase: Phrase, label: str) -> Relation:
        """Return the relation of an outlet's name by the words around it, or else by its label."""
        known, (near, beyond, _), after = self.words.known, phrase.before, phrase.after[0]
        introduced: tuple[tuple[Relation, str, tuple[str, ...]], ...] = (
            ("to", "telling-forms", (near, beyond if near == "by" else "")),
            ("via", "via-words", (near, beyond if near == "to" else "")),
            ("to", "to-words", (near,)),
            ("on", "on-words", (near,)),
            ("via", "reporting-forms", (after,)),
            ("to", "interview-forms", (after,)),
        )
        by_label: Relation = "on" if label in ("PROGRAMME", "PLATFORM", "WEAK_AIR") else "via"
        by_words = (relation for relation, name, words in introduced if not known[name].isdisjoint(words))
        return next(by_words, "to" if label == "OWN" else by_label)

    # -- hearers ------------------------------------------------------------------------------------------------------

    def _hearers(self) -> Iterator[Proposal]:
        """Yield the hearers: of told and spoke to, and interviewers."""
        w = self.words
        for number, word in enumerate(w.lower):
            how = self._introduced(number, word)
            if how is None:
                continue
            first = number + 1 + (number + 1 < len(w) and w.lower[number + 1] == "by")
            determiner = first < len(w) and w.lower[first] in w.known["determiners"]
            first += determiner
            if first >= len(w) or w.sentence(w.starts[first]) != w.sentence(w.starts[number]):
                continue
            last = self._hearer(first)
            capital = last >= first and w.words[last][0].isupper()
            if last >= first and (capital or (determiner and w.lower[last] not in w.known.bases)):
                kind: ChannelKind = "journalist" if capital and how in ("interview", "asked") else "audience"
                head = "NAME" if capital else w.lower[last]
                yield self._made(w.around(first, last), Channel("to", "", kind), f"to {w.lower[last]}", how, head)

    def _introduced(self, number: int, word: str) -> How | None:
        known, near = self.words.known, self.words.lower[max(0, number - _NEAR) : number]
        if word in known["telling-forms"]:
            return "told"
        if word == "by":
            return None if known["asked-forms"].isdisjoint(near) else "asked"
        if word not in known["hearer-words"] or known["speaking-forms"].isdisjoint(near):
            return None
        return "interview" if word == "with" else "spoke"

    def _hearer(self, first: int) -> int:
        """Return the last word of a hearer's name, or the word before the first if there is none."""
        w, known, end = self.words, self.words.known, first
        links = known["name-links"] | known["possessive"]
        breaks = known["telling-forms"] | known["days"] | (known["phrase-stops"] - links)
        capital = w.words[first][0].isupper()
        while end < min(len(w), first + _LONGEST) and (end == first or w.joined(end)):
            word = w.lower[end]
            if word in breaks or not (word[0].isalnum() or word in links):
                break
            if capital and not w.words[end][0].isupper() and word not in links:
                return first - 1  # the German broadcaster: not a name
            end += 1
        while end > first and w.lower[end - 1] in links:
            end -= 1
        return end - 1

    # -- patterns -----------------------------------------------------------------------------------------------------

    def _joined(self, found: Sequence[Proposal], hits: Iterable[tuple[Hit, Channel]]) -> list[Proposal]:
        """Replace proposals by words alone with matches of patterns that name the same."""
        held = sorted(found, key=lambda p: (p.start, p.end))
        starts = [p.start for p in held]
        for hit, channel in hits:
            if (words := channel.mention) is None:
                continue
            near = range(bisect_left(starts, words.start - _LONGEST_NAME), bisect_left(starts, words.end))
            press = channel.kind in PRESS
            same = [n for n in near if held[n].end > words.start and (held[n].channel.kind in PRESS) == press]
            if not same:
                held.append(self._by_pattern(hit.pattern.id, channel, words))
                continue
            best = min(same, key=lambda n: (abs(held[n].end - words.end), n))
            if not held[best].pattern:  # of two patterns, the first gets the words
                made = self._by_pattern(hit.pattern.id, channel, words)
                key = made.key if press else held[best].key
                held[best] = evolve(held[best], channel=channel, mention=words, key=key, pattern=made.pattern)
        return held

    def _by_pattern(self, pattern: str, channel: Channel, words: Mention) -> Proposal:
        w = self.words
        first, last = w.at(words.start), w.at(words.end - 1)
        head = w.known.bases.get(w.lower[last], w.lower[last])
        key = channel.id or (channel.name.lower() if channel.kind in PRESS else f"{channel.relation} {head}")
        if channel.kind == "journalist":
            key = f"to {w.lower[last]}"
        return Proposal(channel, words, key, "pattern", head, w.around(first, last), pattern)


def _distinct(found: Iterable[Proposal], words: ArticleWords) -> Iterator[Proposal]:
    """Yield proposals without two that share a name's last word; prefer the press, then matches of patterns."""
    found, taken = list(found), set[int]()
    programmes = [p for p in found if p.how == "press" and p.channel.kind == "programme"]
    listed = {n for p in programmes for n in range(words.at(p.start), p.word + 1)}
    for p in sorted(found, key=lambda p: (p.channel.kind not in PRESS or (p.how in _HEARERS and not p.pattern),
                                          not p.pattern, p.how in _HEARERS, p.start - p.end, p.start)):  # fmt: skip
        whole = p.how in (*_HEARERS, "press", "own", "word")
        held = range(words.at(p.start), words.at(p.end - 1) + 1) if whole else (p.word,)
        within = range(p.phrase.first, p.word)
        named = p.head in words.known["outlet-kinds"] and not taken.isdisjoint(within)
        if p.channel.kind == "programme" and p.how != "press":
            named = named or not listed.isdisjoint(within)
        if taken.isdisjoint(held) and not named:  # the DPA news agency is DPA, the Morning Joe show Morning Joe
            taken.update(held)
            yield p
