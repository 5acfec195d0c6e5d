"""Find later statements credited by name: a lead may say "a top official" and name the person below."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from attrs import frozen

from quotes.extraction.speakers.model import Entity, Query
from quotes.records import Span

# The most credits after a mention to examine.
MOST = 12


@frozen(eq=False)
class Credits:
    """An article's statements that are credited by name, in order."""

    found: Sequence[Entity] = ()
    starts: Sequence[int] = ()
    spans: Sequence[tuple[Span, Entity]] = ()

    @classmethod
    def of(cls, queries: Iterable[Query]) -> Credits:
        """Gather them from all queries."""
        named = [q for q in queries if q.kind == "name" and q.names and not q.aside]
        told = sorted(((q, q.names[-1][1]) for q in named if q.names[-1][1].kind != "place"), key=lambda one: one[0].at)
        spans = [(span, entity) for q, entity in told for span in q.statement.spans]
        return cls([e for _, e in told], [q.at for q, _ in told], sorted(spans, key=lambda one: one[0].start))

    def teller(self, offset: int) -> Entity | None:
        """Return who is credited by name with the words at an offset; of nested statements the inner speaker."""
        first = bisect_right(self.spans, offset, key=lambda told: told[0].start)
        near = self.spans[max(0, first - MOST) : first]
        return next((entity for span, entity in reversed(near) if offset < span.end), None)

    def after(self, offset: int) -> Sequence[Entity]:
        """Return the speakers of the next credits after an offset."""
        first = bisect_right(self.starts, offset)
        return self.found[first : first + MOST]


def told_below(credits: Credits, query: Query) -> Iterator[tuple[Entity, dict[str, float]]]:
    """Yield the speakers whom the next statements credit by name, each once, with features.

    `speaks_next` is 1 for the first one; `only_speaker` if no other follows.
    """
    after = credits.after(query.at)
    speakers = {id(entity): entity for entity in after}
    for entity in speakers.values():
        yield entity, {
            "speaks_next": float(entity is after[0]),
            "speaks_later": 1.0,
            "only_speaker": float(len(speakers) == 1),
        }
