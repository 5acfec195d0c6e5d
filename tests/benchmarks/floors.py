"""Floors under the measured figures, in `floors.json` with the corpus's fingerprint: raised, never lowered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import asdict, frozen

FILE = Path(__file__).with_name("floors.json")
# The scorers round figures to four places; a figure may be this far below its floor.
SLACK = 0.0005
# A figure of the reader's may be this far below. Another kind of processor rounds some of the reader's numbers to their
# neighbours: between an Intel Xeon with VNNI instructions and an AMD EPYC without, figures differed by .000 to .007.
READ = 0.005
# The beginnings of the names of figures in which the reader has no part.
UNREAD = ("patterns alone: ", "variants, ")


@frozen
class Floors:
    """The least that each figure may be, on the corpus of this fingerprint."""

    fingerprint: str
    least: dict[str, float]

    def below(self, figures: Mapping[str, float]) -> dict[str, str]:
        """Return the figures that have fallen below their floor, or were not measured, and by how much."""
        fallen = {}
        for name, floor in self.least.items():
            if name not in figures:
                fallen[name] = f"not measured; its floor is {floor:.4f}"
            elif figures[name] < floor - (SLACK if name.startswith(UNREAD) else READ):
                fallen[name] = f"{figures[name]:.4f} is below its floor {floor:.4f}"
        return fallen


def load(path: Path = FILE) -> Floors:
    """Read the pinned floors."""
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return Floors(data["fingerprint"], data["least"])


def raised(floors: Floors, figures: Mapping[str, float], *, fingerprint: str) -> Floors:
    """Return floors raised to the measured figures; none is lowered, unless the corpus is another one.

    Args:
        floors: the pinned ones.
        figures: what was measured; a figure without a floor gets one.
        fingerprint: of the corpus that it was measured on. On another corpus old floors mean nothing, so all are new.
    """
    if fingerprint != floors.fingerprint:
        return Floors(fingerprint, dict(figures))
    return Floors(fingerprint, floors.least | {n: max(v, floors.least.get(n, v)) for n, v in figures.items()})


def save(floors: Floors, *, path: Path = FILE) -> None:
    """Write floors as readable JSON."""
    path.write_text(json.dumps(asdict(floors), indent=2) + "\n", encoding="utf-8")
