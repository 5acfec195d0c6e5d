"""The word lists around names, as the stages ask for them."""

from __future__ import annotations

from pathlib import Path

import pytest
from attrs import asdict, evolve

from quotes.errors import PatternError
from quotes.lexicon import load_lexicon
from quotes.lexicon.name_words import NameWords


def test_each_list_is_that_of_the_pattern_files() -> None:
    """`names.role_noun` is the list with the id "names-role-noun", as a set."""
    lexicon = load_lexicon("en")
    for name, words in asdict(lexicon.names).items():
        assert set(lexicon.words[f"names-{name.replace('_', '-')}"]) == words
        assert words


def test_the_error_names_the_list_that_a_language_lacks() -> None:
    """A new language's folder that lacks a list gets an error that names it."""
    lexicon = load_lexicon("en")
    without = {id: words for id, words in lexicon.words.items() if id != "names-particle"}
    with pytest.raises(PatternError, match="names-particle"):
        NameWords.of(evolve(lexicon, words=without))


def test_no_stage_asks_for_them_by_a_string() -> None:
    """A list with an attribute is asked for by it, so that the type checker sees a misspelled one."""
    package = Path(__file__).parents[2] / "quotes"
    asked = [path.name for path in package.rglob("*.py") if 'word_set("names-' in path.read_text(encoding="utf-8")]
    assert [] == asked
