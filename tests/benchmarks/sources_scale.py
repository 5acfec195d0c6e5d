"""Time and memory of `quotes sources` on made-up quotes, and of a store that is added to.

    python -m tests.benchmarks.sources_scale [--quotes 100000] [--names 30000] [--store FOLDER]

Names are drawn by Zipf's law, so that a few are quoted thousands of times and most once; one in five appearances is by
surname alone, one in ten has an initial more, and half have a role. An article has five quotes of three speakers. Two
runs in another order must give the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import resource
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from quotes.comparison.sources import Gatherer, appearances
from quotes.lexicon import load_lexicon
from quotes.records import Article, ArticleRecord, Outlet, Quote, Span, Speaker

SEED = 7
A_QUOTE = "The harbour has been dredged twice this year and it will have to be dredged again before the winter storms"
ROLES = (
    "the mayor", "a professor of economics", "Sen.", "the head coach", "a resident", "a spokesman for the port",
    "chief executive", "the police chief", "a nurse", "the Nigerian foreign minister", "Judge", "President",
    "the union leader", "a voter from Ohio",
)  # fmt: skip


def names(count: int, draw: random.Random) -> list[str]:
    """Return a number of full names."""
    lexicon = load_lexicon("en")
    given = [w.title() for w in (*lexicon.words["names-given-f"], *lexicon.words["names-given-m"])]
    syllables = ("ba", "dor", "lin", "mar", "ko", "vel", "sta", "nie", "ruc", "hol", "ten", "fas", "gre", "pol", "quis")
    last = ["".join(draw.choices(syllables, k=3)).title() for _ in range(max(10, count // 8))]
    found = {f"{draw.choice(given)} {draw.choice(last)}" for _ in range(2 * count)}
    return sorted(found)[:count]


def records(quotes: int, people: int, *, seed: int = SEED) -> Iterator[ArticleRecord]:
    """Yield articles of five quotes each."""
    draw = random.Random(seed)
    full = names(people, draw)
    draw.shuffle(full)
    weights = [1 / (n + 8) ** 0.7 for n in range(len(full))]
    roles = {name: draw.choice(ROLES) for name in full}
    for number in range(quotes // 5):
        speakers = []
        for name in draw.choices(full, weights, k=3):
            first, last = name.split(" ", 1)
            kind = draw.random()
            printed = last if kind < 0.2 else f"{first} {draw.choice('ABM')}. {last}" if kind < 0.3 else name
            role = roles[name] if draw.random() < 0.5 else None
            speakers.append(Speaker(printed, "person", role))
        day = f"20{draw.randrange(10, 26)}-{draw.randrange(1, 13):02}-{draw.randrange(1, 29):02}"
        article = Article(f"{seed}-{number:07}", f"{seed}/{number}.txt", 0, 0, 600, published=day,
                          outlet=Outlet(f"The Daily {draw.randrange(60)}"))  # fmt: skip
        made = [
            Quote(f"{article.id}-{n}", draw.choice(("direct", "indirect")), A_QUOTE, (Span(n * 110, n * 110 + 105),),
                  speaker=draw.choice(speakers), confidence=0.9)
            for n in range(5)
        ]  # fmt: skip
        yield ArticleRecord(article, tuple(made))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quotes", type=int, default=100_000)
    parser.add_argument("--names", type=int, default=30_000)
    parser.add_argument("--store", type=Path, help="Make a store in this folder, and add a thousand articles to it.")
    asked = parser.parse_args()
    gatherer = Gatherer(load_lexicon("en"))
    start = perf_counter()
    taken = list(appearances(records(asked.quotes, asked.names)))
    made = perf_counter()
    gathered = gatherer.gather(taken)
    done = perf_counter()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{len(taken):,} appearances in {made - start:.1f} s (made up and taken), {len(gathered.sources):,} sources"
          f" in {done - made:.1f} s, {memory:,.0f} MB at most")  # fmt: skip
    random.Random(1).shuffle(taken)
    again = Gatherer(load_lexicon("en")).gather(taken)
    one, other = (hashlib.sha256(repr(g.sources).encode()).hexdigest()[:12] for g in (gathered, again))
    print(f"another order: {'the same' if one == other else 'OTHER'} sources ({one}, {other})")
    if asked.store:
        _store(asked.store, asked.quotes, asked.names)


def _store(folder: Path, quotes: int, people: int) -> None:
    from quotes.export.store import Store

    with Store.open(folder / "scale.db", write=True) as store:
        start = perf_counter()
        store.add(records(quotes, people))
        added = perf_counter()
        store.gather()
        first = perf_counter()
        store.add(records(5_000, people, seed=SEED + 1))
        more = perf_counter()
        store.gather()
        last = perf_counter()
        print(f"store: {added - start:.1f} s to add, {first - added:.1f} s for its sources; 1,000 articles more:"
              f" {more - first:.1f} s to add, {last - more:.1f} s for the sources")  # fmt: skip


if __name__ == "__main__":
    main()
