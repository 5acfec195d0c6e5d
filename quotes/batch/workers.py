"""Read sources in several processes, with outcomes in the order of the input; a process that dies costs one article.

A worker gets work only when it is idle, so that no pipe is ever full at both ends and a worker may be killed at any
moment. Its sources are then read again, first one by one, then alone in a fresh process while the others wait; an
article that kills that process, too, is an error.
"""

from __future__ import annotations

import pickle
import signal
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from functools import partial
from itertools import islice
from multiprocessing.connection import wait
from typing import Any

from attrs import define, field

from quotes.batch.outcome import Load, Outcome, Readable, Selection, Source, loaded, outcome_of, size_of
from quotes.batch.worker_process import WorkerProcess, interrupts_held, peak_memory, ready
from quotes.errors import ModelError
from quotes.records import ErrorRecord

# Characters and articles of a batch: a message costs as much as reading some ten words.
_BATCH_LETTERS = 4_000
_BATCH = 32
# Limits of what is held at a time: tasks per worker, characters not yet read, bytes of answers not yet written.
_HELD_TASKS = 64
_HELD_LETTERS = 16_000_000
_HELD_BYTES = 32_000_000
# How many processes in a row may die while they load before the machine is taken to be short of memory.
_STILLBORN = 3


@define(eq=False)
class _Task:
    """A batch of sources for one worker, and its pickled answer."""

    sources: list[Readable]
    letters: int
    alone: bool = False
    """Whether this single source has killed a worker, and gets one more chance."""
    answer: bytes | None = None


@define(eq=False)
class _Worker:
    running: WorkerProcess
    ready: bool = False
    fresh: bool = True
    task: _Task | None = None


@define(eq=False)
class Pool:
    """Worker processes, started as work comes in.

    Args:
        load: loads the pipeline, once in each process.
        selection: which quotes to keep.
        jobs: the most processes at a time.
    """

    load: Load
    selection: Selection
    jobs: int
    peak: int = 0
    """Peak memory of the largest worker, in bytes."""
    _workers: list[_Worker] = field(factory=list, init=False)
    _window: deque[_Task] = field(factory=deque, init=False)
    _pending: deque[_Task] = field(factory=deque, init=False)
    _stillborn: int = field(default=0, init=False)

    def outcomes(self, sources: Iterable[Source]) -> Generator[Outcome, None, None]:
        """Yield the outcome of each source, in order; no process is left at the end.

        Raises:
            QuotesError: if the pipeline cannot be loaded.
        """
        tasks = _tasks(iter(sources))
        try:
            more = True
            while more or self._window:
                while more and len(self._pending) < self.jobs and self._room():
                    task = next(tasks, None)
                    if task is None:
                        more = False
                    else:
                        self._window.append(task)
                        if task.answer is None:
                            self._pending.append(task)
                self._give()
                if self._window and self._window[0].answer is None:
                    self._listen()
                    self._give()  # before the answers are written, which takes a while
                while self._window and (answer := self._window[0].answer) is not None:
                    self._window.popleft()
                    yield from pickle.loads(answer)
        finally:
            self._end()

    def _room(self) -> bool:
        """Return whether one more task may be held; one always may."""
        if not self._window:
            return True
        waiting = sum(task.letters for task in self._window if task.answer is None)
        held = sum(len(task.answer) for task in self._window if task.answer is not None)
        return len(self._window) < _HELD_TASKS * self.jobs and waiting < _HELD_LETTERS and held < _HELD_BYTES

    def _give(self) -> None:
        """Start processes for pending tasks, and give tasks to idle workers."""
        busy = sum(worker.task is not None for worker in self._workers)
        if any(worker.task is not None and worker.task.alone for worker in self._workers):
            return
        if self._pending and self._pending[0].alone:
            if not busy:
                self._give_alone()
            return
        while len(self._workers) < min(self.jobs, busy + len(self._pending)):
            self._workers.append(self._start())
        for worker in list(self._workers):
            if not self._pending or self._pending[0].alone:
                return
            if worker.ready and worker.task is None:
                self._send(worker)

    def _give_alone(self) -> None:
        """Give the first task to a worker that has read nothing yet; start one if there is none."""
        fresh = next((worker for worker in self._workers if worker.fresh), None)
        if fresh is None:
            if len(self._workers) >= self.jobs:
                self._bury(self._workers[0])
            self._workers.append(self._start())
        elif fresh.ready:
            self._send(fresh)

    def _send(self, worker: _Worker) -> None:
        try:
            worker.running.send(self._pending[0].sources)
        except OSError:  # it died idle, which is not the task's fault
            self._bury(worker)
            return
        worker.task, worker.fresh = self._pending.popleft(), False

    def _listen(self) -> None:
        """Wait until at least one worker has answered or died."""
        if not self._workers:
            return  # the last one was found dead when it was given work
        by_pipe: dict[Any, _Worker] = {worker.running.pipe: worker for worker in self._workers}
        for pipe in wait(list(by_pipe)):
            worker = by_pipe[pipe]
            try:
                message = worker.running.receive()
            except (EOFError, OSError):
                self._died(worker)
                continue
            if worker.task is not None:
                self.peak = max(self.peak, int.from_bytes(message[:8], "big"))
                worker.task.answer, worker.task.sources = message[8:], []  # the texts are no longer needed
                worker.task = None
            else:
                ready(message)
                worker.ready, self._stillborn = True, 0

    def _died(self, worker: _Worker) -> None:
        """Put the sources of a dead worker back in line, or give up on a single one."""
        task = worker.task
        code = worker.running.exit_code()
        self._bury(worker)
        if task is None:
            self._stillborn += not worker.ready
            if self._stillborn > _STILLBORN:
                raise ModelError(
                    f"processes end while they load the model (exit code {code}; -9: out of memory); use fewer --jobs"
                )
            return
        if len(task.sources) > 1:
            singles = [_Task([source], size_of(source)) for source in task.sources]
            at = self._window.index(task)
            self._window.remove(task)
            for number, single in enumerate(singles, start=at):
                self._window.insert(number, single)
            self._pending.extendleft(reversed(singles))
        elif task.alone:
            task.answer = pickle.dumps([_lost(task.sources[0], code)])
        else:
            task.alone = True
            self._pending.appendleft(task)

    def _start(self) -> _Worker:
        return _Worker(WorkerProcess.start(partial(_answering, self.load, self.selection)))

    def _bury(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        worker.running.close()

    def _end(self) -> None:
        with interrupts_held():
            for worker in self._workers:
                worker.running.kill()
            for worker in list(self._workers):
                self._bury(worker)


def _tasks(sources: Iterator[Source]) -> Iterator[_Task]:
    """Yield the sources in batches; an error needs no reading."""
    batch: list[Readable] = []
    letters = 0
    for source in sources:
        if not isinstance(source, ErrorRecord):
            batch.append(source)
            letters += size_of(source)
        if batch and (isinstance(source, ErrorRecord) or letters >= _BATCH_LETTERS or len(batch) >= _BATCH):
            yield _Task(batch, letters)
            batch, letters = [], 0
        if isinstance(source, ErrorRecord):
            yield _Task([], 0, answer=pickle.dumps([Outcome(source.source, error=source)]))
    if batch:
        yield _Task(batch, letters)


def _lost(source: Readable, code: int | None) -> Outcome:
    how = f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"
    likely = "; probably out of memory" if code == -signal.SIGKILL else ""
    detail = f"the process that read it died each time ({how}{likely}); leave it out, or split it"
    return Outcome(source.name, error=ErrorRecord(source.name, "died", detail))


def _answering(load: Load, selection: Selection) -> Callable[[list[Readable]], bytes]:
    """Load the pipeline in a worker, and return a function that reads a batch of sources there."""
    reader = loaded(load, threads=1)

    def answer(sources: list[Readable]) -> bytes:
        outcomes = [outcome_of(s, reader=reader, selection=selection).portable() for s in sources]
        return peak_memory().to_bytes(8, "big") + pickle.dumps(outcomes)

    return answer


def ahead(sources: Iterator[Source], *, letters: int) -> tuple[list[Source], bool]:
    """Take sources until their texts add up to a number of characters, or none is left.

    Returns:
        The sources taken, and whether there are more.
    """
    taken: list[Source] = []
    total = 0
    for source in islice(sources, 1_000):
        taken.append(source)
        total += 0 if isinstance(source, ErrorRecord) else size_of(source)
        if total >= letters:
            break
    return taken, total >= letters or len(taken) == 1_000
