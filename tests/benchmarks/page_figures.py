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


def records(pipeline: Pipeline) -> Any:
    """Read the pages, and return what `pages.py` reads of the records: the quotes and the outlet of each page."""
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


def figures(found: Any) -> dict[str, float]:
    """Return what `pages.py` says of the records, by the names of the floors; `found` is what `records` gave."""
    score = scored(found)
    return {
        "pages: quoted joint F1": score["quoted"]["joint"]["f1"],
        "pages: indirect joint F1": score["indirect"]["joint"]["f1"],
        "pages: named": score["named"],
        "pages: role": score["role"],
        "pages: press channels by page": score["press"]["by_page"],
        "pages: channels by page": score["channels"]["by_page"],
        "pages: publishing outlet": score["outlet"],
    }


def scored(found: Any) -> dict[str, Any]:
    """Return all that `pages.py` says of the records."""
    out: dict[str, Any] = corpus.scorers().pages.score(_gold(), *found)[0]
    return out


def judged(found: Any) -> list[tuple[float, bool]]:
    """Return the confidence of each quote of the pages, and whether its words and who is meant are right.

    Of a speaker that is no named person or organization the words that credit it decide, not its name.
    """
    scorer, rated = corpus.scorers().pages, []
    quotes, _ = found
    for page, annotated in _gold().items():
        mine, wanted = quotes.get(page, []), list(annotated["quotes"])
        for quote in mine:
            best = max(wanted, key=lambda row: scorer.iou(quote["words"], row["words"]), default=None)
            right = best is not None and scorer.iou(quote["words"], best["words"]) >= 0.5
            if right and best["kind"] in ("person", "organization"):
                right = scorer.same((quote["speaker"] or {}).get("name") or "", best["speaker"] or "")
            rated.append((quote["confidence"], bool(right)))
    return rated


def _gold() -> Any:
    return corpus.scorers().pages.read_gold(corpus.PAGES / "gold")


def main() -> None:
    """Print the figures."""
    from quotes.extraction.pipeline import load

    for name, value in scored(records(load())).items():
        print(f"{name:10s} {value}")


if __name__ == "__main__":
    main()
