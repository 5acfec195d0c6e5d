"""Look-ups in a lexicon, and its loader's refusals: every fault of every file at once, each with file and id."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from quotes.errors import PatternError
from quotes.lexicon import REQUIRED_FILES, Lexicon, builtin_folder, languages, load_lexicon
from quotes.lexicon.tables import Cue, RegexPattern

SAY = Cue("say", "n", ("say", "point out"), ("direct", "clause"))
CALL = Cue("call", "n", ("call", "say"), ("quoted-object",))
WORD = Cue("word", "n", ("word",), ("direct",), pos="noun")
THINK = Cue("think", "n", ("think",), ("clause",), kind="attitude")
SMALL = Lexicon("xx", cues=(SAY, CALL, WORD, THINK), words={"list": ("a", "b", "a")},
                regexes={"r": RegexPattern("r", "n", "A.C", "is")})  # fmt: skip


@pytest.fixture(scope="module")
def english() -> Lexicon:
    return load_lexicon("en")


@pytest.mark.parametrize(
    ("lemma", "pos", "expected"),
    [
        ("say", "verb", (SAY, CALL)), ("point out", "verb", (SAY,)), ("point", "verb", ()), ("word", "noun", (WORD,)),
        ("word", "verb", ()), ("think", "verb", ()), ("Say", "verb", ()),
    ],
)  # fmt: skip
def test_cue_entries(lemma: str, pos: str, expected: tuple[Cue, ...]) -> None:
    """A lemma gives every entry of speech that holds it, by part of speech; what is only thought is left out."""
    assert expected == SMALL.cue_entries(lemma, pos=pos)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, ("say", "point out", "call", "say", "word", "think")),
        ({"takes": "direct"}, ("say", "point out", "word")),
        ({"takes": "clause", "kind": "speech"}, ("say", "point out")),
        ({"kind": "attitude"}, ("think",)),
        ({"pos": "noun"}, ("word",)),
        ({"takes": "infinitive"}, ()),
    ],
)
def test_cue_words(asked: dict[str, Any], expected: tuple[str, ...]) -> None:
    """Words are listed by what they take, part of speech and kind, in the order of the files."""
    assert expected == SMALL.cue_words(**asked)


def test_word_set() -> None:
    """A list of words is given as a set."""
    assert frozenset("ab") == SMALL.word_set("list")


def test_regex_keeps_its_flags() -> None:
    """An expression is compiled with the flags that its table states."""
    assert SMALL.regex("r").fullmatch("a\nc")


def test_english_is_built_in() -> None:
    """English comes with the package."""
    assert ("en",) == languages()


def test_a_lexicon_is_read_once() -> None:
    """The files are read and checked once a process."""
    assert load_lexicon("en") is load_lexicon("en")


def test_references_are_filled_in(english: Lexicon) -> None:
    """No pattern keeps a $name: each is replaced by its list."""

    def strings(value: Any) -> list[str]:
        if isinstance(value, str):
            return [value]
        if isinstance(value, dict):
            return [s for item in value.values() for s in strings(item)]
        return [s for item in value for s in strings(item)] if isinstance(value, list | tuple) else []

    patterns = (*english.statements, *english.channels)
    assert [] == [s for p in patterns for s in strings([*p.pattern, *p.dependency]) if s.startswith("$")]
    subject = next(p for p in english.statements if p.id == "en-subject")
    assert {"say", "tell", "point"} <= set(subject.dependency[0]["RIGHT_ATTRS"]["LEMMA"]["IN"])


def test_origin_names_the_file(english: Lexicon) -> None:
    """Every table knows the file that holds it, by a path that is the same on every machine."""
    assert "patterns/en/cues.toml" == english.origin["en-say"]
    assert "patterns/marks.toml" == english.origin["marks-open"]


# -- what is refused --------------------------------------------------------------------------------------------------

CUE = 'id = "own"\nnote = "n"\ntakes = ["direct"]\nwords = ["depose"]\n'
PROOF = 'examples = [{ text = "a" }]\ncounterexamples = [{ text = "b", because = "c" }]\n'
STATEMENT = 'id = "own"\nnote = "n"\nroles = ["cue"]\n' + PROOF
CHANNEL = 'id = "own"\nnote = "n"\nrelation = "in"\nkind = "occasion"\nname = [0]\n' + PROOF
REGEX = 'id = "own"\nnote = "n"\n' + PROOF
# One fault each: the file's text, and what the fault says after "FILE: ".
FAULTS = {
    "an unknown attribute": (
        f"[[statement]]\n{STATEMENT}pattern = [{{ LEMMMA = 'a' }}]",
        "own: pattern[0]: unknown attribute LEMMMA",
    ),
    "an unknown attribute in a channel": (
        f"[[channel]]\n{CHANNEL}pattern = [{{ LOWR = 'a' }}]",
        "own: pattern[0]: unknown attribute LOWR",
    ),
    "an unknown attribute of a node": (
        '[[statement]]\nid = "own"\nnote = "n"\n'
        + PROOF
        + "dependency = [{ RIGHT_ID = 'cue', RIGHT_ATTRS = { LEM = 'a' } }]",
        "own: dependency[0]: unknown attribute LEM",
    ),
    "a role that is none": (
        f"[[channel]]\n{CHANNEL}pattern = [{{ _ = {{ quotes_role = 'verb' }} }}]",
        "own: pattern[0]: _: quotes_role must be one of cue, speaker, content, or { IN = […] } or { NOT_IN = […] }",
    ),
    "an extension that is not ours": (
        f"[[channel]]\n{CHANNEL}pattern = [{{ _ = {{ mood = 'glad' }} }}]",
        "own: pattern[0]: _: must be { quotes_role = … }",
    ),
    "a role in a statement": (
        f"[[statement]]\n{STATEMENT}pattern = [{{ _ = {{ quotes_role = 'cue' }} }}]",
        "own: pattern[0]: _: only a channel pattern may ask for roles; a statement pattern finds them",
    ),
    "a node below none": (
        '[[statement]]\nid = "own"\nnote = "n"\n' + PROOF + "dependency = [{ RIGHT_ID = 'cue', RIGHT_ATTRS = {} }, "
        "{ LEFT_ID = 'cu', REL_OP = '>', RIGHT_ID = 'speaker', RIGHT_ATTRS = {} }]",
        "own: dependency[1]: LEFT_ID 'cu' names no node before it",
    ),
    "no node named cue": (
        '[[statement]]\nid = "own"\nnote = "n"\n' + PROOF + "dependency = [{ RIGHT_ID = 'verb', RIGHT_ATTRS = {} }]",
        "own: dependency: no node is named cue",
    ),
    "neither pattern nor dependency": (f"[[statement]]\n{STATEMENT}", "own: needs either pattern or dependency"),
    "an unknown role": (
        f"[[statement]]\n{STATEMENT}pattern = [{{ LOWER = 'a' }}]".replace('["cue"]', '["clue"]'),
        "own: roles: 'clue' is none of cue, speaker, content",
    ),
    "a name outside of the pattern": (
        f"[[channel]]\n{CHANNEL}pattern = [{{ LOWER = 'a' }}]".replace("[0]", "[1]", 1),
        "own: name: must be indices of pattern, 0 to 0",
    ),
    "an unknown field": (
        f"[[cue]]\n{CUE}colour = 'red'",
        "own: unknown field colour; the fields are id, note, words, takes, kind, pos",
    ),
    "a missing field": (f"[[cue]]\n{CUE}".replace('note = "n"\n', ""), "own: field note is missing"),
    "a missing id": (f"[[cue]]\n{CUE}".replace('id = "own"\n', ""), "[[cue]] number 1: field id is missing"),
    "a word for a list": (f"[[cue]]\n{CUE}".replace('["depose"]', '"depose"'), "own: words: must be a list of strings"),
    "a number for a word": (f"[[cue]]\n{CUE}".replace('note = "n"', "note = 3"), "own: note: must be a string"),
    "a value that is none of those": (
        f"[[cue]]\n{CUE}pos = 'adverb'",
        "own: pos: 'adverb' is none of verb, noun, phrase",
    ),
    "a broken regex": (
        f"[[regex]]\n{REGEX}regex = '(a'",
        "own: regex: missing ), unterminated subpattern at position 0",
    ),
    "an unknown flag": (f"[[regex]]\n{REGEX}regex = 'a'\nflags = 'q'", "own: regex: 'q'"),
    "no example": (
        '[[regex]]\nid = "own"\nnote = "n"\nregex = "a"\ncounterexamples = [{ text = "b", because = "c" }]',
        "own: needs at least one example",
    ),
    "no counterexample": (
        '[[regex]]\nid = "own"\nnote = "n"\nregex = "a"\nexamples = [{ text = "a" }]',
        "own: needs at least one counterexample",
    ),
    "a counterexample without a reason": (
        f"[[regex]]\n{REGEX}regex = 'a'".replace(', because = "c"', ""),
        "own: counterexamples[0]: needs because",
    ),
    "a list that is not there": (
        f"[[statement]]\n{STATEMENT}pattern = [{{ LOWER = {{ IN = '$nowhere' }} }}]",
        "own: $nowhere is not a list; use the id of a [[words]] table, or $verb:clause",
    ),
    "an id that stands twice": (f"[[cue]]\n{CUE}[[cue]]\n{CUE}", "own: this id is already in FILE"),
    "an unknown table": ("[[cues]]\nid = 'own'", "unknown table [[cues]]; the tables are "),
    "a single table": ("[cue]\nid = 'own'", "unknown table [[cue]]; the tables are "),
    "a programme of no outlet": (
        "[[programme]]\nid = 'own'\nname = 'Own'\noutlet = 'nowhere'",
        "own: outlet 'nowhere' is not an [[outlet]]",
    ),
    "no TOML": ("[[cue]]\nid = own", "Invalid value (at line 2, column 6)"),
}


def faults_of(folder: Path, language: str = "en") -> list[str]:
    with pytest.raises(PatternError) as caught:
        load_lexicon(language, extra=(folder,))
    return str(caught.value).split("\n")


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_names_file_id_and_place(name: str, tmp_path: Path) -> None:
    """Each fault is one line: file, id, what is wrong with it."""
    text, fault = FAULTS[name]
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    [line] = faults_of(tmp_path)
    assert line.startswith(f"{path}: {fault}".replace("FILE", str(path)))


def test_all_faults_are_reported_at_once(tmp_path: Path) -> None:
    """The author of a folder of patterns sees every fault in every file in one run."""
    (tmp_path / "en").mkdir()
    expected = []
    for number, (text, fault) in enumerate(FAULTS.values()):
        path = tmp_path / "en" / f"file{number:02}.toml"
        path.write_text(text.replace('"own"', f'"own{number}"').replace("'own'", f"'own{number}'"), encoding="utf-8")
        expected.append(f"{path}: {fault}".replace("FILE", str(path)).replace(" own:", f" own{number}:"))
    lines = faults_of(tmp_path)
    assert [] == [fault for fault in expected if not any(line.startswith(fault) for line in lines)]
    assert len(expected) == len(lines)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    """A slip in a folder's name is an error, not a folder without patterns."""
    assert [f"{tmp_path / 'no'}: no such folder; give one with *.toml files or <lang>/*.toml below it"] == faults_of(
        tmp_path / "no"
    )


def test_bytes_that_are_no_text_are_a_fault(tmp_path: Path) -> None:
    """A file in another encoding is named."""
    (tmp_path / "own.toml").write_bytes(b'[[cue]]\nid = "\xff"')
    [line] = faults_of(tmp_path)
    assert line.startswith(f"{tmp_path / 'own.toml'}: 'utf-8' codec")


def test_the_error_names_the_files_that_a_language_lacks(tmp_path: Path) -> None:
    """A new language needs certain files; each one that is missing is named."""
    (tmp_path / "xx").mkdir()
    (tmp_path / "xx" / "cues.toml").write_text(f"[[cue]]\n{CUE}", encoding="utf-8")
    expected = [
        f"patterns/xx/{name}: missing; every language needs it" for name in REQUIRED_FILES if name != "cues.toml"
    ]
    assert expected == faults_of(tmp_path, "xx")


def test_the_error_for_an_unknown_language_lists_the_known_ones() -> None:
    """A language without a folder is an error that names those with one."""
    with pytest.raises(PatternError, match=r"no patterns for language 'xx'; there are: .*en"):
        load_lexicon("xx")


def test_required_files_are_there() -> None:
    """Every built-in language brings the files that are asked of a new one."""
    missing = [
        f"{n}/{name}" for n in languages() for name in REQUIRED_FILES if not (builtin_folder() / n / name).is_file()
    ]
    assert [] == missing


def test_a_lexicon_names_what_it_lacks() -> None:
    """A stage that asks for a list or an expression that no file holds gets an error with its name."""
    lexicon = Lexicon("en")
    with pytest.raises(PatternError, match=r"no \[\[regex\]\] has the id 'gone'; add one"):
        lexicon.regex("gone")
    with pytest.raises(PatternError, match=r"no \[\[words\]\] has the id 'gone'; add one"):
        lexicon.word_set("gone")
