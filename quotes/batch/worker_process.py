"""One worker process: it loads a pipeline, says so, and answers messages through its own pipe until that closes.

The pool of a run (`quotes.batch.workers`) and that of the server (`quotes.web.api.pool`) are built of these. A worker
shares no lock and no pipe with another, so that it may be killed at any moment. It ends with the process that started
it, and a task that runs past its time is ended by the kernel's alarm even where the interpreter is stuck.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from threading import Thread
from typing import TYPE_CHECKING, Any

from attrs import frozen

from quotes.errors import ModelError, QuotesError, low_memory, out_of_memory
from quotes.files.isolation import IsolatedChildren

if TYPE_CHECKING:
    from multiprocessing.context import SpawnContext, SpawnProcess

Answer = Callable[[Any], bytes]
# Seconds past a task's own limit after which nobody waits for the answer any more.
_GRACE = 5
# Seconds that a process has between closing its pipe and its end.
_LAST_MOMENT = 5.0


@frozen(eq=False)
class WorkerProcess:
    """A running worker process and this end of its pipe."""

    process: SpawnProcess
    pipe: Connection

    @classmethod
    def start(cls, load: Callable[[], Answer], *, threads: int = 1) -> WorkerProcess:
        """Start a process; its first message is that of `ready`.

        Args:
            load: loads the pipeline in the process and returns what answers a message; must pickle.
            threads: how many threads numeric libraries may start in it.
        """
        context: SpawnContext = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs, load, threads), daemon=True)
        with interrupts_held(), IsolatedChildren():
            resource_tracker.ensure_running()
            process.start()
        theirs.close()
        return cls(process, ours)

    def send(self, message: Any, *, limit: float | None = None) -> None:
        """Send a message to answer; with a limit in seconds, the process ends soon after it.

        Raises:
            OSError: if the process has died.
        """
        self.pipe.send((message, limit))

    def receive(self) -> bytes:
        """Wait for the next answer.

        Raises:
            EOFError, OSError: if the process has died.
        """
        return self.pipe.recv_bytes()

    def kill(self) -> None:
        """End the process, whatever it is doing; a `receive` that waits raises EOFError."""
        self.process.kill()

    def close(self) -> int | None:
        """End the process, free its pipe, and return its exit code."""
        self.kill()
        self.process.join()
        self.pipe.close()
        return self.process.exitcode

    def exit_code(self) -> int | None:
        """Return how a process that has closed its pipe ended by itself, or None if it still runs."""
        self.process.join(_LAST_MOMENT)
        return self.process.exitcode


def ready(message: bytes) -> None:
    """Take the first message of a process: none of its bytes if the pipeline is loaded.

    Raises:
        QuotesError: the reason why the pipeline cannot be loaded.
    """
    if message:
        raise pickle.loads(message)


@contextmanager
def interrupts_held() -> Iterator[None]:
    """Hold Ctrl-C back until the block ends; a process started within it never gets one."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(pipe: Connection, load: Callable[[], Answer], threads: int) -> None:
    """Load the pipeline, say so, then answer messages until the pipe is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    _end_with_parent()
    with suppress(OSError):
        os.dup2(2, 1)  # a library's prints must not mix with the records
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, str(threads))
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    with suppress(EOFError, OSError):
        try:
            answer = load()
        except Exception as error:
            pipe.send_bytes(pickle.dumps(_why_not_loaded(error)))
            return
        pipe.send_bytes(b"")
        while True:
            message, limit = pipe.recv()
            _alarm(0 if limit is None else limit + _GRACE)
            data = answer(message)
            _alarm(0)
            pipe.send_bytes(data)


def _why_not_loaded(error: Exception) -> QuotesError:
    if isinstance(error, QuotesError):
        return error
    if out_of_memory(error):
        return low_memory("the pipeline")
    return ModelError(f"the pipeline cannot be loaded ({type(error).__name__}: {error})")


def _alarm(seconds: float) -> None:
    if hasattr(signal, "alarm"):
        signal.alarm(int(seconds))


def _end_with_parent() -> None:
    """End this process as soon as the one that started it has ended, even in the middle of an article."""
    parent: Any = multiprocessing.parent_process()

    def follow() -> None:
        parent.join()
        os._exit(1)

    Thread(target=follow, daemon=True).start()


def peak_memory() -> int:
    """Return the peak memory of this process, in bytes; 0 if the system does not say."""
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
