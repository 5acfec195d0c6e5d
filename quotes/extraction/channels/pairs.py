"""Pair statements with the channels of their article, and describe each pair by named features.

There are two kinds of pairs: channels that a statement's own sentence names, and channels named elsewhere that may also
hold for the statement (`carried.py`). The second kind depends on the statements of the first, above all on the
speaker's own.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property

from attrs import define, field, frozen

from quotes.extraction.channels.describe import Scene
from quotes.extraction.channels.mentions import PRESS, Proposal
from quotes.extraction.channels.parsed import UNPARSED
from quotes.records import ChannelKind

# The least log-odds of the likeliest mention of a channel, and of one of a hearer who asks.
_LEAST, _ASKS = -3.0, -2.0
# Log-odds are clipped at this on both sides of 0.
_CLIP = 3.0
# How far, in characters, to look for channels before and after a statement.
_BEFORE, _BEHIND = 30_000, 6_000
# Characters per unit of a gap, and the most units.
_GAP, _FAR = 60, 3.0
LISTS = ("interview", "statement", "shared", "speech", "report")
Key = str


def _nonzero(values: Mapping[str, float]) -> dict[str, float]:
    return {name: float(value) for name, value in values.items() if value}


@frozen
class Pair:
    """A statement and a channel that it may have: the proposal that names it, and the nonzero features.

    `own` says whether the statement's own sentence names the channel.
    """

    statement: int
    key: Key
    proposal: int
    features: Mapping[str, float] = field(converter=_nonzero)
    own: bool = False


def clipped(odds: float) -> float:
    """Return log-odds within the bounds that features keep."""
    return max(-_CLIP, min(_CLIP, odds))


def probability(value: float) -> float:
    """Return the probability of log-odds."""
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, value))))


@define(eq=False)
class Channels:
    """The channels of an article: the proposals that name each, and their kinds.

    `odds` are the proposals' log-odds.
    """

    scene: Scene
    proposals: Sequence[Proposal]
    odds: Sequence[float]

    @cached_property
    def mentions(self) -> dict[Key, list[int]]:
        """The proposals of each channel, in order."""
        found: dict[Key, list[int]] = defaultdict(list)
        for number, p in enumerate(self.proposals):
            found[p.key].append(number)
        return {key: held for key, held in found.items() if max(self.odds[n] for n in held) > _LEAST}

    @cached_property
    def kinds(self) -> dict[Key, ChannelKind]:
        """The kind of each channel, by its likeliest mention; a hearer who asks anywhere is a journalist."""
        found = {key: self.proposals[self.best(held)].channel.kind for key, held in self.mentions.items()}
        asking = {p.key for p, odds in zip(self.proposals, self.odds, strict=True)
                  if p.channel.kind == "journalist" and odds > _ASKS}  # fmt: skip
        return {key: "journalist" if kind == "audience" and key in asking else kind for key, kind in found.items()}

    def press(self, key: Key) -> bool:
        """Return whether a channel is of the press."""
        return self.kinds[key] in PRESS

    @cached_property
    def heads(self) -> dict[Key, tuple[str, ...]]:
        """The lists of nouns that contain a channel's last word."""
        known = self.scene.words.known
        return {k: tuple(n for n in LISTS if k.rsplit(" ", 1)[-1] in known[f"{n}-heads"]) for k in self.mentions}

    @cached_property
    def partners(self) -> dict[Key, tuple[Key, ...]]:
        """The channels of another kind named beside each: the interview and its outlet."""
        beside: dict[int, set[Key]] = defaultdict(set)
        for key, held in self.mentions.items():
            for n in held:
                beside[self.sentences[n]].add(key)
        found = {}
        for key, held in self.mentions.items():
            count = Counter(o for n in held for o in beside[self.sentences[n]] if self.kinds[o] != self.kinds[key])
            found[key] = tuple(sorted(o for o, times in count.items() if times >= max(1, len(held) / 3)))
        return found

    # -- of each proposal ---------------------------------------------------------------------------------------------

    @cached_property
    def starts(self) -> list[int]:
        """Where each proposal begins."""
        return [p.start for p in self.proposals]

    @cached_property
    def sentences(self) -> list[int]:
        """The sentence of each proposal."""
        return [self.scene.words.sentence(start) for start in self.starts]

    @cached_property
    def _texts(self) -> list[str]:
        return [self.scene.words.sentence_text(sentence) for sentence in self.sentences]

    @cached_property
    def paragraphs(self) -> list[int]:
        """The paragraph of each proposal."""
        return [self.scene.words.paragraph(start) for start in self.starts]

    @cached_property
    def _granted(self) -> list[Collection[int]]:
        """The statements to which the grammar of their sentences gives each proposal."""
        return [self.scene.grammar.granted.get((p.start, p.end), ()) for p in self.proposals]

    @cached_property
    def _owners(self) -> list[int | None]:
        """The statement whose cue governs each proposal."""
        return [self.scene.grammar.governs(p.mention, p.channel) for p in self.proposals]

    def addressed(self, number: int) -> bool | None:
        """Return whether a word of speaking precedes "to" or "with"; None without these: the deal with CNN."""
        known, (near, *beyond) = self.scene.words.known, self.proposals[number].phrase.before
        return not known["speaking-forms"].isdisjoint(beyond) if near in known["hearer-words"] else None

    def named(self, statement: int, number: int) -> bool:
        """Return whether a proposal's sentence names a statement's speaker."""
        names = (self.scene.name(statement) or "").split()
        return bool(names) and names[-1].lower() in self._texts[number]

    # -- near a statement ---------------------------------------------------------------------------------------------

    def best(self, held: Sequence[int]) -> int:
        """Return the likeliest proposal."""
        return max(held, key=lambda n: (self.odds[n], -n))

    def seen(self, statement: int) -> dict[Key, list[int]]:
        """Return the proposals within reach of a statement, by channel."""
        low = bisect_left(self.starts, self.scene.begins[statement] - _BEFORE)
        high = bisect_right(self.starts, self.scene.ends[statement] + _BEHIND)
        found: dict[Key, list[int]] = defaultdict(list)
        for n in range(low, high):
            if self.proposals[n].key in self.mentions:
                found[self.proposals[n].key].append(n)
        return found

    def of_channel(self, key: Key, held: Sequence[int]) -> dict[str, float]:
        """Return the features of a channel; `held` are its mentions near a statement."""
        return {
            f"kind_{self.kinds[key]}": 1.0,
            "mentions": math.log1p(len(held)),
            "likeliest": clipped(max(self.odds[n] for n in held)),
        }

    # -- channels of a statement's own sentence -----------------------------------------------------------------------

    def own_pairs(self) -> Iterator[Pair]:
        """Yield the pairs of statements and channels that their own sentences name."""
        for statement in self.scene.order:
            seen = self.seen(statement)
            own = {key: mine for key in seen if (mine := [n for n in seen[key] if self._is_own(statement, n)])}
            base = self._of_statement(statement) if own else {}
            for key, held in self._settled(statement, own).items():
                number = self.best(held)
                features = {
                    **base,
                    **self.of_channel(key, seen[key]),
                    f"relation_{self.proposals[number].channel.relation}": 1.0,
                    **{f"head_{name}": 1.0 for name in self.heads[key]},
                    **self._beside(statement, number, held),
                }
                yield Pair(statement, key, number, features, own=True)

    def _settled(self, statement: int, own: Mapping[Key, Sequence[int]]) -> dict[Key, Sequence[int]]:
        """Return a sentence's channels without those of another clause: she told CNN, hours after he told the Times.

        Where the grammar gives a statement one of the press, another one that it gives to another statement is not its.
        """
        granted = {key: {n for number in held for n in self._granted[number]} for key, held in own.items()}
        settled = {self.press(key) for key, given in granted.items() if statement in given}
        return {
            key: held
            for key, held in own.items()
            if statement in granted[key] or not granted[key] or self.press(key) not in settled
        }

    def _is_own(self, statement: int, number: int) -> bool:
        """Return whether a statement's own sentence, outside its words, has a proposal that is not its speaker."""
        p, owner, scene = self.proposals[number], self._owners[number], self.scene
        if self._is_speaker(statement, p) or statement in self._granted[number]:
            return not self._is_speaker(statement, p)
        beside = self.sentences[number] == scene.words.sentence(scene.anchors[statement])
        if not beside or statement in scene.holders(p) or (p.start, p.end) in scene.grammar.elsewhere:
            return False
        topic = p.how in ("press", "own") and self.addressed(number) is False
        return bool(p.pattern) or (not topic and owner in (UNPARSED, statement))

    def _is_speaker(self, statement: int, p: Proposal) -> bool:
        """Return whether a channel is the speaker: what Reuters said did not come via Reuters."""
        speaker = self.scene.speakers[statement]
        name = speaker.name if speaker else ""
        if speaker and speaker.mention and name.startswith(f"{speaker.mention.text} "):
            name = speaker.mention.text  # "a report", not "a report that appeared in The Lancet"
        return name.split()[-1:] == p.channel.name.split()[-1:]

    def _of_statement(self, number: int) -> dict[str, float]:
        """Return the features of a statement, whatever the channel."""
        known, statement, speaker = self.scene.words.known, self.scene.statements[number], self.scene.speakers[number]
        lemma = statement.cue.lemma.lower() if statement.cue else ""
        adds = lemma in known["adding"]
        return {
            "writes": lemma in known["writing"] and not adds,
            "asks": lemma in known["asking"],
            "says": statement.cue is not None and statement.cue.text.lower() in known["present-cues"],
            "adds": adds,
            "tells": lemma == "tell",
            "according": "accord" in lemma,
            "quoted": statement.type != "indirect",
            "person": speaker is not None and speaker.kind == "person",
        }

    def _beside(self, statement: int, number: int, held: Sequence[int]) -> dict[str, float]:
        """Return the features of the words' relation to the cue."""
        start, cue, owner = self.starts[number], self.scene.anchors[statement], self._owners[number]
        source = self.scene.statements[statement].mention
        granted, by_pattern = [self._granted[n] for n in held], any(self.proposals[n].pattern for n in held)
        is_granted = any(statement in g for g in granted)
        return {
            "likely": clipped(self.odds[number]),
            "pattern": by_pattern,
            "granted": is_granted,
            "refused": by_pattern and not any(granted),
            "granted_other": any(granted) and not is_granted,
            "clause": owner == statement,
            # Reuters reported that Lee said so
            "clause_other": owner not in (UNPARSED, statement) and not is_granted,
            "gap": min(_FAR, abs(start - cue) / _GAP),
            "behind_cue": start > cue,
            "not_introduced": self.addressed(number) is False,
            "in_source": source is not None and source.start <= start < source.end,
        }
