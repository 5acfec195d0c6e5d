"""Pair statements with the channels of their article, and describe each pair by named features.

There are two kinds of pairs: channels that a statement's own sentence names, and channels named elsewhere that may also
hold for the statement. The second kind depends on the statements of the first, above all on the speaker's own.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property

from attrs import define, frozen

from quotes.extraction.channels.describe import Scene
from quotes.extraction.channels.mentions import PRESS, Proposal
from quotes.records import ChannelKind

# The least log-odds of the likeliest mention of a channel.
_LEAST = -3.0
# Log-odds are clipped at this on both sides of 0.
_CLIP = 3.0
# How far, in characters, to look for channels before and after a statement.
_BEFORE, _BEHIND = 30_000, 6_000
# Characters per unit of a gap.
_GAP = 60
LISTS = ("interview", "statement", "shared", "speech", "report")
Key = str


@frozen
class Pair:
    """A statement and a channel that it may have: the proposal that names it, and the nonzero features.

    `own` says whether the statement's own sentence names the channel.
    """

    statement: int
    key: Key
    proposal: int
    features: Mapping[str, float]
    own: bool = False


def clipped(odds: float) -> float:
    """Return log-odds within the bounds that features keep."""
    return max(-_CLIP, min(_CLIP, odds))


def probability(value: float) -> float:
    """Return the probability of log-odds."""
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, value))))


def shown(values: Mapping[str, float]) -> dict[str, float]:
    """Return the nonzero features."""
    return {name: float(value) for name, value in values.items() if value}


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
        for key, held in self.mentions.items():
            if found[key] == "audience" and any(
                self.proposals[n].channel.kind == "journalist" and self.odds[n] > -2.0
                for n in held
            ):
                found[key] = "journalist"
        return found

    @cached_property
    def heads(self) -> dict[Key, tuple[str, ...]]:
        """The lists of nouns that contain a channel's last word."""
        known = self.scene.words.known
        return {k: tuple(n for n in LISTS if k.rsplit(" ", 1)[-1] in known[f"{n}-heads"]) for k in self.mentions}

    @cached_property
    def sentences(self) -> list[int]:
        """The sentence of each proposal."""
        return [self.scene.words.sentence(p.start) for p in self.proposals]

    @cached_property
    def paragraphs(self) -> list[int]:
        """The paragraph of each proposal."""
        return [self.scene.words.paragraph(p.start) for p in self.proposals]

    @cached_property
    def inside(self) -> list[frozenset[int]]:
        """The statements whose words contain each proposal."""
        return [frozenset(self.scene.holders(p)) for p in self.proposals]

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

    @cached_property
    def starts(self) -> list[int]:
        """Where each proposal begins."""
        return [p.start for p in self.proposals]

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

    def is_speaker(self, statement: int, p: Proposal) -> bool:
        """Return whether a channel is the speaker: what Reuters said did not come via Reuters."""
        speaker = self.scene.speakers[statement]
        name = speaker.name if speaker else ""
        if speaker and speaker.mention and name.startswith(f"{speaker.mention.text} "):
            name = speaker.mention.text  # "a report", not "a report that appeared in The Lancet"
        return name.split()[-1:] == p.channel.name.split()[-1:]

    def own(self, statement: int, held: Sequence[int]) -> list[int]:
        """Return the proposals in the statement's own sentence, outside its words."""
        sentence = self.scene.words.sentence(self.scene.anchors[statement])
        others = (n for n in held if not self.is_speaker(statement, self.proposals[n]))
        return [n for n in others if statement in self._granted(n) or self._tells(n, statement, sentence)]

    def _tells(self, number: int, statement: int, sentence: int) -> bool:
        p = self.proposals[number]
        if self.sentences[number] != sentence or statement in self.inside[number]:
            return False
        topic = p.how in ("press", "own") and not p.pattern and self.addressed(p) is False
        place, grammar = (p.start, p.end), self.scene.grammar
        governed = bool(p.pattern) or grammar.owners.get(place, statement) == statement
        return not topic and governed and place not in grammar.elsewhere

    def _granted(self, number: int) -> Collection[int]:
        p = self.proposals[number]
        return self.scene.grammar.granted.get((p.start, p.end), ())

    def addressed(self, p: Proposal) -> bool | None:
        """Return whether a word of speaking precedes "to" or "with"; None without these: the deal with CNN."""
        known, before = self.scene.words.known, p.phrase.before
        return not known["speaking-forms"].isdisjoint(before[1:]) if before[0] in known["hearer-words"] else None

    def named(self, statement: int, number: int) -> bool:
        """Return whether a proposal's sentence names a statement's speaker."""
        name = self.scene.name(statement)
        surname = name.split()[-1].lower() if name and name.split() else ""
        return bool(surname) and surname in self._text(self.sentences[number])

    def _text(self, sentence: int) -> str:
        if sentence not in self._texts:
            self._texts[sentence] = self.scene.words.sentence_text(sentence)
        return self._texts[sentence]

    @cached_property
    def _texts(self) -> dict[int, str]:
        return {}

    def of_statement(self, number: int) -> dict[str, float]:
        """Return the features of a statement, whatever the channel."""
        known, cue = self.scene.words.known, self.scene.cue(number)
        speaker = self.scene.speakers[number]
        lemma = cue.lemma.lower() if cue else ""
        adds = lemma in known["adding"]
        return {
            "writes": lemma in known["writing"] and not adds,
            "asks": lemma in known["asking"],
            "says": cue is not None and cue.text.lower() in known["present-cues"],
            "adds": adds,
            "tells": lemma == "tell",
            "according": "accord" in lemma,
            "quoted": self.scene.statements[number].type != "indirect",
            "person": speaker is not None and speaker.kind == "person",
        }

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
            own = {key: held for key in seen if (held := self.own(statement, seen[key]))}
            base = self.of_statement(statement) if own else {}
            for key, held in own.items():
                number = self.best(held)
                features = {
                    **base,
                    **self.of_channel(key, seen[key]),
                    f"relation_{self.proposals[number].channel.relation}": 1.0,
                    **{f"head_{name}": 1.0 for name in self.heads[key]},
                    **self._beside(statement, held),
                    "likely": clipped(self.odds[number]),
                }
                yield Pair(statement, key, number, shown(features), own=True)

    def _beside(self, statement: int, held: Sequence[int]) -> dict[str, float]:
        """Return the features of the words' relation to the cue."""
        p, scene = self.proposals[self.best(held)], self.scene
        cue, source = scene.anchors[statement], scene.statements[statement].mention
        granted = [self._granted(n) for n in held]
        owner = scene.grammar.owners.get((p.start, p.end), -1)
        is_granted = any(statement in g for g in granted)
        return {
            "pattern": any(self.proposals[n].pattern for n in held),
            "granted": is_granted,
            "refused": not any(granted) and any(self.proposals[n].pattern for n in held),
            "granted_other": any(granted) and not is_granted,
            "clause": owner == statement,
            "clause_other": owner not in (-1, statement) and not is_granted,  # Reuters reported that Lee said so
            "gap": min(3.0, abs(p.start - cue) / _GAP),
            "behind_cue": p.start > cue,
            "introduced": self.addressed(p) is True,
            "not_introduced": self.addressed(p) is False,
            "in_source": source is not None and source.start <= p.start < source.end,
        }

    def press(self, key: Key) -> bool:
        """Return whether a channel is of the press."""
        return self.kinds[key] in PRESS
