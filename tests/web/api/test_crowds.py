"""The whole server with its workers under crowds: too dear for every run."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from quotes.records.json_text import dumps
from tests.serving import WHY, Served, served

pytest.importorskip("litestar", reason=WHY)

from tests.in_process import HEAD, LINES, TEXT, asked, dripping, get, post, rest, sent, status

pytestmark = [pytest.mark.test_all, pytest.mark.slow]
SAID = '"We will vote on Monday," said Ana Lee.'


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served("serve", "--port", "0", "--jobs", "1", folder=tmp_path_factory.mktemp("server")) as found:
        yield found


@pytest.fixture
def port(server: Served) -> int:
    return urlsplit(server.url).port or 0


@pytest.mark.slow
@pytest.mark.parametrize(
    "first",
    [
        b"", b"GET / HTTP/1.1\r\nHo", get(b"/health").replace(b"Connection: close\r\n", b""),
        post(HEAD + b"Content-Length: 999\r\n", b"a"), post(TEXT + b"Content-Length: 999\r\n", b"a"),
        post(LINES + b"Content-Length: 999\r\n", b"a", b"/batch"),
    ],
)  # fmt: skip
def test_a_thousand_slow_clients_keep_no_client_out(server: Served, port: int, first: bytes) -> None:
    """Connections that are idle from the start, in the headers, between requests or in a body; a text is read still."""
    with ExitStack() as stack:
        for _ in range(1000):
            found = stack.enter_context(closing(sent(port, b"")))
            with suppress(OSError):
                found.sendall(first)
        began = time.monotonic()
        while 200 != status(asked(port, post(TEXT + f"Content-Length: {len(SAID)}\r\n".encode(), SAID.encode()))):
            assert time.monotonic() - began < 30
            time.sleep(0.5)
    said = "".join(server.said)
    assert "Traceback" not in said
    assert len(said) < 10_000


def test_batches_of_four_clients_starve_nobody(port: int) -> None:
    """Each of 25 texts is read while four batches have no end."""
    line = dumps({"text": SAID * 20}).encode() + b"\n"
    chunk = f"{len(line):x}\r\n".encode() + line + b"\r\n"
    with ExitStack() as stack:
        for _ in range(4):
            begin = post(LINES + b"Transfer-Encoding: chunked\r\n", b"", b"/batch")
            found = stack.enter_context(closing(sent(port, begin)))
            stack.enter_context(dripping(found, chunk))
        headers = TEXT + f"Content-Length: {len(SAID)}\r\n".encode()
        for _ in range(25):
            with closing(sent(port, post(headers, SAID.encode()))) as found:
                found.settimeout(60)
                assert 200 == status(rest(found))


def test_two_hundred_clients_of_a_megabyte_cost_no_memory(server: Served, port: int) -> None:
    """A megabyte that is not a text, from each of 200 clients: each gets an answer, and the memory is freed."""
    body = b"%PDF-1.4" + b"x" * 1_000_000
    whole = post(TEXT + f"Content-Length: {len(body)}\r\n".encode(), body)

    def one(_: int) -> int:
        with suppress(OSError):
            return status(asked(port, whole))
        return 0

    def memory() -> int:
        status = Path(f"/proc/{server.process.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0])

    with ThreadPoolExecutor(50) as threads:
        assert {0, 422, 503} >= set(threads.map(one, range(200)))
        before = memory()
        assert {0, 422, 503} >= set(threads.map(one, range(600)))
    assert memory() < before + 100_000
    assert os.path.exists(f"/proc/{server.process.pid}")
    assert 200 == status(asked(port, get(b"/health")))
