"""A request's way to a worker and back: how much is taken, and what is said where the worker gives no answer."""

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
    """How much is taken, and how long it may take.

    Args:
        body: bytes of a body or of one line of a batch.
        seconds: for the reading of a text, and before a body or a line must come in at a pace.
        full: bytes of a text that has so many seconds; a longer one has them for each time that it is as long, for a
            body that is within its limit is to be within its time as well. None gives every text the same.
        idle: seconds without a line and without work after which a batch is ended.
        batches: how many at once.
    """

    body: int = 2_000_000
    seconds: float = 30.0
    full: int | None = 100_000
    idle: float = 60.0
    batches: int = 32

    def time_for(self, size: int) -> float:
        """Return the seconds for the reading of a text of so many bytes."""
        return self.seconds * max(1, math.ceil(size / self.full)) if self.full else self.seconds


async def asked(pool: Pool, limits: Limits, head: Mapping[str, Any], given: bytes = b"") -> Response[Any]:
    """Have a worker do a task, and return its answer or what went wrong."""
    try:
        return answers.as_json(await pool.run(head, given, limit=limits.time_for(len(given))))
    except FAILURES as error:
        status, fault = told(error, limits, len(given))
        return answers.problem(status, fault.error, fault.detail, retry=pool.come_again() if status == 503 else None)


def told(error: Exception, limits: Limits, size: int = 0) -> tuple[int, answers.Problem]:
    """Return the status and the words for one of the FAILURES at a text of so many bytes."""
    if isinstance(error, Busy):
        return 503, answers.Problem("busy", "all workers are at work and the queue is full; come again")
    if isinstance(error, Late):
        return 504, answers.Problem("time", _too_slow(limits, size))
    if isinstance(error, Lost):
        return 500, answers.Problem("worker", "the worker process ended at this task; another has taken its place")
    assert isinstance(error, Refused)
    status = {"internal": 500, "store": 503, "memory": 503}.get(error.error, 422)
    return status, answers.Problem(error.error, str(error))


def _too_slow(limits: Limits, size: int) -> str:
    given = f"not done within {limits.time_for(size):g} s"
    if size > 0:
        given += f", the time for {size:,} bytes"
    return f"{given}; send less at once, or start the server with a longer --timeout"
