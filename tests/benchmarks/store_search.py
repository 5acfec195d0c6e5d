"""How fast a large store is written and searched.

    python -m tests.benchmarks.store_search [--quotes 100000]

The store is made of the golden records of the samples, varied by words, speakers, outlets and dates; it is built
anew in a temporary folder. Printed: seconds to load, bytes, and the median and 95th percentile of each kind
of query.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

from attrs import evolve

from quotes.export import from_dict
from quotes.export.store import Store
from quotes.records import ArticleRecord, Outlet, Quote

GOLDEN = Path(__file__).parents[1] / "golden"
_FIRST = ("Ana", "Oswald", "Lena", "Tomás", "Grace", "Zoë", "Ivo", "Mirela", "Jon", "Ada")
_SYLLABLES = ("ka", "lo", "mer", "tin", "sa", "ru", "vel", "no", "bi", "dor", "pe", "gan", "fi", "hul", "ze")


def samples() -> list[ArticleRecord]:
    """Return the records of the samples."""
    found: list[ArticleRecord] = []
    for path in sorted(GOLDEN.glob("*.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        articles = document["articles"] if isinstance(document, dict) else document
        found += [from_dict(article) for article in articles]
    return [record for record in found if record.quotes]


def varied(count: int, *, seed: int = 1) -> Iterator[ArticleRecord]:
    """Yield articles with so many quotes in all.

    Args:
        count: of quotes.
        seed: of all that is random.
    """
    chance = random.Random(seed)
    own = samples()
    words = sorted({word for record in own for quote in record.quotes for word in quote.text.split()})
    rare = ["".join(chance.choices(_SYLLABLES, k=chance.choice((2, 3)))) for _ in range(8_000)]
    made = number = 0
    while made < count:
        record, number = chance.choice(own), number + 1
        outlet = Outlet(f"Paper {chance.randrange(300)}", None, None)
        day = f"20{chance.randrange(15, 26)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"
        article = evolve(
            record.article,
            id=f"a{number}",
            source=f"news/{number}.txt",
            index=0,
            outlet=outlet,
            published=day,
            text=None,
        )
        quotes = tuple(_varied(q, chance, words, rare) for q in record.quotes[: count - made])
        made += len(quotes)
        yield ArticleRecord(article, quotes)


def _varied(quote: Quote, chance: random.Random, words: list[str], rare: list[str]) -> Quote:
    text = " ".join([quote.text, *chance.choices(words, k=8), *chance.choices(rare, k=3)])
    name = f"{chance.choice(_FIRST)} {chance.choice(rare[:2_000]).title()}"
    speaker = evolve(quote.speaker, name=name) if quote.speaker else None
    return evolve(quote, id=f"{chance.getrandbits(64):016x}", text=text, speaker=speaker)


def queries(store: Store, *, seed: int = 2, times: int = 40) -> dict[str, list[dict[str, Any]]]:
    """Return queries of each kind, made of what the store holds."""
    chance = random.Random(seed)
    hits = store.search(limit=2_000)
    texts = [chance.choice(hits).quote.text.split() for _ in range(times)]
    names = [chance.choice([h for h in hits if h.quote.speaker]).quote.speaker for _ in range(times)]
    return {
        "one rare word": [{"words": text[-1]} for text in texts],
        "one word": [{"words": chance.choice(text)} for text in texts],
        "two words": [{"words": " ".join(chance.sample(text, 2))} for text in texts],
        "a common word": [{"words": word} for word in ("the", "a", "to", "of", "and") for _ in range(times // 5)],
        "phrase": [{"words": f'"{" ".join(text[:3])}"'.replace('""', '"')} for text in texts],
        "prefix": [{"words": text[-1][:3] + "*"} for text in texts],
        "speaker": [{"speaker": name.name} for name in names if name],
        "speaker's first name": [{"speaker": name.name.split()[0]} for name in names if name],
        "outlet": [{"outlet": f"Paper {chance.randrange(300)}"} for _ in range(times)],
        "dates": [{"since": f"20{chance.randrange(15, 26)}-01-01", "until": "2025-06-30"} for _ in range(times)],
        "channel": [{"channel": name} for name in ("via:CBC", "on:X", "Reuters", "to:") for _ in range(times // 4)],
        "type": [{"types": frozenset({kind}), "min_confidence": 0.9} for kind in ("post", "mixed") * (times // 2)],
        "combined": [
            {"words": chance.choice(text), "speaker": chance.choice(_FIRST), "since": "2020-01-01", "outlet": "Paper 1"}
            for text in texts
        ],
    }


def main() -> None:
    """Build the store, ask, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quotes", type=int, default=100_000)
    count = parser.parse_args().quotes
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "quotes.db"
        records = list(varied(count))
        began = perf_counter()
        with Store.open(path, write=True) as store:
            store.add(records)
        print(f"{count:,} quotes in {len(records):,} articles loaded in {perf_counter() - began:.1f} s")
        print(f"{path.stat().st_size / 1e6:.1f} MB on disk")
        slowest = 0.0
        with Store.open(path) as store:
            for kind, asked in queries(store).items():
                times = []
                for query in asked:
                    began = perf_counter()
                    hits = store.search(**query)
                    times.append((perf_counter() - began) * 1_000)
                times.sort()
                middle, high = times[len(times) // 2], times[int(len(times) * 0.95)]
                slowest = max(slowest, high)
                print(f"{kind:22} p50 {middle:6.1f} ms   p95 {high:6.1f} ms   ({len(hits)} hits last)")
    print(f"highest p95: {slowest:.1f} ms")
    sys.exit(slowest >= 50)


if __name__ == "__main__":
    main()
