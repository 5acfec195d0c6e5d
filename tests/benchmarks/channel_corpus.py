"""The articles whose channels are annotated, read by the pipeline, with the gold channels of each statement.

Pages and links lie outside the repository, in `../shared/corpora`, and are read where they are.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import define, evolve, field

from quotes.extraction.channels import find
from quotes.extraction.channels.pairs import Channels, Pair
from quotes.extraction.statement import Statement
from quotes.ingest import read
from quotes.reader import RoleReader
from quotes.records import ErrorRecord

from . import corpus

if TYPE_CHECKING:
    from quotes.extraction.pipeline import Found, Pipeline

PAGES = corpus.SHARED / "corpora" / "pages"
LINKS = {"dev": corpus.LINKS, "train": corpus.LINKS.with_name("links-train")}
PARTS = 5
# A mention belongs to a channel if a statement that has it follows within this many paragraphs.
FOLLOWS = 3
Gold = Sequence[Mapping[str, Any]]
Spoken = tuple["Found", Sequence[Statement]]


@define(eq=False)
class Labelled:
    """An article, the gold channels of each of its statements (None if none matches), and its part of the corpus."""

    group: str
    name: str
    proposed: find.Proposed
    gold: Sequence[Gold | None]
    part: int
    right: list[bool] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.right = [self._is_right(n) for n in range(len(self.proposed.proposals))]

    def _is_right(self, number: int) -> bool:
        """Return whether a proposal names a channel of a statement beside or behind it."""
        p, scene = self.proposed.proposals[number], self.proposed.scene
        words, inside = scene.words, set(scene.holders(p))
        paragraph, sentence, followed = words.paragraph(p.start), words.sentence(p.start), False
        for statement in scene.order:
            gold, at = self.gold[statement], words.paragraph(scene.begins[statement])
            if gold is None:
                continue
            beside = words.sentence(scene.anchors[statement]) == sentence and statement not in inside
            follows = not followed and scene.begins[statement] > p.start and at - paragraph <= FOLLOWS
            if beside or at == paragraph or follows:
                followed = followed or (follows and not beside and at != paragraph)
                if self._names(number, gold):
                    return True
        return False

    def _names(self, number: int, gold: Gold) -> bool:
        """Return whether a proposal names one of some gold channels, under its own name or as printed."""
        p, loosely = self.proposed.proposals[number], corpus.scorers().pages.loosely
        return any(loosely(c["name"], p.channel.name) or loosely(c["name"], p.mention.text) for c in gold)

    def has(self, channels: Channels, pair: Pair) -> bool | None:
        """Return whether a statement has a channel, or None if no gold statement matches."""
        gold = self.gold[pair.statement]
        return None if gold is None else any(self._names(n, gold) for n in channels.mentions[pair.key])


def articles(pipeline: Pipeline, readers: Sequence[RoleReader] = ()) -> Iterator[Labelled]:
    """Yield the annotated articles as the pipeline reads them.

    Args:
        pipeline: reads the articles; the pages, too, where no readers are given.
        readers: of the pages at even places of the sorted names, which it has not learned from, and of those at odd
            ones.
    """
    reading = [evolve(pipeline, reader=reader) for reader in readers] or [pipeline]
    for number, (group, name, path) in enumerate(sources()):
        own = reading[number % len(reading)] if group == "pages" else pipeline
        for source in read([str(path)]):
            if not isinstance(source, ErrorRecord):
                yield from labelled(group, name, list(own.spoken(source)), pipeline)


def sources() -> Iterator[tuple[str, str, Path]]:
    """Yield group, name and file of the annotated articles."""
    for path in sorted((PAGES / "html").glob("*.html")):
        yield "pages", path.stem, path
    for split, folder in LINKS.items():
        for path in sorted(folder.glob("*.json")):
            name = json.loads(path.read_text(encoding="utf-8"))["article"]
            yield split, name, corpus.folder(split) / "text" / f"{name}.txt"


def parts() -> dict[tuple[str, str], int]:
    """Return the part of each article: those of each corpus by sorted name, modulo five."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for group, name, _ in sources():
        found["pages" if group == "pages" else "links"].append((group, name))
    return {key: n % PARTS for keys in found.values() for n, key in enumerate(sorted(keys))}


def labelled(group: str, name: str, found: Sequence[Spoken], pipeline: Pipeline) -> Iterator[Labelled]:
    """Yield a page's articles with the gold channels of their statements."""
    gold = _page_gold(name, found) if group == "pages" else _link_gold(group, name, found)
    lexicon, matchers = pipeline.lexicon, pipeline.channel_patterns
    for (read_so_far, statements), own in zip(found, gold, strict=True):
        if statements:
            readings, answers = read_so_far.parse.readings, read_so_far.answers
            proposed = find.propose(
                read_so_far.article, statements, readings=readings, lexicon=lexicon, matchers=matchers, answers=answers
            )
            yield Labelled(group, name, proposed, own, parts()[group, name])


def _page_gold(name: str, found: Sequence[Spoken]) -> list[list[Gold | None]]:
    scorer = corpus.scorers().pages
    quotes = json.loads((PAGES / "gold" / f"{name}.json").read_text(encoding="utf-8"))["quotes"]
    gold = [(q, scorer.tokens(" ".join(q["said"]))) for q in quotes]
    own = [
        (a, n, s.candidate.type, scorer.tokens(" ".join(f.article.text[p.start : p.end] for p in s.spans)))
        for a, (f, statements) in enumerate(found)
        for n, s in enumerate(statements)
    ]
    quoted = scorer.QUOTED
    alike = sorted(
        ((scorer.iou(mine, theirs), kind in quoted and q["type"] in quoted, -i, -j)
         for i, (_, _, kind, mine) in enumerate(own) for j, (q, theirs) in enumerate(gold)),
        reverse=True,
    )  # fmt: skip
    matched: list[list[Gold | None]] = [[None] * len(statements) for _, statements in found]
    used_own: set[int] = set()
    used_gold: set[int] = set()
    for value, _, i, j in alike:
        if value >= 0.5 and i not in used_own and j not in used_gold:
            used_own.add(i)
            used_gold.add(j)
            a, s, _, _ = own[-i]
            matched[a][s] = gold[-j][0]["channels"]
    return matched


def _link_gold(split: str, name: str, found: Sequence[Spoken]) -> list[list[Gold | None]]:
    score = corpus.scorers().score
    known = links(split)[name]
    text, rows = _annotated(split)[name]
    rows = [row for row in rows if row["id"] in known]
    own = [(a, n, score.char_set([(p.start, p.end) for p in s.spans], text))
           for a, (_, statements) in enumerate(found) for n, s in enumerate(statements)]  # fmt: skip
    own = [each for each in own if each[2]]
    matched: list[list[Gold | None]] = [[None] * len(statements) for _, statements in found]
    for value, i, j in score.match([chars for _, _, chars in own], [score.char_set(r["spans"], text) for r in rows]):
        if value >= 0.5:
            a, s, _ = own[i]
            matched[a][s] = known[rows[j]["id"]]["channels"]
    return matched


@cache
def links(split: str) -> dict[str, Any]:
    """Return the annotated attributions of a part of the links, by article."""
    read_all = (json.loads(p.read_text(encoding="utf-8")) for p in LINKS[split].glob("*.json"))
    return {d["article"]: d["attributions"] for d in read_all}


@cache
def _annotated(split: str) -> dict[str, Any]:
    return {n: (t, rows) for n, t, rows in corpus.scorers().score.read_gold(corpus.folder(split))}
