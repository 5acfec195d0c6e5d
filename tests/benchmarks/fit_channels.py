"""Fit the models that decide channels, and write them to `patterns/en/channel_models.toml`.

    python -m tests.benchmarks.fit_channels [-o FILE] [--check] [--measure] [--readers EVEN ODD]

Four logistic regressions over named features: does a proposal name a channel, by its words, and by the reader's tags,
too; does a statement have the channel that its own sentence names; does it have one that its own sentence does not
name. They are trained on the annotated pages and links of `../shared/corpora`, with the pipeline's statements and
speakers. `--measure` prints the scores when each page is read by models trained without it (five parts by sorted name,
as the corpus asks). It takes some minutes and needs scikit-learn.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import frozen

from quotes.extraction.channels import find
from quotes.extraction.channels.carried import Carried
from quotes.extraction.channels.decide import CARRIED, MENTION, OWN, TAGGED, Chance, chances, odds, rated, told
from quotes.extraction.channels.pairs import Channels, Pair
from quotes.lexicon.tables import Model
from quotes.reader import RoleReader

from . import corpus
from .channel_corpus import LINKS, PAGES, PARTS, Labelled, articles, links

FILE = corpus.ROOT / "patterns" / "en" / "channel_models.toml"
# Inverse strength of the penalty on large weights, chosen by the parts held out.
PENALTY = {MENTION: 0.3, TAGGED: 1.0, OWN: 0.1, CARRIED: 0.01}
# The same of the model that chooses the words by which mentions are known.
CHOICE = 0.4
NOTES = {
    MENTION: "Whether words name a channel of some statement.",
    TAGGED: "The same, where the reader of roles has tagged channels.",
    OWN: "Whether a statement has the channel that its own sentence names.",
    CARRIED: "Whether a statement has a channel that its own sentence does not name.",
}
# The order in which that model sees the examples: fitting twice gives the same words.
SEED = 0
# A feature that is seen in fewer examples is left out, and so is a weight that says nothing.
SELDOM, SMALLEST = 4, 0.03
# The probability below which a channel is dropped, by its kind and relation and the place of its mention. Chosen on
# held-out parts; fitting it again on each part gained nothing.
LEAST = {
    "channel_least_granted": 0.4, "channel_least_granted_via": 0.25, "channel_least_own_press": 0.4,
    "channel_least_press": 0.5, "channel_least_own": 0.4, "channel_least_via": 0.3, "channel_least": 0.35,
}  # fmt: skip
HEADER = (
    "# Models that decide channels, fitted on annotated pages and links by `tests/benchmarks/fit_channels.py`; "
    "do not edit by hand."
)


# -- fitting ----------------------------------------------------------------------------------------------------------


@frozen
class Case:
    """One example for a model: features, whether it is right, and its weight."""

    features: Mapping[str, float]
    right: bool
    weight: float = 1.0


def fitted(name: str, cases: Sequence[Case]) -> Model:
    """Fit one model."""
    import numpy as np
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    seen = Counter(feature for c in cases for feature in c.features)
    vectors = DictVectorizer(dtype=np.float32)
    matrix = vectors.fit_transform([{f: v for f, v in c.features.items() if seen[f] >= SELDOM} for c in cases])
    matrix.indices, matrix.indptr = matrix.indices.astype(np.int32), matrix.indptr.astype(np.int32)
    spread = np.ones(matrix.shape[1])
    if name != MENTION:  # words weigh by how often they are seen, numbers by how far they spread
        spread = np.sqrt(np.maximum(0.0, matrix.multiply(matrix).mean(0) - np.square(matrix.mean(0)))).A1 + 1e-3
        matrix = matrix.multiply(1 / spread).tocsr()
    weight = np.array([c.weight for c in cases])
    outcome, amount = [c.right for c in cases], weight * len(weight) / weight.sum()
    model = LogisticRegression(C=PENALTY[name], max_iter=1000)
    if name == MENTION:  # of thousands of words the telling ones
        chooser = LogisticRegression(C=CHOICE, l1_ratio=1, solver="liblinear", max_iter=1000, random_state=SEED)
        matrix = matrix.multiply(chooser.fit(matrix, outcome).coef_[0] != 0).tocsr()
    model.fit(matrix, outcome, sample_weight=amount)
    weights = dict(zip(vectors.get_feature_names_out(), map(float, model.coef_[0] / spread), strict=True))
    rounded = {n: round(w, 3) for n, w in weights.items() if abs(w) >= SMALLEST}
    return Model(name, NOTES[name], round(float(model.intercept_[0]), 3), rounded)


Judge = Callable[[int, Labelled], Iterable[Case]]


def fit(found: Sequence[Labelled]) -> dict[str, Model]:
    """Fit the four models, each on what those before say of articles that they have not learned from."""
    models: dict[str, Model] = {}
    words, models[MENTION] = _crossed(found, MENTION, _mention_cases, _rate_mentions)
    tags = {n: a.proposed.tagged(words[n]) for n, a in enumerate(found)}
    values, models[TAGGED] = _crossed(found, TAGGED, _tag_cases(tags), _rate_tags(words, tags))
    channels = {n: Channels(a.proposed.scene, a.proposed.proposals, values[n]) for n, a in enumerate(found)}
    own = {n: list(c.own_pairs()) for n, c in channels.items()}
    rated_own, models[OWN] = _crossed(found, OWN, _judged(channels, own), _rate(own))
    carried = {n: list(Carried(c, told(rated_own[n])).pairs()) for n, c in channels.items()}
    _, models[CARRIED] = _crossed(found, CARRIED, _judged(channels, carried), _rate(carried))
    return models


def _mention_cases(number: int, article: Labelled) -> Iterator[Case]:
    weight = max(1, len(article.right)) ** -0.5  # one long live blog must not outweigh all else
    yield from (Case(f, right, weight) for f, right in zip(article.proposed.features, article.right, strict=True))


def _rate_mentions(number: int, article: Labelled, model: Model) -> list[float]:
    return [odds(f, model) for f in article.proposed.features]


def _tag_cases(tags: Mapping[int, Sequence[Mapping[str, float]]]) -> Judge:
    def cases(number: int, article: Labelled) -> Iterator[Case]:
        if article.proposed.tags and article.group != "train":  # of which the reader has learned all channels
            yield from (Case(f, right) for f, right in zip(tags[number], article.right, strict=True))

    return cases


def _rate_tags(
    words: Mapping[int, list[float]], tags: Mapping[int, Sequence[Mapping[str, float]]]
) -> Callable[[int, Labelled, Model], list[float]]:
    def rate(number: int, article: Labelled, model: Model) -> list[float]:
        return [odds(f, model) for f in tags[number]] if article.proposed.tags else words[number]

    return rate


def _judged(channels: Mapping[int, Channels], pairs: Mapping[int, Sequence[Pair]]) -> Judge:
    def cases(number: int, article: Labelled) -> Iterator[Case]:
        judged = [(p, article.has(channels[number], p)) for p in pairs[number]]
        spoken = {p.statement for p, right in judged if right is not None}
        weight = 1 / max(1, len(spoken))  # one long interview must not outweigh all else
        yield from (Case(p.features, right, weight) for p, right in judged if right is not None)

    return cases


def _rate(pairs: Mapping[int, Sequence[Pair]]) -> Callable[[int, Labelled, Model], list[Chance]]:
    return lambda number, article, model: [rated(p, model) for p in pairs[number]]


def _crossed(
    found: Sequence[Labelled], name: str, cases: Judge, rate: Callable[[int, Labelled, Model], Any],
) -> tuple[dict[int, Any], Model]:  # fmt: skip
    """Return what models say of articles that they have not learned from, and the model learned from all."""
    every = {n: list(cases(n, a)) for n, a in enumerate(found)}
    told_of: dict[int, Any] = {}
    for part in sorted({a.part for a in found}):
        model = fitted(name, [c for n, a in enumerate(found) if a.part != part for c in every[n]])
        told_of |= {n: rate(n, a, model) for n, a in enumerate(found) if a.part == part}
    return told_of, fitted(name, [c for held in every.values() for c in held])


# -- measuring --------------------------------------------------------------------------------------------------------


def held_out(found: Sequence[Labelled], *, part: int) -> Iterator[tuple[Labelled, list[tuple[find.Traced, ...]]]]:
    """Yield the articles of a part, with the channels that models learned from the others give them."""
    learned = [a for a in found if a.part != part]
    models = fit(learned)
    for article in found:
        if article.part == part:
            channels = Channels(article.proposed.scene, article.proposed.proposals, article.proposed.weighed(models))
            yield article, find.chosen(channels, chances(channels, models), LEAST, posts=article.proposed.posts)


def figures(found: Sequence[Labelled], told_of: Sequence[Sequence[tuple[find.Traced, ...]]]) -> dict[str, float]:
    """Return what channels score, as the scorers of pages and links count them, on the statements that were found."""
    shown: dict[str, float] = {}
    pages = corpus.scorers().pages
    for what, kinds in (("press", pages.PRESS), ("all", None)):
        values: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        for article, channels in zip(found, told_of, strict=True):
            if article.group == "pages":
                for gold, mine in zip(article.gold, channels, strict=True):
                    if gold is not None:
                        ours = [{"name": c.name} for _, c in mine if kinds is None or c.kind in kinds]
                        theirs = [c for c in gold if kinds is None or c["kind"] in kinds]
                        values[article.name][0] += 2 * pages.channel_hits(theirs, ours, False)[0]
                        values[article.name][1] += len(ours) + len(theirs)
        scored = [hit / number for hit, number in values.values() if number]
        shown[f"pages: {what} channels by page"] = sum(scored) / max(1, len(scored))
    for split in LINKS:
        shown |= {f"links of {split}: {name}": value for name, value in _linked(split, found, told_of).items()}
    return shown


def _linked(
    split: str, found: Sequence[Labelled], told_of: Sequence[Sequence[tuple[find.Traced, ...]]]
) -> dict[str, float]:
    """Return the F1 of outlets and of all channels with their relations; what was not found counts as missed."""
    scorer = corpus.scorers().links
    every = [c for article in links(split).values() for a in article.values() for c in a["channels"]]
    counts = {"outlets F1": [0, 0, sum(c["kind"] in scorer.OUTLETS for c in every)], "channels F1": [0, 0, len(every)]}
    for article, channels in zip(found, told_of, strict=True):
        for gold, mine in zip(article.gold, channels, strict=True) if article.group == split else ():
            left = list(gold or ())
            for _, c in mine if gold is not None else ():
                same = (g for g in left if g["relation"] == c.relation and scorer.channel_same(g["name"], c.name))
                right = next(same, None)
                for name in ("channels F1", "outlets F1")[: 1 + (c.kind in scorer.OUTLETS)]:
                    counts[name][0] += right is not None
                    counts[name][1] += 1
                if right is not None:
                    left.remove(right)
    return {name: 2 * hit / max(1, mine + theirs) for name, (hit, mine, theirs) in counts.items()}


# -- the file ---------------------------------------------------------------------------------------------------------


def file_text(models: Mapping[str, Model]) -> str:
    """Return the text of `channel_models.toml`."""
    lines = [HEADER, ""]
    for name, value in LEAST.items():
        lines += ["[[weight]]", f'id = "{name}"', 'note = "fitted"', f"weight = {value}", ""]
    for name, model in models.items():
        lines += ["[[model]]", f'id = "{name}"', f'note = "{model.note}"', f"bias = {model.bias}", "[model.weights]"]
        lines += [f"{json.dumps(feature, ensure_ascii=False)} = {w}" for feature, w in sorted(model.weights.items())]
        lines.append("")
    return "\n".join(lines)


def main() -> None:
    """Fit the models, print what they score on held-out parts, and write or check the file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", "--output", type=Path, default=FILE)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if the file would change")
    parser.add_argument("--measure", action="store_true", help="print what is scored on held-out parts")
    parser.add_argument("--readers", type=Path, nargs=2, help="weights that have not seen the even, the odd pages")
    given = parser.parse_args()
    if not PAGES.exists() or not corpus.BENCH.exists():
        parser.error("no corpora/pages or bench beside the checkout")
    from quotes.extraction.pipeline import load

    found = list(articles(load(), [RoleReader.load(folder) for folder in given.readers or ()]))
    if given.measure:
        read_by_others = [each for part in range(PARTS) for each in held_out(found, part=part)]
        for name, value in figures([a for a, _ in read_by_others], [c for _, c in read_by_others]).items():
            print(f"{name:36s} {value:.3f}")
    text = file_text(fit(found))
    if not given.check:
        given.output.write_text(text, encoding="utf-8")
    elif text != FILE.read_text(encoding="utf-8"):
        sys.exit(f"{FILE.name} would change")


if __name__ == "__main__":
    main()
