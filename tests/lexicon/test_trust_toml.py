"""The error for an absurd pattern file or people file is one line with its name."""

from __future__ import annotations

from pathlib import Path

import pytest

from quotes.errors import InputError, PatternError
from quotes.extraction.speakers.roster import read_people
from quotes.lexicon import load_lexicon

HOSTILE_TOML = {
    "brackets": "x = " + "[" * 3000 + "]" * 3000,
    "tables": "x = " + "{y = " * 3000 + "1" + "}" * 3000,
    "dots": ".".join("x" * 300) + " = 1",
    "heading": f"[{'.'.join('x' * 300)}]",
    "digits": "x = " + "1" * 5000,
    "hexadecimal": "x = 0x" + "f" * 5000,
    "bytes": "x = '\udcff'",
    "cut": 'x = "',
}


@pytest.mark.parametrize("text", HOSTILE_TOML.values(), ids=HOSTILE_TOML.keys())
@pytest.mark.parametrize("where", ["", "[[person]]\nname = 'Ana Lee'\n"])
def test_hostile_toml_is_a_fault_of_its_file(tmp_path: Path, text: str, where: str) -> None:
    """The error for patterns and people files is one line with the file."""
    (tmp_path / "en").mkdir()
    for path in (tmp_path / "people.toml", tmp_path / "en" / "own.toml"):
        path.write_bytes(f"{where}{text}\n".encode("utf-8", "surrogateescape"))
    with pytest.raises(InputError, match=r"people\.toml: "):
        read_people(tmp_path / "people.toml")
    with pytest.raises(PatternError, match=r"own\.toml: ") as told:
        load_lexicon("en", extra=(tmp_path,))
    assert 1000 > max(map(len, str(told.value).split("\n")))


PATTERN = """
[[statement]]
id = "own-said"
note = "A statement."
{fields}
examples = [{{ text = "Ana Lee said so.", speaker = "Ana Lee" }}]
counterexamples = [{{ text = "So it was.", because = "nobody says it" }}]
"""


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ('pattern = ["said"]', "must be a list of tables"),
        ("dependency = [1]", "must be a list of tables"),
        ('dependency = [{ RIGHT_ID = "cue", RIGHT_ATTRS = 1 }]', "RIGHT_ATTRS: must be a table"),
        ('dependency = [{ RIGHT_ID = ["cue"], RIGHT_ATTRS = {} }]', "RIGHT_ID: must be a string"),
        ('dependency = [{ RIGHT_ID = "cue", RIGHT_ATTRS = {} }, { LEFT_ID = [], REL_OP = ">", RIGHT_ID = "speaker" }]',
         "LEFT_ID: must be a string"),
        ('dependency = [{ RIGHT_ID = "cue", RIGHT_ATTRS = {} }, { LEFT_ID = "cue", REL_OP = [], RIGHT_ID = "x" }]',
         "REL_OP: must be a string"),
    ],
)  # fmt: skip
def test_a_pattern_of_the_wrong_shape_is_reported(tmp_path: Path, fields: str, words: str) -> None:
    """A forbidden value is a fault of its table, whatever its type."""
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "own.toml").write_text(PATTERN.format(fields=fields), "utf-8")
    with pytest.raises(PatternError, match=rf"own-said: .*{words}"):
        load_lexicon("en", extra=(tmp_path,))


@pytest.mark.parametrize("value", ["nan", "inf", "-inf", "true", "'1'"])
def test_a_weight_is_a_finite_number(tmp_path: Path, value: str) -> None:
    """TOML knows nan and inf; a ranker does not."""
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "own.toml").write_text(f"[[weight]]\nid = 'own'\nnote = 'n'\nweight = {value}\n", "utf-8")
    with pytest.raises(PatternError, match="weight: must be a finite number"):
        load_lexicon("en", extra=(tmp_path,))


@pytest.mark.parametrize("regex", ["(" * 5000 + ")" * 5000, "a{99999999999}", "(?P<a>x)(?P<a>y)"])
def test_a_regex_that_python_cannot_compile_is_reported(tmp_path: Path, regex: str) -> None:
    """Whatever the compiler raises is reported."""
    (tmp_path / "en").mkdir()
    proof = "examples = [{ text = 'a' }]\ncounterexamples = [{ text = 'b', because = 'c' }]\n"
    table = f"[[regex]]\nid = 'own'\nnote = 'n'\nregex = '{regex}'\n{proof}"
    (tmp_path / "en" / "own.toml").write_text(table, "utf-8")
    with pytest.raises(PatternError, match="own: regex: "):
        load_lexicon("en", extra=(tmp_path,))
