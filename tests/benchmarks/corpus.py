"""Find the annotated articles and their scorers, and write predictions the way `quotes extract --format jsonl` does.

PolNeAR (Newell and others, 2018) and the hand-made links lie outside the repository, in `../shared`; they are read
where they are and never copied.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Container, Iterable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from quotes.batch.run import Destination, Summary, run
from quotes.export.formats import json_lines
from quotes.ingest import read
from quotes.records import ErrorRecord, SourceText

if TYPE_CHECKING:
    from quotes.extraction.pipeline import Pipeline

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
BENCH = SHARED / "bench"
LINKS = SHARED / "corpora" / "links"
PAGES = SHARED / "corpora" / "pages"
SPLITS = ("train", "dev", "test")
# Some articles of the corpus print '' for both marks of a quotation, which other programs do not take for marks. All
# figures are therefore printed twice, with these articles and without, and both have floors.
DOUBLED = "''"


@frozen
class Scorers:
    """The scoring programs, as modules: `score` for spans and speakers, `links` for names, roles and channels.

    `pages` is for all of these on web pages.
    """

    score: Any
    links: Any
    pages: Any


def folder(split: str) -> Path:
    """Return the folder of a part of the corpus."""
    return SHARED / "corpora" / "polnear" / split


def missing() -> str | None:
    """Say what of the corpus and the scorers is not there, or return None."""
    needed = (BENCH / "score.py", BENCH / "links.py", BENCH / "pages.py", LINKS, PAGES, folder("dev"))
    lost = [path for path in needed if not path.exists()]
    return f"no {'/'.join(lost[0].parts[-3:])} beside the checkout" if lost else None


@cache
def scorers() -> Scorers:
    """Import the scoring programs from where they are; `links` imports `score` by that name."""
    writes, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    sys.path.insert(0, str(BENCH))
    try:
        return Scorers(import_module("score"), import_module("links"), import_module("pages"))
    finally:
        sys.path.remove(str(BENCH))
        sys.dont_write_bytecode = writes


def fingerprint(paths: Iterable[Path]) -> str:
    """Return the SHA-256 of files and of all files below folders: names and contents, sorted by name.

    Args:
        paths: files and folders; only the part of a name below the folder counts.
    """
    named = []
    for path in paths:
        files = [path] if path.is_file() else [p for p in path.rglob("*") if p.is_file()]
        named += [(f"{path.name}/{file.relative_to(path).as_posix()}", file) for file in files]
    digest = hashlib.sha256()
    for name, file in sorted(named):
        digest.update(f"{name}\0{file.stat().st_size}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def measured_files(split: str) -> tuple[Path, ...]:
    """Return what a figure depends on besides the project: articles, annotations, links and the scorers."""
    programs = (BENCH / name for name in ("score.py", "links.py", "pages.py"))
    return folder(split) / "text", folder(split) / "attributions", LINKS, PAGES, *programs


def texts(split: str) -> list[tuple[str, str]]:
    """Return name and text of each annotated article, in order."""
    return [(name, text) for name, text, _ in scorers().score.read_gold(folder(split))]


def sources(names: Iterable[str], *, split: str) -> Iterator[SourceText | ErrorRecord]:
    """Yield the articles as the command line would read them, each named by its file alone."""
    for source in read([str(folder(split) / "text" / f"{name}.txt") for name in names]):
        yield evolve(source, name=Path(source.name).name) if isinstance(source, SourceText) else source


def predict(
    pipeline: Pipeline, output: Path, *, split: str, only: Container[str] | None = None
) -> Summary:
    """Read a part of the corpus and write its records.

    Args:
        pipeline: a loaded pipeline.
        output: JSON Lines, written anew.
        split: which part.
        only: names of articles; all of the part by default.

    Returns:
        What the run counted; `errors` is the number of articles that raised.
    """
    names = [name for name, _ in texts(split) if only is None or name in only]
    return run(sources(names, split=split), Destination(output, json_lines.write), load=lambda: pipeline)


def without_doubled(split: str, *, into: Path) -> Path:
    """Make a folder of links to the articles that do not print '' for quotation marks; the scorers read it as a corpus.

    Args:
        split: which part of the corpus.
        into: an empty folder.
    """
    for part in ("text", "attributions"):
        (into / part).mkdir()
    for name, text in texts(split):
        if DOUBLED not in text:
            (into / "text" / f"{name}.txt").symlink_to(folder(split) / "text" / f"{name}.txt")
            for path in (folder(split) / "attributions").glob(f"{name}_*.ann"):
                (into / "attributions" / path.name).symlink_to(path)
    return into
