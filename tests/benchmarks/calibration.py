"""How far `confidence` is the probability that it says it is: the expected calibration error, and a reliability table.

    python -m tests.benchmarks.calibration [--split dev] [--draw FILE]

Of the quotes with a confidence near p, a share p should have the right span (overlap of at least a half) and the
right speaker: on the annotated pages whoever is meant, on PolNeAR the words that credit somebody. The expected
calibration error (Naeini and others, 2015) is the mean distance over ten bins of equal width, weighted by the number of
quotes in each.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterable
from pathlib import Path

from attrs import frozen

from . import corpus, drawing, outcomes, page_figures

BINS = 10


@frozen
class Bin:
    """Quotes of like confidence: how many, how sure on average, and what share of them is right."""

    low: float
    number: int
    confidence: float
    right: float


def reliability(judged: Iterable[tuple[float, bool]]) -> list[Bin]:
    """Sort quotes by confidence into bins; empty bins are left out.

    Args:
        judged: confidence of each quote, and whether it is right.
    """
    held: dict[int, list[tuple[float, bool]]] = {}
    for confidence, right in judged:
        held.setdefault(min(int(confidence * BINS), BINS - 1), []).append((confidence, right))
    return [
        Bin(number / BINS, len(rows), sum(c for c, _ in rows) / len(rows), sum(r for _, r in rows) / len(rows))
        for number, rows in sorted(held.items())
    ]


def calibration_error(bins: Iterable[Bin]) -> float:
    """Return the expected calibration error of binned quotes; 0 is perfect."""
    kept = list(bins)
    total = sum(b.number for b in kept)
    return sum(b.number * abs(b.confidence - b.right) for b in kept) / total if total else 0.0


def judged(predictions: Path, *, split: str, quoted: bool | None = None) -> list[tuple[float, bool]]:
    """Return confidence and rightness of each predicted quote.

    Args:
        predictions: JSON Lines as `quotes extract` writes them.
        split: the part of the corpus that they were made on.
        quoted: only what is in quotation marks (True), only what is not (False), or all.
    """
    return [
        (outcome.confidence, outcome.fate == "right")
        for outcome in outcomes.judge(predictions, split=split)
        if outcome.confidence is not None and quoted in (None, outcome.quoted)
    ]


def draw(bins: Iterable[Bin], path: Path) -> None:
    """Draw the reliability diagram: stated confidence against measured precision, and below, the quotes in each bin.

    Args:
        bins: as `reliability` gives them.
        path: an SVG file, written anew.
    """
    kept = list(bins)
    with drawing.figure(path, width=4.8, height=4.8) as figure:
        above, below = figure.subplots(2, sharex=True, height_ratios=(3, 1))
        above.plot((0, 1), (0, 1), color="grey", linestyle=":", label="as sure as it is right")
        above.plot([b.confidence for b in kept], [b.right for b in kept], color=drawing.INK, marker="o", label="quotes")
        above.set(xlim=(0, 1), ylim=(0, 1.02), ylabel="share that is right (words and speaker)")
        above.legend(frameon=False, loc="upper left")
        middles = [b.low + 0.5 / BINS for b in kept]
        bars = below.bar(middles, [b.number for b in kept], width=0.9 / BINS, color=drawing.PALE)
        below.bar_label(bars, padding=1, fontsize=8)
        below.margins(y=0.2)
        below.set(xlabel="confidence", ylabel="quotes")


def main() -> None:
    """Run the benchmark and print its tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--split", choices=corpus.SPLITS, default="dev")
    parser.add_argument("--draw", type=Path, metavar="FILE", help="draw the table of the pages' quotes as SVG")
    given = parser.parse_args()
    if lost := corpus.missing():
        parser.error(lost)
    from quotes.extraction.pipeline import load

    with tempfile.TemporaryDirectory() as folder:
        predictions, pipeline = Path(folder, "quotes.jsonl"), load()
        corpus.predict(pipeline, predictions, split=given.split)
        tables = {"pages": reliability(page_figures.judged(page_figures.records(pipeline)))}
        for name, quoted in (("all", None), ("quoted", True), ("without marks", False)):
            rows = judged(predictions, split=given.split, quoted=quoted)
            tables[f"PolNeAR {given.split}, {name}"] = reliability(rows)
        if given.draw:
            draw(tables["pages"], given.draw)
        for name, bins in tables.items():
            print(f"{name}: expected calibration error {calibration_error(bins):.3f}")
            print("  confidence  quotes    mean   right")
            for b in bins:
                print(f"  {b.low:.1f} to {b.low + 1 / BINS:.1f}  {b.number:6d}  {b.confidence:6.2f}  {b.right:6.2f}")


if __name__ == "__main__":
    main()
