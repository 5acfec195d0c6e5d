"""Carry a channel over to the speaker's following statements: in an interview with Sky News on Sunday, …

Pairs of statements with channels that their own sentences do not name are described by features: which statements have
the channel in their own sentence, above all the speaker's nearest one, and whether a sentence without a quote
introduces it.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from attrs import define, frozen

from quotes.extraction.channels.pairs import Channels, Key, Pair, clipped, probability, shown
from quotes.extraction.channels.standing import LISTENERS, Standing

Chances = Mapping[tuple[int, Key], float]
# The least probability of a channel that can carry over from a statement.
_HOLDS = 0.25
# The least log-odds of a mention that introduces a channel that no statement has.
_SETS, _LEADS = -1.2, -1.0
# How many statements before and after to examine.
_REACH = 60
# The most paragraphs without quotes within a speaker's run.
_BETWEEN = 2
_PARTED = 1_000
# The most paragraphs between a sentence that introduces a channel and the statement.
_SCENE = 2
# Counts are capped at this.
_MANY = 3.0
# How a holder's probability falls with the logarithm of its distance in statements.
_FAR = 0.08


@frozen
class Holder:
    """A statement, by its rank, that probably has a channel."""

    rank: int
    chance: float


@define(eq=False)
class Carried:
    """Pairs of statements with channels that their own sentences do not name.

    `chances` are the probabilities of channels that they do name.
    """

    channels: Channels
    chances: Chances

    @cached_property
    def names(self) -> list[str | None]:
        """The speaker of each statement, in the order of the text."""
        return [self.channels.scene.name(n) for n in self.channels.scene.order]

    @cached_property
    def _standing(self) -> Standing:
        return Standing(self.channels, self.chances)

    @cached_property
    def paragraphs(self) -> list[int]:
        """The paragraph of each statement in the order of the text."""
        scene = self.channels.scene
        return [scene.words.paragraph(scene.begins[n]) for n in scene.order]

    @cached_property
    def runs(self) -> dict[tuple[int, Key], float]:
        """The probability that each statement shares the channel of the one before it in its speaker's run."""
        scene, text = self.channels.scene, self.channels.scene.words.text
        own: dict[int, dict[Key, float]] = defaultdict(dict)
        for (statement, key), chance in self.chances.items():
            own[statement][key] = chance
        found: dict[tuple[int, Key], float] = {}
        last: str | None = None
        held: dict[Key, float] = {}
        end = scene.words.start
        for statement in scene.order:
            if scene.statements[statement].type == "post":
                continue
            name, here = scene.name(statement), own[statement]
            new = self._set(statement, end)
            told = {key: max(here.get(key, 0.0), new.get(key, 0.0)) for key in here.keys() | new.keys()}
            passed = {key: chance * (1 - self._blocked(key, here)) for key, chance in new.items()}
            gap = text[end : scene.begins[statement]]
            goes_on = name is None or _same(name, last)
            if (goes_on or self._replies(statement, gap)) and paragraphs(gap) <= _BETWEEN:
                kept = {
                    key: chance * (1 - self._blocked(key, told))
                    for key, chance in held.items()
                    if goes_on or "shared" in self.channels.heads[key]
                }
                passed = {key: max(passed.get(key, 0.0), kept.get(key, 0.0)) for key in passed.keys() | kept.keys()}
            found |= {(statement, key): chance for key, chance in passed.items()}
            held = {key: max(here.get(key, 0.0), passed.get(key, 0.0)) for key in here.keys() | passed.keys()}
            last, end = name or last, max(end, scene.ends[statement])
        return found

    def _replies(self, statement: int, gap: str) -> bool:
        """Return whether a statement answers the one before it: then Lee replied."""
        cue = self.channels.scene.cue(statement)
        answers = cue is not None and cue.lemma.lower() in self.channels.scene.words.known["replies"]
        return answers and "\n" not in gap.strip()

    def _set(self, statement: int, since: int) -> dict[Key, float]:
        """Return the channels of an earlier sentence with the speaker's name and no quote: Lee held a rally in Ohio."""
        c = self.channels
        begin = c.scene.begins[statement]
        found: dict[Key, float] = {}
        for n in range(bisect_left(c.starts, since), bisect_left(c.starts, begin)):
            near = c.scene.words.paragraph(begin) - c.paragraphs[n] <= _SCENE
            quotes = c.sentences[n] in c.scene.cued or c.sentences[n] == c.scene.words.sentence(begin)
            if near and not quotes and c.proposals[n].key in c.mentions and c.named(statement, n):
                found[c.proposals[n].key] = max(found.get(c.proposals[n].key, 0.0), probability(c.odds[n]))
        return found

    def _blocked(self, key: Key, own: Mapping[Key, float]) -> float:
        """Return the probability that a statement's own sentence names another channel or hearer."""
        kinds = self.channels.kinds
        if kinds[key] in LISTENERS:
            return max(own.values(), default=0.0)
        return max((chance for other, chance in own.items() if kinds[other] not in LISTENERS), default=0.0)

    @cached_property
    def holders(self) -> dict[Key, list[Holder]]:
        """The statements that have each channel, in order."""
        found: dict[Key, list[Holder]] = defaultdict(list)
        for (statement, key), chance in self.chances.items():
            if chance >= _HOLDS:
                found[key].append(Holder(self.channels.scene.rank[statement], chance))
        return {key: sorted(held, key=lambda h: h.rank) for key, held in found.items()}

    def pairs(self) -> Iterator[Pair]:
        """Yield the pairs, in the order of the text."""
        for rank, statement in enumerate(self.channels.scene.order):
            if statement in self.channels.scene.grammar.apart:
                continue  # an earlier statement of his came through another channel
            seen = self.channels.seen(statement)
            newest = self._newest(statement, seen)
            sentence = self.channels.scene.words.sentence(self.channels.scene.anchors[statement])
            for key, held in seen.items():
                if (statement, key) in self.chances:
                    continue
                near = self._near(self.holders.get(key, []), rank)
                before = [n for n in held if self.channels.starts[n] < self.channels.scene.begins[statement]]
                if not near and all(self.channels.sentences[n] == sentence for n in held):
                    continue  # its own sentence has it for something else: after he spoke on CNN, Lee said so
                if near or self._sets_scene(key, held, before):
                    number = self._naming(statement, held, before)
                    features = {
                        **self.channels.of_channel(key, held),
                        **self._scene(statement, key, held, before, newest),
                        **self._held(rank, near),
                        **self._standing.features(statement, key, before),
                        "run": self.runs.get((statement, key), 0.0),
                    }
                    yield Pair(statement, key, number, shown({**features, **self._crossed(key, features)}))

    def _near(self, held: Sequence[Holder], rank: int) -> list[Holder]:
        low = bisect_left(held, rank - _REACH, key=lambda h: h.rank)
        return list(held[low : bisect_left(held, rank + _REACH, key=lambda h: h.rank)])

    def _sets_scene(self, key: Key, held: Sequence[int], before: Sequence[int]) -> bool:
        """Return whether a channel that no statement has may be introduced by a sentence without a quote."""
        odds = self.channels.odds
        if "shared" in self.channels.heads[key] and len(held) > 1:
            return True
        return bool(before) and (odds[before[-1]] > _SETS or self._lead(held) > _LEADS)

    def _lead(self, held: Sequence[int]) -> float:
        """Return the log-odds of the likeliest mention in the first two paragraphs."""
        return max((self.channels.odds[n] for n in held if self.channels.paragraphs[n] <= 1), default=-3.0)

    def _naming(self, statement: int, held: Sequence[int], before: Sequence[int]) -> int:
        """Return the proposal that names the channel: the last one before, unless another is much likelier."""
        odds, best = self.channels.odds, self.channels.best
        if not before:
            return best(held)
        likeliest = best(before)
        return likeliest if odds[likeliest] > odds[before[-1]] + 1 else before[-1]

    def _newest(self, statement: int, seen: Mapping[Key, Sequence[int]]) -> dict[str, list[tuple[int, float, Key]]]:
        """Return the last likely mention of each channel before a statement, by the channel's kind."""
        found: dict[str, list[tuple[int, float, Key]]] = defaultdict(list)
        for key, held in seen.items():
            before = [n for n in held if self.channels.starts[n] < self.channels.scene.begins[statement]]
            if before and self.channels.odds[before[-1]] > -1.5:
                last = before[-1]
                found[self.channels.kinds[key]].append((self.channels.starts[last], self.channels.odds[last], key))
        return found

    def _scene(
        self, statement: int, key: Key, held: Sequence[int], before: Sequence[int],
        newest: Mapping[str, Sequence[tuple[int, float, Key]]],
    ) -> dict[str, float]:  # fmt: skip
        """Return the features of nearby mentions: the last one before, and those beside the speaker's name."""
        c = self.channels
        with_speaker = max((c.odds[n] + 3 for n in held if c.named(statement, n)), default=0.0)
        found = {"lead": max(0.0, self._lead(held) + 3), "beside_speaker": max(0.0, with_speaker)}
        if not before:
            return found
        last, rank = before[-1], c.scene.rank[statement]
        odds, away = clipped(c.odds[last]) + 3, c.scene.words.paragraph(c.scene.begins[statement]) - c.paragraphs[last]
        scene = not c.scene.cued.get(c.sentences[last]) and away <= 1 and c.named(statement, last)
        since = {self.names[r] for r in range(max(0, rank - _REACH), rank) if self._begins(r) > c.starts[last]}
        since |= {c.scene.name(n) for n in c.scene.cued.get(c.sentences[last], ())}
        later = [o + 2 for start, o, other in newest.get(c.kinds[key], ()) if other != key and start > c.starts[last]]
        return found | {
            "before_scene": scene,
            "before_scene_likely": odds * scene,
            "before_newer": max(later, default=0.0),
            "before_unbroken_likely": odds * (not since - {self.names[rank]}),
        }

    def _begins(self, rank: int) -> int:
        return self.channels.scene.begins[self.channels.scene.order[rank]]

    def _held(self, rank: int, near: Sequence[Holder]) -> dict[str, float]:
        """Return the features of the statements that have the channel."""
        name = self.names[rank]
        if not near:
            return {"unheld": 1.0}
        own = [h for h in near if name and self.names[h.rank] == name]
        before, behind = [h for h in own if h.rank < rank], [h for h in own if h.rank > rank]
        found = self._any(rank, [h for h in near if h.rank < rank])
        if before:
            found |= self._before(rank, before)
        if behind:
            run = set(self.names[rank + 1 : behind[0].rank]) <= {name, None}
            found |= {"same_behind": 1.0, "same_behind_run": run}
        speakers = {self.names[h.rank] for h in near}
        return found | {"holders": min(_MANY, len(speakers)), "speaker_holds": name in speakers}

    def _before(self, rank: int, before: Sequence[Holder]) -> dict[str, float]:
        """Return the features of the speaker's earlier statement that has it."""
        name = self.names[rank]
        last = max(before, key=lambda h: (h.chance - _FAR * math.log(rank - h.rank), h.rank))
        between = self.names[last.rank + 1 : rank]
        run = set(between) <= {name, None}
        own = sum(n == name for n in self.names[max(0, rank - _REACH) : rank])
        return {
            "same": 1.0,
            "same_chance": last.chance,
            "same_gap": math.log(rank - last.rank),
            "same_here": self.paragraphs[rank] == self.paragraphs[last.rank],
            "same_run": run,
            "same_run_near": run and rank - last.rank <= 2,
            "same_others": min(_MANY, len(set(between) - {name})),
            "same_share": len(before) / (own + 2),
        }

    def _any(self, rank: int, before: Sequence[Holder]) -> dict[str, float]:
        """Return the features of any speaker's earlier statement that has it."""
        if not before:
            return {}
        last = max(before, key=lambda h: (h.chance - 0.1 * math.log(rank - h.rank), h.rank))
        return {
            "any_chance": last.chance,
            "any_next_here": rank - last.rank == 1 and self.paragraphs[rank] == self.paragraphs[last.rank],
        }

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


def _same(name: str, other: str | None) -> bool:
    """Return whether two names mean the same person, with or without a title: Senator Robert Hale, Robert Hale."""
    if name == other or other is None or not (" " in name and " " in other):
        return name == other
    return f" {name}".endswith(f" {other}") or f" {other}".endswith(f" {name}")


def paragraphs(between: str) -> int:
    """Count the whole paragraphs in a gap; a line of signs separates one story from the next."""
    inner = [line for line in between.split("\n")[1:-1] if line.strip()]
    return len(inner) if all(any(c.isalnum() for c in line) for line in inner) else _PARTED
