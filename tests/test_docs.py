"""Run what the documents show, so that no command, program or output in them goes stale.

`QUOTES_UPDATE_GOLDEN=1` writes the outputs in README.md anew: its record and what its Python prints.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
PATTERNS = ROOT / "patterns" / "README.md"
UPDATE = os.environ.get("QUOTES_UPDATE_GOLDEN") == "1"
FENCE = re.compile(r"^```(?P<kind>\w+)\n(?P<body>.*?)^```$", re.M | re.S)
LINK = re.compile(r"\]\((?!https?:)([^)#]+)\)")
SET_UP = "python3 -m venv "


def blocks(path: Path, kind: str) -> list[str]:
    """Return the fenced blocks of one kind, in order."""
    return [m["body"] for m in FENCE.finditer(path.read_text(encoding="utf-8")) if m["kind"] == kind]


COMMANDS = [line for block in blocks(README, "bash") for line in block.splitlines() if line.strip()]
TO_RUN = [line for line in COMMANDS if not line.startswith(SET_UP)]


@frozen
class Shown:
    """A command of the README and what it did."""

    status: int
    output: str
    errors: str


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds nothing but a copy of the samples."""
    folder = tmp_path_factory.mktemp("desk")
    shutil.copytree(ROOT / "samples", folder / "samples")
    return folder


@pytest.fixture(scope="module")
def ran(desk: Path) -> dict[str, Shown]:
    """All commands of the README but the set-up, run in order in that folder by the installed program."""
    program = Path(sys.executable).with_name("quotes")
    assert program.exists(), f"no {program.name} beside {Path(sys.executable).name}; install the project first"
    environment = os.environ | {"PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}"}
    shown = {}
    for command in TO_RUN:
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", command], cwd=desk, env=environment, capture_output=True, text=True
        )
        shown[command] = Shown(done.returncode, done.stdout, done.stderr)
    return shown


def test_the_readme_has_its_commands() -> None:
    """Two set-up commands and six to try stand in the README; what its other sections show is run as well."""
    six = README.read_text(encoding="utf-8").partition("## Six commands\n")[2].partition("\n## ")[0]
    bodies = [m["body"] for m in FENCE.finditer(six) if m["kind"] == "bash"]
    shown = [line for body in bodies for line in body.splitlines() if line.strip()]
    assert (2, 6) == (len(COMMANDS) - len(TO_RUN), len(shown))
    assert {"bash", "console", "json", "python", "text"} == {
        m["kind"] for m in FENCE.finditer(README.read_text("utf-8"))
    }


def test_ci_takes_the_set_up_from_the_readme() -> None:
    """Continuous integration runs the very set-up commands that a reader would."""
    done = subprocess.run(["bash", str(ROOT / ".ci" / "run"), "--print"], check=True, capture_output=True, text=True)
    assert done.stdout.splitlines() == [line for line in COMMANDS if line.startswith(SET_UP)]


@pytest.mark.parametrize("command", TO_RUN)
def test_the_command_runs(command: str, ran: dict[str, Shown]) -> None:
    """The command ends well, and writes data to its file or to standard output."""
    shown = ran[command]
    assert shown.status == 0, shown.errors
    assert bool(shown.output) == (" -o " not in command and ">" not in command)


def test_the_commands_write_what_they_say(ran: dict[str, Shown], desk: Path) -> None:
    """Each file that a command names is there and holds what its options ask for."""
    assert json.loads((desk / "quotes.json").read_text("utf-8"))["errors"] == []
    assert json.loads((desk / "wire.jsonl").read_text("utf-8"))["article"]["source"] == "-"
    lines = [json.loads(line) for line in (desk / "sure.jsonl").read_text("utf-8").splitlines()]
    found = [quote for line in lines for quote in line["quotes"]]
    assert {quote["type"] for quote in found} == {"direct", "mixed"}
    assert min(quote["confidence"] for quote in found) >= 0.8
    assert all(line["article"]["text"] for line in lines)
    assert json.loads((desk / "quotes.schema.json").read_text("utf-8"))["$id"] == "quotes/1"


def test_the_record_in_the_readme_is_real(ran: dict[str, Shown], desk: Path) -> None:
    """The README's one record is what the first command writes, field by field."""
    document = json.loads((desk / "quotes.json").read_text("utf-8"))
    found = [quote for article in document["articles"] for quote in article["quotes"]]
    [actual] = [quote for quote in found if "the same dollar to four villages" in quote["text"]]
    if UPDATE:
        write_block("json", json.dumps(actual, ensure_ascii=False, indent=2) + "\n")
    [block] = blocks(README, "json")
    assert json.loads(block) == actual


def test_the_python_in_the_readme_prints_what_it_shows(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The README's program is six lines at most, runs as it stands and prints the text below it."""
    [program], printed = blocks(README, "python"), io.StringIO()
    assert len([line for line in program.splitlines() if line.strip()]) <= 6
    monkeypatch.chdir(desk)
    with contextlib.redirect_stdout(printed):
        exec(compile(program, README.name, "exec"), {"__name__": "__main__"})
    if UPDATE:
        write_block("text", printed.getvalue())
    [expected] = blocks(README, "text")
    assert printed.getvalue() == expected
    assert expected


def write_block(kind: str, body: str) -> None:
    """Replace the README's only block of a kind."""
    text = README.read_text(encoding="utf-8")
    README.write_text(re.sub(rf"(?ms)^```{kind}\n.*?^```$", lambda _: f"```{kind}\n{body}```", text), encoding="utf-8")


@pytest.mark.parametrize(
    "path", [README, PATTERNS, ROOT / "CHANGELOG.md"], ids=lambda p: p.relative_to(ROOT).as_posix()
)
def test_links_lead_somewhere(path: Path) -> None:
    """Every relative link names a file of the repository."""
    targets = LINK.findall(path.read_text(encoding="utf-8"))
    assert [] == [target for target in targets if not (path.parent / target).exists()]


def test_every_sample_is_listed() -> None:
    """The table of samples names each file of `samples/` once, and no other."""
    section = README.read_text(encoding="utf-8").partition("## Samples\n")[2].partition("\n## ")[0]
    samples = sorted(p.name for p in (ROOT / "samples").iterdir() if p.suffix in (".txt", ".html"))
    assert samples == re.findall(r"^\| `([^`]+)` \|", section, re.M)


def test_every_field_of_a_quote_is_explained() -> None:
    """The table of the record names each field of a quote but its id."""
    import attrs

    from quotes.records import Quote

    section = README.read_text(encoding="utf-8").partition("## The record\n")[2].partition("\n## ")[0]
    named = [name for cell in re.findall(r"^\| (`[^|]+`) \|", section, re.M) for name in re.findall(r"`(\w+)`", cell)]
    assert sorted(named) == sorted(field.name for field in attrs.fields(Quote) if field.name != "id")


def test_every_option_exists() -> None:
    """An option that the README names is one of some command."""
    from quotes.cli import cli

    def options(command: Any) -> set[str]:
        own = {name for parameter in command.params for name in parameter.opts}
        return own.union(*(options(sub) for sub in getattr(command, "commands", {}).values()))

    text = re.sub(r"(?m)^.*tests\.benchmarks.*$|`accuracy [^`]+`", "", README.read_text(encoding="utf-8"))
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text)) - {"--help"}
    assert named - options(cli) == set()


def test_the_patterns_that_the_guide_shows_hold(tmp_path: Path) -> None:
    """Every table in the guide to patterns loads as part of a newsroom's own folder and is proved by its examples."""
    from quotes.extraction.pattern_proof import prove
    from quotes.extraction.pipeline import load
    from quotes.lexicon import load_lexicon

    (tmp_path / "en").mkdir()
    shown = blocks(PATTERNS, "toml")
    for number, block in enumerate(shown):
        (tmp_path / "en" / f"shown{number}.toml").write_text(block, encoding="utf-8")
    built_in, pipeline = load_lexicon("en"), load(patterns=(tmp_path,))
    own = pipeline.lexicon.origin.keys() - built_in.origin.keys()
    assert len(own) >= len(shown) >= 5
    assert prove(pipeline.lexicon, pipeline) == []
