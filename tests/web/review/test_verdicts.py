"""Reviewers' decisions are kept whole, folded in order, and exported as records and gold data."""

from __future__ import annotations

import json
import multiprocessing
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from quotes.errors import InputError, StoreError
from quotes.export import read_records
from quotes.extraction.pipeline import Pipeline
from quotes.reader.training.articles import read_corpus
from quotes.records import Article, ArticleRecord, Cue, Mention, Quote, SourceText, Span, Speaker
from quotes.web.review import gold, verdicts
from quotes.web.review.corrections import corrected
from quotes.web.review.verdicts import Verdict, VerdictLog, standing
from tests.benchmarks import corpus

TEXT = "“We vote on Monday,” Ana Lee said. “Not before.” 😀\nBo Roe agreed that it would rain."


@pytest.fixture
def article() -> ArticleRecord:
    """Two quotes, one of them with a speaker and a cue."""
    vote = Quote(
        "q1", "direct", TEXT[0:20], (Span(0, 20),), Cue("said", "say", 29, 33),
        Speaker("Ana Lee", "person", "the mayor", Mention("Ana Lee", 21, 28), "name"), confidence=0.9, pattern="p",
    )  # fmt: skip
    rain = Quote("q2", "indirect", TEXT[-22:-1], (Span(len(TEXT) - 22, len(TEXT) - 1),), confidence=0.4)
    return ArticleRecord(Article("a", "town.txt", 0, 0, len(TEXT), text=TEXT), (vote, rain))


def made(kind: str, quote: str = "q1", **more: Any) -> Verdict:
    return verdicts.new(**{"reviewer": "ana", "verdict": kind, "article": "a", "quote": quote, "source": "s", **more})


def test_the_last_verdict_counts_and_an_undo_takes_back_one(tmp_path: Path) -> None:
    """A verdict counts until a later one or its undo; then another reviewer's counts again."""
    log = VerdictLog(tmp_path / "v.jsonl")
    first, second = made("accept"), made("reject", reviewer="ben")
    log.append(first)
    log.append(second)
    assert {("a", "q1"): second} == standing(log.verdicts)
    log.append(made("undo", undoes=second.id))
    assert {("a", "q1"): first} == standing(VerdictLog(log.path).refresh())


def test_a_torn_line_costs_itself_only(tmp_path: Path) -> None:
    """A line torn by a kill is skipped, and the next verdict begins on a new line."""
    log = VerdictLog(tmp_path / "v.jsonl")
    log.append(made("accept"))
    whole = log.path.read_bytes()
    log.path.write_bytes(whole + whole[: len(whole) // 2])
    again = VerdictLog(log.path)
    assert 1 == len(again.refresh())
    again.append(made("reject"))
    assert ["accept", "reject"] == [v.verdict for v in again.verdicts]
    assert ["accept", "reject"] == [v.verdict for v in VerdictLog(log.path).refresh()]
    assert 1 == again.torn


def _append(path: Path, name: str, number: int) -> None:
    log = VerdictLog(path)
    for _ in range(number):
        log.append(made("accept", reviewer=name))


@pytest.mark.slow
def test_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    """Several processes append to one file, and every line is there and whole."""
    path = tmp_path / "v.jsonl"
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_append, args=(path, name, 40)) for name in ("ana", "ben", "cem")]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    log = VerdictLog(path)
    names = [v.reviewer for v in log.refresh()]
    assert ({"ana": 40, "ben": 40, "cem": 40}, 0) == ({n: names.count(n) for n in sorted(set(names))}, log.torn)


def test_a_verdict_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    """The error names the file, and nothing half-written is left."""
    log = VerdictLog(tmp_path / "missing" / "v.jsonl")
    with pytest.raises(StoreError, match=r"v\.jsonl: cannot be written .*nothing was saved"):
        log.append(made("accept"))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs a limit on file size that raises")
def test_a_full_disk_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    """A line of which only a part would fit is taken out again."""
    path = tmp_path / "v.jsonl"
    program = (
        "import resource, signal, sys\nfrom pathlib import Path\nfrom quotes.errors import StoreError\n"
        "from tests.web.review.test_verdicts import made\nfrom quotes.web.review.verdicts import VerdictLog\n"
        "log = VerdictLog(Path(sys.argv[1]))\nlog.append(made('accept'))\nsize = log.path.stat().st_size\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (size + 50, size + 50))\n"
        "try:\n    log.append(made('reject'))\nexcept StoreError as error:\n    print(size, error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)],
        cwd=Path(__file__).parents[3], capture_output=True, text=True, check=True,
    )  # fmt: skip
    size, _, told = done.stdout.partition(" ")
    assert int(size) == path.stat().st_size
    assert "nothing was saved" in told


def test_a_correction_is_cut_from_the_article(article: ArticleRecord) -> None:
    """Texts come from the offsets, the role from the article by default, and the pattern is dropped."""
    given = {
        "spans": [{"start": 35, "end": 48}, {"start": 0, "end": 20}],
        "type": "direct",
        "speaker": {"name": " Ana  Lee ", "kind": "organization", "mention": {"start": 21, "end": 24}},
        "cue": {"start": 29, "end": 33},
        "channels": [{"relation": "to", "name": "Reuters", "kind": "outlet"}],
    }
    quote = corrected(article, given, quote=article.quotes[0])
    assert "“We vote on Monday,” “Not before.”" == quote.text
    assert ("Ana Lee", "organization", "the mayor", "Ana") == (
        quote.speaker and quote.speaker.name, quote.speaker and quote.speaker.kind,
        quote.speaker and quote.speaker.role, quote.speaker and quote.speaker.mention and quote.speaker.mention.text,
    )  # fmt: skip
    assert ("say", None, 1.0) == (quote.cue and quote.cue.lemma, quote.pattern, quote.confidence)
    assert "q1" != quote.id
    assert quote == corrected(article, {**given, "spans": given["spans"][::-1]}, quote=article.quotes[0])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"spans": []}, "at least one span"),
        ({"spans": [{"start": 0, "end": 9999}]}, "not a span of the article"),
        ({"spans": [{"start": 5, "end": 5}]}, "not a span of the article"),
        ({"spans": [{"start": 0, "end": 9}, {"start": 4, "end": 12}]}, "must not overlap"),
        ({"type": "shouted"}, "type"),
        ({"speaker": {"name": " "}}, "needs a name"),
        ({"channels": [{"relation": "by", "name": "X", "kind": "platform"}]}, "relation"),
        ({"spans": [{"start": "0", "end": 9}]}, "must be int"),
    ],
)
def test_a_correction_that_does_not_fit_is_refused(article: ArticleRecord, change: dict[str, Any], words: str) -> None:
    """Nothing is saved that no record could hold."""
    given = {"spans": [{"start": 0, "end": 20}], "type": "direct", **change}
    with pytest.raises(InputError, match=words):
        corrected(article, given, quote=article.quotes[0])


def reviewed(article: ArticleRecord) -> dict[tuple[str, str], Verdict]:
    """Accept the first quote, reject the second, add a third."""
    span = {"start": 35, "end": 48}
    added = corrected(article, {"spans": [span], "type": "direct"}, quote=None)
    return standing([made("accept"), made("reject", "q2"), made("add", added.id, corrected=added)])


def test_corrected_records(article: ArticleRecord, tmp_path: Path) -> None:
    """Accepted and added quotes are certain, rejected ones gone, the rest as they were; any format takes them."""
    gold.write_records(gold.apply([article], reviewed(article)), tmp_path / "out.json")
    [record] = read_records(tmp_path / "out.json")
    assert [("“We vote on Monday,”", 1.0), ("“Not before.”", 1.0)] == [(q.text, q.confidence) for q in record.quotes]
    assert [article] == list(gold.apply([article], {}))
    with pytest.raises(StoreError, match="no format has this suffix"):
        gold.write_records([article], tmp_path / "out.docx")


def test_gold_is_what_training_reads(article: ArticleRecord, tmp_path: Path) -> None:
    """The folder reads as a corpus: the text letter by letter, each statement with its cue and source."""
    done = gold.write_gold([article], reviewed(article), tmp_path)
    assert gold.Exported(sources=1, unfinished=0, quotes=2) == done
    [read] = read_corpus(tmp_path, is_speech=lambda *_: True)
    assert ("town", TEXT) == (read.name, read.text)
    assert [(((0, 20),), (29, 33), (21, 28)), (((35, 48),), None, None)] == [
        (label.contents, label.cue, label.source) for label in read.labels
    ]
    [line] = [json.loads(line) for line in (tmp_path / "gold.jsonl").read_text("utf-8").splitlines()]
    assert {"spans": [[0, 20]], "speaker": [21, 28], "type": "direct"} == line["quotes"][0]


def test_unfinished_sources_are_no_gold(article: ArticleRecord, tmp_path: Path) -> None:
    """A source with a quote that nobody judged is left out and counted; its records are written all the same."""
    done = gold.write_gold([article], standing([made("accept")]), tmp_path)
    assert gold.Exported(sources=0, unfinished=1, quotes=0) == done
    assert [] == list((tmp_path / "text").iterdir())
    assert 1 == len(list(read_records(tmp_path / "records.jsonl")))


def test_no_two_sources_share_a_file(article: ArticleRecord, tmp_path: Path) -> None:
    """Sources of one name get names apart, and no name reads as the beginning of another's attribution file."""
    sources = ("x/wire.txt", "y/wire.txt", "wire_a.txt", "t.jsonl#1", "t.jsonl#2", "../../..", "https://a.example/b?c")
    every = [
        evolve(article, article=evolve(article.article, id=str(n), source=source)) for n, source in enumerate(sources)
    ]
    decided = standing([made("accept", q, article=str(n)) for n in range(len(sources)) for q in ("q1", "q2")])
    assert len(sources) == gold.write_gold(every, decided, tmp_path).sources
    names = sorted(path.stem for path in (tmp_path / "text").iterdir())
    assert len(sources) == len(set(names))
    for name in names:
        assert 1 == len(list((tmp_path / "attributions").glob(f"{name}_*.ann")))


@pytest.mark.skipif(corpus.missing() is not None, reason=f"{corpus.missing()}")
def test_scorers_find_no_fault_in_what_was_accepted(pipeline: Pipeline, tmp_path: Path) -> None:
    """If all quotes are accepted, the reviewed records score 1 against the resulting gold data."""
    samples = Path(__file__).parents[3] / "samples"
    # All print double marks: the scorer takes words in other marks for speech without any.
    names = ("channels.txt", "split_quotes.txt", "pronouns_and_roles.txt")
    texts = [SourceText(name, (samples / name).read_text("utf-8")) for name in names]
    records = [
        evolve(record, quotes=tuple(q for q in record.quotes if q.type in ("direct", "mixed")))
        for text in texts
        for record in pipeline.read(text)
    ]
    decided = standing([made("accept", q.id, article=r.article.id) for r in records for q in r.quotes])
    done = gold.write_gold(records, decided, tmp_path)
    score = corpus.scorers().score
    for predictions in (tmp_path / "records.jsonl", tmp_path / "gold.jsonl"):
        result, _ = score.score(tmp_path, score.read_predictions(predictions))
        quoted = result["quoted"]["joint"]
        assert (quoted["gold"], 1.0) == (quoted["hit"], quoted["f1"])
        assert 0.8 * done.quotes <= quoted["gold"]
