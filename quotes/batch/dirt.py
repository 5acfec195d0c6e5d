"""Count the dirt in the texts of a run, and report one line per dirty file, repaired or not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Iterable

from attrs import define, field

from quotes.batch.outcome import Outcome
from quotes.ingest.cleaning import described, repairs


@define
class Tally:
    """Counts the dirt of one file after another.

    Args:
        say: called with a line on each dirty file, once all its texts are read.
    """

    say: Callable[[str], None]
    _file: str = field(default="", init=False)
    _cleaned: bool = field(default=False, init=False)
    _counts: Counter[str] = field(factory=Counter, init=False)

    def counted(self, outcomes: Iterable[Outcome]) -> Generator[Outcome, None, None]:
        """Pass outcomes on and count the dirt of each."""
        for outcome in outcomes:
            yield outcome
            if outcome.file and outcome.file != self._file:
                self.report()
                self._file = outcome.file
            self._counts.update({repair.step: repair.count for repair in outcome.dirt})
            self._cleaned = self._cleaned or outcome.cleaned

    def report(self) -> None:
        """Report the dirt found since the last report."""
        found = described(repairs(self._counts))
        if found and self._cleaned:
            self.say(f"{self._file}: repaired {found}")
        elif found:
            self.say(f"{self._file}: has {found}; --clean repairs that")
        self._cleaned, self._counts = False, Counter()
