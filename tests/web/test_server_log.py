"""A fault that repeats, and what a log must not hold."""

from __future__ import annotations

import asyncio
import io
import logging
from contextlib import redirect_stderr
from typing import Any

import pytest

from tests.serving import WHY

pytest.importorskip("litestar", reason=WHY)

from quotes.extraction.options import Options
from quotes.web import logs, serving
from quotes.web.api import worker
from quotes.web.api.server import make_app
from quotes.web.api.tasks import Limits
from tests.in_process import (
    LINES,
    TEXT,
    FakeWorker,
    asked,
    get,
    pool_of,
    post,
    running,
)


def test_a_fault_that_repeats_fills_no_disk() -> None:
    """Thousands of one kind are a few lines, which hold no traceback, and nothing of what was posted."""
    told = io.StringIO()
    with logs.kept_short("quotes", told):
        for number in range(5000):
            try:
                raise ValueError(f"secret words {number}")
            except ValueError as error:
                logging.getLogger("uvicorn.error").error("Exception in ASGI application\n", exc_info=error)
        loop = asyncio.new_event_loop()
        for number in range(5000):
            error = OSError(24, "Too many open files", f"/secret/{number}")
            loop.call_exception_handler({"message": "socket.accept() out of system resource", "exception": error})
        loop.close()
        for number in range(5000):
            logging.getLogger(f"quotes.{number}").warning(f"kind {number}")
        logging.getLogger("quotes.web").warning("one\nquotes: two\x1b[31m")
    lines = told.getvalue().splitlines()
    assert 10 < len(lines) < 100
    assert "Traceback" not in told.getvalue()
    assert "secret" not in told.getvalue()
    assert "quotes: Exception in ASGI application (ValueError)" == lines[0]
    assert any("Too many open files" in line for line in lines)
    assert all(line.startswith("quotes: ") for line in lines)


def test_a_fault_says_where_it_is_and_that_some_were_left_out() -> None:
    told = io.StringIO()
    with logs.kept_short("quotes", told):
        thrift = logs.Thrift()
        record = logging.LogRecord("a", logging.ERROR, "", 1, "same", (), None)
        assert 5 == sum(thrift.filter(record) for _ in range(100))
        other = logging.LogRecord("a", logging.ERROR, "", 1, "other", (), None)
        assert thrift.filter(other)
        assert "quotes: other (95 lines were left out before)" == logs.Brief("quotes").format(other)
        try:
            serving.listen("127.0.0.1", 99999)
        except Exception as error:
            logging.getLogger("quotes.web").error("it failed", exc_info=error)
        try:
            raise asyncio.CancelledError
        except asyncio.CancelledError as error:
            logging.getLogger("uvicorn.error").error("cut off", exc_info=error)
    assert "quotes: it failed (StoreError at web/" in told.getvalue()
    assert "cut off" not in told.getvalue()


def test_no_fault_shows_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither in the answer nor in the log, with a token or without, whatever route fails and however late."""

    def fail(*_: Any, **__: Any) -> Any:
        raise RuntimeError("secret words")

    monkeypatch.setattr("quotes.web.answers.static", fail)
    monkeypatch.setattr("quotes.web.api.bodies.task", fail)
    monkeypatch.setattr("quotes.web.api.bodies.source_task", fail)
    monkeypatch.setattr("quotes.web.guard._name", fail)
    told = io.StringIO()
    with logs.kept_short("quotes", told), redirect_stderr(told):
        for local in (True, False):
            with running(make_app(pool_of(FakeWorker()), limits=Limits(), local=local)) as port:
                for asking in (
                    get(b"/static/start.js"), post(TEXT + b"Content-Length: 1\r\n"),
                    post(LINES + b"Content-Length: 3\r\n", b"{}\n", b"/batch"),
                ):  # fmt: skip
                    answer = asked(port, asking)
                    assert b"secret" not in answer
                    assert b"Traceback" not in answer
    assert "RuntimeError" in told.getvalue()
    assert "secret" not in told.getvalue()
    assert "Traceback" not in told.getvalue()


def test_a_workers_log_stays_short(monkeypatch: pytest.MonkeyPatch) -> None:
    """A task that fails is one line without what was posted, for as long as the worker lives."""

    def fail(head: Any, body: bytes) -> bytes:
        raise ValueError("secret words")

    told = io.StringIO()
    monkeypatch.setattr(worker, "_tasks", lambda setting: {"extract": fail})
    with logs.kept_short("before"), redirect_stderr(told):  # puts back what the worker changes for good
        answer = worker.load(worker.Setting(Options()))
        answer(({"task": "extract"}, b""))
    assert told.getvalue().startswith("quotes: worker: a task failed (ValueError")
    assert 1 == len(told.getvalue().splitlines())
    assert "secret" not in told.getvalue()
