"""Find rows of words worth comparing: the number of pairs grows with the number of rows, not with its square.

Two nets, both of hashes of words, joined by sorting. Whole rows that are alike meet in the bands of MinHash signatures
(Broder 1997; datasketch's permutations). A short row inside a long one has too small a Jaccard similarity for that:
such rows meet by anchors, shingles of three words chosen by winnowing (Schleimer, Wilkerson and Aiken 2003), so that
any `SHINGLE + WINDOW - 1` words in a row that two rows share give both the same anchor. Of a window's shingles the
rarest that is not unique is taken, which keeps "I think that" from being one.

A bucket that many rows fall into ("No comment") stays linear: sorted by speaker and length, each row meets its next
`NEIGHBOURS`, and in a crowd fewer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt
from attrs import frozen

from quotes.comparison.libraries import min_hash
from quotes.comparison.variants.spreading import Spread

SHINGLE, WINDOW = 3, 4
NEIGHBOURS = 12
# In a bucket of more rows than the first number, each is paired with at most the second.
CROWD, IN_CROWD = 24, 4
# 12 bands of 3: two rows of Jaccard similarity 0.5 meet with probability 0.80, of 0.6 with 0.95, of 0.7 with 0.99.
BANDS, ROWS = 12, 3
# Rows shorter than the first number are paired only if both credit the same surname, or by a shingle that at most the
# second number of rows contain.
SHORT, RARE = 6, 24
# Cells in which shingles are counted; two in one cell seem more frequent than they are, which does no harm.
_CELLS = 1 << 24
# Words hashed at a time, to avoid an array of all shingles.
_BLOCK = 1 << 21
# Rows signed at a time.
_SIGNED = 8192

Numbers = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
Counts = npt.NDArray[np.uint32]
# Returns the key of each shingle, from its hash and a surname's number, and whether it gets one.
Keyed = Callable[[Hashes, Numbers], tuple[Hashes, npt.NDArray[np.bool_]]]


@frozen
class Rows:
    """Rows of words for candidate search: all words in one array, row n from `starts[n]` to `starts[n + 1]`.

    `names` is the number of the surname credited with each row, or -1.
    """

    words: npt.NDArray[np.int32]
    starts: Numbers
    names: Numbers


def pairs(rows: Rows, *, spread: Spread) -> tuple[Numbers, Numbers]:
    """Return the pairs of rows to compare, each once: the lower first, sorted by the higher and then the lower.

    Args:
        rows: all rows.
        spread: where to compute the signatures.
    """
    counts = _counts(rows)
    found = [_bands(rows, spread), _anchors(rows, counts), _short(rows, _named), _short(rows, _rare(counts))]
    keys = np.unique(np.concatenate(found))
    return (keys & np.uint64(0xFFFFFFFF)).astype(np.int64), (keys >> np.uint64(32)).astype(np.int64)


def _blocks(rows: Rows) -> Iterator[tuple[int, int]]:
    """Yield ranges of rows with about `_BLOCK` words together."""
    low, count = 0, len(rows.starts) - 1
    while low < count:
        high = int(np.searchsorted(rows.starts, rows.starts[low] + _BLOCK, side="right")) - 1
        high = min(count, max(high, low + 1))
        yield low, high
        low = high


def mixed(values: Hashes) -> Hashes:
    """Spread 64-bit values over all bits (the finaliser of MurmurHash3)."""
    with np.errstate(over="ignore"):
        values = (values ^ (values >> np.uint64(33))) * np.uint64(0xFF51AFD7ED558CCD)
        values = (values ^ (values >> np.uint64(33))) * np.uint64(0xC4CEB9FE1A85EC53)
    return values ^ (values >> np.uint64(33))


def _shingles(rows: Rows, low: int, high: int) -> tuple[Hashes, npt.NDArray[np.int32]]:
    """Return the hash of each shingle of some rows, and its row."""
    begin, end = int(rows.starts[low]), int(rows.starts[high])
    words = mixed(rows.words[begin:end].astype(np.uint64))
    if len(words) < SHINGLE:
        return np.empty(0, np.uint64), np.empty(0, np.int32)
    row = np.repeat(np.arange(low, high, dtype=np.int32), np.diff(rows.starts[low : high + 1]))
    hashes = words[: -SHINGLE + 1].copy()
    with np.errstate(over="ignore"):
        for n in range(1, SHINGLE):
            hashes = hashes * np.uint64(0x9E3779B97F4A7C15) + words[n : len(words) - SHINGLE + 1 + n]
    inside = row[: -SHINGLE + 1] == row[SHINGLE - 1 :]
    return mixed(hashes)[inside], row[: -SHINGLE + 1][inside]


def _counts(rows: Rows) -> Counts:
    """Count the shingles of all rows per cell."""
    counts = np.zeros(_CELLS, np.uint32)
    for low, high in _blocks(rows):
        hashes, _ = _shingles(rows, low, high)
        counts += np.bincount(_cell(hashes), minlength=_CELLS).astype(np.uint32)
    return counts


def _cell(hashes: Hashes) -> Numbers:
    return (hashes >> np.uint64(40)).astype(np.int64)


def _anchors(rows: Rows, counts: Counts) -> Hashes:
    """Join rows of `SHORT` words or more by their winnowed shingles."""
    sizes = np.diff(rows.starts)
    found: list[Hashes] = [np.empty(0, np.uint64)]
    where: list[npt.NDArray[np.int32]] = [np.empty(0, np.int32)]
    for low, high in _blocks(rows):
        hashes, row = _shingles(rows, low, high)
        wide = sizes[row] >= SHORT
        hashes, row = hashes[wide], row[wide]
        chosen = _winnowed(hashes, row, counts[_cell(hashes)])
        found.append(hashes[chosen])
        where.append(row[chosen])
    return _joined(rows, np.concatenate(found), np.concatenate(where))


def _winnowed(hashes: Hashes, row: npt.NDArray[np.int32], counts: Counts) -> npt.NDArray[np.bool_]:
    """Choose the best shingle of each window of a row: the rarest that is not unique, then by lowest hash."""
    rarity = np.where(counts < 2, np.uint64(0xFFFF), np.minimum(counts, 0xFFFE)).astype(np.uint64)
    order = (rarity << np.uint64(48)) | (hashes >> np.uint64(16))
    chosen = np.zeros(len(hashes), bool)
    if len(hashes) < WINDOW:
        return chosen
    last = len(hashes) - WINDOW + 1
    least = np.minimum.reduce([order[n : last + n] for n in range(WINDOW)])
    whole = row[:last] == row[WINDOW - 1 :]
    for n in range(WINDOW):
        chosen[n : last + n] |= whole & (order[n : last + n] == least)
    return chosen & (counts > 1)


def _short(rows: Rows, keyed: Keyed) -> Hashes:
    """Join short rows with all rows of the same keys."""
    found: list[Hashes] = [np.empty(0, np.uint64)]
    where: list[npt.NDArray[np.int32]] = [np.empty(0, np.int32)]
    sizes = np.diff(rows.starts)
    # Only shingles of short rows can join one.
    wanted = np.zeros(_CELLS, bool)
    for short in (True, False):
        for low, high in _blocks(rows):
            hashes, row = _shingles(rows, low, high)
            keys, kept = keyed(hashes, rows.names[row])
            kept &= (sizes[row] < SHORT) == short
            if short:
                wanted[_cell(keys[kept])] = True
            kept &= wanted[_cell(keys)]
            found.append(keys[kept])
            where.append(row[kept])
    return _joined(rows, np.concatenate(found), np.concatenate(where), short=sizes < SHORT)


def _named(hashes: Hashes, names: Numbers) -> tuple[Hashes, npt.NDArray[np.bool_]]:
    """Key shingles by the credited surname."""
    with np.errstate(over="ignore"):
        return mixed(hashes + names.astype(np.uint64) * np.uint64(0xD6E8FEB86659FD93)), names >= 0


def _rare(counts: Counts) -> Keyed:
    """Return a function that keys rare shingles, regardless of the speaker."""

    def keyed(hashes: Hashes, names: Numbers) -> tuple[Hashes, npt.NDArray[np.bool_]]:
        times = counts[_cell(hashes)]
        return hashes, (times > 1) & (times <= RARE)

    return keyed


def _bands(rows: Rows, spread: Spread) -> Hashes:
    """Join rows of `SHORT` words or more by the bands of their MinHash signatures over single words."""
    wide = np.flatnonzero(np.diff(rows.starts) >= SHORT)
    bands = np.empty((len(wide), BANDS), np.uint64)
    at = 0
    for found in spread(signed, rows, (wide[low : low + _SIGNED] for low in range(0, len(wide), _SIGNED))):
        bands[at : at + len(found)] = found
        at += len(found)
    return _joined(rows, bands.ravel(), np.repeat(wide, BANDS).astype(np.int32))


def signed(rows: Rows, some: Numbers) -> Hashes:
    """Return the hash of each band of some rows' MinHash signatures, `BANDS` a row.

    Args:
        rows: all rows.
        some: the numbers of the rows to sign, ascending.
    """
    sketch = min_hash(num_perm=BANDS * ROWS, seed=1, hashfunc=int)
    begin = rows.starts[some[0]]
    scrambled = mixed(rows.words[begin : rows.starts[some[-1] + 1]].astype(np.uint64)) >> np.uint64(32)
    words = scrambled.astype(np.int64)
    bands = np.empty((len(some), BANDS), np.uint64)
    salts: Hashes = np.arange(1, BANDS + 1, dtype=np.uint64)
    for number, row in enumerate(some):
        sketch.clear()
        sketch.update_batch(words[rows.starts[row] - begin : rows.starts[row + 1] - begin].tolist())
        values = sketch.hashvalues.reshape(BANDS, ROWS).astype(np.uint64)
        key: Hashes = salts
        for n in range(ROWS):
            key = mixed(key ^ values[:, n])
        bands[number] = key
    return bands


def _joined(
    rows: Rows, hashes: Hashes, row: npt.NDArray[np.int32], *, short: npt.NDArray[np.bool_] | None = None
) -> Hashes:
    """Pair each row with the next `NEIGHBOURS` of its bucket, which is sorted by surname and then by number.

    Args:
        rows: all rows.
        hashes: the bucket of each entry.
        row: the row of each entry.
        short: if given, a pair needs one of these rows.

    Returns:
        Pairs as numbers, the higher row in the upper half.
    """
    found: list[Hashes] = [np.empty(0, np.uint64)]
    # Working on part of the buckets at a time bounds the memory.
    parts = len(hashes) // _BLOCK + 1
    part = (hashes % np.uint64(parts)).astype(np.int32)
    for number in range(parts):
        chosen = np.flatnonzero(part == number)
        found.append(_paired(rows, hashes[chosen], row[chosen], short))
    return np.concatenate(found)


def _paired(
    rows: Rows, hashes: Hashes, row: npt.NDArray[np.int32], short: npt.NDArray[np.bool_] | None
) -> Hashes:
    order = np.lexsort((row, rows.names[row], hashes))
    hashes, row = hashes[order], row[order]
    _, bucket, sizes = np.unique(hashes, return_inverse=True, return_counts=True)
    crowded = (sizes > CROWD)[bucket]
    keys = [np.empty(0, np.uint64)]
    for step in range(1, NEIGHBOURS + 1):
        meet = (hashes[step:] == hashes[:-step]) & (row[step:] != row[:-step])
        if step > IN_CROWD:
            meet &= ~crowded[step:]
        one, other = row[:-step][meet], row[step:][meet]
        if short is not None:
            wanted = short[one] | short[other]
            one, other = one[wanted], other[wanted]
        high, low = np.maximum(one, other).astype(np.uint64), np.minimum(one, other).astype(np.uint64)
        keys.append((high << np.uint64(32)) | low)
    return np.unique(np.concatenate(keys))
