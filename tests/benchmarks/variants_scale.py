"""Time and memory of `quotes variants` as the number of quotes grows, and what two million would take.

    python -m tests.benchmarks.variants_scale [--sizes 12500,25000,50000,100000,200000] [--target 2000000]

The quotes are made up word by word: each word follows the one before as often as it does in the annotated articles
(in `../shared`; without them, words are drawn by Zipf's law). Of a hundred quotes about sixty are printed once, thirty
are printings of a statement that others print too, cut, changed or embedded, and ten are one of a few phrases that
everybody says. Each size runs in a process of its own, so that its peak of memory is its own.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import resource
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from time import perf_counter

from attrs import frozen

from quotes.records import Article, ArticleRecord, Outlet, Quote, Span, Speaker

from . import corpus

SEED = 11
SIZES = (12_500, 25_000, 50_000, 100_000, 200_000)
TARGET = 2_000_000
PHRASES = (
    "No comment", "Thank you very much", "We will see what happens", "Make this country great again",
    "It is a great honor to be here with you today", "I think that we have to do a better job",
    "At the end of the day it is what it is",
)  # fmt: skip
# Printings of one statement; the mean of what the draw below gives.
MOST_PRINTINGS = 6


@frozen
class Point:
    """One measurement."""

    quotes: int
    seconds: float
    megabytes: float
    groups: int


class Talk:
    """An endless talker: words that follow one another as they do in the annotated statements."""

    def __init__(self, draw: random.Random) -> None:
        self.draw = draw
        self.follows: dict[str, list[str]] = defaultdict(list)
        if corpus.missing() is None:
            for _, text, rows in corpus.scorers().score.read_gold(corpus.folder("train")):
                for row in rows:
                    words = " ".join(text[a:b] for a, b in row["spans"]).split()
                    for one, other in zip(["", *words], words, strict=False):
                        self.follows[one].append(other)

    def words(self) -> list[str]:
        """Return a statement of six to fifty words."""
        size, said = min(50, 6 + int(self.draw.expovariate(1 / 14))), [""]
        while len(said) <= size:
            if not self.follows or self.draw.random() < 0.1:
                said.append(f"w{int(30_000 ** self.draw.random())}")
            else:
                said.append(self.draw.choice(self.follows.get(said[-1]) or self.follows[""]))
        return said[1:]


def printings(words: list[str], draw: random.Random) -> Iterator[str]:
    """Yield a statement as several outlets print it."""
    for _ in range(draw.randint(2, MOST_PRINTINGS)):
        change, at = draw.random(), draw.randrange(1, len(words))
        if change < 0.4:
            yield " ".join(words)
        elif change < 0.6:
            yield f"{' '.join(words[: max(6, at)])}…"
        elif change < 0.8:
            yield " ".join(words[min(at, len(words) - 6) :])
        else:
            yield " ".join([*words[:at], "really", *words[at + 1 :]])


def records(count: int) -> Iterator[ArticleRecord]:
    """Yield a number of quotes, ten per article."""
    draw = random.Random(SEED)
    talk, waiting, held = Talk(draw), [], []
    for number in range(count):
        kind = draw.random()
        if kind < 0.1:
            text, who = draw.choice(PHRASES), f"Ana {draw.choice('ABCDEF')}lee{draw.randrange(count)}"
        elif kind < 0.4:
            if not waiting:
                # The printings of a statement are spread over the next thousand quotes.
                fresh = [(talk.words(), f"Ana Lee{draw.randrange(count)}") for _ in range(300)]
                waiting = [(text, who) for said, who in fresh for text in printings(said, draw)]
                draw.shuffle(waiting)
            text, who = waiting.pop()
        else:
            text, who = " ".join(talk.words()), f"Ana Lee{draw.randrange(count)}"
        held.append(Quote(f"q{number}", "direct", f"“{text}”", (Span(0, len(text)),), speaker=Speaker(who, "person")))
        if len(held) == 10 or number == count - 1:
            day = f"2025-{1 + number * 12 // count:02}-{draw.randint(1, 28):02}"
            outlet = Outlet(f"Outlet {number % 97}")
            article = Article(f"a{number}", f"{number}.txt", 0, 0, 9999, published=day, outlet=outlet)
            yield ArticleRecord(article, tuple(held))
            held = []


def measure(count: int) -> Point:
    """Group a number of quotes in this process."""
    from quotes.comparison.variants import groups

    made = list(records(count)) if count <= max(SIZES) else records(count)
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, perf_counter()
    found = sum(1 for _ in groups(made))
    seconds = perf_counter() - began
    return Point(count, seconds, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024, found)


def slope(points: Sequence[Point]) -> float:
    """Return the exponent of growth: the slope of log seconds over log quotes by least squares."""
    xs, ys = [math.log(p.quotes) for p in points], [math.log(p.seconds) for p in points]
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    above = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True))
    return above / sum((x - mean_x) ** 2 for x in xs)


def main() -> None:
    """Measure all sizes and print the curve."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)))
    parser.add_argument("--target", type=int, default=TARGET)
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        point = measure(given.one)
        print(json.dumps([point.quotes, point.seconds, point.megabytes, point.groups]))
        return
    points = []
    for size in map(int, given.sizes.split(",")):
        command = [sys.executable, "-m", "tests.benchmarks.variants_scale", "--one", str(size)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        point = Point(*json.loads(done.stdout.splitlines()[-1]))
        points.append(point)
        print(
            f"{point.quotes:>9,} quotes: {point.seconds:7.1f} s, {1e6 * point.seconds / point.quotes:5.0f} µs a quote, "
            f"{point.megabytes:6.0f} MB more at the peak, {point.groups:,} groups", flush=True,
        )  # fmt: skip
    if len(points) > 1:
        grows, before, last = slope(points[-3:]), *points[-2:]
        seconds = last.seconds * (given.target / last.quotes) ** max(1.0, grows)
        more = (last.megabytes - before.megabytes) / (last.quotes - before.quotes)
        megabytes = last.megabytes + more * (given.target - last.quotes)
        print(f"grows as n^{grows:.2f}; {given.target:,} quotes: {seconds / 60:.0f} minutes, {megabytes:,.0f} MB")


if __name__ == "__main__":
    main()
