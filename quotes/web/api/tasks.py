"""A request's way to a worker and back: how much is taken, and what is said where the worker gives no answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import frozen
from litestar import Response

from quotes.web import answers
from quotes.web.api.pool import Busy, Late, Lost, Pool, Refused

FAILURES = (Busy, Late, Lost, Refused)


@frozen
class Limits:
    """How much is taken: bytes of a body or of one line of a batch, and seconds until a body has come in."""

    body: int = 2_000_000
    seconds: float = 30.0


async def asked(pool: Pool, limits: Limits, head: Mapping[str, Any], given: bytes = b"") -> Response[Any]:
    """Have a worker do a task, and return its answer or what went wrong."""
    try:
        return answers.as_json(await pool.run(head, given))
    except FAILURES as error:
        status, fault = told(error, limits)
        return answers.problem(status, fault.error, fault.detail, retry=pool.come_again() if status == 503 else None)


def told(error: Exception, limits: Limits) -> tuple[int, answers.Problem]:
    """Return the status and the words for one of the FAILURES."""
    if isinstance(error, Busy):
        return 503, answers.Problem("busy", "all workers are at work and the queue is full; come again")
    if isinstance(error, Late):
        return 504, answers.Problem("time", f"not done within {limits.seconds:g} s; send less at once")
    if isinstance(error, Lost):
        return 500, answers.Problem("worker", "the worker process ended at this task; another has taken its place")
    assert isinstance(error, Refused)
    return {"internal": 500, "store": 503}.get(error.error, 422), answers.Problem(error.error, str(error))
