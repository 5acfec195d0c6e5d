"""How many annotated statements of the pages are in their extracted text, word for word.

python -m tests.benchmarks.page_texts [--lost N]
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator
from pathlib import Path

from attrs import frozen

from quotes.ingest import read
from quotes.records import SourceText
from tests.benchmarks.corpus import SHARED

PAGES = SHARED / "corpora" / "pages"
# The share of the statements that must be in the text.
FLOOR = 0.99
_WORD = re.compile(r"[^\W_]+")
_IN_WORDS = re.compile("[’'‘\xad\u200b]")
# A page that has lost this share of its statements has lost its article.
_MOST = 0.5


@frozen
class Measured:
    """A page: how many statements it has, which of them its text lacks, and how long the text is."""

    name: str
    statements: int
    lost: tuple[str, ...]
    words: int


def words(text: str) -> str:
    """Return a text's words alone, with a blank before and behind each."""
    return f" {' '.join(_WORD.findall(_IN_WORDS.sub('', text.lower())))} "


def measure(folder: Path = PAGES) -> Iterator[Measured]:
    """Yield what is measured of each page, in order of their names.

    Args:
        folder: holds `html/<name>.html` and `gold/<name>.json`.
    """
    for gold in sorted((folder / "gold").glob("*.json")):
        text = words(" ".join(s.text for s in read(folder / "html" / f"{gold.stem}.html") if isinstance(s, SourceText)))
        said = [quote["said"] for quote in json.loads(gold.read_text(encoding="utf-8"))["quotes"]]
        lost = [" … ".join(parts) for parts in said if not all(words(part) in text for part in parts)]
        yield Measured(gold.stem, len(said), tuple(lost), text.count(" "))


def main() -> None:
    """Measure, and print the share, the pages that lose most, and what they lose."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lost", type=int, default=0, metavar="N", help="print so many lost statements of each page")
    asked = parser.parse_args()
    if not PAGES.is_dir():
        raise SystemExit(f"no {PAGES} beside the checkout")
    pages = list(measure())
    every, lost = sum(p.statements for p in pages), sum(len(p.lost) for p in pages)
    for page in sorted(pages, key=lambda p: -len(p.lost)):
        if page.lost:
            half = "  (its article)" if len(page.lost) > _MOST * page.statements else ""
            print(f"{len(page.lost):4} of {page.statements:4} lost  {page.name}{half}")
            for said in page.lost[: asked.lost]:
                print(f"       {said[:160]}")
    print(f"{every - lost} of {every} statements stand in the text: {(every - lost) / every:.4f} (floor {FLOOR})")
    print(f"{sum(p.words for p in pages):,} words")


if __name__ == "__main__":
    main()
