"""Carry a channel over to the speaker's following statements: in an interview with Sky News on Sunday, …

Pairs of statements with channels that their own sentences do not name are described by features: which statements have
the channel in their own sentence, above all the speaker's nearest one; whether a sentence without a quote introduces
it; and how much of the article is the speaker's. The one person whom an article is about mostly spoke on one occasion;
of a person who speaks on many, each statement needs its own.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from attrs import define

from quotes.extraction.channels.mentions import LISTENERS
from quotes.extraction.channels.pairs import Channels, Key, Pair, clipped, probability

# The least probability of a channel that can carry over from a statement.
_HOLDS = 0.25
# The least log-odds of a mention that introduces a channel that no statement has, and of one that ends another.
_SETS, _ENDS = -1.2, -1.5
# How many statements before and after to examine.
_REACH = 60
# The most paragraphs without quotes within a speaker's run.
_BETWEEN = 2
_PARTED = 1_000
# The most paragraphs between a sentence that introduces a channel and the statement.
_SCENE = 2
# Counts are capped at this.
_MANY = 3.0
# How a holder's probability falls with the logarithm of its distance in statements: the speaker's own, and any.
_FAR, _FAR_ANY = 0.08, 0.1
Weighed = dict[Key, float]


class Holder(NamedTuple):
    """A statement, by its rank, that probably has a channel."""

    rank: int
    chance: float


@define(eq=False)
class Carried:
    """Pairs of statements with channels that their own sentences do not name.

    `chances` are the probabilities of channels that they do name.
    """

    channels: Channels
    chances: Mapping[tuple[int, Key], float]

    @cached_property
    def names(self) -> list[str | None]:
        """The speaker of each statement, in the order of the text."""
        return [self.channels.scene.name(n) for n in self.channels.scene.order]

    @cached_property
    def paragraphs(self) -> list[int]:
        """The paragraph of each statement in the order of the text."""
        scene = self.channels.scene
        return [scene.words.paragraph(scene.begins[n]) for n in scene.order]

    @cached_property
    def _own(self) -> dict[int, Weighed]:
        """The channels that each statement's own sentence names."""
        found: dict[int, Weighed] = defaultdict(dict)
        for (statement, key), chance in self.chances.items():
            found[statement][key] = chance
        return found

    @cached_property
    def _spoke(self) -> dict[str | None, Weighed]:
        """The channels of each speaker, with the highest probability of a statement of theirs."""
        found: dict[str | None, Weighed] = defaultdict(dict)
        for statement, own in self._own.items():
            name = self.channels.scene.name(statement)
            found[name] = _likelier(found[name], own)
        return found

    @cached_property
    def _says(self) -> Counter[str | None]:
        """How many statements each speaker makes."""
        return Counter(self.names)

    @cached_property
    def _groups(self) -> dict[Key, str]:
        """What each channel is: the press, a hearer, or an occasion or document."""
        kinds, press = self.channels.kinds, self.channels.press
        return {k: "hearer" if kinds[k] in LISTENERS else "press" if press(k) else "scene" for k in kinds}

    @cached_property
    def holders(self) -> dict[Key, list[Holder]]:
        """The statements that have each channel, in order."""
        found: dict[Key, list[Holder]] = defaultdict(list)
        for (statement, key), chance in self.chances.items():
            if chance >= _HOLDS:
                found[key].append(Holder(self.channels.scene.rank[statement], chance))
        return {key: sorted(held) for key, held in found.items()}

    # -- runs of one speaker ------------------------------------------------------------------------------------------

    @cached_property
    def runs(self) -> dict[tuple[int, Key], float]:
        """The probability that each statement shares the channel of the one before it in its speaker's run."""
        scene = self.channels.scene
        found: dict[tuple[int, Key], float] = {}
        held: Weighed = {}
        last: str | None = None
        end = scene.words.start
        for statement in scene.order:
            if scene.statements[statement].type == "post":
                continue
            name, own = scene.name(statement), self._own.get(statement, {})
            new = self._introduced(statement, end)
            passed = {key: chance * (1 - self._blocked(key, own)) for key, chance in new.items()}
            gap = scene.words.text[end : scene.begins[statement]]
            goes_on = name in (None, last)
            if (goes_on or self._replies(statement, gap)) and paragraphs(gap) <= _BETWEEN:
                told = _likelier(own, new)
                kept = (key for key in held if goes_on or "shared" in self.channels.heads[key])
                passed = _likelier(passed, {key: held[key] * (1 - self._blocked(key, told)) for key in kept})
            found |= {(statement, key): chance for key, chance in passed.items()}
            held = _likelier(own, passed)
            last, end = name or last, max(end, scene.ends[statement])
        return found

    def _replies(self, statement: int, gap: str) -> bool:
        """Return whether a statement answers the one before it: then Lee replied."""
        cue = self.channels.scene.statements[statement].cue
        answers = cue is not None and cue.lemma.lower() in self.channels.scene.words.known["replies"]
        return answers and "\n" not in gap.strip()

    def _introduced(self, statement: int, since: int) -> Weighed:
        """Return the channels of an earlier sentence with the speaker's name and no quote: Lee held a rally in Ohio."""
        c, words, found = self.channels, self.channels.scene.words, Weighed()
        begin = c.scene.begins[statement]
        for n in range(bisect_left(c.starts, since), bisect_left(c.starts, begin)):
            near = words.paragraph(begin) - c.paragraphs[n] <= _SCENE
            quotes = c.sentences[n] in c.scene.cued or c.sentences[n] == words.sentence(begin)
            if near and not quotes and c.proposals[n].key in c.mentions and c.named(statement, n):
                found = _likelier(found, {c.proposals[n].key: probability(c.odds[n])})
        return found

    def _blocked(self, key: Key, own: Weighed) -> float:
        """Return the probability that a statement's own sentence names another channel or hearer."""
        kinds, hears = self.channels.kinds, self.channels.kinds[key] in LISTENERS
        return max((chance for other, chance in own.items() if hears or kinds[other] not in LISTENERS), default=0.0)

    # -- pairs --------------------------------------------------------------------------------------------------------

    def pairs(self) -> Iterator[Pair]:
        """Yield the pairs, in the order of the text."""
        c, scene = self.channels, self.channels.scene
        for rank, statement in enumerate(scene.order):
            if statement in scene.grammar.apart:
                continue  # an earlier statement of his came through another channel
            seen = c.seen(statement)
            sentence = scene.words.sentence(scene.anchors[statement])
            begun = bisect_left(c.starts, scene.begins[statement])
            before = {key: held[: bisect_left(held, begun)] for key, held in seen.items()}
            newest: dict[str, list[int]] = defaultdict(list)
            for key, held in before.items():
                if held and c.odds[held[-1]] > _ENDS:
                    newest[c.kinds[key]].append(held[-1])
            for key, held in seen.items():
                holders = self.holders.get(key, [])
                near = holders[bisect_left(holders, (rank - _REACH,)) : bisect_left(holders, (rank + _REACH,))]
                # Its own sentence may have it for something else: after he spoke on CNN, Lee said so.
                elsewhere = any(c.odds[n] > _SETS and c.sentences[n] != sentence for n in held)
                if (statement, key) not in self.chances and (near or elsewhere):
                    features = {
                        **c.of_channel(key, held),
                        **self._held(rank, near),
                        **self._named(statement, held),
                        **self._before(statement, key, before[key], newest[c.kinds[key]]),
                        **self._speaker(statement, key),
                        **self._beside(statement, key),
                        "run": self.runs.get((statement, key), 0.0),
                    }
                    number = self._naming(before[key]) if before[key] else c.best(held)
                    yield Pair(statement, key, number, {**features, **self._crossed(key, features)})

    def _naming(self, before: Sequence[int]) -> int:
        """Return the proposal that names the channel: the last one before, unless another is much likelier."""
        odds, likeliest = self.channels.odds, self.channels.best(before)
        return likeliest if odds[likeliest] > odds[before[-1]] + 1 else before[-1]

    def _named(self, statement: int, held: Sequence[int]) -> dict[str, float]:
        """Return the features of mentions in the first two paragraphs, and beside the speaker's name."""
        c = self.channels
        return {
            "lead": max([0.0, *(c.odds[n] + 3 for n in held if c.paragraphs[n] <= 1)]),
            "beside_speaker": max([0.0, *(c.odds[n] + 3 for n in held if c.named(statement, n))]),
        }

    def _before(self, statement: int, key: Key, before: Sequence[int], newest: Sequence[int]) -> dict[str, float]:
        """Return the features of the last mention before a statement; `newest` are those of channels of its kind."""
        if not before:
            return {"named_later": 1.0}
        c, last = self.channels, before[-1]
        odds, away = clipped(c.odds[last]) + 3, c.scene.words.paragraph(c.scene.begins[statement]) - c.paragraphs[last]
        sets = away <= 1 and c.sentences[last] not in c.scene.cued and c.named(statement, last)
        return {
            "first_named": math.log1p(c.paragraphs[c.mentions[key][0]]),
            "before_scene": sets,
            "before_scene_likely": odds * sets,
            "before_newer": max((c.odds[n] + 2 for n in newest if n > last), default=0.0),
        }

    def _held(self, rank: int, near: Sequence[Holder]) -> dict[str, float]:
        """Return the features of the statements that have the channel."""
        if not near:
            return {"unheld": 1.0}
        name, speakers = self.names[rank], {self.names[h.rank] for h in near}
        own = [h for h in near if name and self.names[h.rank] == name]
        before, behind = [h for h in own if h.rank < rank], [h for h in own if h.rank > rank]
        found = {"holders": min(_MANY, len(speakers)), "speaker_holds": float(name in speakers)}
        if any_before := [h for h in near if h.rank < rank]:
            last = _nearest(any_before, rank, _FAR_ANY)
            next_here = rank - last.rank == 1 and self.paragraphs[rank] == self.paragraphs[last.rank]
            found |= {"any_chance": last.chance, "any_next_here": next_here}
        if before:
            found |= self._same(rank, before)
        if behind:
            found |= {"same_behind": 1.0, "same_behind_run": {*self.names[rank + 1 : behind[0].rank]} <= {name, None}}
        return found

    def _same(self, rank: int, before: Sequence[Holder]) -> dict[str, float]:
        """Return the features of the speaker's earlier statement that has it."""
        name, last = self.names[rank], _nearest(before, rank, _FAR)
        between = {*self.names[last.rank + 1 : rank]}
        run = between <= {name, None}
        return {
            "same": 1.0,
            "same_chance": last.chance,
            "same_gap": math.log(rank - last.rank),
            "same_here": self.paragraphs[rank] == self.paragraphs[last.rank],
            "same_run": run,
            "same_run_near": run and rank - last.rank <= 2,
            "same_others": min(_MANY, len(between - {name})),
            "same_share": len(before) / (self.names[max(0, rank - _REACH) : rank].count(name) + 2),
        }

    def _speaker(self, statement: int, key: Key) -> dict[str, float]:
        """Return the features of what else the speaker says; they tell of occasions and documents, not of the press."""
        name, groups = self.channels.scene.name(statement), self._groups
        if groups[key] != "scene":
            return {}
        says = self._says[name] if name else 0
        others = (c for other, c in self._spoke.get(name, {}).items() if other != key and groups[other] == groups[key])
        return {
            "speaker_says": math.log1p(says),
            "speaker_share": says / len(self.names),
            "speaker_most": says == max(self._says.values()),
            "speaker_elsewhere": math.log1p(sum(others)),
        }

    def _beside(self, statement: int, key: Key) -> dict[str, float]:
        """Return the features of the channels that the statement's own sentence names."""
        found, partners = {"here_rival": 0.0, "here_other": 0.0, "here_partner": 0.0}, self.channels.partners[key]
        for other, chance in self._own.get(statement, {}).items():
            name = "here_rival" if self._groups[other] == self._groups[key] else "here_other"
            for each in (name, "here_partner") if other in partners else (name,):
                found[each] = max(found[each], chance)
        return found

    def _crossed(self, key: Key, features: Mapping[str, float]) -> dict[str, float]:
        """Return products of features: an interview lasts longer than a statement, a hearing has many speakers."""
        heads = self.channels.heads
        interview = any("interview" in heads[k] for k in (key, *self.channels.partners[key]))
        shared = "shared" in heads[key]
        return {
            "interview": interview,
            "interview_same": interview * features.get("same_chance", 0.0),
            "shared_mentions": shared * features["mentions"],
            "shared_holders": shared * features.get("holders", 0.0),
        }


def _likelier(one: Weighed, other: Weighed) -> Weighed:
    """Return the channels of both, each with the higher probability."""
    return {key: max(one.get(key, 0.0), other.get(key, 0.0)) for key in one.keys() | other.keys()}


def _nearest(held: Sequence[Holder], rank: int, far: float) -> Holder:
    """Return the holder before a statement that is likely and near."""
    return max(held, key=lambda h: (h.chance - far * math.log(rank - h.rank), h.rank))


def paragraphs(between: str) -> int:
    """Count the whole paragraphs in a gap; a line of signs separates one story from the next."""
    inner = [line for line in between.split("\n")[1:-1] if line.strip()]
    return len(inner) if all(any(c.isalnum() for c in line) for line in inner) else _PARTED
