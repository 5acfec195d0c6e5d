"""Requests that contradict themselves, names that no file has, tokens that are none, and files that hold one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from quotes.errors import InputError
from tests.serving import WHY

pytest.importorskip("litestar", reason=WHY)

from quotes.web import serving
from quotes.web.api import bodies
from quotes.web.api.bodies import BodyError
from quotes.web.api.server import OPEN, make_app
from quotes.web.api.tasks import Limits
from quotes.web.guard import Guard
from quotes.web.review.server import Review
from quotes.web.review.server import make_app as review_app
from quotes.web.review.verdicts import VerdictLog
from tests.in_process import (
    HEAD,
    TEXT,
    TOKEN,
    FakeWorker,
    asked,
    get,
    plain,
    pool_of,
    post,
    running,
    status,
)


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The port of a server that several tests share."""
    with running(make_app(pool_of(FakeWorker(0.001)), limits=Limits())) as found:
        yield found


@pytest.mark.parametrize(
    ("headers", "body", "code"),
    [
        (TEXT + b"Content-Length: 1\r\nContent-Length: 1\r\n", b"x", 200),  # the HTTP library makes one of them
        (TEXT + b"Content-Length: 1\r\nContent-Length: 2\r\n", b"xx", 400),
        (TEXT + b"Content-Length: -1\r\n", b"x", 400),
        (TEXT + b"Content-Length: +1\r\n", b"x", 400),
        (TEXT + b"Content-Length: " + b"9" * 30 + b"\r\n", b"x", 400),
        (TEXT + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n", b"1\r\nx\r\n0\r\n\r\n", 400),
        (TEXT + b"Transfer-Encoding: gzip, chunked\r\n", b"1\r\nx\r\n0\r\n\r\n", 400),
        (TEXT + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", b"1\r\nx\r\n0\r\n\r\n", 400),
        (TEXT + b"Content-Type: text/html\r\nContent-Length: 1\r\n", b"x", 400),
        (TEXT + b"Content-Encoding: identity\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n", b"x", 400),
        (TEXT + b"Content-Encoding: gzip, gzip\r\nContent-Length: 1\r\n", b"x", 415),
        (TEXT + b"Origin: http://localhost\r\nOrigin: http://localhost\r\nContent-Length: 1\r\n", b"x", 400),
        (TEXT + b"Host: localhost\r\nContent-Length: 1\r\n", b"x", 400),
        (b"Content-Type: text/plain\r\nContent-Length: 1\r\n", b"x", 400),
        (HEAD + b"Content-Type: text/plain; charset=utf-8; charset=latin-1\r\nContent-Length: 1\r\n", b"x", 400),
        (HEAD + b"Content-Type: text/plain; charset=utf-8; Charset = utf-8\r\nContent-Length: 1\r\n", b"x", 400),
        (HEAD + b"Content-Type: text/html; charset=utf-8; charset=utf-16\r\nContent-Length: 1\r\n", b"x", 400),
        (HEAD + b"Content-Type: text/plain; charset=punycode\r\nContent-Length: 1\r\n", b"x", 400),
        (HEAD + b"Content-Type: text/plain; charset=hex\r\nContent-Length: 2\r\n", b"41", 400),
        (HEAD + b"Content-Type: text/plain; charset=\xff\r\nContent-Length: 1\r\n", b"x", 400),
        (HEAD + b'Content-Type: text/plain; charset="UTF-8" \r\nContent-Length: 1\r\n', b"x", 200),
        (HEAD + b"Content-Type: text/plain;charset=windows-1252;x=y\r\nContent-Length: 1\r\n", b"\x93", 200),
        (HEAD + b"Content-Type: \r\nContent-Length: 1\r\n", b"x", 415),
        (HEAD + b"Content-Type: text/plain, text/html\r\nContent-Length: 1\r\n", b"x", 415),
        (TEXT + b"X y: 1\r\nContent-Length: 1\r\n", b"x", 400),
        (TEXT + b"X: \0\r\nContent-Length: 1\r\n", b"x", 400),
        (TEXT + b"Content-Length: 1\r\n" + b"X: " + b"a" * 300_000 + b"\r\n", b"x", 400),
        (TEXT + b"Cookie: %ff; a=\xff\r\nAccept: \xff\r\nContent-Length: 1\r\n", b"x", 200),
        (TEXT + b"Upgrade: websocket\r\nConnection: upgrade\r\nContent-Length: 1\r\n", b"x", 200),
    ],
)
def test_headers_that_contradict_each_other_are_refused(port: int, headers: bytes, body: bytes, code: int) -> None:
    """Repeated or wrong lengths, encodings, types and hosts get a 400, whichever one a server might heed."""
    assert code == status(asked(port, post(headers, body)))


@pytest.fixture(scope="module")
def review_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a review page's server."""
    with running(review_app(Review({}, VerdictLog(tmp_path_factory.mktemp("review") / "v"), "ana"))) as found:
        yield found


@pytest.mark.parametrize(
    ("host", "code"),
    [
        (b"localhost", 200), (b"LOCALHOST:80", 200), (b"127.0.0.1:9", 200), (b"[::1]:9", 200), (b"127.0.0.2", 200),
        (b"", 400), (b"evil.example", 400), (b"localhost.evil.example", 400), (b"127.0.0.1.evil.example", 400),
        (b"evil.example:80", 400), (b"localhost@evil.example", 400), (b"evil.example#localhost", 400),
        (b"localhost, evil.example", 400), (b"0.0.0.0", 400), (b"[::]", 400), (b"127.1", 400), (b"2130706433", 400),
        (b"0x7f000001", 400), (b"localhost.", 400), (b"192.0.2.1", 400), (b"xn--localhost", 400), (b"[localhost", 400),
        (b"127.0.0.1\xff", 400),
        (b"[127.0.0.1]evil.example", 400), (b"localhost:evil.example", 400), (b"[localhost]", 400),
    ],
)  # fmt: skip
def test_another_name_of_this_machine_is_refused(port: int, review_port: int, host: bytes, code: int) -> None:
    """A page of another site may give its own name this machine's address (DNS rebinding); the Host shows it."""
    ask = b"GET / HTTP/1.1\r\nConnection: close\r\nHost: " + host + b"\r\n\r\n"
    assert [code, code] == [status(asked(port, ask)), status(asked(review_port, ask))]


@pytest.mark.parametrize(
    "header",
    [
        b"Origin: http://evil.example", b"Origin: null", b"Origin: ", b"Origin: localhost", b"Origin: http://localhost:1",
        b"Origin: http://localhost.evil.example", b"Origin: http://evil.example/localhost", b"Origin: http://localhost/",
        b"Origin: http://127.0.0.1", b"Origin: file://", b"Origin: http://evil.example@localhost",
        b"Origin: http://evil.example http://localhost", b"Sec-Fetch-Site: cross-site", b"origin:http://evil.example",
        b"Origin: http://localhost\r\nSec-Fetch-Site: cross-site",
    ],
)  # fmt: skip
def test_another_site_may_not_post(port: int, review_port: int, header: bytes) -> None:
    """Whatever origin its page claims: 403, before the body is read."""
    asking = TEXT + header + b"\r\nContent-Length: 99\r\n"
    assert 403 == status(asked(port, post(asking)))
    assert 403 == status(asked(review_port, post(asking, path=b"/api/verdicts")))


def test_an_unknown_charset_is_not_kept_in_memory() -> None:
    """Python keeps each name that it was asked for; one of the table, and only one, is asked for."""
    import encodings

    with pytest.raises(BodyError, match="charset"):
        bodies.task(b"x", "text/plain; charset=no-such-charset-yet")
    assert not [name for name in encodings._cache if "such" in name]  # type: ignore[attr-defined]
    assert "é".encode() == bodies.task(b"\xe9", "text/plain; charset=ISO-8859-1")[1]


ODD_NAMES = [
    b"a" * 252 + b".js", b"a" * 253 + b".js", b"a" * 9000 + b".js", b"%00.js", b"start.js%00", b"%ff.js", b"%zz.js",
    b"%", b"%2e%2e%2fanswers.py", b"..%5canswers.py", b"CON.js", b"nul", b".js", b"a%0d%0ab.js", b"%ed%a0%80.js",
    b"start.js/x", b"..%2fstatic%2fstart.js", b"%F0%9F%98%80.css", b"start.js%20", b"START.JS", b"start.js:x", b"",
]  # fmt: skip


@pytest.mark.parametrize("page", ["server", "token", "review"])
def test_a_static_file_of_no_known_name_is_404(page: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Names that are too long, that no file can have or that another system reserves: 404, and nothing in the log."""
    apps: dict[str, Any] = {
        "server": plain(),
        "token": make_app(pool_of(), limits=Limits(), token=TOKEN),
        "review": review_app(Review({}, VerdictLog(tmp_path / "v"), "ana")),
    }
    with running(apps[page]) as port:
        for name in ODD_NAMES:
            answer = asked(port, get(b"/static/" + name))
            assert (name, 404) == (name, status(answer))
            assert {"error", "detail"} == json.loads(answer.partition(b"\r\n\r\n")[2]).keys()
        assert 200 == status(asked(port, get(b"/static/start.js")))
    assert [] == caplog.records


def test_an_odd_path_is_404(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    review = Review({}, VerdictLog(tmp_path / "v"), "ana")
    token = f"X-Quotes-Token: {review.token}\r\n".encode()
    for app in (plain(), review_app(review)):
        with running(app) as port:
            for path in (b"/%zz", b"/%00", b"/" + b"a" * 9000, b"/api/articles/%ff", b"*", b"/%2e%2e/etc/passwd"):
                answer = asked(port, get(path).replace(b"Host:", token + b"Host:", 1))
                assert (path, 404) == (path, status(answer))
    assert [] == caplog.records


@pytest.mark.parametrize(
    "query",
    [b"min_confidence=nan", b"min_confidence=inf", b"min_confidence=%ff", b"with_text=%zz", b"types=%00"],
)
def test_an_odd_query_is_400(port: int, query: bytes) -> None:
    assert 400 == status(asked(port, post(TEXT + b"Content-Length: 1\r\n", path=b"/extract?" + query)))


BEARER = b"Authorization: Bearer "


@pytest.mark.parametrize(
    "shown",
    [
        b"", BEARER, b"Authorization: Basic 0123456789abcdef", b"Authorization: 0123456789abcdef",
        BEARER + b"0123456789abcde", BEARER + b"0123456789abcdef0", BEARER + b"0123456789ABCDEF", BEARER + b"\xff",
        BEARER + b"0123456789abcdef, Bearer x", BEARER + b"x\r\n" + BEARER + b"0123456789abcdef",
        BEARER + b"0123456789abcdef\r\n" + BEARER + b"x", b"Cookie: token=0123456789abcdef",
        b"Proxy-Authorization: Bearer 0123456789abcdef", b"X-Forwarded-For: 127.0.0.1",
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "path", [b"/extract", b"//extract", b"/extract/", b"/Extract", b"/static", b"/healthy", b"/batch", b"/check/batch"]
)
def test_a_trick_does_not_stand_for_the_token(shown: bytes, path: bytes) -> None:
    """A wrong, shortened, doubled or misplaced token gives no access, by any path."""
    code: list[int] = []

    async def reached(scope: Any, receive: Any, send: Any) -> None:
        code.append(200)

    async def main() -> None:
        headers = [tuple(line.split(b": ", 1)) for line in (HEAD + shown).split(b"\r\n") if b": " in line]
        headers = [(name.lower(), value) for name, value in headers]
        scope = {"type": "http", "method": "POST", "path": path.decode(), "headers": headers}

        async def send(message: Any) -> None:
            code.append(message.get("status", 0))

        async def receive() -> Any:
            return {"type": "http.request"}

        await Guard(reached, token=TOKEN, open_paths=OPEN)(scope, receive, send)

    asyncio.run(main())
    assert code[0] in (400, 401)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\xef\xbb\xbf" + TOKEN.encode() + b" \r\n", None),
        (("\ufeff" + TOKEN + "\r\n").encode("utf-16-le"), None),
        (("\ufeff" + TOKEN).encode("utf-16-be"), None),
        (b"\n\t" + TOKEN.encode() + b"\0\n", None),
        (b"", "has no token"),
        (b"\xef\xbb\xbf \n", "has no token"),
        (b"\xff\x00\xff", "cannot be read"),
        (b"short", "at least 16"),
        ((TOKEN + "\n" + TOKEN).encode(), "one line"),
        (("é" * 20).encode(), "letters and digits"),
        (b"a" * 5000, "only a token"),
        (None, "cannot be read"),
    ],
)
def test_a_token_file_is_read_as_any_editor_writes_it(tmp_path: Path, data: bytes | None, words: str | None) -> None:
    """Marks at the beginning and surrounding blanks do not count; a missing token is reported in one line."""
    file = tmp_path / "token"
    if data is None:
        file.mkdir()
    else:
        file.write_bytes(data)
    if words is None:
        assert TOKEN == serving.token_of(file, host="0.0.0.0")
    else:
        with pytest.raises(InputError, match=words):
            serving.token_of(file, host="127.0.0.1")
