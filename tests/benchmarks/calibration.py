"""How far `confidence` is the probability that it says it is: the expected calibration error, and a reliability table.

    python -m tests.benchmarks.calibration [--split dev]

Of the quotes with a confidence near p, a share p should have the right span (overlap of at least a half) and the
right speaker. The expected calibration error (Naeini and others, 2015) is the mean distance over ten bins of equal
width, weighted by the number of quotes in each.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterable
from pathlib import Path

from attrs import frozen

from . import corpus, outcomes

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


def main() -> None:
    """Run the benchmark and print its tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--split", choices=corpus.SPLITS, default="dev")
    given = parser.parse_args()
    if lost := corpus.missing():
        parser.error(lost)
    from quotes.pipeline import load

    with tempfile.TemporaryDirectory() as folder:
        predictions = Path(folder, "quotes.jsonl")
        corpus.predict(load(), predictions, split=given.split)
        for name, quoted in (("all", None), ("quoted", True), ("without marks", False)):
            bins = reliability(judged(predictions, split=given.split, quoted=quoted))
            print(f"{name}: expected calibration error {calibration_error(bins):.3f}")
            print("  confidence  quotes    mean   right")
            for b in bins:
                print(f"  {b.low:.1f} to {b.low + 1 / BINS:.1f}  {b.number:6d}  {b.confidence:6.2f}  {b.right:6.2f}")


if __name__ == "__main__":
    main()
