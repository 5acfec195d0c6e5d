"""A statement on its way through the stages: each returns an evolved one."""

from __future__ import annotations

from collections.abc import Callable

from attrs import evolve, frozen

from quotes.records import Candidate, Channel, QuoteType, Span, Speaker


@frozen
class Statement:
    """A candidate that stands, with all that the stages have found of it: what a Quote is made from.

    Args:
        candidate: its words, cue and mention.
        probability: how likely words and speaker are right.
        speaker: who said it.
        choice: whom else the mention could have meant, for `quotes patterns explain`.
        channels: pairs of the id of the pattern that proposed a channel, and the channel.
        ways: gives what else could have been a channel, for the same.
        said_on: the ISO date on which it was said, where the article prints one.
    """

    candidate: Candidate
    probability: float = 1.0
    speaker: Speaker | None = None
    choice: object | None = None
    channels: tuple[tuple[str, Channel], ...] = ()
    said_on: str | None = None
    ways: Callable[[], tuple[object, ...]] = tuple

    @property
    def spans(self) -> tuple[Span, ...]:
        """The fragments of what was said, in order."""
        return self.candidate.spans

    def with_words(self, spans: tuple[Span, ...], *, type: QuoteType | None = None) -> Statement:
        """Return the same statement with other fragments."""
        return evolve(self, candidate=evolve(self.candidate, spans=spans, type=type or self.candidate.type))


def in_order(statements: list[Statement]) -> list[Statement]:
    """Sort statements by where their words begin and end."""
    return sorted(statements, key=lambda s: (s.spans[0].start, s.spans[-1].end))
