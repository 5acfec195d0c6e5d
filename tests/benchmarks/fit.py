"""Fit the ranker's weights on the training articles, and write them to `patterns/en/ranker.toml`.

    python -m tests.benchmarks.fit [-o FILE] [--check] [--both [--pages DIR --readers EVEN ODD]]

A logistic regression over the features of every candidate that the patterns propose: right is one whose span and
speaker agree with an annotation. Weights with another note than "fitted" were set by hand and stay as they are, and so
do those of the ranker's other scheme: `--both` fits these ("both_"), on the articles that the reader of roles has not
learned from and, with `--pages`, on annotated web pages, each read with weights that have not, and leaves the others.
The cross-validated reliability of the probabilities is printed beside. It takes some minutes and scikit-learn, which
textacy brings.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from quotes.extraction import fragments, ranking
from quotes.extraction.article_text import ArticleText
from quotes.extraction.parsing.parse import Parse
from quotes.extraction.proposers import by_reader, patterns
from quotes.extraction.statement import Statement
from quotes.ingest import read
from quotes.reader import RoleReader
from quotes.reader.training.locating import Words
from quotes.reader.training.pages import Statement as Annotated
from quotes.reader.training.pages import located
from quotes.records import SourceText

from . import calibration, corpus

if TYPE_CHECKING:
    from quotes.extraction.pipeline import Pipeline
    from quotes.records import Candidate

FILE = corpus.ROOT / "patterns" / "en" / "ranker.toml"
# Inverse strength of the penalty on large weights, set by hand: it keeps features that are seen seldom near 0.
PENALTY = 0.5
# The same for the few features of both proposers.
PENALTY_BOTH = 1.0
# The articles that the reader of roles has not learned from: `quotes.reader.training` holds out every 21st.
HELD_OUT = slice(10, None, 21)
# A pattern seen less often than this gets at least the weight 1: too few cases to mark it down, and its examples
# prove that it is right where it fits.
SELDOM = 15
ATTITUDE = "both_attitude"
PAGES = 10_000  # the number of the first page, behind those of articles
HEADER = (
    "# Weights of the ranker, fitted on the PolNeAR training articles by `tests/benchmarks/fit.py`; "
    "do not edit by hand."
)


@frozen
class Case:
    """A candidate's features, whether it is right, and the article that it comes from."""

    features: dict[str, float]
    right: bool
    article: int


def cases(pipeline: Pipeline, *, split: str = "train") -> Iterator[Case]:
    """Yield every candidate that the patterns propose for the articles, judged by the annotations."""
    score = corpus.scorers().score
    for number, (_, text, rows) in enumerate(score.read_gold(corpus.folder(split))):
        gold = [(score.char_set(row["spans"], text), row) for row in rows]
        for candidate in _candidates(pipeline, text):
            right = any(_agrees(candidate, chars, row, text) for chars, row in gold)
            yield Case(dict(candidate.features), right, number)


def cases_of_both(pipeline: Pipeline, *, attitudes: bool = False) -> Iterator[Case]:
    """Yield every candidate of both proposers for the articles that the reader of roles has not seen, judged.

    Args:
        pipeline: with a reader of roles.
        attitudes: whether beliefs, plans and decrees are proposed, and they alone yielded.
    """
    score = corpus.scorers().score
    assert pipeline.reader is not None
    for number, (_, text, rows) in enumerate(list(score.read_gold(corpus.folder("train")))[HELD_OUT]):
        gold = [(score.char_set(row["spans"], text), row) for row in rows]
        article = ArticleText.plain(text, lexicon=pipeline.lexicon)
        asked = by_reader.begin(article, reader=pipeline.reader)
        told, _ = by_reader.propose(article, asked, lexicon=pipeline.lexicon, attitudes=attitudes)
        for candidate in ranking.combine(_candidates(pipeline, text), told, weights=pipeline.lexicon.weights):
            features = dict(candidate.features)
            if "both_certain" not in features and (ATTITUDE in features) == attitudes:
                yield Case(features, any(_agrees(candidate, chars, row, text) for chars, row in gold), number)


def cases_of_pages(pipeline: Pipeline, pages: Path, readers: Sequence[RoleReader]) -> Iterator[Case]:
    """Yield every candidate of both proposers for annotated web pages, judged.

    Args:
        pipeline: any; its reader is not used.
        pages: holds html/ and gold/.
        readers: of the pages at even places of the sorted names, which it has not learned from, and of those at odd
            ones.
    """
    pipelines = [evolve(pipeline, reader=reader) for reader in readers]
    for number, path in enumerate(sorted((pages / "gold").glob("*.json"))):
        reading = pipelines[number % len(pipelines)]
        [source] = [s for s in read([pages / "html" / f"{path.stem}.html"]) if isinstance(s, SourceText)]
        quotes = json.loads(path.read_text(encoding="utf-8"))["quotes"]
        gold = [(_letters(s.contents, source.text), s) for s in located(Words(source.text), quotes)]
        for piece, candidates in reading.candidates(source):
            article = ArticleText.of(source, piece, lexicon=pipeline.lexicon)
            for candidate in candidates:
                features = dict(candidate.features)
                if "both_certain" not in features and ATTITUDE not in features:
                    own = fragments.apart(article, [Statement(candidate)])[0].candidate
                    letters = _letters([(span.start, span.end) for span in own.spans], source.text)
                    right = any(_alike(letters, g) and _credited(own, s) for g, s in gold)
                    yield Case(features, right, PAGES + number)


def _letters(spans: Iterable[tuple[int, int]], text: str) -> set[int]:
    found: set[int] = corpus.scorers().score.char_set(spans, text)
    return found


def _credited(candidate: Candidate, statement: Annotated) -> bool:
    """Return whether a candidate's mention is the annotated one, or both have none."""
    mention, gold = candidate.mention, statement.mention
    if mention is None or gold is None:
        return mention is None and gold is None
    return mention.start < gold[1] and gold[0] < mention.end


def _candidates(pipeline: Pipeline, text: str) -> list[Candidate]:
    article = ArticleText.plain(text, lexicon=pipeline.lexicon)
    readings = Parse(article, pipeline.lexicon, pipeline.parse).read(article.paragraphs)
    return patterns.propose(article, readings, matchers=pipeline.statements)


def _agrees(candidate: Candidate, gold: set[int], row: Mapping[str, Any], text: str) -> bool:
    """Return whether a candidate's span and speaker are those of an annotation, or of one fragment of it.

    "A," he said. "B.": the patterns propose the first part alone, and the second is joined later.
    """
    score = corpus.scorers().score
    own = score.char_set([(span.start, span.end) for span in candidate.spans], text)
    if not _alike(own, gold):
        fragments = [score.char_set([span], text) for span in row["spans"]]
        if candidate.type == "indirect" or len(fragments) == 1 or len(own & gold) < 0.9 * len(own):
            return False
        if not any(_alike(own, fragment) for fragment in fragments):
            return False
    mention = candidate.mention
    return bool(score.speaker_right((mention.start, mention.end) if mention else None, row, text))


def _alike(one: set[int], other: set[int]) -> bool:
    return bool(one & other) and len(one & other) >= 0.5 * len(one | other)


def fit(
    found: Sequence[Case], *, patterns: Iterable[str] = (), penalty: float = PENALTY, bias: str = "bias"
) -> dict[str, float]:
    """Return the weight of each feature, the bias among them.

    Args:
        found: judged candidates.
        patterns: ids of the statement patterns, each of which is a feature.
        penalty: inverse strength of the penalty on large weights.
        bias: the name under which the bias is kept.
    """
    from sklearn.feature_extraction import DictVectorizer  # type: ignore[import-untyped]
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

    vectors = DictVectorizer()
    model = LogisticRegression(C=penalty, max_iter=3000)
    model.fit(vectors.fit_transform([case.features for case in found]), [case.right for case in found])
    weights = dict(zip(vectors.get_feature_names_out(), map(float, model.coef_[0]), strict=True))
    seen = Counter(name for case in found for name in case.features)
    for name in (f"pattern_{pattern}" for pattern in patterns):
        if seen[name] < SELDOM:
            weights[name] = max(weights.get(name, 0.0), 1.0)
    return weights | {bias: float(model.intercept_[0])}


def offset(found: Sequence[Case], weights: Mapping[str, float], *, bias: str) -> float:
    """Return what must be added to the log-odds of candidates so that they are right as often as they say.

    Args:
        found: judged candidates of a kind that the weights were not fitted on.
        weights: as `fit` gives them.
        bias: the name of the bias among them.
    """
    odds = [weights[bias] + sum(weights.get(n, 0.0) * v for n, v in case.features.items()) for case in found]
    right, low, high = sum(case.right for case in found), -10.0, 10.0
    while high - low > 0.001:  # the sum of the probabilities grows with the offset: halve until it meets
        middle = (low + high) / 2
        told = sum(1 / (1 + math.exp(-o - middle)) for o in odds)
        low, high = (middle, high) if told < right else (low, middle)
    return round(low, 3)


def cross_validated(found: Sequence[Case]) -> list[tuple[float, bool]]:
    """Return the probability of each candidate, from a model that has not seen its article, and whether it is right."""
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold, cross_val_predict  # type: ignore[import-untyped]

    rows = DictVectorizer().fit_transform([case.features for case in found])
    right = [case.right for case in found]
    model = LogisticRegression(C=PENALTY, max_iter=3000)
    folds = [case.article for case in found]
    chances = cross_val_predict(model, rows, right, groups=folds, cv=GroupKFold(5), method="predict_proba")[:, 1]
    return list(zip(map(float, chances), right, strict=True))


def file_text(weights: Mapping[str, float], *, former: str, both: bool = False) -> str:
    """Return the text of `ranker.toml`: the fitted weights, then those set by hand as they were.

    Args:
        weights: by feature.
        former: the file's text as it was.
        both: whether the weights are those of both proposers.
    """
    kept = [entry for entry in tomllib.loads(former)["weight"] if not is_fitted_here(entry, both=both)]
    entries = [{"id": name, "note": "fitted", "weight": weight} for name, weight in weights.items()] + kept
    lines = [HEADER, ""]
    for entry in sorted(entries, key=lambda e: (e["id"].startswith("both_"), e["note"] != "fitted", e["id"])):
        shown = f"{entry['weight']:.3f}" if entry["note"] == "fitted" else str(entry["weight"])
        lines += _entry(entry["id"], entry["note"], shown)
    return "\n".join(lines)


def is_fitted_here(entry: Mapping[str, Any], *, both: bool = False) -> bool:
    """Return whether a weight is one of those that are fitted together."""
    return bool(entry["note"] == "fitted" and entry["id"].startswith("both_") == both)


def _entry(name: str, note: str, weight: str) -> list[str]:
    return ["[[weight]]", f'id = "{name}"', f'note = "{note}"', f"weight = {weight}", ""]


def main() -> None:
    """Fit the weights, print how reliable they are, and write or check the file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", "--output", type=Path, default=FILE)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if the file would change")
    parser.add_argument("--both", action="store_true", help="fit the weights of both proposers")
    parser.add_argument("--pages", type=Path, help="for --both: a folder of annotated web pages")
    parser.add_argument("--readers", type=Path, nargs=2, help="weights that have not seen the even, the odd pages")
    given = parser.parse_args()
    if not corpus.folder("train").exists() or not corpus.BENCH.exists():
        parser.error("no corpora/polnear/train or bench beside the checkout")
    from quotes.extraction.pipeline import load

    pipeline = load()
    found = list(cases_of_both(pipeline) if given.both else cases(pipeline))
    if given.both and given.pages:
        found += cases_of_pages(pipeline, given.pages, [RoleReader.load(folder) for folder in given.readers])
    bins = calibration.reliability(cross_validated(found))
    print(f"{len(found)} candidates, {sum(case.right for case in found)} right; cross-validated:")
    for b in bins:
        print(f"  {b.low:.1f}  {b.number:6d} candidates, mean probability {b.confidence:.2f}, right {b.right:.2f}")
    former = FILE.read_text(encoding="utf-8")
    if given.both:
        weights = fit(found, penalty=PENALTY_BOTH, bias="both_bias")
        # Attitudes are asked for seldom: their confidence rests on the weights of what is said, and moves none.
        weights[ATTITUDE] = offset(list(cases_of_both(pipeline, attitudes=True)), weights, bias="both_bias")
    else:
        weights = fit(found, patterns=(entry.id for entry in pipeline.lexicon.statements))
    text = file_text(weights, former=former, both=given.both)
    if not given.check:
        given.output.write_text(text, encoding="utf-8")
    elif text != former:
        sys.exit(f"{FILE.name} would change")


if __name__ == "__main__":
    main()
