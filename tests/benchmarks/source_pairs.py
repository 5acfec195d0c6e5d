"""Precision and recall of `quotes sources` on pairs of speakers, labelled by reading; and the fit of its weights.

    python -m tests.benchmarks.source_pairs RECORDS... [--errors] [--fit]

RECORDS are what `quotes extract --format jsonl` makes of PolNeAR's train and dev texts and of the annotated pages
(`../shared/corpora`). A label names two speakers of two articles, each by file, number of the article and first offset
of a quote of theirs; it holds no text. Most were drawn near the border: names that share a word, merged and not, by how
the names agree ("exact", "variant", "short", "word"); the rest ("random") from sources of two to four articles and from
people who share their last word alone. Pairs that a reader could not decide are left out. What the extraction
credits to another speaker by now is left out of the count, and told.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import numpy as np

from quotes.comparison.sources import Appearance, Gathered, Gatherer, key_of
from quotes.comparison.sources.appearance import of_article
from quotes.comparison.sources.candidates import relation
from quotes.comparison.sources.evidence import Evidence
from quotes.comparison.sources.merging import PREFIX, Merger
from quotes.comparison.sources.roles import roles_of
from quotes.export import read_records
from quotes.lexicon import load_lexicon

LABELS = Path(__file__).with_name("source_pairs.json")
# How far the fit may go from the weights that it begins with: the variance of a normal prior around each.
VARIANCE = 0.5
STEPS, RATE = 3_000, 0.02
Key = Any


def read(paths: list[str]) -> tuple[list[Appearance], dict[str, Key]]:
    """Return all appearances, and the appearance at each place of a label."""
    found: list[Appearance] = []
    places: dict[str, Key] = {}
    seen: set[str] = set()
    for path in paths:
        for record in read_records(path):
            article = record.article
            if article.id in seen:
                continue
            seen.add(article.id)
            found += of_article(record)
            for quote in record.quotes:
                if quote.speaker:
                    name = " ".join(quote.speaker.name.split())
                    place = f"{Path(article.source).stem}:{article.index}:{quote.spans[0].start}"
                    places[place] = (article.id, (name, quote.speaker.kind, quote.speaker.id))
    return found, places


def measure(gathered: Gathered, places: dict[str, Key], *, errors: bool) -> None:
    """Print precision and recall of people and organizations, and the counts of each stratum."""
    counts: dict[str, Counter[tuple[bool, bool]]] = defaultdict(Counter)
    strata: dict[str, Counter[tuple[bool, bool]]] = defaultdict(Counter)
    gone = 0
    for sort, stratum, one, other, same in json.loads(LABELS.read_text(encoding="utf-8")):
        if places.get(one) not in gathered.of or places.get(other) not in gathered.of:
            gone += 1
            continue
        got = gathered.of[places[one]] == gathered.of[places[other]]
        counts[sort][same, got] += 1
        strata[f"{sort} {stratum}"][same, got] += 1
        if errors and got != same:
            print("missed" if same else "wrong", stratum, one, other, places[one][1][0], places[other][1][0], sep="\t")
    for sort, count in sorted(counts.items()):
        right, wrong, missed = count[True, True], count[False, True], count[True, False]
        print(f"{sort}: precision {right / (right + wrong):.3f}, recall {right / (right + missed):.3f}", dict(count))
    for name, count in sorted(strata.items()):
        print(f"  {name}: merged {count[True, True]} right, {count[False, True]} wrong;"
              f" apart {count[False, False]} right, {count[True, False]} wrong")  # fmt: skip
    print(f"{gone} pairs are credited otherwise by now")


def fit(gatherer: Gatherer, appearances: list[Appearance], places: dict[str, Key]) -> None:
    """Print weights fitted to the labelled pairs of people: logistic regression around the weights that there are."""
    by_key = {key_of(one): one for one in appearances}
    names, roles = gatherer.names, roles_of(gatherer.lexicon)
    rarity = Counter(one.name for one in appearances)
    rows, labels = [], []
    for sort, _, one, other, same in json.loads(LABELS.read_text(encoding="utf-8")):
        pair = [by_key[places[place]] for place in (one, other) if places.get(place) in by_key]
        if sort != "person" or len(pair) < 2:
            continue
        parts = []
        for number, appearance in enumerate(pair):
            name = names.person(appearance.name)
            parts.append(Evidence((str(number),), "person", name, passing=roles.passing))
            parts[-1].add(number, appearance, name, roles, appearance.beside)
        how = relation(parts[0].name, parts[1].name, names)
        if how is not None and min(len(part.name.words) for part in parts) > 1:
            rows.append(Merger(parts, names, rarity).row(0, 1, how))
            labels.append(float(same))
    columns = sorted({name for row in rows for name in row})
    table = np.array([[row.get(name, 0.0) for name in columns] for row in rows])
    prior = np.array([gatherer.lexicon.weights.get(PREFIX + name, 0.0) for name in columns])
    weights, truth = prior.copy(), np.array(labels)
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-table @ weights))
        weights -= RATE * (table.T @ (chance - truth) / 10 + (weights - prior) / VARIANCE / 10)
    for column, before, after in zip(columns, prior, weights, strict=True):
        print(f"{PREFIX}{column}\t{before:+.2f}\t{after:+.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("records", nargs="+")
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--fit", action="store_true")
    asked = parser.parse_args()
    appearances, places = read(asked.records)
    gatherer = Gatherer(load_lexicon("en"))
    if asked.fit:
        fit(gatherer, appearances, places)
    measure(gatherer.gather(appearances), places, errors=asked.errors)


if __name__ == "__main__":
    main()
