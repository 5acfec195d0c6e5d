"""Read annotated articles from brat standoff files, and edit their text with the labels moving along."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from attrs import Factory, evolve, frozen

Bounds = tuple[int, int]
Edit = tuple[int, int, str]  # start, end, replacement
# Returns whether an attribution is speech, from the content's fragments, the cue's parts and the text.
IsSpeech = Callable[[list[Bounds], list[Bounds], str], bool]


@frozen
class Label:
    """An attribution: its fragments, cue and source, and whether it is speech or an attitude."""

    contents: tuple[Bounds, ...]
    cue: Bounds | None
    source: Bounds | None
    speech: bool


@frozen
class LayerSpan:
    """A span of one of the further layers of tags (`tagging.LAYERS`); one without a kind is left out of the loss."""

    layer: str
    kind: str
    bounds: Bounds


@frozen
class Article:
    """A text with its attributions, and the spans of its annotated further layers."""

    name: str
    text: str
    labels: tuple[Label, ...] = Factory(tuple)
    spans: tuple[LayerSpan, ...] = Factory(tuple)
    layers: frozenset[str] = frozenset()
    """The further layers annotated here."""
    times: float = 1.0
    """How often an epoch has it; a fraction is a probability."""
    taught: bool = False
    """Whether to learn a teacher's probabilities, too: only for its own corpus."""


def read_corpus(folder: Path, *, is_speech: IsSpeech, more_annotators: bool = False) -> list[Article]:
    """Read a corpus of `text/*.txt` and `attributions/*_*.ann`, with one annotator per article by default.

    Args:
        folder: the folder of both.
        is_speech: separates speech from attitudes.
        more_annotators: whether to repeat an article for each further annotator.
    """
    found = []
    for path in sorted((folder / "text").glob("*.txt")):
        with open(path, encoding="utf-8", newline="") as file:
            text = file.read()
        annotations = sorted((folder / "attributions").glob(f"{path.stem}_*.ann"))
        for annotation in annotations if more_annotators else annotations[:1]:
            rows = [row for _, row in standoff_rows(annotation.read_text(encoding="utf-8"))]
            labels = tuple(_label(row, text, is_speech) for row in rows if row["Content"])
            found.append(Article(path.stem, text, labels, taught=True))
    return found


def standoff_rows(standoff: str) -> Iterator[tuple[str, dict[str, list[Bounds]]]]:
    """Yield the attributions with their keys: the spans of each role, in order."""
    boxes: dict[str, list[Bounds]] = {}
    for line in standoff.splitlines():
        key, *parts = line.split("\t")
        if parts and key.startswith("T"):
            places = parts[0].partition(" ")[2].split(";")
            boxes[key] = [(int(low), int(high)) for low, high in (place.split() for place in places)]
        elif parts and key.startswith("E"):
            roles: dict[str, list[Bounds]] = defaultdict(list)
            for part in parts[0].split():
                role, _, box = part.partition(":")
                roles[role.rstrip("0123456789")] += boxes.get(box, [])
            yield key, defaultdict(list, {role: sorted(places) for role, places in roles.items()})


def _label(row: dict[str, list[Bounds]], text: str, is_speech: IsSpeech) -> Label:
    cue, source = row["Cue"], row["Source"]
    return Label(
        contents=tuple(row["Content"]),
        cue=(cue[0][0], cue[-1][1]) if cue else None,
        source=source[0] if source else None,
        speech=is_speech(row["Content"], cue, text),
    )


def paragraph_starts(article: Article) -> list[int]:
    """Return where paragraphs start, outside every label."""
    inside = bytearray(len(article.text) + 1)
    for label in article.labels:
        every = [*label.contents, *(s for s in (label.cue, label.source) if s)]
        low, high = min((s for s, _ in every), default=0) + 1, max((e for _, e in every), default=0)
        inside[low:high] = b"\1" * max(0, high - low)
    ends = (m.end() for m in re.finditer(r"\n\s*\n|\n", article.text))
    return [0, *(end for end in ends if end < len(article.text) and not inside[end])]


def edit(article: Article, edits: Iterable[Edit]) -> Article:
    """Replace spans of the text; overlapping edits are skipped, and labels lose replaced words."""
    moved = _Moved(article.text, edits)
    labels = []
    for label in article.labels:
        contents = tuple(c for c in map(moved.bounds, label.contents) if c is not None)
        cue = moved.bounds(label.cue) if label.cue else None
        source = moved.bounds(label.source) if label.source else None
        labels.append(evolve(label, contents=contents, cue=cue, source=source))
    spans = [(span, moved.bounds(span.bounds)) for span in article.spans]
    kept = tuple(evolve(span, bounds=bounds) for span, bounds in spans if bounds is not None)
    return evolve(article, text=moved.text, labels=tuple(labels), spans=kept)


class _Moved:
    """A text after replacements, with a mapping of offsets."""

    def __init__(self, text: str, edits: Iterable[Edit]) -> None:
        out: list[str] = []
        self.lows: list[int] = []
        self.highs: list[int] = []
        self.news: list[Bounds] = []
        at = length = 0
        for low, high, new in sorted(edits):
            if low < at:
                continue
            out += [text[at:low], new]
            length += low - at
            self.lows.append(low)
            self.highs.append(high)
            self.news.append((length, length + len(new)))
            length += len(new)
            at = high
        self.text = "".join([*out, text[at:]])

    def bounds(self, old: Bounds) -> Bounds | None:
        low, high = self._offset(old[0], end=False), self._offset(old[1], end=True)
        return (low, high) if low < high else None

    def _offset(self, old: int, *, end: bool) -> int:
        number = bisect_right(self.lows, old) - 1
        if number < 0:
            return old
        low, high, new = self.lows[number], self.highs[number], self.news[number]
        if old == low and (low < high or end):  # text inserted at a span's end stays outside it
            return new[0]
        if old < high:
            return new[1] if end else new[0]
        return old - high + new[1]
