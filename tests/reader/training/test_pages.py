"""Training on pages: the words that annotation quotes are found in the page's text, and become labels and layers."""

from __future__ import annotations

import json
from typing import Any

import pytest

from quotes.lexicon import load_lexicon
from quotes.reader import NETWORK_FILE, RoleReader, shipped_folder
from quotes.reader.inference import LAYERS
from quotes.reader.training.articles import Article, LayerSpan
from quotes.reader.training.examples import IGNORE, layer_targets, pieces_of
from quotes.reader.training.links import disjoint
from quotes.reader.training.locating import Words, nearest
from quotes.reader.training.pages import annotated, read_pages

LEXICON = load_lexicon("en")
HTML = """<html><head><title>Pier to close - Harbour Post</title></head><body><article><h1>Pier to close</h1>
<p>Ana Lee, the harbour master of Port Ash, told Radio Ash on Monday that the east pier would close in May.</p>
<p>“The piles are rotten,” she said in an interview. “We have looked at every one of them.”</p>
<p>“Nobody should walk on it after dark, and nobody should fish from it either.”</p>
<p>The town's fishermen claimed that Lee had told them the pier was safe, and the town council met all night.</p>
<p>Owen Roe, who has sold bait on the pier for thirty years, hopes that it will be mended before the summer comes.</p>
</article></body></html>"""


def quote(said: list[str], **more: Any) -> dict[str, Any]:
    """Make a statement as the gold files have it."""
    row = {"type": "indirect", "said": said, "cue": None, "mention": None, "speaker": "Ana Lee", "kind": "person",
           "role": "harbour master of Port Ash", "channels": []}  # fmt: skip
    return row | more


RADIO = {"relation": "to", "name": "Radio Ash", "kind": "outlet"}
INTERVIEW = {"relation": "in", "name": "interview", "kind": "occasion"}
QUOTES = [
    quote(["the east pier would close in May"], cue="told", mention="Ana Lee", channels=[RADIO]),
    quote(
        ["The piles are rotten,", "We have looked at every one of them."],
        type="direct", cue="said", mention="she", channels=[RADIO, INTERVIEW],
    ),
    quote(["Nobody should walk on it after dark, and nobody should fish from it either."], type="direct"),
    quote(
        ["Lee had told them the pier was safe"], cue="claimed", mention="The town's fishermen",
        speaker="The town's fishermen", kind="group", role=None,
    ),
    quote(["the pier was safe"], cue="told", mention="Lee"),
]  # fmt: skip


@pytest.fixture(name="page", scope="module")
def fixture_page(tmp_path_factory: pytest.TempPathFactory) -> Article:
    """Give the page as it is read from a folder of pages."""
    folder = tmp_path_factory.mktemp("pages")
    for part in ("html", "gold"):
        (folder / part).mkdir()
    (folder / "html" / "pier.html").write_text(HTML, encoding="utf-8")
    gold = {"page": "pier", "outlet": "Harbour Post", "title": "Pier to close", "quotes": QUOTES}
    (folder / "gold" / "pier.json").write_text(json.dumps(gold), encoding="utf-8")
    [page] = read_pages(folder / "html", folder / "gold", lexicon=LEXICON)
    return page


def printed(page: Article, layer: str) -> list[tuple[str, str]]:
    """List a layer's spans as printed, with their kinds."""
    return [(s.kind, page.text[slice(*s.bounds)]) for s in page.spans if s.layer == layer]


def test_statements_become_labels(page: Article) -> None:
    """Fragments keep their marks; a quoted paragraph goes with the statement before; the outer of two is labelled."""
    def words(bounds: tuple[int, int] | None) -> str | None:
        return page.text[slice(*bounds)] if bounds else None

    found = [([words(c) for c in label.contents], words(label.cue), words(label.source)) for label in page.labels]
    assert [
        (["the east pier would close in May"], "told", "Ana Lee"),
        (
            [
                "“The piles are rotten,”",
                "“We have looked at every one of them.”",
                "“Nobody should walk on it after dark, and nobody should fish from it either.”",
            ],
            "said",
            "she",
        ),
        (["Lee had told them the pier was safe"], "claimed", "The town's fishermen"),
    ] == found
    assert all(label.speech for label in page.labels)


def test_a_statement_within_another_has_its_own_layer(page: Article) -> None:
    """Its speaker, cue and words are tagged apart from the statement that holds it."""
    assert [("source", "Lee"), ("cue", "told"), ("content", "the pier was safe")] == printed(page, "inner")


def test_channels_descriptions_and_names_are_found(page: Article) -> None:
    """A channel that carries over has one place; a description is beside its name; surnames are names, too."""
    assert [("outlet", "Radio Ash"), ("occasion", "interview")] == printed(page, "channels")
    assert [("description", "harbour master of Port Ash")] == printed(page, "descriptions")
    assert [("person", "Ana Lee"), ("press", "Radio Ash"), ("person", "Lee")] == printed(page, "names")
    assert {"channels", "descriptions", "inner"} == page.layers


def test_a_statement_is_looked_for_beside_its_cue() -> None:
    """Of words that occur several times, those with cue and speaker beside them are taken."""
    text = "It will rain.\n\nNobody knew.\n\n“It will rain,” said Ana Lee.\n"
    page = annotated("rain", text, [quote(["It will rain"], cue="said", mention="Ana Lee", role=None)])
    assert ["“It will rain,”"] == [text[a:b] for label in page.labels for a, b in label.contents]


def test_words_are_found_whatever_their_marks() -> None:
    """Case, marks and line ends between words count nothing; a sign is found as it is."""
    words = Words("He didn’t\nsay “so”: never.")
    assert [(3, 17)] == words.find("didn't say so")
    assert [(18, 19)] == words.find(":")
    assert [] == words.find("never so")
    assert (3, 9) == nearest([(3, 9), (40, 45)], [(10, 12)], within=20)
    assert nearest([(40, 45)], [(10, 12)], within=20) is None


def test_of_spans_that_overlap_one_is_kept() -> None:
    """The shorter of two channels and the longer of two names: the BBC in “statement to the BBC”, all of Ana Lee."""
    long, short = (0, 20), (12, 20)
    spans = [LayerSpan(layer, "x", b) for layer in ("channels", "names") for b in (long, short)]
    assert [("names", long), ("channels", short)] == [(s.layer, s.bounds) for s in disjoint(spans)]


@pytest.mark.skipif(
    not (shipped_folder() / NETWORK_FILE).is_file(), reason="this checkout has no weights"
)
def test_layers_become_targets(page: Article) -> None:
    """A span's pieces have its kind; a layer that is not annotated is ignored."""
    pieces = pieces_of(page.text, encode=RoleReader.load().encode, lexicon=LEXICON)
    found = layer_targets(pieces, page)
    at = page.text.index("Radio Ash")
    outlet = 1 + 2 * LAYERS["channels"].index("outlet")
    tags = [int(t) for t, a in zip(found["channels"], pieces.starts, strict=True) if at <= a < at + len("Radio Ash")]
    assert outlet == tags[0]
    assert {outlet + 1} == set(tags[1:])
    assert set(LAYERS) == set(found)
    assert (found["names"] == IGNORE).all()
