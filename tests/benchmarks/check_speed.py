"""How long `quotes check` takes for a table of claims.

    python -m tests.benchmarks.check_speed [--quotes 100000] [--claims 1000]

The quotes are those of `variants_scale`. Of four claims one is a quote as it stands, one a piece of it, one has a word
changed, and one is made up.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from time import perf_counter

from quotes.comparison.checking import Checker

from .variants_scale import Talk, records

SEED = 3


def main() -> None:
    """Run the benchmark and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quotes", type=int, default=100_000)
    parser.add_argument("--claims", type=int, default=1_000)
    given = parser.parse_args()
    draw = random.Random(SEED)
    talk, made = Talk(draw), list(records(given.quotes))
    claims = []
    for number in range(given.claims):
        words = draw.choice(draw.choice(made).quotes).text.strip("“”…").split()
        at = draw.randrange(len(words))
        changed = [*words[:at], "village", *words[at + 1 :]]
        claims.append(" ".join([words, words[at // 2 : at + 8], changed, talk.words()][number % 4]))
    began = perf_counter()
    checker = Checker(made)
    ready = perf_counter()
    verdicts = Counter(checker.check(claim).verdict for claim in claims)
    done = perf_counter()
    print(f"{given.quotes:,} quotes made ready in {ready - began:.1f} s")
    print(f"{given.claims:,} claims in {done - ready:.1f} s, {1e3 * (done - ready) / given.claims:.1f} ms each")
    print(", ".join(f"{count} {verdict}" for verdict, count in verdicts.most_common()))


if __name__ == "__main__":
    main()
