"""The floor for the annotated statements in the pages' extracted texts."""

from __future__ import annotations

import pytest

from tests.benchmarks import page_texts

pytestmark = pytest.mark.benchmark


def test_nearly_all_annotated_statements_stand_in_the_text() -> None:
    """Word for word, on the pages beside the checkout; none of these has lost its article."""
    if not page_texts.PAGES.is_dir():
        pytest.skip(f"no {page_texts.PAGES.name} beside the checkout")
    pages = list(page_texts.measure())
    every, lost = sum(p.statements for p in pages), sum(len(p.lost) for p in pages)
    assert (every - lost) / every >= page_texts.FLOOR
    assert [] == [p.name for p in pages if len(p.lost) > p.statements / 2]


def test_words_are_compared_without_marks() -> None:
    """Case, marks, apostrophes and soft hyphens do not count."""
    assert page_texts.words("“It’s the Co\xadast!”") == " its the coast "
