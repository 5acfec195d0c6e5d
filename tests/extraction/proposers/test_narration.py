"""What stands before a statement's own words is cut off."""

from __future__ import annotations

import pytest

from quotes.extraction.article_text import ArticleText
from quotes.extraction.proposers.narration import without_narration
from quotes.lexicon import load_lexicon
from quotes.records import Candidate, Span

LEXICON = load_lexicon("en")


def words(line: str, *, before: str = "") -> str:
    """Return the words of a statement that takes in its line, without narration."""
    text = f"{before}{line}, the mayor said."
    article = ArticleText.plain(text, lexicon=LEXICON)
    candidate = Candidate((Span(len(before), len(before) + len(line)),), "indirect", "p")
    [span] = without_narration(article, candidate, lexicon=LEXICON).spans
    return text[span.start : span.end]


@pytest.mark.parametrize(
    "dateline", ["OSLO (AP) — ", "PORT LOUIS, Mauritius - ", "Lagos, Nigeria (CNN) -- ", "GENEVA, Sept. 4 (Reuters) - "]
)
@pytest.mark.parametrize("before", ["", "The port freezes.\n\n"])
def test_a_dateline(dateline: str, before: str) -> None:
    """A statement begins after its line's dateline."""
    assert "The port will close" == words(f"{dateline}The port will close", before=before)


@pytest.mark.parametrize(
    "line", ["OSLO-BASED carriers will leave", "NATO troops will leave", "Oslo — a port — will close"]
)
def test_no_dateline(line: str) -> None:
    """Other words in capitals, and other dashes, belong to it."""
    assert line == words(line)
