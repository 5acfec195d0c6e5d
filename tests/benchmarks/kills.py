"""Kill the real program at random moments, go on with `--resume`, and compare with a run that nobody disturbed.

    python -m tests.benchmarks.kills [--times 50] [--seed 1] [--jobs 2] [--articles 300]

Every kill is a SIGKILL of the whole process group: after a random time, or as soon as the output's part file has a
random length. When a run gets to its end its output must be that of the undisturbed run, byte for byte, and its
errors the same lines; then the next begins anew, until so many kills have been survived. Needs no articles but its own.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from attrs import define, frozen

_SAID = (
    "The council met on {day}. “{what},” said {who}, who leads the harbour board. Nobody else took the floor.",
    "{who} told reporters that {what_low}. The board will meet again on {day}, according to its spokesman.",
    "“{what},” {who} said on {day}. “We will be back.” The crews went home at noon.",
    "It rained on {day}. The gate at the harbour stayed shut.",
)
_WHO = ("Ana Moreira", "Oswald James", "Lena Fischer", "Tomas Petrov", "Grace Adeyemi")
_WHAT = ("The crane is safe again", "Nobody asked the fishermen", "The budget is too small", "The wall will hold")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


@frozen
class Result:
    """How many kills there were, how many runs came to an end between them, and what was wrong."""

    kills: int
    runs: int
    kept: int
    """How many kills left finished articles behind."""
    faults: tuple[str, ...]


@define
class Trial:
    """One input, the undisturbed output, and a program to be killed."""

    folder: Path
    jobs: int
    chance: random.Random
    whole: bytes = b""
    errors: str = ""
    seconds: float = 0.0

    @property
    def output(self) -> Path:
        """The output folder of the disturbed runs."""
        return self.folder / "out.jsonl"

    def start(self, output: Path) -> subprocess.Popen[str]:
        """Start the program in a separate process group."""
        command = "import sys; from quotes.cli import main; sys.exit(main(sys.argv[1:]))"
        choices = ("--reader", "patterns", "--jobs", str(self.jobs), "--resume", "-q")
        return subprocess.Popen(
            [sys.executable, "-c", command, "extract", "in.jsonl", *choices, "-o", output.name],
            cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip

    def undisturbed(self) -> None:
        """Run once to the end, and remember what was written and said."""
        output = self.folder / "whole.jsonl"
        began = time.monotonic()
        self.errors = self.start(output).communicate()[1]
        self.seconds = time.monotonic() - began
        self.whole = output.read_bytes()

    def killed(self) -> str | None:
        """Run until the next kill; return what the program said where it came to its end before."""
        child = self.start(self.output)
        part = self.output.with_name("out.jsonl.part")
        if self.chance.random() < 0.7 and _size(part) < len(self.whole):  # while it writes, however busy the machine
            length, seconds = self.chance.randrange(_size(part), len(self.whole)), 60.0
        else:
            length, seconds = sys.maxsize, self.chance.uniform(0.05, 1.2) * self.seconds
        deadline = time.monotonic() + seconds
        while child.poll() is None and time.monotonic() < deadline and _size(part) < length:
            time.sleep(0.0005)
        time.sleep(self.chance.choice((0.0, self.chance.uniform(0, 0.05))))
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
        told = child.communicate()[1]
        return told if child.returncode >= 0 else None


def trials(folder: Path, *, times: int, seed: int, jobs: int, articles: int) -> Result:
    """Kill the program so many times.

    Args:
        folder: an empty one, for input and outputs.
        times: kills.
        seed: of all that is random.
        jobs: processes that read.
        articles: length of the input.
    """
    chance = random.Random(seed)
    write_input(folder / "in.jsonl", chance, articles)
    trial = Trial(folder, jobs, chance)
    trial.undisturbed()
    kills = runs = kept = 0
    faults: list[str] = []
    while kills < times:
        told = trial.killed()
        if told is None:
            kills += 1
            kept += _kept(trial, kills, faults)
            continue
        runs += 1
        faults += _compared(trial, told, kills)
        trial.output.unlink(missing_ok=True)
    while (told := _to_the_end(trial)) is None:
        pass
    runs += 1
    faults += _compared(trial, told, kills)
    return Result(kills, runs, kept, tuple(faults))


def _to_the_end(trial: Trial) -> str | None:
    return trial.start(trial.output).communicate()[1]


def _kept(trial: Trial, kills: int, faults: list[str]) -> bool:
    """Check what a kill has left behind: the journal counts whole articles of the undisturbed output, and no others."""
    journal = trial.folder / "out.jsonl.journal"
    lines = journal.read_bytes().split(b"\n")[1:-1] if journal.exists() else []
    if not lines:
        return False
    end = json.loads(lines[-1])[2]
    part = trial.folder / "out.jsonl.part"
    written = (part if part.exists() else trial.output).read_bytes()[:end]
    if written != trial.whole[:end] or len(written) != end or (end and written[-1:] != b"\n"):
        faults.append(f"kill {kills}: what the journal counts is not what the undisturbed run wrote")
    return True


def _compared(trial: Trial, told: str, kills: int) -> list[str]:
    faults = []
    if trial.output.read_bytes() != trial.whole:
        faults.append(f"after kill {kills}: the output is not that of the undisturbed run")
    if told != trial.errors:
        faults.append(f"after kill {kills}: the errors told are not those of the undisturbed run")
    if left := sorted(path.name for path in trial.folder.iterdir() if path.name.startswith("out.jsonl.")):
        faults.append(f"after kill {kills}: left behind: {', '.join(left)}")
    return faults


def write_input(path: Path, chance: random.Random, articles: int) -> None:
    """Write short articles, with a bad line now and then."""
    with path.open("w", encoding="utf-8") as stream:
        for number in range(articles):
            if chance.random() < 0.03:
                stream.write('{"text": "torn\n')
                continue
            said = [
                chance.choice(_SAID).format(
                    who=chance.choice(_WHO), day=chance.choice(_DAYS), what=what, what_low=what[0].lower() + what[1:]
                )
                for what in chance.choices(_WHAT, k=chance.choice((1, 1, 2, 6)))
            ]
            stream.write(json.dumps({"id": f"a{number}", "text": "\n".join(said)}, ensure_ascii=False) + "\n")


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def main() -> None:
    """Run the trials and print how many kills were survived."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--articles", type=int, default=300)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = trials(Path(folder), times=given.times, seed=given.seed, jobs=given.jobs, articles=given.articles)
    for fault in found.faults:
        print(fault)
    lost = len({fault.partition(":")[0] for fault in found.faults})
    print(
        f"{found.kills - lost} of {found.kills} kills survived; {found.kept} of them left finished articles behind, "
        f"{found.runs} runs came to their end"
    )
    sys.exit(1 if found.faults else 0)


if __name__ == "__main__":
    main()
