"""Whom statements credit by name further on, for descriptions that stand before the name."""

from __future__ import annotations

import re

import pytest

from quotes.extraction.article_text import ArticleText
from quotes.extraction.speakers.credits import Credits, told_below
from quotes.extraction.speakers.entities import build, lay_out
from quotes.extraction.speakers.model import Grammar
from quotes.extraction.speakers.queries import Discourse, ask
from quotes.extraction.speakers.resolve import resolve
from quotes.extraction.statement import Statement
from quotes.lexicon import load_lexicon
from quotes.records import Candidate, Span

LEXICON = load_lexicon("en")
SAID = re.compile(r"(?P<who>[^.“”\n]+?) (?:said|says|warned|argued) (?P<what>[^.“”\n]+)\.")


def candidates(text: str) -> list[Candidate]:
    """Take every "X said Y." of a text for a statement."""
    return [
        Candidate((Span(*m.span("what")),), "indirect", "test", mention=Span(m.start("who"), m.end("who")))
        for m in SAID.finditer(text)
    ]


def named(text: str) -> list[str]:
    """Return who the statements' speakers are, in order."""
    article = ArticleText.plain(text, lexicon=LEXICON)
    found = resolve(article, [Statement(c) for c in candidates(text)], readings=[], lexicon=LEXICON)
    return [s.speaker.name if s.speaker else "" for s in found]


def test_who_is_credited_below_speaks_next_or_later() -> None:
    text = "A top economist warned prices would double.\nPia Holm said harvests were poor.\nOsric Dale said so, too."
    article = ArticleText.plain(text, lexicon=LEXICON)
    discourse = Discourse(build(lay_out(text, article.body, article.quotations, LEXICON), LEXICON), Grammar())
    queries = [ask(discourse, c) for c in candidates(text)]
    told = {entity.name: features["speaks_next"] for entity, features in told_below(Credits.of(queries), queries[0])}
    assert told == {"Pia Holm": 1.0, "Osric Dale": 0.0}


@pytest.mark.parametrize(
    ("lead", "office"),
    [
        ("A top harbour official", "the harbour commissioner"),
        ("The expert", "an economist"),
        ("The cleric", "a bishop"),
    ],
)
def test_a_wider_word_means_whom_the_next_statement_names(lead: str, office: str) -> None:
    body = f"Osric Dale, {office}, spoke. Dale said dredging was folly."
    text = f"{lead} said dredging would ruin the sandbanks.\n{body}"
    assert named(text)[-1] == "Osric Dale"
    assert named(text)[0] == "Osric Dale"


def test_a_wider_word_alone_names_nobody() -> None:
    assert named("A top official said dredging was folly. Rain fell.") == ["A top official"]
