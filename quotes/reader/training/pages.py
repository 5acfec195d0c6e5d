"""Turn annotated web pages into training articles: find the annotated words in the extracted text.

A page's gold has the words, cue, mention, speaker, role and channels of each statement as printed; `Words` finds their
places. A statement inside another does not fit one layer of tags and is left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from quotes.ingest import pages, read
from quotes.lexicon import Lexicon
from quotes.reader.training.articles import Article, Bounds, Label, LayerSpan
from quotes.reader.training.links import Told, disjoint, linked_spans
from quotes.reader.training.locating import Words, in_order, nearest, overlap
from quotes.records import SourceText, Span

# The most characters between a statement and its cue or mention.
_NEAR_CUE, _NEAR_MENTION = 220, 320
# A statement of fewer words is ambiguous on the page, unless its cue or mention is beside it.
_FEWEST_WORDS = 4


@frozen
class Statement:
    """An annotated statement and its places."""

    told: Told
    contents: tuple[Bounds, ...]
    cue: Bounds | None
    mention: Bounds | None


def read_pages(html: Path, gold: Path, *, lexicon: Lexicon) -> list[Article]:
    """Read annotated pages.

    Args:
        html: the folder of the pages, `*.html`.
        gold: the folder of their statements, `*.json` with the same names.
        lexicon: the patterns, with page furniture.

    Returns:
        An article for each annotated page, sorted by name.
    """
    found = []
    for path in sorted(gold.glob("*.json")):
        page = html / f"{path.stem}.html"
        [source] = [s for s in read([page]) if isinstance(s, SourceText)]
        quotes = json.loads(path.read_text(encoding="utf-8"))["quotes"]
        found.append(annotated(path.stem, article_text(source, lexicon), quotes))
    return found


def article_text(source: SourceText, lexicon: Lexicon) -> str:
    """Return the text of a source as the reader gets it: its articles, headlines first, without furniture."""
    parts: list[str] = []
    for piece in pages.split(source, lexicon=lexicon):
        body = Span(piece.headline.start if piece.headline else piece.start, piece.end)
        at = body.start
        for skip in piece.skips:
            parts.append(source.text[at : max(at, skip.start)])
            at = max(at, skip.end)
        parts += [source.text[at : body.end], "\n\n"]
    return "".join(parts).strip() + "\n"


def annotated(name: str, text: str, quotes: Sequence[dict[str, Any]]) -> Article:
    """Build a training article from a text and its gold statements."""
    words = Words(text)
    statements = list(located(words, quotes))
    labels = _labels(words, statements)
    spans = linked_spans(words, [(s.told, _anchor(s)) for s in statements])
    inner = disjoint(_inner(statements))
    return Article(name, text, labels, (*spans, *inner), frozenset({"channels", "descriptions", "inner"}))


def _inner(statements: Sequence[Statement]) -> Iterator[LayerSpan]:
    """Yield the parts of nested statements, which have their own layer."""
    for statement in statements:
        if any(_holds(other, statement) for other in statements if other is not statement):
            parts = [("content", c) for c in statement.contents]
            parts += [(role, b) for role, b in (("cue", statement.cue), ("source", statement.mention)) if b]
            yield from (LayerSpan("inner", role, bounds) for role, bounds in parts)


def _anchor(statement: Statement) -> Bounds:
    """Return the place of a statement's credit: its cue, its mention or its first words."""
    return statement.cue or statement.mention or statement.contents[0]


def located(words: Words, quotes: Sequence[dict[str, Any]]) -> Iterator[Statement]:
    """Find a page's statements in its text, in the order of the annotation, without those not found."""
    after = 0
    for quote in quotes:
        statement = _statement(words, quote, after)
        if statement is None:
            continue
        after = statement.contents[0][0]
        yield statement


def _statement(words: Words, quote: dict[str, Any], after: int) -> Statement | None:
    """Find one statement: the first place, from `after` on, with its cue and mention beside it."""
    parts = [words.find(part) for part in quote["said"]]
    if not parts or not all(parts):
        return None
    cues = words.find(quote["cue"]) if quote["cue"] else []
    mentions = words.find(quote["mention"]) if quote["mention"] else []
    best: tuple[tuple[int, int, int, int], Statement] | None = None
    for first in parts[0]:
        contents = in_order([[first], *parts[1:]], after=first[0])
        if not contents:
            continue
        cue = nearest(cues, contents, within=_NEAR_CUE)
        mention = nearest(mentions, [cue] if cue else contents, within=_NEAR_MENTION)
        if mention and any(overlap(mention, c) for c in contents):
            mention = nearest(mentions, contents, within=_NEAR_MENTION)
        lost = (bool(cues) and cue is None) + (bool(mentions) and mention is None)
        if lost and words.count_between(*contents[0]) < _FEWEST_WORDS:
            continue
        credit = [part for part in (cue, mention) if part]
        apart = sum(_lines_apart(words, part, contents) for part in credit)
        rank = (lost, apart, int(first[0] < after), abs(first[0] - after))
        if best is None or rank < best[0]:
            quoted = tuple(words.quoted(c) for c in contents)
            best = rank, Statement(Told.of(quote), quoted, cue, mention)
    return best[1] if best else None


def _lines_apart(words: Words, part: Bounds, contents: Sequence[Bounds]) -> bool:
    """Return whether a cue or mention is on a separate line, without any of the statement's words."""
    low, high = words.paragraph(part[0])
    return not any(overlap((low, high), content) for content in contents)


def _labels(words: Words, statements: Sequence[Statement]) -> tuple[Label, ...]:
    """Build the labels: the outer of two nested statements, and quoted paragraphs joined with those they continue."""
    labels: list[Label] = []
    for number, statement in enumerate(statements):
        if any(_holds(other, statement) for n, other in enumerate(statements) if n != number):
            continue
        if labels and statement.cue is None and statement.mention is None:
            before = statements[number - 1]
            if before.told.speaker == statement.told.speaker and _goes_on(words, labels[-1], statement):
                labels[-1] = evolve(labels[-1], contents=(*labels[-1].contents, *statement.contents))
                continue
        labels.append(Label(statement.contents, statement.cue, statement.mention, speech=True))
    return tuple(labels)


def _holds(outer: Statement, inner: Statement) -> bool:
    """Return whether a statement, or at least its credit, is inside another's words."""
    credit = inner.cue or inner.mention
    if credit is not None:
        return any(overlap(c, credit) for c in outer.contents)
    size = sum(high - low for low, high in inner.contents)
    larger = sum(high - low for low, high in outer.contents) > size
    return larger and any(low <= inner.contents[0][0] and inner.contents[-1][1] <= high for low, high in outer.contents)


def _goes_on(words: Words, label: Label, statement: Statement) -> bool:
    """Return whether a statement begins the paragraph after a label's end."""
    ends, starts = label.contents[-1][1], statement.contents[0][0]
    between = words.text[max(ends, label.cue[1] if label.cue else 0) : starts]
    return ends < starts and between.strip().count("\n") == 0 and "\n" in words.text[ends:starts]
