"""How far the scorer's figures can rise at all: the annotations themselves, and a second trained annotator, scored.

    python -m tests.benchmarks.annotators [--split dev]

An annotation has no type. It is given one in two ways: by the marks that the scorer knows, as the scorer types what it
measures against, and by all marks that the record's `direct` and `mixed` mean ('' and single marks too). The first
tells how well two people agree; the second, what either would get for records typed as the contract has it.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from quotes.lexicon import Lexicon, load_lexicon
from quotes.text import quotation_marks

from . import corpus

Row = Mapping[str, Any]
TYPINGS = ("the scorer's marks", "all marks")
FIGURES = (("quoted", "joint"), ("quoted", "span90"), ("speech", "joint"))


def between_marks(text: str, lexicon: Lexicon) -> set[int]:
    """Return the offsets of letters and digits between quotation marks of any kind."""
    spans = quotation_marks.find(text, lexicon=lexicon)
    return {i for span in spans for i in range(span.start, span.end) if text[i].isalnum()}


def predictions(rows: Sequence[Row], text: str, marked: set[int]) -> Iterator[dict[str, Any]]:
    """Yield annotations in the scorer's flat form, as a program would that found just these.

    Args:
        rows: the annotations, as the scorer reads them. What is neither quoted nor said is left out.
        text: the article.
        marked: offsets of the letters that count as quoted.
    """
    score = corpus.scorers().score
    for row in rows:
        kind = score.gold_type(row, text, marked)
        if kind == "indirect" and not score.is_speech(row, text):
            continue
        speaker = max(row["source"], key=lambda span: span[1] - span[0], default=None)
        yield {"spans": row["spans"], "speaker": speaker, "type": kind}


def scored(gold: Path, told: Path) -> dict[str, dict[str, Any]]:
    """Score the annotations in one folder against those in another, for each way to type them."""
    score, lexicon = corpus.scorers().score, load_lexicon("en")
    ways: dict[str, Callable[[str], set[int]]] = {
        TYPINGS[0]: score.quoted_chars,
        TYPINGS[1]: lambda text: between_marks(text, lexicon),
    }
    found = {}
    for name, marked in ways.items():
        told_by = {stem: list(predictions(rows, text, marked(text))) for stem, text, rows in score.read_gold(told)}
        found[name], _ = score.score(gold, told_by)
    return found


def pairs(into: Path) -> tuple[Path, Path, int]:
    """Link the articles that two people annotated into two folders, an annotator each; return these, and how many."""
    folders = into / "first", into / "second"
    number = 0
    for folder in folders:
        for part in ("text", "attributions"):
            (folder / part).mkdir(parents=True)
    for split in ("train", "dev"):
        for text in sorted((corpus.folder(split) / "text").glob("*.txt")):
            both = sorted((corpus.folder(split) / "attributions").glob(f"{text.stem}_*.ann"))[:2]
            if len(both) < 2:
                continue
            number += 1
            for folder, path in zip(folders, both, strict=True):
                (folder / "text" / text.name).symlink_to(text)
                (folder / "attributions" / path.name).symlink_to(path)
    return *folders, number


def _lines(title: str, found: Mapping[str, dict[str, Any]]) -> Iterator[str]:
    yield title
    for name, result in found.items():
        shown = ", ".join(f"{part} {key} {result[part][key]['f1']:.3f}" for part, key in FIGURES)
        yield f"  typed by {name + ':':20s} {shown}"


def main() -> None:
    """Print both ceilings."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--split", choices=corpus.SPLITS, default="dev")
    given = parser.parse_args()
    if lost := corpus.missing():
        parser.error(lost)
    gold = corpus.folder(given.split)
    print("\n".join(_lines(f"the annotations of {given.split} themselves", scored(gold, gold))))
    with tempfile.TemporaryDirectory() as kept:
        first, second, number = pairs(Path(kept))
        title = f"one annotator against another ({number} articles of train and dev)"
        print("\n".join(_lines(title, scored(first, second))))


if __name__ == "__main__":
    main()
