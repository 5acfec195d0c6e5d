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
    scorer = corpus.scorers().pages
    articles = [
        to_dict(record)
        for source in read([str(corpus.PAGES / "html")])
        if isinstance(source, SourceText)
        for record in pipeline.read(source)
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "records.json")
        path.write_text(json.dumps({"articles": articles}), encoding="utf-8")
        out: dict[str, Any] = scorer.score(scorer.read_gold(corpus.PAGES / "gold"), *scorer.read_records(path))[0]
    return out


def main() -> None:
    """Print the figures."""
    from quotes.extraction.pipeline import load

    for name, value in scored(load()).items():
        print(f"{name:10s} {value}")


if __name__ == "__main__":
    main()
