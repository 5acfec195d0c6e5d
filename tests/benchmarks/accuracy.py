"""Score the pipeline against PolNeAR and the hand-made links, with textacy beside it.

python -m tests.benchmarks.accuracy [--split dev] [--errors N] [--save FILE] [--raise-floors]
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from . import corpus, floors, own_news, page_figures, peer, variants_quality

if TYPE_CHECKING:
    from quotes.extraction.pipeline import Pipeline

PATTERNS = "patterns alone"


@frozen
class Result:
    """The figures of the two scorers for one file of predictions; `links` is None if the part of the corpus has none.

    `score_by_marks` takes the type of each prediction from the marks that the scorer knows, as it takes the type of
    each annotation: single marks, '' and ”…” are speech without marks to it.
    """

    lost: int
    score: dict[str, Any]
    score_by_marks: dict[str, Any]
    score_without_doubled: dict[str, Any]
    links: dict[str, Any] | None


def evaluate(predictions: Path, *, split: str, lost: int) -> Result:
    """Score a file of predictions.

    Args:
        predictions: JSON Lines, as `quotes extract` writes them or in the scorers' flat form.
        split: the part of the corpus that was read.
        lost: how many of its articles raised.
    """
    score, links = corpus.scorers().score, corpus.scorers().links
    gold = corpus.folder(split)
    with tempfile.TemporaryDirectory() as kept:
        clean = corpus.without_doubled(split, into=Path(kept))
        # The scorers modify their arguments: each gets separate predictions.
        without, _ = score.score(clean, score.read_predictions(predictions))
    full, _ = score.score(gold, score.read_predictions(predictions))
    by_marks, _ = score.score(gold, typed_by_marks(score.read_predictions(predictions), split=split))
    linked, _ = links.evaluate(gold, corpus.LINKS, score.read_predictions(predictions))
    return Result(lost, full, by_marks, without, linked if linked["articles"] else None)


def typed_by_marks(found: dict[str, list[dict[str, Any]]], *, split: str) -> dict[str, list[dict[str, Any]]]:
    """Give predictions the type that the scorer's own marks give them.

    Args:
        found: predictions by article, as the scorer reads them; changed in place.
        split: the part of the corpus that was read.
    """
    score = corpus.scorers().score
    for name, text, _ in score.read_gold(corpus.folder(split)):
        marked = score.quoted_chars(text)
        for quote in found.get(name, []):
            quote["type"] = score.gold_type(quote, text, marked)
    return found


def measure(pipeline: Pipeline, predictions: Path, *, split: str) -> Result:
    """Read a part of the corpus with the pipeline, keep the predictions, and score them."""
    summary = corpus.predict(pipeline, predictions, split=split)
    return evaluate(predictions, split=split, lost=summary.errors)


def figures(result: Result, *, reader: str = "") -> dict[str, float]:
    """Return the figures that have floors: all of them between 0 and 1, more is better.

    Args:
        result: what was measured.
        reader: put before each name: "" for the program as it comes, "patterns alone: " without the reader of roles.
    """
    quoted, speech = result.score["quoted"], result.score["speech"]
    named = {
        "articles that do not raise": 1.0 - result.lost / result.score["articles"],
        "quoted chars F1": quoted["chars"]["f1"],
        "quoted span90 F1": quoted["span90"]["f1"],
        "quoted joint F1": quoted["joint"]["f1"],
        "quoted speaker accuracy": quoted["speaker_accuracy"],
        "speech joint F1": speech["joint"]["f1"],
        "quoted joint F1, by the scorer's marks": result.score_by_marks["quoted"]["joint"]["f1"],
        "quoted span90 F1, by the scorer's marks": result.score_by_marks["quoted"]["span90"]["f1"],
        "speech joint F1, by the scorer's marks": result.score_by_marks["speech"]["joint"]["f1"],
        "quoted joint F1, without ''": result.score_without_doubled["quoted"]["joint"]["f1"],
        "speech joint F1, without ''": result.score_without_doubled["speech"]["joint"]["f1"],
    }
    if result.links:
        named |= {
            "links named, of found": result.links["named"]["of_found"],
            "links role, of found": result.links["role"]["of_found"],
            "links outlets F1": result.links["outlets"]["f1"],
            "links channels F1": result.links["channels"]["f1"],
        }
    return {f"{reader}{name}": value for name, value in named.items()}


def table(results: Mapping[str, Result]) -> list[str]:
    """Return the lines of a table: a row a figure, a column a system."""
    width = max(12, *(len(name) for name in results))
    lines = [f"{'':28s}" + "".join(f"{name:>{width + 2}s}" for name in results)]

    def row(name: str, values: list[float | None]) -> None:
        shown = ("-" if v is None else f"{v:.3f}" if isinstance(v, float) else str(v) for v in values)
        lines.append(f"{name:28s}" + "".join(f"{v:>{width + 2}s}" for v in shown))

    every = list(results.values())
    row("articles", [r.score["articles"] for r in every])
    row("articles that raise", [r.lost for r in every])
    for part, keys in (("quoted", ("chars", "span50", "span90", "joint")), ("speech", ("span50", "joint"))):
        for key in keys:
            row(f"{part} {key} F1", [_f1(r.score, part, key) for r in every])
        row(f"{part} speaker accuracy", [_speaker(r.score, part) for r in every])
    row("typed by the scorer's marks", [r.score_by_marks["articles"] for r in every])
    row("  quoted joint F1", [_f1(r.score_by_marks, "quoted", "joint") for r in every])
    row("  quoted span90 F1", [_f1(r.score_by_marks, "quoted", "span90") for r in every])
    row("  speech joint F1", [_f1(r.score_by_marks, "speech", "joint") for r in every])
    row("without '' articles", [r.score_without_doubled["articles"] for r in every])
    row("  quoted joint F1", [_f1(r.score_without_doubled, "quoted", "joint") for r in every])
    row("  quoted span90 F1", [_f1(r.score_without_doubled, "quoted", "span90") for r in every])
    row("  speech joint F1", [_f1(r.score_without_doubled, "speech", "joint") for r in every])
    linked = [r.links for r in every]
    for kind in ("name", "named", "surname", "role"):
        row(f"links {kind}, of found", [x[kind]["of_found"] if x else None for x in linked])
    for kind in ("outlets", "channels", "channels_any_relation"):
        row(f"links {kind} F1", [x[kind]["f1"] if x else None for x in linked])
    return lines


def _f1(scored: dict[str, Any], part: str, key: str) -> float | None:
    found: dict[str, Any] = scored[part][key]
    # A peer that does not look for something has no score for it.
    return float(found["f1"]) if found["pred"] else None


def _speaker(scored: dict[str, Any], part: str) -> float | None:
    return float(scored[part]["speaker_accuracy"]) if scored[part]["span50"]["hit"] else None


def _disagreements(predictions: Path, split: str, number: int) -> list[str]:
    """Return the first quotations that differ from the corpus, each with what was found and what was annotated."""
    score = corpus.scorers().score
    _, shown = score.score(corpus.folder(split), score.read_predictions(predictions), number)
    lines = []
    for name, why, text, found, row in shown:
        lines.append(f"--- {why}  {name}")
        if found:
            who = text[slice(*found["speaker"])] if found["speaker"] else None
            lines.append(f"    found: {[text[s:e] for s, e in found['spans']]} speaker {who!r}")
        if row:
            parts = {key: [text[s:e] for s, e in row[key]] for key in ("spans", "source", "cue")}
            lines.append(f"    gold:  {parts['spans']} source {parts['source']} cue {parts['cue']}")
    return lines


def main() -> None:
    """Run the benchmark and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--split", choices=corpus.SPLITS, default="dev")
    parser.add_argument("--errors", type=int, default=0, help="print so many disagreements")
    parser.add_argument("--save", type=Path, help="keep the predictions (JSON Lines), for `compare`")
    parser.add_argument("--raise-floors", action="store_true", help="pin the figures of dev as the new floors")
    given = parser.parse_args()
    if lost := corpus.missing():
        parser.error(lost)
    if given.raise_floors and given.split != "dev":
        parser.error("floors are pinned on dev")
    from quotes.extraction.pipeline import load

    pipeline = load()
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = given.save or Path(folder, "quotes.jsonl"), Path(folder, "textacy.jsonl")
        result = measure(pipeline, ours, split=given.split)
        alone = measure(evolve(pipeline, reader=None), Path(folder, "patterns.jsonl"), split=given.split)
        given_up = peer.predict(pipeline.nlp, theirs, split=given.split)
        beside = evaluate(theirs, split=given.split, lost=given_up)
        print(f"PolNeAR {given.split}, model {pipeline.nlp.meta['lang']}_{pipeline.nlp.meta['name']}")
        # textacy resolves no names and looks for no channels: the links say nothing of it.
        print("\n".join(table({"quotes": result, PATTERNS: alone, "textacy": evolve(beside, links=None)})))
        for line in _disagreements(ours, given.split, given.errors):
            print(line)
    if given.raise_floors:
        measured = figures(result) | figures(alone, reader=f"{PATTERNS}: ")
        measured |= variants_quality.figures() | own_news.figures(pipeline)
        measured |= page_figures.figures(page_figures.records(pipeline))
        mark = corpus.fingerprint(corpus.measured_files("dev"))
        floors.save(floors.raised(floors.load(), measured, fingerprint=mark))


if __name__ == "__main__":
    main()
