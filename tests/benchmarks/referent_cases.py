"""Articles with known speakers: what the rankers of referents and of roles are learned from and measured on.

The pages and links lie outside the repository, in `../shared`; the project's own news and cases in it. Every source is
read once up to the statements that stand; each of those is paired with the annotation whose words it shares.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import evolve, field, frozen

from quotes.extraction.speakers.entities import build, lay_out
from quotes.extraction.speakers.model import ArticleModel, Grammar, Query, Referent
from quotes.extraction.speakers.resolve import grammar_of
from quotes.ingest import read
from quotes.records import Candidate, SourceText, Span
from tests.extraction import test_cases

from . import corpus, own_news

if TYPE_CHECKING:
    from quotes.extraction.pipeline import Found, Pipeline

PAGES = corpus.SHARED / "corpora" / "pages"
FOLDS = 5
LINKS = {"links": "dev", "links-train": "train"}
OWN = {"own": own_news.NEWS, "world": own_news.WORLD, "unnamed": own_news.UNNAMED}


@frozen
class Gold:
    """Who an annotation says speaks: every name that is right, the kind, and every wording of the role.

    `roles` is None if nothing is said of a role, and empty if there is none.
    """

    names: tuple[str, ...]
    kind: str
    roles: tuple[str, ...] | None
    exact: bool = False


@frozen(eq=False)
class Judged:
    """A statement, and what is known of its speaker; `predicted` is false for one that only the annotation has.

    `probability` is the chance that its words are right.
    """

    statement: Candidate
    gold: Gold | None
    predicted: bool = True
    probability: float = 1.0


@frozen(eq=False)
class Story:
    """An article with its names, its statements, and the part of the cross-validation that it belongs to."""

    set: str
    name: str
    fold: int
    model: ArticleModel
    grammar: Grammar
    byline: str | None
    judged: list[Judged] = field(factory=list)


def pages(pipelines: Sequence[Pipeline]) -> Iterator[Story]:
    """Yield the annotated pages, read by the pipelines in turn; a page's part is its place in the list modulo five."""
    scorer = corpus.scorers().pages
    for number, path in enumerate(sorted((PAGES / "gold").glob("*.json"))):
        pipeline = pipelines[number % len(pipelines)]
        wanted = json.loads(path.read_text(encoding="utf-8"))["quotes"]
        for standing in _standing(pipeline, PAGES / "html" / f"{path.stem}.html"):
            text = standing.article.text
            pairs = _by_words(scorer, text, candidates_of(standing), wanted)
            golds = {n: _gold(wanted[row]) for n, row in pairs.items()}
            judged = [
                Judged(s.candidate, golds.get(n), probability=s.probability) for n, s in enumerate(standing.statements)
            ]
            judged += _unfound(standing, [q for n, q in enumerate(wanted) if n not in pairs.values()])
            yield _story("pages", path.stem, number % FOLDS, pipeline, standing, judged)


def links(pipeline: Pipeline, which: str) -> Iterator[Story]:
    """Yield the articles of PolNeAR whose speakers were linked by hand: "links" of dev, or "links-train"."""
    score, split = corpus.scorers().score, LINKS[which]
    for number, path in enumerate(sorted((corpus.SHARED / "corpora" / which).glob("*.json"))):
        linked = json.loads(path.read_text(encoding="utf-8"))
        text = (corpus.folder(split) / "text" / f"{linked['article']}.txt").read_text(encoding="utf-8")
        rows = [r for r in _rows(split, linked["article"]) if r["id"] in linked["attributions"]]
        for standing in pipeline.standing(SourceText(path.stem, text)):
            mine = [score.char_set([(s.start, s.end) for s in c.spans], text) for c in candidates_of(standing)]
            theirs = [score.char_set(row["spans"], text) for row in rows]
            pairs = {i: j for iou, i, j in score.match(mine, theirs) if iou >= 0.5}
            golds = {i: _gold(linked["attributions"][rows[j]["id"]]) for i, j in pairs.items()}
            judged = [Judged(s, golds.get(n)) for n, s in enumerate(candidates_of(standing))]
            yield _story(which, path.stem, number % FOLDS, pipeline, standing, judged)


def own(pipeline: Pipeline, which: str = "own") -> Iterator[Story]:
    """Yield the project's own news: "own", by which the rules were mended; "world" and "unnamed", by other authors."""
    for number, article in enumerate(own_news.articles(OWN[which])):
        for standing in pipeline.standing(SourceText(article["id"], article["text"].strip() + "\n")):
            judged = []
            for statement in candidates_of(standing):
                words = " ".join(standing.article.text[s.start : s.end] for s in statement.spans)
                row = next((q for q in article["quotes"] if q["has"] in words and not q.get("free")), None)
                judged.append(Judged(statement, _own_gold(row, exact=which == "own") if row else None))
            yield _story(which, article["id"], number % FOLDS, pipeline, standing, judged)


def tables(pipeline: Pipeline) -> Iterator[Story]:
    """Yield the case tables of the tests."""
    for number, case in enumerate(case for case in test_cases.ALL if not case.both):
        rows = [dict(q, has=q.get("text") or next(iter(q.get("fragments", ())), "")) for q in case.expected]
        for standing in pipeline.standing(SourceText(case.id, case.text)):
            judged = []
            for statement in candidates_of(standing):
                words = " ".join(standing.article.text[s.start : s.end] for s in statement.spans)
                row = next((q for q in rows if "speaker" in q and q["has"] and q["has"] in words), None)
                judged.append(Judged(statement, _own_gold(row) if row else None))
            yield _story("own", case.id, number % FOLDS, pipeline, standing, judged)


def _standing(pipeline: Pipeline, path: Path) -> Iterator[Found]:
    for source in read([str(path)]):
        if isinstance(source, SourceText):
            yield from pipeline.standing(source)


def _rows(split: str, name: str) -> Sequence[Mapping[str, Any]]:
    return _by_name(split)[name]


_READ: dict[str, dict[str, Sequence[Mapping[str, Any]]]] = {}


def _by_name(split: str) -> dict[str, Sequence[Mapping[str, Any]]]:
    if split not in _READ:
        _READ[split] = {name: rows for name, _, rows in corpus.scorers().score.read_gold(corpus.folder(split))}
    return _READ[split]


def _story(
    which: str, name: str, fold: int, pipeline: Pipeline, standing: Found, judged: list[Judged]
) -> Story:
    article, lexicon = standing.article, pipeline.lexicon
    # The reader has learned from these articles' roles.
    answers = evolve(standing.answers, descriptions=()) if which == "links-train" else standing.answers
    grammar = grammar_of(standing.parse.readings)
    layout = lay_out(article.text, article.body, article.quotations, lexicon)
    model = build(layout, lexicon, title=article.title, grammar=grammar, answers=answers)
    # Whose turns a transcript's are, its labels tell: no ranker is asked.
    asked = [j for j in judged if not j.statement.turn]
    return Story(which, name, fold, model, grammar, article.byline, asked)


def candidates_of(standing: Found) -> list[Candidate]:
    """Return the chosen statements, as the proposers made them."""
    return [s.candidate for s in standing.statements]


def _by_words(scorer: Any, text: str, statements: Sequence[Candidate], wanted: Sequence[Any]) -> dict[int, int]:
    """Pair statements with annotations as `pages.py` does: by their words, one to one, best first."""
    mine = [scorer.tokens(" ".join(text[s.start : s.end] for s in c.spans)) for c in statements]
    theirs = [scorer.tokens(" ".join(q["said"])) for q in wanted]
    both = [(scorer.iou(a, b), -i, -j) for i, a in enumerate(mine) for j, b in enumerate(theirs)]
    pairs: dict[int, int] = {}
    for value, i, j in sorted(both, reverse=True):
        if value >= 0.5 and -i not in pairs and -j not in pairs.values():
            pairs[-i] = -j
    return pairs


def _unfound(standing: Found, rows: Sequence[Any]) -> Iterator[Judged]:
    """Yield the quotations without a mention that are no statement's: examples of continuing speakers."""
    text, body = standing.article.text, standing.article.body
    for row in rows:
        if row["mention"] is None and row["kind"] in ("person", "organization") and row["type"] in ("direct", "mixed"):
            at = text.find(row["said"][0], body.start, body.end)
            if at >= 0:
                span = Span(at, at + len(row["said"][0]))
                yield Judged(Candidate((span,), row["type"], "annotated"), _gold(row), predicted=False)


def _gold(row: Mapping[str, Any]) -> Gold:
    role = row.get("role")
    return Gold((row["speaker"],) if row["speaker"] else (), row["kind"], (role,) if role else ())


def _own_gold(row: Mapping[str, Any], *, exact: bool = True) -> Gold:
    instead = row.get("or", {})
    names = tuple(n for n in (row["speaker"], *instead.get("speaker", ())) if n)
    roles = tuple(r for r in (row["role"], *instead.get("role", ())) if r) if "role" in row else None
    unnamed = not exact and roles is None and _is_description(row["speaker"])
    return Gold(names, "anonymous" if unnamed else "person" if names else "unknown", roles, exact)


def _is_description(speaker: str) -> bool:
    """Return whether a speaker is described, not named: "a senior official", but "Ministry of Health"."""
    return any(word.islower() and len(word) > 3 for word in speaker.split())


def right_of(found: Sequence[Referent], gold: Gold, query: Query) -> list[int]:
    """Return which candidates of a mention are the annotated speaker; empty if that cannot be told.

    Where the article's names are cut otherwise than the annotation's, whoever bears the same surname is right.
    """
    scorer = corpus.scorers().pages
    if not gold.names:
        lost = {"none": "nobody", "he": "own", "they": "own", "it": "own"}.get(query.kind)
        return [n for n, who in enumerate(found) if who.origin == lost]
    if gold.kind == "author":
        return []
    same = [n for n, who in enumerate(found) if any(scorer.same(who.name, name) for name in gold.names)]
    if gold.kind not in ("person", "organization"):
        same = [n for n in same if found[n].entity is None]
    if same or gold.exact:
        return same
    near = [n for n, who in enumerate(found) if any(scorer.loosely(who.name, name) for name in gold.names)]
    if gold.kind in ("person", "organization"):
        last = {scorer.kept(name)[-1] for name in gold.names}
        near = [n for n in near if found[n].entity is not None and scorer.kept(found[n].name)[-1] in last] or near
    else:
        near = [n for n in near if found[n].entity is None]
    own = [n for n, who in enumerate(found) if who.origin == "own"]
    described = query.kind in ("noun", "name") and gold.kind not in ("person", "organization")
    return near or (own if described else [])
