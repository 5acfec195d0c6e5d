"""The error for a wrong block of a document has its line; a right document passes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.documents import Ran, commands, like, part_of

RIGHT = """\
Make a file, say `people.csv`:

```csv
name
Ana Lee
```

```bash
cat people.csv | head -n 1 > first.txt
quotes formats | grep csv
grep -c nobody people.csv # exit status 1
```

```python
print(open("first.txt").read(), end="")
```

```text
name
```

```console
RAY_ADDRESS=auto quotes distribute s3://desk/a/ out/ --workers 2
.venv/bin/pip install '.[web]'
python -m tests.benchmarks.accuracy
```
"""


def faults(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "GUIDE.md"
    path.write_text(text, encoding="utf-8")
    return Ran(path, tmp_path / "desk", pipeline=None).run().faults


@pytest.fixture(autouse=True)
def desk(tmp_path: Path) -> None:
    (tmp_path / "desk").mkdir()


def test_what_is_right_has_no_fault(tmp_path: Path) -> None:
    """Files that are named, pipes, statuses, outputs and commands that are only shown are all understood."""
    assert [] == faults(tmp_path, RIGHT)


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("head -n 1", "head -n 0", 8, "nothing was written or printed"),
        ("formats | grep", "formats | grep --count xxx", 8, "exit status 1"),
        ("exit status 1", "exit status 0", 8, "exit status 1"),
        ("quotes formats", "quotes format", 8, "exit status 2"),
        ('open("first', 'open("last', 14, "FileNotFoundError"),
        ("text\nname", "text\nnames", 18, "printed was\nname"),
        ("--workers", "--people-at-work", 22, "NoSuchOption"),
        (".[web]", ".[webb]", 22, "no extra webb"),
        ("benchmarks.accuracy", "benchmarks.accurate", 22, "no module tests.benchmarks.accurate"),
        ("`people.csv`:", "of people:", 3, "the words before it name no file"),
        ("```console", "```yaml", 22, "unknown kind 'yaml'"),
    ],
)
def test_a_fault_is_reported_with_its_line(tmp_path: Path, old: str, new: str, line: int, words: str) -> None:
    """The first fault names the document, the line at which the block begins, and what is wrong."""
    assert old in RIGHT
    first = faults(tmp_path, RIGHT.replace(old, new))[0]
    assert f"GUIDE.md, line {line}: " in first
    assert words in first


def test_commands_may_run_over_lines() -> None:
    """A backslash or an open quotation mark joins lines; blank lines are none."""
    assert ["a b", "c 'd\ne'"] == list(commands("a \\\nb\n\nc 'd\ne'\n"))


@pytest.mark.parametrize(
    ("printed", "shown", "expected"),
    [
        ("a\nb\n", "a\nb\n", True),
        ("a\nb\n", "a\n", False),
        ("a\nb\nc\n", "…\nc\n", True),
        ("c\n", "…\nc\n", True),
        ("a\nb\nc\n", "a\n…\n", True),
        ("a\nb\n", "…\nc\n", False),
    ],
)
def test_three_dots_stand_for_any_lines(printed: str, shown: str, expected: bool) -> None:
    assert expected == like(printed, shown)


def test_a_part_of_a_record_has_the_values_of_the_whole() -> None:
    whole = {"speaker": {"name": "Ana", "role": None}, "spans": [{"start": 1, "end": 2}]}
    assert part_of({"speaker": {"name": "Ana"}, "spans": [{"start": 1}]}, whole)
    assert not part_of({"speaker": {"name": "Bo"}}, whole)
    assert not part_of({"spans": []}, whole)
    assert not part_of({"kind": None}, whole)
    assert part_of({"confidence": 0.977}, {"confidence": 0.98})
    assert not part_of({"confidence": 0.9}, {"confidence": 0.98})
