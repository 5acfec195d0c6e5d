"""Draw figures for the README as SVG: the same file, byte for byte, from the same numbers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

INK = "#1f4e79"
PALE = "#b8c9dc"


@contextmanager
def figure(path: Path, *, width: float, height: float) -> Iterator[Figure]:
    """Give an empty figure, and write it when the block ends.

    Args:
        path: an SVG file, written anew.
        width: inches.
        height: inches.

    Raises:
        SystemExit: where matplotlib is not installed; the message says how to get it.
    """
    try:
        from matplotlib import rc_context
        from matplotlib.figure import Figure
    except ImportError:
        raise SystemExit("--draw needs matplotlib: .venv/bin/pip install '.[bench]'") from None

    # Without a salt, ids are random each time.
    with rc_context({"svg.hashsalt": "quotes", "axes.spines.top": False, "axes.spines.right": False, "font.size": 9}):
        made = Figure(figsize=(width, height), layout="constrained")
        yield made
        made.savefig(path, format="svg", metadata={"Date": None, "Creator": None})
    # matplotlib ends lines of path data with a space.
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("".join(f"{line.rstrip()}\n" for line in lines), encoding="utf-8")
