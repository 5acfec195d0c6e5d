"""Worker processes behind an event loop: fair turns, a time limit for each task, and a new worker for a lost one."""

from __future__ import annotations

import asyncio
import math
import pickle
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar

from attrs import define, field

from quotes.batch.worker_process import WorkerProcess, ready
from quotes.errors import ModelError, QuotesError
from quotes.web.api.turns import Full, Turns
from quotes.web.api.worker import Setting, load
from quotes.web.guard import CLIENT

T = TypeVar("T")

# Tasks of a worker before it is replaced: the vocabulary of a spaCy model grows with each new word.
_TASKS_OF_A_LIFE = 5000
# Seconds between attempts to start a worker.
_PAUSE = 2.0
# The most seconds in Retry-After.
_LATEST = 300.0
# Number of tasks in the moving average of a task's time; seconds for a task before any was done.
_REMEMBERED, _AT_FIRST = 20, 1.0


class Busy(Exception):
    """All workers are busy and the queue is full, or none became free in time."""


class Late(Exception):
    """The task exceeded its time limit; its worker was killed."""


class Lost(Exception):
    """The worker died during the task."""


class Refused(Exception):
    """The task failed: `error` is its kind, in one word, the message its detail."""

    def __init__(self, error: str, detail: str) -> None:
        super().__init__(detail)
        self.error = error


@define(eq=False)
class Pool:
    """Workers, and a queue of tasks for them.

    Args:
        setting: how the workers load the pipeline.
        jobs: the number of workers.
        queue: the most tasks that may wait; more are refused.
        limit: seconds for a task, and to wait for a worker.
    """

    setting: Setting
    jobs: int = 1
    queue: int = 8
    limit: float = 30.0
    alive: int = field(default=0, init=False)
    _turns: Turns[_Worker] = field(init=False)
    _workers: set[_Worker] = field(factory=set, init=False)
    _starting: set[asyncio.Task[None]] = field(factory=set, init=False)
    _closed: bool = field(default=False, init=False)
    _paces: dict[str, float] = field(factory=dict, init=False)  # moving average of the seconds of a task, by kind
    _promised: float = field(default=0.0, init=False)  # when the last refused request is to try again

    def __attrs_post_init__(self) -> None:
        self._turns = Turns(self.queue)

    async def start(self) -> None:
        """Start all workers and wait until each has loaded.

        Raises:
            QuotesError: if a worker cannot load; the message says why.
        """
        try:
            for worker in await asyncio.gather(*(self._new() for _ in range(self.jobs))):
                self._turns.put(worker)
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """End all workers, busy or not."""
        self._closed = True
        for task in list(self._starting):
            task.cancel()
        workers = list(self._workers)
        await asyncio.gather(*(self._end(worker) for worker in workers))

    @property
    def waiting(self) -> int:
        """The number of waiting tasks."""
        return sum(1 for _ in self._turns.waiting)

    @property
    def busy(self) -> int:
        """The number of busy workers."""
        return self.alive - self._turns.free

    def takes(self, kind: str) -> bool:
        """Return whether the present client may begin a batch of such tasks, by the rule for a single task."""
        return self._turns.open_to((CLIENT.get(), kind))

    def retry_after(self) -> int:
        """Return after how many seconds to try again: after those who wait and those refused before had their turn.

        If all got the same time, most would be refused once more.
        """
        now = asyncio.get_running_loop().time()
        ahead = [self._pace(kind) for _, kind in self._turns.waiting]
        left = [worker.left(now, self._pace(worker.kind)) for worker in self._workers if worker.kind]
        step = (sum(ahead) / len(ahead) if ahead else self._pace("")) / max(1, self.jobs)
        until = now + (sum(ahead) + sum(left)) / max(1, self.jobs)
        self._promised = min(max(self._promised, until) + step, now + _LATEST)
        return max(1, math.ceil(self._promised - now))

    async def run(
        self, head: Mapping[str, Any], body: bytes = b"", *, limit: float | None = None, patient: bool = False
    ) -> bytes:
        """Have a worker do a task, and return its answer.

        Args:
            head: the task and its options; see `quotes.web.api.worker`.
            body: the data of the task.
            limit: seconds for this task, if not those of the pool.
            patient: whether to wait even if the queue is full: for a task of an accepted batch.

        Raises:
            Busy, Late, Lost, Refused: see these classes.
        """
        limit = self.limit if limit is None else limit
        kind = f"{head['task']} batch" if patient else str(head["task"])
        worker = await self._free((CLIENT.get(), kind), patient=patient)
        healthy = False
        try:
            worker.begin(kind, limit)
            async with asyncio.timeout(limit):
                answer, data = await worker.ask(head, body)
            healthy = True
            self._remember(worker)
        except TimeoutError:
            self._remember(worker)
            raise Late from None
        except (OSError, EOFError, ValueError):
            raise Lost from None
        finally:
            # Also if the caller was cancelled: a worker that is still busy is out of step.
            self._release(worker, healthy)
        if not answer["ok"]:
            raise Refused(answer["error"], answer["detail"])
        return data

    def _pace(self, kind: str) -> float:
        known = self._paces.values()
        return self._paces.get(kind, sum(known) / len(known) if known else _AT_FIRST)

    def _remember(self, worker: _Worker) -> None:
        took, before = asyncio.get_running_loop().time() - worker.began, self._pace(worker.kind)
        self._paces[worker.kind] = before + (took - before) / _REMEMBERED

    async def _free(self, lane: tuple[str, str], *, patient: bool) -> _Worker:
        try:
            async with asyncio.timeout(None if patient else self.limit):
                while (worker := await self._turns.take(lane, patient=patient)).dead:
                    self._replace(worker)  # it died while idle
                    patient = True
            return worker
        except (TimeoutError, Full):
            raise Busy from None

    def _release(self, worker: _Worker, healthy: bool) -> None:
        worker.tasks, worker.kind = worker.tasks + 1, ""
        if healthy and worker.tasks < _TASKS_OF_A_LIFE:
            self._turns.put(worker)
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
            with suppress(QuotesError, OSError):
                self._turns.put(await self._new())
                return
            await asyncio.sleep(_PAUSE)

    async def _new(self) -> _Worker:
        worker = _Worker(WorkerProcess.start(partial(load, self.setting), threads=self.setting.threads))
        self._workers.add(worker)
        self.alive += 1
        try:
            ready(await worker.answer())
        except EOFError:
            await self._end(worker)
            raise ModelError("a worker ended while it loaded; see the lines above") from None
        except BaseException:
            await self._end(worker)
            raise
        return worker

    async def _end(self, worker: _Worker) -> None:
        await worker.end()
        if worker in self._workers:
            self._workers.discard(worker)
            self.alive -= 1


@define(eq=False)
class _Worker:
    """A worker process, how many tasks it has done, and its present task: its kind, begin and time limit.

    Args:
        running: the process.
    """

    running: WorkerProcess
    tasks: int = 0
    kind: str = ""
    began: float = 0.0
    limit: float = 0.0
    # Pipes block: a thread of the worker's own waits for it, so that a stuck worker holds up no other.
    _thread: ThreadPoolExecutor = field(factory=lambda: ThreadPoolExecutor(1), init=False)

    @property
    def dead(self) -> bool:
        """Whether the process has ended."""
        return self.running.process.exitcode is not None

    def begin(self, kind: str, limit: float) -> None:
        self.kind, self.limit, self.began = kind, limit, asyncio.get_running_loop().time()

    def left(self, now: float, usual: float) -> float:
        """Return for how many seconds more it may be at its task: what lasts long is likely to last as long again."""
        past = now - self.began
        return max(0.0, min(max(usual - past, past), self.limit - past))

    async def ask(self, head: Mapping[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
        """Have the process do a task; the answer's head says whether that went well."""
        await self._in_thread(partial(self.running.send, (head, body), limit=self.limit))
        head_and_body: tuple[dict[str, Any], bytes] = pickle.loads(await self.answer())
        return head_and_body

    async def answer(self) -> bytes:
        return await self._in_thread(self.running.receive)

    async def end(self) -> None:
        """Kill the process, and wait for it and for the thread that reads from it."""
        self.kill()
        with suppress(RuntimeError):  # it has been ended before
            await self._in_thread(self.running.close)
        self._thread.shutdown(wait=False)

    def kill(self) -> None:
        self.running.kill()

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)
