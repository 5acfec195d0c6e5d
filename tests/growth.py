"""How time and memory grow with the input: measured at one size and at four times that size."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable
from time import process_time
from typing import TypeVar

T = TypeVar("T")

# A text four times as long may take eight times as long: halfway between a line (4) and a square (16), on a log scale.
GROWTH, BOUND = 4, 8.0
# What takes less than this for the longer text is too quick to measure; a square would still be a minute for 5 MB.
QUICK = 0.1
RUNS = 5


def long_text(unit: str, length: int) -> str:
    """Return a text of about the given number of characters."""
    return unit * (length // len(unit) + 1)


def seconds(work: Callable[[], object]) -> float:
    """Time some work without the garbage collector, which looks in only when a text is long."""
    gc.collect()
    gc.disable()
    try:
        began = process_time()  # on a busy machine the clock on the wall tells about the others
        work()
        return process_time() - began
    finally:
        gc.enable()


def growth_of(work: Callable[[T], object], make: Callable[[int], T], small: int) -> float:
    """Return how many times as long the work takes on four times the input; 0 if it is too quick to tell.

    The least of several runs is the machine at its best; after a good ratio no further run is needed.

    Args:
        work: what is measured.
        make: gives an input of a size, which costs no time that counts.
        small: the smaller size.
    """
    short, long = make(small), make(small * GROWTH)
    one = two = float("inf")
    for _ in range(RUNS):
        two = min(two, seconds(lambda: work(long)))
        if two < QUICK:
            return 0.0
        one = min(one, seconds(lambda: work(short)))
        if two / one < BOUND:
            break
    return two / one


def growth(work: Callable[[str], object], unit: str, small: int) -> float:
    """As `growth_of`, for a text that is the same unit over and over."""
    return growth_of(work, lambda length: long_text(unit, length), small)


def memory_of(work: Callable[[], object]) -> int:
    """Return how many bytes some work holds at most, of those that Python allocates."""
    gc.collect()
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def memory_growth_of(work: Callable[[T], object], small: T, large: T, bound: float) -> float:
    """Return how many times as much memory the work holds on the large input.

    What another thread of the tests allocates meanwhile counts as well, so the least of several runs is what the work
    needs; after a ratio below the bound no further run is needed.
    """
    one = two = float("inf")
    for _ in range(RUNS):
        one = min(one, memory_of(lambda: work(small)))
        two = min(two, memory_of(lambda: work(large)))
        if two / one < bound:
            break
    return two / one
