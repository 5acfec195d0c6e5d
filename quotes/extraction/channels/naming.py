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
from quotes.lexicon.platforms import platform_named
from quotes.records import Candidate, Channel, Mention, Relation, Span

# The most characters between the end of an embedded post and its link.
_POST_TAIL = 160
# How far back, in characters, a full name resolves an ambiguous weak name: the length of an article.
_PLAIN_FROM = 20_000
# How far back, in characters, "the footage" refers.
_NAMED_BEFORE = 1_500
_WORD = re.compile(r"[^\W\d_]+")


@define(eq=False)
class ChannelNames:
    """Turns matches into channels, in the order of the text, and remembers them."""

    text: str
    start: int
    lexicon: Lexicon
    press: Press
    _journalists: set[str] = field(factory=set, init=False)
    _unlisted: dict[str, Channel] = field(factory=dict, init=False)
    _last_outlet: Channel | None = field(default=None, init=False)
    _last_interview: Channel | None = field(default=None, init=False)

    @cached_property
    def meant(self) -> dict[str, Channel]:
        """The platforms implied by single words: tweeted."""
        prefix, found = f"{self.lexicon.language}-means-", dict[str, Channel]()
        for name, words in self.lexicon.words.items():
            known = self.press.by_id.get(name.removeprefix(prefix)) if name.startswith(prefix) else None
            if known is not None:
                channel = Channel("on", words[0], known.kind, known.id)
                found = dict.fromkeys(map(str.lower, words[1:]), channel) | found
        return found

    def listed(self, printed: str, at: int, relation: Relation) -> Channel:
        """Return the channel of the press that a name means in its place, with an id if it is known which.

        Args:
            printed: the name as printed.
            at: where it begins; a full name before it resolves an ambiguous weak one.
            relation: the relation that the place expects.
        """
        earlier = self.text[max(self.start, at - _PLAIN_FROM) : at]
        known = self.press.named(printed, relation=relation, earlier=earlier)
        if known is None:
            return Channel(relation, printed, self.press.kind(printed, relation=relation))
        # A platform keeps its name of that day: in 2016 X was Twitter.
        return Channel(relation, printed if known.kind == "platform" else known.name, known.kind, known.id)

    def bare(self, named: Span, relation: Relation) -> Channel:
        """Return the channel of an outlet's mention, called without its article: the Coast Courier."""
        words = self.text[named.start : named.end]
        first = words.partition(" ")[0]
        start = named.start + (len(first) + 1 if first.lower() in self.lexicon.names.determiner else 0)
        printed = " ".join(self.text[start : named.end].split())
        mention = Mention(self.text[start : named.end], start, named.end)
        return evolve(self.listed(printed, start, relation), mention=mention)

    def points_back(self, named: Span) -> bool:
        """Return whether a mention is a noun that means an outlet named before: the newspaper."""
        first, _, last = self.text[named.start : named.end].partition(" ")
        return first.lower() in self.lexicon.own_set("definite") and last.islower() and " " not in last

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
        pattern, name, relation = hit.pattern, self._printed(hit), hit.pattern.relation
        mention = Mention(self.text[hit.name.start : hit.name.end], hit.name.start, hit.name.end)
        if (own := self._unlisted.get(name)) is not None:
            return evolve(own, relation=relation, mention=mention)  # the Echo, after the Harwick Echo
        if pattern.kind == "lookup" and not hit.label:
            if (meant := self.meant.get(name.lower())) is not None:
                return evolve(meant, relation=relation, mention=mention)
            is_known = name.rsplit(" ", 1)[-1] in self._journalists
            return Channel(relation, name, "journalist", None, mention) if is_known else None
        if pattern.kind == "document" and name.lower() in self.lexicon.own_set("heard"):
            return self._recording(relation, hit.name.start)
        channel = Channel(relation, name, "outlet" if pattern.kind == "lookup" else pattern.kind)
        if pattern.kind in ("lookup", "outlet", "programme", "platform"):
            listed = self.listed(name, hit.name.start, relation)
            if listed.id is not None or pattern.kind == "lookup":
                channel = listed
            if listed.id is None and hit.label == "PROGRAMME":
                channel = evolve(channel, kind="programme")
        return self._remembered(hit, evolve(channel, mention=mention))

    def _recording(self, relation: Relation, offset: int) -> Channel | None:
        """Return the last recording named before a speaker is heard in it: the footage."""
        start, nouns = max(self.start, offset - _NAMED_BEFORE), self.lexicon.own_set("recordings")
        words = [m for m in _WORD.finditer(self.text, start, offset) if m.group().lower() in nouns]
        if not words:
            return None
        return Channel(relation, words[-1].group(), "document", None, Mention(words[-1].group(), *words[-1].span()))

    def _remembered(self, hit: Hit, channel: Channel) -> Channel | None:
        """Resolve "the newspaper" and "the interview" to the outlet named before; remember this one."""
        last_word = channel.name.rsplit(" ", 1)[-1]
        definite = hit.before in self.lexicon.own_set("definite")
        if channel.kind == "outlet" and channel.id is None and last_word.islower() and not hit.label:
            if hit.before == "this":
                return None  # this newspaper: the article's publisher
            last = self._last_outlet if definite else None
            return evolve(channel, name=last.name, id=last.id) if last is not None else channel
        if definite and channel.name in self.lexicon.own_set("gives-way") and self._last_interview is not None:
            return evolve(self._last_interview, mention=channel.mention)
        if channel.kind == "outlet":
            self._last_outlet = channel
            if channel.id is None and " " in channel.name:
                self._unlisted[last_word] = channel
        if channel.kind == "journalist":
            self._journalists.add(last_word)
        if channel.kind in ("outlet", "programme") and channel.relation == "to":
            self._last_interview = channel
        return channel

    def post(self, statement: Candidate) -> Channel | None:
        """Return the platform of an embedded post, by its signature or by its link.

        The signature names it, or the handle's form shows it; a plain handle is one of X if no link says otherwise.
        """
        default, known = self.press.domains.get("x.com"), self.press.by_id.get(statement.pattern.removeprefix("post-"))
        if (named := self._named_in_signature(statement)) is not None:
            return named
        if known is not None and known is not default:
            return Channel("on", known.name, "platform", known.id)
        start, end = statement.spans[0].start, statement.spans[-1].end + _POST_TAIL
        for domain, platform in self.press.domains.items():
            link = re.compile(rf"(?<![^\W_]|-){re.escape(domain)}/").search(self.text, start, end)
            if link is not None:
                at = link.start()
                return Channel("on", platform.name, "platform", platform.id, Mention(domain, at, at + len(domain)))
        return Channel("on", default.name, "platform", default.id) if statement.handle and default else None

    def _named_in_signature(self, statement: Candidate) -> Channel | None:
        """Return the platform in a post's signature: — Ana Sorel (@sorel) on Threads, March 3, 2026."""
        if statement.pattern not in self.lexicon.regexes or statement.cue is None:
            return None
        match = self.lexicon.regex(statement.pattern).match(self.text, statement.cue.start)
        printed = match.groupdict().get("platform") if match is not None else None
        entry = platform_named(printed, lexicon=self.lexicon) if printed else None
        if match is None or entry is None:
            return None
        mention = Mention(match["platform"], *match.span("platform"))
        return Channel("on", entry.name, "platform", entry.id, mention)
