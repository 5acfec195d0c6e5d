"""Errors by class, to see where to work next.

    python -m tests.benchmarks.errors [--split train] [--reader both|patterns] [--held-out] [--only CLASS] [--show 3]

Read errors on `train`; `--held-out` keeps to the articles that the reader of roles has not learned from. A statement
and a prediction are matched as the scorer does, whatever their types.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import frozen

from . import corpus
from .fit import HELD_OUT

# The share of one that must be inside the other for an error of boundaries alone.
MOST = 0.8


@frozen
class Error:
    """One fault: its class, the article, what was annotated and what was found, as text."""

    kind: str
    article: str
    annotated: str
    found: str


def classify(
    name: str, text: str, rows: Sequence[Mapping[str, Any]], mine: Sequence[Mapping[str, Any]]
) -> Iterator[Error]:
    """Yield the faults of one article.

    Args:
        name: the article's.
        text: its text.
        rows: its annotations, as the scorer reads them.
        mine: its predictions, as the scorer reads them.
    """
    score = corpus.scorers().score
    quoted = score.quoted_chars(text)
    golds = [score.char_set(row["spans"], text) for row in rows]
    owns = [score.char_set(quote["spans"], text) for quote in mine]
    pairs = [(i, j) for overlap, i, j in score.match(owns, golds) if overlap >= 0.5]
    matched, used = {j: i for i, j in pairs}, {i for i, _ in pairs}
    for j, row in enumerate(rows):
        kind = "quoted" if score.gold_type(row, text, quoted) != "indirect" else "speech"
        if kind == "speech" and not score.is_speech(row, text):
            continue
        if j in matched:
            quote = mine[matched[j]]
            if not score.speaker_right(quote["speaker"], row, text):
                yield Error(f"{kind}, speaker: {_speaker(quote, row)}", name, _row(text, row), _quote(text, quote))
            continue
        near = [i for i, own in enumerate(owns) if own & golds[j] and i not in used]
        found = "; ".join(_quote(text, mine[i]) for i in near)
        yield Error(f"{kind}, missed: {_bounds(golds[j], [owns[i] for i in near])}", name, _row(text, row), found)
    for i, quote in enumerate(mine):
        if i in used:
            continue
        kind = "speech" if quote["type"] == "indirect" else "quoted"
        near = [row for row, gold in zip(rows, golds, strict=True) if gold & owns[i]]
        clear = "nothing annotated" if not near else "part of something annotated"
        yield Error(f"{kind}, spurious: {clear}", name, "; ".join(_row(text, row) for row in near), _quote(text, quote))


def _speaker(quote: Mapping[str, Any], row: Mapping[str, Any]) -> str:
    if not row["source"]:
        return "none annotated"
    return "none found" if quote["speaker"] is None else "another"


def _bounds(gold: set[int], near: Sequence[set[int]]) -> str:
    """Return the relation of a found statement to the annotated one."""
    if not near:
        return "nothing found"
    covered = len(gold & set().union(*near)) >= MOST * len(gold)
    if len(near) > 1 and covered:
        return "cut in several"
    inside = any(len(own & gold) >= MOST * len(own) for own in near)
    return "too long" if covered else "too short" if inside else "shifted"


def _row(text: str, row: Mapping[str, Any]) -> str:
    return " | ".join(_words(text, row[part]) for part in ("source", "cue", "spans"))


def _quote(text: str, quote: Mapping[str, Any]) -> str:
    who = [quote["speaker"]] if quote["speaker"] else []
    return f"{_words(text, who)} | {quote['type']} | {_words(text, quote['spans'])}"


def _words(text: str, spans: Sequence[tuple[int, int]]) -> str:
    return " … ".join(" ".join(text[low:high].split()) for low, high in spans) or "-"


def main() -> None:
    """Read the articles, and print the classes with the most faults first, with examples."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--split", choices=corpus.SPLITS, default="train")
    parser.add_argument("--reader", choices=("both", "patterns"), default="both")
    parser.add_argument("--held-out", action="store_true", help="only what the reader of roles has not learned from")
    parser.add_argument("--only", default="", help="only classes that begin so")
    parser.add_argument("--show", type=int, default=3, help="examples of each class")
    given = parser.parse_args()
    if lost := corpus.missing():
        parser.error(lost)
    from quotes.extraction.pipeline import load

    score = corpus.scorers().score
    part = HELD_OUT if given.held_out else slice(None)
    articles = list(score.read_gold(corpus.folder(given.split)))[part]
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "predictions.jsonl"
        corpus.predict(load(reader=given.reader), output, split=given.split, only={name for name, _, _ in articles})
        predictions = score.read_predictions(output)
    classes: dict[str, list[Error]] = defaultdict(list)
    for name, text, rows in articles:
        for error in classify(name, text, rows, predictions.get(name, [])):
            classes[error.kind].append(error)
    for kind, errors in sorted(classes.items(), key=lambda item: (-len(item[1]), item[0])):
        print(f"{len(errors):5d}  {kind}")
    for kind, errors in sorted(classes.items(), key=lambda item: (-len(item[1]), item[0])):
        if not kind.startswith(given.only):
            continue
        step = max(1, len(errors) // max(1, given.show))
        for error in errors[::step][: given.show]:
            print(f"\n{kind}  ({error.article})\n  annotated: {error.annotated}\n  found:     {error.found}")


if __name__ == "__main__":
    main()
