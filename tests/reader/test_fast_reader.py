"""The fast reader: half as wide, in the same package, and chosen by an option."""

from __future__ import annotations

import pickle

import pytest

from quotes import extract
from quotes.extraction.pipeline import Pipeline, load
from quotes.reader import NETWORK_FILE, RoleReader, fast_folder, shipped_folder

pytestmark = pytest.mark.skipif(
    not (fast_folder() / NETWORK_FILE).is_file(), reason="this checkout has no weights of the fast reader"
)

STORY = (
    "The ferry will stay in port until Friday, harbour master Ines Prado said.\n\n"
    "“We will not risk a single passenger,” she told Radio Costa.\n\n"
    "Two hotels have complained that nobody had asked them.\n"
)


@pytest.fixture(scope="module")
def fast() -> Pipeline:
    return load(reader="fast")


def test_it_reads_as_the_full_one_does() -> None:
    """A plain story gives the same statements, speakers and channels."""

    def said(reader: str) -> list[tuple[str, str, list[str]]]:
        [record] = extract(STORY, reader=reader)
        return [(q.text, q.speaker.name if q.speaker else "", [c.name for c in q.channels]) for q in record.quotes]

    assert 3 == len(said("both"))
    assert said("both") == said("fast")


def test_it_finds_what_no_pattern_finds(fast: Pipeline) -> None:
    """Its network runs: it proposes a statement of its own."""
    assert fast.reader is not None
    assert fast_folder() == fast.reader.folder
    text = "Tomas Ruhl, the union's lawyer, dismissed the offer as an insult to every driver in the city."
    assert () == extract(text, reader="patterns")[0].quotes
    [quote] = extract(text, reader="fast")[0].quotes
    assert ("the offer as an insult to every driver in the city", "roles") == (quote.text, quote.pattern)


def test_it_is_smaller() -> None:
    full, small = (folder / NETWORK_FILE for folder in (shipped_folder(), fast_folder()))
    assert small.stat().st_size < 0.8 * full.stat().st_size


def test_it_is_pickled_by_its_folder(fast: Pipeline) -> None:
    """A worker process loads the same weights again."""
    again: RoleReader = pickle.loads(pickle.dumps(fast.reader))
    assert fast_folder() == again.folder
