"""Score the pipeline on the 110 annotated web pages.

    python -m tests.benchmarks.page_figures

The reader and the rankers have learned from these pages: the figures hold what has been reached, and say little of
other pages. What held-out pages give stands in the README beside this file.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quotes import to_dict
from quotes.ingest import read
from quotes.records import SourceText

from . import corpus

if TYPE_CHECKING:
    from quotes.extraction.pipeline import Pipeline


def figures(pipeline: Pipeline) -> dict[str, float]:
    """Read the pages, and return what `pages.py` says of the records, by the names of the floors."""
    found = scored(pipeline)
    return {
        "pages: quoted joint F1": found["quoted"]["joint"]["f1"],
        "pages: indirect joint F1": found["indirect"]["joint"]["f1"],
        "pages: named": found["named"],
        "pages: role": found["role"],
        "pages: press channels by page": found["press"]["by_page"],
        "pages: channels by page": found["channels"]["by_page"],
        "pages: publishing outlet": found["outlet"],
    }


def scored(pipeline: Pipeline) -> dict[str, Any]:
    """Read the pages, and return all that `pages.py` says of the records."""
    out: dict[str, Any] = corpus.scorers().pages.score(_gold(), *_records(pipeline))[0]
    return out


def judged(pipeline: Pipeline) -> list[tuple[float, bool]]:
    """Return the confidence of each quote of the pages, and whether its words and who is meant are right.

    Of a speaker that is no named person or organization the words that credit it decide, not its name.
    """
    scorer, found = corpus.scorers().pages, []
    gold, (quotes, _) = _gold(), _records(pipeline)
    for page, annotated in gold.items():
        mine, wanted = quotes.get(page, []), list(annotated["quotes"])
        for quote in mine:
            best = max(wanted, key=lambda row: scorer.iou(quote["words"], row["words"]), default=None)
            right = best is not None and scorer.iou(quote["words"], best["words"]) >= 0.5
            if right and best["kind"] in ("person", "organization"):
                right = scorer.same((quote["speaker"] or {}).get("name") or "", best["speaker"] or "")
            found.append((quote["confidence"], bool(right)))
    return found


def _gold() -> Any:
    return corpus.scorers().pages.read_gold(corpus.PAGES / "gold")


def _records(pipeline: Pipeline) -> Any:
    articles = [
        to_dict(record)
        for source in read([str(corpus.PAGES / "html")])
        if isinstance(source, SourceText)
        for record in pipeline.read(source)
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "records.json")
        path.write_text(json.dumps({"articles": articles}), encoding="utf-8")
        return corpus.scorers().pages.read_records(path)


def main() -> None:
    """Print the figures."""
    from quotes.extraction.pipeline import load

    for name, value in scored(load()).items():
        print(f"{name:10s} {value}")


if __name__ == "__main__":
    main()
