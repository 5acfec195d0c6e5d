"""The reader's further answers: spans of whole words from tags' probabilities; none from weights without the layers."""

from __future__ import annotations

from typing import Any

import numpy as np

from quotes.reader.inference import LAYERS, Answer, Answers, Helpers, Scores, answers, ask, read
from quotes.reader.word_pieces import LINE_PIECE, Pieces

TEXT = "Ana Lee of Radio Ashbury\nspoke"
# Ashbury is two pieces, and the line end is one.
PLACES = [(0, 3), (4, 7), (8, 10), (11, 16), (17, 20), (20, 24), (24, 25), (25, 30)]


def pieces() -> Pieces:
    ids = np.array([7, 7, 7, 7, 7, 7, LINE_PIECE, 7])
    starts, ends = (np.array(x) for x in zip(*PLACES, strict=True))
    return Pieces(ids, np.zeros(len(ids), dtype=np.int64), starts, ends)


def tags(layer: str, kinds: list[tuple[str, float] | None]) -> Any:
    """Give each piece a kind with its probability, as a B- tag; the rest is outside."""
    out = np.zeros((len(kinds), 1 + 2 * len(LAYERS[layer])), dtype=np.float32)
    for row, kind in zip(out, kinds, strict=True):
        name, p = kind or ("", 0.0)
        if name:
            begins = name.startswith("B-")
            row[1 + 2 * LAYERS[layer].index(name.removeprefix("B-")) + (not begins)] = p
        row[0] = 1 - p
    return out


def found(layer: str, kinds: list[tuple[str, float] | None]) -> list[tuple[str, str, float]]:
    scores = Scores(np.zeros((len(kinds), 9), dtype=np.float32), [], np.zeros(len(kinds)), {layer: tags(layer, kinds)})
    got: tuple[Answer, ...] = getattr(answers(TEXT, pieces(), scores), layer)
    return [(a.kind, TEXT[a.start : a.end], round(a.p, 2)) for a in got]


def test_spans_have_kind_place_and_probability() -> None:
    """A span begins with its own first tag, and its probability is that of its surest piece."""
    kinds = [("B-person", 0.9), ("person", 0.6), None, ("B-press", 0.5), ("press", 0.8), ("press", 0.8), None, None]
    assert [("person", "Ana Lee", 0.9), ("press", "Radio Ashbury", 0.8)] == found("names", kinds)


def test_a_span_has_whole_words() -> None:
    """A word belongs to a span with all its pieces, and what is nearly sure beside it, too."""
    kinds = [None, None, None, ("B-outlet", 0.25), ("outlet", 0.7), None, None, None]
    assert [("outlet", "Radio Ashbury", 0.7)] == found("channels", kinds)
    assert [] == found("channels", [("B-outlet", 0.25), *[None] * 7])


def test_no_span_runs_over_a_line() -> None:
    """A line's end parts two spans."""
    kinds = [None, None, None, None, ("B-source", 0.9), ("source", 0.9), ("source", 0.9), ("source", 0.9)]
    assert [("source", "Ashbury", 0.9), ("source", "spoke", 0.9)] == found("inner", kinds)


def test_a_new_beginning_parts_two_spans() -> None:
    """Two names side by side stay two."""
    kinds = [("B-person", 0.9), ("B-person", 0.9), *[None] * 6]
    assert ["Ana", "Lee"] == [text for _, text, _ in found("names", kinds)]


def test_weights_without_layers_give_none() -> None:
    """A network of tags and links alone is read as before."""

    def network(ids: Any, types: Any, mask: Any) -> Any:
        count = ids.shape[1]
        return tuple(np.zeros((1, count, n), dtype=np.float32) for n in (9, count, count))

    scores = read(ask(pieces(), network=network, helpers=Helpers()))
    assert Answers() == answers(TEXT, pieces(), scores)
