"""A verdict counts for the record it was given on, finds its quote again by text, and is not lost with its file."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from quotes.cli import main
from quotes.errors import InputError, StoreError
from quotes.export import FORMATS, from_dict, read_records, to_dict
from quotes.records import Article, ArticleRecord, Channel, Cue, Mention, Quote, Span, Speaker
from quotes.web.review import verdicts
from quotes.web.review.gold import under_review, write_gold
from quotes.web.review.verdicts import VerdictLog, standing

TEXT = "“We vote on Monday,” Ana Lee said. “Not before.” 😀\nBo Roe agreed that it would rain."
RAIN = TEXT.index("it would rain")


@pytest.fixture
def article() -> ArticleRecord:
    """Two quotes, one of them with a speaker and a cue."""
    vote = Quote(
        "q1", "direct", TEXT[0:20], (Span(0, 20),), Cue("said", "say", 29, 33),
        Speaker("Ana Lee", "person", "the mayor", Mention("Ana Lee", 21, 28), "name"), confidence=0.9, pattern="p",
    )  # fmt: skip
    rain = Quote("q2", "indirect", TEXT[RAIN:-1], (Span(RAIN, len(TEXT) - 1),), confidence=0.4)
    return ArticleRecord(Article("a", "town.txt", 0, 0, len(TEXT), "Town votes", text=TEXT), (vote, rain))


def save(path: Path, *records: ArticleRecord) -> Path:
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        FORMATS["jsonl"].write(records, stream)
    return path


def desk(path: Path, *records: ArticleRecord) -> Any:
    """Return the review server's own object, with the records saved."""
    page = pytest.importorskip("quotes.web.review.server", reason="needs .venv/bin/pip install '.[web]'")
    save(path, *records)
    found = under_review(read_records(path), name=str(path))
    return page.Review(found, VerdictLog(path.with_name(f"{path.name}.verdicts.jsonl")), "ana")


def decide(review: Any, quote: str, verdict: str, *, reviewer: str = "ana", **more: Any) -> Any:
    [article] = review.records
    return review.decide({"article": article, "quote": quote, "verdict": verdict, "reviewer": reviewer, **more})


def span(start: int, end: int) -> dict[str, int]:
    return {"start": start, "end": end}


# ---- the record that was seen


def changed(record: ArticleRecord, **fields: Any) -> ArticleRecord:
    return evolve(record, quotes=(evolve(record.quotes[0], **fields), *record.quotes[1:]))


OTHER = Speaker("Bo Roe", "person", None, Mention("Bo Roe", 51, 57), "name")


@pytest.mark.parametrize(
    "fields",
    [
        {"speaker": OTHER}, {"speaker": None}, {"type": "mixed"}, {"said_on": "2025-01-06"}, {"cue": None},
        {"channels": (Channel("via", "CBC News", "outlet"),)},
        {"text": "“We vote", "spans": (Span(0, 8),)},
    ],
)  # fmt: skip
@pytest.mark.parametrize("verdict", ["accept", "reject", "correct"])
def test_a_verdict_on_another_record_is_no_gold(
    article: ArticleRecord, tmp_path: Path, fields: dict[str, Any], verdict: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """If the record under an id has changed, the quote stays as extracted, is not gold, and is to be reviewed again."""
    path = tmp_path / "quotes.jsonl"
    review = desk(path, article)
    given: dict[str, Any] = {"corrected": {"spans": [span(0, 8)], "type": "direct"}} if verdict == "correct" else {}
    decide(review, "q1", verdict, **given)
    decide(review, "q2", "accept")
    assert 0 == main(["review", str(path), "--export", str(tmp_path / "before")])
    assert "gold data of 1 sources" in capsys.readouterr().err
    now = changed(article, **fields)
    save(path, now)
    assert 0 == main(["review", str(path), "--export", str(tmp_path / "gold")])
    told = capsys.readouterr().err
    assert "1 quote has changed since a verdict was given, to be reviewed again" in told
    assert "gold data of 0 sources" in told
    assert "" == (tmp_path / "gold" / "gold.jsonl").read_text()
    [record] = read_records(tmp_path / "gold" / "records.jsonl")
    assert now.quotes[0] == record.quotes[0]
    assert [True, False] == ["stale" in v for v in desk(path, now).since(0)["verdicts"]]


def test_the_text_that_was_seen_counts_too(article: ArticleRecord, tmp_path: Path) -> None:
    """If the article has other words under its id, neither a judged nor an added quote is gold."""
    path = tmp_path / "quotes.jsonl"
    review = desk(path, article)
    for quote in ("q1", "q2"):
        decide(review, quote, "accept")
    decide(review, "new", "add", corrected={"spans": [span(35, 48)], "type": "direct"})
    text = TEXT.replace("Not before", "Not behind")
    now = evolve(article, article=evolve(article.article, text=text))
    done = write_gold([now], standing(review.log.verdicts), tmp_path / "gold")
    assert (0, 1) == (done.sources, done.unfinished)


def test_confidence_and_pattern_are_nothing_that_a_reviewer_judges(article: ArticleRecord, tmp_path: Path) -> None:
    """Another reading that is surer of the same statement leaves the verdict as it was."""
    path = tmp_path / "quotes.jsonl"
    review = desk(path, article)
    for quote in ("q1", "q2"):
        decide(review, quote, "accept")
    now = changed(article, confidence=0.95, pattern="other", paragraph=Span(0, 50))
    assert 1 == write_gold([now], standing(review.log.verdicts), tmp_path / "gold").sources


def test_files_of_earlier_versions_are_compared_by_their_record(article: ArticleRecord, tmp_path: Path) -> None:
    """A verdict without fingerprints holds the record itself."""
    made = [
        verdicts.new(reviewer="ana", verdict="accept", article="a", quote=q.id, source="town.txt", record=q)
        for q in article.quotes
    ]
    assert 1 == write_gold([article], standing(made), tmp_path / "one").sources
    assert 0 == write_gold([changed(article, speaker=OTHER)], standing(made), tmp_path / "two").sources


def test_reviewers_who_differ_are_reported(
    article: ArticleRecord, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The last verdict counts, and the export says on how many quotes there were others, and whose."""
    path = tmp_path / "quotes.jsonl"
    review = desk(path, article)
    decide(review, "q1", "accept")
    decide(review, "q2", "accept")
    decide(review, "q1", "reject", reviewer="ben")
    decide(review, "q2", "accept", reviewer="ben")
    for target in ("out.jsonl", "gold"):
        assert 0 == main(["review", str(path), "--export", str(tmp_path / target)])
        assert "reviewers differ on 1 quote (ana, ben); the last verdict counts" in capsys.readouterr().err
    decide(review, "q1", "reject")
    assert 0 == main(["review", str(path), "--export", str(tmp_path / "out.jsonl")])
    assert "reviewers differ" not in capsys.readouterr().err


# ---- verdicts that fit nothing


def moved(record: ArticleRecord, **fields: Any) -> ArticleRecord:
    """Return the article as another folder's: other source, other ids."""
    quotes = tuple(evolve(quote, id=f"{quote.id}-new") for quote in record.quotes)
    return ArticleRecord(evolve(record.article, id="b", source="new/town.txt", **fields), quotes)


def judged(path: Path, article: ArticleRecord) -> None:
    """Accept a quote, correct another, and add a third."""
    review = desk(path, article)
    decide(review, "q1", "accept")
    decide(review, "q2", "correct", corrected={"spans": [span(RAIN + 3, RAIN + 13)], "type": "indirect"})
    decide(review, "new", "add", corrected={"spans": [span(35, 48)], "type": "direct"})


@pytest.mark.parametrize("earlier", [False, True])
def test_verdicts_are_found_again_by_text(
    article: ArticleRecord, tmp_path: Path, capsys: pytest.CaptureFixture[str], earlier: bool
) -> None:
    """After the folder was renamed the export says that nothing fits; --reanchor carries the verdicts over, once."""
    path = tmp_path / "quotes.jsonl"
    judged(path, article)
    if earlier:
        file = tmp_path / "quotes.jsonl.verdicts.jsonl"
        made = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        plain = [{k: v for k, v in line.items() if k not in ("seen", "reanchored")} for line in made]
        file.write_text("".join(json.dumps(line) + "\n" for line in plain), "utf-8")
    save(path, moved(article))
    assert 1 == main(["review", str(path), "--export", str(tmp_path / "out.jsonl")])
    told = capsys.readouterr().err
    assert "3 verdicts fit nothing here" in told
    assert "--reanchor" in told
    assert "2 quotes, 0 verdicts" in told
    assert 0 == main(["review", str(path), "--reanchor", "--export", str(tmp_path / "gold")])
    told = capsys.readouterr().err
    assert "3 of 3 verdicts that fit nothing here re-anchored" in told
    assert "gold data of 1 sources with 3 quotes" in told
    [record] = read_records(tmp_path / "gold" / "records.jsonl")
    assert ["“We vote on Monday,”", "“Not before.”", "would rain"] == [quote.text for quote in record.quotes]
    assert 0 == main(["review", str(path), "--reanchor"])
    assert "0 of 0 verdicts" in capsys.readouterr().err


def test_an_article_of_another_text_is_found_by_its_title(article: ArticleRecord, tmp_path: Path) -> None:
    """A line put before it moves all offsets; what is not the same words by the same speaker stays where it was."""
    path = tmp_path / "quotes.jsonl"
    judged(path, article)
    lead = "Updated at noon.\n"
    shifted = json.loads(json.dumps(to_dict(moved(article))), object_hook=lambda d: _shift(d, len(lead)))
    shifted["article"] |= {"text": lead + TEXT, "start": 0}
    save(path, from_dict(shifted))
    assert 0 == main(["review", str(path), "--reanchor", "--export", str(tmp_path / "gold")])
    [record] = read_records(tmp_path / "gold" / "records.jsonl")
    assert ["“We vote on Monday,”", "“Not before.”", "would rain"] == [quote.text for quote in record.quotes]
    assert {1.0} == {quote.confidence for quote in record.quotes}


def _shift(data: dict[str, Any], by: int) -> dict[str, Any]:
    return {k: v + by if k in ("start", "end") and isinstance(v, int) else v for k, v in data.items()}


def test_another_speaker_or_two_copies_are_not_guessed(
    article: ArticleRecord, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A quote whose record differs, and an article that is there twice, get no verdict of another's."""
    path = tmp_path / "quotes.jsonl"
    judged(path, article)
    save(path, changed(moved(article), speaker=OTHER))
    assert 1 == main(["review", str(path), "--reanchor"])
    assert "2 of 3 verdicts" in capsys.readouterr().err
    (tmp_path / "quotes.jsonl.verdicts.jsonl").unlink()
    judged(path, article)
    twice = moved(article)
    save(path, twice, evolve(twice, article=evolve(twice.article, id="c", source="old/town.txt")))
    assert 1 == main(["review", str(path), "--reanchor"])
    assert "0 of 3 verdicts" in capsys.readouterr().err


# ---- the file under a running server


def delete(path: Path) -> None:
    path.unlink()


def empty(path: Path) -> None:
    path.write_bytes(b"")


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-30])


def put_back(path: Path) -> None:
    path.with_name("old").write_bytes(path.read_bytes().splitlines(keepends=True)[0])
    os.replace(path.with_name("old"), path)


def overwrite(path: Path) -> None:
    path.write_text("The council met on Monday.\n" * 1000)


@pytest.mark.parametrize("harm", [delete, empty, cut, put_back, overwrite])
@pytest.mark.parametrize("then", ["append", "look"])
def test_a_removed_file_is_written_again(
    article: ArticleRecord, tmp_path: Path, harm: Any, then: str
) -> None:
    """Whatever happens to the file, it has all acknowledged verdicts after the next look or verdict, once."""
    review = desk(tmp_path / "quotes.jsonl", article)
    path = review.log.path
    made = [decide(review, "q1", "accept"), decide(review, "q2", "reject"), decide(review, "q1", "reject")]
    harm(path)
    if then == "append":
        made.append(decide(review, "q2", "accept"))
    seen = review.since(0)
    assert "missing verdicts were written again" in seen["notice"]
    log = VerdictLog(path)
    assert {v.id for v in made} == {v.id for v in log.refresh()}
    assert [v.id for v in log.verdicts] == [v["id"] for v in seen["verdicts"]] == [v.id for v in review.log.verdicts]
    other = tmp_path / f"{path.name}.other"
    assert ("The council" in other.read_text()) if harm is overwrite else not other.exists()


def test_a_file_that_an_editor_saved_is_read_on(article: ArticleRecord, tmp_path: Path) -> None:
    """Another file of the same lines, and one with another's verdicts behind them, need no notice."""
    review = desk(tmp_path / "quotes.jsonl", article)
    path = review.log.path
    decide(review, "q1", "accept")
    shutil.copy(path, tmp_path / "copy")
    os.replace(tmp_path / "copy", path)
    VerdictLog(path).append(
        verdicts.new(reviewer="ben", verdict="reject", article="a", quote="q2", source="town.txt")
    )
    told = review.since(1)
    assert (["ben"], None, 2) == ([v["reviewer"] for v in told["verdicts"]], told["notice"], told["number"])


def test_who_knows_another_order_gets_all(article: ArticleRecord, tmp_path: Path) -> None:
    """If another reviewer's verdicts precede the restored ones, a page reloads the whole list."""
    review = desk(tmp_path / "quotes.jsonl", article)
    decide(review, "q1", "accept")
    review.log.path.unlink()
    VerdictLog(review.log.path).append(
        verdicts.new(reviewer="ben", verdict="reject", article="a", quote="q1", source="town.txt")
    )
    told = review.since(1)
    assert (["ben", "ana"], 0, 2) == ([v["reviewer"] for v in told["verdicts"]], told["first"], told["number"])
    assert [] == review.since(3)["verdicts"]


def test_two_servers_restore_a_file_once(article: ArticleRecord, tmp_path: Path) -> None:
    """Both hold the same verdicts; none is written twice."""
    one, two = desk(tmp_path / "quotes.jsonl", article), desk(tmp_path / "quotes.jsonl", article)
    decide(one, "q1", "accept")
    two.since(0)
    decide(two, "q2", "accept")
    one.log.path.unlink()
    decide(two, "q1", "reject", reviewer="ben")
    decide(one, "q2", "reject")
    assert 4 == len(one.log.path.read_bytes().splitlines())


def test_a_last_line_without_its_end_counts(article: ArticleRecord, tmp_path: Path) -> None:
    """An editor may end no line; the next verdict still begins on its own."""
    review = desk(tmp_path / "quotes.jsonl", article)
    decide(review, "q1", "accept")
    review.log.path.write_bytes(review.log.path.read_bytes().rstrip(b"\n"))
    again = desk(tmp_path / "quotes.jsonl", article)
    assert (1, 0) == (again.since(0)["number"], again.log.torn)
    decide(again, "q2", "accept")
    assert 2 == len(VerdictLog(review.log.path).refresh())


@pytest.mark.parametrize(
    "content",
    [
        b"The council met on Monday.\n\nAna Lee said so.\n", b"No line end", b"\x00\x01\x02PK" * 40,
        b'{"text": "The council met."}\n', b'{"id": "7", "text": "The council met."}\n', b"[1, 2]\n",
        "Köln".encode("cp1252"),
    ],
)  # fmt: skip
def test_a_file_of_something_else_is_no_file_of_verdicts(
    article: ArticleRecord, tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    """An article, a table or a picture is refused in one line and left as it was."""
    save(tmp_path / "quotes.jsonl", article)
    other = tmp_path / "monday.txt"
    other.write_bytes(content)
    target = str(tmp_path / "out.jsonl")
    assert 1 == main(["review", str(tmp_path / "quotes.jsonl"), "--verdicts", str(other), "--export", target])
    assert "monday.txt: is not a file of verdicts; name another with --verdicts" in capsys.readouterr().err
    with pytest.raises(StoreError, match="is not a file of verdicts"):
        VerdictLog(other).append(verdicts.new(reviewer="a", verdict="accept", article="a", quote="q", source="s"))
    assert content == other.read_bytes()
    assert ["monday.txt", "quotes.jsonl"] == sorted(path.name for path in tmp_path.iterdir())


def test_the_records_and_a_pipe_are_no_files_of_verdicts(
    article: ArticleRecord, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither is read as one, and neither keeps the program waiting."""
    path = str(save(tmp_path / "quotes.jsonl", article))
    os.mkfifo(tmp_path / "pipe")
    assert 2 == main(["review", path, "--verdicts", path, "--export", str(tmp_path / "out.jsonl")])
    assert "is both input and output" in capsys.readouterr().err
    assert 1 == main(["review", path, "--verdicts", str(tmp_path / "pipe"), "--export", str(tmp_path / "out.jsonl")])
    assert "is not a plain file" in capsys.readouterr().err


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "1" + "0" * 400])
def test_what_is_no_number_costs_its_line(article: ArticleRecord, tmp_path: Path, number: str) -> None:
    """A line with NaN or a number beyond all is a broken one, and the page gets the others."""
    review = desk(tmp_path / "quotes.jsonl", article)
    decide(review, "q1", "accept")
    decide(review, "q2", "correct", corrected={"spans": [span(0, 8)], "type": "direct"})
    path = review.log.path
    first, second = path.read_text("utf-8").splitlines()
    assert '"confidence": 1.0' in second
    path.write_text(f"{first}\n" + second.replace('"confidence": 1.0', f'"confidence": {number}') + "\n", "utf-8")
    again = desk(tmp_path / "quotes.jsonl", article)
    assert (1, 1) == (again.since(0)["number"], again.log.torn)


def test_a_correction_without_fragments_is_a_broken_line(article: ArticleRecord, tmp_path: Path) -> None:
    """A line that says a quote is nowhere, or corrects it to nothing, leaves the quote as it was."""
    review = desk(tmp_path / "quotes.jsonl", article)
    decide(review, "q2", "correct", corrected={"spans": [span(0, 8)], "type": "direct"})
    path = review.log.path
    line = json.loads(path.read_text("utf-8"))
    bad = [line | {"id": "1", "corrected": line["corrected"] | {"spans": []}}, line | {"id": "2", "corrected": None}]
    path.write_text("".join(json.dumps(each) + "\n" for each in bad), "utf-8")
    target = tmp_path / "out.jsonl"
    assert 0 == main(["review", str(tmp_path / "quotes.jsonl"), "--export", str(target)])
    assert [article] == list(read_records(target))


def test_a_quote_without_fragments_can_only_be_corrected(article: ArticleRecord, tmp_path: Path) -> None:
    """Records without any place for a quote are reviewed and exported; it is never accepted."""
    path = tmp_path / "quotes.jsonl"
    review = desk(path, changed(article, spans=()))
    with pytest.raises(InputError, match="has no place in the article"):
        decide(review, "q1", "accept")
    decide(review, "q2", "accept")
    assert 0 == main(["review", str(path), "--export", str(tmp_path / "gold")])
    assert "" == (tmp_path / "gold" / "gold.jsonl").read_text()
    decide(review, "q1", "correct", corrected={"spans": [span(0, 20)], "type": "direct"})
    assert 0 == main(["review", str(path), "--export", str(tmp_path / "gold")])
    assert 1 == len((tmp_path / "gold" / "gold.jsonl").read_text().splitlines())


# ---- corrections that make one quote of two

ON_Q2 = {"spans": [span(RAIN, len(TEXT) - 1)], "type": "direct"}


def ids(review: Any, tmp_path: Path) -> list[str]:
    path = tmp_path / "quotes.jsonl"
    assert 0 == main(["review", str(path), "--export", str(tmp_path / "out.jsonl")])
    [record] = read_records(tmp_path / "out.jsonl")
    assert len({quote.spans for quote in record.quotes}) == len(record.quotes)
    return [quote.id for quote in record.quotes]


def test_another_quotes_words_are_refused(article: ArticleRecord, tmp_path: Path) -> None:
    """A quote is not corrected to, nor added at, where another one is, in whatever order the verdicts come."""
    review = desk(tmp_path / "quotes.jsonl", article)
    words = "another quote already has exactly these words"
    with pytest.raises(InputError, match=words):
        decide(review, "q1", "correct", corrected=ON_Q2)
    with pytest.raises(InputError, match=words):
        decide(review, "new", "add", corrected=ON_Q2)
    rejected = decide(review, "q2", "reject")
    decide(review, "q1", "correct", corrected=ON_Q2)
    with pytest.raises(InputError, match=words):
        decide(review, "q2", "undo", undoes=rejected.id)
    with pytest.raises(InputError, match=words):
        decide(review, "q2", "accept", reviewer="ben")
    added = decide(review, "new", "add", corrected={"spans": [span(35, 48)], "type": "direct"})
    with pytest.raises(InputError, match="these words are already a quote"):
        decide(review, "new", "add", reviewer="ben", corrected={"spans": [span(35, 48)], "type": "indirect"})
    with pytest.raises(InputError, match=words):
        decide(review, "q1", "correct", corrected={"spans": [span(35, 48)], "type": "direct"})
    assert added.quote in ids(review, tmp_path)
    assert 3 == len(review.log.verdicts)


def test_a_quote_may_still_be_corrected_about_its_own_words(article: ArticleRecord, tmp_path: Path) -> None:
    """Another speaker for the same words printed twice, and words within another quote's, do not conflict."""
    review = desk(tmp_path / "quotes.jsonl", article)
    for name in ("Bo Roe", "Cy Poe"):
        decide(review, "q1", "correct", corrected={"spans": [span(0, 20)], "type": "direct", "speaker": {"name": name}})
    decide(review, "q2", "correct", corrected={"spans": [span(1, 8)], "type": "direct"})
    assert 2 == len(ids(review, tmp_path))


def test_a_file_that_makes_one_quote_of_two_is_not_believed(article: ArticleRecord, tmp_path: Path) -> None:
    """Verdicts of an earlier version that clash are to be given again; no id is exported twice."""
    review = desk(tmp_path / "quotes.jsonl", article)
    decide(review, "q2", "reject")
    decide(review, "q1", "correct", corrected=ON_Q2)
    path = review.log.path
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[1])
    assert ["q1", "q2"] == ids(review, tmp_path)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"spans": [span(0, 8), span(0, 8)]}, "twice"),
        ({"spans": [span(8, 0)]}, "not a span of the article"),
        ({"spans": [span(-5, 8)]}, "not a span of the article"),
        ({"spans": [span(20, 21)]}, "no words"),
        ({"channels": [{"relation": "on", "name": "X", "kind": "platform"}] * 2}, "twice"),
        ({"speaker": {"name": "Di Coe", "role": "x" * 100_000}}, "role has 100,000 characters"),
        ({"speaker": {"name": "x" * 100_000}}, "1 to 300 characters"),
        ({"cue": span(0, 9999)}, "not a span of the article"),
        ({"speaker": {"name": "Di Coe", "mention": span(40, 30)}}, "not a span of the article"),
    ],
)
def test_a_correction_that_no_record_should_hold_is_refused(
    article: ArticleRecord, tmp_path: Path, change: dict[str, Any], words: str
) -> None:
    """The page shows the reason, and nothing is saved."""
    review = desk(tmp_path / "quotes.jsonl", article)
    with pytest.raises(InputError, match=words):
        decide(review, "q1", "correct", corrected={"spans": [span(0, 20)], "type": "direct", **change})
    assert not review.log.path.exists()


def test_the_server_answers_400_with_the_reason(article: ArticleRecord, tmp_path: Path) -> None:
    """Over HTTP, too: clashes, no fragments, and bodies that are not JSON by the standard's letter."""
    review = desk(tmp_path / "quotes.jsonl", article)
    from litestar.testing import TestClient

    from quotes.web.review.server import make_app

    about = {"article": "a", "quote": "q1", "verdict": "correct", "reviewer": "ana"}
    with TestClient(make_app(review), base_url="http://127.0.0.1") as client:
        for body, words in (
            (json.dumps(about | {"corrected": ON_Q2}), "another quote"),
            (json.dumps(about | {"corrected": {"spans": [], "type": "direct"}}), "at least one span"),
            (json.dumps(about | {"corrected": ON_Q2 | {"confidence": float("nan")}}), "not JSON"),
            (json.dumps(about | {"at": float("inf")}), "not JSON"),
            ("[" * 100_000, "not JSON"),
        ):
            answer = client.post("/api/verdicts", content=body, headers={"X-Quotes-Token": review.token})
            assert 400 == answer.status_code, answer.text
            assert words in answer.json()["detail"]


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node")
def test_the_page_counts_as_the_server_does() -> None:
    """The page's own list of what is decided leaves out verdicts on other records, and knows them."""
    script = (
        "import { standing } from './draft.js';\n"
        "const v = (id, quote, more) => ({ id, article: 'a', quote, verdict: 'accept', ...more });\n"
        "const every = [v('1', 'p'), v('2', 'p', { stale: true }), v('3', 'q', { stale: true }), v('4', 'r'),"
        " v('5', 'r', { verdict: 'undo', undoes: '4' })];\n"
        "const of = (map) => [...map.values()].map((each) => each.id);\n"
        "console.log(JSON.stringify([of(standing(every)), of(standing(every, { stale: true }))]));\n"
    )
    static = Path(str(files("quotes.web"))) / "static"
    told = subprocess.run(
        ["node", "--input-type=module", "-e", script], cwd=static, capture_output=True, text=True, check=True
    ).stdout
    assert [["1"], ["2", "3"]] == json.loads(told)
