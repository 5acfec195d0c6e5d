"""Name the channels of one article: canonical names, ids, "the newspaper", a journalist met before, a post's site."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import permutations

from attrs import define, evolve, field

from quotes.extraction.channels.sentences import Hit
from quotes.lexicon import Lexicon
from quotes.lexicon.gazetteer import Press
from quotes.records import Candidate, Channel, ChannelKind, Mention, Relation

PRESS = frozenset({"outlet", "programme", "platform"})
# The most characters between the end of an embedded post and its link.
_POST_TAIL = 160
# How far back, in characters, a full name resolves an ambiguous weak name: the length of an article.
_PLAIN_FROM = 20_000
# How far back, in characters, "the newspaper" refers.
_NAMED_BEFORE = 1_500
_WORD = re.compile(r"[^\W\d_]+")


@define(eq=False)
class ChannelNames:
    """Turns matches into channels, in the order of the text, and remembers them."""

    text: str
    start: int
    lexicon: Lexicon
    press: Press
    journalists: set[str] = field(factory=set, init=False)
    unlisted: dict[str, Channel] = field(factory=dict, init=False)
    last_outlet: Channel | None = field(default=None, init=False)
    last_interview: Channel | None = field(default=None, init=False)

    @cached_property
    def meant(self) -> dict[str, tuple[str, ChannelKind, str]]:
        """Name, kind and id of the platforms implied by single words: tweeted."""
        prefix, found = f"{self.lexicon.language}-means-", dict[str, tuple[str, ChannelKind, str]]()
        for name, words in self.lexicon.words.items():
            known = self.press.by_id.get(name.removeprefix(prefix)) if name.startswith(prefix) else None
            if known is not None:
                found.update((w.lower(), (words[0], known.kind, known.id)) for w in words[1:] if w.lower() not in found)
        return found

    def channels(self, hits: Iterable[Hit]) -> Iterator[tuple[Hit, Channel]]:
        """Yield the channels of a sentence's matches; a network and its programme resolve each other."""
        found = [(hit, channel) for hit in hits if (channel := self._channel(hit)) is not None]
        press = [n for n, (_, c) in enumerate(found) if c.kind in ("outlet", "programme")]
        for one, other in permutations(press, 2):
            pair = self.press.pair(self._printed(found[one][0]), self._printed(found[other][0]))
            for number, known in zip((one, other), pair or (), strict=False):
                hit, channel = found[number]
                found[number] = hit, evolve(channel, name=known.name, kind=known.kind, id=known.id)
        yield from found

    def _printed(self, hit: Hit) -> str:
        return " ".join(self.text[hit.name.start : hit.name.end].split())

    def _channel(self, hit: Hit) -> Channel | None:
        """Build the channel of a match: its kind, canonical name and id; None if it means nothing known."""
        pattern, name = hit.pattern, self._printed(hit)
        mention = Mention(self.text[hit.name.start : hit.name.end], hit.name.start, hit.name.end)
        if (own := self.unlisted.get(name)) is not None:
            return evolve(own, relation=pattern.relation, mention=mention)  # the Echo, after the Harwick Echo
        kind: ChannelKind
        if pattern.kind == "lookup" or pattern.kind in PRESS:
            earlier = self.text[max(self.start, hit.name.start - _PLAIN_FROM) : hit.name.start]
            known = self.press.named(name, relation=pattern.relation, earlier=earlier)
            if known is not None and (hit.label or pattern.kind != "lookup"):
                # A platform keeps its name of that day: in 2016 X was Twitter.
                shown = name if known.kind == "platform" else known.name
                channel = Channel(pattern.relation, shown, known.kind, known.id, mention)
                return self._remembered(hit, channel)
            if pattern.kind == "lookup" and not hit.label:
                if means := self.meant.get(name.lower()):
                    return Channel(pattern.relation, *means, mention)
                if name.rsplit(" ", 1)[-1] in self.journalists:
                    return Channel(pattern.relation, name, "journalist", None, mention)
                return None
            kind = pattern.kind if pattern.kind != "lookup" else self.press.kind(name, relation=pattern.relation)
            if hit.label == "PROGRAMME":
                kind = "programme"
        elif pattern.kind == "document" and name.lower() in self.lexicon.own_set("heard"):
            return self._recording(pattern.relation, hit.name.start)
        else:
            kind = pattern.kind
        return self._remembered(hit, Channel(pattern.relation, name, kind, None, mention))

    def _recording(self, relation: Relation, offset: int) -> Channel | None:
        """Return the last recording named before a speaker is heard in it: the footage."""
        start = max(self.start, offset - _NAMED_BEFORE)
        nouns = self.lexicon.own_set("recordings")
        for word in reversed(list(_WORD.finditer(self.text, start, offset))):
            if word.group().lower() in nouns:
                mention = Mention(word.group(), word.start(), word.end())
                return Channel(relation, word.group(), "document", None, mention)
        return None

    def _remembered(self, hit: Hit, channel: Channel) -> Channel | None:
        """Resolve "the newspaper" and "the interview" to the outlet named before; remember this one."""
        last_word = channel.name.rsplit(" ", 1)[-1]
        definite = hit.before in self.lexicon.own_set("definite")
        if channel.kind == "outlet" and channel.id is None and last_word.islower() and not hit.label:
            if hit.before == "this":
                return None  # this newspaper: the article's publisher
            last = self.last_outlet if definite else None
            return evolve(channel, name=last.name, id=last.id) if last is not None else channel
        if definite and channel.name in self.lexicon.own_set("gives-way") and self.last_interview is not None:
            return evolve(self.last_interview, mention=channel.mention)
        if channel.kind == "outlet":
            self.last_outlet = channel
            if channel.id is None and " " in channel.name:
                self.unlisted[last_word] = channel
        if channel.kind == "journalist":
            self.journalists.add(last_word)
        if channel.kind in ("outlet", "programme") and channel.relation == "to":
            self.last_interview = channel
        return channel

    def post(self, statement: Candidate) -> list[tuple[str, Channel]]:
        """Return the platform of an embedded post by its link, else by its form: name, handle, date."""
        start, end = statement.spans[0].start, statement.spans[-1].end
        tail = self.text[start : end + _POST_TAIL]
        for domain, platform in self.press.domains.items():
            at = tail.find(domain + "/")
            if at >= 0 and not (at and (tail[at - 1].isalnum() or tail[at - 1] == "-")):
                mention = Mention(domain, start + at, start + at + len(domain))
                return [(statement.pattern, Channel("on", platform.name, "platform", platform.id, mention))]
        default = self.press.domains.get("x.com")
        if statement.handle and default:
            return [(statement.pattern, Channel("on", default.name, "platform", default.id))]
        return []
