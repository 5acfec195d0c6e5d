"""How the tests write exports and run the programs that check them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from quotes.batch.run import save
from quotes.export import FORMATS
from quotes.records import ArticleRecord, Quote

WHY = "needs .venv/bin/pip install '.[test-all]'"


def saved(name: str, records: list[Any], folder: Path) -> Path:
    """Write records as the command does, and return the file."""
    entry = FORMATS[name]
    path = folder / f"out{entry.suffixes[0]}"
    save(records, write=entry.write, output=path, target=entry.target)
    return path


def quotes_of(records: list[ArticleRecord]) -> list[Quote]:
    """Return all quotes, in order."""
    return [quote for record in records for quote in record.quotes]


def run(*command: str, cwd: Path) -> str:
    """Run a program of the environment and return what it prints; it must end well."""
    program = Path(sys.executable).with_name(command[0])
    done = subprocess.run([str(program), *command[1:]], cwd=cwd, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
