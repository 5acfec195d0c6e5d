"""`/search`, `/check` and `/check/batch`, asked over a socket: with a store, one that is added to, and with none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from quotes import to_dict
from quotes.cli import main
from quotes.comparison.checking import Checker
from quotes.export.store import Store
from quotes.records import Article, ArticleRecord, Quote, Span, Speaker
from tests.serving import WHY, Served, schemathesis, served, streaming

pytestmark = pytest.mark.test_all
httpx = pytest.importorskip("httpx", reason=WHY)
pytest.importorskip("litestar", reason=WHY)


def said(words: str, name: str, day: str) -> ArticleRecord:
    """Return an article with one statement."""
    text = f"“{words}” said {name}."
    who, spans = Speaker(name, "person"), (Span(0, len(words) + 2),)
    quote = Quote("q1", "direct", f"“{words}”", spans, speaker=who, confidence=0.9)
    return ArticleRecord(Article(f"a-{day}", f"{day}.txt", 0, 0, len(text), published=day, text=text), (quote,))


RECORDS = (
    said("The harbour stays open through the winter", "Rui Moreira", "2025-01-10"),
    said("The harbour is closed until the ice has gone", "Ana Lee", "2025-03-20"),
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server with one worker and a store of two quotes."""
    folder = tmp_path_factory.mktemp("lookup")
    with Store.open(folder / "quotes.db", write=True) as store:
        store.add(RECORDS)
    with served("serve", "--port", "0", "--jobs", "1", "--store", "quotes.db", folder=folder) as found:
        yield found


@pytest.fixture
def client(server: Served) -> Iterator[Any]:
    with httpx.Client(base_url=server.url, timeout=30) as found:
        yield found


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({}, ["Ana Lee", "Rui Moreira"]),
        ({"words": "harbour winter"}, ["Rui Moreira"]),
        ({"words": '"until the ice"'}, ["Ana Lee"]),
        ({"words": "harb*", "speaker": "moreira"}, ["Rui Moreira"]),
        ({"from": "2025-02-01"}, ["Ana Lee"]),
        ({"to": "2025-02-01"}, ["Rui Moreira"]),
        ({"types": "indirect"}, []),
        ({"types": ["indirect", "direct"], "limit": 1}, ["Ana Lee"]),
        ({"min_confidence": 0.95}, []),
        ({"outlet": "%"}, []),
        ({"channel": "via:CBC"}, []),
    ],
)
def test_quotes_are_found(client: Any, asked: dict[str, Any], names: list[str]) -> None:
    """Each parameter selects as the option of `quotes search` does."""
    answer = client.get("/search", params=asked)
    assert (200, "quotes-search/1") == (answer.status_code, answer.json()["schema"])
    assert names == [hit["quote"]["speaker"]["name"] for hit in answer.json()["hits"]]


def test_a_hit_says_where_the_words_stand(client: Any) -> None:
    """The highlights slice the quote's text to what was looked for; the article comes without its text."""
    [hit] = client.get("/search", params={"words": "winter"}).json()["hits"]
    [place] = hit["highlights"]
    assert "winter" == hit["quote"]["text"][place["start"] : place["end"]]
    assert "2025-01-10.txt" == hit["article"]["source"]
    assert "text" not in hit["article"]


@pytest.mark.parametrize(
    ("words", "speaker", "verdict"),
    [
        ("The harbour stays open through the winter", "Rui Moreira", "verbatim"),
        ("The harbour stays open through the winter", "Ana Lee", "other-speaker"),
        ("The harbour stays open through the whole winter", None, "altered"),
        ("Nobody has ever printed such a sentence", None, "not-found"),
    ],
)
def test_a_claim_is_checked(client: Any, words: str, speaker: str | None, verdict: str) -> None:
    """The answer is the finding that checking against the same records gives."""
    answer = client.get("/check", params={"words": words} | ({"speaker": speaker} if speaker else {}))
    finding = Checker(RECORDS).check(words, speaker=speaker)
    assert verdict == finding.verdict
    assert {"schema": "quotes-check/1", "findings": [to_dict(finding)]} == answer.json()


LINES = {"Content-Type": "application/x-ndjson"}


def test_claims_are_checked_in_a_batch(client: Any) -> None:
    """Each line gets its finding in the lines' order; one that cannot be checked costs itself only."""
    words, asked = "The harbour stays open through the winter", ["Rui Moreira", "Ana Lee", None]
    rows: list[Any] = [{"words": words, "speaker": speaker} for speaker in asked]
    rows += [{"words": ""}, {"speaker": "Ana Lee"}, {"words": "x" * 4001}, {"words": words, "speaker": 1}, [words]]
    body = "\n".join(["", *map(json.dumps, rows), "nope", json.dumps({"words": words, "speaker": "x" * 201})])
    answer = client.post("/check/batch?limit=1", content=body.encode(), headers=LINES)
    assert (200, "application/x-ndjson") == (answer.status_code, answer.headers["content-type"])
    lines = [json.loads(line) for line in answer.text.splitlines()]
    checker = Checker(RECORDS)
    assert [to_dict(checker.check(words, speaker=speaker, limit=1)) for speaker in asked] == lines[:3]
    faults = [(f"line {n}", "json" if n == 10 else "fields") for n in range(5, 12)]
    assert faults == [(line["source"], line["error"]) for line in lines[3:]]


def test_a_batch_of_claims_is_streamed(client: Any, server: Served) -> None:
    """The first claim's answer comes while the second has not been sent."""
    with streaming(server.url, "/check/batch") as (send, answers):
        for words in ("The harbour stays open through the winter", "The harbour is closed until the ice has gone"):
            send(json.dumps({"words": words}).encode() + b"\n")
            finding = json.loads(next(answers))
            assert (words, "verbatim") == (finding["claim"], finding["verdict"])
        send(b"")
        assert [] == list(answers)


def test_a_batch_of_claims_says_what_it_is(client: Any) -> None:
    """Another Content-Type gets 415, and the OpenAPI description names JSON Lines for what comes and what goes."""
    answer = client.post("/check/batch", json={"words": "The harbour"})
    assert (415, "media-type") == (answer.status_code, answer.json()["error"])
    told = client.get("/openapi.json").json()["paths"]["/check/batch"]["post"]
    assert ["application/x-ndjson"] == list(told["requestBody"]["content"])
    assert ["application/x-ndjson"] == list(told["responses"]["200"]["content"])
    assert ["application/json"] == list(told["responses"]["415"]["content"])


@pytest.mark.parametrize(
    "path",
    [
        "/check", "/check?words=", f"/check?words={'x' * 4001}", "/check?words=a&limit=0", "/search?limit=201",
        "/search?from=yesterday", "/search?types=shouted", "/search?min_confidence=2", f"/search?words={'x' * 501}",
    ],
)  # fmt: skip
def test_an_invalid_question_is_reported(client: Any, path: str) -> None:
    """A parameter that is missing, of the wrong kind or too large gets 400 and an error in JSON."""
    answer = client.get(path)
    assert (400, {"error", "detail"}) == (answer.status_code, answer.json().keys())


@pytest.mark.parametrize(
    ("method", "path", "known"),
    [
        ("GET", "/search?q=courage", "'q' is not a parameter; the parameters are channel, from, limit, min_"),
        ("GET", "/search?words=harbour&since=2025-01-01", "'since' is not a parameter"),
        ("GET", "/check?words=harbour&outlet=BBC", "the parameters are limit, speaker, words"),
        ("POST", "/check/batch?words=harbour", "the parameters are limit"),
        ("POST", "/extract?min-confidence=0.5", "the parameters are clean, min_confidence, stance, types, with_text"),
        ("POST", "/batch?format=csv", "'format' is not a parameter"),
        ("GET", "/health?verbose=1", "this path takes none"),
    ],
)
def test_an_unknown_parameter_is_refused_with_the_known_ones(client: Any, method: str, path: str, known: str) -> None:
    """Ignored, a misspelled parameter would be answered with everything."""
    answer = client.request(method, path, content="“Yes,” said Ana Lee." if method == "POST" else None)
    assert (400, "request") == (answer.status_code, answer.json()["error"])
    assert known in answer.json()["detail"]


def test_the_documentation_names_every_parameter(client: Any) -> None:
    """In the row of the path."""
    import quotes.web

    [folder] = quotes.web.__path__
    rows = [line for line in (Path(folder) / "README.md").read_text(encoding="utf-8").splitlines() if "| `" in line]
    paths = client.get("/openapi.json").json()["paths"]
    for path, operations in paths.items():
        for operation in operations.values():
            for parameter in operation.get("parameters", ()):
                assert any(f" {path}`" in row and f"`{parameter['name']}`" in row for row in rows), parameter


def test_added_quotes_are_seen_and_a_missing_store_is_reported(tmp_path: Path) -> None:
    """Both routes answer from the store as it is now; 503 without its path while it cannot be read, and then again."""
    path, words = tmp_path / "desk.db", "The ferry sails again on Sunday"
    with Store.open(path, write=True) as store:
        store.add(RECORDS)
    with (
        served("serve", "--port", "0", "--jobs", "1", "--store", "desk.db", folder=tmp_path) as server,
        httpx.Client(base_url=server.url, timeout=30) as client,
    ):

        def answers() -> tuple[int, str]:
            hits = client.get("/search", params={"words": "ferry"}).json()["hits"]
            return len(hits), client.get("/check", params={"words": words}).json()["findings"][0]["verdict"]

        assert (0, "not-found") == answers()
        with Store.open(path, write=True) as store:
            store.add([said(words, "Jo Roe", "2025-04-01")])
        assert (1, "verbatim") == answers()
        path.rename(tmp_path / "away.db")
        for route in ("/search?words=ferry", "/check?words=ferry"):
            answer = client.get(route)
            assert (503, "store", True) == (answer.status_code, answer.json()["error"], "retry-after" in answer.headers)
            assert str(tmp_path) not in answer.text
        batch = client.post("/check/batch", content=b'{"words": "ferry"}', headers=LINES)
        assert (200, "line 1", "store") == (batch.status_code, *(batch.json()[key] for key in ("source", "error")))
        (tmp_path / "away.db").rename(path)
        assert (1, "verbatim") == answers()


def test_without_a_store_the_answer_says_how_to_get_one(tmp_path: Path) -> None:
    """409, and the option to start the server with."""
    with served("serve", "--port", "0", "--jobs", "1", folder=tmp_path) as server:
        batch = httpx.post(f"{server.url}check/batch", content=b'{"words": "ferry"}', headers=LINES)
        for answer in (batch, *(httpx.get(server.url + route) for route in ("search", "check?words=ferry"))):
            assert (409, "store") == (answer.status_code, answer.json()["error"])
            assert "--store FILE" in answer.json()["detail"]


@pytest.mark.parametrize(("name", "words"), [("none.db", "no such store"), ("text.db", "text.db")])
def test_a_file_that_is_not_a_store_is_reported_at_the_start(
    tmp_path: Path, name: str, words: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """One line that names the file, before any worker starts."""
    (tmp_path / "text.db").write_text("no store at all " * 100, encoding="utf-8")
    assert 1 == main(["serve", "--port", "0", "--store", str(tmp_path / name)])
    told = capfd.readouterr().err
    assert (1, True) == (told.count("\n"), words in told)


def test_a_store_is_reviewed(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """`quotes review` takes a store as it takes records: what it exports holds the store's articles."""
    with Store.open(tmp_path / "quotes.db", write=True) as store:
        store.add(RECORDS)
    assert 0 == main(["review", str(tmp_path / "quotes.db"), "--export", str(tmp_path / "out.jsonl")])
    lines = (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()
    assert ["2025-01-10.txt", "2025-03-20.txt"] == [json.loads(line)["article"]["source"] for line in lines]
    assert "2 quotes, 0 verdicts" in capfd.readouterr().err


def test_schemathesis_finds_nothing(server: Served) -> None:
    """The OpenAPI description of the three routes holds for every request."""
    done = schemathesis(server, "--include-path-regex", "^/(search|check)", "--max-examples", "30")
    assert 0 == done.returncode, done.stdout[-6000:]
