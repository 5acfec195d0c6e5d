"""Gains and losses of a change of rules, quote by quote.

    python -m tests.benchmarks.compare OLD NEW [--split dev] [--show 25]

OLD and NEW are predictions (`accuracy --save FILE`) or git revisions, which are then run as they were; "." is the
checkout as it is. The model is the installed one.
"""

from __future__ import annotations

import argparse
import io
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Sequence
from pathlib import Path

from attrs import frozen

from . import corpus, outcomes
from .outcomes import Outcome


@frozen
class Change:
    """A statement whose fate changed; either side is None if it is in one run only."""

    kind: str
    old: Outcome | None
    new: Outcome | None

    def line(self) -> str:
        """Return the change as one line."""
        shown = self.new or self.old
        assert shown is not None
        before, after = (side.fate if side else "-" for side in (self.old, self.new))
        words = shown.words if len(shown.words) <= 120 else f"{shown.words[:80]} … {shown.words[-38:]}"
        return f"{self.kind:14s} {before} -> {after} | {shown.key[:44]} | {shown.speaker[:40]!r}: {words!r}"


def changes(old: Sequence[Outcome], new: Sequence[Outcome]) -> list[Change]:
    """Return gains, losses, new and gone spurious statements, in this order.

    Args:
        old: outcomes of one run.
        new: outcomes of another on the same articles.
    """
    before, after = {o.key: o for o in old}, {o.key: o for o in new}
    found = []
    for key in before | after:
        a, b = before.get(key), after.get(key)
        kind = _kind(a, b)
        if kind:
            found.append(Change(kind, a, b))
    order = ("gain", "loss", "spurious, new", "spurious, gone", "otherwise wrong")
    return sorted(found, key=lambda change: order.index(change.kind))


def _kind(old: Outcome | None, new: Outcome | None) -> str | None:
    was, now = old.fate if old else None, new.fate if new else None
    if was == now:
        return None
    if "right" in (was, now):
        return "gain" if now == "right" else "loss"
    if "spurious" in (was, now):
        return "spurious, new" if now == "spurious" else "spurious, gone"
    return "otherwise wrong"


def predictions(name: str, *, split: str, folder: Path) -> Path:
    """Return the file of predictions that a name stands for, making it where the name is a revision.

    Args:
        name: a file, a git revision, or "." for the checkout.
        split: the part of the corpus to read.
        folder: where to put what is made.
    """
    if Path(name).is_file():
        return Path(name)
    code = corpus.ROOT
    if name != ".":
        code = folder / "code"
        packed = subprocess.run(
            ["git", "archive", "--format=tar", name], cwd=corpus.ROOT, check=True, capture_output=True
        )
        with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
            archive.extractall(code, filter="data")
        # Its patterns, too, must be the old ones: without the link Python would take those that are installed.
        (code / "quotes" / "patterns").symlink_to(code / "patterns")
    output = folder / "predictions.jsonl"
    program = "import sys; from quotes.cli import main; sys.exit(main(sys.argv[1:]))"
    texts = [str(corpus.folder(split) / "text" / f"{article}.txt") for article, _ in corpus.texts(split)]
    call = [sys.executable, "-c", program, "extract", *texts, "-o", str(output), "--quiet"]
    subprocess.run(call, cwd=code, check=True)
    return output


def main() -> None:
    """Print the table of gains and losses."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old")
    parser.add_argument("new", nargs="?", default=".")
    parser.add_argument("--split", choices=corpus.SPLITS, default="dev")
    parser.add_argument("--show", type=int, default=25, help="at most so many lines of each kind")
    given = parser.parse_args()
    if lost := corpus.missing():
        parser.error(lost)
    runs = []
    for name in (given.old, given.new):
        with tempfile.TemporaryDirectory() as folder:
            made = predictions(name, split=given.split, folder=Path(folder))
            runs.append(outcomes.judge(made, split=given.split))
    found = changes(*runs)
    for quoted, title in ((True, "in quotation marks"), (False, "without")):
        kinds = [c.kind for c in found if (c.new or c.old).quoted == quoted]  # type: ignore[union-attr]
        print(f"{title}: " + ", ".join(f"{kind} {kinds.count(kind)}" for kind in dict.fromkeys(kinds)))
    for kind in dict.fromkeys(change.kind for change in found):
        for change in [c for c in found if c.kind == kind][: given.show]:
            print(change.line())


if __name__ == "__main__":
    main()
