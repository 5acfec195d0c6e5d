"""The outcome of each annotated statement and each prediction: the basis of comparison and calibration."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

from attrs import frozen

from . import corpus

Fate = Literal["right", "speaker", "missed", "spurious"]


@frozen
class Outcome:
    """One statement and what became of it.

    `fate`: `right` (found, with its speaker), `speaker` (found, credited to somebody else), `missed`, or `spurious`
    (predicted, but annotated nowhere). `key` names the statement the same way in every run.
    """

    key: str
    fate: Fate
    quoted: bool
    words: str
    speaker: str
    confidence: float | None = None


def judge(predictions: Path, *, split: str) -> list[Outcome]:
    """Match predictions and annotations, as the scorer does, and say what became of each.

    Args:
        predictions: JSON Lines as `quotes extract` writes them.
        split: the part of the corpus that they were made on.
    """
    confidence = _confidences(predictions)
    score = corpus.scorers().score
    found = score.read_predictions(predictions)
    outcomes = []
    for name, text, rows in score.read_gold(corpus.folder(split)):
        marked = score.marked_chars(text)
        for row in rows:
            row["quoted"] = score.gold_type(row, text, marked) != "indirect"
        mine = [dict(q, confidence=c) for q, c in zip(found.get(name, []), confidence.get(name, []), strict=True)]
        outcomes += _article(name, text, rows, mine)
    return outcomes


def _article(name: str, text: str, rows: list[dict[str, Any]], mine: list[dict[str, Any]]) -> list[Outcome]:
    """Judge one article, quotations and speech together."""
    score = corpus.scorers().score
    gold = [score.char_set(row["spans"], text) for row in rows]
    pairs = score.match([score.char_set(q["spans"], text) for q in mine], gold)
    matched = {j: mine[i] for overlap, i, j in pairs if overlap >= 0.5}
    used = {id(quote) for quote in matched.values()}
    outcomes = []
    for j, row in enumerate(rows):
        quote = matched.get(j)
        fate: Fate = "missed"
        if quote:
            fate = "right" if score.speaker_right(quote["speaker"], row, text) else "speaker"
        # The corpus annotates thoughts and wishes, too (He believes that …); missing them is not an error.
        if quote or row["quoted"] or score.is_speech(row, text):
            sure = quote["confidence"] if quote else None
            outcomes.append(_outcome(f"{name} {row['id']}", fate, row, row["quoted"], text, row["source"], sure))
    for quote in mine:
        if id(quote) not in used:
            key = f"{name} {quote['spans']}"
            who = [quote["speaker"]] if quote["speaker"] else []
            quoted = quote["type"] != "indirect"
            outcomes.append(_outcome(key, "spurious", quote, quoted, text, who, quote["confidence"]))
    return outcomes


def _outcome(
    key: str, fate: Fate, row: dict[str, Any], quoted: bool, text: str, who: list[Any], confidence: float | None
) -> Outcome:
    words = " ".join(" ".join(text[s:e] for s, e in row["spans"]).split())
    return Outcome(key, fate, quoted, words, " ".join(text[s:e] for s, e in who), confidence)


def _confidences(predictions: Path) -> dict[str, list[float]]:
    """Return the confidence of each prediction, in the order in which the scorer reads them."""
    found: dict[str, list[float]] = {}
    with predictions.open(encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            name = Path(record["article"]["source"]).stem
            found.setdefault(name, []).extend(quote["confidence"] for quote in record["quotes"])
    return found
