"""Exports for annotators and for spaCy, of all samples, read by other people's programs."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import attrs
import pytest

from quotes.errors import StoreError
from quotes.export import read_records
from quotes.export.formats.brat import write as write_brat
from quotes.export.formats.label_studio import CONFIG, write_beside
from quotes.records import ArticleRecord
from tests.export.test_checked_linked import emoji_record
from tests.exporting import WHY, quotes_of, saved

SCORER = Path(__file__).parents[3] / "shared" / "bench" / "score.py"


def sources_of(records: list[ArticleRecord]) -> dict[str, list[ArticleRecord]]:
    found: dict[str, list[ArticleRecord]] = {}
    for record in records:
        found.setdefault(Path(record.article.source).stem, []).append(record)
    return found


@pytest.mark.test_all
def test_a_brat_parser_reads_the_folder(sampled: list[ArticleRecord], tmp_path: Path) -> None:
    """The parser finds an event a quote, whose content is the quote, and each annotation where the text has it."""
    reader = pytest.importorskip("bratly.io", reason=WHY)
    bratly = pytest.importorskip("bratly", reason=WHY)
    records = [*sampled, emoji_record()]
    folder = saved("brat", records, tmp_path)
    assert {path.stem for path in folder.glob("text/*.txt")} == set(sources_of(records))
    for name, articles in sources_of(records).items():
        document = reader.read_and_load_txt_file(
            str(folder / "text" / f"{name}.txt"), str(folder / "attributions" / f"{name}_quotes.ann"),
            ann_no_duplicates=False, ann_sorting=False, ann_renumerotize=False, ann_grammar_check=False,
        )  # fmt: skip
        assert document.check_ann_compatibility_with_txt()
        [found] = document.annotation_collections
        events = found.get_annotations(descendant_type=bratly.EventAnnotation)
        assert len(events) == len(quotes_of(articles))
        contents = [e for e in found.get_annotations(descendant_type=bratly.EntityAnnotation) if e.label == "Content"]
        texts = [" ".join(quote.text.split()) for quote in quotes_of(articles)]
        assert [" ".join(entity.content.split()) for entity in contents] == texts


def test_our_own_records_score_one(sampled: list[ArticleRecord], tmp_path: Path) -> None:
    """The benchmark's reader takes the folder for gold, and finds each record of the same run in it."""
    if not SCORER.exists():
        pytest.skip("the scorer of the benchmarks is not beside the checkout")
    spec = importlib.util.spec_from_file_location("score", SCORER)
    assert spec is not None
    assert spec.loader is not None
    score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    folder = saved("brat", sampled, tmp_path)
    result, _ = score.score(folder, score.read_predictions(saved("jsonl", sampled, tmp_path)))
    # What the scorer takes for quoted is its own affair: the joint figures are of content and speaker together.
    rows = {name: found for name, _, found in score.read_gold(folder)}
    assert {name: len(found) for name, found in rows.items()} == {
        name: len(quotes_of(articles)) for name, articles in sources_of(sampled).items()
    }
    for name, articles in sources_of(sampled).items():
        text = articles[0].article.text or ""
        for row, quote in zip(rows[name], quotes_of(articles), strict=True):
            spans = [(span.start, span.end) for span in quote.spans]
            assert score.char_set(row["spans"], text) == score.char_set(spans, text)
            mention = quote.speaker and quote.speaker.mention
            assert row["source"] == ([(mention.start, mention.end)] if mention else [])
    assert result["articles"] == len(rows)


def test_no_brat_name_finds_another_ones_annotations(whole: ArticleRecord, tmp_path: Path) -> None:
    """Annotations are looked for by name and "_": every text gets its own, whatever its source is called."""
    names = ["a.txt", "a_b.txt", "x/a.txt", "c_d_e.html", "c.html", "c_d.html", "[z]*.txt", ""]
    records = [
        attrs.evolve(whole, article=attrs.evolve(whole.article, source=name), quotes=whole.quotes[: n % 2])
        for n, name in enumerate(names)
    ]
    path = tmp_path / "out.brat"
    write_brat(records, path)
    texts = sorted(path.glob("text/*.txt"))
    found = [sorted(path.glob(f"attributions/{text.stem}_*.ann")) for text in texts]
    assert [1] * len(names) == [len(each) for each in found]
    assert [text.stem for text in texts] == [each[0].stem.removesuffix("_quotes") for each in found]


def test_brat_replaces_its_own_folder_only(whole: ArticleRecord, tmp_path: Path) -> None:
    """A second run replaces the first; a folder that holds anything else is left alone."""
    path = tmp_path / "out.brat"
    write_brat([whole, attrs.evolve(whole, article=attrs.evolve(whole.article, source="b"))], path)
    write_brat([whole], path)
    assert ["a.txt"] == [text.name for text in path.glob("text/*")]
    (path / "mine").touch()
    with pytest.raises(StoreError, match="exists and is not a brat folder"):
        write_brat([whole], path)
    assert ["out.brat"] == [each.name for each in tmp_path.iterdir()]


@pytest.mark.test_all
def test_label_studio_validates_tasks_and_predictions(sampled: list[ArticleRecord], tmp_path: Path) -> None:
    """Label Studio's own validator takes the labels, each task, and each prediction; regions say what the text says."""
    pytest.importorskip("label_studio_sdk", reason=WHY)
    from label_studio_sdk.label_interface import LabelInterface

    records = [*sampled, emoji_record()]
    path = saved("labelstudio", records, tmp_path)
    write_beside(path)
    labels = LabelInterface((tmp_path / "out.labels.xml").read_text("utf-8"))
    labels.validate()
    assert labels.config == CONFIG
    tasks = json.loads(path.read_text("utf-8"))
    assert len(tasks) == len(records)
    for task, record in zip(tasks, records, strict=True):
        [prediction] = task["predictions"]
        assert labels.validate_prediction(prediction, return_errors=True) == []
        assert labels.validate_task({"data": task["data"]})
        regions = [part for part in prediction["result"] if part["type"] == "labels"]
        text = task["data"]["text"]
        assert [] == [r for r in regions if text[r["value"]["start"] : r["value"]["end"]] != r["value"]["text"]]
        said = [r["value"] for r in regions if r["value"]["labels"][0] not in ("cue", "source")]
        assert [(value["labels"][0], value["start"], value["end"]) for value in said] == [
            (quote.type, span.start, span.end) for quote in record.quotes for span in quote.spans
        ]


@pytest.mark.test_all
def test_label_studio_sees_a_wrong_label(whole: ArticleRecord, tmp_path: Path) -> None:
    """The validator is strict enough that an unknown label does not pass."""
    pytest.importorskip("label_studio_sdk", reason=WHY)
    from label_studio_sdk.label_interface import LabelInterface

    [task] = json.loads(saved("labelstudio", [whole], tmp_path).read_text("utf-8"))
    task["predictions"][0]["result"][0]["value"]["labels"] = ["sung"]
    assert not LabelInterface(CONFIG).validate_prediction(task["predictions"][0])


def test_spacy_reads_the_doc_bin(sampled: list[ArticleRecord], tmp_path: Path) -> None:
    """Each Doc has its article's text, a span a fragment that covers it, and the record whole."""
    import spacy
    from spacy.tokens import DocBin

    path = saved("docbin", sampled, tmp_path)
    docs: list[Any] = list(DocBin().from_disk(path).get_docs(spacy.blank("en").vocab))
    for doc, record in zip(docs, sampled, strict=True):
        assert doc.text == record.article.text
        wanted = [(quote.id, quote.type, span) for quote in record.quotes for span in quote.spans]
        for found, (identity, label, span) in zip(doc.spans["quotes"], wanted, strict=True):
            assert (found.id_, found.label_) == (identity, label)
            assert found.start_char <= span.start < span.end <= found.end_char
    assert list(read_records(path)) == sampled
