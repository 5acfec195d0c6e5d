"""`import quotes` and `quotes --help` are quick and load nothing heavy."""

from __future__ import annotations

import resource
import subprocess
import sys

import pytest

HEAVY = ("spacy", "textacy", "trafilatura", "numpy", "thinc", "lxml")
# The bound that the project promises, for the whole process on an idle machine; and how many times as long as loading
# click it may take where a machine is slower.
SECONDS, TIMES = 0.150, 3.0

COMMANDS = {
    "import quotes": "import quotes",
    "quotes --help": "from quotes.cli import main; main(['--help'])",
    "quotes extract --help": "from quotes.cli import main; main(['extract', '--help'])",
}


def process_seconds(code: str) -> float:
    """Return the processor time of a process that runs the code."""

    def spent() -> float:
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime

    before = spent()
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    return spent() - before


@pytest.mark.parametrize("name", COMMANDS)
def test_nothing_heavy_is_loaded(name: str) -> None:
    """No parser, no vectors and no HTML reader is loaded before there is something to read."""
    code = f"{COMMANDS[name]}\nimport sys\nprint('LOADED', [m for m in {HEAVY} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "LOADED []"


@pytest.mark.slow
@pytest.mark.parametrize("name", COMMANDS)
def test_it_is_quick(name: str) -> None:
    """The best of up to twenty runs takes less than 150 ms of processor time, or than three times loading click.

    A busy machine slows only some runs, a slow one all, and one that stays busy both alike: they take turns.
    """
    clicks = [process_seconds("import click") for _ in range(4)]
    for _ in range(20):
        clicks.append(process_seconds("import click"))
        bound = max(SECONDS, TIMES * min(clicks[-5:]))
        if process_seconds(COMMANDS[name]) < bound:
            return
    pytest.fail(f"{name} took {bound * 1000:.0f} ms or more in each of 20 runs")
