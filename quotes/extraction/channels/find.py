"""Find how each statement reached the article: to an interviewer, via an outlet, on a platform, in a document.

Patterns over the parse, and word lists over the whole article, propose words that may name a channel. Fitted models
over features (`decide.py`) weigh how likely each names one, and which statements have it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from attrs import evolve, frozen

from quotes.extraction.article_text import ArticleText
from quotes.extraction.channels.article_words import ArticleWords, vocabulary
from quotes.extraction.channels.decide import MENTION, TAGGED, Chance, chances, odds, ways
from quotes.extraction.channels.describe import Scene, features, tagged
from quotes.extraction.channels.mentions import LISTENERS, PRESS, Proposal, Proposer
from quotes.extraction.channels.naming import ChannelNames
from quotes.extraction.channels.pairs import Channels, Key, Pair
from quotes.extraction.channels.parsed import ParsedArticle
from quotes.extraction.channels.sentences import ChannelMatchers
from quotes.extraction.parsing.masking import Reading
from quotes.extraction.parsing.parse import Parse
from quotes.extraction.statement import Statement
from quotes.lexicon import Lexicon
from quotes.lexicon.tables import Model
from quotes.reader.inference import Answer, Answers
from quotes.records import Channel, Relation, Span

__all__ = ["ChannelMatchers", "Traced", "trace"]

Traced = tuple[str, Channel]
NO_ANSWERS = Answers()


@frozen(eq=False)
class Proposed:
    """An article's proposals, each with its features, channels given by a statement itself, and the reader's tags."""

    scene: Scene
    proposals: Sequence[Proposal]
    features: Sequence[Mapping[str, float]]
    given: Mapping[int, Traced]
    tags: Sequence[Answer] = ()

    def weighed(self, models: Mapping[str, Model]) -> list[float]:
        """Return the log-odds of each proposal: by its words, and by the reader's tags if there are any."""
        words, tags = models.get(MENTION), models.get(TAGGED)
        values = [odds(f, words) if words else 0.0 for f in self.features]
        return [odds(f, tags) for f in self.tagged(values)] if self.tags and tags else values

    def tagged(self, values: Sequence[float]) -> list[dict[str, float]]:
        """Return the features that combine tags with the log-odds by the words."""
        return [tagged(p, value, self.tags) for p, value in zip(self.proposals, values, strict=True)]


def trace(
    article: ArticleText, statements: Sequence[Statement], *, parse: Parse, lexicon: Lexicon,
    matchers: ChannelMatchers, answers: Answers = NO_ANSWERS,
) -> list[Statement]:  # fmt: skip
    """Find the channels of an article's statements, each with the id of the pattern that made it.

    Args:
        article: the article's text and parts.
        statements: the chosen statements with their speakers, in order.
        parse: the article's parse.
        lexicon: the patterns, with word lists, weights, outlets, programmes and platforms.
        matchers: the compiled channel patterns.
        answers: the reader's channels and names.

    Returns:
        The statements in the same order.
    """
    if not statements:
        return []
    proposed = propose(
        article, statements, readings=parse.readings, lexicon=lexicon, matchers=matchers, answers=answers
    )
    channels = weighed(proposed, lexicon)
    weighed_pairs = chances(channels, lexicon.models)
    found = chosen(channels, weighed_pairs, lexicon.weights, given=proposed.given)
    return [
        evolve(s, channels=found[n], ways=partial(ways, channels, weighed_pairs, n)) for n, s in enumerate(statements)
    ]


def propose(
    article: ArticleText, statements: Sequence[Statement], *, readings: Sequence[Reading], lexicon: Lexicon,
    matchers: ChannelMatchers, answers: Answers = NO_ANSWERS,
) -> Proposed:  # fmt: skip
    """Propose the channels of an article, and describe each. Args: as for `trace`, with the parsed segments."""
    text, body, candidates = article.text, article.body, [s.candidate for s in statements]
    words = ArticleWords(text, body.start, body.end, vocabulary(lexicon))
    names = ChannelNames(text, body.start, lexicon, matchers.press)
    parsed = ParsedArticle(text, candidates, article.quotations, matchers, names)
    parsed.read(readings)
    own = [_described(words, c.mention.end) for c in candidates if c.mention is not None]
    proposals = [
        p for p in Proposer(words, names, article.outlet).all(parsed.hits)
        if p.channel.kind not in LISTENERS or not any(p.start in each for each in own)
    ]  # fmt: skip
    scene = Scene(words, candidates, [s.speaker for s in statements], parsed)
    mentioned = Counter(p.key for p in proposals)
    platforms = ((n, c.pattern, names.post(c)) for n, c in enumerate(candidates) if c.type == "post")
    posts = {n: (pattern, platform) for n, pattern, platform in platforms if platform is not None}
    described = [features(p, scene, mentioned=mentioned) for p in proposals]
    relayed = {n: _relay(c.relay, proposals, names) for n, c in enumerate(candidates) if c.relay is not None}
    return Proposed(scene, proposals, described, posts | relayed, answers.channels)


def _relay(named: Span, proposals: Iterable[Proposal], names: ChannelNames) -> Traced:
    """Return the channel of the outlet that passes a statement on."""
    outlets = [p for p in proposals if p.channel.kind in PRESS and p.start < named.end]
    here = next((p for p in outlets if named.start < p.end), None)
    if here is not None and not here.channel.name.islower():
        return here.pattern or "relay", evolve(here.channel, relation="via", mention=here.mention)
    bare = names.bare(named, "via")
    before = (p.channel for p in reversed(outlets) if p.channel.kind == "outlet" and not p.channel.name.islower())
    meant = next(before, None) if names.points_back(named) else None
    channel = evolve(meant, relation="via", mention=bare.mention) if meant else bare
    return (here.pattern if here else "") or "relay", channel


def _described(words: ArticleWords, end: int) -> range:
    """Return what a speaker is called behind the name, which is no hearer: said Ana Lee, an analyst."""
    first = bisect_left(words.starts, end)
    behind = words.lower[first : first + 3]
    if len(behind) < 3 or behind[0] != "," or behind[1] not in words.known["determiners"]:
        return range(0)
    last = first + 2
    ends = words.known["telling-forms"] | words.known["phrase-stops"]
    while last < len(words) and words.lower[last][0].isalpha() and words.lower[last] not in ends:
        last += 1
    return range(words.starts[first + 2], words.stop(last - 1))


def weighed(proposed: Proposed, lexicon: Lexicon) -> Channels:
    """Return the channels of an article, with the log-odds of each of their mentions."""
    return Channels(proposed.scene, proposed.proposals, proposed.weighed(lexicon.models))


def chosen(
    channels: Channels, found: Sequence[Chance], least: Mapping[str, float], *, given: Mapping[int, Traced]
) -> list[tuple[Traced, ...]]:
    """Choose the channels of each statement.

    Args:
        channels: of the article.
        found: all pairs with their probabilities.
        least: the probability below which a channel is dropped, by the name from `bar`.
        given: the platforms of embedded posts and the relays of statements, by statement.
    """
    told: list[list[Traced]] = [[given[n]] if n in given else [] for n in range(len(channels.scene.statements))]
    stands = [c.pair for c in found if c.chance >= least.get(bar(channels, c.pair), 0.5)]
    own: dict[int, dict[Key, Relation]] = defaultdict(dict)
    for pair in stands:
        if pair.own and channels.press(pair.key):
            own[pair.statement][pair.key] = channels.proposals[pair.proposal].channel.relation
    for pair in sorted(stands, key=lambda p: (p.statement, channels.starts[p.proposal])):
        p = channels.proposals[pair.proposal]
        if not pair.own and _gives_way(channels, pair, own[pair.statement]):
            continue
        channel = evolve(p.channel, kind="journalist") if channels.kinds[pair.key] == "journalist" else p.channel
        relay = given[pair.statement][1].mention if pair.statement in given else None
        if relay is not None and p.start < relay.end and relay.start < p.end:
            continue  # named by the same words
        if all((channel.relation, channel.name) != (c.relation, c.name) for _, c in told[pair.statement]):
            told[pair.statement].append((p.pattern or f"channel-{p.how}", channel))
    return [tuple(each) for each in told]


def _gives_way(channels: Channels, pair: Pair, own: Mapping[Key, Relation]) -> bool:
    """Return whether a channel from elsewhere does not fit the press that a statement's own sentence names.

    Told Reuters: not the paper of the statement before; wrote on Instagram: not in the interview with that paper.
    """
    if channels.press(pair.key):
        return channels.proposals[pair.proposal].channel.relation in own.values()
    media = {key for key in own if channels.kinds[key] != "journalist"}
    return bool(media) and "interview" in channels.heads[pair.key] and media.isdisjoint(channels.partners[pair.key])


def bar(channels: Channels, pair: Pair) -> str:
    """Return the name of a pair's least probability, by the channel's kind and relation and by where it is named."""
    via = channels.press(pair.key) and channels.proposals[pair.proposal].channel.relation == "via"
    if pair.features.get("granted"):
        return f"channel_least_granted{'_via' if via else ''}"
    if not pair.own and via:
        return "channel_least_via"  # what an outlet reported, it mostly reported at length
    return f"channel_least{'_own' if pair.own else ''}{'_press' if channels.press(pair.key) else ''}"
