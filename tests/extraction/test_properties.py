"""For any text: nothing raises, every offset slices to its text, and a second run gives the same bytes."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quotes.export import to_dict
from quotes.extraction import ranking
from quotes.lexicon import load_lexicon
from quotes.records import ArticleRecord, Candidate, Cue, SourceText, Span
from quotes.text import quotation_marks
from quotes.text.blanks import is_blank
from quotes.text.spans import held, touching
from tests.fuzz.checks import check_marks, check_records, check_slices
from tests.fuzz.news import CUES, GAPS, LINES, MARKS, NAMES, ODD, STOPS, WORDS

LEXICON = load_lexicon("en")
# A text costs a parse, so examples are few; each is made of typical parts of news.
PARSED = settings(
    deadline=None, max_examples=120, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
STRINGS = settings(deadline=None, max_examples=250)

PIECES = st.one_of(*(st.sampled_from(group) for group in (NAMES, CUES, WORDS, MARKS, STOPS, GAPS, GAPS, ODD, LINES)))
SENTENCES = st.builds(
    "{}{}{}{}{}{} {} {}{}".format,
    st.sampled_from([*MARKS, ""]), st.sampled_from(WORDS), st.sampled_from(STOPS), st.sampled_from([*MARKS, ""]),
    st.sampled_from(GAPS), st.sampled_from(NAMES), st.sampled_from(CUES), st.sampled_from([*WORDS, ""]),
    st.sampled_from(STOPS),
)  # fmt: skip
NEWS = st.lists(st.one_of(PIECES, SENTENCES, st.sampled_from(GAPS)), max_size=40).map("".join)
# Half a surrogate pair is not a character; its effects are tested in test_hostile.py.
CHARACTERS = st.text(st.characters(exclude_categories=["Cs"]), max_size=120)
TEXTS = st.one_of(NEWS, NEWS, NEWS, CHARACTERS)

Read = Callable[[str], list[ArticleRecord]]


@pytest.fixture(scope="module")
def read(pipeline: Any) -> Read:
    """Read a text with everything exported, what nobody says as well."""
    everything = evolve(pipeline, include_unattributed=True)
    return lambda text: everything.read(SourceText("any", text))


def as_bytes(records: list[ArticleRecord]) -> bytes:
    return json.dumps([to_dict(r) for r in records], sort_keys=True).encode()


@PARSED
@given(text=TEXTS)
def test_records_hold_for_any_text(text: str, read: Read) -> None:
    """Offsets slice to their texts, spans are ordered, disjoint and inside, ids unique, and the schema is kept."""
    check_records(read(text), text)


@PARSED
@given(text=TEXTS)
def test_a_second_run_gives_the_same_bytes(text: str, read: Read) -> None:
    """A text read before leaves no trace in the next one."""
    first = as_bytes(read(text))
    read("“We will not go,” said Jo Roe, the mayor. She told Reuters that it rained.")
    assert first == as_bytes(read(text))


@pytest.fixture(scope="module")
def component(pipeline: Any) -> Any:
    from quotes.extraction.spacy_component import QuotesComponent

    return QuotesComponent(pipeline.nlp)


@pytest.mark.slow
@PARSED
@given(text=TEXTS)
def test_the_component_gives_the_same_quotes(text: str, pipeline: Any, component: Any) -> None:
    """On a Doc of the same text, the component's quotes are the pipeline's."""
    expected = [q for r in component.pipeline.read(SourceText("doc", text)) for q in r.quotes]
    doc = component(pipeline.nlp.make_doc(text))
    assert expected == list(doc._.quotes)
    for span in doc.spans["quotes"]:
        assert any(span.id_ == q.id and span.label_ == q.type for q in expected)


@pytest.mark.slow
@settings(PARSED, max_examples=60)
@given(text=TEXTS)
def test_the_parse_of_the_doc_does_as_well(text: str, pipeline: Any, component: Any) -> None:
    """Whatever parse a Doc has, offsets slice to their texts."""
    from quotes.extraction.spacy_component import QuotesComponent

    doc = next(pipeline.parse([text]))
    for quote in QuotesComponent(pipeline.nlp, parse="doc").match(doc):
        check_slices(quote, text)
        assert all(one.end <= two.start for one, two in pairwise(quote.spans))


# -- what costs no parse ----------------------------------------------------------------------------------------------


@STRINGS
@given(text=st.one_of(NEWS, st.text(max_size=200), st.text(st.sampled_from(list("“”\"'‘’«» a,.\n")), max_size=60)))
def test_marks_are_ordered_and_disjoint(text: str) -> None:
    """Quotations are in order and do not overlap, each within one paragraph, its words within its marks."""
    check_marks(quotation_marks.find(text, lexicon=LEXICON), text)


@STRINGS
@given(before=NEWS, text=NEWS)
def test_a_paragraph_costs_no_other(before: str, text: str) -> None:
    """Words between marks are found at their place on a longer page, whatever precedes them."""
    alone = [(m.start, m.end) for m in quotation_marks.find(text, lexicon=LEXICON) if m.closed]
    page = before + "\nIt rained.\n" + text
    shift = len(page) - len(text)
    there = {(m.start - shift, m.end - shift) for m in quotation_marks.find(page, lexicon=LEXICON)}
    assert not [span for span in alone if span not in there]


@STRINGS
@given(text=NEWS)
def test_paragraphs_cover_the_text(text: str) -> None:
    """Every visible character is in one paragraph, and none begins or ends with an invisible one."""
    found = list(quotation_marks.paragraphs(text))
    covered = {n for p in found for n in range(p.start, p.end)}
    assert [
        n for n, c in enumerate(text) if not is_blank(c) and c not in "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
    ] == sorted(n for n in covered if not is_blank(text[n]))
    assert all(not is_blank(text[p.start]) and not is_blank(text[p.end - 1]) for p in found)


SPANS = st.lists(st.tuples(st.integers(0, 5), st.integers(1, 5)), max_size=12)


@STRINGS
@given(gaps=SPANS, start=st.integers(0, 60), length=st.integers(1, 20))
def test_touching_finds_what_a_search_of_all_finds(gaps: list[tuple[int, int]], start: int, length: int) -> None:
    """The spans that share a character with a stretch are found by bisection as by looking at each."""
    spans, at = [], 0
    for gap, size in gaps:
        spans.append(Span(at + gap, at + gap + size))
        at = spans[-1].end
    expected = [n for n, s in enumerate(spans) if s.start < start + length and start < s.end]
    assert expected == list(touching(spans, start, start + length))
    assert held(spans, start) == any(s.start <= start < s.end for s in spans)


CANDIDATES = st.lists(
    st.builds(
        lambda start, size, cue, weight: Candidate(
            (Span(start, start + size),), "direct", "en-subject",
            None if cue is None else Cue("said", "say", cue, cue + 4), features=(("layout", weight),),
        ),
        st.integers(0, 80), st.integers(1, 30), st.none() | st.integers(0, 110), st.sampled_from([-1.0, 0.0, 0.5, 1.0]),
    ),
    max_size=10,
    unique_by=lambda c: (c.spans[0].start, c.cue and c.cue.start),
)  # fmt: skip


@STRINGS
@given(candidates=CANDIDATES, order=st.randoms(use_true_random=False))
def test_the_chosen_do_not_depend_on_the_order_of_candidates(candidates: list[Candidate], order: Any) -> None:
    """The candidates' order changes nothing, each cue is used once, and the chosen ones are in the text's order."""
    chosen = ranking.choose(candidates, lexicon=LEXICON)
    shuffled = list(candidates)
    order.shuffle(shuffled)
    assert chosen == ranking.choose(shuffled, lexicon=LEXICON)
    cues = [s.candidate.cue.start for s in chosen if s.candidate.cue]
    assert sorted(set(cues)) == sorted(cues)
    assert all(s.candidate in candidates and s.probability >= LEXICON.weights["least_direct"] for s in chosen)
