"""Quotation marks to spans: which marks pair, which are none, and what is repaired."""

from __future__ import annotations

import pytest

from quotes.lexicon import Lexicon, load_lexicon
from quotes.records import MarkedSpan, Span
from quotes.text import quotation_marks


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon("en")


def find(text: str, lexicon: Lexicon) -> list[MarkedSpan]:
    return quotation_marks.find(text, lexicon=lexicon)


def found(text: str, lexicon: Lexicon) -> list[str]:
    return [text[m.start : m.end] for m in find(text, lexicon)]


# The words between marks: the text, and its spans.
PAIRED = {
    "curly": ("She called it “a gift” and left.", ["“a gift”"]),
    "straight": ('She called it "a gift" and left.', ['"a gift"']),
    "two straight ones": ('"Go," she said. "Now."', ['"Go,"', '"Now."']),
    "single curly": ("She called it ‘a gift’ and left.", ["‘a gift’"]),
    "single straight": ("She called it 'a gift' and left.", ["'a gift'"]),
    "guillemets": ("She called it «a gift» and left.", ["«a gift»"]),
    "low-high": ("She called it „a gift“ and left.", ["„a gift“"]),
    "low and straight-up": ("She called it „a gift” and left.", ["„a gift”"]),
    "backticks and apostrophes": ("She called it ``a gift'' and left.", ["``a gift''"]),
    "corner brackets": ("She called it 「a gift」 and left.", ["「a gift」"]),
    "single guillemets": ("She called it ‹a gift› and left.", ["‹a gift›"]),
    "mismatched, as in a headline": ("Tehran says ‘ready for talks'", ["‘ready for talks'"]),
    "curly open, straight close": ("“We go,\" she said.", ["“We go,\""]),
    "after a bracket": ('It is ("a gift") to all.', ['"a gift"']),
    "after a dash": ("The mayor—“a friend”—left.", ["“a friend”"]),
    "after a slash": ('"either"/"or"', ['"either"', '"or"']),
    "glued to the word before": ('it added."India rises," it said.', ['"India rises,"']),
    "glued to the word after": ("“We go,”she said.", ["“We go,”"]),
    "blanks within guillemets": ("« We go », she said. « Now ».", ["« We go »", "« Now »"]),
    "hard blanks within guillemets": ("She said: «\u00a0We go\u00a0»; and went.", ["«\u00a0We go\u00a0»"]),
    "blanks within curly marks": ("“ We go ”, she said.", ["“ We go ”"]),
    "blanks within straight marks": ('" We go ", she said. " Now "; then it rained.', ['" We go "', '" Now "']),
    "an ellipsis after the opening mark": ("She said “... and then” and left.", ["“... and then”"]),
    "a number after the opening mark": ("It was a “.50 calibre” gun.", ["“.50 calibre”"]),
}  # fmt: skip

NESTED = {
    "single in double": ("“He said ‘never’ to me,” she said.", ["“He said ‘never’ to me,”"]),
    "double in single": ("‘He said “never” to me,’ she said.", ["‘He said “never” to me,’"]),
    "double in double, curly": ("“He said “never” to me,” she said.", ["“He said “never” to me,”"]),
    "single straight in double": ("\"He said 'never' to me,\" she said.", ["\"He said 'never' to me,\""]),
    "both close at once": ("“He said ‘never.’” She left.", ["“He said ‘never.’”"]),
    "guillemets in curly": ("“He said «never» to me,” she said.", ["“He said «never» to me,”"]),
}

NO_MARKS = {
    "an apostrophe": "It wasn't the dogs' bowl, nor Lee's.",
    "a curly apostrophe": "It wasn’t the dogs’ bowl, nor Lee’s.",
    "feet and inches": "He stands 6'2\" tall, she 5'11\".",
    "inches": 'A 21" screen and a 6" nail.',
    "curly inches": "A 21” screen and a 6” nail.",
    "primes": "A 21″ screen.",
    "a decade": "It was the '90s, or the ’80s.",
    "a dropped letter": "Get 'em out, ’tis late.",
    "marks about nothing": 'He typed “” and "" and “ ”.',
    "marks about a stop": "He typed “.” and left.",
    "a closing mark alone": "He left.” Then it rained.",
    "Irish names": "O'Hara met D’Angelo.",
    "a possessive before a quotation's end": "the Joneses' and the Lees' houses",
    "rock 'n' roll": "They play rock 'n' roll.",
}

REPAIRED = {
    "a quotation that never closes reaches the paragraph's end": (
        "“We go now.\nIt rained.", ["“We go now."],
    ),
    "a credit ends a quotation that never closes": (
        "“The first boat came at dawn, said Ana Lopes, a pilot.", ["“The first boat came at dawn,"],
    ),
    "a stray mark costs its own paragraph only": (
        'A stray " here.\n"We go," she said.', ['" here.', '"We go,"'],
    ),
    "a missing closing mark is set at the last stop": (
        "“We will go now, she said. “We will not wait.”", ["“We will go now, she said.", "“We will not wait.”"],
    ),
    "each paragraph reopens and the last one closes": (
        "“We go now.\n“We come back.”", ["“We go now.", "“We come back.”"],
    ),
    "a closing mark that begins a paragraph opens it": (
        "”We go now,” she said.", ["”We go now,”"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), PAIRED.values(), ids=PAIRED.keys())
def test_pairs(text: str, expected: list[str], lexicon: Lexicon) -> None:
    """Marks of every print are paired, by shape and by place."""
    assert expected == found(text, lexicon)


@pytest.mark.parametrize(("text", "expected"), NESTED.values(), ids=NESTED.keys())
def test_the_outermost_marks_count(text: str, expected: list[str], lexicon: Lexicon) -> None:
    """A quotation within a quotation is part of it."""
    assert expected == found(text, lexicon)


@pytest.mark.parametrize("text", NO_MARKS.values(), ids=NO_MARKS.keys())
def test_what_is_no_quotation(text: str, lexicon: Lexicon) -> None:
    """Apostrophes, inches, decades and empty marks are left alone."""
    assert [] == found(text, lexicon)


@pytest.mark.parametrize(("text", "expected"), REPAIRED.values(), ids=REPAIRED.keys())
def test_what_is_repaired(text: str, expected: list[str], lexicon: Lexicon) -> None:
    """A missing or stray mark is made good within its paragraph."""
    assert expected == found(text, lexicon)


def test_a_span_knows_its_inner_words(lexicon: Lexicon) -> None:
    """`inner` leaves out the marks, of whatever length they are."""
    assert [MarkedSpan(3, 9, Span(5, 7), "double")] == find("ab ``cd'' ef", lexicon)


def test_kinds_of_marks(lexicon: Lexicon) -> None:
    """Single marks differ from double ones, of which doubled apostrophes are a kind."""
    assert ["single", "double", "double"] == [
        m.mark for m in find("‘a one’ and “a two” and ''a three'' go", lexicon)
    ]


def test_a_reopened_quotation_continues(lexicon: Lexicon) -> None:
    """A paragraph that reopens an open quotation continues it; the last one closes it."""
    spans = find("“We go now.\n\n“We come back.\n\n“That is all,” she said.\n\n“No.”", lexicon)
    assert [(False, False), (False, True), (True, True), (True, False)] == [(m.closed, m.continues) for m in spans]


def test_an_unclosed_single_mark_that_is_not_reopened_is_dropped(lexicon: Lexicon) -> None:
    """A lone opening single mark is an apostrophe, most likely."""
    assert [] == found("He wrote ‘nothing at all.\nIt rained.", lexicon)


def test_furniture_has_no_marks(lexicon: Lexicon) -> None:
    """The marks of page furniture pair with nothing."""
    text = 'Try "our app\nShe said "we go" at last.'
    skip = Span(0, text.index("\n"))
    assert ['"we go"'] == [text[m.start : m.end] for m in quotation_marks.find(text, lexicon=lexicon, skips=[skip])]


def test_a_long_row_of_marks_is_an_ornament(lexicon: Lexicon) -> None:
    """A ruler of marks costs no quotation behind it."""
    assert ['"we go"'] == found(f'{"`" * 200} She said "we go" at last. {"=" * 9}', lexicon)


def test_only_the_article_is_looked_at(lexicon: Lexicon) -> None:
    """Marks before and after the article do not count."""
    text = "“one” “two” “three”"
    assert ["“two”"] == [text[m.start : m.end] for m in quotation_marks.find(text, lexicon=lexicon, start=6, end=11)]


PARAGRAPHS = {
    "lines": ("a\nb", ["a", "b"]),
    "trimmed": ("  a \t\n\u00a0b\u3000", ["a", "b"]),
    "empty ones": ("a\n\n \n\t\nb\n", ["a", "b"]),
    "CRLF": ("a\r\nb\r\n\r\nc", ["a", "b", "c"]),
    "old Mac": ("a\rb", ["a", "b"]),
    "separators": ("a\u2028b\u2029c\x85d\x0be\x0cf", ["a", "b", "c", "d", "e", "f"]),
    "none": ("", []),
    "white space": (" \n ", []),
}


@pytest.mark.parametrize(("text", "expected"), PARAGRAPHS.values(), ids=PARAGRAPHS.keys())
def test_paragraphs(text: str, expected: list[str]) -> None:
    """A paragraph is a line with more than white space, without the white space around it."""
    assert expected == [text[p.start : p.end] for p in quotation_marks.paragraphs(text)]


def test_a_quotation_ends_within_its_paragraph(lexicon: Lexicon) -> None:
    """Invisible characters at the end of a line belong to no paragraph, and to no quotation in it."""
    text = "Ann Lee“Ann Lee\u200b\n,"
    assert [Span(0, 15), Span(17, 18)] == list(quotation_marks.paragraphs(text))
    assert [(7, 15)] == [(m.start, m.end) for m in quotation_marks.find(text, lexicon=lexicon)]
