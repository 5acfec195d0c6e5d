"""A statement passed between the stages, each of which returns an evolved copy."""

from __future__ import annotations

from collections.abc import Callable

from attrs import evolve, frozen

from quotes.records import Candidate, Channel, QuoteType, Span, Speaker


@frozen
class Statement:
    """A chosen candidate with the results of the stages, from which a Quote is built.

    Args:
        candidate: its words, cue and mention.
        probability: how likely words and speaker are right.
        speaker: who said it.
        choice: the other candidates for the speaker, for `quotes explain`.
        channels: pairs of the id of the pattern that proposed a channel, and the channel.
        ways: gives what else could have been a channel, for the same.
        said_on: the ISO date on which it was said, if the article prints one.
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
        """The fragments of the statement, in order."""
        return self.candidate.spans

    def with_words(self, spans: tuple[Span, ...], *, type: QuoteType | None = None) -> Statement:
        """Return the statement with other fragments."""
        return evolve(self, candidate=evolve(self.candidate, spans=spans, type=type or self.candidate.type))


def in_order(statements: list[Statement]) -> list[Statement]:
    """Sort statements by where their words begin and end."""
    return sorted(statements, key=lambda s: (s.spans[0].start, s.spans[-1].end))
