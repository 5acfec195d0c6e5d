"""Give a quotation without a credit the speaker of its neighbour: it runs on, is led up to, or has a headline above it.

What the layout and the marks show needs no ranker.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from attrs import evolve, frozen

from quotes.extraction.article_text import ArticleText
from quotes.extraction.speakers.features import Features
from quotes.extraction.speakers.model import Query, Referent
from quotes.lexicon import Lexicon
from quotes.records import Candidate, Speaker

# The most characters between an entry's headline and its first statement.
LONGEST_ENTRY = 1_500
# Last characters of a quotation that is not left open.
CLOSING = "\"”’'»"


@frozen(eq=False)
class Choice:
    """A mention's candidates with probabilities and features, the likeliest first."""

    query: Query
    found: tuple[Referent, ...]
    rows: tuple[Features, ...]
    chances: tuple[float, ...]

    @property
    def best(self) -> Referent:
        """The likeliest candidate."""
        return self.found[0]


@frozen(eq=False)
class Resolved:
    """A statement's speaker, with the choice behind it; `choice` is None if there was nothing to choose."""

    speaker: Speaker | None
    choice: Choice | None = None

    @property
    def probability(self) -> float:
        """The probability of the speaker, given the mention."""
        return self.choice.chances[0] if self.choice else 1.0


def across(
    article: ArticleText, statements: Sequence[Candidate], found: Sequence[Resolved], *, lexicon: Lexicon
) -> list[Resolved]:
    """Return the speakers, with those of neighbours for quotations that have no credit of their own.

    Args:
        article: its text and quotations.
        statements: the statements, in the order of the text.
        found: the speaker of each.
        lexicon: the patterns.
    """
    return _told_later(article.text, statements, _running_on(article, statements, list(found)), lexicon)


def _running_on(article: ArticleText, statements: Sequence[Candidate], found: list[Resolved]) -> list[Resolved]:
    """Give a quotation that the paragraph before left open to the speaker there."""
    marked, begins = article.quotations, [span.start for span in article.quotations]
    for number in range(1, len(statements)):
        statement, before = statements[number], found[number - 1]
        if statement.mention or statement.cue or statement.turn or before.speaker is None:
            continue
        own = bisect_right(begins, statement.spans[0].start) - 1
        if own < 1 or not marked[own].continues:
            continue
        last = statements[number - 1].spans[-1]
        if marked[own - 1].start <= last.start and last.end <= marked[own - 1].end:
            found[number] = Resolved(evolve(before.speaker, mention=None, resolution="continuation"), before.choice)
    return found


def _first_of_entry(text: str, statements: Sequence[Candidate], number: int, lexicon: Lexicon) -> int | None:
    """Return the first quotation below the headline of a live report's entry, whose speaker the headline has, too."""
    stamp = lexicon.regex("entry-time")
    low = statements[number].spans[-1].end
    for other in range(number + 1, len(statements)):
        between = text[low : statements[other].spans[0].start]
        if len(between) > LONGEST_ENTRY or any(stamp.match(line.strip()) for line in between.splitlines()):
            return None
        if statements[other].type in ("direct", "mixed"):
            return other
    return None


def _told_later(
    text: str, statements: Sequence[Candidate], found: list[Resolved], lexicon: Lexicon
) -> list[Resolved]:
    """Give an open, uncredited quotation to the speaker of the next statement."""
    credited = bool(statements) and statements[-1].mention is not None
    for number in range(len(statements) - 2, -1, -1):
        statement, after = statements[number], found[number + 1]
        plain = statement.mention is None and statement.cue is None and statement.type == "direct"
        open_ended = plain and text[statement.spans[-1].end - 1] not in CLOSING
        told, credited = credited, statement.mention is not None or (open_ended and credited)
        if statement.turn:
            first = _first_of_entry(text, statements, number, lexicon) if statement.turn == "headline" else None
            if first is not None and (who := found[first]).speaker:
                found[number] = Resolved(evolve(who.speaker, mention=None, resolution="continuation"), who.choice)
            continue
        if open_ended and told and after.speaker:
            speaker = evolve(after.speaker, mention=None, resolution="continuation")
            found[number] = Resolved(speaker, after.choice)
    return found
