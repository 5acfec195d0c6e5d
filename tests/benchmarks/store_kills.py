"""Kill the real program at random moments while it writes a store, look at what is left, and let it go on.

    python -m tests.benchmarks.store_kills [--times 50] [--seed 1] [--articles 1500]

Every kill is a SIGKILL of `quotes store` between the first and the last article: when the file holds a number of them
that is drawn by lot, and a few milliseconds more. Then it must pass SQLite's own checks and hold whole articles alone.
After one more run every table must hold, row by row, what an uninterrupted run leaves. A run that was through before
the kill is not counted.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from attrs import frozen

from quotes.export import read_records, to_dict
from quotes.records import ArticleRecord
from tests.benchmarks.store_search import varied

# The most seconds after the awaited article: some twenty articles more.
PAUSE = 0.03


@frozen
class Result:
    """How many kills there were, how many articles each left behind, and what was wrong."""

    kills: int
    left: tuple[int, ...]
    faults: tuple[str, ...]


def start(folder: Path) -> subprocess.Popen[bytes]:
    """Start the program on the folder's records."""
    command = "import sys; from quotes.cli import main; sys.exit(main(sys.argv[1:]))"
    arguments = [sys.executable, "-c", command, "store", "in.jsonl", "-o", "quotes.db", "-q"]
    return subprocess.Popen(arguments, cwd=folder)


def trials(folder: Path, *, times: int, seed: int, articles: int) -> Result:
    """Kill the program so many times, each time on a new store.

    Args:
        folder: an empty one.
        times: kills.
        seed: of all that is random.
        articles: how many are written.
    """
    chance = random.Random(seed)
    expected = []
    for record in varied(1_000_000, seed=seed):
        if len(expected) == articles:
            break
        expected.append(record)
    lines = (json.dumps(to_dict(record)) + "\n" for record in expected)
    (folder / "in.jsonl").write_text("".join(lines), encoding="utf-8")
    start(folder).wait()
    faults, kills, left = check(folder, expected, whole=True), 0, []
    whole = tables(folder)
    while kills < times:
        for path in folder.glob("quotes.*"):
            path.unlink()
        child = start(folder)
        wait_for(folder, chance.randrange(1, articles), child)
        time.sleep(chance.uniform(0, PAUSE))
        child.kill()
        if child.wait() != -signal.SIGKILL or not 0 < (number := held(folder)) < articles:
            continue
        kills += 1
        left.append(number)
        faults += [f"kill {kills}: {fault}" for fault in check(folder, expected, whole=False)]
        if start(folder).wait():
            faults.append(f"kill {kills}: the next run failed")
        faults += [f"after kill {kills}: {fault}" for fault in check(folder, expected, whole=True)]
        found = tables(folder)
        differ = [name for name in whole | found if found.get(name) != whole.get(name)]
        faults += [f"after kill {kills}: table {name} differs" for name in differ]
    return Result(kills, tuple(left), tuple(faults))


def wait_for(folder: Path, number: int, child: subprocess.Popen[bytes]) -> None:
    """Wait until the store has the number of articles, or the program has ended."""
    while child.poll() is None and held(folder) < number:
        time.sleep(0.002)


def held(folder: Path) -> int:
    """Return how many articles a store holds, 0 if there is none yet."""
    if not (folder / "quotes.db").exists():
        return 0
    try:
        with closing(sqlite3.connect(f"file:{folder / 'quotes.db'}?mode=ro", uri=True)) as database:
            return int(database.execute("SELECT count(*) FROM articles").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def tables(folder: Path) -> dict[str, str]:
    """Return a digest of the rows of each table, keys and all; those that SQLite keeps for its search are left out."""
    with closing(sqlite3.connect(folder / "quotes.db")) as database:
        names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        found = {}
        for (name,) in names:
            if not name.startswith(("sqlite_", "quotes_fts")):
                rows = sorted(map(repr, database.execute(f'SELECT * FROM "{name}"')))
                found[name] = hashlib.sha256("\n".join(rows).encode("utf-8", "surrogatepass")).hexdigest()
    return found


def check(folder: Path, expected: list[ArticleRecord], *, whole: bool) -> list[str]:
    """Return what is wrong with a store that should hold the first of these articles, or all of them."""
    path, faults = folder / "quotes.db", []
    database = sqlite3.connect(path)
    try:
        if database.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
            faults.append("integrity_check fails")
        if database.execute("PRAGMA foreign_key_check").fetchall():
            faults.append("foreign_key_check fails")
        if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'articles'").fetchone():
            return [*faults, "no tables"] if whole else faults
        database.execute("INSERT INTO quotes_fts (quotes_fts, rank) VALUES ('integrity-check', 1)")
        database.rollback()
    except sqlite3.Error as error:
        faults.append(str(error))
    finally:
        database.close()
    found = list(read_records(path))
    if found != expected[: len(found)] or (whole and len(found) != len(expected)):
        faults.append(f"{len(found)} articles, not those of the input")
    return faults


def main() -> None:
    """Run the trials and print how many kills were survived."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--articles", type=int, default=1_500)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = trials(Path(folder), times=given.times, seed=given.seed, articles=given.articles)
    for fault in found.faults:
        print(fault)
    print(f"{found.kills} kills, when {min(found.left)} to {max(found.left)} of {given.articles} articles were written")
    print(f"{len(found.faults)} faults")
    sys.exit(1 if found.faults else 0)


if __name__ == "__main__":
    main()
