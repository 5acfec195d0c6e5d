"""Start the program's servers for tests, as a user at a terminal does, and drive a real browser."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from attrs import define, field

from quotes.records import Article, ArticleRecord, Channel, Cue, Mention, Outlet, Quote, Span, Speaker

WHY = "needs .venv/bin/pip install '.[test-all]'"
CHROMIUM = Path("/usr/bin/chromium")
_ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
)  # fmt: skip
_AXE = "() => axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })"
_ADDRESS = re.compile(r"(http://\S+/)")

# How Schemathesis writes JSON Lines, which it does not know; and, of a body that is text, only what is text: {} would
# be sent as two letters, which are text as well.
_HOOKS = '''
import schemathesis

@schemathesis.serializer("application/x-ndjson")
def lines(context, value):
    return str(value).encode("utf-8", "replace")

@schemathesis.hook
def filter_case(context, case):
    kind = case.media_type or "application/json"
    return kind == "application/json" or not isinstance(case.body, dict | list | int | float | None)
'''
# A schema cannot say of a text that it must not be blank, a PDF or control bytes: that is answered with 422;
# and a server without a store answers 409 where one would be asked.
_CONFIG = '[checks]\npositive_data_acceptance.expected-statuses = ["2xx", 401, 403, 404, 409, 422]\n'


@define
class Served:
    """A server that runs: where, and what it said."""

    process: subprocess.Popen[str]
    folder: Path
    said: list[str] = field(factory=list)
    url: str = ""

    def stop(self, sign: int = signal.SIGTERM) -> int:
        """Send a signal, and return the exit status."""
        self.process.send_signal(sign)
        return self.process.wait(20)


@contextmanager
def served(*arguments: str, folder: Path, environment: dict[str, str] | None = None) -> Iterator[Served]:
    """Run `quotes ARGUMENTS` until it says where it listens; end it with the block."""
    process = subprocess.Popen(
        [sys.executable, "-c", "import sys; from quotes.cli import main; sys.exit(main())", *arguments],
        cwd=folder, stderr=subprocess.PIPE, text=True, env=os.environ | (environment or {}),
    )  # fmt: skip
    server = Served(process, folder)
    ready = threading.Event()

    def listen() -> None:
        assert process.stderr is not None
        for line in process.stderr:
            server.said.append(line)
            if found := _ADDRESS.search(line):
                server.url = found[1].rstrip(";")
                ready.set()
        ready.set()

    threading.Thread(target=listen, daemon=True).start()
    try:
        assert ready.wait(60), "the server did not start"
        assert server.url, "".join(server.said)
        yield server
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(10)


@contextmanager
def streaming(url: str, path: str) -> Iterator[tuple[Callable[[bytes], None], Iterator[bytes]]]:
    """Return a function that sends part of a batch, b"" to end it, and the lines answered meanwhile."""
    connection = http.client.HTTPConnection(url.removeprefix("http://").rstrip("/"), timeout=20)
    connection.putrequest("POST", path)
    connection.putheader("Content-Type", "application/x-ndjson")
    connection.putheader("Transfer-Encoding", "chunked")
    connection.endheaders()

    def answers() -> Iterator[bytes]:
        yield from connection.getresponse()

    try:
        yield lambda piece: connection.send(f"{len(piece):x}\r\n".encode() + piece + b"\r\n"), answers()
    finally:
        connection.close()


def schemathesis(server: Served, *options: str) -> subprocess.CompletedProcess[str]:
    """Ask a server whatever its OpenAPI description allows and forbids, with every check of Schemathesis, or skip."""
    pytest.importorskip("schemathesis", reason=WHY)
    (server.folder / "hooks.py").write_text(_HOOKS, encoding="utf-8")
    (server.folder / "schemathesis.toml").write_text(_CONFIG, encoding="utf-8")
    return subprocess.run(
        [
            str(Path(sys.executable).with_name("schemathesis")), "run", f"{server.url}openapi.json", *options,
            "--phases", "examples,coverage,fuzzing", "--seed", "1", "--no-color", "--request-timeout", "20",
        ],
        capture_output=True, text=True, timeout=300, cwd=server.folder,
        env=os.environ | {"SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": str(server.folder)},
    )  # fmt: skip


@contextmanager
def chromium() -> Iterator[Any]:
    """Give a headless Chromium, or skip the test and say why."""
    api = pytest.importorskip("playwright.sync_api", reason=WHY)
    if not CHROMIUM.exists():
        pytest.skip(f"no {CHROMIUM}: apt-get install chromium")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(_ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


def axe_faults(page: Any) -> list[tuple[str, str]]:
    """Return each fault that axe-core finds on a page, with the first element that has it, or skip the test."""
    axe = pytest.importorskip("axe_playwright_python.base", reason=WHY)
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(Path(axe.__file__).with_name("axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate(_AXE)["violations"]
    return [(each["id"], each["nodes"][0]["html"][:200]) for each in found]


def hostile() -> ArticleRecord:
    """A record in which every string would be markup, a handler, a script's end or a trick with directions."""
    bad = "</script><script>alert(1)</script><img src=x onerror=alert(2)><!-- \u2028 \x00 \ud800 \u202e {{7*7}} & \"'"
    text = f"{bad} said: “{bad}” on {bad}."
    start, end = text.index("“"), text.index("”") + 1
    mention = Mention(bad, 0, len(bad))
    return ArticleRecord(
        Article(bad, bad, 0, 0, len(text), bad, bad, bad, "javascript:alert(3)", bad, Outlet(bad, bad, bad), text=text),
        (
            Quote(
                bad, "direct", text[start:end], (Span(start, end),), Cue(bad, bad, 0, 4),
                Speaker(bad, "person", bad, mention, "name", bad, bad),
                (Channel("on", bad, "platform", bad, mention),), bad, 0.5, bad,
            ),
        ),
    )  # fmt: skip
