"""Worker processes behind an event loop: a bounded queue, a time limit for each task, and a new worker for a lost one.

Each worker has pipes of its own and nothing in common with another, so that the death of one can neither block nor
break the others: a pool around a shared queue cannot promise that for a worker that is killed from outside.
"""

from __future__ import annotations

import asyncio
import json
import math
import os
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from attrs import define, field

from quotes.errors import ModelError
from quotes.web.api.worker import LENGTHS, Setting, frame

# The vocabulary of a spaCy model grows with each new word it meets; a fresh worker starts from the model's own.
_TASKS_OF_A_LIFE = 5000
# Seconds between attempts to start a worker where starting fails.
_PAUSE = 2.0
# Seconds after which anybody may come again.
_LATEST = 60.0
# Over about so many tasks the time of one is averaged.
_REMEMBERED = 20


class Busy(Exception):
    """All workers are at work and the queue is full, or nobody came free in time."""


class Late(Exception):
    """The task ran past its time; its worker was ended."""


class Lost(Exception):
    """The worker died at the task."""


class Refused(Exception):
    """The task cannot be done: `error` is a kind of one word, the message what to say of it."""

    def __init__(self, error: str, detail: str) -> None:
        super().__init__(detail)
        self.error = error


@define(eq=False)
class Pool:
    """So many workers, and at most so many tasks that wait for one.

    Args:
        setting: what the workers load.
        jobs: how many workers.
        queue: how many tasks may wait; more are refused.
        limit: seconds for one task.
    """

    setting: Setting
    jobs: int = 1
    queue: int = 8
    limit: float = 30.0
    waiting: int = field(default=0, init=False)
    alive: int = field(default=0, init=False)
    _idle: asyncio.Queue[_Worker] = field(factory=asyncio.Queue, init=False)
    _workers: set[_Worker] = field(factory=set, init=False)
    _starting: set[asyncio.Task[None]] = field(factory=set, init=False)
    _closed: bool = field(default=False, init=False)
    _pace: float = field(default=1.0, init=False)  # seconds that a task takes, the last ones counting most
    _promised: float = field(default=0.0, init=False)  # when the last that was sent away is to come again

    async def start(self) -> None:
        """Start all workers and wait until each has loaded.

        Raises:
            ModelError: where a worker cannot load; the message says why.
        """
        try:
            for worker in await asyncio.gather(*(self._new() for _ in range(self.jobs))):
                self._idle.put_nowait(worker)
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """End all workers, whatever they are at."""
        self._closed = True
        for task in list(self._starting):
            task.cancel()
        workers = list(self._workers)
        await asyncio.gather(*(self._end(worker) for worker in workers))

    @property
    def full(self) -> bool:
        """Whether one more task would be refused."""
        return self.waiting >= self.queue and self._idle.empty()

    def come_again(self) -> int:
        """Return after how many seconds to come again: when those who wait, and those sent away before, had their turn.

        If all were told the same time, most would be sent away once more.
        """
        now, step = asyncio.get_running_loop().time(), self._pace / max(1, self.jobs)
        self._promised = min(max(self._promised, now + step * self.waiting) + step, now + _LATEST)
        return max(1, math.ceil(self._promised - now))

    @property
    def busy(self) -> int:
        """How many workers are at work."""
        return self.alive - self._idle.qsize()

    async def run(self, head: Mapping[str, Any], body: bytes = b"", *, patient: bool = False) -> bytes:
        """Have a worker do a task, and return its answer.

        Args:
            head: which task, and how; see `quotes.web.api.worker`.
            body: what it is about.
            patient: whether to wait although the queue is full: for a task of a batch that was let in.

        Raises:
            Busy, Late, Lost, Refused: see there.
        """
        if self.full and not patient:
            raise Busy
        worker = await self._free(None if patient else self.limit)
        healthy = False
        try:
            began = asyncio.get_running_loop().time()
            async with asyncio.timeout(self.limit):
                answer, data = await worker.ask(frame({**head, "limit": self.limit}, body))
            healthy = True
            self._pace += (asyncio.get_running_loop().time() - began - self._pace) / _REMEMBERED
        except TimeoutError:
            raise Late from None
        except (OSError, asyncio.IncompleteReadError, ValueError):
            raise Lost from None
        finally:
            # Also where the caller was cancelled: a worker that is still at it is no longer in step.
            self._release(worker, healthy)
        if not answer["ok"]:
            raise Refused(answer["error"], answer["detail"])
        return data

    async def _free(self, patience: float | None) -> _Worker:
        self.waiting += 1
        try:
            async with asyncio.timeout(patience):
                while (worker := await self._idle.get()).process.returncode is not None:
                    self._replace(worker)  # it died while it had nothing to do
            return worker
        except TimeoutError:
            raise Busy from None
        finally:
            self.waiting -= 1

    def _release(self, worker: _Worker, healthy: bool) -> None:
        worker.tasks += 1
        if healthy and worker.tasks < _TASKS_OF_A_LIFE:
            self._idle.put_nowait(worker)
        else:
            self._replace(worker)

    def _replace(self, worker: _Worker) -> None:
        worker.kill()
        if not self._closed:
            task = asyncio.get_running_loop().create_task(self._again(worker))
            self._starting.add(task)
            task.add_done_callback(self._starting.discard)

    async def _again(self, worker: _Worker) -> None:
        await self._end(worker)
        while True:
            with suppress(ModelError, OSError):
                self._idle.put_nowait(await self._new())
                return
            await asyncio.sleep(_PAUSE)

    async def _new(self) -> _Worker:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "quotes.web.api.worker", self.setting.dumps(),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=2**20,
        )  # fmt: skip
        worker = _Worker(process)
        self._workers.add(worker)
        self.alive += 1
        try:
            told, _ = await worker.answer()
            if not told["ok"]:
                raise ModelError(told["detail"])
        except asyncio.IncompleteReadError:
            await self._end(worker)
            raise ModelError("a worker ended while it loaded; see the lines above") from None
        except BaseException:
            await self._end(worker)
            raise
        return worker

    async def _end(self, worker: _Worker) -> None:
        worker.kill()
        await worker.process.wait()
        if worker in self._workers:
            self._workers.discard(worker)
            self.alive -= 1


@define(eq=False)
class _Worker:
    """A process, and how many tasks it has done."""

    process: asyncio.subprocess.Process
    tasks: int = 0

    async def ask(self, task: bytes) -> tuple[dict[str, Any], bytes]:
        assert self.process.stdin is not None
        self.process.stdin.write(task)
        await self.process.stdin.drain()
        return await self.answer()

    async def answer(self) -> tuple[dict[str, Any], bytes]:
        assert self.process.stdout is not None
        head, body = LENGTHS.unpack(await self.process.stdout.readexactly(LENGTHS.size))
        told = json.loads(await self.process.stdout.readexactly(head))
        return told, await self.process.stdout.readexactly(body)

    def kill(self) -> None:
        # Not `process.kill()`: that waits for the child itself where it has ended, behind the event loop's back.
        with suppress(ProcessLookupError):
            if self.process.returncode is None:
                os.kill(self.process.pid, signal.SIGKILL)


