"""Run a target under atheris for a number of seconds; keep its findings, one input per place, and continue.

libFuzzer would stop at the first crash: here an exception, or an input that takes far too long, is kept in a folder
and told at the end, with the number of executions.
"""

from __future__ import annotations

import argparse
import importlib
import os
import pkgutil
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from time import monotonic, process_time
from typing import NoReturn

from attrs import define, field

Check = Callable[[bytes], None]

# A few kilobytes take milliseconds; an input that takes a thousand times as long is a finding, too.
SLOW = 3.0
LONGEST = 4096
# These load torch or Ray and read no articles.
_LEFT_OUT = ("quotes.reader.training", "quotes.batch.ray")


@define
class Findings:
    """The findings so far, by the place where each was raised."""

    folder: Path
    seen: Counter[str] = field(factory=Counter)
    executions: int = 0

    def run(self, check: Check, data: bytes) -> None:
        """Check one input; keep it where it raises or is slow."""
        self.executions += 1
        began = process_time()
        try:
            check(data)
        except Exception as error:
            at = traceback.extract_tb(error.__traceback__)[-1]
            self.keep(f"{type(error).__name__}-{Path(at.filename).stem}-{at.lineno}", data)
        if process_time() - began > SLOW:
            self.keep("slow", data)

    def keep(self, place: str, data: bytes) -> None:
        """Count a finding, and write the input down where it is the first of its place, or shorter."""
        self.seen[place] += 1
        path = self.folder / place
        if not path.exists() or path.stat().st_size > len(data):
            path.write_bytes(data)

    def told(self, seconds: float) -> str:
        """Return the closing words: counts, then a line for each place."""
        lines = [f"{self.executions:,} executions in {seconds:.0f} s, {len(self.seen)} findings in {self.folder}"]
        return "\n".join([*lines, *(f"  {place}: {number} times" for place, number in self.seen.most_common())])


def main(load: Callable[[], Check], *, about: str | None) -> None:
    """Fuzz what `load` returns, as the command line says; `load` is called once the project is instrumented."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--corpus", type=Path, help="folder of inputs, to begin with and to add to")
    parser.add_argument("--findings", type=Path, help="folder for what falls out; a new one by default")
    given = parser.parse_args()
    try:
        import atheris  # type: ignore[import-not-found]
    except ImportError:
        parser.error("the fuzzer is not installed: .venv/bin/pip install '.[fuzz]'")
    with atheris.instrument_imports(include=["quotes"]):
        _import_all()
    check = load()
    findings = Findings(given.findings or Path(tempfile.mkdtemp(prefix="quotes-fuzz-")))
    findings.folder.mkdir(parents=True, exist_ok=True)
    began = monotonic()

    def one(data: bytes) -> None:
        findings.run(check, data)
        if monotonic() - began > given.seconds:
            _finish(findings, monotonic() - began)

    options = [sys.argv[0], f"-seed={given.seed}", f"-max_len={LONGEST}", "-len_control=20", "-rss_limit_mb=0"]
    # Slowness is measured by processor time, above; on a busy machine wall time includes other programs.
    options += ["-timeout=600", "-report_slow_units=600"]
    if given.corpus:
        given.corpus.mkdir(parents=True, exist_ok=True)
        options.append(str(given.corpus))
    atheris.Setup(options, one)
    atheris.Fuzz()


def _import_all() -> None:
    import quotes

    for module in pkgutil.walk_packages(quotes.__path__, "quotes."):
        if not module.name.startswith(_LEFT_OUT):
            importlib.import_module(module.name)


def _finish(findings: Findings, seconds: float) -> NoReturn:
    """End the process here: libFuzzer's own exit would not return to report anything."""
    print(findings.told(seconds), flush=True)
    os._exit(1 if findings.seen else 0)
