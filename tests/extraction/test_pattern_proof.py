"""The patterns prove themselves: examples, ids, linear time; a newsroom's own folder is used the same way."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from re import _constants, _parser  # type: ignore[attr-defined]
from time import process_time
from typing import Any

import pytest

from quotes.extraction.pattern_proof import prove
from quotes.lexicon import builtin_folder, languages, load_lexicon
from quotes.lexicon.tables import RegexPattern
from quotes.records import SourceText

LEXICONS = {language: load_lexicon(language) for language in languages()}


def each(*kinds: str) -> list[Any]:
    """Return language and id of every pattern of these kinds, as parameters."""
    found = []
    for language, lexicon in LEXICONS.items():
        tables = {"regex": lexicon.regexes.values(), "statement": lexicon.statements, "channel": lexicon.channels,
                  "stance": lexicon.stances}  # fmt: skip
        found += [pytest.param(language, p.id, id=p.id) for kind in kinds for p in tables[kind]]
    return found


# -- the proof --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pipelines(pipeline: Any) -> dict[str, Any]:
    """Pipelines with patterns alone: statements by the reader prove no pattern."""
    from quotes.extraction.pipeline import Pipeline, load

    english = pipeline.lexicon.language
    return {n: Pipeline(pipeline.nlp if n == english else load(language=n).nlp, x) for n, x in LEXICONS.items()}


@pytest.mark.parametrize(("language", "pattern"), each("regex", "statement", "channel", "stance"))
def test_each_pattern_is_proved_by_its_examples(language: str, pattern: str, pipelines: dict[str, Any]) -> None:
    """Each example is matched by its pattern first and gives what it states; no counterexample is matched."""
    assert [] == prove(LEXICONS[language], pipelines[language], only={pattern})


def test_a_false_proof_is_found_out(pipeline: Any, tmp_path: Path) -> None:
    """An example that the pattern does not match, a wrong field and a counterexample that it matches are faults."""
    path = tmp_path / "exhibits.toml"
    path.write_text(
        """
        [[regex]]
        id = "exhibit"
        note = "The letter of an exhibit."
        regex = 'Exhibit (?P<letter>[A-Z])'
        examples = [{ text = "The exhibit opens." }, { text = "Exhibit B was a knife.", letter = "C" }]
        counterexamples = [{ text = "Exhibit D was a rope.", because = "ropes do not count" }]
        """
    )
    lexicon = load_lexicon("en", extra=(tmp_path,))
    faults = prove(lexicon, type(pipeline)(pipeline.nlp, lexicon), only={"exhibit"})
    expected = [
        f"{path}: exhibit: examples[0]: is not matched by this pattern first; it gives no statement",
        f"{path}: exhibit: examples[1]: letter is 'B', not 'C'",
        f"{path}: exhibit: counterexamples[0]: is matched, though ropes do not count",
    ]
    assert expected == faults


@pytest.mark.parametrize("language", LEXICONS)
def test_a_pattern_of_each_kind_is_proved(language: str) -> None:
    """No kind of pattern is lost on the way, so that its proof would be empty."""
    lexicon = LEXICONS[language]
    assert min(len(lexicon.regexes), len(lexicon.statements), len(lexicon.channels)) > 5


# -- ids and words ----------------------------------------------------------------------------------------------------


def test_ids_are_unique_over_all_files() -> None:
    """A table's id occurs once in all files, whatever its kind."""
    ids = [
        match.group(1)
        for path in sorted(builtin_folder().rglob("*.toml"))
        for match in re.finditer(r'^id = "([^"]+)"', path.read_text(encoding="utf-8"), re.M)
    ]
    assert [] == [name for name, count in Counter(ids).items() if count > 1]
    assert set(ids) >= {name for lexicon in LEXICONS.values() for name in lexicon.origin}


def cue_lists() -> list[Any]:
    return [pytest.param(c.words, id=c.id) for x in LEXICONS.values() for c in x.cues]


@pytest.mark.parametrize("words", cue_lists())
def test_a_cue_lists_each_word_once(words: tuple[str, ...]) -> None:
    """A word listed twice would count twice in the ranker."""
    assert [] == [word for word, count in Counter(words).items() if count > 1]


@pytest.mark.parametrize("language", LEXICONS)
def test_cues_are_in_small_letters(language: str) -> None:
    """Lemmas are compared in small letters; a capital would never match."""
    assert [] == [w for cue in LEXICONS[language].cues for w in cue.words if w != w.lower() or w != w.strip()]


@pytest.mark.parametrize("language", LEXICONS)
def test_weights_belong_to_something(language: str) -> None:
    """A weight for a pattern or a cue names one that is there: a renamed pattern takes its weight along."""
    lexicon = LEXICONS[language]
    named = [w.removeprefix("pattern_") for w in lexicon.weights if w.startswith("pattern_")]
    cues = [w.partition("_")[2] for w in lexicon.weights if f"_{language}-" in w and not w.startswith("pattern_")]
    assert [] == [name for name in named + cues if name not in lexicon.origin]


# -- linear time ------------------------------------------------------------------------------------------------------

# Eight times as long for four times the text is halfway between a line (4) and a square (16), on a log scale.
LONG, QUICK, BOUND = 100_000, 0.02, 8.0
RUNS_OF = [
    "a",
    "A",
    "1",
    " ",
    "\n",
    ".",
    ",",
    "-",
    "—",
    "@",
    '"',
    "“",
    "(",
    "Aa ",
    "a.",
    "A. ",
    "Ann Lee ",
    "said ",
    "LEE: ",
]


def attacks(pattern: RegexPattern) -> Iterator[str]:
    """Yield short strings whose repetition may make the expression go over the same text again and again."""
    yield from RUNS_OF
    for example in pattern.examples:
        text = example.text
        yield text
        yield text + "\n"
        match = pattern.compile().search(text)
        low, high = match.span() if match else (0, len(text))
        hit = text[low:high]
        yield hit
        for part in (2, 3, 4):  # what begins like a match and is none
            yield hit[: len(hit) * (part - 1) // part]
        yield hit[:-1]
        yield hit[1:]
        yield from re.findall(r"\w+\W*", hit)[:6]


def scan_seconds(regex: re.Pattern[str], text: str) -> float:
    began = process_time()
    for _ in regex.finditer(text):
        pass
    return process_time() - began


@pytest.mark.slow
@pytest.mark.parametrize(("language", "name"), each("regex"))
def test_each_regex_stays_linear(language: str, name: str) -> None:
    """On strings made of its examples, and on plain runs, four times the text takes about four times as long."""
    pattern = LEXICONS[language].regexes[name]
    regex, slow = pattern.compile(), {}
    for unit in {u for u in attacks(pattern) if u}:
        for length in (LONG // 100, LONG // 10, LONG):
            text = unit * (length // len(unit)) + "\x00"
            took = scan_seconds(regex, text)
            if took > 1:
                break
        if took < QUICK:
            continue
        quarter = unit * (LONG // 4 // len(unit)) + "\x00"
        ratio = min(scan_seconds(regex, text) for _ in range(3)) / min(scan_seconds(regex, quarter) for _ in range(3))
        if ratio >= BOUND or length < LONG:
            slow[unit] = ratio
    assert {} == slow


def repeats(parsed: Any, *, inside: bool = False) -> Iterator[str]:
    """Yield what is wrong with a parsed expression: a repetition without bound within another."""
    for op, value in parsed:
        if op in (_constants.MAX_REPEAT, _constants.MIN_REPEAT):
            low, high, body = value
            endless = high is _constants.MAXREPEAT
            if endless and inside:
                yield f"a repetition from {low} up within one without end"
            yield from repeats(body, inside=inside or endless)
        elif op is _constants.SUBPATTERN:
            yield from repeats(value[-1], inside=inside)
        elif op is _constants.BRANCH:
            for branch in value[1]:
                yield from repeats(branch, inside=inside)
        elif op in (_constants.ASSERT, _constants.ASSERT_NOT):
            yield from repeats(value[1], inside=inside)


@pytest.mark.parametrize(("language", "name"), each("regex"))
def test_no_endless_repetition_holds_another(language: str, name: str) -> None:
    """An unbounded repetition does not contain another: such an expression may take exponential time."""
    pattern = LEXICONS[language].regexes[name]
    assert [] == list(repeats(_parser.parse(pattern.regex, pattern.compile().flags & ~re.UNICODE)))


@pytest.mark.parametrize(
    ("regex", "expected"), [(r"(?:a+)+b", 1), (r"(?:a{0,9}b)*", 0), (r"a*b*", 0), (r"((a|b*)c)*", 1)]
)
def test_an_endless_repetition_in_another_is_seen(regex: str, expected: int) -> None:
    """The test above can fail."""
    assert expected == len(list(repeats(_parser.parse(regex))))


# -- a newsroom's own folder ------------------------------------------------------------------------------------------

OWN = """
[[cue]]
id = "own-cue"
note = "Words of saying from court reports."
takes = ["direct", "clause"]
words = ["depose"]

[[words]]
id = "own-papers"
note = "Papers that speak in court reports."
words = ["affidavit", "indictment"]

[[statement]]
id = "own-going-by"
note = "Going by a court paper: the rest of the sentence is what it says."
content = "rest"
dependency = [
  { RIGHT_ID = "cue", RIGHT_ATTRS = { LOWER = "going" } },
  { LEFT_ID = "cue", REL_OP = ">", RIGHT_ID = "by", RIGHT_ATTRS = { LOWER = "by" } },
  { LEFT_ID = "by", REL_OP = ">", RIGHT_ID = "speaker", RIGHT_ATTRS = { LOWER = { IN = "$own-papers" } } },
]
examples = [{ text = "The vault was empty, going by the affidavit.", speaker = "the affidavit" }]
counterexamples = [{ text = "The clerk was going by the court.", because = "a way, not a source" }]

[[channel]]
id = "own-in-court"
note = "Said in open court."
relation = "in"
kind = "occasion"
pattern = [{ LOWER = "in" }, { LOWER = "open" }, { LOWER = "court" }]
name = [1, 2]
examples = [{ text = '"I was at home that night," he said in open court.', name = "open court" }]
counterexamples = [{ text = '"I was at home that night," he said in tears.', because = "tears are no occasion" }]
"""
OWN_OUTLETS = """
[[outlet]]
id = "valley-courier"
name = "The Valley Courier"
kind = "newspaper"
country = "CA"
domains = ["valleycourier.example"]

[[programme]]
id = "valley-at-noon"
name = "Valley at Noon"
outlet = "valley-courier"

[[platform]]
id = "chirper"
name = "Chirper"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "court.toml").write_text(OWN, encoding="utf-8")
    (tmp_path / "outlets.toml").write_text(OWN_OUTLETS, encoding="utf-8")
    return tmp_path


def test_an_own_folder_is_loaded_and_read_with(folder: Path) -> None:
    """A cue, a list, an outlet, a channel and a statement pattern of a newsroom's own work beside the built-in ones."""
    from quotes.extraction.pipeline import load

    pipeline = load(patterns=(folder,), reader="patterns")
    text = (
        "“I was at home that night,” Ann Lee deposed in open court.\n\n"
        "“I saw nobody in the street,” Jo Roe told the Valley Courier.\n\n"
        "The vault was “swept quite clean,” going by the indictment."
    )
    [record] = pipeline.read(SourceText("own", text))
    made = [(q.cue.text, [(c.relation, c.name, c.id) for c in q.channels]) for q in record.quotes if q.cue]
    expected = [
        ("deposed", [("in", "open court", None)]),
        ("told", [("to", "The Valley Courier", "valley-courier")]),
        ("going", []),
    ]
    assert expected == made
    assert [] == prove(pipeline.lexicon, pipeline, only={"own-in-court"})


def test_an_own_statement_pattern_is_proved_without_a_verb_of_saying(folder: Path, pipeline: Any) -> None:
    """The example of patterns/README.md: a pattern whose cue is not a listed word matches in a separate sentence."""
    lexicon = load_lexicon("en", extra=(folder,))
    assert [] == prove(lexicon, type(pipeline)(pipeline.nlp, lexicon), only={"own-going-by"})


def test_an_own_table_replaces_the_built_in_one(tmp_path: Path) -> None:
    """A table with the id of a built-in one takes its place, and the error messages' file is its own."""
    builtin = LEXICONS["en"].outlets[0]
    path = tmp_path / "outlets.toml"
    path.write_text(f'[[outlet]]\nid = "{builtin.id}"\nname = "The New Name"\nkind = "site"\ncountry = "XK"\n')
    lexicon = load_lexicon("en", extra=(tmp_path,))
    assert ["The New Name"] == [o.name for o in lexicon.outlets if o.id == builtin.id]
    assert len(LEXICONS["en"].outlets) == len(lexicon.outlets)
    assert str(path) == lexicon.origin[builtin.id]
