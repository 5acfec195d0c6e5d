"""Words per second of the pipeline in one process, against spaCy's own parse of the same texts in the same run.

    python -m tests.benchmarks.speed [--split dev] [--repeat 3] [--reader both|fast|patterns]

The two take turns, so that a busy machine slows both; the ratio is the median of the turns. In its turn each runs twice
and the second time counts: a parse is up to a fifth slower just after something else has had the memory.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

from attrs import frozen

from quotes.records import SourceText

from . import corpus

if TYPE_CHECKING:
    from spacy.language import Language

    from quotes.extraction.pipeline import Pipeline


@frozen
class Turn:
    """Seconds that the pipeline and the bare parse took for the same texts."""

    quotes: float
    parse: float

    @property
    def ratio(self) -> float:
        """How many times as many words a second the pipeline reads."""
        return self.parse / self.quotes


def seconds(work: Callable[[], object]) -> float:
    """Return how long a call takes."""
    began = perf_counter()
    work()
    return perf_counter() - began


def again(work: Callable[[], object]) -> float:
    """Return how long a call takes the second time in a row."""
    work()
    return seconds(work)


def bare(pipeline: Pipeline) -> Language:
    """Load a pipeline's model again as spaCy loads it, with all components and spaCy's own matrix multiplication."""
    import spacy

    return spacy.load(model_of(pipeline))


def model_of(pipeline: Pipeline) -> str:
    """Return the name of the package of a pipeline's model."""
    import spacy

    language, name = pipeline.nlp.meta["lang"], pipeline.nlp.meta["name"]
    listed = [m for m in pipeline.lexicon.words[f"{language}-models"] if m.startswith(f"{language}_{name}")]
    return next(m for m in listed if spacy.util.is_package(m))


def take_turns(pipeline: Pipeline, texts: Sequence[str], *, repeat: int) -> list[Turn]:
    """Time `Pipeline.read_all` and `nlp.pipe` in turn.

    Args:
        pipeline: its model, loaded anew, parses with all components, in batches as spaCy chooses.
        texts: articles.
        repeat: number of turns.
    """
    articles = [SourceText(f"{number}.txt", text) for number, text in enumerate(texts)]

    def read() -> None:
        for _ in pipeline.read_all(articles):
            pass

    nlp = bare(pipeline)

    def parse() -> None:
        for _ in nlp.pipe(texts):
            pass

    # Compilation and caches of the first use count for neither.
    pipeline.read(articles[0])
    nlp(texts[0])
    return [Turn(quotes=again(read), parse=again(parse)) for _ in range(repeat)]


def main() -> None:
    """Run the benchmark and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--split", choices=corpus.SPLITS, default="dev")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--reader", choices=("both", "fast", "patterns"), default="both")
    given = parser.parse_args()
    if lost := corpus.missing():
        parser.error(lost)
    from quotes.extraction.pipeline import load

    texts = [text for _, text in corpus.texts(given.split)]
    words = sum(len(text.split()) for text in texts)
    turns = take_turns(load(reader=given.reader), texts, repeat=given.repeat)
    for turn in turns:
        print(f"quotes {words / turn.quotes:,.0f} words/s, parse {words / turn.parse:,.0f} words/s: {turn.ratio:.2f}")
    print(f"median ratio {median(turn.ratio for turn in turns):.2f} ({words:,} words, {len(texts)} articles)")


if __name__ == "__main__":
    main()
