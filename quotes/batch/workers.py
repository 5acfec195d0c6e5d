"""Read sources in several processes: outcomes in the order of the input, and a process that dies costs one article.

Each worker has a pipe of its own and is given work only when it waits for some, so that no lock is shared and no end
of a pipe is ever full at both sides: a worker may be killed at any moment. What was in its hands is read again, first
one by one, then alone in a fresh process while the others wait; an article that ends that one too is an error.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import sys
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING, Any

from attrs import define, field

from quotes.batch.outcome import Load, Outcome, Readable, Selection, Source, loaded, outcome_of, size_of
from quotes.errors import ModelError, QuotesError, low_memory, out_of_memory
from quotes.files.isolation import IsolatedChildren
from quotes.records import ErrorRecord

if TYPE_CHECKING:
    from multiprocessing.context import SpawnContext, SpawnProcess

# Small articles go together, so that a worker seldom waits: a message costs some ten words' worth of reading.
_BATCH_LETTERS = 4_000
_BATCH = 32
# What may be held at a time: read but not yet written, or written but behind an article that takes long.
_HELD_TASKS = 64
_HELD_LETTERS = 16_000_000
_HELD_BYTES = 32_000_000
# So many processes in a row may die while they load; the machine has no room for them, then.
_STILLBORN = 3
# Seconds that a process has between closing its pipe and its end.
_LAST_MOMENT = 5.0


@define(eq=False)
class _Task:
    """Sources that one worker reads together, and its answer as it came."""

    sources: list[Readable]
    letters: int
    alone: bool = False
    """Whether it has ended a worker when it was by itself, and gets one more chance."""
    answer: bytes | None = None


@define(eq=False)
class _Worker:
    process: SpawnProcess
    pipe: Connection
    ready: bool = False
    fresh: bool = True
    task: _Task | None = None


@define(eq=False)
class Pool:
    """Worker processes, started as there is work for them.

    Args:
        load: gives the pipeline, once in each process.
        selection: which quotes are kept.
        jobs: the most processes at a time.
    """

    load: Load
    selection: Selection
    jobs: int
    peak: int = 0
    """The most memory that a worker has needed, in bytes."""
    _workers: list[_Worker] = field(factory=list, init=False)
    _window: deque[_Task] = field(factory=deque, init=False)
    _pending: deque[_Task] = field(factory=deque, init=False)
    _stillborn: int = field(default=0, init=False)

    def outcomes(self, sources: Iterable[Source]) -> Generator[Outcome, None, None]:
        """Yield what becomes of each source, in order; no process is left when it ends.

        Raises:
            QuotesError: where the pipeline cannot be loaded.
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
                    self._give()  # before the answers are written, which takes a moment
                while self._window and (answer := self._window[0].answer) is not None:
                    self._window.popleft()
                    yield from pickle.loads(answer)
        finally:
            self._end()

    def _room(self) -> bool:
        """Return whether one more task may be held; where none is, always."""
        if not self._window:
            return True
        waiting = sum(task.letters for task in self._window if task.answer is None)
        held = sum(len(task.answer) for task in self._window if task.answer is not None)
        return len(self._window) < _HELD_TASKS * self.jobs and waiting < _HELD_LETTERS and held < _HELD_BYTES

    def _give(self) -> None:
        """Start what processes there is work for, and give it to those that wait."""
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
        """Give the first task to a worker that has read nothing yet; where there is none, start one."""
        fresh = next((worker for worker in self._workers if worker.fresh), None)
        if fresh is None:
            if len(self._workers) >= self.jobs:
                self._bury(self._workers[0])
            self._workers.append(self._start())
        elif fresh.ready:
            self._send(fresh)

    def _send(self, worker: _Worker) -> None:
        try:
            worker.pipe.send(self._pending[0].sources)
        except OSError:  # it is dead, and not the task's doing
            self._bury(worker)
            return
        worker.task, worker.fresh = self._pending.popleft(), False

    def _listen(self) -> None:
        """Wait until at least one worker has something to say, or has died."""
        if not self._workers:
            return  # the last one was found dead as it was given work
        by_pipe: dict[Any, _Worker] = {worker.pipe: worker for worker in self._workers}
        for pipe in wait(list(by_pipe)):
            worker = by_pipe[pipe]
            try:
                message = worker.pipe.recv_bytes()
            except (EOFError, OSError):
                self._died(worker)
                continue
            if worker.task is not None:
                self.peak = max(self.peak, int.from_bytes(message[:8], "big"))
                worker.task.answer, worker.task.sources = message[8:], []  # the texts are needed no more
                worker.task = None
            elif message:
                raise pickle.loads(message)
            else:
                worker.ready, self._stillborn = True, 0

    def _died(self, worker: _Worker) -> None:
        """Put what a dead worker was reading back in line, or give it up."""
        task = worker.task
        worker.process.join(_LAST_MOMENT)  # it has closed its pipe: let it say itself how it ended
        self._bury(worker)
        if task is None:
            self._stillborn += not worker.ready
            if self._stillborn > _STILLBORN:
                code = worker.process.exitcode
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
            task.answer = pickle.dumps([_lost(task.sources[0], worker.process.exitcode)])
        else:
            task.alone = True
            self._pending.appendleft(task)

    def _start(self) -> _Worker:
        context: SpawnContext = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_work, args=(theirs, self.load, self.selection), daemon=True)
        with _unsignalled(), IsolatedChildren():
            resource_tracker.ensure_running()
            process.start()
        theirs.close()
        return _Worker(process, ours)

    def _bury(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        worker.pipe.close()
        worker.process.kill()
        worker.process.join()

    def _end(self) -> None:
        with _unsignalled():
            for worker in self._workers:
                worker.process.kill()
            for worker in list(self._workers):
                self._bury(worker)


def _tasks(sources: Iterator[Source]) -> Iterator[_Task]:
    """Yield the sources in portions; what cannot be read is done already."""
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
    likely = "; out of memory, most likely" if code == -signal.SIGKILL else ""
    detail = f"the process that read it ended each time ({how}{likely}); leave it out, or split it"
    return Outcome(source.name, error=ErrorRecord(source.name, "died", detail))


@contextmanager
def _unsignalled() -> Iterator[None]:
    """Let no Ctrl-C in: it comes afterwards, and processes that are started meanwhile never get one."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(pipe: Connection, load: Load, selection: Selection) -> None:
    """Be a worker: load the pipeline, say so, then answer portions of sources until the pipe is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _leave_with_the_parent()
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    with suppress(EOFError, OSError):
        try:
            reader = loaded(load, threads=1)
        except QuotesError as error:
            pipe.send_bytes(pickle.dumps(error))
            return
        except Exception as error:
            failure = ModelError(f"the pipeline cannot be loaded ({type(error).__name__}: {error})")
            pipe.send_bytes(pickle.dumps(low_memory("the pipeline") if out_of_memory(error) else failure))
            return
        pipe.send_bytes(b"")
        while True:
            sources: list[Readable] = pipe.recv()
            outcomes = [outcome_of(s, reader=reader, selection=selection).portable() for s in sources]
            pipe.send_bytes(peak_memory().to_bytes(8, "big") + pickle.dumps(outcomes))


def _leave_with_the_parent() -> None:
    """End this process as soon as the one that started it has, even in the middle of an article."""
    from threading import Thread

    parent: Any = multiprocessing.parent_process()

    def follow() -> None:
        parent.join()
        os._exit(1)

    Thread(target=follow, daemon=True).start()


def peak_memory() -> int:
    """Return the most memory that this process has had, in bytes; 0 where the system does not tell."""
    with suppress(OSError, ValueError), open("/proc/self/status", encoding="ascii") as status:
        # Linux counts what the parent had into getrusage's figure.
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))
    with suppress(ImportError):  # Windows has none
        import resource

        size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return size if sys.platform == "darwin" else size * 1024
    return 0


def cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def ahead(sources: Iterator[Source], *, letters: int) -> tuple[list[Source], bool]:
    """Take sources until their texts have so many letters, or none is left.

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
