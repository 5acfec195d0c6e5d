"""Who is credited by name further on: first lines may call somebody "a top official" and name him below."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from attrs import frozen

from quotes.extraction.speakers.model import Entity, Layout, Query
from quotes.extraction.speakers.titles import WORD

# So many credits after a mention are looked at.
MOST = 12
# Shorter words tell little of what is said.
SHORTEST = 5


@frozen(eq=False)
class Credit:
    """A statement that is credited by name: where, to whom, and the longer words of what is said."""

    at: int
    entity: Entity
    words: frozenset[str]


@frozen(eq=False)
class Credits:
    """An article's statements that are credited by name, in order."""

    found: Sequence[Credit] = ()
    starts: Sequence[int] = ()

    @classmethod
    def of(cls, layout: Layout, queries: Iterable[Query]) -> Credits:
        """Gather them from all that is asked."""
        named = (q for q in queries if q.kind == "name" and q.names and not q.aside)
        found = sorted(
            (Credit(q.at, q.names[-1][1], words_of(layout, q)) for q in named if q.names[-1][1].kind != "place"),
            key=lambda credit: credit.at,
        )
        return cls(found, [credit.at for credit in found])

    def after(self, offset: int) -> Sequence[Credit]:
        """Return the next credits after an offset."""
        first = bisect_right(self.starts, offset)
        return self.found[first : first + MOST]


def words_of(layout: Layout, query: Query) -> frozenset[str]:
    """Return the longer words of what is said, in small letters."""
    return frozenset(
        word.lower()
        for span in query.statement.spans
        for word in WORD.findall(layout.text, span.start, span.end)
        if len(word) >= SHORTEST
    )


def told_below(credits: Credits, layout: Layout, query: Query) -> Iterator[tuple[Entity, dict[str, float]]]:
    """Yield whom the next statements credit by name, each once, with features of that.

    `speaks_next` is true of the first, `echo` tells which part of the words said stands in that speaker's statements
    again, `echo_most` is true of the speaker who repeats the most, `only_speaker` where nobody else follows.
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
