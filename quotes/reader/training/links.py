"""Build further layers of tags from annotated links: names, descriptions and channels near their credit."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from quotes.reader.training.articles import Article, Bounds, LayerSpan, standoff_rows
from quotes.reader.training.locating import Words, gap, nearest, overlap

# The most characters between a description and its name: a clause.
_BESIDE = 120
# The most characters between a statement and a channel after it: a paragraph or two.
_FOLLOWS = 600
_NAMED = {"person": "person", "organization": "organization"}
_CHANNEL_NAMES = {"outlet": "press", "programme": "press", "journalist": "person"}


@frozen
class Told:
    """The speaker of a statement, and relation, name and kind of each channel."""

    speaker: str | None
    kind: str
    role: str | None
    channels: tuple[tuple[str, str, str], ...] = ()

    @classmethod
    def of(cls, row: dict[str, Any]) -> Told:
        """Build one from an annotation."""
        channels = tuple((c["relation"], c["name"], c["kind"]) for c in row.get("channels") or () if c["name"])
        return cls(row["speaker"], row["kind"], row["role"], channels)


def with_links(articles: Sequence[Article], folder: Path, corpus: Path) -> list[Article]:
    """Add the further layers to the articles that a folder of links covers.

    Args:
        articles: articles from `read_corpus`.
        folder: a folder with one JSON file per article.
        corpus: the corpus with the attributions to which the links refer.
    """
    found = []
    for article in articles:
        path = folder / f"{article.name}.json"
        if not path.is_file():
            found.append(article)
            continue
        [annotation, *_] = sorted((corpus / "attributions").glob(f"{article.name}_*.ann"))
        rows = dict(standoff_rows(annotation.read_text(encoding="utf-8")))
        links = json.loads(path.read_text(encoding="utf-8"))["attributions"]
        told = []
        for key, link in links.items():
            row = rows.get(key)
            if row and (row["Cue"] or row["Content"]):
                told.append((Told.of(link), (row["Cue"] or row["Content"])[0]))
        spans = linked_spans(Words(article.text), told)
        found.append(evolve(article, spans=spans, layers=frozenset({"channels", "descriptions"})))
    return found


def linked_spans(words: Words, statements: Sequence[tuple[Told, Bounds]]) -> tuple[LayerSpan, ...]:
    """Find the channels, descriptions and names of an article's statements.

    Args:
        words: the article's words.
        statements: the links of each, and the place of its credit.

    Returns:
        The spans, disjoint within a layer, in order.
    """
    spans: set[LayerSpan] = set()
    for told, anchor in statements:
        for _, name, kind in told.channels:
            place = _channel(words, name, anchor)
            if place:
                spans.add(LayerSpan("channels", kind, place))
    names = set(_names(words, [t for t, _ in statements]))
    spans |= names
    people = defaultdict(list)
    for told, anchor in statements:
        if told.speaker and told.role:
            people[told.speaker, told.role].append(anchor)
    for (speaker, role), anchors in people.items():
        near = [*words.find(speaker), *words.find(speaker.split()[-1]), *anchors]
        for place in _described(words, role, near):
            spans.add(LayerSpan("descriptions", "description", place))
    return disjoint(spans)


def disjoint(spans: Iterable[LayerSpan]) -> tuple[LayerSpan, ...]:
    """Resolve overlaps within a layer: keep the shorter channel, otherwise the longer span."""
    kept: list[LayerSpan] = []
    for span in sorted(spans, key=_first_come):
        if not any(span.layer == other.layer and overlap(span.bounds, other.bounds) for other in kept):
            kept.append(span)
    return tuple(sorted(kept, key=lambda s: (s.bounds, s.layer)))


def _first_come(span: LayerSpan) -> tuple[int, Bounds, str]:
    size = span.bounds[1] - span.bounds[0]
    return (size if span.layer == "channels" else -size), span.bounds, span.kind


def _channel(words: Words, name: str, anchor: Bounds) -> Bounds | None:
    """Return where a channel is named: in the credit's paragraph, before it, or soon after."""
    places = words.find(name)
    if not places:
        return None
    low, high = words.paragraph(anchor[0])
    here = [p for p in places if low <= p[0] < high]
    if here:
        return min(here, key=lambda p: gap(p, anchor))
    before = [p for p in places if p[1] <= low]
    return before[-1] if before else nearest(places, [anchor], within=_FOLLOWS)


def _described(words: Words, role: str, near: Sequence[Bounds]) -> list[Bounds]:
    """Return where a role is printed: beside the person's name, or else nearest to it."""
    places = words.find(role)
    close = [p for p in places if near and min(gap(p, n) for n in near) <= _BESIDE]
    if close or not places or not near:
        return close
    return [min(places, key=lambda p: min(gap(p, n) for n in near))]


def _names(words: Words, told: Iterable[Told]) -> Iterable[LayerSpan]:
    for one in told:
        kind = _NAMED.get(one.kind)
        if one.speaker and kind:
            yield from (LayerSpan("names", kind, p) for p in _printed(words, one.speaker))
            surname = one.speaker.split()[-1]
            if kind == "person" and surname[:1].isupper():
                yield from (LayerSpan("names", kind, p) for p in _printed(words, surname))
        for _, name, sort in one.channels:
            if sort in _CHANNEL_NAMES and name[:1].isupper():
                yield from (LayerSpan("names", _CHANNEL_NAMES[sort], p) for p in _printed(words, name))


def _printed(words: Words, name: str) -> list[Bounds]:
    """Return the places of a name with a capital."""
    return [p for p in words.find(name) if words.text[p[0]].isupper() or not name[:1].isupper()]
