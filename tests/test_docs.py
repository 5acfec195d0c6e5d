"""Hold the documents to the program: what they show runs, what they name exists, and the README stays short."""

from __future__ import annotations

import configparser
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest

from tests.documents import ROOT, SET_UP, Ran, blocks, commands

README, PATTERNS, CHANGELOG = ROOT / "README.md", ROOT / "patterns" / "README.md", ROOT / "CHANGELOG.md"
BESIDE = [*(ROOT / "quotes").rglob("README.md"), *(ROOT / "tests").rglob("README.md"), ROOT / "samples" / "README.md"]
GUIDES = [README, *sorted(BESIDE)]
# The patterns' guide shows tables, not files: a separate test proves them.
DOCUMENTS = [*GUIDES, PATTERNS]
LARGEST = 9_000  # bytes of README.md
LINK = re.compile(r"\]\((?!https?:)([^)#]+)\)")
PLACE = re.compile(r"`((?:quotes|patterns|tests|samples)/[a-z_][\w./-]*)`")
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")

every_document = pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.relative_to(ROOT).as_posix())
# Recipes for other people's libraries: skipped in part where these are missing.
WITH_OTHERS = [ROOT / "quotes" / name / "README.md" for name in ("batch", "export", "web")]

every_guide = pytest.mark.parametrize("path", GUIDES, ids=lambda p: p.relative_to(ROOT).as_posix())


@pytest.fixture(scope="session")
def ran(pipeline: Any, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Ran]:
    """Run a document's blocks, once a session."""
    done: dict[Path, Ran] = {}

    def run(path: Path) -> Ran:
        if path not in done:
            done[path] = Ran(path, tmp_path_factory.mktemp("desk"), pipeline).run()
        return done[path]

    return run


def section(path: Path, heading: str) -> str:
    """Return the text under a heading."""
    return path.read_text(encoding="utf-8").partition(f"## {heading}\n")[2].partition("\n## ")[0]


def first_cells(text: str) -> list[str]:
    """Return the words in backticks in the first cells of tables."""
    return [name for cell in re.findall(r"^\| (`[^|]+`) \|", text, re.M) for name in re.findall(r"`([\w-]+)`", cell)]


@pytest.mark.parametrize(
    "path",
    [pytest.param(path, marks=pytest.mark.test_all) if path in WITH_OTHERS else path for path in GUIDES],
    ids=lambda p: p.relative_to(ROOT).as_posix(),
)
def test_what_it_shows_runs(path: Path, ran: Callable[[Path], Ran]) -> None:
    """Every block of the document does what it says; the error for one that does not names its line."""
    done = ran(path)
    assert not done.faults, "\n\n".join(done.faults)
    if done.missing:
        pytest.skip(f"all but what needs {', '.join(sorted(done.missing))}: .venv/bin/pip install '.[test-all]'")


def test_the_readme_is_short() -> None:
    """Ten minutes of reading: the rest is in the packages' READMEs."""
    assert len(README.read_bytes()) <= LARGEST


def test_the_readme_has_its_commands() -> None:
    """The README has two set-up commands, seven to try, and six lines of Python."""
    lines = [c for block in blocks(README) if block.kind == "bash" for c in commands(block.body)]
    assert 2 == sum(line.startswith(SET_UP) for line in lines)
    [seven] = re.findall(r"(?ms)^```bash\n(.*?)^```", section(README, "Seven commands"))
    assert 7 == len(list(commands(seven)))
    [program] = [block.body for block in blocks(README) if block.kind == "python"]
    assert 6 == sum(bool(line.strip()) for line in program.splitlines())


def test_ci_takes_the_set_up_from_the_readme() -> None:
    """Continuous integration runs the very set-up commands that a reader would."""
    done = subprocess.run(["bash", str(ROOT / ".ci" / "run"), "--print"], check=True, capture_output=True, text=True)
    shown = [c for block in blocks(README) if block.kind == "bash" for c in commands(block.body)]
    assert done.stdout.splitlines() == [line for line in shown if line.startswith(SET_UP)]


@pytest.mark.parametrize("path", [*DOCUMENTS, CHANGELOG], ids=lambda p: p.relative_to(ROOT).as_posix())
def test_links_and_names_lead_somewhere(path: Path) -> None:
    """Every relative link, and every file of the repository that is named, exists."""
    text = path.read_text(encoding="utf-8")
    assert [] == [target for target in LINK.findall(text) if not (path.parent / target).exists()]
    assert [] == [place for place in PLACE.findall(text) if path != CHANGELOG and not (ROOT / place).exists()]


@every_document
def test_every_option_exists(path: Path) -> None:
    """An option that a document names is one of some command."""
    from quotes.cli import cli

    def options(command: Any) -> set[str]:
        own = {name for parameter in command.params for name in parameter.opts + parameter.secondary_opts}
        return own.union(*(options(sub) for sub in getattr(command, "commands", {}).values()))

    others = r"(?m)^.*(?:python -m (?:tests|quotes)|curl|pip |datasette ).*$|`\w+ --[^`]+`"
    text = re.sub(others, "", path.read_text(encoding="utf-8"))
    assert set(OPTION.findall(text)) - {"--help", "--version"} - options(cli) == set()


@every_guide
def test_its_python_comes_through_the_front_door(path: Path) -> None:
    """Documents import from `quotes` alone, never from a module within."""
    shown = [block.body for block in blocks(path) if block.kind == "python"]
    assert [] == [line for body in shown for line in re.findall(r"(?m)^\s*(?:from|import) quotes\..*$", body)]


def test_documents_beside_packages_are_installed_with_them() -> None:
    """Each README below `quotes/` is among the data of its package."""
    settings = configparser.ConfigParser()
    settings.read(ROOT / "setup.cfg", encoding="utf-8")
    data = settings["options.package_data"]
    packages = [".".join(p.parent.relative_to(ROOT).parts) for p in BESIDE if ROOT / "quotes" in p.parents]
    assert [] == [name for name in packages if "README.md" not in data.get(name, "")]


def test_every_sample_is_listed() -> None:
    """The table of samples names each text of `samples/` once, and no other."""
    samples = sorted(p.name for p in (ROOT / "samples").iterdir() if p.suffix in (".txt", ".html"))
    text = (ROOT / "samples" / "README.md").read_text(encoding="utf-8")
    assert samples == re.findall(r"^\| `([^`]+)` \|", text, re.M)


def test_the_samples_guide_is_no_sample() -> None:
    """`quotes extract samples/` reads the texts alone."""
    from quotes.ingest import read

    assert not [found for found in read(ROOT / "samples") if "README" in getattr(found, "name", "README")]


@pytest.mark.parametrize("name", ["Quote", "Speaker", "Channel"])
def test_every_field_is_explained(name: str) -> None:
    """The tables of the record name each field."""
    import quotes

    text = section(ROOT / "quotes" / "records" / "README.md", f"A {name.lower()}")
    assert sorted(first_cells(text)) == sorted(field.name for field in attrs.fields(getattr(quotes, name)))


def test_the_patterns_that_the_guide_shows_hold(tmp_path: Path) -> None:
    """Every table in the guide to patterns loads as part of a newsroom's own folder and is proved by its examples."""
    from quotes.extraction.pattern_proof import prove
    from quotes.extraction.pipeline import load
    from quotes.lexicon import load_lexicon

    (tmp_path / "en").mkdir()
    shown = [block.body for block in blocks(PATTERNS) if block.kind == "toml"]
    for number, block in enumerate(shown):
        (tmp_path / "en" / f"shown{number}.toml").write_text(block, encoding="utf-8")
    built_in, pipeline = load_lexicon("en"), load(patterns=tmp_path)
    own = pipeline.lexicon.origin.keys() - built_in.origin.keys()
    assert len(own) >= len(shown) >= 5
    assert prove(pipeline.lexicon, pipeline) == []


def test_the_words_that_a_cue_may_take_are_those_of_the_loader() -> None:
    """The guide's table of `takes` names each value that a cue may have, and no other."""
    from quotes.lexicon.tables import TAKES

    text = section(PATTERNS, "A cue")
    assert sorted(first_cells(text)) == sorted(TAKES)
