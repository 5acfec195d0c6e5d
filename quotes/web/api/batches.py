"""Batches: JSON Lines in and out, streamed. Each line is a task; one that fails costs itself alone."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from typing import Any

from attrs import define, field
from litestar import Request
from litestar.exceptions import HTTPException
from litestar.openapi import ResponseSpec
from litestar.types import ASGIApp, Receive, Scope, Send

from quotes.records import ErrorRecord
from quotes.records.json_text import dumps
from quotes.web.api import bodies, tasks
from quotes.web.api.bodies import BodyError
from quotes.web.api.pool import Pool
from quotes.web.api.tasks import Limits

JSON_LINES = "application/x-ndjson"
_TAKEN = (JSON_LINES, "application/jsonl", "application/json-lines")

AnyRequest = Request[Any, Any, Any]
# Returns the head and body of a line's task; raises BodyError if the line is not one.
Read = Callable[[bytes], tuple[Mapping[str, Any], bytes]]
_AT_WORK: set[asyncio.Task[bytes]] = set()


def _next(lines: AsyncIterator[bytes | BodyError]) -> asyncio.Future[bytes | BodyError | None]:
    """Wait for the next line while other work continues."""
    coming = asyncio.ensure_future(anext(lines, None))
    coming.add_done_callback(_seen)
    return coming


def _seen(coming: asyncio.Future[Any]) -> None:
    """Retrieve the error of a client that has gone, since nothing awaits its next line any more."""
    if not coming.cancelled():
        coming.exception()


def described(line: str) -> ResponseSpec:
    """Return the OpenAPI description of an answer with such lines."""
    return ResponseSpec(str, description=f"One line {line}, or an error", media_type=JSON_LINES)


@define(eq=False)
class Batches:
    """Answers batches.

    Args:
        pool: the workers.
        limits: the limits of requests.
    """

    pool: Pool
    limits: Limits
    _open: int = field(default=0, init=False)

    def answer(self, request: AnyRequest, read: Read) -> ASGIApp:
        """Return an answer that is sent while the request is still arriving, which the framework's stream cannot do.

        Args:
            request: a request with the batch as its body.
            read: returns the task of a line.

        Raises:
            BodyError: if the request is not a batch, or all workers are busy.
        """
        media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media not in _TAKEN:
            raise BodyError(415, "media-type", f"send Content-Type: {JSON_LINES}")
        if not self.pool.takes("batch"):
            raise BodyError(503, "busy", "all workers are busy; try again later", retry=self.pool.retry_after())
        if self._open >= self.limits.batches:
            raise BodyError(503, "busy", "too many batches at once; try again later", retry=self.pool.retry_after())
        lines = self._lines(bodies.stream_of(request), read)

        async def answer(_: Scope, __: Receive, send: Send) -> None:
            kind = (b"content-type", JSON_LINES.encode())
            self._open += 1
            try:
                await send({"type": "http.response.start", "status": 200, "headers": [kind]})
                with suppress(HTTPException):  # the client has gone
                    async for line in lines:
                        await send({"type": "http.response.body", "body": line, "more_body": True})
                    await send({"type": "http.response.body", "body": b"", "more_body": False})
            finally:
                self._open -= 1

        return answer

    async def _lines(self, stream: AsyncIterator[bytes], read: Read) -> AsyncIterator[bytes]:
        """Keep as many lines in work as there are workers, and yield their answers in order."""
        window: deque[asyncio.Task[bytes]] = deque()
        lines, number = bodies.lines(stream, limit=self.limits.body, seconds=self.limits.seconds), 0
        coming: asyncio.Future[bytes | BodyError | None] | None = _next(lines)
        while coming or window:
            room = coming if len(window) <= self.pool.jobs else None
            awaited = [f for f in (room, *list(window)[:1]) if f]
            patience = None if window else self.limits.idle
            done, _ = await asyncio.wait(awaited, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
            if coming and not done:
                coming.cancel()
                yield _line(ErrorRecord(f"line {number + 1}", "time", f"no line arrived for {self.limits.idle:g} s"))
                return
            if room and room.done():
                line, coming, number = room.result(), None, number + 1
                if line is not None:
                    coming = _next(lines)
                if line:
                    # If the client goes away, tasks in work are finished: ending a worker costs more than its task.
                    task = asyncio.create_task(self._one(line, f"line {number}", read))
                    _AT_WORK.add(task)
                    task.add_done_callback(_AT_WORK.discard)
                    window.append(task)
            while window and window[0].done():
                yield window.popleft().result()

    async def _one(self, line: bytes | BodyError, name: str, read: Read) -> bytes:
        """Return the answer to one line: the worker's, or an error."""
        size = 0
        try:
            if isinstance(line, BodyError):
                raise line
            head, body = read(line)
            if head.get("source", bodies.UNNAMED) != bodies.UNNAMED:
                name = head["source"]
            size = len(body)
            return await self.pool.run({**head, "lines": True}, body, limit=self.limits.time_for(size), patient=True)
        except BodyError as error:
            found = ErrorRecord(name, error.error, str(error))
        except tasks.FAILURES as error:
            _, fault = tasks.described(error, self.limits, size)
            found = ErrorRecord(name, fault.error, fault.detail)
        return _line(found)


def _line(found: ErrorRecord) -> bytes:
    return (dumps({"source": found.source, "error": found.error, "detail": found.detail}) + "\n").encode()
