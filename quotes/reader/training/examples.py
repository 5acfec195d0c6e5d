"""Make training examples from annotated articles: windows of word pieces with gold tags and links."""

from __future__ import annotations

import random

import numpy as np
from attrs import Factory, frozen

from quotes.lexicon import Lexicon
from quotes.reader.inference import LAYERS, WINDOW, fill
from quotes.reader.training.articles import Article, Bounds
from quotes.reader.word_pieces import LINE_PIECE, PARAGRAPH_PIECE, Encode, Ints, Pieces, cut
from quotes.records import Span
from quotes.text import quotation_marks

IGNORE = -100  # a target that is ignored
_NOWHERE, _DOES_NOT_ASK = -1, -2
# The least length of an article's first window, which is random so that no word is always at a window's edge.
_SHORTEST = 96
_SOURCE, _SPEECH, _ATTITUDE, _CONTENT = 1, 3, 5, 7


@frozen(eq=False)
class Example:
    """One window with its targets; links count from the window's [CLS], which means none."""

    ids: Ints
    types: Ints
    tags: Ints
    source: Ints
    cue: Ints
    layers: dict[str, Ints] = Factory(dict)
    """Targets of the further layers; those not annotated here are ignored."""
    taught: bool = False


def pieces_of(text: str, *, encode: Encode, lexicon: Lexicon) -> Pieces:
    """Cut a text of one article into pieces, as the reader does."""
    paragraphs = list(quotation_marks.paragraphs(text))
    marked = quotation_marks.find(text, lexicon=lexicon)
    return cut(text, encode=encode, body=Span(0, len(text)), paragraphs=paragraphs, marked=marked)


def targets(pieces: Pieces, article: Article) -> tuple[Ints, Ints, Ints]:
    """Return each piece's tag and, where needed, the first piece of its source and its cue."""
    count = len(pieces)
    tags = np.zeros(count, dtype=np.int64)
    source, cue = np.full(count, _DOES_NOT_ASK), np.full(count, _DOES_NOT_ASK)

    def tag(bounds: Bounds | None, kind: int) -> tuple[int, int]:
        low, high = _NOWHERE, _NOWHERE
        if bounds is not None:
            low, high = _pieces_in(pieces, bounds)
        if low >= 0:
            tags[low], tags[low + 1 : high] = kind, kind + 1
        return low, high

    for label in article.labels:
        who, _ = tag(label.source, _SOURCE)
        low, high = tag(label.cue, _SPEECH if label.speech else _ATTITUDE)
        if low >= 0:
            source[low:high] = who
        for bounds in label.contents:
            first, last = tag(bounds, _CONTENT)
            if first >= 0:
                cue[first:last] = low
    return tags, source, cue


def _pieces_in(pieces: Pieces, bounds: Bounds) -> tuple[int, int]:
    """Return the pieces of a span, without a line end before them; `_NOWHERE` if there are none."""
    low = int(np.searchsorted(pieces.ends, bounds[0], side="right"))
    high = int(np.searchsorted(pieces.starts, bounds[1], side="left"))
    while low < high and pieces.ids[low] in (LINE_PIECE, PARAGRAPH_PIECE):
        low += 1
    return (low, high) if low < high else (_NOWHERE, _NOWHERE)


def layer_targets(pieces: Pieces, article: Article) -> dict[str, Ints]:
    """Return each piece's tag in each further layer; `IGNORE` if it is not annotated."""
    out: dict[str, Ints] = {}
    for layer, kinds in LAYERS.items():
        tags = np.full(len(pieces), 0 if layer in article.layers else IGNORE, dtype=np.int64)
        for span in article.spans:
            low, high = _pieces_in(pieces, span.bounds)
            if span.layer != layer or layer not in article.layers or low < 0:
                continue
            if span.kind:
                first = 1 + 2 * kinds.index(span.kind)
                tags[low], tags[low + 1 : high] = first, first + 1
            else:
                tags[low:high] = IGNORE
        out[layer] = tags
    return out


def examples(article: Article, *, encode: Encode, lexicon: Lexicon, rng: random.Random) -> list[Example]:
    """Cut an article into windows, the first of random length."""
    pieces = pieces_of(article.text, encode=encode, lexicon=lexicon)
    tags, source, cue = targets(pieces, article)
    layers = layer_targets(pieces, article)
    count, low = len(pieces), 0
    high = min(count, rng.randint(_SHORTEST, WINDOW))
    out: list[Example] = []
    while low < count:
        ids, types, _ = fill(pieces, low, high)
        # A source outside the window is ignored; a cue outside counts as none.
        asked = _within(source, low, high, IGNORE), _within(cue, low, high, 0)
        further = {layer: _framed(x[low:high]) for layer, x in layers.items()}
        out.append(Example(ids, types, _framed(tags[low:high]), *asked, further, article.taught))
        low, high = high, min(count, high + WINDOW)
    return out


def _within(target: Ints, low: int, high: int, missing: int) -> Ints:
    part = target[low:high]
    inside = (part >= low) & (part < high)
    outside = np.where(part == _NOWHERE, 0, np.where(part == _DOES_NOT_ASK, IGNORE, missing))
    return _framed(np.where(inside, part - low + 1, outside))


def _framed(target: Ints) -> Ints:
    return np.concatenate([[IGNORE], target, [IGNORE]])


def batches(data: list[Example], *, rng: random.Random, size: int) -> list[list[Example]]:
    """Batch windows of similar length, in random order."""
    shuffled = rng.sample(data, len(data))
    shuffled.sort(key=lambda e: len(e.ids) // 16)
    found = [shuffled[i : i + size] for i in range(0, len(shuffled), size)]
    rng.shuffle(found)
    return found


def padded(batch: list[Example]) -> dict[str, Ints]:
    """Stack a batch's windows, with a mask of the unpadded places."""
    width = max(len(e.ids) for e in batch)

    def rows(every: list[Ints], fill_with: int) -> Ints:
        return np.stack([np.pad(x, (0, width - len(x)), constant_values=fill_with) for x in every]).astype(np.int64)

    out = {name: rows([getattr(e, name) for e in batch], 0) for name in ("ids", "types")}
    out |= {name: rows([getattr(e, name) for e in batch], IGNORE) for name in ("tags", "source", "cue")}
    for layer in LAYERS:
        nothing = [np.full(len(e.ids), IGNORE) for e in batch]
        out[layer] = rows([e.layers.get(layer, x) for e, x in zip(batch, nothing, strict=True)], IGNORE)
    return {**out, "mask": (out["ids"] != 0).astype(np.int64)}
