"""Speakers, roles and channels in news from all over the world, written for this project: `own_news.toml`.

    python -m tests.benchmarks.own_news [--held-out | --world | --unnamed] [--reader both|fast|patterns] [--only ID …]

PolNeAR is US politics of one year. These articles are of other countries and kinds, in the shapes that their news
takes; people, places and events are made up. The rules were mended by reading what goes wrong here. `--held-out` reads
`held_out_news.toml` instead: articles by somebody who did not know the program, by which nothing was mended. `--world`
reads `world_news.toml`, by more such authors, from which the ranker of referents learns, too; so it does from
`unnamed_news.toml`, which `--unnamed` reads: people without a name stand beside people with one.
"""

from __future__ import annotations

import argparse
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import frozen

from quotes.records import Quote, SourceText

if TYPE_CHECKING:
    from quotes.extraction.pipeline import Pipeline

NEWS = Path(__file__).with_name("own_news.toml")
HELD_OUT = Path(__file__).with_name("held_out_news.toml")
WORLD = Path(__file__).with_name("world_news.toml")
UNNAMED = Path(__file__).with_name("unnamed_news.toml")


@frozen
class Miss:
    """One expectation that is not met: which, in which article, and what was found."""

    kind: str
    article: str
    words: str
    found: str


@frozen
class Tally:
    """How much is right: counts by kind, and what is not."""

    counts: Counter[str]
    misses: tuple[Miss, ...]

    def share(self, kind: str, of: str) -> float:
        """Return how many of one kind there are among those of another."""
        return self.counts[kind] / self.counts[of] if self.counts[of] else 0.0


def articles(path: Path = NEWS) -> list[dict[str, Any]]:
    """Return the articles of a file: `id`, `text`, and `quotes`, each of which states words that a quote must hold.

    `speaker` ("" for none), `role` and `channels` are what that quote must say; lists in `or` name what is as good.
    `free` marks what may be found or not.
    """
    found: list[dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))["article"]
    return found


def evaluate(pipeline: Pipeline, *, path: Path = NEWS, only: Sequence[str] = ()) -> Tally:
    """Read the articles and compare.

    Args:
        pipeline: a loaded pipeline.
        path: the file of articles.
        only: ids of articles; all where empty.
    """
    counts: Counter[str] = Counter()
    misses: list[Miss] = []
    for article in articles(path):
        if only and article["id"] not in only:
            continue
        records = pipeline.read(SourceText(article["id"], article["text"].strip() + "\n"))
        quotes = [quote for record in records for quote in record.quotes]
        matched: set[str] = set()
        counts["quotes"] += len(quotes)
        for wanted in article["quotes"]:
            fits = [quote for quote in quotes if wanted["has"] in quote.text]
            matched |= {quote.id for quote in fits}
            if wanted.get("free"):
                continue
            counts["wanted"] += 1
            counts["found"] += bool(fits)
            for kind, found in _compared(wanted, fits, counts):
                misses.append(Miss(kind, article["id"], wanted["has"], found))
        extra = [quote for quote in quotes if quote.id not in matched]
        counts["extra"] += len(extra)
        misses += [Miss("extra", article["id"], quote.text, _name(quote)) for quote in extra]
    return Tally(counts, tuple(misses))


def _name(quote: Quote) -> str:
    return quote.speaker.name if quote.speaker else ""


def _plain(words: str) -> str:
    return words.lower().removeprefix("the ")


def _compared(wanted: dict[str, Any], fits: list[Quote], counts: Counter[str]) -> Iterator[tuple[str, str]]:
    """Count what is right of one expectation, and yield what is not."""
    if not fits:
        yield "missed", ""
        return
    instead = wanted.get("or", {})
    names = {_plain(name) for name in (wanted["speaker"], *instead.get("speaker", ()))}
    quote = next((quote for quote in fits if _plain(_name(quote)) in names), min(fits, key=lambda q: len(q.text)))
    checks = [("speaker", _plain(_name(quote)) in names, _name(quote))]
    if "role" in wanted:
        role = (quote.speaker and quote.speaker.role) or ""
        roles = {_plain(text) for text in (wanted["role"], *instead.get("role", ()))}
        checks.append(("role", _plain(role) in roles, role))
    channels = sorted(f"{channel.relation} {channel.name}" for channel in quote.channels)
    right = channels in [sorted(wanted["channels"]), *map(sorted, instead.get("channels", ()))]
    checks.append(("channels", right, ", ".join(channels)))
    for kind, good, found in checks:
        counts[f"{kind} stated"] += 1
        counts[f"{kind} right"] += good
        if not good:
            yield kind, found


def figures(pipeline: Pipeline) -> dict[str, float]:
    """Return the figures that have floors: those of the articles that the rules were mended by."""
    tally = evaluate(pipeline)
    shares = {"found": tally.share("found", "wanted"), "expected, of all": 1.0 - tally.share("extra", "quotes")}
    shares |= {kind: tally.share(f"{kind} right", f"{kind} stated") for kind in ("speaker", "role", "channels")}
    return {f"own news: {name}": round(share, 4) for name, share in shares.items()}


def main() -> None:
    """Print what is wrong, and the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reader", choices=("both", "fast", "patterns"), default="both")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--held-out", action="store_true", help="print the figures of the held-out articles alone")
    which.add_argument("--world", action="store_true", help="read the articles from which the ranker learns")
    which.add_argument("--unnamed", action="store_true", help="read those of people without a name")
    parser.add_argument("--only", nargs="*", default=(), help="ids of articles")
    given = parser.parse_args()
    from quotes.extraction.pipeline import load

    path = HELD_OUT if given.held_out else WORLD if given.world else UNNAMED if given.unnamed else NEWS
    tally = evaluate(load(reader=given.reader), path=path, only=given.only)
    for miss in () if given.held_out else tally.misses:
        print(f"{miss.article:16s} {miss.kind:9s} {miss.words[:60]!r}: {miss.found!r}")
    counts = tally.counts
    print(f"{counts['found']} of {counts['wanted']} found, {counts['extra']} of {counts['quotes']} quotes not expected")
    for kind in ("speaker", "role", "channels"):
        print(f"{kind}: {counts[f'{kind} right']} of {counts[f'{kind} stated']} right")


if __name__ == "__main__":
    main()
