"""Kill the real program at random moments while it writes a store, look at what is left, and let it go on.

    python -m tests.benchmarks.store_kills [--times 50] [--seed 1] [--articles 1500]

Every kill is a SIGKILL of `quotes store` after a random part of the time that an undisturbed run takes. Then the file
must pass SQLite's own checks and hold whole articles alone, and after one more run all of them, once.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from attrs import frozen

from quotes.export import read_records, to_dict
from quotes.records import ArticleRecord
from tests.benchmarks.store_search import varied


@frozen
class Result:
    """How many kills there were, how many of them left a part of the articles behind, and what was wrong."""

    kills: int
    parts: int
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
    began = time.monotonic()
    start(folder).wait()
    seconds = time.monotonic() - began
    faults, kills, parts = check(folder, expected, whole=True), 0, 0
    while kills < times:
        for path in folder.glob("quotes.*"):
            path.unlink()
        child = start(folder)
        time.sleep(chance.uniform(0.05, 1.0) * seconds)
        child.kill()
        if child.wait() != -signal.SIGKILL:
            continue
        kills += 1
        if (folder / "quotes.db").exists() and (folder / "quotes.db").stat().st_size:
            faults += [f"kill {kills}: {fault}" for fault in check(folder, expected, whole=False)]
            parts += 0 < held(folder) < articles
        if start(folder).wait():
            faults.append(f"kill {kills}: the next run failed")
        faults += [f"after kill {kills}: {fault}" for fault in check(folder, expected, whole=True)]
    return Result(kills, parts, tuple(faults))


def held(folder: Path) -> int:
    """Return how many articles a store holds."""
    database = sqlite3.connect(folder / "quotes.db")
    try:
        made = database.execute("SELECT 1 FROM sqlite_master WHERE name = 'articles'").fetchone()
        return int(database.execute("SELECT count(*) FROM articles").fetchone()[0]) if made else 0
    finally:
        database.close()


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
    print(f"{found.kills} kills, {found.parts} of them amid the articles; {len(found.faults)} faults")
    sys.exit(1 if found.faults else 0)


if __name__ == "__main__":
    main()
