"""Run what a document shows, block by block, in a folder that holds nothing but the samples.

What a block is for stands in its fence:

- `bash`: run line by line; `quotes` runs in this process, with one loaded pipeline. Each command must end with status
  0, or as `# exit status 3` behind it says, and must put something into its file or on standard output.
- `python`: run; the blocks of a document share their names.
- `text`: what the block right before it prints. A line `…` stands for any lines.
- `json`: a part of a record that the document's commands write, be it before or after.
- `csv`, `toml`: the content of the file that the words before it name, as in "`people.csv`:".
- `console`: not run, for it needs a server, a cluster or a corpus; its commands must exist with their options.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from attrs import define, field, frozen

ROOT = Path(__file__).parents[1]
SET_UP = "python3 -m venv "
# Libraries that a recipe may need and the program does not; a block that misses one is not run.
OPTIONAL = frozenset({"pandas", "fastapi", "httpx", "pyarrow", "duckdb", "ray"})
# How far a probability may be from what is shown or kept. The reader's numbers are rounded to 8 bits: another kind of
# processor may round one to its neighbour. An Intel Xeon with VNNI and an AMD EPYC without differed by up to .015.
ROUNDED = 0.03
_FENCE = re.compile(r"^```(?P<kind>\w*)\n(?P<body>.*?)^```$", re.M | re.S)
_NAMED = re.compile(r"`([\w./-]+)`:\s*\Z")
_STATUS = re.compile(r"\s+# exit status (\d+)$")
# Commands that have been run on the samples, and what they wrote: each document begins with the same few.
_WRITTEN: dict[tuple[str, ...], bytes] = {}


@frozen
class Block:
    """A fenced block: its kind, its first line's number, what is in it, and the file that the words before it name."""

    kind: str
    line: int
    body: str
    names: str | None = None
    follows: bool = False
    """Whether it directly follows the block before it."""


def blocks(path: Path) -> list[Block]:
    """Return a document's fenced blocks in order."""
    text, found, end = path.read_text(encoding="utf-8"), [], 0
    for m in _FENCE.finditer(text):
        between = text[end : m.start()]
        named = _NAMED.search(between)
        follows = bool(found) and not between.strip()
        line = text.count("\n", 0, m.start()) + 1
        found.append(Block(m["kind"], line, m["body"], named[1] if named else None, follows))
        end = m.end()
    return found


def commands(body: str) -> Iterator[str]:
    """Yield the commands of a block: lines, joined where a quotation mark is open or a backslash ends one."""
    command = ""
    for line in body.splitlines():
        command += line
        if command.endswith("\\"):
            command = command[:-1]
            continue
        try:
            shlex.split(command)
        except ValueError:
            command += "\n"
            continue
        if command.strip():
            yield command
        command = ""
    assert not command, f"no end: {command}"


@define
class Ran:
    """The result of running a document: its folder, the faults of its blocks, and missing libraries."""

    path: Path
    folder: Path
    pipeline: Any
    faults: list[str] = field(factory=list)
    missing: set[str] = field(factory=set)
    names: dict[str, Any] = field(factory=lambda: {"__name__": "__main__"})

    def run(self) -> Ran:
        """Run all blocks, those behind a failed one, too."""
        shutil.copytree(ROOT / "samples", self.folder / "samples")
        printed: str | None = None
        shown = blocks(self.path)
        for block in sorted(shown, key=lambda block: block.kind == "json"):
            try:
                with self._here():
                    printed = self._block(block, printed)
            except ModuleNotFoundError as error:
                printed = None
                if error.name not in OPTIONAL:
                    self._fault(block, f"{type(error).__name__}: {error}")
                self.missing.add(str(error.name))
            except (Exception, SystemExit) as error:
                printed = None
                self._fault(block, f"{type(error).__name__}: {error}")
        return self

    def _fault(self, block: Block, what: str) -> None:
        place = f"{os.path.relpath(self.path, ROOT)}, line {block.line}"
        self.faults.append(f"{place}: {what}\n{block.body.rstrip()}")

    def _block(self, block: Block, printed: str | None) -> str | None:
        """Run or check one block, and return what it prints, if it does."""
        if block.kind == "bash":
            return "".join(self._command(c) for c in commands(block.body) if not c.startswith(SET_UP))
        if block.kind == "python":
            return self._python(block)
        if block.kind == "text":
            assert block.follows, "no block right before it prints this"
            if printed is not None and not like(printed, block.body):
                raise AssertionError(f"printed was\n{printed}instead of")
        elif block.kind == "json":
            self._part_of_a_record(json.loads(block.body))
        elif block.kind in ("csv", "toml"):
            assert block.names, "the words before it name no file"
            Path(block.names).write_text(block.body, encoding="utf-8")
        elif block.kind == "console":
            for command in commands(block.body):
                exists(command)
        else:
            raise AssertionError(f"unknown kind {block.kind!r}")
        return None

    def _python(self, block: Block) -> str:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            code = "\n" * block.line + block.body
            exec(compile(code, self.path.name, "exec"), self.names)
        return printed.getvalue()

    def _command(self, command: str) -> str:
        """Run a command line, with its pipes, and return what it prints."""
        expected = int(m[1]) if (m := _STATUS.search(command)) else 0
        lexer = shlex.shlex(_STATUS.sub("", command), posix=True, punctuation_chars="|>")
        lexer.whitespace_split, lexer.commenters = True, ""
        words, target = list(lexer), None
        if ">" in words:
            words, target = words[: words.index(">")], words[-1]
        data = b""
        while words:
            stage, words = (words[: words.index("|")], words[words.index("|") + 1 :]) if "|" in words else (words, [])
            status, data, told = self._stage(stage, data)
            wanted = 0 if words else expected
            assert wanted == status, f"exit status {status}\n{told}\n{command}"
        if target:
            Path(target).write_bytes(data)
        written = target or next((word for option, word in pairwise(stage) if option == "-o"), None)
        where = Path(written) if written else None
        some = data or (where is not None and (where.is_dir() or where.stat().st_size))
        assert some, f"nothing was written or printed: {command}"
        return "" if target else data.decode("utf-8")

    def _stage(self, words: list[str], given: bytes) -> tuple[int, bytes, str]:
        if words[0] != "quotes":
            done = subprocess.run(words, input=given, capture_output=True, check=False)
            return done.returncode, done.stdout, done.stderr.decode("utf-8", "replace")
        arguments = words[1:]
        if "--jobs" in arguments:  # other processes would each load a model
            arguments[arguments.index("--jobs") + 1] = "1"
        output = Path(arguments[arguments.index("-o") + 1]) if "-o" in arguments else None
        known = (*arguments,) if arguments[:2] == ["extract", "samples/"] and output and len(arguments) < 6 else ()
        if output and known in _WRITTEN:
            output.write_bytes(_WRITTEN[known])
            return 0, b"", ""
        done = _in_process(arguments, given)
        if output and known:
            _WRITTEN[known] = output.read_bytes()
        return done

    def _part_of_a_record(self, shown: Any) -> None:
        found = [quote for path in sorted(self.folder.glob("*.json*")) for quote in quotes_in(path)]
        alike = [json.dumps(quote, ensure_ascii=False) for quote in found if quote["text"] == shown.get("text")]
        told = "no record that the document makes holds this"
        assert any(part_of(shown, quote) for quote in found), "\n".join([told, *alike[:1]])

    @contextlib.contextmanager
    def _here(self) -> Iterator[None]:
        """Work in the document's folder, with the pipeline that is loaded already."""
        from quotes.extraction import pipeline as module
        from quotes.extraction.options import Options

        real = module.load

        def load(
            options: Options | None = None, *, threads: int | None = None, alone: bool = False, **choices: Any
        ) -> Any:
            how = Options.of(options, choices)
            return self.pipeline if how == Options() else real(how, threads=threads, alone=alone)

        module.load, before = load, Path.cwd()
        os.chdir(self.folder)
        try:
            yield
        finally:
            os.chdir(before)
            module.load = real


def _in_process(arguments: list[str], given: bytes) -> tuple[int, bytes, str]:
    from quotes.cli import main

    streams = [io.TextIOWrapper(io.BytesIO(data), encoding="utf-8") for data in (given, b"", b"")]
    before = sys.stdin, sys.stdout, sys.stderr
    sys.stdin, sys.stdout, sys.stderr = streams
    try:
        status = main(arguments)
    finally:
        sys.stdin, sys.stdout, sys.stderr = before
    for stream in streams[1:]:
        stream.flush()
    out, err = (stream.buffer.getvalue() for stream in streams[1:])  # type: ignore[attr-defined]
    return status, out, err.decode("utf-8")


def quotes_in(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the quotes of a file of records; nothing if it is none."""
    text = path.read_text(encoding="utf-8")
    data = [json.loads(line) for line in text.splitlines()] if path.suffix == ".jsonl" else [json.loads(text)]
    for article in (a for d in data if isinstance(d, dict) for a in d.get("articles", [d])):
        yield from (quote for quote in article.get("quotes", ()) if isinstance(quote, dict))


def part_of(shown: Any, whole: Any) -> bool:
    """Return whether each field that is shown has this value in the whole; probabilities may differ a little."""
    if isinstance(shown, dict) and isinstance(whole, dict):
        return all(name in whole and part_of(value, whole[name]) for name, value in shown.items())
    if isinstance(shown, list) and isinstance(whole, list):
        return len(shown) == len(whole) and all(map(part_of, shown, whole))
    if isinstance(shown, float) and isinstance(whole, float):
        return abs(shown - whole) <= ROUNDED
    return bool(shown == whole)


def like(printed: str, shown: str) -> bool:
    """Return whether a text is the expected one, in which a line `…` means any lines."""
    parts = re.split(r"^…\n", shown, flags=re.M)
    return re.fullmatch(r"(?:.*\n)*?".join(map(re.escape, parts)), printed) is not None


def exists(command: str) -> None:
    """Check that a command that is only shown exists, and takes these options.

    Raises:
        AssertionError: if a module or extra does not exist.
        click.ClickException: if the command line is wrong.
    """
    import click

    words = shlex.split(command)
    while words and re.match(r"\w+=", words[0]):
        del words[0]
    if words[0] == "quotes":
        convert = click.Path.convert
        click.Path.convert = lambda self, value, *_: Path(value)  # type: ignore[method-assign]
        try:
            parsed(words[1:])
        finally:
            click.Path.convert = convert  # type: ignore[method-assign]
    elif words[1:2] == ["-m"]:
        base = ROOT.joinpath(*words[2].split("."))
        assert base.with_suffix(".py").exists() or (base / "__main__.py").exists(), f"no module {words[2]}"
    elif "pip" in words[0]:
        extras = (ROOT / "setup.cfg").read_text("utf-8")
        for extra in re.findall(r"\.\[([\w-]+)\]", command):
            assert f"\n{extra} =\n" in extras, f"no extra {extra}"


def parsed(arguments: list[str]) -> None:
    """Parse a command line without running it."""
    from quotes.cli import cli

    command = cli.commands[arguments[0]]
    rest = arguments[1:]
    if hasattr(command, "commands"):
        command, rest = command.commands[rest[0]], rest[1:]
    command.make_context(arguments[0], rest)
