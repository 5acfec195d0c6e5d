"""What the reader takes for said is corrected by the parse: without its hearer, and without a last word that joins."""

from __future__ import annotations

import pytest

from quotes.extraction.article_text import ArticleText
from quotes.extraction.parsing import complete
from quotes.extraction.parsing.parse import Parse
from quotes.extraction.pipeline import Pipeline
from quotes.records import Candidate, Cue, Span

CUT = [
    ("He said the law was dead and warned of fraud.", "said", ["the law was dead and"], ["the law was dead"]),
    ("Lee called it a gift to the town.", "called", ["it a gift to"], ["it a gift"]),
    ("Lee named the man he lives with.", "named", ["the man he lives with"], ["the man he lives with"]),
    ("The court was told by Roe that it rained.", "told", ["The court", "that it rained"], ["that it rained"]),
    ("The plan was called a gift by Roe.", "called", ["The plan", "a gift"], ["The plan", "a gift"]),
]


@pytest.mark.parametrize(("text", "cue", "tagged", "said"), CUT)
def test_what_is_said_is_cut(pipeline: Pipeline, text: str, cue: str, tagged: list[str], said: list[str]) -> None:
    article = ArticleText.plain(text, lexicon=pipeline.lexicon)
    readings = Parse(article, pipeline.lexicon, pipeline.parse).read(article.paragraphs)
    places = [Span(text.index(words), text.index(words) + len(words)) for words in tagged]
    at = text.index(cue)
    candidate = Candidate(tuple(places), "indirect", pattern="roles", cue=Cue(cue, cue, at, at + len(cue)))
    [found] = complete.said([candidate], readings, lexicon=pipeline.lexicon, attitudes=False)
    assert said == [text[s.start : s.end] for s in found.spans]
