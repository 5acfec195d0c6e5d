"""Send a request to a worker and return its answer or its error, within the limits of size and time."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from attrs import frozen
from litestar import Response

from quotes.web import answers
from quotes.web.api.pool import Busy, Late, Lost, Pool, Refused

FAILURES = (Busy, Late, Lost, Refused)


@frozen
class Limits:
    """The limits of requests: sizes, and the time-outs of workers and batches.

    Args:
        body: the most bytes of a body or of a batch's line.
        seconds: the time-out of a worker for a text, and the time before a body or a line must arrive at a pace.
        full: bytes per time-out: a longer text has `seconds` for each such stretch, so that every body within its limit
            can be read in time. If None, every text has the same time.
        idle: seconds without a line and without work after which a batch ends.
        batches: the most batches at once.
    """

    body: int = 2_000_000
    seconds: float = 30.0
    full: int | None = 100_000
    idle: float = 60.0
    batches: int = 32

    def time_for(self, size: int) -> float:
        """Return the seconds for a text of `size` bytes."""
        return self.seconds * max(1, math.ceil(size / self.full)) if self.full else self.seconds


async def asked(pool: Pool, limits: Limits, head: Mapping[str, Any], given: bytes = b"") -> Response[Any]:
    """Have a worker do a task, and return its answer or its error."""
    try:
        return answers.as_json(await pool.run(head, given, limit=limits.time_for(len(given))))
    except FAILURES as error:
        status, fault = described(error, limits, len(given))
        return answers.problem(status, fault.error, fault.detail, retry=pool.retry_after() if status == 503 else None)


def described(error: Exception, limits: Limits, size: int = 0) -> tuple[int, answers.Problem]:
    """Return the status and the problem for one of the FAILURES, for a text of `size` bytes."""
    if isinstance(error, Busy):
        return 503, answers.Problem("busy", "all workers are busy and the queue is full; try again later")
    if isinstance(error, Late):
        return 504, answers.Problem("time", _too_slow(limits, size))
    if isinstance(error, Lost):
        return 500, answers.Problem("worker", "the worker process died during this task; another has taken its place")
    assert isinstance(error, Refused)
    status = {"internal": 500, "store": 503, "memory": 503}.get(error.error, 422)
    return status, answers.Problem(error.error, str(error))


def _too_slow(limits: Limits, size: int) -> str:
    given = f"not done within {limits.time_for(size):g} s"
    if size > 0:
        given += f", the time for {size:,} bytes"
    return f"{given}; send less at once, or start the server with a longer --timeout"
