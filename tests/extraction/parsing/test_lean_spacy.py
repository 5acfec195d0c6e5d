"""spaCy is imported without its command line, which is imported on demand."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

_LIBRARIES = ("requests", "httpx", "typer", "weasel")


def _said(program: str) -> str:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120)
    assert not done.returncode, done.stderr
    return done.stdout.strip()


def test_the_command_lines_libraries_stay_away() -> None:
    """Loading the model imports none of the libraries that reach the network."""
    program = f"""
import sys
from pathlib import Path

import pytest
from quotes.extraction.parsing.model import installed
from quotes.lexicon import load_lexicon
installed(None, load_lexicon("en"))
print([name for name in {_LIBRARIES} if name in sys.modules])
"""
    assert _said(program) == "[]"


def test_the_command_line_is_there_when_it_is_asked_for() -> None:
    """`spacy.cli` and `spacy.info` are spaCy's own after the import."""
    program = """
from quotes.extraction.parsing.lean_spacy import import_spacy
spacy = import_spacy()
assert import_spacy() is spacy
version = spacy.info(silent=True)["spacy_version"]
import spacy.cli
print(spacy.cli.download.__module__, version == spacy.__version__)
"""
    assert _said(program) == "spacy.cli.download True"


def test_registries_find_what_other_packages_register() -> None:
    """Entry points are grouped, not lost: those of spacy-loggers, and of the packaged models."""
    program = """
from quotes.extraction.parsing.lean_spacy import import_spacy
spacy = import_spacy()
from importlib.metadata import entry_points
from spacy.util import registry
names = {point.name for point in entry_points(group="spacy_loggers")}
print(bool(names), names <= set(registry.loggers.get_all()), all(name in registry.loggers for name in names))
"""
    assert _said(program) == "True True True"


@pytest.mark.parametrize(("arguments", "imported"), [("alone=True", False), ("", True)])
def test_torch_is_left_out_where_nothing_else_uses_spacy(arguments: str, imported: bool, tmp_path: Path) -> None:
    """A process of our own never imports PyTorch; in another one spaCy has it, for components made with it."""
    (tmp_path / "torch.py").write_text("print('torch was imported')\nraise ImportError\n", encoding="utf-8")
    program = f"""
import sys
from pathlib import Path

import pytest
sys.path.insert(0, {str(tmp_path)!r})
from quotes import load
pipeline = load(reader="patterns", {arguments})
assert "torch" not in sys.modules
"""
    assert ("torch was imported" in _said(program)) == imported


def test_torch_stays_for_a_named_model(tmp_path: Path) -> None:
    """A model named by the user may need it."""
    (tmp_path / "torch.py").write_text("print('torch was imported')\nraise ImportError\n", encoding="utf-8")
    program = f"""
import sys
from pathlib import Path

import pytest
sys.path.insert(0, {str(tmp_path)!r})
from quotes.extraction.parsing.model import installed
from quotes.lexicon import load_lexicon
lexicon = load_lexicon("en")
installed(lexicon.words["en-models"][-1], lexicon, alone=True)
"""
    assert "torch was imported" in _said(program)
