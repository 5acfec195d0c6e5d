"""The recipe as a whole: loading, ids, pages, what is kept apart."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from attrs import evolve

import quotes
from quotes.errors import ModelError, PatternError
from quotes.extraction.options import Options
from quotes.extraction.pipeline import Pipeline, load
from quotes.records import ArticleRecord, SourceText

TEXT = "“We vote on Monday,” Ana Lee told Reuters. “Not before.” The “old” bridge fell."


def read(pipeline: Any, text: str, name: str = "a.txt", **known: str) -> list[ArticleRecord]:
    records: list[ArticleRecord] = pipeline.read(SourceText(name, text, **known))
    return records


def test_what_is_known_of_a_source_is_kept(pipeline: Any) -> None:
    """Title, byline, date, address and language of the input are the article's."""
    known = {
        "title": "A Vote",
        "byline": "Jo Roe",
        "published": "2025-06-10",
        "url": "https://a.example/1",
        "language": "en-GB",
    }
    [record] = read(pipeline, TEXT, **known)
    assert known == {key: getattr(record.article, key) for key in known}


def test_the_language_is_the_lexicons_where_nothing_tells(pipeline: Any) -> None:
    """An input that does not say its language was read as one."""
    [record] = read(pipeline, TEXT)
    assert "en" == record.article.language


def test_an_empty_text_has_no_quotes(pipeline: Any) -> None:
    """Nothing in, nothing out, nothing raised."""
    assert [] == [q for r in read(pipeline, "") for q in r.quotes]
    assert [] == [q for r in read(pipeline, "\n \n") for q in r.quotes]


def test_ids_are_stable_and_differ(pipeline: Any) -> None:
    """The same input gives the same ids; another source, another text, another place give others."""
    [record] = read(pipeline, TEXT)
    assert record == read(pipeline, TEXT)[0]
    ids = {
        record.article.id,
        read(pipeline, TEXT, "b.txt")[0].article.id,
        read(pipeline, TEXT + " It rained.")[0].article.id,
    }
    assert 3 == len(ids)
    assert 16 == len(record.article.id) == len(record.quotes[0].id)


def test_quotations_that_are_not_speech_are_separated(pipeline: Any) -> None:
    """Scare quotes are exported on request only, without speaker, cue and pattern."""
    plain = {q.text for r in read(pipeline, TEXT) for q in r.quotes}
    asked = [q for r in read(evolve(pipeline, include_unattributed=True), TEXT) for q in r.quotes]
    more = [q for q in asked if q.text not in plain]
    assert ["“old”"] == [q.text for q in more]
    assert [(None, None, None, 0.0)] == [(q.speaker, q.cue, q.pattern, q.confidence) for q in more]
    assert plain == {q.text for q in asked} - {"“old”"}


def test_uncredited_quotations_are_left_out(pipeline: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A statement without a speaker, a rumour, is exported on request alone: otherwise every quote has one."""
    monkeypatch.setattr("quotes.extraction.speakers.resolve.resolve", lambda article, statements, **_: statements)
    assert [] == [q for r in read(pipeline, TEXT) for q in r.quotes]
    asked = [q for r in read(evolve(pipeline, include_unattributed=True), TEXT) for q in r.quotes]
    assert [None] * len(asked) == [q.speaker for q in asked]
    assert any(q.cue for q in asked)


def test_unattributed_quotes_stand_in_their_place(pipeline: Any) -> None:
    """Quotes are in the order of the text, whatever their speakers."""
    text = "The “old” bridge fell.\n\n“We vote on Monday,” Ana Lee told Reuters."
    [record] = read(evolve(pipeline, include_unattributed=True), text)
    assert ["“old”", "“We vote on Monday,”"] == [q.text for q in record.quotes]


def test_a_paragraph_bounds_its_statement(pipeline: Any) -> None:
    """A statement's paragraph is the line that holds it."""
    text = "It rained.\n“We vote on Monday,” Ana Lee said.\n“We will not wait for spring.”\nIt snowed."
    [record] = read(evolve(pipeline, reader=None), text)
    places = [q.paragraph for q in record.quotes]
    assert text.split("\n")[1:3] == [text[p.start : p.end] for p in places if p]


def test_articles_of_a_page_share_nothing(pipeline: Any) -> None:
    """A pronoun finds nobody in the article before, and an open mark does not reach the next."""
    page = (
        "The Hindu\n11 minutes ago\n- The Hindu\nRains expected\n“It will rain, Ana Lee said.\nComments\n"
        "Reuters\n12 minutes ago\n- Reuters\nSnow expected\n“It will snow on Monday,” she said.\nComments\n"
    )
    records = read(pipeline, page)
    assert 2 == len(records)
    assert [0, 1] == [r.article.index for r in records]
    last = records[1].quotes[-1]
    assert "“It will snow on Monday,”" == last.text
    assert last.speaker is None or "Lee" not in last.speaker.name


def test_extract_takes_text_or_source() -> None:
    """The library's one call takes a plain text or one with what is known of it."""
    [plain] = quotes.extract(TEXT, source="a.txt")
    [known] = quotes.extract(SourceText("a.txt", TEXT, title="A Vote"))
    assert ("a.txt", None) == (plain.article.source, plain.article.title)
    assert ("a.txt", "A Vote") == (known.article.source, known.article.title)
    assert plain.quotes == known.quotes


@pytest.mark.parametrize(("with_text", "expected"), [(False, None), (True, TEXT)])
def test_the_text_is_kept_on_request(with_text: bool, expected: str | None) -> None:
    """An article carries its source's text only where it is asked to."""
    [record] = quotes.extract(TEXT, with_text=with_text)
    assert expected == record.article.text


@pytest.mark.parametrize(
    ("given", "words"), [(b"text", "not bytes: decode"), (None, "not NoneType"), (["a", "b"], "not list")]
)
def test_extract_refuses_what_is_no_text(given: Any, words: str) -> None:
    """One clear error, before a model is loaded."""
    with pytest.raises(TypeError, match=f"extract takes one text, a str or a SourceText, {words}"):
        quotes.extract(given)


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        ({"reader": "foo"}, "reader 'foo' is none of 'both', 'fast', 'patterns'"),
        ({"reader": None}, "reader None is none of 'both'"),
        ({"stance": "foo"}, "foo: stances are said, denied"),
    ],
)
def test_an_option_of_fixed_choices_lists_them(choice: dict[str, Any], words: str) -> None:
    """Every way to give options."""
    for call in (lambda: quotes.extract("text", **choice), lambda: Options(**choice), lambda: load(**choice)):
        with pytest.raises(ValueError, match=words):
            call()


def test_the_error_says_how_to_get_a_missing_model() -> None:
    """One line names the model and the command."""
    with pytest.raises(ModelError, match=r"model 'xx_no_such' is not installed; .*pip install .*--model") as caught:
        load(model="xx_no_such")
    assert "\n" not in str(caught.value)


def test_a_missing_language_is_reported() -> None:
    """A language without patterns is an error that names those that have some."""
    with pytest.raises(PatternError, match="no patterns for language 'xx'"):
        quotes.extract(TEXT, language="xx")


def test_a_model_without_a_parser_is_refused(tmp_path: Any) -> None:
    """A pipeline that cannot parse is refused at once, not with the first article."""
    import spacy

    spacy.blank("en").to_disk(tmp_path / "blank")
    with pytest.raises(ModelError, match="has no tagger and no parser"):
        load(model=str(tmp_path / "blank"))


def test_trace_names_the_patterns(pipeline: Any) -> None:
    """The explanation of a quote has pattern ids and probabilities."""
    [(piece, statements)] = pipeline.trace(SourceText("a.txt", TEXT))
    assert (0, len(TEXT)) == (piece.start, piece.end)
    [record] = read(pipeline, TEXT)
    expected = [(q.pattern, q.confidence) for q in record.quotes]
    assert expected == [(s.candidate.pattern, round(s.probability, 3)) for s in statements]


@pytest.mark.slow
def test_the_vocabulary_learns_no_word_for_good_once_it_knows_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """An archive of rare words leaves no trace, gives the same records, and nothing is compiled of forgotten words."""
    monkeypatch.setattr("quotes.extraction.forgetting._WORDS", 0)
    fresh = load(reader="patterns")
    strings = fresh.nlp.vocab.strings
    text = "“We zorble the {n}grint,” Ana Zibb{n} told the Daily Qux{n} on X. “Not before.”"
    sources = [SourceText(f"{number}.txt", text.format(n=number)) for number in range(40)]
    matchers = (fresh.statements, fresh.channel_patterns)
    assert not any(_has(made, "_compiled") for made in matchers)
    first = fresh.read(sources[0])
    assert all(_has(made, "_compiled") for made in matchers)
    known = len(strings)
    records = [fresh.read(source) for source in sources]
    assert known == len(strings)
    assert "Zibb39" not in strings
    monkeypatch.setattr("quotes.extraction.forgetting._WORDS", 1_000_000)
    learning = load(reader="patterns")
    assert records == [learning.read(source) for source in sources]
    assert records[0] == first
    assert "Zibb39" in learning.nlp.vocab.strings


def _has(compiled: object, name: str) -> bool:
    """Return whether a cached property has been made, without making it."""
    try:
        object.__getattribute__(compiled, name)
    except AttributeError:
        return False
    return True


def test_a_zone_of_the_callers_own_stays_theirs(monkeypatch: pytest.MonkeyPatch) -> None:
    """spaCy's memory zones do not nest: inside one of the caller's, none is begun."""
    monkeypatch.setattr("quotes.extraction.forgetting._WORDS", 0)
    fresh = load(reader="patterns")
    source = SourceText("a.txt", "“We vote on Monday,” Ana Lee told Reuters.")
    outside = fresh.read(source)
    with fresh.nlp.memory_zone():
        doc = fresh.nlp.make_doc("Zibbelquux speaks.")
        assert outside == fresh.read(source)
        assert "Zibbelquux" == doc[0].text


@pytest.mark.slow
def test_threads_may_share_a_pipeline_that_forgets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads do not drop words that others read: the records are those of one thread."""
    monkeypatch.setattr("quotes.extraction.forgetting._WORDS", 0)
    shared = load(reader="patterns")
    texts = [f"“We zorble the grint{n},” Ana Zibb{n} told Reuters. “Not before {n}.”" * 5 for n in range(60)]
    sources = [SourceText(f"{number}.txt", text) for number, text in enumerate(texts)]
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(shared.read, sources))
    assert together == [shared.read(source) for source in sources]


def test_a_model_of_the_callers_own_forgets_nothing(pipeline: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Doc of theirs may hold any of its words."""
    monkeypatch.setattr("quotes.extraction.forgetting._WORDS", 0)
    theirs = Pipeline(pipeline.nlp, pipeline.lexicon)
    theirs.read(SourceText("a.txt", "“We zorble on Monday,” Ana Zibbelquast told Reuters."))
    assert "Zibbelquast" in pipeline.nlp.vocab.strings


def test_a_dirty_text_is_read_as_if_clean(pipeline: Any) -> None:
    """With `clean` the records are those of the clean text, offsets and all, and say what was repaired."""
    dirty = "“We vote on Mon-\nday,” An\xada Lee told Reuters.&nbsp;â€œNot before.â€\x9d"
    plain = "“We vote on Monday,” Ana Lee told Reuters. “Not before.”"
    [found], [expected] = read(evolve(pipeline, clean=True), dirty), read(pipeline, plain)
    repaired = [(r.step, r.count) for r in found.article.cleaned or ()]
    steps = ["entities", "mojibake", "soft-hyphens", "hyphenated-line-ends", "spaces"]
    assert (plain, steps) == (found.article.text, [step for step, _ in repaired])
    assert expected == evolve(found, article=evolve(found.article, cleaned=None))
    assert "cleaned" not in quotes.to_dict(expected)["article"]
