"""The HTTP API, asked over a socket as any client would: records, limits, lost workers, tokens, and a quiet end."""

from __future__ import annotations

import gzip
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from quotes import to_dict
from quotes.extraction.pipeline import Pipeline, extract
from quotes.records.json_text import dumps
from tests.serving import WHY, Served, schemathesis, served, streaming

pytestmark = pytest.mark.test_all
httpx = pytest.importorskip("httpx", reason=WHY)
pytest.importorskip("litestar", reason=WHY)

SAMPLES = Path(__file__).parents[3] / "samples"
PLAIN = {"Content-Type": "text/plain"}
LINES = {"Content-Type": "application/x-ndjson"}
GZIP = {"Content-Encoding": "gzip"}
SAID = '"We will vote on Monday," said Ana Lee.'
# Far more than a worker reads in the time it has.
LONG = (SAMPLES / "aggregator_page.txt").read_bytes() * 300


def workers(server: Served) -> list[int]:
    """Return the process ids of the server's workers."""
    listed = ["ps", "-ww", "--ppid", str(server.process.pid), "-o", "pid=,args="]  # -ww: uncut, however long the path
    done = subprocess.run(listed, capture_output=True, text=True)
    return [int(line.split()[0]) for line in done.stdout.splitlines() if "spawn_main" in line]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server with one worker, that lets nobody wait and gives a text four seconds."""
    folder = tmp_path_factory.mktemp("server")
    options = ("--jobs", "1", "--queue", "1", "--timeout", "4", "--max-body", "600000")
    with served("serve", "--port", "0", *options, folder=folder) as found:
        yield found


@pytest.fixture
def client(server: Served) -> Iterator[Any]:
    with httpx.Client(base_url=server.url, timeout=30) as found:
        until_ready(found)
        yield found


def until_ready(client: Any) -> None:
    for _ in range(600):
        if client.get("/health").json().get("busy") == 0 and client.get("/health").status_code == 200:
            return
        time.sleep(0.1)
    raise AssertionError("the server did not come back")


@pytest.mark.parametrize("name", ["channels.txt", "html_page.html", "aggregator_page.txt"])
def test_a_text_gets_its_record(client: Any, name: str, pipeline: Pipeline) -> None:
    """Text and HTML give the document that `quotes extract` writes, byte by byte but for its layout."""
    kind = "text/html" if name.endswith("html") else "text/plain"
    body = (SAMPLES / name).read_bytes()
    for _ in range(3):  # a worker's first page takes long on a busy machine: it imports the libraries for pages
        head = {"Content-Type": f"{kind}; charset=utf-8"}
        answer = client.post("/extract?with_text=true", content=body, headers=head)
        if answer.status_code != 504:
            break
        until_ready(client)
    assert (200, "application/json") == (answer.status_code, answer.headers["content-type"])
    from quotes.ingest import read
    from quotes.records import SourceText

    [source] = read([str(SAMPLES / name)])
    assert isinstance(source, SourceText)
    from attrs import evolve

    records = extract(evolve(source, name="text"), with_text=True)
    assert {"schema": "quotes/1", "articles": [to_dict(r) for r in records], "errors": []} == answer.json()


def test_json_tells_what_is_known_of_the_article(client: Any) -> None:
    """Title, outlet and the other metadata of a text in JSON are in its record; the options select quotes."""
    told = {"text": SAID, "source": "desk-7", "title": "A vote", "outlet": "Reuters", "published": "2025-06-11"}
    [record] = client.post("/extract", json=told).json()["articles"]
    assert ("desk-7", "A vote", "reuters") == tuple(
        record["article"][k] if k != "outlet" else record["article"][k]["id"] for k in ("source", "title", "outlet")
    )
    assert "text" not in record["article"]
    for query in ("min_confidence=1", "types=indirect&types=post"):
        [record] = client.post(f"/extract?{query}", json=told).json()["articles"]
        assert [] == record["quotes"]


def test_a_dirty_text_is_cleaned_on_request(client: Any) -> None:
    """The record says what was repaired, and its text is the repaired one; without the request it is as it came."""
    dirty = "&ldquo;We vote on Mon\xadday,&rdquo; Ana Lee told Reuters."
    [record] = client.post("/extract?clean=true&with_text=true", json={"text": dirty}).json()["articles"]
    assert "“We vote on Monday,” Ana Lee told Reuters." == record["article"]["text"]
    assert [("entities", 2), ("soft-hyphens", 1)] == [(r["step"], r["count"]) for r in record["article"]["cleaned"]]
    assert ["“We vote on Monday,”"] == [quote["text"] for quote in record["quotes"]]
    [record] = client.post("/extract?with_text=true", json={"text": dirty}).json()["articles"]
    assert (dirty, False) == (record["article"]["text"], "cleaned" in record["article"])


@pytest.mark.parametrize(
    ("content", "headers", "status", "error"),
    [
        (b"", PLAIN, 422, "empty"),
        (b"%PDF-1.4", PLAIN, 422, "binary"),
        (b"x", {"Content-Type": "image/png"}, 415, "media-type"),
        (b"x", {}, 415, "media-type"),
        (b"\xff", {"Content-Type": "text/plain; charset=utf-8"}, 400, "encoding"),
        (b"x", {"Content-Type": "text/plain; charset=nonsense"}, 400, "encoding"),
        (b"{", {"Content-Type": "application/json"}, 400, "json"),
        (b"[" * 100_000, {"Content-Type": "application/json"}, 400, "json"),
        (b'{"text": 1}', {"Content-Type": "application/json"}, 400, "fields"),
        (b'{"text": "x", "title": []}', {"Content-Type": "application/json"}, 400, "fields"),
        (b"<p></p>", {"Content-Type": "text/html"}, 422, "no-text"),
        (b"x" * 600_001, PLAIN, 413, "size"),
        (gzip.compress(b"x" * 600_001), PLAIN | GZIP, 413, "size"),
        (gzip.compress(b"x")[:-2], PLAIN | GZIP, 400, "encoding"),
        (b"x", PLAIN | GZIP, 400, "encoding"),
        (b"x", PLAIN | {"Content-Encoding": "br"}, 415, "encoding"),
        (gzip.compress(b"x"), PLAIN, 415, "packed"),
    ],
)
def test_an_unreadable_input_is_reported(client: Any, content: bytes, headers: Any, status: int, error: str) -> None:
    """Each fault has its status and an error in JSON, which names no path and no line of code."""
    answer = client.post("/extract", content=content, headers=headers)
    assert (status, error) == (answer.status_code, answer.json()["error"])
    assert not re.search(r"/(home|work|usr|tmp|root)/|Traceback|\.py", answer.text)


def test_a_body_may_be_packed(client: Any) -> None:
    """gzip is unpacked for a text and for a batch; a batch of another kind is reported as a line."""
    packed = gzip.compress(dumps({"text": SAID}).encode() + b"\n")
    answer = client.post("/extract", content=packed, headers={"Content-Type": "application/json"} | GZIP)
    [record] = answer.json()["articles"]
    assert record == client.post("/batch", content=packed, headers=LINES | GZIP).json()
    for body in (packed[:-9], b"x"):
        answer = client.post("/batch", content=body, headers=LINES | GZIP)
        assert (200, "encoding") == (answer.status_code, json.loads(answer.text.splitlines()[-1])["error"])
    assert 415 == client.post("/batch", content=packed, headers=LINES | {"Content-Encoding": "br"}).status_code


def test_half_a_surrogate_pair_is_answered(client: Any) -> None:
    """A text that no encoding holds is read like any other, and the answer is JSON."""
    answer = client.post("/extract", content=rb'{"text": "\ud800 \"We vote,\" said Ana Lee."}', headers=PLAIN | {
        "Content-Type": "application/json"})  # fmt: skip
    assert 200 == answer.status_code
    assert "Ana Lee" == answer.json()["articles"][0]["quotes"][0]["speaker"]["name"]


def test_a_batch_is_answered_in_order(client: Any) -> None:
    """A line that cannot be read costs itself only, and is named by its number or its source."""
    rows = [dumps({"text": SAID, "source": f"a{n}"}) for n in range(5)]
    body = "\n".join([*rows, "", "nope", '{"source": "b"}', dumps({"text": "x" * 600_000})]) + "\n"
    answer = client.post("/batch", content=body.encode(), headers=LINES)
    assert (200, "application/x-ndjson") == (answer.status_code, answer.headers["content-type"])
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert [f"a{n}" for n in range(5)] == [line["article"]["source"] for line in lines[:5]]
    assert [("line 7", "json"), ("line 8", "fields"), ("line 9", "size")] == [
        (line["source"], line["error"]) for line in lines[5:]
    ]


def test_a_batch_is_streamed(client: Any, server: Served) -> None:
    """The first line's answer comes while the second line has not been sent."""
    with streaming(server.url, "/batch") as (send, answers):
        for name in ("one", "two"):
            send(dumps({"text": SAID, "source": name}).encode() + b"\n")
            assert name == json.loads(next(answers))["article"]["source"]
        send(b"")
        assert [] == list(answers)


def test_a_text_past_its_time_is_ended(client: Any, server: Served) -> None:
    """504, and the worker that was at it is gone and replaced; the next text is read."""
    [before] = workers(server)
    answer = client.post("/extract", content=LONG[:599_000], headers=PLAIN)
    assert (504, "time") == (answer.status_code, answer.json()["error"])
    until_ready(client)
    [after] = workers(server)
    assert before != after
    assert 200 == client.post("/extract", content=SAID, headers=PLAIN).status_code


def test_a_full_queue_says_when_to_come_again(client: Any) -> None:
    """With one at work and one waiting, the third gets 503 with Retry-After at once; a batch as well."""
    with ThreadPoolExecutor(3) as threads:
        slow = [threads.submit(client.post, "/extract", content=LONG[:599_000], headers=PLAIN) for _ in range(2)]
        for _ in range(100):
            if client.get("/health").json().get("waiting") == 1:
                break
            time.sleep(0.05)
        for path, headers in (("/extract", PLAIN), ("/batch", LINES)):
            answer = client.post(path, content=SAID, headers=headers)
            assert (503, "busy") == (answer.status_code, answer.json()["error"])
            assert int(answer.headers["retry-after"]) >= 1
        again = [client.post("/extract", content=SAID, headers=PLAIN).headers["retry-after"] for _ in range(5)]
        assert int(again[0]) < int(again[-1])  # whoever is sent away later is to come later
        assert {503, 504} >= {task.result().status_code for task in slow}


def test_a_worker_that_dies_costs_its_own_request(client: Any, server: Served) -> None:
    """The request gets 500, the worker is replaced, and so is one that dies while it has nothing to do."""
    with ThreadPoolExecutor(1) as threads:
        task = threads.submit(client.post, "/extract", content=LONG[:599_000], headers=PLAIN)
        for _ in range(100):
            if client.get("/health").json()["busy"] == 1:
                break
            time.sleep(0.05)
        [busy] = workers(server)
        os.kill(busy, signal.SIGKILL)
        assert (500, "worker") == (task.result().status_code, task.result().json()["error"])
    until_ready(client)
    [idle] = workers(server)
    os.kill(idle, signal.SIGKILL)
    time.sleep(0.3)
    answers = (client.post("/extract", content=SAID, headers=PLAIN).status_code for _ in range(10))
    assert 200 == next(status for status in answers if status != 503)  # on a busy machine a worker is long in loading


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/", {"Host": "evil.example"}, 400),
        ("GET", "/health", {"Host": "127.0.0.1.evil.example"}, 400),
        ("GET", "/health", {"Host": "localhost"}, 200),
        ("POST", "/extract", {"Origin": "http://evil.example", **PLAIN}, 403),
        ("POST", "/extract", {"Origin": "null", **PLAIN}, 403),
        ("POST", "/extract", {"Sec-Fetch-Site": "cross-site", **PLAIN}, 403),
        ("GET", "/extract", {}, 405),
        ("HEAD", "/", {}, 200),
        ("HEAD", "/health", {}, 200),
        ("GET", "/static/../server.py", {}, 404),
        ("GET", "/static/..%2fserver.py", {}, 404),
        ("GET", "/static/start.js", {}, 200),
        ("GET", "/nowhere", {}, 404),
        ("POST", "/extract?min_confidence=2", PLAIN, 400),
        ("OPTIONS", "/extract", {"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"}, 204),
    ],
)
def test_strangers_are_kept_out(client: Any, method: str, path: str, headers: Any, status: int) -> None:
    """Other names for this host, other sites' pages, other paths: refused in JSON, always with the usual headers."""
    answer = client.request(method, path, headers=headers, content=SAID if method == "POST" else None)
    assert status == answer.status_code
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "nosniff" == answer.headers["x-content-type-options"]
    assert not [name for name in answer.headers if name.startswith("access-control")]
    if status >= 400:
        assert {"error", "detail"} == answer.json().keys()


def test_a_token_is_asked_for(tmp_path: Path) -> None:
    """Without the token only the page, its files and the health are served; with it, everything is."""
    token = "0123456789abcdef"
    with served("serve", "--port", "0", "--jobs", "1", folder=tmp_path, environment={"QUOTES_TOKEN": token}) as server:
        with httpx.Client(base_url=server.url, timeout=30) as client:
            refused = client.post("/extract", content=SAID, headers=PLAIN)
            assert (401, "Bearer", "token") == (
                refused.status_code, refused.headers["www-authenticate"], refused.json()["error"]
            )  # fmt: skip
            for wrong in (token[:-1], token + "0", "é"):
                headers = {**PLAIN, "Authorization": f"Bearer {wrong}".encode()}
                assert 401 == client.post("/extract", content=SAID, headers=headers).status_code
            headers = {**PLAIN, "Authorization": f"Bearer {token}"}
            assert 200 == client.post("/extract", content=SAID, headers=headers).status_code
            assert [200] * 3 == [client.get(path).status_code for path in ("/", "/health", "/static/start.css")]
        assert 0 == server.stop()
        assert token not in "".join(server.said)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--host", "0.0.0.0"), "set a token"),
        (("--token-file", "short.txt"), "at least 16"),
        (("--host", "no.such.host.invalid"), "set a token"),
        (("--port", "99999"), "99999"),
        (("--model", "no-such-model"), "no-such-model"),
        (("--max-body", "0"), "max-body"),
    ],
)
def test_a_server_that_cannot_start_says_so_in_one_line(tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    """An address that is open to others without a token, a short one, a model that is missing."""
    (tmp_path / "short.txt").write_text("abc", encoding="utf-8")
    program = "import sys; from quotes.cli import main; sys.exit(main())"
    environment = {k: v for k, v in os.environ.items() if k != "QUOTES_TOKEN"}
    done = subprocess.run(
        [sys.executable, "-c", program, "serve", "--port", "0", *arguments],
        cwd=tmp_path, capture_output=True, text=True, timeout=60, env=environment,
    )  # fmt: skip
    assert done.returncode in (1, 2)
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_an_address_in_use_is_reported(server: Served, tmp_path: Path) -> None:
    """The port that another server has is named, and how to choose another."""
    port = server.url.rstrip("/").rpartition(":")[2]
    program = "import sys; from quotes.cli import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", program, "serve", "--port", port],
        cwd=tmp_path, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert (1, True) == (done.returncode, "choose another with --port" in done.stderr)


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_no_worker_is_left(tmp_path: Path, sign: int) -> None:
    """Stopped in good order or killed, the server leaves none of its workers behind."""
    with served("serve", "--port", "0", "--jobs", "2", folder=tmp_path) as server:
        left = workers(server)
        assert 2 == len(left)
        status = server.stop(sign)
        assert (0 if sign != signal.SIGKILL else -signal.SIGKILL) == status
        for _ in range(50):
            if not any(Path(f"/proc/{pid}").exists() for pid in left):
                break
            time.sleep(0.1)
        assert [] == [pid for pid in left if Path(f"/proc/{pid}").exists()]


def test_what_is_being_read_is_finished_first(tmp_path: Path) -> None:
    """A request that came before SIGTERM is answered."""
    with (
        served("serve", "--port", "0", "--jobs", "1", folder=tmp_path) as server,
        httpx.Client(base_url=server.url, timeout=30) as client,
        ThreadPoolExecutor(1) as threads,
    ):
        task = threads.submit(client.post, "/extract", content=LONG[:100_000], headers=PLAIN)
        for _ in range(100):
            if client.get("/health").json()["busy"] == 1:
                break
            time.sleep(0.02)
        server.process.send_signal(signal.SIGTERM)
        assert 200 == task.result().status_code
        assert 0 == server.process.wait(20)


def test_what_is_cut_off_leaves_no_traceback(tmp_path: Path) -> None:
    """A client that goes away in the middle, and a batch that is still open at Ctrl-C: no traceback, status 0."""
    options = ("--jobs", "1", "--timeout", "1")
    with served("serve", "--port", "0", *options, folder=tmp_path) as server:
        for path in ("/batch", "/batch", "/extract"):
            with streaming(server.url, path) as (send, _):
                send(dumps({"text": SAID}).encode() + b"\n")
        with streaming(server.url, "/batch") as (send, answers):
            send(dumps({"text": SAID}).encode() + b"\n")
            next(answers)
            assert 0 == server.stop(signal.SIGINT)
        time.sleep(0.2)
    told = "".join(server.said)
    assert "stopped" in told
    assert "Traceback" not in told


def test_schemathesis_finds_nothing(server: Served) -> None:
    """The OpenAPI description holds for every request: statuses, types, headers, refusals."""
    done = schemathesis(server, "--max-examples", "20")
    assert 0 == done.returncode, done.stdout[-6000:]
