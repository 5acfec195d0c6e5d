"""Find later statements credited by name: a lead may say "a top official" and name the person below."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from attrs import frozen

from quotes.extraction.speakers.model import Entity, Layout, Query
from quotes.records import Span

# The most credits after a mention to examine.
MOST = 12
# Shorter words say little about a statement's content.
SHORTEST = 5


@frozen(eq=False)
class Credit:
    """A statement credited by name: its place, its speaker, and the longer words of its content."""

    at: int
    entity: Entity
    words: frozenset[str]


@frozen(eq=False)
class Credits:
    """An article's statements that are credited by name, in order."""

    found: Sequence[Credit] = ()
    starts: Sequence[int] = ()
    spans: Sequence[tuple[Span, Entity]] = ()

    @classmethod
    def of(cls, layout: Layout, queries: Iterable[Query]) -> Credits:
        """Gather them from all queries."""
        named = [q for q in queries if q.kind == "name" and q.names and not q.aside]
        named = [q for q in named if q.names[-1][1].kind != "place"]
        found = sorted(
            (Credit(q.at, q.names[-1][1], words_of(layout, q)) for q in named), key=lambda credit: credit.at
        )
        spans = sorted(
            ((span, q.names[-1][1]) for q in named for span in q.statement.spans), key=lambda told: told[0].start
        )
        return cls(found, [credit.at for credit in found], spans)

    def teller(self, offset: int) -> Entity | None:
        """Return who is credited by name with the words at an offset; of nested statements the inner speaker."""
        first = bisect_right(self.spans, offset, key=lambda told: told[0].start)
        near = self.spans[max(0, first - MOST) : first]
        return next((entity for span, entity in reversed(near) if offset < span.end), None)

    def after(self, offset: int) -> Sequence[Credit]:
        """Return the next credits after an offset."""
        first = bisect_right(self.starts, offset)
        return self.found[first : first + MOST]


def words_of(layout: Layout, query: Query) -> frozenset[str]:
    """Return the longer words of a statement, in lower case."""
    return frozenset(
        word.group().lower()
        for span in query.statement.spans
        for word in layout.words(span.start, span.end)
        if len(word.group()) >= SHORTEST
    )


def told_below(credits: Credits, layout: Layout, query: Query) -> Iterator[tuple[Entity, dict[str, float]]]:
    """Yield the speakers whom the next statements credit by name, each once, with features.

    `speaks_next` is 1 for the first one; `echo` is the share of the statement's words that the speaker's statements
    repeat, `echo_most` is 1 for the speaker who repeats the most, `only_speaker` if no other follows.
    """
    after = credits.after(query.at)
    mine = words_of(layout, query)
    shares: dict[int, float] = {}
    for credit in after:
        share = len(mine & credit.words) / len(mine) if mine else 0.0
        shares[id(credit.entity)] = max(share, shares.get(id(credit.entity), 0.0))
    most = max(shares.values(), default=0.0)
    for entity in {id(c.entity): c.entity for c in after}.values():
        echo = shares[id(entity)]
        yield entity, {
            "speaks_next": float(entity is after[0].entity),
            "speaks_later": 1.0,
            "echo": echo,
            "echo_most": float(echo == most > 0),
            "only_speaker": float(len(shares) == 1),
        }
