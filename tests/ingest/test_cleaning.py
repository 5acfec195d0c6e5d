"""Dirty text is repaired step by step, with counts by kind, and clean text stays unchanged."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotes.ingest.cleaning import STEPS, Step, clean, described, dirt, repaired
from quotes.lexicon import Lexicon, load_lexicon
from quotes.records import Repair, SourceText
from tests.growth import BOUND, growth

STEP = {step.name: step for step in STEPS}

WRAPPED = """\
The harbour wall will be rebuilt in May, said Edmund
Varley, the chairman of the port, after a long winter
in which the storm had broken it in three places.

"We waited a year for the money, and then for another
one," he said. "It has come." He was in the rain as he
spoke to us. Nobody else had come.
"""
UNWRAPPED = """\
The harbour wall will be rebuilt in May, said Edmund Varley, the chairman of the port, after a long winter in which \
the storm had broken it in three places.

"We waited a year for the money, and then for another one," he said. "It has come." He was in the rain as he spoke to \
us. Nobody else had come.
"""

DIRTY = [
    ("escapes", r"It rains.\n\n“Go,” said Lee.\nHe went.", "It rains.\n\n“Go,” said Lee.\nHe went.", 3),
    ("escapes", r"It rains.\r\n“Go,” said Lee to the\nmayor.", "It rains.\n“Go,” said Lee to the\nmayor.", 2),
    ("escapes", r"Lee said: \"Go home\" and \u201cgo\u201d.", 'Lee said: "Go home" and “go”.', 4),
    ("escapes", r"It isn\xe2\x80\x99t \ud83d\ude00.", "It isn\xe2\x80\x99t \U0001f600.", 2),
    ("entities", "&#8220;Go,&#x201D; said Lee &amp; Roe.", "“Go,” said Lee & Roe.", 3),
    ("entities", "&amp;quot;Go,&amp;amp;quot; said Lee.", '"Go," said Lee.', 2),
    ("c1-controls", "\x93It isn\x92t late \x97 it\x92s on,\x94 said Lee.", "“It isn’t late — it’s on,” said Lee.", 5),
    ("mojibake", "â€œIt isnâ€™t late,â€\x9d said ZoÃ«.", "“It isn’t late,” said Zoë.", 4),
    ("mojibake", "“It isn’t late,” said ZoÃ« Lee.\nâ€œNo.â€\x9d", "“It isn’t late,” said Zoë Lee.\n“No.”", 3),
    ("soft-hyphens", "The min\xadis\xadter told Reu\xad\n ters.", "The minister told Reuters.", 3),
    ("invisible-characters", "\u200b“The quay\u2060,”\ufeff said Le\u200ce.\x0bNo.", "“The quay,” said Lee.\nNo.", 5),
    ("ligatures", "The oﬃce conﬁrmed it.", "The office confirmed it.", 2),
    ("split-letters", "Zoe\u0308 and Rene\u0301 spoke.", "Zoë and René spoke.", 2),
    ("split-letters", "SA\u0303\xa9gola\u0300ne, KA\u0303 \u0308r, GA\u03031\u20444l", "SÃ\xa9golàne, KÃ¨r, GÃ¼l", 4),
    ("page-furniture", "THE ECHO   3\n\nRain.\n\fTHE ECHO   4\n\nSnow.\n", "\n\nRain.\n\f\n\nSnow.\n", 2),
    ("page-furniture", "It rains.\n- 3 -\n\fIt snows.\n- 4 -", "It rains.\n\n\fIt snows.\n", 2),
    ("page-breaks", "Lee went to the\n\n\fharbour.", "Lee went to the harbour.", 1),
    ("page-breaks", "Lee went.\n\f\n“Go,” she said.", "Lee went.\n\n“Go,” she said.", 1),
    ("page-breaks", "Lee went to the har-\n\n\f\nbour.", "Lee went to the har-\nbour.", 1),
    ("bullets", "Three things:\n• Rain\n  ▪ Snow\n\uf0b7 Hail", "Three things:\n- Rain\n  - Snow\n- Hail", 3),
    ("hard-wraps", WRAPPED, UNWRAPPED, 4),
    ("hard-wraps", WRAPPED.replace("\n", "\r\n"), UNWRAPPED.replace("\n", "\r\n"), 4),
    ("hyphenated-line-ends", "a lot of pow-\ner, said Ed-\r\n  mund Varley", "a lot of power, said Edmund Varley", 2),
    ("hyphenated-line-ends", "An Anglo-\nSaxon, his half-\nbrother", "An Anglo-Saxon, his half-brother", 2),
    ("hyphenated-line-ends", "Day-long; day-\nlong talk; short-\nage", "Day-long; day-long talk; shortage", 2),
    ("spaces", "said\xa0Lee  to\u202fReuters", "said Lee to Reuters", 3),
]  # fmt: skip

CLEAN = [
    ("escapes", r"He keeps it in C:\news and C:\temp, and \shrugs\."),
    ("escapes", r"¯\_(ツ)_/¯"),
    ("entities", "AT&T; Q&A; Marks & Spencer; R&D, &c."),
    ("c1-controls", "“It isn’t late — it’s over,” said Zoë."),
    ("mojibake", "“Ça va à Málaga — £5, 20 °C,” said Zoë Łącka. «Là», ÂGE, SÃO Paulo"),
    ("invisible-characters", "\U0001f469\u200d\U0001f467 and می\u200cخواهم"),
    ("page-furniture", "It rains.\n\fIt snows.\n\fIt hails."),
    ("bullets", "“No,” said Lee.\n— Go\n£5 a head\n¿Qué?"),
    ("hard-wraps", "“We vote on Monday,” Ana Lee told Reuters in a statement on X.\n“Not before that.”\nShe left.\n"),
    ("hard-wraps", "roses are red\nthe night\nis long and full of rain again and again\nyou\n"),
    ("hard-wraps", "HARBOUR REPORT FOR THE MONTH OF MAY\nThe Kyrna Gazette of Monday and Tuesday\nBy Ana Lee\n"),
    ("hyphenated-line-ends", "two- and three-year terms; pages 3-\n4; he said -\nand left"),
    ("spaces", "He left.\n    “No,” he said.\n\n\tShe stayed."),
]  # fmt: skip


@pytest.fixture
def lexicon() -> Lexicon:
    return load_lexicon("en")


def described_case(case: tuple[object, ...]) -> str:
    return f"{case[0]}: {str(case[1])[:30]!r}"


@pytest.mark.parametrize(("name", "text", "expected", "count"), DIRTY, ids=map(described_case, DIRTY))
def test_a_step_repairs_its_kind(name: str, text: str, expected: str, count: int, lexicon: Lexicon) -> None:
    """Each step gives the text as it was meant, and counts what it found."""
    assert (expected, count) == STEP[name].repair(text, lexicon)


@pytest.mark.parametrize(("name", "text"), CLEAN, ids=map(described_case, CLEAN))
def test_a_step_leaves_the_rest_alone(name: str, text: str, lexicon: Lexicon) -> None:
    """Text that only looks dirty stays unchanged, to the character."""
    assert (text, 0) == STEP[name].repair(text, lexicon)


def test_quotation_marks_and_dashes_stay() -> None:
    """No step changes how a quotation is printed: a quote is verbatim."""
    text = "“A” ‘b’ «c» „d“ ‹e› \"f\" 'g' `h´ … — – ― ½ ™ №"
    assert text == repaired(text)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_every_step_is_shown_and_counts(step: Step) -> None:
    """Each step has a case above, and words for one and for many."""
    assert step.name in {case[0] for case in DIRTY}
    assert step.one != step.many


def test_a_source_says_what_was_repaired(lexicon: Lexicon) -> None:
    """Text, title and byline are repaired, the counts are those of all; cleaning it again changes nothing."""
    source = SourceText("a.txt", r"&ldquo;Go,&rdquo; said Lee.\nIt rains.", title="Lee&#8217;s way", byline="ZoÃ« Roe")
    found = clean(source, lexicon=lexicon)
    assert ("“Go,” said Lee.\nIt rains.", "Lee’s way", "Zoë Roe") == (found.text, found.title, found.byline)
    assert (Repair("escapes", 1), Repair("entities", 3), Repair("mojibake", 1)) == found.cleaned
    assert found is clean(found, lexicon=lexicon)


def test_a_clean_source_says_so(lexicon: Lexicon) -> None:
    """If nothing needed repair, the record says that it was checked."""
    found = clean(SourceText("a.txt", UNWRAPPED), lexicon=lexicon)
    assert (UNWRAPPED, ()) == (found.text, found.cleaned)


def test_what_one_step_brings_to_light_another_repairs() -> None:
    """A soft hyphen may be written as an entity, an entity as an escape, a page may break within a word."""
    assert "“The minister”" == repaired(r"\u0026ldquo;The min&shy;is&#173;ter&rdquo;")
    assert "The ECHO says that the harbour is safe." == repaired("The ECHO says that the har-\n\n\f\nbour is safe.")


def test_harmful_dirt_is_reported_without_repair() -> None:
    """Mojibake, C1 controls, entities and escapes are counted; what the reading copes with is not."""
    text = r"“Go,” said Le\u00ade." + "&quot;No,&quot; â€œHeâ€™s late,â€\x9d min\xadister \x93No.\x94 oﬃce  \u200b"
    told = "1 literal escape, 2 HTML entities, 2 C1 controls, 3 mojibake characters"
    assert told == described(dirt(text))
    assert () == dirt(UNWRAPPED) == dirt("«Là», ÂGE, SÃO Paulo, „Ä“ — R&D; C:\\news")


def test_telling_loads_no_library() -> None:
    """To look for dirt costs neither textacy nor ftfy."""
    code = "import sys; from quotes.ingest.cleaning import dirt; print(dirt('\\x93No\\x94 Ã©'))"
    code += "; print([m for m in ('textacy', 'ftfy', 'spacy') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert "[]" == done.stdout.splitlines()[-1]


FRAGMENTS = st.sampled_from([
    "Lee", "said", "har-", "bour", "\n", "\r\n", "\f", " ", "  ", "“", "”", '"', ".", ",", "&", "amp;", "quot;",
    "&#8220;", "\\", "\\n", "\\u201c", "â€œ", "Ã©", "Ã", "\x93", "\x81", "\xad", "\u200b", "ﬁ", "e\u0301", "•", "-",
    "—", "12", "a", "\xa0", "A\u0303", "longer words that fill a line of text",
    "runs on from line to line, as it does when",
])  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(FRAGMENTS, max_size=40).map("".join))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    """A cleaned text is clean."""
    counts: Counter[str] = Counter()
    once = repaired(text, counts=counts)
    assert once == repaired(once)
    assert bool(counts) == (once != text) or not counts


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit",
    ["\\", "\\n", "&amp;", "&", "\xad ", "\xad\n", "Ã", "\x93", "\u200b", "e\u0301", "\f", "\n", " ", "\xa0", "-\n",
     "a-\n", "word word\n", "• \n", "a", "\f1\n", "Ã©\n", "A\u0303 "],
)  # fmt: skip
def test_time_grows_with_the_length(unit: str) -> None:
    """No input takes a time in the square of its length."""
    assert growth(repaired, unit, 8_000) < BOUND
