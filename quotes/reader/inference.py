"""Run the network over windows of word pieces, and cut its tags into spans: source, cue, content.

A window is the network's input. Windows overlap, and each piece is judged in the one where it is furthest from an edge.
One layer of tags suffices: in the 840 training articles a source and a cue share one character in all, and neither ever
shares one with a content.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Literal

import numpy as np
from attrs import Factory, define, field, frozen

from quotes.reader.word_pieces import LINE_PIECE, PARAGRAPH_PIECE, Floats, Ints, Pieces

Role = Literal["source", "speech", "attitude", "content"]
# Returns the tags of a batch's pieces, the scores of each piece as another's source and cue, and the tags of each
# further layer, if the weights have them.
Batch = tuple[Ints, Ints, Ints]
Outputs = tuple[Floats, ...]
Network = Callable[[Ints, Ints, Ints], Outputs]

TAGS = ("O", "B-source", "I-source", "B-speech", "I-speech", "B-attitude", "I-attitude", "B-content", "I-content")
# Further layers of tags, each in BIO: the kinds of what their spans are.
LAYERS: dict[str, tuple[str, ...]] = {
    "channels": ("outlet", "programme", "platform", "journalist", "occasion", "document", "audience"),
    "descriptions": ("description",),
    "names": ("person", "organization", "press", "place"),
    "inner": ("source", "cue", "content"),
}
# A span of a further layer has a piece with at least the first probability, and pieces around it with at least the
# second; the network is trained to find too many rather than too few, and users weigh the probability.
_ANSWERED, _EXTENDS = 0.3, 0.2
_ROLES: dict[int, Role] = {1: "source", 3: "speech", 5: "attitude", 7: "content"}
# The most pieces of a window, besides [CLS] and [SEP], and the overlap with the next. Training overlapped by 64; on dev
# 32 cost no accuracy (quoted joint F1 .877 against .874, speech .811 against .804) and a seventh less time.
WINDOW, OVERLAP = 254, 32
# The fewest pieces of the last of several windows: it reaches back for context, but not to full size, which would take
# 8 % more of the reader's time. 112, 128, 160 and full size are equally accurate, within .007 on dev.
LEAST = 112
_CLS, _SEP = 101, 102
# The least probability of a piece outside every role that separates the tags before it from those after it.
_SURELY_OUTSIDE = float(np.log(0.99))


@frozen
class RoleSpan:
    """A run of pieces in one role, with its place in the text and how sure its tags are (mean probability)."""

    role: Role
    first: int
    last: int
    start: int
    end: int
    p: float


@frozen
class Answer:
    """A span of a further layer: its kind, place and probability."""

    kind: str
    start: int
    end: int
    p: float


@frozen
class Answers:
    """The reader's further layers for an article: each layer's spans, in order; none with older weights."""

    channels: tuple[Answer, ...] = ()
    """Words for channels: outlet, programme, platform, journalist, occasion, document, audience."""
    descriptions: tuple[Answer, ...] = ()
    """Descriptions of speakers: offices, relations, appositions."""
    names: tuple[Answer, ...] = ()
    """Names: person, organization, press, place."""
    inner: tuple[Answer, ...] = ()
    """The parts of nested statements: source, cue, content."""

    def joined(self, other: Answers) -> Answers:
        """Add the answers for the next section."""
        return Answers(
            self.channels + other.channels,
            self.descriptions + other.descriptions,
            self.names + other.names,
            self.inner + other.inner,
        )


@frozen(eq=False)
class Window:
    """The network's output for pieces `low` to `high`: log-odds [piece, 1 + piece]; column 0 is "none"."""

    low: int
    high: int
    sources: Floats
    cues: Floats


@frozen(eq=False)
class Scores:
    """The network's output for a text: tag log-probabilities [piece, tag], the windows, and each piece's window."""

    tags: Floats
    windows: Sequence[Window]
    own: Ints
    layers: Mapping[str, Floats] = Factory(dict)
    """Probabilities of the tags of each further layer, [piece, tag]."""


def windows(count: int, *, size: int = WINDOW, overlap: int = OVERLAP) -> Iterator[tuple[int, int]]:
    """Yield the windows that cover `count` pieces, the last one drawn back to at least `LEAST` of them.

    Windows of equal, shorter length would overlap less, but are less accurate: .852 quoted joint F1 on dev against
    .877.
    """
    low = 0
    while count:
        high = min(count, low + size)
        yield max(0, min(low, high - LEAST)), high
        if high >= count:
            return
        low = high - overlap


@define(eq=False)
class Helpers:
    """Threads that run the network in the background; `count` may be 0."""

    count: int = 0
    _pool: ThreadPoolExecutor | None = field(default=None, init=False)
    _owner: int = field(default=0, init=False)

    def submit(self, network: Network, batch: Batch) -> Future[Outputs]:
        """Queue a batch for a helper thread; without helpers it stays pending until cancelled."""
        if not self.count:
            return Future()
        if self._pool is None or self._owner != os.getpid():  # a forked process has none of its parent's threads
            self._pool, self._owner = ThreadPoolExecutor(self.count, thread_name_prefix="quotes-roles"), os.getpid()
        return self._pool.submit(network, *batch)


@frozen(eq=False)
class Asked:
    """Pieces whose windows are queued for the network."""

    pieces: Pieces
    network: Network
    windows: Sequence[tuple[int, int]]
    batches: Sequence[Batch]
    """One per window."""
    answers: Sequence[Future[Outputs]]

    def answered(self) -> Iterator[Outputs]:
        """Yield the output for each window; the caller's thread runs those that no helper has begun."""
        taken: dict[int, Outputs] = {}
        for number in reversed(range(len(self.windows))):
            if not self.answers[number].cancel():
                break  # helpers take them in order, so they have begun all before this one, too
            taken[number] = self.network(*self.batches[number])
        for number, answer in enumerate(self.answers):
            yield taken[number] if number in taken else answer.result()


def ask(pieces: Pieces, *, network: Network, helpers: Helpers, overlap: int = OVERLAP) -> Asked:
    """Queue all windows for the network, one at a time.

    One at a time, because an 8-bit network scales its numbers by its whole input: so a window's output does not depend
    on the others, and no padding is needed. On one core a batch would be no faster.

    Args:
        pieces: the pieces of a text.
        network: runs a batch.
        helpers: threads that begin at once; the reader of the answers runs the rest.
        overlap: how many pieces a window shares with the next.
    """
    cuts = list(windows(len(pieces), overlap=overlap))
    batches = [_batch(pieces, low, high) for low, high in cuts]
    return Asked(pieces, network, cuts, batches, [helpers.submit(network, batch) for batch in batches])


def read(asked: Asked) -> Scores:
    """Collect the network's output for all pieces."""
    pieces = asked.pieces
    count = len(pieces)
    tags = np.zeros((count, len(TAGS)), dtype=np.float32)
    margins = np.full(count, -1)
    own = np.zeros(count, dtype=np.int64)
    found: list[Window] = []
    layers: dict[str, Floats] = {}
    for (low, high), (got_tags, sources, cues, *further) in zip(asked.windows, asked.answered(), strict=True):
        size = high - low
        here = np.arange(size)
        left = here if low else here + WINDOW
        right = here[::-1] if high < count else here[::-1] + WINDOW
        margin = np.minimum(left, right)
        better = margin > margins[low:high]
        margins[low:high][better] = margin[better]
        own[low:high][better] = len(found)
        tags[low:high][better] = log_softmax(got_tags[0, 1 : size + 1])[better]
        inner = slice(1, size + 1)
        for layer, got in zip(LAYERS, further, strict=False):
            whole = layers.setdefault(layer, np.zeros((count, got.shape[-1]), dtype=np.float32))
            whole[low:high][better] = np.exp(log_softmax(got[0, inner][better]))
        found.append(Window(low, high, sources[0, inner, : size + 1], cues[0, inner, : size + 1]))
    return Scores(tags, found, own, layers)


def _batch(pieces: Pieces, low: int, high: int) -> Batch:
    """Return a batch of one window."""
    ids, types, mask = fill(pieces, low, high)
    return ids[None], types[None], mask[None]


def fill(pieces: Pieces, low: int, high: int) -> tuple[Ints, Ints, Ints]:
    """Return pieces `low` to `high` between [CLS] and [SEP]: ids, feature types, mask."""
    size = high - low + 2
    ids, types, mask = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64), np.ones(size, dtype=np.int64)
    ids[0], ids[-1] = _CLS, _SEP
    ids[1:-1], types[1:-1] = pieces.ids[low:high], pieces.types[low:high]
    return ids, types, mask


def log_softmax(x: Floats) -> Floats:
    """Return log-probabilities from log-odds, along the last axis."""
    x = x - x.max(-1, keepdims=True)
    out: Floats = x - np.log(np.exp(x).sum(-1, keepdims=True))
    return out


def _allowed() -> Floats:
    """Return which tag may follow which (0, else very low): I- only after B- or I- of its own role."""
    table = np.zeros((len(TAGS), len(TAGS)), dtype=np.float32)
    for after, tag in enumerate(TAGS):
        if tag.startswith("I-"):
            table[:, after] = [0.0 if before[2:] == tag[2:] else -1e9 for before in TAGS]
    return table


_STEP = _allowed()


def best_path(tags: Floats) -> Ints:
    """Return the likeliest well-formed sequence of tags.

    If the likeliest tags are well formed, they are the answer; otherwise only the stretches between pieces that are
    surely outside every role are searched.
    """
    path: Ints = tags.argmax(1)
    if not len(path):
        return path
    before = np.concatenate([[0], path[:-1]])
    faults = np.flatnonzero(_STEP[before, path] < 0)
    sure = np.flatnonzero(tags[:, 0] > _SURELY_OUTSIDE)
    done = 0
    for fault in faults:
        if fault < done:
            continue
        at = int(np.searchsorted(sure, fault))
        low = int(sure[at - 1]) + 1 if at else 0
        done = int(sure[at]) if at < len(sure) else len(path)
        path[low:done] = _viterbi(tags[low:done])
    return path


def _viterbi(tags: Floats) -> Ints:
    count = len(tags)
    best = tags[0] + _STEP[0]
    back = np.zeros((count, len(TAGS)), dtype=np.int64)
    for i in range(1, count):
        step = best[:, None] + _STEP
        back[i] = step.argmax(0)
        best = step.max(0) + tags[i]
    path = np.zeros(count, dtype=np.int64)
    path[-1] = best.argmax()
    for i in range(count - 1, 0, -1):
        path[i - 1] = back[i, path[i]]
    return path


def spans(pieces: Pieces, scores: Scores) -> list[RoleSpan]:
    """Cut the best path into spans, in order; no span crosses the end of a paragraph."""
    path = best_path(scores.tags)
    sure = np.exp(scores.tags[np.arange(len(path)), path])
    out: list[RoleSpan] = []
    for first in np.flatnonzero(path % 2 == 1).tolist():
        tag, last = int(path[first]), first + 1
        while last < len(path) and path[last] == tag + 1:
            last += 1
        role = _ROLES[tag]
        p = float(sure[first:last].mean())
        breaks = (PARAGRAPH_PIECE,) if role == "content" else (PARAGRAPH_PIECE, LINE_PIECE)
        for low, high in _parts(pieces, first, last, breaks):
            out.append(RoleSpan(role, low, high, int(pieces.starts[low]), int(pieces.ends[high - 1]), p))
    return out


def _parts(pieces: Pieces, first: int, last: int, breaks: tuple[int, ...]) -> Iterator[tuple[int, int]]:
    """Split a run of pieces at the ends of lines and paragraphs."""
    low = first
    for k in range(first, last + 1):
        if k == last or pieces.ids[k] in breaks:
            if low < k:
                yield low, k
            low = k + 1


def answers(text: str, pieces: Pieces, scores: Scores) -> Answers:
    """Cut each further layer into spans of whole words, in order; no span crosses the end of a line."""
    found = {layer: tuple(_answered(text, pieces, p, LAYERS[layer])) for layer, p in scores.layers.items()}
    return Answers(**found)


def _answered(text: str, pieces: Pieces, p: Floats, kinds: Sequence[str]) -> Iterator[Answer]:
    inside, begins = 1.0 - p[:, 0], p[:, 1::2].sum(1)
    breaks = (pieces.ids == LINE_PIECE) | (pieces.ids == PARAGRAPH_PIECE)
    done = 0
    for seed in np.flatnonzero((inside >= _ANSWERED) & ~breaks).tolist():
        if seed < done:
            continue
        low, high = seed, seed + 1
        while low > done and not breaks[low - 1]:
            if not _one_word(text, pieces, low) and (inside[low - 1] < _EXTENDS or begins[low] >= inside[low] / 2):
                break
            low -= 1
        while high < len(pieces) and not breaks[high]:
            if not _one_word(text, pieces, high) and (inside[high] < _EXTENDS or begins[high] >= inside[high] / 2):
                break
            high += 1
        done = high
        by_kind = (p[low:high, 1::2] + p[low:high, 2::2]).sum(0)
        start, end = int(pieces.starts[low]), int(pieces.ends[high - 1])
        yield Answer(kinds[int(by_kind.argmax())], start, end, float(inside[low:high].max()))


def _one_word(text: str, pieces: Pieces, number: int) -> bool:
    """Return whether a piece continues the word of the piece before it."""
    at = int(pieces.starts[number])
    return at == pieces.ends[number - 1] and text[at - 1].isalnum() and text[at].isalnum()
