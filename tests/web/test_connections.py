"""Slow or many clients: each is cut off or makes room, and the next gets an answer."""

from __future__ import annotations

import asyncio
import http.client
import json
import resource
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import Any

import pytest

from quotes.export import FORMATS
from quotes.records import ArticleRecord
from tests.serving import WHY

pytest.importorskip("litestar", reason=WHY)

from quotes.web.api.server import make_app
from quotes.web.api.tasks import Limits
from quotes.web.connections import Door
from quotes.web.review.server import Review
from quotes.web.review.server import make_app as review_app
from quotes.web.review.verdicts import VerdictLog
from tests.in_process import (
    HEAD,
    LINES,
    QUICK,
    TEXT,
    FakeWorker,
    asked,
    dripping,
    get,
    plain,
    pool_of,
    post,
    rest,
    running,
    sent,
    status,
    until,
)


@pytest.mark.parametrize(
    ("first", "letter", "answer"),
    [
        (b"", b"", 0),
        (b"GET / HTTP/1.1\r\nHo", b"", 408),
        (b"GET / HTTP/1.1\r\nX: ", b"a", 408),
        (b"\r\n\r\n", b"\r\n", 408),
        (post(TEXT + b"Content-Length: 9999\r\n", b"ab"), b"", 408),
        (post(TEXT + b"Content-Length: 9999\r\n", b"ab"), b"c", 408),
        (post(TEXT + b"Transfer-Encoding: chunked\r\n", b""), b"1\r\nx\r\n", 408),
        (post(LINES + b"Content-Length: 9999\r\n", b"ab", b"/batch"), b"c", 200),
        (post(LINES + b"Content-Length: 9999\r\n", b"", b"/batch"), b"", 200),
        (post(HEAD + b"Content-Length: 9999\r\n", b"ab"), b"c", 415),
    ],
)
def test_a_client_that_does_not_come_to_an_end_is_cut_off(first: bytes, letter: bytes, answer: int) -> None:
    """Headers, a body or a line of a batch that drips, one that stops, and one that continues after its answer."""
    with running(plain(), Door(times=QUICK)) as port, closing(sent(port, first)) as found:
        if letter:
            with dripping(found, letter):
                assert answer == status(rest(found)) or letter  # a reset may hide what was said
        else:
            told = rest(found)
            assert answer == status(told)
            assert b"Traceback" not in told


def test_a_verdict_that_drips_is_cut_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The review page's server waits no longer than the other one."""
    monkeypatch.setattr("quotes.web.review.server._ARRIVAL", 0.1)
    review = Review({}, VerdictLog(tmp_path / "v"), "ana")
    headers = HEAD + f"X-Quotes-Token: {review.token}\r\nContent-Length: 9999\r\n".encode()
    with running(review_app(review), Door(times=QUICK)) as port:
        assert 408 == status(asked(port, post(headers, b"{", b"/api/verdicts")))
        assert 403 == status(asked(port, post(HEAD + b"Content-Length: 9999\r\n", b"{", b"/api/verdicts")))


def test_a_connection_between_two_requests_is_closed() -> None:
    """After its answer a client may ask again, but for a time only, whether it sends nothing or half a request."""
    ask = b"GET /health HTTP/1.1\r\n" + HEAD + b"\r\n"
    with running(plain(), Door(times=QUICK)) as port:
        for more in (b"", b"GET /hea"):
            with closing(sent(port, ask)) as found:
                assert found.recv(9) == b"HTTP/1.1 "
                found.sendall(ask + more)
                assert 1 == rest(found).count(b"HTTP/1.1 200")


def test_an_answer_that_no_client_takes_is_dropped() -> None:
    """A client that asks and does not read costs its place for a time only."""
    ended = threading.Event()

    async def endless(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while not ended.is_set():
            await send({"type": "http.response.body", "body": b"x" * 2**16, "more_body": True})
            await asyncio.sleep(0)

    door = Door(times=QUICK)
    with running(endless, door) as port, closing(sent(port, get(b"/"))):
        until(lambda: door._number == 1)
        until(lambda: door._number == 0)
        ended.set()


def test_nonsense_in_the_middle_of_an_answer_ends_the_connection(capfd: pytest.CaptureFixture[str]) -> None:
    """A broken chunk after the answer has begun: no second answer, and no traceback."""
    start = post(LINES + b"Transfer-Encoding: chunked\r\n", b'10\r\n{"text": "abc"}\n\r\n', b"/batch")
    with running(plain()) as port:
        with closing(sent(port, start)) as found:
            assert found.recv(12) == b"HTTP/1.1 200"
            found.sendall(b"no chunk\r\n")
            assert b"HTTP/1.1" not in rest(found)
        assert 1 == asked(port, start + b"no chunk\r\n").count(b"HTTP/1.1 ")
    assert "Traceback" not in capfd.readouterr().err


# Clients that are many


@pytest.mark.parametrize("first", [b"", b"GET / HTTP/1.1\r\nHo", post(HEAD + b"Content-Length: 9\r\n", b"")])
@pytest.mark.parametrize("door", [Door(most=5), Door(each=5)])
def test_idle_connections_keep_no_client_out(first: bytes, door: Door) -> None:
    """If silent clients take all places, the idlest makes room; there are never more than the limit."""
    door = Door(door.most, each=door.each)
    with running(plain(), door) as port, ExitStack() as stack:
        clients = [stack.enter_context(closing(sent(port, first))) for _ in range(40)]
        for client in clients if first.endswith(b"\r\n\r\n") else ():  # whose requests are refused before a body
            with suppress(ConnectionResetError):
                client.recv(1)
        for _ in range(3):
            assert 200 == status(asked(port, get(b"/health")))
        assert door._number <= 5


def test_bodies_that_stopped_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those who began to send a text and sent no more keep nobody out either."""
    monkeypatch.setattr("quotes.web.connections._SILENT", 0.0)
    app = make_app(pool_of(FakeWorker()), limits=Limits())
    with running(app, Door(5)) as port, ExitStack() as stack:
        for _ in range(20):
            stack.enter_context(closing(sent(port, post(TEXT + b"Content-Length: 9\r\n", b"a"))))
        until(lambda: 200 == status(asked(port, get(b"/health"))))


def test_where_all_are_being_answered_the_next_is_sent_away() -> None:
    """503 with Retry-After, in JSON; who is being answered is not disturbed."""
    app = make_app(pool_of(FakeWorker(0.5)), limits=Limits())
    with running(app, Door(2)) as port, ExitStack() as stack:
        full = post(TEXT + b"Content-Length: 1\r\n")
        busy = [stack.enter_context(closing(sent(port, full))) for _ in range(2)]
        time.sleep(0.1)
        refused = asked(port, b"")
        assert (503, True) == (status(refused), b"\r\nRetry-After: 5\r\n" in refused)
        assert {"error", "detail"} == json.loads(refused.partition(b"\r\n\r\n")[2]).keys()
        assert [200, 200] == [status(rest(found)) for found in busy]


def test_a_crowd_of_one_address_does_not_push_out_another() -> None:
    """Room is made by who has the most; in IPv6 a network is one address; this machine has no limit."""
    from quotes.web.connections import _network

    assert ["192.0.2.1", "192.0.2.1", "2001:db8::/64", "2001:db8::/64", "::1"] == [
        _network(name) for name in ("192.0.2.1", "::ffff:192.0.2.1", "2001:db8::1", "2001:db8::ffff:2", "::1")
    ]
    assert [None, None, 64, 3] == [
        Door()._limit("127.0.0.1"), Door()._limit("::1"), Door()._limit("192.0.2.1"), Door(each=3)._limit("::1")
    ]  # fmt: skip


def few_files() -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (160, 160))


def test_a_server_with_few_files_stays_up_and_says_little(whole: ArticleRecord, tmp_path: Path) -> None:
    """Under ulimit -n 160, three hundred idle connections: the next is answered, and the log stays short."""
    with (tmp_path / "quotes.jsonl").open("w", encoding="utf-8", newline="\n") as stream:
        FORMATS["jsonl"].write([whole], stream)
    log = (tmp_path / "log").open("w+b")
    with log, subprocess.Popen(
        [sys.executable, "-c", "import sys; from quotes.cli import main; sys.exit(main())", "review", "quotes.jsonl",
         "--port", "0"],
        cwd=tmp_path, stderr=log, preexec_fn=few_files,
    ) as process, ExitStack() as stack:  # fmt: skip
        try:
            until(lambda: b"http://" in (tmp_path / "log").read_bytes())
            port = int((tmp_path / "log").read_text().partition("127.0.0.1:")[2].partition("/")[0])
            for _ in range(300):
                stack.enter_context(closing(sent(port, b"")))
            assert 200 == status(asked(port, get(b"/")))
        finally:
            process.terminate()
    told = (tmp_path / "log").read_text()
    assert len(told) < 2000
    assert "Traceback" not in told
    assert "Too many open files" not in told


def test_the_limit_of_open_files_is_raised_or_kept() -> None:
    """If too few files may be open, fewer connections are accepted; if none may, that is reported."""
    program = (
        "import resource, sys; from quotes.web import serving; n = int(sys.argv[1]);"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (n, int(sys.argv[2])));"
        "door = serving.door(512, jobs=2);"
        "print(door.most, door.burst, resource.getrlimit(resource.RLIMIT_NOFILE)[0])"
    )

    def found(soft: int, hard: int) -> subprocess.CompletedProcess[str]:
        arguments = [sys.executable, "-c", program, str(soft), str(hard)]
        return subprocess.run(arguments, capture_output=True, text=True)

    most, burst, limit = map(int, found(256, 256).stdout.split())
    assert 256 == limit
    assert most + 4 * burst < 256
    most, burst, limit = map(int, found(256, 4000).stdout.split())
    assert (512, 64) == (most, burst)
    assert 700 < limit <= 4000
    assert "ulimit -n" in found(40, 40).stderr


def test_http_client_of_python_is_served() -> None:
    """Limits do not hinder an ordinary client, one request after another on one connection."""
    with running(plain(), Door(2, times=QUICK)) as port:
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        for _ in range(5):
            client.request("POST", "/extract", b"x", {"Content-Type": "text/plain", "Host": "localhost"})
            assert b"{}\n" == client.getresponse().read()
        client.close()
